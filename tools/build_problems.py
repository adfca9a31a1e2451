"""What MkDocs says about a build that failed, as problems with a line and a way out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from proof.problem import Problem

NAV = "mkdocs.yml"
CLICKS = "A reader clicks it."
ALL = "No page is published until all can be built."
LINK = r"Doc file '(?P<page>[^']+)' contains an? [a-z ]*link '(?P<link>[^']+)',"


class Known(NamedTuple):
    """A warning of MkDocs: what finds it, and what to say, with the names of its groups in braces."""

    pattern: str
    file: str
    near: str  # words on the line that is meant
    what: str
    why: str
    mend: str


KNOWN = [
    Known(
        rf"{LINK}.*anchor.*", "docs/{page}", "({link}", "the link '{link}' leads to no heading", CLICKS,
        "Take the anchor from the address of the heading, in lower case with hyphens.",
    ),
    Known(
        rf"{LINK}(?!.*anchor).*", "docs/{page}", "({link}", "the link '{link}' leads nowhere", CLICKS,
        "Write the path to a .md file, relative to this page.",
    ),
    Known(
        r"A reference to '(?P<page>[^']+)' is included in the 'nav' configuration", NAV, "{page}",
        "lists {page}, which does not exist", CLICKS, "Mend the path, or write docs/{page}.",
    ),
    Known(
        r"^  - (?P<page>\S+\.md)$", "docs/{page}", "", "the navigation does not list this page", "Nobody would find it.",
        f"Add `- Its title: {{page}}` under its section in {NAV}.",
    ),
    Known(
        r"Error reading page '(?P<page>[^']+)': (?P<error>.*?(?:path )?'(?P<missing>[^']+)'.*|.*)", "docs/{page}", "{missing}",
        "cannot be built: {error}", ALL,
        "If it embeds a file, give the path from the repository's root and the name of a section.",
    ),
    Known(
        r'parsing the configuration file: (?P<error>.*)\n +in "[^"]*", line (?P<line>\d+)', NAV, "",
        "is no YAML: {error}", "Without it there is no site.",
        "Look at this line and the one above: indent with spaces, end a section with a colon.",
    ),
    # What a hook of this repository found, such as a notebook that is missing.
    Known(
        r"^(?:ERROR +-  )?(?P<file>[\w./-]+):(?P<line>\d+): (?P<what>.*)\n +why:  (?P<why>.*)\n +mend: (?P<mend>.*)",
        "{file}", "", "{what}", "{why}", "{mend}",
    ),
]  # fmt: skip


def line_of(text: str, needle: str) -> int:
    """Return the first line that holds a text, or the first line of the file."""
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, start=1) if needle in line), 1)


def problem(known: Known, match: re.Match[str], root: Path) -> Problem:
    """Return what MkDocs said at the file and the line that it means."""
    words = {name: value or "" for name, value in match.groupdict().items()}
    file, near, what, why, mend = (text.format(**words) for text in known[1:])
    if hint := re.search(r"Did you mean '([^']+)'", match[0]):
        mend = f"Write {hint[1]!r}, if that is what you mean."
    path = root / file
    source = path.read_text("utf-8", errors="replace") if near and path.is_file() else ""
    return Problem(file, int(words.get("line") or line_of(source, near)), what, why, mend)


def problems(said: str, root: Path) -> list[Problem]:
    """Return a problem for each warning and error; the whole text in one if none is known."""
    found = [
        problem(known, match, root)
        for known in KNOWN
        for match in re.finditer(known.pattern, said, re.MULTILINE)
    ]
    again = "Repeat it with: python -m mkdocs build --strict"
    return found or [Problem(NAV, 1, f"the build fails:\n{said.strip()}", ALL, again)]
