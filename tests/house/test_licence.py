"""Code under MIT, text under CC BY 4.0; both say so where people copy from, and how to cite."""

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from proof.problem import Problem, report
from proof.project import House

ROOT = House().root
SPDX = "# SPDX-License-Identifier: MIT"


def check(house: House) -> list[Problem]:
    """Check that each snippet carries its licence, once, outside of the shown sections."""
    return [
        Problem(
            snippet.name, 1, f"has {snippet.source.splitlines().count(SPDX)} licence lines",
            "Whoever finds the file alone must know what they may do with it.",
            f"Write `{SPDX}` once, alone on its line, below the docstring.",
        )
        for snippet in house.snippets
        if snippet.source.splitlines().count(SPDX) != 1
    ]  # fmt: skip


def validate(path: Path) -> subprocess.CompletedProcess[str]:
    """Hold a citation file to the schema of its format."""
    command = [sys.executable, "-m", "check_jsonschema", str(path)]
    command += ["--builtin-schema", "vendor.citation-file-format"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_snippet_carries_its_licence() -> None:
    problems = check(House())
    assert House().snippets and not problems, report(problems)


@pytest.mark.parametrize("instead", ["", f"{SPDX}\n{SPDX}", "# SPDX-License-Identifier: GPL-3.0"])
def test_rejects_a_snippet_without_it(instead: str, broken) -> None:
    message = report(check(broken("snippets/data/shift.py", (SPDX, instead))))
    assert "snippets/data/shift.py:1: has" in message


def test_the_licence_is_the_same_wherever_it_is_said() -> None:
    licence = (ROOT / "LICENSE").read_bytes()
    assert (
        hashlib.sha256(licence).hexdigest()
        == "b41eee045e06a56b584c67cdf71f6444145748dbf7371246f5c681a5b2e22f42"  # pragma: allowlist secret
    )
    assert licence.startswith(b"MIT License")
    assert b"The text of the pages in docs/ is licensed under CC BY 4.0." in licence
    said = {
        "README.md": "Code is under the MIT licence, text under CC BY 4.0.",
        "mkdocs.yml": "copyright: Code under MIT, text under CC BY 4.0",
        "docs/reference/index.md": "The code is under the MIT licence",
        "docs/reference/catalogue.md": "The code is under the MIT licence",
    }
    for name, sentence in said.items():
        assert sentence in (ROOT / name).read_text("utf-8"), name
    reference = (ROOT / "docs/reference/index.md").read_text("utf-8")
    assert "(https://creativecommons.org/licenses/by/4.0/)" in reference
    for chapter in House().chapters:
        assert chapter.source.count("SPDX-License-Identifier") == chapter.source.count(SPDX) > 0


def test_the_citation_is_valid_and_of_this_version() -> None:
    path = ROOT / "CITATION.cff"
    citation = yaml.safe_load(path.read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["version"] == project["version"]
    site_name = re.search(
        r"^site_name: (.+)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE
    )
    assert citation["title"] == site_name[1]
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
    done = validate(path)
    assert done.returncode == 0, done.stdout


def test_rejects_a_citation_without_authors(tmp_path: Path) -> None:
    path = tmp_path / "CITATION.cff"
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    path.write_text(text.replace("authors:", "writers:"), "utf-8")
    assert "'authors' is a required property" in validate(path).stdout
