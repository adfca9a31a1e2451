"""Glossary: one sentence a term; a hook marks the first use on each page with a tooltip.

The hook adds apparatus, never content: without it, the glossary is a page like any other.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof.project import ROOT, House, Page, Problem, nothing_found  # noqa: E402

PAGE = "docs/reference/glossary.md"
ENTRY = re.compile(r"^## (?P<term>.+?) \{ #(?P<id>[\w-]+) \}\n\n(?:\*Also: (?P<also>[^*]+)\.\* )?(?P<says>.*)$", re.M)  # fmt: skip
TAG = re.compile(r"(<[^>]+>)")
# Where a mark would disturb: links, code, headings, figures, and what opens and closes.
QUIET = frozenset("a abbr button code figure h1 h2 h3 h4 pre script small summary svg".split())  # noqa: SIM905


@dataclass(frozen=True)
class Entry:
    """A term with its other names and its sentence."""

    term: str
    names: tuple[str, ...]
    id: str
    says: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds the term or one of its names in a text; abbreviations as they are written."""
        names = "|".join(
            re.escape(n) if n.isupper() else f"(?i:{re.escape(n)}s?)"
            for n in sorted(self.names, key=len, reverse=True)
        )
        return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])")


def read(text: str) -> list[Entry]:
    """Return the entries of the glossary, in the order of the page."""
    found = []
    for match in ENTRY.finditer(text):
        also = [name.strip() for name in (match["also"] or "").split(",") if name.strip()]
        found.append(Entry(match["term"], (match["term"], *also), match["id"], match["says"]))
    return found


def mark(html: str, entries: list[Entry], up: str) -> str:
    """Link the first use of each term in the prose of a page to its entry."""
    waiting, quiet, parts = list(entries), list[str](), TAG.split(html)
    for place, part in enumerate(parts):
        if tag := re.match(r"</?([a-z0-9]+)", part):
            name = tag[1]
            if part.startswith("</"):
                if quiet and quiet[-1] == name:
                    quiet.pop()
            elif quiet and name == quiet[-1] or name in QUIET:
                quiet.append(name)
            continue
        if quiet or not part.strip():
            continue
        spans: list[tuple[int, int, Entry]] = []
        for entry in waiting:
            found = entry.pattern.search(part)
            if found and all(
                found.end() <= start or end <= found.start() for start, end, _ in spans
            ):
                spans.append((found.start(), found.end(), entry))
        for start, end, entry in sorted(spans, key=lambda span: -span[0]):
            link = f'<a class="term" href="{up}reference/glossary/#{entry.id}" title="{escape(entry.says)}">'
            part = f"{part[:start]}{link}{part[start:end]}</a>{part[end:]}"
            waiting.remove(entry)
        parts[place] = part
    return "".join(parts)


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """Mark the terms of every page but those of the reference and the contributing guide."""
    if page.file.src_uri.startswith(("reference/", "contributing/")):
        return html
    entries = read((ROOT / PAGE).read_text("utf-8"))
    return mark(html, entries, "../" * page.url.count("/"))


def check(house: House) -> list[Problem]:
    """Check that terms stand in order, once, with one sentence each, and that pages use them."""
    page = Page(house.root / PAGE, house.root)
    entries = read(page.source) if page.path.exists() else []
    if not entries:
        return [nothing_found("glossary entries")]
    lines = page.source.splitlines()
    headings = {text: number for number, text in enumerate(lines, 1) if text.startswith("## ")}
    prose = "\n".join(
        text
        for other in house.pages
        if not other.name.startswith(("docs/reference/", "docs/contributing/"))
        for _, text, fenced in other.lines
        if fenced is None
    )
    found = []

    def add(line: int, what: str, why: str, mend: str) -> None:
        found.append(Problem(PAGE, line, what, why, mend))

    for text, line in headings.items():
        if not any(text.startswith(f"## {entry.term} {{") for entry in entries):
            add(line, f"is no entry: {text!r}", "The tooltip would be missing.",
                "Write `## Term { #id }`, an empty line, `*Also: other name.* One sentence.`")  # fmt: skip
    names: dict[str, str] = {}
    for before, entry in zip([None, *entries], entries, strict=False):
        line = next(n for text, n in headings.items() if text.startswith(f"## {entry.term} {{"))
        if before and before.term.lower() >= entry.term.lower():
            add(line, f"{entry.term!r} stands after {before.term!r}", "Readers look it up by letter.",
                "Put the entries in alphabetical order.")  # fmt: skip
        if not re.fullmatch(r"[A-Z][^.]*\.", entry.says):
            add(line, f"{entry.term!r} is not explained in one sentence: {entry.says!r}",
                "A tooltip is read in passing.", "One sentence, with one full stop at its end.")  # fmt: skip
        for name in entry.names:
            if name.lower() in names:
                add(line, f"{name!r} is also a name of {names[name.lower()]!r}", "One name, one meaning.",
                    "Leave it with the entry that pages mean.")  # fmt: skip
            names[name.lower()] = entry.term
        if not entry.pattern.search(prose):
            add(line, f"no page uses {entry.term!r}", "The glossary explains this site.",
                "Use the term where it belongs, or delete the entry.")  # fmt: skip
    return found
