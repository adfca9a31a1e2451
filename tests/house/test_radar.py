"""The radar reads its bounds from the headers and its findings from the suite; successors are compared."""

import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from proof.project import ROOT, House
from tools import radar, successors

GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
JUNIT = """<testsuites><testsuite>
<testcase classname="tests.house.test_outputs" name="test_snippet_prints_what_it_shows[snippets/data/shift.py]">
<failure message="AssertionError: snippets/data/shift.py:26: the page shows 'a: 75%', the run printed 'a: 74%'&#10;    why: x">
E   AssertionError: snippets/data/shift.py:26: the page shows 'a: 75%', the run printed 'a: 74%'
</failure></testcase>
<testcase classname="tests.data.test_shift" name="test_lower_limit"><failure message="assert 1 == 2">
snippets/data/shift.py:12: in share_above
E   assert 1 == 2
</failure></testcase>
<testcase classname="" name="tests.data.test_other"><error message="collection failure">
tests/data/test_other.py:3: in &lt;module&gt;
E   ImportError: cannot import name 'mapping' from 'onnx'
</error></testcase>
<testcase classname="tests.data.test_fine" name="test_fine" />
</testsuite></testsuites>"""


def test_what_headers_promise_is_collected() -> None:
    promised = radar.promises(House())
    assert {"numpy>=2.0", "scikit-learn>=1.6"} <= set(promised)
    bounds = {*GROUPS["snippets"], *GROUPS["reference"]}
    assert set(promised) <= bounds


def test_the_suite_does_not_bound_what_headers_promise() -> None:
    promised = radar.promises(House())
    names = {radar.name_of(requirement) for requirement in promised}
    tooling = radar.tooling(ROOT, promised)
    assert not names & {radar.name_of(requirement) for requirement in tooling}
    assert {radar.name_of(one) for one in GROUPS["test"]} >= radar.SUITE
    assert {radar.name_of(one) for one in tooling} >= radar.SUITE


def test_differences_name_page_place_and_what(small_house: House) -> None:
    assert radar.differences(JUNIT, small_house) == [
        radar.Difference(
            "docs/data/shift.md",
            "snippets/data/shift.py:26",
            "the page shows 'a: 75%', the run printed 'a: 74%'",
        ),
        radar.Difference(
            "docs/data/shift.md", "tests/data/test_shift.py::test_lower_limit", "assert 1 == 2"
        ),
        radar.Difference(
            "docs/data/other.md",
            "tests/data/test_other.py::tests.data.test_other",
            "ImportError: cannot import name 'mapping' from 'onnx'",
        ),
    ]


def test_the_test_of_the_outputs_is_where_the_radar_runs_it() -> None:
    name, test = radar.OUTPUTS.split("::")
    assert f"def {test}(" in (ROOT / name).read_text("utf-8")


def test_a_dropped_page_shows() -> None:
    assert successors.compare({"", "data/"}, {"", "story/"}) == [
        {"page": "/data/", "what": "is missing"},
        {"page": "/story/", "what": "is new"},
    ]
    assert successors.compare({"", "data/"}, {"", "data/"}) == []
    with pytest.raises(ValueError, match="nothing was compared"):
        successors.compare(set(), set())


def test_addresses_are_those_of_a_browser(tmp_path: Path) -> None:
    for name in ("index.html", "data/index.html", "404.html", "data/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", "utf-8")
    assert successors.addresses(tmp_path) == {"", "data/", "404.html"}


COLLECT = """
import sys
sys.modules.update(dict.fromkeys(sys.argv.pop(1).split(), None))  # importing one of them fails
import pytest
sys.exit(pytest.main(["--collect-only", "-q", *sys.argv[1:]]))
"""


def test_the_suite_imports_nothing_that_the_radar_does_not_install() -> None:
    promised = radar.promises(House())
    wanted = {radar.name_of(one) for one in (*promised, *radar.tooling(ROOT, promised))}
    installed: set[str] = set()
    while new := wanted - installed:
        installed |= new
        wanted |= {name for one in new for name in needs(one)}
    absent = [
        module
        for module, owners in metadata.packages_distributions().items()
        if not installed & {canonicalize_name(owner) for owner in owners}
    ]
    assert {"yaml", "mkdocs"} <= {*absent}
    suite = [*(f"tests/{section}" for section in House().sections), radar.OUTPUTS]
    command = [sys.executable, "-c", COLLECT, " ".join(absent), *suite]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def needs(name: str) -> set[str]:
    """Return the libraries that an installed one needs here; none if it is not installed."""
    try:
        requirements = map(Requirement, metadata.requires(name) or [])
    except metadata.PackageNotFoundError:  # of another system
        return set()
    return {
        canonicalize_name(one.name)
        for one in requirements
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }
