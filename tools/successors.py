"""Build the same pages with a successor of MkDocs: `python -m tools.successors properdocs` or `zensical`.

Compares the addresses of the pages with those of MkDocs, because a successor that ignores a plugin
reports no issue: what it dropped shows as a missing page. `--report FILE` writes the list as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from proof.project import ROOT

ENVIRONMENT = ROOT / ".venv-successors"
LOCK = ROOT / "requirements-successors.txt"
SITE_URL = "http://127.0.0.1:8000/"
# How each of them builds `mkdocs.yml` into a folder `site` beside it.
COMMANDS = {
    "mkdocs": ["mkdocs", "build", "--strict", "--clean"],
    "properdocs": ["properdocs", "build", "--strict", "--clean", "-f", "mkdocs.yml"],
    "zensical": ["zensical", "build", "--clean", "-f", "mkdocs.yml"],
}


def addresses(site: Path) -> set[str]:
    """Return the address of every page of a built site."""
    return {
        path.relative_to(site).as_posix().removesuffix("index.html")
        for path in site.rglob("*.html")
    }


def compare(ours: set[str], theirs: set[str]) -> list[dict[str, str]]:
    """Return the pages that only one of two sites has.

    Raises
    ------
    ValueError
        If MkDocs built no page: there is nothing to compare with.
    """
    if not ours:
        raise ValueError("MkDocs built no page: nothing was compared")
    return [
        {"page": f"/{address}", "what": "is missing" if address in ours else "is new"}
        for address in sorted(ours ^ theirs)
    ]


def install() -> Path:
    """Make the environment of the successors from its locked file; return its Python."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
    return python


def build(generator: str, python: Path, folder: Path) -> set[str]:
    """Build a copy of this checkout, cold, with one generator; return the addresses of its pages."""
    copy = folder / generator
    unused = shutil.ignore_patterns(".*", "__pycache__", "site", "tests")
    shutil.copytree(ROOT, copy, ignore=unused)
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": SITE_URL}
    subprocess.run(
        [python, "-m", *COMMANDS[generator]], cwd=copy, env=environment, check=True
    )  # a generator that fails has said why
    return addresses(copy / "site")


def main() -> int:
    """Build with MkDocs and with a successor, and say which pages differ; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.successors", description=__doc__)
    parser.add_argument("successor", choices=[name for name in COMMANDS if name != "mkdocs"])
    parser.add_argument("--report", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    python = install()
    with tempfile.TemporaryDirectory() as folder:
        ours = build("mkdocs", python, Path(folder))
        try:
            differ = compare(ours, build(arguments.successor, python, Path(folder)))
        except subprocess.CalledProcessError as error:
            differ = [{"page": "", "what": f"the build failed with exit code {error.returncode}"}]
    title = f"{arguments.successor}: {len(ours)} pages by MkDocs, {len(differ)} differences"
    print("\n".join([title, *(f"{one['page']} {one['what']}" for one in differ)]))
    if arguments.report:
        see = f".venv/bin/python -m tools.successors {arguments.successor}"
        report = {"title": title, "see": see, "differences": differ}
        arguments.report.parent.mkdir(parents=True, exist_ok=True)
        arguments.report.write_text(json.dumps(report, indent=2), "utf-8")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
