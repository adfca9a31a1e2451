"""One fault for each check, planted in a copy of this very repository: each goes red, and says where.

The tests of each check try many faults on a small house. These show that the check looks at the real
one: that it is called, finds its files, and is not satisfied by less.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from proof import registry
from proof.problem import report
from proof.project import House
from tools import safety

DRIFT, SNIPPET = "docs/data/drift-threshold.md", "snippets/data/drift_threshold.py"
TEST, CHAPTER = "tests/data/test_drift_threshold.py", "docs/story/3-money.py"


class Fault(NamedTuple):
    """A change of one file that a check must see."""

    check: str
    file: str
    pattern: str
    replacement: str
    said: str


FAULTS = [
    Fault("tools.mirror", SNIPPET, r"Page: .*", "Page: docs/data/gone.md", "names no page"),
    Fault("tools.door", SNIPPET, r"array = array.astype\(np.float64\)", "array = array.astype(float)", "differs from"),
    Fault("tools.formatting", SNIPPET, r"import numpy as np", "import  numpy as np", "format"),
    Fault("proof.outputs", SNIPPET, r"(#> .*?)(\d)", r"\g<1>7\2", "the page shows"),
    Fault("proof.figures", "docs/data/figures/three_shifts.svg", r"<title[^>]*>", r"\g<0>Not ", "is not what"),
    Fault("proof.embeds", DRIFT, r'drift_threshold\.py:function"', 'drift_threshold.py:functon"', "has no section"),
    Fault("proof.numbers", DRIFT, r"(?<=\d)\.(\d)%", r".9\1%", "computed here or cited"),
    Fault("proof.sources", DRIFT, r"\[\^lewis-1992\](?!:)", "[^lewis-1991]", "which the ledger lacks"),
    Fault("proof.stated", DRIFT, r'!!! claim "', '!!! claim "Always: ', "no test holds the claim"),
    Fault("proof.assertions", TEST, r"\Z", "\n\ndef test_nothing() -> None:\n    pass\n", "asserts nothing"),
    Fault("proof.chapters", CHAPTER, r"\n# # ", "\n# # Not: ", "lacks this cell"),
    Fault("proof.execution", "docs/story/3-money.ipynb", r'("text": \[\s*"[^"]*?)(\d)', r"\g<1>9\2", "the run printed"),
    Fault("tools.story", CHAPTER, r"(# snippets/[\w/]+\.py:function\n)", r"\1import os\n", "is not the code of"),
    Fault("tools.bad_input", TEST, r"names_bad_input\(\s*drift_threshold", "print(drift_threshold", "feeds drift_threshold bad input"),
    Fault("tools.names", DRIFT, r"\n## Pitfalls\n", r"\n## Pitfalls\n\nCall `drift_treshold`.\n", "drift_treshold"),
    Fault("tools.prose", DRIFT, r"\n## Pitfalls\n", r"\n## Pitfalls\n\nTODO\n", "was left on the page"),
    Fault("tools.scan", DRIFT, r"\n## Pitfalls\n", r"\n## Pitfalls\n\nWe recieve rows.\n", "looks like a typing error"),
    Fault("tools.docstrings", SNIPPET, r"\n    current_size : ", "\n    size_of_it : ", "docstring"),
    Fault("tools.catalogue", SNIPPET, r"Task: ", "Task: not ", "the catalogue is stale"),
    Fault("tools.topics", DRIFT, r"tags: \[drift", "tags: [drfit", "is no topic"),
    Fault("tools.glossary", "docs/reference/glossary.md", r"\n## [^\n]*\n\n[^\n]*\n", "\n## Zebra { #zebra }\n\nIt.\n", "ebra"),
    Fault("tools.schema", DRIFT, r"\ndescription: .*", "", "description"),
    Fault("tools.schema", "mkdocs.yml", r"strict: true", "strict: false", "mkdocs.yml:10: strict"),
    Fault("tools.addresses", "tools/addresses.txt", r"\n/data/drift-threshold/\n", "\n/data/drift-treshold/\n", "is gone"),
    Fault("tools.safety", DRIFT, r"\n## Pitfalls\n", "\n## Pitfalls\u200b\n", "invisible"),
    Fault("tools.built", DRIFT, r"\n## Pitfalls\n", r"\n## Pitfalls\n\n<script>1</script>\n", "<script"),
]  # fmt: skip
CHECKS = [
    m.__name__ for m in registry.modules(House()) if any(n.startswith("check") for n in vars(m))
]
UNPLANTED = {"tools.headers"}  # mends, and checks nothing


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of this repository, as a clone would have it."""
    root = safety.copy_to(tmp_path_factory.mktemp("planted"))
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)  # which files count, git says
    return root


@pytest.fixture
def planted(request: pytest.FixtureRequest, twin: Path) -> Iterator[tuple[Fault, House]]:
    """Plant a fault, and take it out again."""
    fault: Fault = request.param
    path = twin / fault.file
    before = path.read_text("utf-8")
    after = re.sub(fault.pattern, fault.replacement, before, count=1)
    assert after != before, f"{fault.file} no longer holds {fault.pattern!r}"
    path.write_text(after, "utf-8")
    yield fault, House(twin)
    path.write_text(before, "utf-8")


@pytest.mark.parametrize("planted", FAULTS, ids=lambda fault: fault.check, indirect=True)
def test_goes_red(planted: tuple[Fault, House]) -> None:
    fault, house = planted
    [module] = [m for m in registry.modules(House()) if m.__name__ == fault.check]
    found = list(module.check(house)) if hasattr(module, "check") else []
    for function, files in {**registry.of_a_file(house), "check_built": house.pages}.items():
        if hasattr(module, function):
            own = [file for file in files if file.name == fault.file or _drawn(file) == fault.file]
            found += [problem for file in own for problem in getattr(module, function)(file, house)]
    assert fault.said in report(found), f"{fault.check} no longer sees this fault in {fault.file}"


def _drawn(file: object) -> str:
    """Return the drawing or the notebook that a file makes."""
    path = getattr(file, "notebook", None) or getattr(file, "drawing", None)
    return path.relative_to(file.root).as_posix() if path else ""  # type: ignore[attr-defined]


def test_every_check_has_a_fault() -> None:
    assert {fault.check for fault in FAULTS} == set(CHECKS) - UNPLANTED
