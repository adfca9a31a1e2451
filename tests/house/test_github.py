"""What workflows say on GitHub: reports from strangers' runs are data, and there is one comment, one issue."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools import github

RUN = "https://github.com/o/r/actions/runs/1"
PAGES = [{"address": "data/drift-threshold/", "kind": "changed"}]
HOSTILE = "`</code> <img src=x> [a](https://example.org) @everyone\n# heading `"


class Api:
    """Answers as GitHub would, and remembers what was written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
        self.answers, self.written = answers, []
        monkeypatch.setattr(github, "gh", self)

    def __call__(self, *arguments: str, body: dict[str, Any] | None = None) -> str:
        if body is not None:
            self.written.append((arguments[1], arguments[2], body))
            return ""
        address = arguments[-1].split("?")[0]
        return json.dumps(
            self.answers[address.split("/")[-1] if "--slurp" in arguments else "pull"]
        )


def report(folder: Path, **content: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pages.json").write_text(json.dumps(content), "utf-8")
    return folder


def test_writes_one_comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, pull={"head": {"sha": "abc"}}, comments=[[]])
    folder = report(tmp_path / "reports", pull_request=7, pages=PAGES)
    github.comment(folder, "o/r", "abc", RUN)
    [(method, address, body)] = api.written
    assert (method, address) == ("POST", "repos/o/r/issues/7/comments")
    assert "- changed: `/data/drift-threshold/`" in body["body"]
    assert f"({RUN}#artifacts)" in body["body"]


def test_renews_its_own_comment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = [
        [{"id": 1, "user": {"login": "stranger"}, "body": github.MARKER}],
        [{"id": 2, "user": {"login": github.BOT}, "body": f"{github.MARKER} old"}],
    ]
    api = Api(monkeypatch, pull={"head": {"sha": "abc"}}, comments=earlier)
    github.comment(report(tmp_path / "r", pull_request=7, pages=[]), "o/r", "abc", RUN)
    assert [(method, address) for method, address, _ in api.written] == [
        ("PATCH", "repos/o/r/issues/comments/2")
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"pages": PAGES}, "pull_request: None is no number"),
        ({"pull_request": "7; x", "pages": PAGES}, "is no number"),
        ({"pull_request": True, "pages": PAGES}, "is no number"),
        ({"pull_request": 7, "pages": "all"}, "pages: no list"),
        ({"pull_request": 7, "pages": [{"address": HOSTILE, "kind": "changed"}]}, "is no address"),
        ({"pull_request": 7, "pages": [{"address": "a/", "kind": "<b>"}]}, "is no changed page"),
        ({"pull_request": 7, "pages": ["a/"]}, "is no changed page"),
        ({"pull_request": 7, "pages": [{"kind": "added"}]}, "None is no address"),
        ({"pull_request": 8, "pages": PAGES}, "not at the commit that ran"),
    ],
)
def test_refuses(
    content: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api(monkeypatch, pull={"head": {"sha": "another" if content.get("pull_request") == 8 else "abc"}}, comments=[[]])  # fmt: skip
    with pytest.raises(ValueError, match=message):
        github.comment(report(tmp_path / "r", **content), "o/r", "abc", RUN)
    assert api.written == []


def test_refuses_files_that_are_no_plain_json(tmp_path: Path) -> None:
    path = tmp_path / "pages.json"
    for text, message in (("[", "no JSON"), ("[]", "no JSON object"), ("[" * 100_000, "no JSON")):
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError, match=message):
            github.read_report(path)
    path.write_text(" " * (github.LARGEST_REPORT + 1), "utf-8")
    with pytest.raises(ValueError, match="larger than"):
        github.read_report(path)
    with pytest.raises(ValueError, match="no plain file"):
        github.read_report(tmp_path)


def test_refuses_a_link(tmp_path: Path) -> None:
    try:
        (tmp_path / "pages.json").symlink_to(__file__)
    except OSError:
        pytest.skip("this system does not let us make links")
    with pytest.raises(ValueError, match="no plain file"):
        github.read_report(tmp_path / "pages.json")


def test_what_reports_say_is_shown_as_code() -> None:
    different = {"page": "docs/a.md", "where": "snippets/a.py:1", "what": HOSTILE}
    text = github.drift_issue([{"title": "lowest", "see": "make", "differences": [different]}])
    assert "- `docs/a.md` `snippets/a.py:1` `" in text
    assert text.count("`") == 10, "no backtick of the report ends the code"
    assert len(text.splitlines()) == 5, "and no line of it begins a heading"


def drift(folder: Path, *reports: dict[str, Any]) -> Path:
    for number, one in enumerate(reports):
        (folder / f"report-{number}").mkdir()
        (folder / f"report-{number}" / "radar.json").write_text(json.dumps(one), "utf-8")
    return folder


DRIFT = {"title": "newest", "see": "make test-newest", "differences": [{"page": "p", "what": "w"}]}
QUIET = {"title": "lowest", "see": "make test-lowest", "differences": [], "failed": False}
OPEN = {"number": 3, "title": github.TITLE, "user": {"login": github.BOT}}
STRANGE = OPEN | {"number": 2, "user": {"login": "stranger"}}


@pytest.mark.parametrize(
    ("reports", "issues", "expected"),
    [
        ([DRIFT, QUIET], [STRANGE], [("POST", "repos/o/r/issues")]),
        ([DRIFT, QUIET], [STRANGE, OPEN], [("PATCH", "repos/o/r/issues/3")]),
        ([QUIET | {"failed": True}], [OPEN], [("PATCH", "repos/o/r/issues/3")]),
        ([QUIET], [STRANGE], []),
        (
            [QUIET],
            [OPEN],
            [("POST", "repos/o/r/issues/3/comments"), ("PATCH", "repos/o/r/issues/3")],
        ),
    ],
)
def test_there_is_one_issue(
    reports: list[dict[str, Any]],
    issues: list[dict[str, Any]],
    expected: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    api = Api(monkeypatch, issues=[issues])
    github.issue(drift(tmp_path, *reports), "o/r", RUN)
    assert [(method, address) for method, address, _ in api.written] == expected


def test_a_job_that_died_before_its_report_keeps_the_issue_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api(monkeypatch, issues=[[OPEN]])
    github.issue(drift(tmp_path, QUIET), "o/r", RUN, complete=False)
    [(method, address, body)] = api.written
    assert (method, address) == ("PATCH", "repos/o/r/issues/3")
    assert "failed before it could report" in body["body"] and "state" not in body


def test_a_radar_that_saw_nothing_closes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no report"):
        github.issue(tmp_path, "o/r", RUN)


def test_a_long_issue_is_cut() -> None:
    one = {"page": "p" * 900, "where": "x" * 900, "what": "w" * 900}
    many = {"title": "t", "see": "s", "differences": [one] * 500}
    text = github.drift_issue([many])
    assert len(text) < 65_536 and text.endswith("more lines")


def test_a_refused_report_fails_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"GITHUB_REPOSITORY": "o/r", "RUN_URL": RUN, "HEAD_SHA": "abc"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["github", "comment", str(tmp_path)])
    assert github.main() == 1
    assert "The report was refused. pages.json: no plain file" in capsys.readouterr().err
