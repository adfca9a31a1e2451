"""Check 8: docs, snippets and tests have the same rooms, and files name each other."""

from pathlib import Path

import pytest

from proof.problem import demand, report
from proof.project import House
from tools import bad_input, mirror

PAGE, SNIPPET, TEST = "docs/data/shift.md", "snippets/data/shift.py", "tests/data/test_shift.py"


def test_the_house_mirrors() -> None:
    problems = [*mirror.check(House()), *bad_input.check(House())]
    demand(problems)


def test_accepts_the_small_house(small_house: House) -> None:
    assert mirror.check(small_house) == [] == bad_input.check(small_house)


FAULTS = {
    "no such page": (SNIPPET, "Page: docs/data/shift.md", "Page: docs/data/drift.md", "names no page"),
    "no page named": (SNIPPET, "Page: docs/data/shift.md\n", "", "its docstring names no page"),
    "page of another snippet": (
        SNIPPET, "Page: docs/data/shift.md", "Page: docs/reference/sources.md", "which does not embed it",
    ),
    "test without docstring": (TEST, '"""docs/data/shift.md"""', "", "does not name its page"),
    "function without bad input": (TEST, "names_bad_input(share_above, values=[0.1], limit=0.5)", "pass",
                                   "no test feeds share_above bad input"),
    "bad input in no test": (TEST, "def test_bad_input", "def bad_input", "no test feeds share_above bad input"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, broken) -> None:
    name, old, new, message = FAULTS[fault]
    house = broken(name, (old, new))
    assert message in report([*mirror.check(house), *bad_input.check(house)])


def test_rejects_rooms_that_are_missing(small_house: House) -> None:
    root = small_house.root
    (root / "tests/data").rename(root / "tests/date")
    message = report(mirror.check(House(root)))
    assert "there is no folder tests/data" in message
    assert "there is no tests/data/test_shift.py" in message


def test_rejects_a_test_file_without_page(small_house: House) -> None:
    path = small_house.root / TEST
    path.with_name("test_gone.py").write_text(path.read_text("utf-8"), "utf-8")
    assert "there is no page docs/data/gone.md" in report(mirror.check(House(small_house.root)))


def test_an_empty_house_fails(tmp_path: Path) -> None:
    (tmp_path / "snippets").mkdir()
    assert "found no snippets to check" in report(mirror.check(House(tmp_path)))
    assert "found no snippet functions to check" in report(bad_input.check(House(tmp_path)))
