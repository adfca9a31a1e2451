"""Snippets and tools are typed, snippets are formatted, and docstrings say what the code does."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from proof.problem import demand, report
from proof.project import House
from tools import docstrings, formatting

ROOT = House().root
SNIPPET = "snippets/data/shift.py"


def mypy(*files: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *files]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_tools_and_snippets_are_typed() -> None:
    done = mypy()
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nsee for yourself: .venv/bin/mypy"


def test_a_wrong_type_is_seen(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text("def half(x: int) -> int:\n    return x / 2\n", "utf-8")
    done = mypy(str(tmp_path / "wrong.py"))
    assert done.returncode == 1 and "wrong.py:2: error: Incompatible return value" in done.stdout


def test_every_snippet_is_formatted() -> None:
    problems = formatting.check(House())
    demand(problems)


def test_every_docstring_says_what_the_code_does() -> None:
    problems = docstrings.check(House())
    demand(problems)


def test_accepts_the_small_house(small_house: House) -> None:
    assert formatting.check(small_house) == docstrings.check(small_house) == []


def test_a_check_without_snippets_fails(tmp_path: Path) -> None:
    (tmp_path / "snippets").mkdir()
    assert formatting.check(House(tmp_path)) and docstrings.check(House(tmp_path))


def test_formatting_mends_code_and_keeps_output_lines(broken: Callable[..., House]) -> None:
    good = broken(SNIPPET).snippets[0].source
    house = broken(
        SNIPPET, ("np.mean(np.array(values) > limit)", "np.mean( np.array(values)>limit )")
    )
    [problem] = formatting.check(house)
    assert problem.line == good[: good.index("np.mean")].count("\n") + 1
    assert formatting.fix(house) == [house.root / SNIPPET]
    assert (house.root / SNIPPET).read_text("utf-8") == good and "    #> rows above" in good


def test_formatting_touches_nothing_it_cannot_read() -> None:
    assert formatting.formatted(["print(1)\n#> 1\n#>\n"]) == ["print(1)\n#> 1\n#>\n"]
    with pytest.raises(SyntaxError, match="source_0"):
        formatting.formatted(["def f(:\n"])


DEFINITION = "def share_above(values: ArrayLike, limit: float) -> float:"
FAULTS = {
    "no page": ("Page: docs/data/shift.md\n", "", "its docstring has no Page"),
    "no source": ("Source: none", "", "its docstring has no Source"),
    "no first line": ("share of rows above", "share of rows\nabove", "has no first line"),
    "no type": ("limit: float)", "limit)", "no type for limit"),
    "no type of the result": (") -> float:", "):", "no type for its result"),
    "new argument": ("limit: float)", "limit: float, seed: int = 0)", "takes values, limit, seed"),
    "renamed argument": ("    limit : float", "    bound : float", "documents values, bound"),
    "no shape": ("array-like of shape (n,)", "array-like", "does not say the shape of values"),
    "no shape of the result": (
        ") -> float:", ") -> NDArray[np.float64]:", "does not say the shape that it returns",
    ),
    "no result": ("    Returns\n    -------\n", "", "does not say what it returns"),
    "an error too few": ("    ValueError\n", "    TypeError\n", "raises ValueError, its docstring says TypeError"),
    "an error of a helper": ("    _check(values)\n", "    _check(values), _more()\n", "raises TypeError, ValueError"),
    "an error too many": ("    ValueError\n", "    ValueError, KeyError\n", "says KeyError, ValueError"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects_a_docstring(fault: str, broken: Callable[..., House]) -> None:
    old, new, what = FAULTS[fault]
    problems = docstrings.check(broken(SNIPPET, (old, new)))
    assert any(what in problem.what for problem in problems), report(problems)
    assert len(problems) == 1
