"""Run what the workflows run, before they do: `python -m tools.rehearse`, or `make rehearse`.

In a fresh clone of the last commit and a bare environment, step by step, as GitHub does. What cannot
be done here stands in a table with its reason; a step that is neither run nor in a table fails.
pytest only collects: `make test` runs the tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from proof.problem import ROOT, Problem, nothing_found, report

FOLDER = ".github/workflows"
# Workflows that are not rehearsed, actions and conditions that mean nothing here, each with its reason.
SKIPPED = {
    "radar.yml": "asks the package index for other versions: make test-lowest, make successor"
}
ACTIONS = {
    "actions/checkout": "the clone is the checkout",
    "actions/setup-python": "the Python that runs this",
    "actions/configure-pages": "asks GitHub for the address",
    "actions/upload-artifact": "an upload",
    "actions/upload-pages-artifact": "an upload",
    "actions/deploy-pages": "the deployment",
}
CONDITIONS = {
    "runner.os == 'Windows'": "another operating system",
    "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')": "no job failed",
}
# Conditions that hold here, and what the expressions of the other steps stand for.
HOLDS = {
    "runner.os != 'Windows'", "github.event_name == 'pull_request'", "always()",
    "needs.changes.outputs.text_only != 'true'", "github.ref == 'refs/heads/main'",
}  # fmt: skip
VALUES = {
    "steps.pages.outputs.base_url": "http://127.0.0.1:8000",
    "github.server_url": "https://example.org",
    "github.repository": "owner/name",
}
EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")


@dataclass(frozen=True)
class Step:
    """A step of a job, and where it stands."""

    file: str
    line: int
    job: str
    conditions: tuple[str, ...]  # of the job and of the step
    content: dict[str, Any]
    machine: str = "bare"  # what its job installs: two jobs of one kind share a clone

    @property
    def place(self) -> str:
        """Its workflow and its job."""
        return f"{Path(self.file).name}/{self.job}"

    @property
    def name(self) -> str:
        """Its command in one line, or its action."""
        return "; ".join(str(self.content.get("run") or self.content.get("uses")).splitlines())

    def problem(self, what: str, mend: str) -> Problem:
        """Return a problem of this step."""
        why = "What is not rehearsed is found broken by the first pull request."
        return Problem(self.file, self.line, f"job {self.job}: {what}", why, mend)


def steps(path: Path) -> Iterator[Step]:
    """Yield every step of a workflow, in order."""
    text = path.read_text("utf-8")
    for name, job in yaml.safe_load(text)["jobs"].items():
        scripts = " ".join(str(step.get("run")) for step in job["steps"])
        installs = re.search(r"bootstrap\.py (\w+)", scripts)
        for content in job["steps"]:
            conditions = tuple(str(one["if"]) for one in (job, content) if "if" in one)
            near = str(content.get("run") or content.get("uses")).splitlines()[0]
            line = text[: max(text.find(near), 0)].count("\n") + 1
            machine = installs[1] if installs else "bare"
            yield Step(f"{FOLDER}/{path.name}", line, name, conditions, content, machine)


def left_out(step: Step) -> str | None:
    """Return why a step is not run here, None if it is."""
    if "uses" in step.content:
        return ACTIONS.get(step.content["uses"].split("@")[0])
    return next((CONDITIONS[one] for one in step.conditions if one in CONDITIONS), None)


def unknown(step: Step) -> list[Problem]:
    """Return what of a step can be neither run nor left out."""
    tables = "Add it to the tables of tools/rehearse.py: its value here, or why it is left out."
    if "uses" in step.content:
        known = step.content["uses"].split("@")[0] in ACTIONS
        return [] if known else [step.problem(f"uses {step.name}, which is in no table", tables)]
    words = [one for one in step.conditions if one not in HOLDS | set(CONDITIONS)]
    if left_out(step) is None:
        texts = [step.content["run"], *map(str, step.content.get("env", {}).values())]
        words += [e for text in texts for e in EXPRESSION.findall(text) if e not in VALUES]
    return [step.problem(f"{word!r} is in no table", tables) for word in words]


def run(step: Step, clone: Path, home: str) -> str | None:
    """Run a step in a clone; return what it said if it failed, None if it did not."""
    scratch = clone.parent
    # The shell knows nothing but this: no variable of the machine gets in.
    environment = {
        "HOME": home, "PATH": f"{scratch}/bin:{os.environ['PATH']}", "LANG": "C.UTF-8", "CI": "true",
        "GITHUB_OUTPUT": f"{scratch}/output", "GITHUB_STEP_SUMMARY": f"{scratch}/summary",
    }  # fmt: skip
    for key, value in step.content.get("env", {}).items():
        environment[key] = EXPRESSION.sub(lambda match: VALUES[match[1]], str(value))
    script = EXPRESSION.sub(lambda match: VALUES[match[1]], step.content["run"])
    script = re.sub(r"-m pytest\b", "-m pytest --collect-only -qq", script)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=clone, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    said = f"{done.stdout}{done.stderr}".strip()[-2000:]
    return f"exit code {done.returncode}\n{said}" if done.returncode else None


def clone_for(machine: str, folder: Path, root: Path) -> Path:
    """Return the clone of the jobs that install the same; made when the first of them asks."""
    clone = folder / machine / "clone"
    if not clone.exists():
        subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)
        (clone.parent / "bin").mkdir()
        python = clone.parent / "bin/python"  # as actions/setup-python names it
        python.write_text(f'#!/bin/sh\nexec {sys._base_executable} "$@"\n', "utf-8")  # type: ignore[attr-defined]
        python.chmod(0o755)
    return clone


def rehearse(root: Path = ROOT) -> list[Problem]:
    """Rehearse every workflow; return what went wrong."""
    paths = [p for p in sorted((root / FOLDER).glob("*.y*ml")) if p.name not in SKIPPED]
    every = [step for path in paths for step in steps(path)]
    if problems := [problem for step in every for problem in unknown(step)]:
        return problems
    failed: dict[str, Problem] = {}  # by job; the rest of a failed job is not run
    with tempfile.TemporaryDirectory() as folder:
        for step in every:
            reason, start = left_out(step), time.monotonic()
            if reason is None and step.place not in failed:
                clone = clone_for(step.machine, Path(folder), root)
                if said := run(step, clone, os.environ["HOME"]):
                    see = f"In a fresh clone, with a bare environment (env -i): {step.name}"
                    failed[step.place] = step.problem(f"{step.name} fails:\n{said}", see)
            took = f"left out: {reason}" if reason else f"{time.monotonic() - start:.0f} s"
            print(f"{step.place:<22}{step.name[:58]:<60}{took}", flush=True)
    return list(failed.values()) if every else [nothing_found("steps of workflows")]


if __name__ == "__main__":
    if wrong := rehearse():
        sys.exit(report(wrong))
