"""Workflows and forms: sound by zizmor and GitHub's schemas, and doing what workflows.txt says, no more."""

import difflib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import check_jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from proof.problem import ROOT

GITHUB = ROOT / ".github"
FLOWS = sorted((GITHUB / "workflows").glob("*.y*ml"))
ALLOWED = Path(__file__).with_name("workflows.txt")
MEND = """
A workflow does something else than tests/house/workflows.txt allows. Its triggers, permissions, conditions
and commands decide what is published and who may write, so they stand there a second time.
If you mean it, write the lines with + there, too: whoever reviews the pull request weighs that file."""


def flat(value: Any, path: str = "") -> list[str]:
    """Return every value of a workflow as a line: its path and what stands there."""
    if isinstance(value, dict) and value:
        return [line for key, one in value.items() for line in flat(one, f"{path} {key}")]
    if isinstance(value, list) and value:
        return [line for one in value for line in flat(one, f"{path} -")]
    # A newer commit of the same action is no other workflow: zizmor asks for the pin.
    text = re.sub(r"^(actions/[\w-]+)@[0-9a-f]{40}$", r"\1@PINNED", str(value).strip())
    return [f"{path}: {line}" for line in text.splitlines() or [""]]


def said(name: str, text: str) -> list[str]:
    """Return what a workflow does, line by line: every text as it is written, but for comments."""
    return flat(yaml.load(text, yaml.BaseLoader), name)  # noqa: S506 - makes texts only


def test_workflows_do_what_they_are_allowed_to_and_no_more() -> None:
    found = [line for path in FLOWS for line in said(path.name, path.read_text("utf-8"))]
    allowed = ALLOWED.read_text("utf-8").splitlines()
    differ = difflib.unified_diff(allowed, found, "allowed", "found", lineterm="", n=1)
    assert found == allowed, "\n".join([*differ, MEND])


ALL_TESTS = ".venv/bin/python -m pytest -n auto\n"
CHECKOUT = re.search(r"actions/checkout@\w{40}", FLOWS[0].read_text("utf-8"))[0]
# Each is one edit of a real workflow: file, old text, new text.
FAULTS = {
    "publish without tests": ("publish.yml", "    needs: build\n", ""),
    "publish after some tests": ("publish.yml", ALL_TESTS, ALL_TESTS.replace("\n", " -k data\n")),
    "publish though tests failed": ("publish.yml", "github.ref == 'refs/heads/main'", "always()"),
    "publish without environment": ("publish.yml", "name: github-pages", "name: anything"),
    "publish from any branch": ("publish.yml", "branches: [main]", "branches: ['*']"),
    "publish a pull request": ("publish.yml", "  workflow_dispatch:\n", "  pull_request:\n"),
    "deploy job that runs code": ("publish.yml", "      - id: deployment\n", "      - run: make\n      - id: deployment\n"),
    "build may publish": ("publish.yml", "      pages: read", "      pages: write"),
    "a cache": ("publish.yml", '"3.11"\n', '"3.11"\n          cache: pip\n'),
    "tests may write": ("test.yml", "contents: read", "contents: write"),
    "default permissions": ("test.yml", "permissions: {}\n\nconc", "conc"),
    "no timeout": ("test.yml", "    timeout-minutes: 20\n", ""),
    "credentials persisted": ("test.yml", "persist-credentials: false", "persist-credentials: true"),
    "a newer runner, unseen": ("test.yml", "runs-on: ubuntu-24.04", "runs-on: ubuntu-latest"),
    "a context that does not exist": ("preview.yml", "github.ref ", "github.reff "),
    "error ignored by the shell": ("test.yml", "tests/house tests/proof", "tests/house || true #"),
    "error ignored by the step": ("test.yml", "        env:\n          BROWSER", "        continue-on-error: true\n        env:\n          BROWSER"),
    "browser tests skipped": ("test.yml", "BROWSER_TESTS: required", "BROWSER_TESTS: asked"),
    "privileged trigger": ("preview.yml", "  pull_request:\n", "  pull_request_target:\n"),
    "action of a third party": ("test.yml", "actions/setup-python@", "someone/setup-python@"),
    "action by tag": ("test.yml", CHECKOUT, "actions/checkout@v7"),
    "install without hashes": ("test.yml", "python tools/bootstrap.py test", "python -m pip install pytest"),
    "piped from the network": ("test.yml", "python tools/bootstrap.py test", "curl -sSf https://example.org/i | sh"),
    "build not strict": ("publish.yml", "mkdocs build --strict", "mkdocs build"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_an_edit_that_weakens_a_workflow_is_seen(fault: str) -> None:
    name, old, new = FAULTS[fault]
    text = (GITHUB / "workflows" / name).read_text("utf-8")
    assert text.replace(old, new, 1) != text, f"{name} does not hold {old!r}"
    assert said(name, text.replace(old, new, 1)) != said(name, text)


def test_a_newer_commit_of_an_action_is_no_other_workflow() -> None:
    text = FLOWS[0].read_text("utf-8")
    assert said("a", re.sub(r"@\w{40} # v\S+", f"@{'0' * 40} # v99.0.0", text)) == said("a", text)


def test_the_required_check_waits_for_every_job() -> None:
    jobs = yaml.safe_load((GITHUB / "workflows/test.yml").read_text("utf-8"))["jobs"]
    assert set(jobs["checks"]["needs"]) == set(jobs) - {"checks"}


def test_files_have_the_same_bytes_on_every_system() -> None:
    """Git on Windows would turn line ends around, and every comparison of bytes would fail."""
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text("utf-8").splitlines()


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "zizmor", "--offline", "--persona=auditor", "--no-progress", path]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_zizmor_finds_nothing() -> None:
    done = zizmor(GITHUB)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert not [path.name for path in FLOWS if "zizmor: ignore" in path.read_text("utf-8")]


def test_zizmor_is_alive(tmp_path: Path) -> None:
    path = tmp_path / "workflow.yml"
    text = (GITHUB / "workflows/test.yml").read_text("utf-8")
    path.write_text(text.replace("HEAD~1 HEAD", "${{ github.head_ref }}"), "utf-8")
    done = zizmor(path)
    assert done.returncode != 0 and "template-injection" in done.stdout


SCHEMAS = {
    "vendor.github-workflows": ("workflows/*.yml", "timeout-minutes: 5", "timeout_minutes: 5"),
    "vendor.dependabot": ("dependabot.yml", "package-ecosystem: pip", "package-ecosystem: pipe"),
    "vendor.github-issue-forms": ("ISSUE_TEMPLATE/[!c]*.yml", "type: textarea", "type: text"),
    "vendor.github-issue-config": ("ISSUE_TEMPLATE/config.yml", "enabled: true", "enabled: maybe"),
}  # fmt: skip


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
