"""The story's chapters stand alone: they import nothing of this repository, and copy what they use.

A cell that begins with `# snippets/data/drift_threshold.py:function` holds that section of that
file, to the letter. `update` writes such cells anew, and then the notebooks.
"""

from __future__ import annotations

import re
from pathlib import Path

from proof import execution
from proof.files import HELD, Cell, Chapter, Snippet
from proof.outputs import check_source
from proof.problem import Problem
from proof.project import House


def _copied(cell: Cell, snippets: dict[str, Snippet]) -> str | None:
    """Return what a held cell should be, None if there is no such snippet or section."""
    match = cell.held
    assert match is not None
    file = snippets.get(match["file"])
    section = file.sections.get(match["section"]) if file else None
    return None if section is None else f"{match[0]}\n{section.code}".rstrip("\n")


def renew_copies(chapter: Chapter, house: House) -> Chapter:
    """Write every cell that holds a copy of a snippet anew; return the chapter as it is then."""
    snippets = {snippet.name: snippet for snippet in house.snippets}
    lines = chapter.source.splitlines()
    for cell in reversed(chapter.cells):  # from the end, so that line numbers keep
        fresh = _copied(cell, snippets) if cell.held else None
        if fresh is not None and fresh != cell.source:
            start = cell.line - 1
            lines[start : start + len(cell.source.splitlines())] = fresh.splitlines()
    text = "\n".join(lines) + "\n"
    if text == chapter.source:
        return chapter
    chapter.path.write_text(text, "utf-8", newline="\n")
    return Chapter(chapter.path, chapter.root)


def check_copy(cell: Cell, chapter: Chapter, snippets: dict[str, Snippet]) -> list[Problem]:
    """Check that a cell of code is what it copies, or its own."""
    if not cell.held:
        named = [n for n, text in enumerate(cell.source.splitlines()) if HELD.match(text)]
        return [
            Problem(chapter.name, cell.line + offset, "names a snippet, but not in the first line of a cell",
                    "Only a whole cell is held to what it copies.",
                    'Put `# %% tags=["snippet"]` above this line.')
            for offset in named
        ]  # fmt: skip
    fresh = _copied(cell, snippets)
    if fresh is None:
        return [
            Problem(chapter.name, cell.line, f"holds {cell.held[0][2:]}, which does not exist",
                    "Readers follow the name to the page that explains it.",
                    "Begin the cell with `# snippets/<section>/<file>.py:<name of a section>`.")
        ]  # fmt: skip
    if fresh != cell.source:
        return [
            Problem(chapter.name, cell.line, f"is not the code of {cell.held[0][2:]}",
                    "The story runs what the pages teach.", "make update")
        ]  # fmt: skip
    return []


def _of_chapter(chapter: Chapter, house: House) -> list[Problem]:
    """Check, without running it, that a chapter stands alone and its copies are what they copy."""
    snippets = {snippet.name: snippet for snippet in house.snippets}
    found = list(check_source(chapter))
    for cell in chapter.cells:
        if not cell.is_text:
            found += check_copy(cell, chapter, snippets)
    if chapter.fault:
        found.append(
            Problem(chapter.name, chapter.fault.lineno or 1, f"is no Python program: {chapter.fault.msg}",
                    "Readers also run it as one: `uv run`.",
                    "Leave out magics, and put future imports into the snippet's first section.")
        )  # fmt: skip
    found += [
        Problem(chapter.name, number, "has a footnote, which notebooks do not know",
                "It would be printed as it stands.", "Link to the page of this site that cites the source.")
        for number, text, fenced in chapter.lines
        if fenced is None and re.search(r"\[\^[\w-]+\]", text)
    ]  # fmt: skip
    return found


def check(house: House) -> list[Problem]:
    """Check every chapter without running it."""
    return [problem for chapter in house.chapters for problem in _of_chapter(chapter, house)]


def update(house: House) -> list[Path | Problem]:
    """Renew the copies, and the notebooks that they change; return the files changed, and what failed."""
    done: list[Path | Problem] = []
    for before in house.chapters:
        chapter = renew_copies(before, house)
        done += [chapter.path] if chapter is not before else []
        done += execution.renew(chapter)
    return done
