"""What the workflows say on GitHub: one comment on a pull request, one issue of the drift radar.

`python -m tools.github comment FOLDER` or `… issue FOLDER`. Standard library only, and `gh`.
The reports come from jobs that ran other people's code: they are data, read narrowly, shown as code.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

LARGEST_REPORT = 1_000_000  # bytes
LONGEST_TEXT = 60_000  # characters; GitHub takes 65,536
KINDS = ("changed", "added", "removed")
ADDRESS = re.compile(r"[A-Za-z0-9._/-]{0,200}")
MARKER = "<!-- changed pages -->"
TITLE = "Drift radar"
BOT = "github-actions[bot]"


def gh(*arguments: str, body: dict[str, Any] | None = None) -> str:
    """Call GitHub's API through `gh`, which reads its token from the environment."""
    given = [] if body is None else ["--input", "-"]
    text = None if body is None else json.dumps(body)
    command = ["gh", "api", *arguments, *given]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def read_report(path: Path) -> dict[str, Any]:
    """Return a report as a dictionary.

    Raises
    ------
    ValueError
        If it is no plain file of a decent size that holds a JSON object.
    """
    if path.is_symlink() or not path.is_file():
        raise ValueError(f"{path.name}: no plain file")
    if path.stat().st_size > LARGEST_REPORT:
        raise ValueError(f"{path.name}: larger than {LARGEST_REPORT:,} bytes")
    try:
        report = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path.name}: no JSON") from error
    if not isinstance(report, dict):
        raise ValueError(f"{path.name}: no JSON object")
    return report


def code(text: object) -> str:
    """Return a text as inline code: no link, mention or HTML of it comes to life."""
    plain = re.sub(r"[`\s]+", " ", str(text)).strip()[:300]
    return f"`{plain}`" if plain else ""


def cut(lines: list[str]) -> str:
    """Return the lines as one text, without those that GitHub would not take."""
    length = 0
    for number, line in enumerate(lines):
        length += len(line) + 1
        if length > LONGEST_TEXT:
            return "\n".join([*lines[:number], f"- and {len(lines) - number} more lines"])
    return "\n".join(lines)


def pages_comment(report: dict[str, Any], run: str) -> str:
    """Return the comment that lists the changed pages and leads to the built site.

    Raises
    ------
    ValueError
        If the report holds anything but addresses and kinds of change.
    """
    pages = report.get("pages")
    if not isinstance(pages, list):
        raise ValueError("pages: no list")
    for page in pages:
        if not isinstance(page, dict) or page.get("kind") not in KINDS:
            raise ValueError(f"pages: {page!r:.100} is no changed page")
        address = page.get("address")
        if not isinstance(address, str) or not ADDRESS.fullmatch(address):
            raise ValueError(f"pages: {address!r:.100} is no address")
    lines = [f"- {page['kind']}: {code('/' + page['address'])}" for page in pages]
    how = (
        f"To read them: download *site* from [the run's artifacts]({run}#artifacts), unzip it, "
        "and run `python3 -m http.server` in its folder."
    )
    return cut([MARKER, f"**Pages that change: {len(pages)}.** {how}", "", *lines])


def drift_issue(reports: list[dict[str, Any]]) -> str:
    """Return the text of the radar's issue: page, snippet, difference; empty when nothing differs."""
    lines: list[str] = []
    for report in reports:
        differences = report.get("differences")
        if not isinstance(differences, list) or not all(isinstance(d, dict) for d in differences):
            raise ValueError("differences: no list of objects")
        if not differences and not report.get("failed"):
            continue
        lines += [f"### {code(report.get('title'))}", "", f"See it: {code(report.get('see'))}", ""]
        for one in differences:
            parts = [code(one.get(part, "")) for part in ("page", "where", "what")]
            lines.append(" ".join(["-", *filter(None, parts)]))
        if not differences:
            lines.append("- failed without a word on a page: read the log of the run")
        lines.append("")
    return cut(lines).strip()


def comment(folder: Path, repository: str, head: str, run: str) -> None:
    """Write or renew the comment on the pull request that the report is about.

    Raises
    ------
    ValueError
        If the report names a pull request whose head is another commit than the one that ran.
    """
    report = read_report(folder / "pages.json")
    number = report.get("pull_request")
    if type(number) is not int or number < 1:
        raise ValueError(f"pull_request: {number!r:.100} is no number")
    text = pages_comment(report, run)
    pull = json.loads(gh(f"repos/{repository}/pulls/{number}"))
    if pull["head"]["sha"] != head:
        raise ValueError(f"pull request {number} is not at the commit that ran")
    address = f"repos/{repository}/issues/{number}/comments"
    for earlier in json.loads(gh("--paginate", "--slurp", f"{address}?per_page=100")):
        for one in earlier:
            if one["user"]["login"] == BOT and one["body"].startswith(MARKER):
                there = f"repos/{repository}/issues/comments/{one['id']}"
                gh("--method", "PATCH", there, body={"body": text})
                return
    gh("--method", "POST", address, body={"body": text})


def issue(folder: Path, repository: str, run: str, complete: bool = True) -> None:
    """Open the radar's issue, renew it, or close it when nothing differs any more.

    Parameters
    ----------
    complete : bool
        Whether every job of the radar lived to write its report.

    Raises
    ------
    ValueError
        If there is no report: a radar that saw nothing must not close the issue.
    """
    paths = sorted(folder.rglob("*.json"))
    if not paths:
        raise ValueError(f"{folder}: no report")
    text = drift_issue([read_report(path) for path in paths])
    if not text and not complete:
        text = "A job failed before it could report: read the log of the run."
    address = f"repos/{repository}/issues"
    pages = json.loads(gh("--paginate", "--slurp", f"{address}?state=open&per_page=100"))
    ours = [
        one
        for page in pages
        for one in page
        if (one["user"]["login"], one["title"]) == (BOT, TITLE)
    ]
    number = ours[0]["number"] if ours else None
    body = {"title": TITLE, "body": f"{text}\n\n[The run]({run}), with the reports as artifacts."}
    if number is None and text:
        gh("--method", "POST", address, body=body)
    elif number is not None and text:
        gh("--method", "PATCH", f"{address}/{number}", body=body)
    elif number is not None:
        there = f"{address}/{number}"
        gh(
            "--method",
            "POST",
            f"{there}/comments",
            body={"body": f"Nothing differs in [this run]({run})."},
        )
        gh("--method", "PATCH", there, body={"state": "closed"})


def main() -> int:
    """Say it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.github", description=__doc__)
    parser.add_argument("what", choices=["comment", "issue"])
    parser.add_argument("folder", type=Path, help="the downloaded reports")
    arguments = parser.parse_args()
    repository, run = os.environ["GITHUB_REPOSITORY"], os.environ["RUN_URL"]
    try:
        if arguments.what == "comment":
            comment(arguments.folder, repository, os.environ["HEAD_SHA"], run)
        else:
            complete = os.environ["VERSIONS_RESULT"] == "success"
            issue(arguments.folder, repository, run, complete)
    except ValueError as error:
        print(f"The report was refused. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
