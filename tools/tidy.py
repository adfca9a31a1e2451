"""Tidy: the same text is the same bytes on every machine. `make fix` mends what this finds."""

from __future__ import annotations

import re
from pathlib import Path

from proof.problem import Problem, nothing_found
from proof.project import House


def files(house: House) -> list[Path]:
    """Return the text files that people write."""
    written = (*house.pages, *house.snippets, *house.figures, *house.tests)
    return [file.path for file in written]


def tidy(text: str) -> str:
    """Return a text without byte order mark, Windows line ends, trailing spaces; one newline at its end."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).rstrip("\n") + "\n"


def read(path: Path) -> str | None:
    """Return the text of a file with its own line ends; None if it is no UTF-8, which safety reports."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def untidy(house: House) -> list[tuple[Path, str, str]]:
    """Return each file that is not tidy, with its text as it is and as it should be."""
    texts = [(path, text) for path in files(house) if (text := read(path)) is not None]
    return [(path, text, tidy(text)) for path, text in texts if text != tidy(text)]


def check(house: House) -> list[Problem]:
    """Check that every text file is tidy; report the first place of each."""
    found = [] if files(house) else [nothing_found("text files")]
    for path, text, fresh in untidy(house):
        old, new = text.split("\n"), fresh.split("\n")
        pairs = enumerate(zip(old, new, strict=False), start=1)
        line = next((n for n, (a, b) in pairs if a != b), min(len(old), len(new)))
        found.append(
            Problem(
                path.relative_to(house.root).as_posix(), min(line, max(1, len(text.splitlines()))),
                "ends a line with spaces, or has Windows line ends, a byte order mark, or not one newline at its end",
                "The same text should be the same bytes on every machine.", "make fix",
            )
        )  # fmt: skip
    return found


def fix(house: House) -> list[Path]:
    """Make every text file tidy; return those that changed."""
    changed = untidy(house)
    for path, _, fresh in changed:
        path.write_text(fresh, "utf-8", newline="\n")
    return [path for path, _, _ in changed]
