"""How a check reports: a problem says where, what, why it matters, and how to mend it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what, why it matters, and how to mend it."""

    file: Path | str
    line: int
    what: str
    why: str
    mend: str

    def __post_init__(self) -> None:
        """Refuse a problem that teaches nothing."""
        if not (self.what and self.why and self.mend and self.line >= 1):
            raise ValueError(f"a problem needs a line, a what, a why and a mend: {self!r}")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}\n    why:  {self.why}\n    mend: {self.mend}"


def nothing_found(what: str) -> Problem:
    """Return the problem of a check that had nothing to look at."""
    return Problem(
        ".", 1, f"found no {what} to check", "A check that checks nothing always passes.",
        "Run it from the repository's root; if things moved, tell proof/project.py where.",
    )  # fmt: skip


def report(problems: Iterable[Problem]) -> str:
    """Return all problems as one message, causes first.

    The checks are run in that order, so what they found keeps it; only the problems of one file
    are brought together, behind the first of them.
    """
    found = list(dict.fromkeys(problems))
    files = list(dict.fromkeys(str(problem.file) for problem in found))
    return "\n\n".join(map(str, sorted(found, key=lambda one: files.index(str(one.file)))))


def written(path: Path, text: str) -> list[Path]:
    """Write a file, unless it holds this very text; return it if it changed."""
    if path.exists() and path.read_text("utf-8") == text:
        return []
    path.write_text(text, "utf-8", newline="\n")
    return [path]


def where(function: Callable[..., object]) -> tuple[str, int]:
    """Return the file, from the root, and the first line of a function."""
    code = inspect.unwrap(function).__code__
    path = Path(code.co_filename)
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return name.as_posix(), code.co_firstlineno


def demand(problems: Collection[Problem]) -> None:
    """Fail the running test with all problems as its message."""
    __tracebackhide__ = True
    if problems:
        raise AssertionError(report(problems))
