"""Mutants: a fault that no test notices is reported, one that is noticed is not."""

import subprocess

import pytest

from proof.project import House
from tools import mutants

HOUSE = House()


def test_chooses_by_file_and_by_section() -> None:
    assert [s.path.stem for s in mutants.chosen(["drift_threshold"], HOUSE)] == ["drift_threshold"]
    assert {s.path.parent.name for s in mutants.chosen(["data", "fairness"], HOUSE)} == {
        "data",
        "fairness",
    }
    assert len(mutants.chosen([], HOUSE)) > 50
    with pytest.raises(SystemExit, match="no snippet with a function is called gone"):
        mutants.chosen(["gone"], HOUSE)


def test_what_all_snippets_share_is_broken_in_none() -> None:
    [snippet] = mutants.chosen(["cost_threshold"], HOUSE)
    patterns = mutants.functions(snippet)
    assert "snippets.requirements.cost_threshold.x_break_even__mutmut_*" in patterns
    assert not [pattern for pattern in patterns if "x__numbers" in pattern]


def test_survivors_are_shown_and_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what mutmut writes; the command itself takes minutes, and runs it for real."""
    said = {
        "results": "    a.x_f__mutmut_1: killed\n    a.x_f__mutmut_2: survived\n    a.x_g__mutmut_1: not checked\n",
        "show": "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-    return 1\n+    return 2\n",
    }

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, said.get(command[3], ""))

    monkeypatch.setattr(mutants, "copy_to", lambda folder: None)
    monkeypatch.setattr(mutants.subprocess, "run", run)
    assert mutants.main(["drift_threshold"]) == 1
    out = capsys.readouterr().out
    assert "snippets/data/drift_threshold.py: 1 of 2 killed\n-    return 1\n+    return 2\n" in out
    assert "all: 50.0% of 2 killed; at least 95% is asked" in out
    said["results"] = "    a.x_f__mutmut_1: killed\n"
    assert mutants.main(["drift_threshold"]) == 0
    said["results"] = ""
    with pytest.raises(SystemExit, match="nothing was tried"):
        mutants.main(["drift_threshold"])
