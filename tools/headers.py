"""The script headers of snippets and chapters, from what they import, and what ruff mends by itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from proof.files import File, imports
from proof.outputs import HEADER
from proof.problem import written as write_if_new
from proof.project import House

WRITE = HEADER + "# dependencies = [{}]\n# ///\n"
WRITTEN = re.compile(r"\A# /// script\n(?:# .*\n)*?# ///\n")
GROUPS = ("snippets", "figures", "reference")


def bounds(root: Path) -> dict[str, str]:
    """Return the requirement of each library that a snippet may import, by its import name."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    requirements = [r for group in GROUPS for r in project["dependency-groups"][group]]
    names = {re.match(r"[\w-]+", r)[0]: r for r in requirements}  # type: ignore[index]
    return {
        name.replace("-", "_").replace("scikit_learn", "sklearn"): r for name, r in names.items()
    }


def with_header(file: File, known: dict[str, str]) -> str:
    """Return the source of a snippet or a chapter with a script header that lists what it imports, in alphabetical order."""
    imported = {name.split(".")[0] for _, name in imports(file.nodes)}
    wanted = sorted(known[name] for name in imported if name in known)
    written = WRITTEN.match(file.source)
    listed = re.findall(r'"([^"]+)"', written[0].partition("dependencies")[2]) if written else None
    same = listed is not None and sorted(listed) == wanted
    if same or file.fault:  # of a file with a fault, the imports are not known
        return file.source
    header = WRITE.format(", ".join(f'"{requirement}"' for requirement in wanted))
    return header + file.source[written.end() if written else 0 :]


def fix(house: House) -> list[Path]:
    """Write the script header of every snippet and chapter; return the files that changed."""
    known, changed = bounds(house.root), list[Path]()
    for file in (*house.snippets, *house.chapters):
        changed += write_if_new(file.path, with_header(file, known))
    lint(house.root)
    return changed


def lint(root: Path) -> None:
    """Let ruff mend imports, old syntax and the like; what it cannot mend, the checks report."""
    command = [sys.executable, "-m", "ruff", "check", "--fix", "--exit-zero", "--quiet", "--no-cache", "."]  # fmt: skip
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
