"""What has been seen to be right is not computed again until something of it changes.

An entry is named by all that could change the result: the bytes of the files it depends on, the
installed versions, Python, and this package. So nothing in `.cache/proof` goes stale; deleting
it costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from proof.problem import ROOT, Problem

FOLDER = ROOT / ".cache" / "proof"


@cache
def _surroundings() -> bytes:
    """Return what every result depends on: this package, Python, and the installed libraries."""
    digest = hashlib.sha256(f"{sys.version} {platform.machine()}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    installed = sorted(f"{d.name} {d.version}" for d in distributions())
    digest.update("\n".join(installed).encode())
    return digest.digest()


def unless_seen(
    kind: str, files: Iterable[Path], look: Callable[[], list[Problem]]
) -> list[Problem]:
    """Return no problem if the same files were right before, else look.

    Parameters
    ----------
    kind : str
        What is looked at, such as ``"output"``.
    files : iterable of Path
        All files on which the result depends.
    look : callable
        Returns the problems; called only for files that have not been seen to be right.
    """
    entry = entry_of(kind, files)
    if entry.exists():
        return []
    problems = look()
    if not problems:
        keep(entry, "")
    return problems


def seen(kind: str, files: Iterable[Path]) -> bool:
    """Return whether these files have been seen to be right."""
    return all(path.exists() for path in files) and entry_of(kind, files).exists()


def entry_of(kind: str, files: Iterable[Path]) -> Path:
    """Return what exists once these files have been seen to be right."""
    parts = [part for path in sorted(files) for part in (path.name.encode(), path.read_bytes())]
    return place(kind, parts)


def place(kind: str, parts: Iterable[bytes]) -> Path:
    """Return where a result stands that depends on these parts, and on the surroundings."""
    digest = hashlib.sha256(_surroundings() + kind.encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return FOLDER / digest.hexdigest()


def keep(path: Path, text: str) -> None:
    """Write a result, whole or not at all: another process may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(text, "utf-8")
    part.replace(path)
