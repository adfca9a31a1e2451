"""Format snippets with ruff, and leave their `#>` lines as they are.

A formatter turns `#> 14.5` into `# > 14.5`, which is no output line any more: the lines are
masked as ordinary comments while ruff works. `python -m tools.formatting` formats all snippets.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from proof.files import Snippet
from proof.problem import ROOT, Problem, nothing_found
from proof.project import House

OUTPUT = re.compile(r"^( *)#>(?= |$)", re.MULTILINE)
MASK = "# MASK>"
MASKED = re.compile(rf"^( *){MASK}(?= |$)", re.MULTILINE)


def formatted(sources: list[str]) -> list[str]:
    """Return the sources as ruff formats them, with their output lines untouched.

    Parameters
    ----------
    sources : list of str
        Python files. One run of ruff formats them all.

    Raises
    ------
    SyntaxError
        If ruff can't read a source; its message is ruff's.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"source_{number}.py") for number in range(len(sources))]
        for path, source in zip(paths, sources, strict=True):
            path.write_text(OUTPUT.sub(rf"\1{MASK}", source), "utf-8", newline="\n")
        ruff = [sys.executable, "-m", "ruff", "format", "--no-cache"]
        done = subprocess.run(
            [*ruff, "--config", str(ROOT / "pyproject.toml"), folder],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SyntaxError(done.stderr)
        return [MASKED.sub(r"\1#>", path.read_text("utf-8")) for path in paths]


def unformatted(house: House) -> list[tuple[Snippet, str]]:
    """Return the snippets that ruff would change, each with its formatted source."""
    snippets = [snippet for snippet in house.snippets if not snippet.fault]
    fresh = formatted([snippet.source for snippet in snippets])
    return [pair for pair in zip(snippets, fresh, strict=True) if pair[0].source != pair[1]]


def check(house: House) -> list[Problem]:
    """Check that every snippet is formatted."""
    if not house.snippets:
        return [nothing_found("snippets")]
    found = []
    for snippet, fresh in unformatted(house):
        old, new = snippet.source.splitlines(), fresh.splitlines()
        pairs = enumerate(zip(old, new, strict=False), start=1)
        line = next((number for number, (a, b) in pairs if a != b), min(len(old), len(new)))
        found.append(
            Problem(
                snippet.name, line, "not as the formatter writes it",
                "One style in all files: a reader compares code, not layout.",
                "make fix",
            )
        )  # fmt: skip
    return found


def fix(house: House) -> list[Path]:
    """Format the snippets; return the files that changed."""
    changed = unformatted(house)
    for snippet, fresh in changed:
        snippet.path.write_text(fresh, "utf-8", newline="\n")
    return [snippet.path for snippet, _ in changed]


if __name__ == "__main__":
    for changed_path in fix(House()):
        print(f"formatted {changed_path.relative_to(ROOT)}")
