"""Embeds: every embed shows something, every snippet and every section of it is shown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches

from proof.files import EMBED, SECTION, Embed, Page, Snippet
from proof.problem import Problem, nothing_found
from proof.project import House

SCISSORS = re.compile(r"-{1,}8<|--8<-")
HAND_TYPED = re.compile(r"^(?:\{\s*\.)?(?:py|python|pycon|ipython)3?\b", re.IGNORECASE)


def check_markers(snippet: Snippet) -> list[Problem]:
    """Check the section markers of a file."""
    return [Problem(snippet.name, *fault) for fault in _marker_faults(snippet)]


def _marker_faults(snippet: Snippet) -> Iterator[tuple[int, str, str, str]]:
    """Yield line, fault, why and mend of markers that are not alone, unique, closed and around code."""
    why = "The page would show too much, too little or nothing, and no build would say so."
    for number, text in enumerate(snippet.source.splitlines(), start=1):
        if SCISSORS.search(text) and not SECTION.match(text):
            mend = "Write `# --8<-- [start:name]` or `# --8<-- [end:name]` alone on its line."
            yield number, f"is no section marker: {text.strip()!r}", why, mend
    opened: dict[str, int] = {}
    seen: set[str] = set()
    for line, edge, name in snippet.markers:
        if edge == "start" and name in seen:
            yield line, f"section {name!r} starts twice", why, "Give each section its own name."
        elif edge == "start":
            opened[name] = line
            seen.add(name)
        elif name not in opened:
            mend = f"Add `# --8<-- [start:{name}]`."
            yield line, f"section {name!r} ends without a start", why, mend
        else:
            del opened[name]
    for name, line in opened.items():
        mend = f"Add `# --8<-- [end:{name}]` below its last line."
        yield line, f"section {name!r} never ends", why, mend
    for section in snippet.sections.values():
        if not section.code.strip():
            mend = "Put the code between its markers."
            yield section.line, f"section {section.name!r} is empty", why, mend
    if not snippet.sections and not opened:
        mend = "Mark what the page shows: `# --8<-- [start:demo]` … `[end:demo]`."
        yield 1, "has no section", why, mend


def check_page(page: Page, house: House) -> list[Problem]:
    """Check that every embed of a page resolves, and that no Python is typed by hand."""
    faults = [
        *_typed(page, house),
        *((e.line, *fault) for e in page.embeds if (fault := _embed_fault(e, house))),
    ]
    return [Problem(page.name, *fault) for fault in faults]


def _typed(page: Page, house: House) -> Iterator[tuple[int, str, str, str]]:
    for number, text, fenced in page.lines:
        if SCISSORS.search(text) and not EMBED.match(text) and fenced != "markdown":
            mend = 'Write `--8<-- "snippets/section/file.py:name"` alone on its line.'
            yield number, f"is no embed: {text.strip()!r}", "It is printed as it stands.", mend
        typed = text.lstrip().startswith(("```", "~~~")) and HAND_TYPED.match(text.lstrip("`~ "))
        if typed and not page.name.startswith(house.settings.hand_typed):
            next_text = page.lines[number][1] if number < len(page.lines) else ""
            if not next_text.strip(" `~"):
                mend = 'Write --8<-- "snippets/section/file.py:name" below it, or delete it.'
                yield number, "a fence without its embed", "The page shows an empty block.", mend
            elif not SCISSORS.search(next_text):  # a broken embed is reported as one
                mend = "Put the code in a snippet and embed its section."
                yield number, "Python typed by hand", "Nothing runs it, so nothing keeps it right.", mend  # fmt: skip


def _embed_fault(embed: Embed, house: House) -> tuple[str, str, str] | None:
    """Return what is wrong with an embed, why it matters, and what mends it."""
    files = {file.name: file for file in (*house.snippets, *house.figures)}
    file, target = files.get(embed.path), house.root / embed.path
    empty = "The page would be empty."
    if embed.fenced == "markdown":
        return None
    if embed.section and re.fullmatch(r"[\d:,-]+", embed.section):
        what = f"embeds lines {embed.section!r} of {embed.path}"
        return what, "Line numbers drift with every edit.", "Mark a section and embed it by name."
    if not target.resolve().is_relative_to(house.root.resolve()):
        mend = "Embed a section of a snippet or figure of this repository."
        return f"embeds {embed.path!r}, which is no file of this repository", "It would publish a file of the machine that builds.", mend  # fmt: skip
    if not target.is_file():
        drawings = [drawing.drawing.relative_to(house.root).as_posix() for drawing in house.figures]
        near = get_close_matches(embed.path, [*files, *drawings], n=1)
        mend = f"Write {near[0]!r}." if near else "Give the path from the repository's root."
        mend = "make update" if embed.path in near else mend
        return f"embeds {embed.path!r}, which does not exist", empty, mend
    if embed.path.endswith(".py") and (file is None or embed.section not in file.sections):
        what = f"{embed.path} has no section {embed.section!r}"
        names = ", ".join(file.sections) if file else "none: not a snippet or figure script"
        return (
            what,
            "The page would show nothing, or the rest of the file.",
            f"Its sections: {names}.",
        )
    if embed.path.endswith(".py") and f'title="{embed.path}' not in (embed.fenced or ""):
        why = "Readers and the copy test find the file by the title."
        mend = f'Open the fence with ```python title="{embed.path}"'
        return f"the fence does not name {embed.path}", why, mend
    if not target.read_text("utf-8").strip():
        return f"embeds {embed.path!r}, which is empty", empty, "make update"
    return None


def check_shown(house: House) -> list[Problem]:
    """Check that every section of every snippet and every figure is shown by a page."""
    shown = {(embed.path, embed.section) for page in house.texts for embed in page.embeds}
    found = []
    for file in (*house.snippets, *house.figures):
        for section in file.sections.values():
            if (file.name, section.name) not in shown:
                found.append(
                    Problem(
                        file.name, section.line, f"no page shows section {section.name!r}",
                        "What nobody sees, nobody needs.",
                        f'Embed it: --8<-- "{file.name}:{section.name}", or delete it.',
                    )
                )  # fmt: skip
    for figure in house.figures:
        drawing = figure.drawing.relative_to(house.root).as_posix()
        if (drawing, None) not in shown:
            found.append(
                Problem(figure.name, 1, "no page shows its drawing", "What nobody sees, nobody needs.",
                        f'Embed it: --8<-- "{drawing}", or delete both.')
            )  # fmt: skip
    return found


def check_hidden(snippet: Snippet) -> list[Problem]:
    """Check that a snippet runs nothing but what its sections show."""
    edges = [(s.line, s.line + s.code.count("\n") + 3) for s in snippet.sections.values()]
    after_docstring = snippet.tree.body[1:]
    statements = [
        statement
        for top in after_docstring
        for statement in (top.body if isinstance(top, ast.If) else [top])  # the main guard
    ]
    return [
        Problem(
            snippet.name, statement.lineno, "runs what no section shows",
            "What is shown is what ran: a reader sees all that a file does.",
            "Move it into the section `function` or `demo`, or delete it.",
        )
        for statement in statements
        if not any(start < statement.lineno < end for start, end in edges)
    ]  # fmt: skip


def check(house: House) -> list[Problem]:
    """Check all markers, all embeds, and that everything is shown."""
    if not any(page.embeds for page in house.pages):
        return [nothing_found("embeds")]
    return [
        *(p for file in (*house.snippets, *house.figures) for p in check_markers(file)),
        *(p for s in house.snippets if not check_markers(s) for p in check_hidden(s)),
        *check_shown(house),
    ]
