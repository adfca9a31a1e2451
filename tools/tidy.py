"""Tidy: what can be mended without thinking. `make fix` mends what this finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from proof.project import House, Problem, nothing_found

BOM = "\ufeff"
TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


def files(house: House) -> list[Path]:
    """Return the text files that people write."""
    written = (*house.pages, *house.snippets, *house.figures, *house.tests)
    return [file.path for file in written]


def tidy(text: str) -> str:
    """Return a text without byte order mark, Windows line ends, trailing spaces; one newline at its end."""
    text = text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")
    return TRAILING.sub("", text).rstrip("\n") + "\n"


def untidy(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of each kind of untidiness that a text has."""
    if text.startswith(BOM):
        yield 1, "begins with a byte order mark"
    if "\r" in text:
        yield text[: text.index("\r")].count("\n") + 1, "has Windows line ends"
    if match := TRAILING.search(text.replace("\r", "")):
        yield text.replace("\r", "")[: match.start()].count("\n") + 1, "ends a line with spaces"
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield max(1, len(text.splitlines())), "does not end with one newline"


def read(path: Path) -> str:
    """Return the text of a file with its own line ends."""
    return path.read_bytes().decode("utf-8", errors="replace")


def check(house: House) -> list[Problem]:
    """Check that every text file is UTF-8 and tidy."""
    if not files(house):
        return [nothing_found("text files")]
    found = []
    for path in files(house):
        name, text = path.relative_to(house.root).as_posix(), read(path)
        for line, what in untidy(text):
            found.append(
                Problem(name, line, what, "The same text should be the same bytes on every machine.", "make fix")
            )  # fmt: skip
        if "\ufffd" in text:
            line = text[: text.index("\ufffd")].count("\n") + 1
            found.append(
                Problem(name, line, "holds a character that is not UTF-8", "It is shown as a box.",
                        "Save the file as UTF-8 in your editor, and type the character again.")
            )  # fmt: skip
    return found


def fix(house: House) -> list[Path]:
    """Make every text file tidy; return those that changed."""
    changed = []
    for path in files(house):
        text = read(path)
        if "\ufffd" not in text and any(untidy(text)):
            path.write_text(tidy(text), "utf-8", newline="\n")
            changed.append(path)
    return changed
