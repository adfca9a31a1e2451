"""What MkDocs says about a build that failed, as problems with a line and a way out."""

from __future__ import annotations

import re
from pathlib import Path

from proof.problem import Problem

LINK = re.compile(
    r"Doc file '(?P<page>[^']+)' contains an? (?P<kind>[a-z ]*link) '(?P<link>[^']+)',(?P<rest>.*)"
)
LOST = re.compile(r"^  - (?P<page>\S+\.md)$", re.MULTILINE)
GONE = re.compile(r"A reference to '(?P<page>[^']+)' is included in the 'nav' configuration")
READING = re.compile(r"Error reading page '(?P<page>[^']+)': (?P<error>.*)")
CONFIG = re.compile(
    r"parsing the configuration file: (?P<error>.*)\n +in \"[^\"]*\", line (?P<line>\d+)"
)
# What a hook of this repository found, such as a chapter that is stale.
OURS = re.compile(
    r"^(?:ERROR +-  )?(?P<file>[\w./-]+):(?P<line>\d+): (?P<what>.*)\n +why:  (?P<why>.*)\n +mend: (?P<mend>.*)",
    re.MULTILINE,
)
NAV = "mkdocs.yml"


def line_of(text: str, needle: str) -> int:
    """Return the first line that holds a text, or the first line of the file."""
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, start=1) if needle in line), 1)


def problems(said: str, root: Path) -> list[Problem]:
    """Return a problem for each warning and error; the whole text in one if none is known."""
    found = []

    def line(name: str, needle: str) -> int:
        path = root / name
        return line_of(path.read_text("utf-8", errors="replace"), needle) if path.exists() else 1

    for match in LINK.finditer(said):
        page, link = f"docs/{match['page']}", match["link"]
        hint = re.search(r"Did you mean '([^']+)'", match["rest"])
        mend = "Write the path to a .md file, relative to this page."
        if "anchor" in match["rest"]:
            mend = "Take the anchor from the address of the heading, in lower case with hyphens."
        if hint:
            mend = f"Write {hint[1]!r}, if that is what you mean."
        what = (
            f"the link {link!r} leads to no heading"
            if "anchor" in match["rest"]
            else f"the link {link!r} leads nowhere"
        )
        found.append(Problem(page, line(page, f"({link}"), what, "A reader clicks it.", mend))
    for match in LOST.finditer(said):
        found.append(
            Problem(f"docs/{match['page']}", 1, "the navigation does not list this page",
                    "Nobody would find it.",
                    f"Add `- Its title: {match['page']}` under its section in {NAV}.")
        )  # fmt: skip
    for match in GONE.finditer(said):
        found.append(
            Problem(NAV, line(NAV, match["page"]), f"lists {match['page']}, which does not exist",
                    "A reader clicks it.", f"Mend the path, or write docs/{match['page']}.")
        )  # fmt: skip
    for match in READING.finditer(said):
        page = f"docs/{match['page']}"
        missing = re.search(r"path '([^']+)'|'([^']+)'", match["error"])
        needle = (missing[1] or missing[2]) if missing else ""
        found.append(
            Problem(page, line(page, needle or "\0"), f"cannot be built: {match['error']}",
                    "No page is published until all can be built.",
                    "If it embeds a file, give the path from the repository's root and the name of a section.")
        )  # fmt: skip
    for match in CONFIG.finditer(said):
        found.append(
            Problem(NAV, int(match["line"]), f"is no YAML: {match['error']}",
                    "Without it there is no site.",
                    "Look at this line and the one above: indent with spaces, end a section with a colon.")
        )  # fmt: skip
    for match in OURS.finditer(said):
        found.append(
            Problem(match["file"], int(match["line"]), match["what"], match["why"], match["mend"])
        )
    if not found:
        found.append(
            Problem(NAV, 1, f"the build fails:\n{said.strip()}", "No page is published until all can be built.",
                    "Repeat it with: python -m mkdocs build --strict")
        )  # fmt: skip
    return found
