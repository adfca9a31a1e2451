"""What a failed check says: every problem teaches, and one broken thing is reported once."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from proof.claims import Claim, Place
from proof.problem import ROOT, Problem, demand, report, where
from tests.small_house import cannot_be_acted_on
from tools import build_problems
from tools.bad_input import names_bad_input

PAGE = "docs/data/shift.md"


@pytest.mark.parametrize("missing", ["line", "what", "why", "mend"])
def test_a_problem_that_teaches_nothing_is_refused(missing: str) -> None:
    complete = {
        "file": "README.md",
        "line": 1,
        "what": "is wrong",
        "why": "a reason",
        "mend": "an edit",
    }
    assert (
        str(Problem(**complete)) == "README.md:1: is wrong\n    why:  a reason\n    mend: an edit"
    )
    with pytest.raises(ValueError, match="a problem needs"):
        Problem(**{**complete, missing: 0 if missing == "line" else ""})


@pytest.mark.parametrize(
    ("file", "line", "mend", "wrong"),
    [
        ("gone.md", 1, "an edit", "there is no gone.md"),
        ("page.md", 3, "an edit", "page.md has no line 3"),
        ("page.md", 2, "make updates", "there is no make updates"),
        ("page.md", 2, "print it and run make updat", "there is no make updat"),
        ("page.md", 2, "python -m tools.fixx", "there is no tools/fixx.py"),
        ("page.md", 2, "make fix", None),
    ],
)
def test_problems_that_nobody_could_act_on_are_seen(
    file: str, line: int, mend: str, wrong: str | None, tmp_path: Path
) -> None:
    (tmp_path / "page.md").write_text("one\ntwo\n", "utf-8")
    problem = SimpleNamespace(file=file, line=line, mend=mend)
    assert cannot_be_acted_on(problem, [tmp_path]) == wrong


def test_causes_come_first_and_the_problems_of_a_file_together() -> None:
    places = [("README.md", 2), ("LICENSE", 3), ("README.md", 1), ("README.md", 2)]
    problems = [Problem(file, line, "w", "y", "m") for file, line in places]
    message = report(problems)
    assert re.findall(r"^\S+:\d", message, re.MULTILINE) == [
        "README.md:2",
        "README.md:1",
        "LICENSE:3",
    ]
    demand([])
    with pytest.raises(AssertionError, match="LICENSE:3: w"):
        demand(problems)


@pytest.mark.parametrize(
    ("said", "file", "what"),
    [
        ("WARNING -  Doc file 'index.md' contains an absolute link '/abs', it was left as is.",
         "docs/index.md", "the link '/abs' leads nowhere"),
        ("WARNING -  Doc file 'index.md' contains an unrecognized relative link 'data/', it was left as is. "
         "Did you mean 'data/index.md'?", "docs/index.md", "the link 'data/' leads nowhere"),
        ("ERROR   -  Error reading page 'data/index.md': Snippet at path 'no.py' could not be found",
         "docs/data/index.md", "cannot be built: Snippet at path 'no.py'"),
        ('Error: MkDocs encountered an error parsing the configuration file: mapping values are not '
         'allowed here\n  in "/somewhere/mkdocs.yml", line 80, column 13', "mkdocs.yml", "is no YAML: mapping"),
        ("Traceback: something new", "mkdocs.yml", "the build fails:\nTraceback: something new"),
    ],
)  # fmt: skip
def test_what_mkdocs_says_becomes_a_problem(said: str, file: str, what: str) -> None:
    (problem,) = build_problems.problems(said, ROOT)
    assert problem.file == file and problem.what.startswith(what)
    if "Did you mean" in said:
        assert "'data/index.md'" in problem.mend


def test_bad_input_that_a_function_accepts_is_shown_all_at_once() -> None:
    def careless(rows: int, share: float) -> float:
        return rows * share

    with pytest.raises(AssertionError) as failed:
        names_bad_input(careless, rows=3, share=0.5)
    file, line = where(careless)
    assert str(failed.value).count(f"{file}:{line}: careless lets bad input in") == 2
    assert "rows=None gives TypeError" in str(failed.value) and "share=nan passes" in str(
        failed.value
    )
    assert "Check rows at its top" in str(failed.value) and "('share', 'nan')" in str(failed.value)


def test_a_claim_that_fails_names_its_test() -> None:
    claim = Claim("More is more.", Place(*where(test_a_claim_that_fails_names_its_test)))
    with pytest.raises(
        AssertionError, match=r"tests/house/test_messages\.py:\d+: 'More is more\.'"
    ):
        claim.limit("Not here.", "rows", lambda seed: 0.0, above=1)


CONFTEST = """\
import sys
sys.path.insert(0, {root!r})
from tools import site as machinery
from proof.problem import Problem
def fail(*_):
    raise machinery.BuildFailed([Problem("docs/x.md", 3, "the link 'y.md' leads nowhere", "why", "mend")])
machinery.build = fail
exec(compile(open({conftest!r}, encoding="utf-8").read(), "conftest.py", "exec"))
"""


def test_a_site_that_cannot_be_built_is_reported_once(tmp_path: Path) -> None:
    conftest = CONFTEST.format(root=str(ROOT), conftest=str(ROOT / "tests/conftest.py"))
    (tmp_path / "conftest.py").write_text(conftest, "utf-8")
    why = "def test_the_site_can_be_built(build_log):\n    assert not build_log.read_text('utf-8'), build_log.read_text('utf-8')\n"
    tests = "".join(f"def test_{n}(site):\n    pass\n" for n in range(3))
    (tmp_path / "test_all.py").write_text(why + tests, "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", "utf-8")

    # Without xdist, whose fixtures the suite must not need; and not as a worker of this run.
    alone = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "--rootdir", str(tmp_path)]

    def run(*arguments: str) -> str:
        return subprocess.run(
            [*command, str(tmp_path), *arguments], cwd=tmp_path, env=alone, capture_output=True, text=True, check=False
        ).stdout  # fmt: skip

    assert "1 failed, 3 skipped" in run()
    one = run("-k", "test_1")  # nobody else says why
    assert "1 error" in one and "docs/x.md:3: the link 'y.md' leads nowhere" in one
