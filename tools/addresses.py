"""Published addresses: each keeps working, by itself or by leading to its successor.

`tools/addresses.txt` lists them. `make update` adds what is new and removes nothing. When a page or
a snippet moves, its old line gets an arrow: `/data/drift/ -> /data/drift-threshold/`. The old address
of a page then leads to the new one; that of a snippet serves the new file, for `uv run URL` and `curl`.
"""

from __future__ import annotations

import posixpath
from html import escape
from pathlib import Path

from proof.project import House, Problem, nothing_found

LIST = "tools/addresses.txt"
ARROW = " -> "
MOVED = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url={to}">
<link rel="canonical" href="{to}">
<title>This page moved</title>
</head>
<body>
<main><article>
<h1>This page moved</h1>
<p><a href="{to}">Read it at its new address: {new}</a></p>
</article></main>
</body>
</html>
"""


def current(house: House) -> set[str]:
    """Return the address of every page and every snippet as the files stand now."""
    docs = house.root / "docs"
    found = {f"/{snippet.name}" for snippet in house.snippets}
    for path in sorted(docs.rglob("*")):
        if path.suffix in {".md", ".py"} and path.parent.name != "figures":
            place = path.relative_to(docs).with_suffix("")
            place = place.parent if place.name == "index" else place
            found.add("/" if place == Path() else f"/{place.as_posix()}/")
    return found


def listed(root: Path) -> dict[str, str | None]:
    """Return every published address with its successor, None for one that still stands."""
    path = root / LIST
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    parts = (line.partition(ARROW) for line in lines if line.strip())
    return {old.strip(): new.strip() or None for old, _, new in parts}


def moved(root: Path) -> dict[str, str]:
    """Return the addresses that lead elsewhere, with where they lead."""
    return {old: new for old, new in listed(root).items() if new}


def file_of(address: str) -> str:
    """Return the file of a built site that answers an address: data/index.html for /data/."""
    return address.lstrip("/") + ("index.html" if address.endswith("/") else "")


def moved_pages(root: Path) -> dict[str, str]:
    """Return the files of a built site that lead elsewhere, with what stands in them."""
    moves = moved(root).items()
    return {file_of(old): page_of_a_move(old, new) for old, new in moves if old.endswith("/")}


def page_of_a_move(old: str, new: str) -> str:
    """Return the small page that stays at an old address."""
    return MOVED.format(to=escape(posixpath.relpath(new, old) + "/"), new=escape(new))


def update(house: House) -> list[Path]:
    """Add the addresses that are new; return the files that changed."""
    path, known = house.root / LIST, listed(house.root)
    known = dict.fromkeys(current(house)) | known
    fresh = "".join(
        f"{old}{ARROW}{new}\n" if new else f"{old}\n" for old, new in sorted(known.items())
    )
    if path.exists() and path.read_text("utf-8") == fresh:
        return []
    path.parent.mkdir(exist_ok=True)
    path.write_text(fresh, "utf-8", newline="\n")
    return [path]


def check(house: House) -> list[Problem]:
    """Check that every address of today is listed, and every listed one leads somewhere."""
    today, known = current(house), listed(house.root)
    if not known or not today:
        return [nothing_found("published addresses")]
    why = "People bookmarked it, cite it, or run the file by its address."
    found = [
        Problem(
            LIST, 1, f"{address} is not listed", "A listed address is held for good.", "make update"
        )
        for address in sorted(today - set(known))
    ]
    for line, (old, new) in enumerate(known.items(), start=1):
        kind = "page" if old.endswith("/") else "snippet"
        if new is None and old not in today:
            found.append(
                Problem(LIST, line, f"{old} is gone", why,
                        f"Write where it went: `{old}{ARROW}/the/new/address{'/' if kind == 'page' else '.py'}`. "
                        "Was it never on main? Then delete the line.")
            )  # fmt: skip
        elif new is not None and old in today:
            found.append(
                Problem(LIST, line, f"{old} has a successor and still stands", "Readers never arrive at it.",
                        f"Delete the arrow, or the {kind}.")
            )  # fmt: skip
        elif new is not None and (new not in today or old.endswith("/") != new.endswith("/")):
            found.append(
                Problem(LIST, line, f"{old} leads to {new}, which is no {kind} of today", why,
                        f"Name the {kind} where readers should arrive now.")
            )  # fmt: skip
    return found


def check_built(site: Path, root: Path) -> list[Problem]:
    """Check in a built site that every listed address is answered."""
    known = listed(root)
    if not known:
        return [nothing_found("published addresses")]
    return [
        Problem(LIST, line, f"the site has nothing at {address}", "It was published.",
                "Read what MkDocs leaves out: exclude_docs, draft_docs, tools/safety_hooks.py.")
        for line, address in enumerate(known, start=1)
        if not (site / file_of(address)).is_file()
    ]  # fmt: skip
