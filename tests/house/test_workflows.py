"""Check 8: workflows and forms are sound, and whatever would weaken tests or publishing is reported."""

import re
import subprocess
import sys
from pathlib import Path

import check_jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from proof.project import ROOT, report
from tools import workflows

GITHUB = ROOT / ".github"
FLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
ALL_TESTS = ".venv/bin/python -m pytest -n auto\n"
BUILD = "mkdocs build --strict --clean"


def test_workflows_keep_the_policy() -> None:
    problems = workflows.check()
    assert not problems, report(problems)


UNLESS_ONLY_TEXT = "needs.changes.outputs.snippets == 'true'"
# What proves the site, word for word: the conditions of the job and of the step, whether Chromium is
# required, the command. A new condition, an ignored file or a lost variable would leave every run green.
PROOF = {
    "test.yml": [
        (None, None, "required", ".venv/bin/python -m pytest -n auto tests/house --ignore tests/house/test_outputs.py"),
        (UNLESS_ONLY_TEXT, "runner.os != 'Windows'", None, ".venv/bin/python -m pytest -n auto --ignore tests/house/test_browser.py"),
        (UNLESS_ONLY_TEXT, "runner.os == 'Windows'", None, ".venv\\Scripts\\python -m pytest -n auto --ignore tests/house/test_browser.py"),
    ],
    "publish.yml": [(None, None, "required", ALL_TESTS.strip())],
    "radar.yml": [
        (None, None, None, '.venv/bin/python -m tools.radar "$END" --report "reports/$END-$PYTHON.json"'),
        (None, None, None, 'python -m tools.successors "$GENERATOR" --report "reports/$GENERATOR.json"'),
    ],
}  # fmt: skip
TRIGGERS = {
    "test.yml": {"pull_request": None, "workflow_dispatch": None},
    "publish.yml": {"push": {"branches": ["main"]}, "workflow_dispatch": None},
    "radar.yml": {"schedule": [{"cron": "17 4 * * 1"}], "workflow_dispatch": None},
    "preview.yml": {"pull_request": None},
    "preview-comment.yml": {"workflow_run": {"workflows": ["Preview"], "types": ["completed"]}},
}


@pytest.mark.parametrize("name", PROOF)
def test_what_proves_the_site_runs_as_it_is_written_here(name: str) -> None:
    jobs = yaml.safe_load((GITHUB / "workflows" / name).read_text("utf-8"))["jobs"].values()
    steps = [(job.get("if"), step) for job in jobs for step in job["steps"]]
    assert PROOF[name] == [
        (condition, step.get("if"), step.get("env", {}).get("BROWSER_TESTS"), step["run"])
        for condition, step in steps
        if re.search(r"pytest|tools\.(radar|successors)", step.get("run", ""))
    ]


def test_workflows_start_when_they_are_said_to() -> None:
    flows = {path.name: yaml.safe_load(path.read_text("utf-8"))[True] for path in FLOWS}
    assert flows == TRIGGERS


def test_what_is_published_is_the_site_that_was_built_on_the_day_of_its_tests() -> None:
    job = yaml.safe_load((GITHUB / "workflows/publish.yml").read_text("utf-8"))["jobs"]["build"]
    uploads = [s["with"] for s in job["steps"] if "upload-pages-artifact" in s.get("uses", "")]
    assert uploads == [{"path": "site"}]
    built = next(s["run"] for s in job["steps"] if BUILD in s.get("run", ""))
    assert 'VERIFIED="$(date -u +%F)"' in built


# Each is one edit of a real workflow: file, old text, new text, what must be reported.
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "publish without tests": ("publish.yml", "    needs: build\n", "", "deploys without waiting"),
    "publish after a build that tests nothing": ("publish.yml", ALL_TESTS, "true\n", "deploys without waiting"),
    "publish after some tests": ("publish.yml", "-n auto\n", "-n auto tests/house\n", "deploys without waiting"),
    "publish after a selection": ("publish.yml", "-n auto\n", "-k data -n auto\n", "selection of the tests"),
    "publish though tests failed": ("publish.yml", "if: github.ref == 'refs/heads/main'", "if: always()", "even when the tests failed"),
    "publish without environment": ("publish.yml", "name: github-pages", "name: anything", "without the environment"),
    "publish from any branch": ("publish.yml", "branches: [main]", "branches: ['*']", "pushes to any branch"),
    "publish by hand from any branch": ("publish.yml", "    if: github.ref == 'refs/heads/main'\n", "", "deploys other branches"),
    "publish a pull request": ("publish.yml", "  workflow_dispatch:\n", "  pull_request:\n", "deploys on pull_request"),
    "deploy job that runs code": ("publish.yml", "      - id: deployment\n", "      - run: make\n      - id: deployment\n", "does more than deploy"),
    "cache in the publishing build": ("publish.yml", '          python-version: "3.11"\n', '          python-version: "3.11"\n          cache: pip\n', "uses a cache"),
    "cache action in the publishing build": ("publish.yml", CHECKOUT, CHECKOUT.replace("checkout", "cache"), "uses a cache"),
    "no timeout": ("test.yml", "    timeout-minutes: 20\n", "", "job pages has no timeout-minutes"),
    "no concurrency": ("test.yml", "concurrency:", "env:", "states no concurrency"),
    "credentials persisted": ("test.yml", "persist-credentials: false", "persist-credentials: true", "leaves its token"),
    "credentials persisted by default": ("test.yml", "          persist-credentials: false\n          fetch-depth", "          fetch-depth", "leaves its token"),
    "action by tag": ("test.yml", CHECKOUT, "actions/checkout@v7", "uses no pinned action"),
    "action without version": ("test.yml", CHECKOUT, CHECKOUT.split(" #")[0], "uses no pinned action"),
    "action of a third party": ("test.yml", "actions/setup-python@", "someone/setup-python@", "uses no pinned action"),
    "default permissions": ("test.yml", "permissions: {}\n\nconcurrency", "concurrency", "does not begin with"),
    "all permissions": ("test.yml", "permissions: {}\n\nconcurrency", "permissions: write-all\n\nconcurrency", "does not begin with"),
    "job with all permissions": ("test.yml", "    permissions:\n      contents: read # to check out\n    steps", "    permissions: write-all\n    steps", "does not list its permissions"),
    "tests may write": ("test.yml", "contents: read", "contents: write", "may write contents"),
    "build may publish": ("publish.yml", "      pages: read", "      pages: write", "job build may write pages"),
    "deploy may push": ("publish.yml", "      id-token: write", "      contents: write", "may write contents"),
    "issue job installs": ("radar.yml", "run: python3 -m tools.github", "run: pip install --require-hashes -r r.txt && python3 -m tools.github", "may write, and installs"),
    "error ignored by the shell": ("test.yml", "-n auto tests/house", "-n auto tests/house || true #", "hides that a command failed"),
    "errors ignored from here on": ("publish.yml", "          export", "          set +e\n          export", "hides that a command failed"),
    "error ignored by the step": ("test.yml", "        env:\n          BROWSER_TESTS", "        continue-on-error: true\n        env:\n          BROWSER_TESTS", "goes on after an error"),
    "error ignored by the job": ("test.yml", "    name: Pages and checks\n", "    name: Pages and checks\n    continue-on-error: true\n", "goes on after an error"),
    "radar ignores errors": ("radar.yml", "    strategy:\n", "    continue-on-error: true\n    strategy:\n", "goes on after an error"),
    "privileged trigger": ("test.yml", "  pull_request:\n", "  pull_request_target:\n", "starts on pull_request_target"),
    "second privileged trigger": ("test.yml", "  pull_request:\n", "  workflow_run: {workflows: [Preview]}\n", "starts on workflow_run"),
    "code of a fork with rights": ("preview-comment.yml", "          persist-credentials: false\n", "          persist-credentials: false\n          ref: ${{ github.event.workflow_run.head_sha }}\n", "checks out what a pull request proposes"),
    "piped from the network": ("test.yml", "run: python tools/bootstrap.py test", "run: curl -sSf https://example.org/i | sh", "no hash holds"),
    "a secret": ("preview-comment.yml", "${{ github.token }}\n          HEAD", "${{ secrets.TOKEN }}\n          HEAD", "reads a secret"),
    "install without hashes": ("test.yml", "run: python tools/bootstrap.py test", "run: python -m pip install -r requirements-test.txt", "without --require-hashes"),
    "build not strict": ("publish.yml", BUILD, "mkdocs build --clean", "builds without --strict"),
    "build quiet": ("publish.yml", BUILD, BUILD + " -q", "builds with -q or -v"),
    "build verbose over two lines": ("publish.yml", BUILD, BUILD + " \\\n            --verbose", "builds with -q or -v"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str) -> None:
    name, old, new, message = FAULTS[fault]
    path = GITHUB / "workflows" / name
    text = path.read_text("utf-8")
    assert old in text, f"{name} does not hold {old!r}"
    problems = workflows.check_one(workflows.Workflow(path, text.replace(old, new, 1)))
    assert message in report(problems)
    assert all(problem.why and problem.mend for problem in problems)


def test_a_house_that_publishes_nothing_fails(tmp_path: Path) -> None:
    assert "found no workflow that publishes" in report(workflows.check(tmp_path))


def test_the_required_check_waits_for_every_job() -> None:
    jobs = workflows.Workflow(FLOWS[0], (GITHUB / "workflows/test.yml").read_text("utf-8")).jobs
    assert set(jobs["checks"]["needs"]) == set(jobs) - {"checks"}
    assert jobs["checks"]["if"] == "always()"
    step = jobs["checks"]["steps"][0]
    assert step["run"] == "exit 1"
    assert "'failure'" in step["if"] and "'cancelled'" in step["if"]


def test_the_matrix_has_every_python_and_system() -> None:
    jobs = workflows.Workflow(FLOWS[0], (GITHUB / "workflows/test.yml").read_text("utf-8")).jobs
    matrix = jobs["snippets"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert {one["system"] for one in matrix["include"]} == {"windows-latest", "macos-latest"}
    commands = [step["run"] for step in jobs["snippets"]["steps"] if "run" in step]
    assert commands[0] == "python tools/bootstrap.py test"
    assert [command.split()[0] for command in commands[1:]] == [".venv/bin/python", r".venv\Scripts\python"]  # fmt: skip
    radar = workflows.Workflow(FLOWS[0], (GITHUB / "workflows/radar.yml").read_text("utf-8"))
    assert radar.jobs["versions"]["strategy"]["matrix"]["python"] == matrix["python"]


def test_files_have_the_same_bytes_on_every_system() -> None:
    """Git on Windows would turn line ends around, and every comparison of bytes would fail."""
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text("utf-8").splitlines()


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "zizmor", "--offline", "--persona=auditor", "--no-progress", path]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_zizmor_finds_nothing() -> None:
    done = zizmor(GITHUB)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    ignored = [line for flow in FLOWS for line in flow.read_text("utf-8").splitlines() if "zizmor: ignore" in line]  # fmt: skip
    assert len(ignored) == 1, "one finding is weighed and ignored, with its reason"
    assert re.search(r"ignore\[dangerous-triggers\] \w.{20,}", ignored[0])


def test_zizmor_is_alive(tmp_path: Path) -> None:
    path = tmp_path / "workflow.yml"
    text = (GITHUB / "workflows/test.yml").read_text("utf-8")
    path.write_text(text.replace('"$BASE"', "${{ github.head_ref }}"), "utf-8")
    done = zizmor(path)
    assert done.returncode != 0 and "template-injection" in done.stdout


SCHEMAS = {
    "vendor.github-workflows": ("workflows/*.yml", "timeout-minutes: 5", "timeout_minutes: 5"),
    "vendor.dependabot": ("dependabot.yml", "package-ecosystem: pip", "package-ecosystem: pipe"),
    "vendor.github-issue-forms": ("ISSUE_TEMPLATE/[!c]*.yml", "type: textarea", "type: text"),
    "vendor.github-issue-config": (
        "ISSUE_TEMPLATE/config.yml",
        "enabled: true",
        "enabled: perhaps",
    ),
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_follow_their_schema(schema: str, tmp_path: Path) -> None:
    pattern, old, new = SCHEMAS[schema]
    files = sorted(GITHUB.glob(pattern))
    broken = next(path for path in files if old in path.read_text("utf-8"))
    (tmp_path / "broken.yml").write_text(broken.read_text("utf-8").replace(old, new, 1), "utf-8")
    done = check_schema(schema, files)
    assert done.exit_code == 0, done.output
    done = check_schema(schema, [tmp_path / "broken.yml"])
    assert done.exit_code != 0, f"{schema} accepts {new!r}"


def check_schema(schema: str, files: list[Path]) -> Result:
    arguments = ["--builtin-schema", schema, *map(str, files)]
    return CliRunner().invoke(check_jsonschema.main, arguments)


def test_updates_cool_down() -> None:
    updates = yaml.safe_load((GITHUB / "dependabot.yml").read_text("utf-8"))["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "pip"}
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)
