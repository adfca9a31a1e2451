"""The rehearsal runs every step of the workflows, or says why not; nothing passes unseen."""

import subprocess
from pathlib import Path

import pytest

from proof.problem import ROOT, report
from tools import rehearse

WORKFLOW = """\
jobs:
  build:
    if: always()
    steps:
      - uses: actions/checkout@0
      - run: test "$WHO" = "owner/name" && test -z "$SECRET"
        env:
          WHO: ${{ github.repository }}
      - run: python -c "import sys; sys.exit(sys.argv[1:] != ['here'])" here
  other:
    steps:
      - if: runner.os == 'Windows'
        run: exit 1
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SECRET", "a variable of this machine")
    (tmp_path / rehearse.FOLDER).mkdir(parents=True)
    (tmp_path / rehearse.FOLDER / "a.yml").write_text(WORKFLOW, "utf-8")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    return tmp_path


def test_steps_run_in_a_bare_environment(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rehearse.rehearse(house) == []
    said = capsys.readouterr().out
    assert said.count("left out: ") == 2 and len(said.splitlines()) == 4


FAULTS = {
    "a step that fails": ("!= ['here']", "== ['here']", 9, "fails:"),
    "an unknown action": ("actions/checkout@0", "actions/cache@0", 5, "uses actions/cache@0, which is in no table"),
    "an unknown condition": ("if: always()", "if: failure()", 6, "'failure()' is in no table"),
    "a context that does not exist": ("github.repository", "github.repo", 6, "'github.repo' is in no table"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_fails_or_is_unknown_is_reported(fault: str, house: Path) -> None:
    old, new, line, what = FAULTS[fault]
    path = house / rehearse.FOLDER / "a.yml"
    path.write_text(WORKFLOW.replace(old, new), "utf-8")
    first = rehearse.rehearse(house)[0]
    assert what in first.what and (first.file, first.line) == (f"{rehearse.FOLDER}/a.yml", line)


def test_no_workflow_is_a_problem(tmp_path: Path) -> None:
    assert "found no steps" in report(rehearse.rehearse(tmp_path))


def test_every_step_of_the_workflows_is_run_or_left_out() -> None:
    paths = [
        path for path in (ROOT / rehearse.FOLDER).iterdir() if path.name not in rehearse.SKIPPED
    ]
    every = [step for path in paths for step in rehearse.steps(path)]
    problems = [problem for step in every for problem in rehearse.unknown(step)]
    assert len(paths) >= 3 and not problems, report(problems)
    used = {one for step in every for one in step.conditions}
    assert rehearse.HOLDS | set(rehearse.CONDITIONS) == used, (
        "a condition that nobody uses any more"
    )


def test_the_suite_starts_from_a_bare_environment() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")
    assert "env -i HOME=" in script
    assert [
        line for line in script.splitlines() if "make " in line and not line.startswith("bare ")
    ] == []
