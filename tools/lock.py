"""Compile the locked requirements: `make lock`, or `make lock UPGRADE=numpy` or `UPGRADE=all`.

Asks the package index. The files name no index, carry hashes, and serve every supported Python.
A version that stands in a file stays, whoever wrote it there, if the bounds of pyproject.toml allow it;
its hashes are always asked for anew. So this command also completes what an update bot has raised.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.version import Version

from proof.problem import ROOT

# The groups of each file. The first is compiled first and holds all; the other takes its versions.
FILES = {
    "requirements-test.txt": ["site", "figures", "test", "lock"],
    "requirements.txt": ["site"],
}
OLDEST_PYTHON = "3.11.5"
PIN = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?P<marker> ; [^\\\n]+?)?(?= \\$|$)", re.M
)


def fingerprint(root: Path, name: str, pins: str) -> str:
    """Return the line that ties the pins of a locked file to what they were compiled from."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    made_from = [project["project"]["requires-python"], project["dependency-groups"], FILES[name]]
    made_from.append(project["tool"].get("uv"))  # an index of its own, say
    text = json.dumps([*made_from, pins], sort_keys=True)
    return f"# make lock, from pyproject.toml: {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def preferred(root: Path) -> str:
    """Return the pins of all files without hashes; of two versions of a package, the newer one.

    A bot may have raised a package in one file only.
    """
    newest: dict[tuple[str, str], Version] = {}
    for name in FILES:
        text = (root / name).read_text("utf-8") if (root / name).exists() else ""
        for pin in PIN.finditer(text):
            key, version = (pin["name"], pin["marker"] or ""), Version(pin["version"])
            newest[key] = max(version, newest.get(key, version))
    return "".join(f"{name}=={newest[name, marker]}{marker}\n" for name, marker in sorted(newest))


def compile_file(name: str, pins: str, upgrade: str = "") -> None:
    """Compile one locked file, keeping the pins wherever they still fit.

    Parameters
    ----------
    name : str
        One of FILES.
    pins : str
        What uv finds in the file before it begins; without hashes, so that none is kept.
    upgrade : str
        A package to raise to its newest allowed version, ``all``, or nothing.
    """
    path, first = ROOT / name, next(iter(FILES))
    groups = [argument for group in FILES[name] for argument in ("--group", group)]
    raised = (
        ["--upgrade"] if upgrade == "all" else ["--upgrade-package", upgrade] if upgrade else []
    )
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", OLDEST_PYTHON,
        "--generate-hashes", "--no-annotate", "--no-header", "--quiet", *groups, "-o", name,
        *(raised if name == first else ["-c", first]),
    ]  # fmt: skip
    path.write_text(pins, "utf-8", newline="\n")
    subprocess.run(command, cwd=ROOT, check=True)
    locked = path.read_text("utf-8")
    path.write_text(f"{fingerprint(ROOT, name, locked)}\n{locked}", "utf-8", newline="\n")


if __name__ == "__main__":
    known = preferred(ROOT)
    for file in FILES:
        compile_file(file, known, *sys.argv[1:2])
