"""The command line: what `check` of one page runs, and what it need not run again."""

import pytest

from proof import __main__ as command
from proof import cache, registry
from proof.project import House, page_named


class Run:
    """Stands for a run of a page's tests."""

    passes = True
    started = 0

    def __init__(self, *_: object, **__: object) -> None:
        Run.started += 1

    def wait(self) -> int:
        return 0 if self.passes else 1


def test_tests_that_passed_run_again_once_a_python_file_has_changed(
    small_house: House, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(cache, "FOLDER", tmp_path_factory.mktemp("cache"))
    monkeypatch.setattr(command.subprocess, "Popen", Run)
    monkeypatch.setattr(command.os, "nice", int, raising=False)  # this process goes on
    for step in ("read", "run", "built"):
        monkeypatch.setattr(registry, step, lambda *_: [])

    def started(edited: str = "") -> int:
        if edited:
            path = small_house.root / edited
            path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        before = Run.started
        house = House(small_house.root)
        assert command.check(house, page_named(house, "shift")) is Run.passes
        return Run.started - before

    monkeypatch.setattr(Run, "passes", False)
    assert started() == started() == 1, "tests that failed run again"
    monkeypatch.setattr(Run, "passes", True)
    assert [started(), started(), started("docs/data/shift.md")] == [1, 0, 0]
    for edited in (
        "snippets/data/shift.py",
        "docs/data/figures/shift.py",
        "tests/data/test_shift.py",
    ):
        assert started(edited) == 1, edited
