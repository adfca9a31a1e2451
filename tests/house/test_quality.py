"""Snippets and tools are typed, snippets are formatted, and docstrings say what the code does."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from proof.project import House
from tools import formatting

ROOT = House().root
SNIPPET = "snippets/data/shift.py"


def mypy(*files: str) -> str:
    """Return what mypy finds; of unreachable code the statements, which it passes over without a word."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--warn-unreachable", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    lines = done.stdout.splitlines()
    return "\n".join(n for n in lines if "[unreachable]" not in n or "Statement is" in n)


def test_tools_and_snippets_are_typed() -> None:
    found = mypy()
    assert not found, (
        f"{found}\nsee for yourself: .venv/bin/mypy --warn-unreachable\n"
        "mend: mypy takes a float for no Real, and reads nothing below `if not isinstance(x, Real): raise`; "
        "check x at the door, with a function of tools/templates/door.py"
    )


def test_a_wrong_type_is_seen(tmp_path: Path) -> None:
    wrong = "def half(x: int) -> int:\n    return x / 2\n\n\ndef twice(x): ...\n"
    (tmp_path / "wrong.py").write_text(wrong, "utf-8")
    found = mypy(str(tmp_path / "wrong.py"))
    assert "wrong.py:2: error: Incompatible return value" in found
    assert "wrong.py:5: error: Function is missing a type annotation" in found, (
        "pyproject.toml no longer asks for every type\nmend: strict = true, under [tool.mypy]"
    )


def test_code_that_mypy_passes_over_is_seen(tmp_path: Path) -> None:
    unread = "    if not isinstance(x, Real):\n        raise TypeError\n    return 'no float'\n"
    code = f"from numbers import Real\n\n\ndef half(x: float) -> float:\n{unread}"
    (tmp_path / "unread.py").write_text(code, "utf-8")
    assert "unread.py:7: error: Statement is unreachable" in mypy(str(tmp_path / "unread.py"))


def test_an_unsafe_call_is_seen() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
    done = subprocess.run(
        [*command, "--stdin-filename", "tools/wrong.py", "-"], input="import pickle\n\neval(pickle.load())\n",
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert {"S301", "S307", "D100"} <= set(done.stdout.split()), (
        f"{done.stdout}\nmend: restore what pyproject.toml selects under [tool.ruff.lint]"
    )


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
