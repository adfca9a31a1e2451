"""Glossary: one sentence a term; a hook marks the first use on each page with a tooltip.

The hook adds apparatus, never content: without it, the glossary is a page like any other.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof.files import Page  # noqa: E402
from proof.problem import ROOT, Problem, nothing_found  # noqa: E402
from proof.project import House  # noqa: E402

PAGE = "docs/reference/glossary.md"
ENTRY = re.compile(r"^## (?P<term>.+?) \{ #(?P<id>[\w-]+) \}\n\n(?:\*Also: (?P<also>[^*]+)\.\* )?(?P<says>.*)$", re.M)  # fmt: skip
# Where a mark would disturb: tags themselves, links, code, headings, figures, what opens and closes.
QUIET = r"<(a|abbr|button|code|figure|h[1-4]|pre|script|small|summary|svg)\b.*?</\1>|<[^>]+>"


@dataclass(frozen=True)
class Entry:
    """A term with its other names and its sentence."""

    term: str
    names: tuple[str, ...]
    id: str
    says: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds the term or one of its names in a text; abbreviations as they are written."""
        longest = sorted(self.names, key=len, reverse=True)
        names = [re.escape(n) if n.isupper() else f"(?i:{re.escape(n)}s?)" for n in longest]
        return re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])")


@cache
def read(text: str) -> tuple[Entry, ...]:
    """Return the entries of the glossary, in the order of the page."""
    found = []
    for match in ENTRY.finditer(text):
        also = [name.strip() for name in (match["also"] or "").split(",") if name.strip()]
        found.append(Entry(match["term"], (match["term"], *also), match["id"], match["says"]))
    return tuple(found)


def mark(html: str, entries: Sequence[Entry], up: str) -> str:
    """Link the first use of each term in the prose of a page to its entry."""
    # Prose alone, every word at its place: what is quiet, or marked already, is blank.
    prose = re.sub(QUIET, lambda quiet: "\0" * len(quiet[0]), html, flags=re.DOTALL)
    links = []
    for entry in entries:
        if first := entry.pattern.search(prose):
            start, end = first.span()
            prose = prose[:start] + "\0" * (end - start) + prose[end:]
            link = f'<a class="term" href="{up}reference/glossary/#{entry.id}" title="{escape(entry.says)}">'
            links.append((start, end, f"{link}{first[0]}</a>"))
    for start, end, link in sorted(links, reverse=True):
        html = html[:start] + link + html[end:]
    return html


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """Mark the terms of every page but those of the reference and the contributing guide."""
    if page.file.src_uri.startswith(("reference/", "contributing/")):
        return html
    entries = read((ROOT / PAGE).read_text("utf-8"))
    return mark(html, entries, "../" * page.url.count("/"))


def check(house: House) -> list[Problem]:
    """Check that terms stand in order, each with one sentence, and that pages use them."""
    page = Page(house.root / PAGE, house.root)
    entries = read(page.source) if page.path.exists() else []
    if not entries:
        return [nothing_found("glossary entries")]
    prose = "\n".join(
        p.source
        for p in house.pages
        if not p.name.startswith(("docs/reference/", "docs/contributing/"))
    )
    found, before = [], ""
    for line, text in enumerate(page.source.splitlines(), start=1):
        if text.startswith("## "):
            entry = next((one for one in entries if text.startswith(f"## {one.term} {{")), None)
            if entry is None or not re.fullmatch(r"[A-Z][^.]*\.", entry.says):
                what, mend = "is no term with one sentence", "Write `## Term { #id }`, an empty line, `*Also: other name.* One sentence.`"  # fmt: skip
            elif entry.term.lower() <= before.lower():
                what, mend = f"stands after {before!r}", "Put the entries in alphabetical order."
            elif not entry.pattern.search(prose):
                what, mend = (
                    "is used on no page",
                    "Use the term where it belongs, or delete the entry.",
                )
            else:
                before = entry.term
                continue
            found.append(Problem(PAGE, line, f"{text!r} {what}", "A tooltip is read in passing, an entry looked up by letter.", mend))  # fmt: skip
    return found
