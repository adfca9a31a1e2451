"""Scan: typing errors, secrets, and what belongs to one machine, by well-kept scanners and three words.

Everything works offline. Words that the spelling scanner must accept stand in pyproject.toml, under
[tool.typos]; a line that only looks like a secret ends with `pragma: allowlist secret`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.settings import default_settings, get_plugins

from proof import cache
from proof.problem import Problem, nothing_found
from proof.project import House
from tools.safety import BINARY, tracked

# It looks for `key = secrets["key"]` in every line, which takes more than half of the scanner's time.
SLOW_FILTER = "detect_secrets.filters.heuristic.is_indirect_reference"
UNREAD = re.compile(r"(?:^|/)requirements[\w-]*\.txt$|\.(?:svg|html)$|^tests/house/|\.ipynb$")
# A page or a snippet has no business with the machine that it was written on.
PRIVATE = re.compile(
    r"/(?:home|Users)/\w+|\b[A-Z]:\\Users\\|/root\b|os\.environ|\bgetenv\b|\bprintenv\b|\benv\s*\|"
)
PUBLISHED = ("docs/", "snippets/")


def spelling(root: Path) -> list[Problem]:
    """Find typing errors; pyproject.toml says where not to look and which words are right."""
    typos = Path(sys.executable).with_name("typos")
    done = subprocess.run(
        [typos, "--format", "json", "."], cwd=root, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode not in (0, 2):
        raise RuntimeError(done.stderr)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        Problem(one["path"].removeprefix("./"), one.get("line_num", 1), f"{one['typo']!r} looks like a typing error",
                "A reader stumbles, and searches for the right word in vain.",
                f"Write {' or '.join(one['corrections'])}. Is it right? Add it to [tool.typos] in pyproject.toml.")
        for one in said if one["type"] == "typo"
    ]  # fmt: skip


def secrets(root: Path, names: list[str]) -> list[Problem]:
    """Find keys, tokens and passwords in files; one that held none is read again when it changes."""
    return [
        problem
        for name in names
        for problem in cache.unless_seen(
            "secret", [root / name, Path(__file__)], partial(secrets_of, root, name)
        )
    ]


def secrets_of(root: Path, name: str) -> list[Problem]:
    """Find keys, tokens and passwords in one file."""
    found = SecretsCollection(root=str(root))
    text = (root / name).read_text("utf-8", errors="replace")
    with default_settings() as settings:
        settings.disable_filters(SLOW_FILTER)
        # A pattern that the whole file does not hold need not be sought line by line, which takes long.
        patterns = [one for one in get_plugins() if isinstance(one, RegexBasedDetector)]
        absent = [one for one in patterns if not any(True for _ in one.analyze_string(text))]
        settings.disable_plugins(*(type(one).__name__ for one in absent))
        found.scan_file(name)
    return [
        Problem(name, secret.line_number, f"holds what looks like a secret: {secret.type}",
                "Whatever is committed once is public for ever.",
                "Revoke it if it is real, and remove it. If it is none, end the line with `pragma: allowlist secret`.")
        for name, secret in found
    ]  # fmt: skip


def private(root: Path, names: list[str]) -> list[Problem]:
    """Find paths of a home folder, and reads of the environment, in what is published."""
    found = []
    for name in names:
        if name.startswith(PUBLISHED):
            for line, text in enumerate((root / name).read_text("utf-8").splitlines(), start=1):
                if match := PRIVATE.search(text):
                    found.append(
                        Problem(name, line, f"names this machine: {match[0]!r}",
                                "It tells readers about you, and means nothing on their machine.", "Remove it.")
                    )  # fmt: skip
    return found


def check(house: House) -> list[Problem]:
    """Scan every text file that is committed, or would be."""
    root = house.root
    every = [n for n in tracked(root) if (root / n).is_file() and Path(n).suffix not in BINARY]
    names = [name for name in every if not UNREAD.search(name)]
    if not names:
        return [nothing_found("files to scan")]
    return [*spelling(root), *secrets(root, names), *private(root, names)]
