"""Published addresses: none disappears in silence. `make update` adds new ones to addresses.txt, and removes none.

A page that moves leaves a page at its old address, which says in Markdown where it went: no generator
needs to know. A snippet that moves into another file leaves an arrow in the list, `/old.py -> /new.py`:
the build publishes the new file at the old address too.
"""

from __future__ import annotations

from pathlib import Path

from proof.problem import Problem, nothing_found
from proof.project import House

LIST = "tools/addresses.txt"


def current(house: House) -> set[str]:
    """Return the address of every page and every snippet as the files stand now."""
    pages = {f"/{page.name.removeprefix('docs/').rpartition('.')[0]}/" for page in house.texts}
    pages = {page.removesuffix("index/") for page in pages}
    return pages | {f"/{snippet.name}" for snippet in house.snippets}


def listed(root: Path) -> list[tuple[str, str]]:
    """Return every address that was ever published, with the one that answers there today."""
    path = root / LIST
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [(old, new or old) for old, _, new in (line.partition(" -> ") for line in lines)]


def update(house: House) -> list[Path]:
    """Add the addresses that are new; return the list if it changed."""
    known, path = listed(house.root), house.root / LIST
    fresh = current(house) - {old for old, _ in known}
    if not fresh:
        return []
    path.parent.mkdir(exist_ok=True)
    lines = [old if old == new else f"{old} -> {new}" for old, new in known]
    path.write_text("\n".join(sorted({*lines, *fresh})) + "\n", "utf-8", newline="\n")
    return [path]


def check(house: House) -> list[Problem]:
    """Check that every address of today is listed, and every listed one still answers."""
    today, known = current(house), listed(house.root)
    if not known or not today:
        return [nothing_found("published addresses")]
    fresh = [
        Problem(LIST, 1, f"{address} is not listed", "A listed address is held for good.", "make update")
        for address in sorted(today - {old for old, _ in known})
    ]  # fmt: skip
    return fresh + [
        Problem(LIST, line, f"{new} is gone", "People bookmarked it, cite it, or run the file by its address.",
                "Leave a page there that links to its new address, and name it under not_in_nav in mkdocs.yml. "
                "A snippet that moved into another file: write `/old.py -> /new.py`.")
        for line, (_, new) in enumerate(known, start=1)
        if new not in today
    ]  # fmt: skip
