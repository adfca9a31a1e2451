"""Tests assert something, all of them run, and a claim's test cannot do without its null."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from proof import assertions
from proof.problem import ROOT, demand, report
from proof.project import House

pytest_plugins = ["pytester"]
TEST = "tests/data/test_shift.py"


def test_every_test_asserts_and_runs() -> None:
    problems = assertions.check(House())
    demand(problems)


def test_accepts_the_small_house(small_house: House) -> None:
    assert assertions.check(small_house) == []


HOLDS = """    claim.effect("share", share, knob="limit", on=1, off=0)
    claim.limit("With one row it does not.", "share", share, below=0.5)
"""
FAULTS = {
    "no assertion": (HOLDS, "", "test_lower_limit asserts nothing"),
    "only a call": (HOLDS, "    print(claim)\n", "test_lower_limit asserts nothing"),
    "helper without assertion": (
        HOLDS, "    look()\n\n\ndef look():\n    look()\n", "test_lower_limit asserts nothing",
    ),
    "skipped inside": (HOLDS, f'    pytest.skip("slow")\n{HOLDS}', "can be skipped: pytest.skip"),
    "skipped by a mark": (
        "def test_lower", "@pytest.mark.skipif(True)\ndef test_lower", "can be skipped: pytest.mark.skipif",
    ),
    "expected to fail": ("def test_lower", "@pytest.mark.xfail\ndef test_lower", "can be skipped"),
    "skip by its own name": (
        "def test_lower", "from pytest import skip\n\n\ndef test_lower", "can be skipped: from pytest import skip",
    ),
    "looks away": (HOLDS, "    demand(problems[:0])\n" + HOLDS, "a part of the problems only: problems[:0]"),
    "another fixture called claim": (
        "def test_lower", '@pytest.fixture(name="claim")\ndef quiet():\n    ...\n\n\ndef test_lower', "`claim` of its own",
    ),
    "another claim": ("def test_lower", "def claim():\n    ...\n\n\ndef test_lower", "`claim` of its own"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, broken: Callable[..., House]) -> None:
    old, new, message = FAULTS[fault]
    assert message in report(assertions.check(broken(TEST, (old, new))))


def test_accepts_an_assertion_in_a_helper(broken: Callable[..., House]) -> None:
    helper = "    look()\n\n\ndef look():\n    assert shift\n"
    assert assertions.check(broken(TEST, (HOLDS, helper))) == []


def test_an_empty_house_fails(tmp_path: Path) -> None:
    assert "found no tests to check" in report(assertions.check(House(tmp_path)))


def test_pytest_collects_everything_and_forgives_nothing() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    assert options["ini_options"] == {
        "testpaths": ["tests", "docs", "snippets", "pyproject.toml"],
        "python_files": ["test_*.py"],
        "pythonpath": ["."],
        "addopts": [
            "--import-mode=importlib", "--continue-on-collection-errors", "--strict-markers",
            "--strict-config", "-p", "no:cacheprovider",
        ],
        "filterwarnings": ["error"],
        "xfail_strict": True,
        "empty_parameter_set_mark": "fail_at_collect",
    }  # fmt: skip
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
