"""Prose: what a reader of a page should never meet, and no build complains about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proof.files import FENCE, Page
from proof.problem import Problem
from proof.project import House

CODE = re.compile(r"(`+)[^`].*?\1")
REFERENCE = re.compile(r"(?<![\\!\]])\[[^\[\]^]+\]\[(?P<name>[^\[\]]*)\]")
DEFINITION = re.compile(r"^ *\[([^\]^]+)\]: ", re.MULTILINE)
# A claim may be its sentence alone.
BOX = re.compile(r"(?P<indent> *)(?:!!!|\?\?\?\+?|===\+?!?) (?!claim )")
RAW = re.compile(r"<(?:script|style|iframe|object|embed|form)\b|\bjavascript:", re.IGNORECASE)
LEFT = re.compile(r"\b(?:TODO|FIXME|XXX|TBD|WIP|Lorem ipsum)\b")


def faults(page: Page) -> Iterator[tuple[int, str, str, str]]:
    """Yield line, what, why and mend of everything that was left or does not resolve."""
    defined = {name.lower() for name in DEFINITION.findall(page.source)}
    opened = 0
    for line, text, fenced in page.lines:
        fence = FENCE.match(text)
        inside = opened and fence and fence["info"].strip() not in {"", fenced}
        if inside or (opened and line == page.lines[-1][0] and not fence):
            yield (opened, "this fence is never closed", "What follows is shown as code, and code as headings.",
                   "Write its three backticks below it, as far indented.")  # fmt: skip
            break
        opened = (opened or line) if fenced is not None else 0
    below = ""  # the indentation that the next text needs
    for line, text, fenced in page.lines:
        if below and text.strip():
            if not text.startswith(below):
                yield (line, "is not indented below the box or tab above it", "The box is empty, and the page goes on without it.",
                       "Indent all that belongs to it by four spaces more; an empty fence and a comment in code, too.")  # fmt: skip
            below = ""
        if fenced is not None:
            continue
        if box := BOX.match(text):
            below = f"{box['indent']}    "
        words = CODE.sub("", text)
        for match in REFERENCE.finditer(words):
            if match["name"].lower() not in defined:
                yield (line, f"{match[0]} refers to a link that the page does not define",
                       "A reader sees the brackets.", "Write [words](page.md), with the path from this page.")  # fmt: skip
        if raw := RAW.search(words):
            yield line, f"holds {raw[0]!r}", "A page holds text, tables and figures: nothing that runs or loads.", "Remove it."  # fmt: skip
        if left := LEFT.search(words):
            yield line, f"{left[0]!r} was left on the page", "A reader takes the page for unfinished.", "Do it, or delete it."  # fmt: skip


def check_page(page: Page, house: House) -> list[Problem]:
    """Check the prose of one page."""
    return [Problem(page.name, line, what, why, mend) for line, what, why, mend in faults(page)]
