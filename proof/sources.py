"""Sources: the pages of the ledger, which say what each cited source supports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from proof.files import Page
from proof.problem import Problem, nothing_found, written
from proof.project import House

HEADING = re.compile(r"^### .+ \{#(?P<id>[\w-]+)\}$")
BULLET = re.compile(r"^- \*\*(?P<key>[\w ]+)\*\*: (?P<text>.+)$")
REFERENCE = re.compile(r"\[\^(?P<id>[\w-]+)\](?!:)")
DEFINITION = re.compile(r"^\[\^(?P<id>[\w-]+)\]: (?P<text>.*)$")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
REQUIRED = ("Cite as", "Figures", "Says", "Checked")


@dataclass(frozen=True)
class Source:
    """One entry of the ledger."""

    id: str
    page: str
    line: int
    fields: dict[str, str]

    @property
    def figures(self) -> str:
        """What a page may quote in digits: the figures with their labels, and the reference's own."""
        own = "; ".join(re.findall(r"[\d.:/-]*\d", self.fields.get("Cite as", "")))
        return f"{self.fields.get('Figures', '')}; {own}"


def read(page: Page) -> dict[str, Source]:
    """Return the entries of a page by id."""
    entries: dict[str, Source] = {}
    current: Source | None = None
    for number, text, _ in page.lines:
        if match := HEADING.match(text):
            current = entries[match["id"]] = Source(match["id"], page.name, number, {})
        elif text.startswith("#"):
            current = None
        elif current is not None and (match := BULLET.match(text)):
            current.fields[match["key"]] = match["text"]
    return entries


def ledger(house: House) -> dict[str, Source]:
    """Return the entries of the house's ledger by id, or nothing if there is none."""
    pages = [page for page in house.pages if page.name in house.settings.sources]
    return {name: source for page in pages for name, source in read(page).items()}


def definitions(page: Page, entries: dict[str, Source]) -> list[str]:
    """Return the footnote definitions that a page needs, in the order of their first mention."""
    prose = "\n".join(text for _, text, fenced in page.lines if fenced is None)
    used = dict.fromkeys(match["id"] for match in REFERENCE.finditer(prose))
    up = "../" * (len(Path(page.name).parts) - 2)
    return [
        f"[^{name}]: {entries[name].fields['Cite as']} [Entry]({up}{entries[name].page.removeprefix('docs/')}#{name})"
        for name in used
        if name in entries and "Cite as" in entries[name].fields
    ]


def update(house: House) -> list[Path]:
    """Write the footnote definitions of every page from the ledger; return the files changed."""
    entries, changed = ledger(house), list[Path]()
    for page in house.pages:
        kept = [
            text
            for _, text, fenced in page.lines
            if fenced is not None or not DEFINITION.match(text)
        ]
        wanted = definitions(page, entries)
        notes = "\n" + "\n".join(wanted) + "\n" if wanted else ""
        changed += written(page.path, "\n".join(kept).rstrip("\n") + "\n" + notes)
    return changed


def check(house: House) -> list[Problem]:
    """Check the entries, that each footnote has one, and that each is cited as it says."""
    entries = ledger(house)
    if not entries:
        return [nothing_found("sources")]
    cited = "".join(page.source for page in house.pages)
    return [
        *_twice(house, entries),
        *(problem for source in entries.values() for problem in _of_entry(source, cited)),
        *(problem for page in house.pages for problem in _of_page(page, entries, house)),
    ]


def _twice(house: House, entries: dict[str, Source]) -> Iterator[Problem]:
    for page in house.pages:
        for name, source in read(page).items() if page.name in house.settings.sources else ():
            if entries[name] != source:
                yield Problem(
                    page.name, source.line, f"{name} stands on {entries[name].page}, too",
                    "A footnote could lead to either.", "Keep one of the two entries.",
                )  # fmt: skip


def _of_entry(source: Source, cited: str) -> Iterator[Problem]:
    def problem(what: str, why: str, mend: str) -> Problem:
        return Problem(source.page, source.line, f"{source.id} {what}", why, mend)

    for key in REQUIRED:
        if key not in source.fields:
            yield problem(
                f"has no line **{key}**",
                "An entry says what may be quoted, what the source says, and who checked.",
                f"Add `- **{key}**: …`.",
            )
    cited_as, read_on = source.fields.get("Cite as", ""), source.fields.get("Checked", "")
    for text, address in LINK.findall(cited_as):
        if lost := [part for part in re.findall(r"\d+", text) if part not in address]:
            yield problem(
                f"leads to {address}, which does not hold {lost[0]} of {text!r}",
                "A reader would land on another text.", "Copy the identifier into the address.",
            )  # fmt: skip
    year = re.search(r"-((?:19|20)\d\d)$", source.id)
    if year and year[1] not in cited_as:
        yield problem(
            f"is not cited with the year {year[1]}",
            "A wrong year makes a source hard to find.", "Mend the year, or the id.",
        )  # fmt: skip
    if not re.match(r"\d{4}-\d{2}-\d{2}\b", read_on):
        yield problem(
            "has no date under **Checked**",
            "Sources and laws move.", "Begin it with the day you read it: 2026-11-23, …",
        )  # fmt: skip
    if read_on[:10] > date.today().isoformat():
        yield problem(
            "was checked in the future",
            "Sources and laws move.", "Write the day on which you read it.",
        )  # fmt: skip
    if f"[^{source.id}]" not in cited:
        yield problem(
            "is cited by no page",
            "The ledger supports what the pages say, and every reader loads it whole.",
            "Cite it where it matters, or delete the entry.",
        )


def _of_page(page: Page, entries: dict[str, Source], house: House) -> Iterator[Problem]:
    prose = [(number, text) for number, text, fenced in page.lines if fenced is None]
    for number, text in prose:
        for match in REFERENCE.finditer(text):
            if match["id"] not in entries:
                yield Problem(
                    page.name, number, f"cites {match['id']!r}, which the ledger lacks",
                    "A citation leads to what the source says and does not say.",
                    f"Add the entry to {' or '.join(house.settings.sources)}, or mend the id.",
                )  # fmt: skip
    if [text for _, text in prose if DEFINITION.match(text)] != definitions(page, entries):
        yield Problem(
            page.name, 1, "its footnotes are not those of the ledger",
            "A source is cited in one wording.", "make update",
        )  # fmt: skip
