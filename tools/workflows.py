"""Workflows: what zizmor and the schema do not hold. Nothing writes but what must, and tests come first.

Reads `.github/workflows/*.yml` as GitHub does, and reports what would weaken tests or publishing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from proof.project import ROOT, Problem, nothing_found

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # safe both; C is ten times faster
FOLDER = ".github/workflows"
# Every job that may write, and what. Such a job installs nothing and runs this repository's own code at most.
WRITERS = {
    ("publish.yml", "deploy"): {"pages", "id-token"},
    ("preview-comment.yml", "comment"): {"pull-requests"},
    ("radar.yml", "issue"): {"issues"},
}
MAY_FAIL = ("radar.yml", "successors")
PINNED = re.compile(r"uses: actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
INSTALLS = re.compile(
    r"\bpip3? install\b|\buv (?:pip|sync|run|tool)\b|\bpipx?\b|\bnpm\b|\bnpx\b|bootstrap\.py"
)
# What a line of a script must not do: pattern, what, why, mend.
FORBIDDEN = [
    (
        re.compile(r"\|\|\s*(?:true|:)(?:\s|$)|^\s*set \+e"),
        "hides that a command failed",
        "A check that cannot fail holds nothing.",
        "Let it fail, and mend what fails.",
    ),
    (
        re.compile(r"\b(?:curl|wget|iwr|Invoke-WebRequest)\b"),
        "downloads something no hash holds",
        "Whoever controls that address runs code here.",
        "Lock it in pyproject.toml and `make lock`, or use what the runner brings.",
    ),
    (
        re.compile(r"\b(?:pip3? install|uv pip (?:install|sync))\b(?!.*--require-hashes)"),
        "installs without --require-hashes",
        "The lock is what was tested; anything else is a stranger.",
        "python tools/bootstrap.py test",
    ),
    (
        re.compile(r"mkdocs build\b(?=.*\s(?:-q|-v|--quiet|--verbose)\b)"),
        "builds with -q or -v",
        "Both switch off what --strict counts, so that a warning no longer stops the build.",
        "mkdocs build --strict --clean",
    ),
    (
        re.compile(r"mkdocs build\b(?!.*--strict)"),
        "builds without --strict",
        "A dead link or a broken embed would be published.",
        "mkdocs build --strict --clean",
    ),
    (
        re.compile(r"pytest\b(?=.*(?:--deselect|-m |-k |--maxfail|--exitfirst| -x\b))"),
        "runs a selection of the tests that the command line hides",
        "What is left out here is left out for ever, and nobody sees it.",
        "Name the folders that run, or `--ignore` a file that another job runs.",
    ),
]


@dataclass(frozen=True)
class Workflow:
    """A workflow file: its text, and what GitHub reads in it."""

    path: Path
    text: str

    @cached_property
    def content(self) -> dict[Any, Any]:
        """The parsed file; YAML 1.1 reads the key `on` as true."""
        loaded = yaml.load(self.text, LOADER)
        return loaded if isinstance(loaded, dict) else {}

    @property
    def triggers(self) -> set[str]:
        """The events that start it."""
        events = self.content.get(True, self.content.get("on", {}))
        return {events} if isinstance(events, str) else set(events)

    @property
    def jobs(self) -> dict[str, dict[str, Any]]:
        """Its jobs by key."""
        return dict(self.content.get("jobs", {}))

    def steps(self, job: str) -> list[dict[str, Any]]:
        """Return the steps of a job."""
        return list(self.jobs[job].get("steps", []))

    def uses(self, job: str) -> list[str]:
        """Return the actions of a job, without their version."""
        return [step["uses"].split("@")[0] for step in self.steps(job) if "uses" in step]

    def script(self, job: str) -> str:
        """Everything that a job runs in a shell."""
        return "\n".join(str(step.get("run", "")) for step in self.steps(job))

    def problem(self, near: str, what: str, why: str, mend: str) -> Problem:
        """Return a problem at the first line that holds a text."""
        lines = self.text.splitlines()
        line = next((number for number, text in enumerate(lines, 1) if near in text), 1)
        return Problem(f"{FOLDER}/{self.path.name}", line, what, why, mend)


def check_workflow(flow: Workflow) -> Iterator[Problem]:
    """Check triggers, permissions, concurrency and pins of a workflow."""
    name = flow.path.name
    if "pull_request_target" in flow.triggers:
        yield flow.problem("pull_request_target", "starts on pull_request_target",
                           "It gives a token that writes to whoever opens a pull request.",
                           "Build on pull_request; tell on workflow_run, as preview-comment.yml does.")  # fmt: skip
    if "workflow_run" in flow.triggers and name != "preview-comment.yml":
        yield flow.problem("workflow_run", "starts on workflow_run",
                           "It runs with rights on what a stranger's run left behind.",
                           "Only preview-comment.yml may, which reads one JSON file.")  # fmt: skip
    if flow.content.get("permissions") != {}:
        yield flow.problem("permissions:", "does not begin with `permissions: {}`",
                           "A job that states none would get the repository's default.",
                           "Write `permissions: {}` at the top, and what a job needs in the job.")  # fmt: skip
    if "group" not in flow.content.get("concurrency", {}):
        yield flow.problem("name:", "states no concurrency",
                           "Two pushes in a row would race, for a runner or for the site.",
                           "concurrency: {group: …, cancel-in-progress: …}")  # fmt: skip
    for number, line in enumerate(flow.text.splitlines(), 1):
        if "uses:" in line and not PINNED.search(line):
            yield Problem(f"{FOLDER}/{name}", number, f"uses no pinned action of GitHub: {line.strip()}",
                          "A tag can be moved to other code; another owner is one more to trust.",
                          "actions/<name>@<40 hex digits> # v1.2.3")  # fmt: skip
        if re.search(r"\bsecrets\.", line):
            yield Problem(f"{FOLDER}/{name}", number, "reads a secret",
                          "What is not there cannot leak; a fork has none and must work, too.",
                          "Use ${{ github.token }} with the permission that the job needs.")  # fmt: skip


def check_job(flow: Workflow, key: str) -> Iterator[Problem]:
    """Check limits, rights and scripts of a job."""
    job, here = flow.jobs[key], f"  {key}:"
    place = (flow.path.name, key)
    if not isinstance(job.get("timeout-minutes"), int):
        yield flow.problem(here, f"job {key} has no timeout-minutes",
                           "A hanging job runs for six hours.", "timeout-minutes: 10")  # fmt: skip
    rights = job.get("permissions")
    if not isinstance(rights, dict):
        yield flow.problem(here, f"job {key} does not list its permissions",
                           "Least privilege is per job.", "permissions: {contents: read}")  # fmt: skip
        rights = {}
    writes = {right for right, level in rights.items() if level not in ("read", "none")}
    for right in sorted(writes - WRITERS.get(place, set())):
        yield flow.problem(f"{right}: ", f"job {key} may write {right}",
                           "Only three jobs write, and none of them runs what a stranger wrote.",
                           "Read only; let another job write, and name it in WRITERS of tools/workflows.py.")  # fmt: skip
    if writes and INSTALLS.search(flow.script(key)):
        yield flow.problem(here, f"job {key} may write, and installs packages",
                           "A package would act with the rights of the job.",
                           "Do the work in another job and pass its result as an artifact.")  # fmt: skip
    inputs = {name for step in flow.steps(key) for name in step.get("with", {})}
    fetches = re.search(r"\bgit (?:fetch|pull|clone)\b|\bpr checkout\b", flow.script(key))
    if "workflow_run" in flow.triggers and (inputs & {"ref", "repository"} or fetches):
        yield flow.problem("ref:", f"job {key} checks out what a pull request proposes",
                           "Its code would run with rights.", "Check out the default branch, without `ref`.")  # fmt: skip
    steps = flow.steps(key)
    if any("continue-on-error" in step for step in steps) or (
        "continue-on-error" in job and place != MAY_FAIL
    ):
        yield flow.problem("continue-on-error", f"job {key} goes on after an error",
                           "A check that cannot fail holds nothing.", "Delete continue-on-error.")  # fmt: skip
    for step in steps:
        checkout = str(step.get("uses", "")).startswith("actions/checkout@")
        if checkout and step.get("with", {}).get("persist-credentials") is not False:
            yield flow.problem(here, f"job {key} leaves its token in .git/config",
                               "Every later step, test and package could read it.",
                               "with: {persist-credentials: false}")  # fmt: skip
    for line in re.sub(r"\\\n\s*", "", flow.script(key)).splitlines():
        for pattern, what, why, mend in FORBIDDEN:
            if pattern.search(line):
                yield flow.problem(
                    line.strip()[:40], f"job {key} {what}: {line.strip()}", why, mend
                )


def check_publishing(flow: Workflow) -> Iterator[Problem]:
    """Check that the site is deployed from main only, after the tests, by a job that does nothing else."""
    deploying = [key for key in flow.jobs if "actions/deploy-pages" in flow.uses(key)]
    for key in deploying:
        job, here = flow.jobs[key], f"  {key}:"
        needs = job.get("needs", [])
        needs = [needs] if isinstance(needs, str) else needs
        if not any(
            re.search(r"-m pytest -n auto *$", flow.script(one), re.MULTILINE) for one in needs
        ):
            yield flow.problem(here, f"job {key} deploys without waiting for all tests",
                               "A page that failed its tests would be online.",
                               "needs: the job that runs `.venv/bin/python -m pytest -n auto`")  # fmt: skip
        if "always()" in str(job.get("if")) or "cancelled()" in str(job.get("if")):
            yield flow.problem(here, f"job {key} deploys even when the tests failed",
                               "`if: always()` outvotes `needs`.", "if: github.ref == 'refs/heads/main'")  # fmt: skip
        elif job.get("if") != "github.ref == 'refs/heads/main'":
            yield flow.problem(here, f"job {key} deploys other branches, too",
                               "Whoever starts the workflow by hand may choose the branch.",
                               "if: github.ref == 'refs/heads/main'")  # fmt: skip
        environment = job.get("environment", {})
        if not isinstance(environment, dict) or environment.get("name") != "github-pages":
            yield flow.problem(here, f"job {key} deploys without the environment github-pages",
                               "The environment is where the owner limits deployment to main.",
                               "environment: {name: github-pages, url: …}")  # fmt: skip
        if flow.uses(key) != ["actions/deploy-pages"] or flow.script(key).strip():
            yield flow.problem(here, f"job {key} does more than deploy",
                               "It holds the token that publishes.", "Do it in the job before.")  # fmt: skip
        if not flow.triggers <= {"push", "workflow_dispatch"}:
            yield flow.problem("on:", f"deploys on {', '.join(sorted(flow.triggers))}",
                               "Only what is on main is published.", "on: push to main, and workflow_dispatch")  # fmt: skip
        events = flow.content.get(True, {})
        if (events.get("push") or {}).get("branches") != ["main"]:
            yield flow.problem("push", "publishes pushes to any branch",
                               "Only what is on main is published.", "push: {branches: [main]}")  # fmt: skip
    if deploying:
        for key in flow.jobs:
            cached = any("cache" in step.get("with", {}) for step in flow.steps(key))
            if cached or "actions/cache" in flow.uses(key):
                yield flow.problem("cache", f"job {key} of the publishing workflow uses a cache",
                                   "A pull request can fill the cache that the release then reads.",
                                   "Install from the hash-locked file; it takes a minute.")  # fmt: skip


def check(root: Path = ROOT) -> list[Problem]:
    """Check every workflow."""
    flows = [
        Workflow(path, path.read_text("utf-8")) for path in sorted((root / FOLDER).glob("*.y*ml"))
    ]
    problems = [problem for flow in flows for problem in check_one(flow)]
    if not any("actions/deploy-pages" in flow.uses(key) for flow in flows for key in flow.jobs):
        problems.append(nothing_found("workflow that publishes"))
    return problems


def check_one(flow: Workflow) -> list[Problem]:
    """Check one workflow."""
    return [
        *check_workflow(flow),
        *(problem for key in flow.jobs for problem in check_job(flow, key)),
        *check_publishing(flow),
    ]
