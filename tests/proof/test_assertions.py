"""Tests assert something, all of them run, and a claim's test cannot do without its null."""

import tomllib
from collections.abc import Callable

import pytest

from proof import assertions
from proof.problem import ROOT
from proof.project import House

pytest_plugins = ["pytester"]
TEST = "tests/data/test_shift.py"


HOLDS = """    claim.effect("share", share, knob="limit", on=1, off=0)
    claim.limit("With one row it does not.", "share", share, below=0.5)
"""


def test_accepts_an_assertion_in_a_helper(broken: Callable[..., House]) -> None:
    helper = "    look()\n\n\ndef look():\n    assert shift\n"
    assert assertions.check(broken(TEST, (HOLDS, helper))) == []


def test_pytest_collects_everything_and_forgives_nothing() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    assert options["ini_options"] == {
        "testpaths": ["tests", "docs", "snippets", "pyproject.toml"],
        "python_files": ["test_*.py"],
        "pythonpath": ["."],
        "addopts": [
            "--import-mode=importlib", "--continue-on-collection-errors", "--strict-markers",
            "--strict-config", "-p", "no:cacheprovider", "-p", "proof.plugin",
        ],
        "filterwarnings": ["error"],
        "xfail_strict": True,
        "empty_parameter_set_mark": "fail_at_collect",
    }, "pyproject.toml: pytest looks at less, or forgives more\nmend: restore [tool.pytest.ini_options]; if you mean it, say so here, too"  # fmt: skip
    for conftest in ROOT.glob("tests/**/conftest.py"):
        text = conftest.read_text("utf-8")
        assert "collect_ignore" not in text and "deselected" not in text, conftest


def test_a_claim_asks_for_its_effect_at_the_end_of_its_test(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["proof.plugin"]')
    whole = "claim.effect('x', lambda seed, x: x, knob='x', on=2, off=0, above=1, off_below=0.5, only='whole')"
    limit = "claim.limit('Not here.', 'x', lambda seed: 0, below=1)"
    tests = {"nothing": "None", "no limit": whole, "whole": f"{whole}; {limit}"}
    pytester.makepyfile(
        "\n".join(
            f'def test_{n}(claim):\n    "The whole."\n    {body}'
            for n, body in enumerate(tests.values())
        )
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist")
    result.assert_outcomes(passed=2, failed=1)
    assert "the test never called claim.effect" in result.stdout.str()
