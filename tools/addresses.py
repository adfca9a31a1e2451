"""Published addresses: none disappears in silence. `make update` adds new ones to addresses.txt, and removes none.

A page that moves leaves a page at its old address, which says in Markdown where it went: no generator
needs to know. A snippet that moves can't, so its line is deleted, on purpose, and the review sees it.
"""

from __future__ import annotations

from pathlib import Path

from proof.project import House, Problem, nothing_found

LIST = "tools/addresses.txt"


def current(house: House) -> set[str]:
    """Return the address of every page and every snippet as the files stand now."""
    pages = {f"/{page.name.removeprefix('docs/').rpartition('.')[0]}/" for page in house.texts}
    pages = {page.removesuffix("index/") for page in pages}
    return pages | {f"/{snippet.name}" for snippet in house.snippets}


def listed(root: Path) -> list[str]:
    """Return every address that was ever published."""
    path = root / LIST
    return path.read_text("utf-8").splitlines() if path.exists() else []


def update(house: House) -> list[Path]:
    """Add the addresses that are new; return the list if it changed."""
    known = listed(house.root)
    if not current(house) - {*known}:
        return []
    path = house.root / LIST
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(sorted({*known} | current(house))) + "\n", "utf-8", newline="\n")
    return [path]


def check(house: House) -> list[Problem]:
    """Check that every address of today is listed, and every listed one still answers."""
    today, known = current(house), listed(house.root)
    if not known or not today:
        return [nothing_found("published addresses")]
    fresh = [
        Problem(LIST, 1, f"{address} is not listed", "A listed address is held for good.", "make update")
        for address in sorted(today - {*known})
    ]  # fmt: skip
    return fresh + [
        Problem(LIST, line, f"{address} is gone", "People bookmarked it, cite it, or run the file by its address.",
                "Leave a page there that links to its new address, and name it under not_in_nav in mkdocs.yml. "
                "A snippet, or never on main? Then delete the line.")
        for line, address in enumerate(known, start=1)
        if address not in today
    ]  # fmt: skip
