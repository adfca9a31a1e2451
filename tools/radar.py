"""Run the snippet suite at an end of the promised range: `python -m tools.radar lowest` or `newest`.

Headers promise lower bounds. The lowest end is, for each library, the oldest release at or above
its bound that has a wheel for the running Python: numpy 2.0 on 3.11, 2.3.2 on 3.14.
The newest end is whatever the index offers today. `--report FILE` writes what differs as JSON:
page, place and difference.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict, dataclass
from pathlib import Path

from proof.claims import page_of
from proof.project import ROOT, House

RESOLUTION = {"lowest": "lowest-direct", "newest": "highest"}
HEADER = re.compile(r"^# /// script\n(?P<toml>(?:# .*\n)+)# ///$", re.MULTILINE)
PROBLEM = re.compile(r"(snippets/\S+\.py:\d+): (.+)$", re.MULTILINE)
# What the tests of the pages import from the group `test`; the rest of it serves the house.
SUITE = {"beautifulsoup4", "filelock", "html5lib", "hypothesis", "pytest", "pytest-examples", "pytest-xdist"}  # fmt: skip
OUTPUTS = "tests/house/test_outputs.py::test_snippet_prints_what_it_shows"


@dataclass(frozen=True)
class Difference:
    """Something that holds under the lock and not at this end."""

    page: str
    where: str  # file:line
    what: str


def name_of(requirement: str) -> str:
    """Return the library that a requirement asks for."""
    match = re.match(r"[\w.-]+", requirement)
    assert match, f"no requirement: {requirement!r}"
    return match[0].lower()


def promises(house: House) -> list[str]:
    """Return every requirement that the header of a snippet promises to run with."""
    found = set()
    for snippet in house.snippets:
        if header := HEADER.search(snippet.source):
            toml = "".join(line.removeprefix("# ") for line in header["toml"].splitlines(True))
            found |= set(tomllib.loads(toml)["dependencies"])
    return sorted(found)


def tooling(root: Path, promised: list[str]) -> list[str]:
    """Return what the suite itself needs, without a word on the promised libraries."""
    groups = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    names = {name_of(requirement) for requirement in promised}
    suite = [requirement for requirement in groups["test"] if name_of(requirement) in SUITE]
    return [r for r in (*suite, *groups["reference"]) if name_of(r) not in names]


def install(end: str, house: House) -> Path:
    """Make the environment of an end from scratch; return its Python."""
    folder = house.root / f".venv-{end}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    promised = promises(house)
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)  # fmt: skip
    bounds, pins, rest = folder / "promised.in", folder / "promised.txt", folder / "tooling.in"
    bounds.write_text("\n".join(promised), "utf-8")
    rest.write_text("\n".join(tooling(house.root, promised)), "utf-8")
    wheels = ["--quiet", "--python", str(python), "--only-binary", ":all:"]
    subprocess.run(
        [*uv, "pip", "compile", *wheels, "--resolution", RESOLUTION[end], bounds, "-o", pins],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    subprocess.run([*uv, "pip", "install", *wheels, "-r", pins, "-r", rest], check=True)
    return python


def differences(report: str, house: House) -> list[Difference]:
    """Return what a JUnit report of the suite says differs, in the order of the report."""
    pages = {snippet.name: snippet.page[1] for snippet in house.snippets if snippet.page}
    found = []
    for case in ElementTree.fromstring(report).iter("testcase"):
        name = case.get("name") or ""
        module = case.get("classname") or name
        test = module.replace(".", "/") + ".py"
        for failure in (*case.iter("failure"), *case.iter("error")):
            text = f"{failure.get('message', '')}\n{failure.text or ''}"
            if test == OUTPUTS.split("::")[0]:
                for where, what in dict.fromkeys(PROBLEM.findall(text)):
                    page = pages.get(where.split(":")[0], "")
                    found.append(Difference(page, where, what))
                continue
            raised = re.search(r"^E +(.+)$", text, re.MULTILINE)
            what = raised[1] if raised else text.strip().splitlines()[0]
            found.append(Difference(page_of(test, house), f"{test}::{name}", what))
    return found


def main() -> int:
    """Install one end, run the suite there, say what differs; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.radar", description=__doc__)
    parser.add_argument("end", choices=RESOLUTION)
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what differs there")
    arguments = parser.parse_args()
    house = House(ROOT)
    print(f"Installing the {arguments.end} versions into .venv-{arguments.end}", flush=True)
    python = install(arguments.end, house)
    folder = python.parent.parent
    pins = re.findall(r"^[\w.-]+==\S+", (folder / "promised.txt").read_text("utf-8"), re.MULTILINE)
    names = {name_of(requirement) for requirement in promises(house)}
    versions = ", ".join(
        [f"Python {platform.python_version()}", *(pin for pin in pins if name_of(pin) in names)]
    )
    print(versions, flush=True)
    junit = folder / "report.xml"
    junit.unlink(missing_ok=True)
    sections = [f"tests/{section}" for section in house.sections]
    command = [str(python), "-m", "pytest", "-q", "-n", "auto", "--tb=short", f"--junitxml={junit}"]
    environment = {
        **os.environ,
        "SNIPPET_CPU_BUDGET": "60",
    }  # digits are the question here, not time
    done = subprocess.run([*command, *sections, OUTPUTS], cwd=ROOT, env=environment, check=False)
    found = differences(junit.read_text("utf-8"), house) if junit.exists() else []
    for one in found:
        print(f"{one.page}: {one.where}: {one.what}")
    if arguments.report:
        report = {
            "title": f"{arguments.end} versions: {versions}",
            "see": f"make test-{arguments.end}",
            "failed": done.returncode != 0,
            "differences": [asdict(one) for one in found],
        }
        arguments.report.parent.mkdir(parents=True, exist_ok=True)
        arguments.report.write_text(json.dumps(report, indent=2), "utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
