"""Compile the locked requirements from pyproject.toml: `python -m tools.lock`.

Asks the package index. The files name no index, carry hashes, and serve every supported Python.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

from proof.project import ROOT

# The groups of each file, in the order of compilation: the others keep the first's versions.
FILES = {
    "requirements.txt": ["site"],
    "requirements-test.txt": ["site", "snippets", "figures", "test", "reference", "lock"],
    "requirements-successors.txt": ["site", "snippets", "figures", "successors"],
}
OLDEST_PYTHON = "3.11.5"


def fingerprint(root: Path, name: str, pins: str) -> str:
    """Return the line that ties the pins of a locked file to what they were compiled from."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    groups = {group: sorted(project["dependency-groups"][group]) for group in FILES[name]}
    text = json.dumps([project["project"]["requires-python"], groups, pins], sort_keys=True)
    return f"# make lock, from {', '.join(FILES[name])} of pyproject.toml: {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def compile_file(name: str) -> None:
    """Compile one locked file, keeping the versions it has wherever they still fit."""
    groups = [argument for group in FILES[name] for argument in ("--group", group)]
    names = list(FILES)
    before = names[: names.index(name)]
    constraints = [argument for file in before for argument in ("-c", file)]
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", OLDEST_PYTHON,
        "--generate-hashes", "--no-annotate", "--no-header", "--quiet", *constraints, *groups, "-o", name,
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)
    path = ROOT / name
    pins = path.read_text("utf-8")
    path.write_text(f"{fingerprint(ROOT, name, pins)}\n{pins}", "utf-8", newline="\n")


if __name__ == "__main__":
    for name in FILES:
        compile_file(name)
