"""What a text calls by name exists."""

import inspect
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from proof.problem import ROOT, report
from proof.project import House
from tools import names

PAGE = "docs/data/shift.md"


def test_the_readme_names_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert {"serve", "test"} <= {name for line in lines for name in names.MAKE.findall(line)}


def looked_up(dotted: str) -> Any:
    """Return what a dotted name stands for: a module, an attribute, or a parameter."""
    owner, _, name = dotted.rpartition(".")
    try:
        return import_module(dotted)
    except ModuleNotFoundError:
        parent = looked_up(owner)
    return getattr(parent, name, None) or inspect.signature(parent).parameters[name]


@pytest.mark.parametrize("name", names.ELSEWHERE)
def test_a_name_of_a_library_is_there(name: str) -> None:
    assert names.ELSEWHERE[name].endswith(f".{name}")
    assert looked_up(names.ELSEWHERE[name])


def test_no_name_of_a_library_is_left_over() -> None:
    prose = "\n".join(page.source for page in House().texts)
    assert [name for name in names.ELSEWHERE if name not in prose] == []


def test_accepts_names_of_the_page(broken: Callable[..., House]) -> None:
    house = broken(PAGE, ("See below.", "Call `share_above(values, limit)`."))
    assert names.check(house) == []


GUIDE = """# Guide

`make test` runs `tools/scaffold.py`, as `.venv/bin/python -m tools.scaffold my-page` does.
Import it: `from shift import share_above`, from `snippets/data/shift.py`.
"""
FAULTS = {
    "target": ("make test", "make tset", "there is no make tset"),
    "module": ("-m tools.scaffold", "-m tools.scafold", "there is no tools.scafold"),
    "path": ("tools/scaffold.py", "tools/scafold.py", "there is no tools/scafold.py"),
    "path of Windows": ("tools/scaffold.py", "tools\\scafold.py", "there is no tools/scafold.py"),
    "hidden folder": ("tools/scaffold.py", ".github/workflows/deploy.yml", "there is no .github/workflows/deploy.yml"),
    "function": ("import share_above", "import share_below", "there is no shift.share_below"),
}  # fmt: skip


@pytest.fixture
def guide(small_house: House) -> Path:
    for name in ("Makefile", "tools/scaffold.py"):
        (small_house.root / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, small_house.root / name)
    path = small_house.root / "README.md"
    path.write_text(GUIDE, "utf-8")
    return path


def test_accepts_commands_and_paths_that_exist(guide: Path, small_house: House) -> None:
    assert names.check(small_house) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects_in_a_guide(fault: str, guide: Path, small_house: House) -> None:
    old, new, message = FAULTS[fault]
    guide.write_text(GUIDE.replace(old, new, 1), "utf-8")
    assert message in report(names.check(small_house))
