"""Text-only changes are told apart, and changed pages are found by what stands in them."""

import subprocess
from pathlib import Path

import pytest

from tools import changes


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["docs/data/drift-threshold.md"], True),
        (["README.md", ".github/pull_request_template.md"], True),
        (["docs/index.md", "snippets/data/drift_threshold.py"], False),
        (["docs/data/figures/drift_threshold.svg"], False),
        (["requirements-test.txt"], False),
        (["mkdocs.yml"], False),
        ([], False),  # nothing known: run everything
    ],
)
def test_text_only(names: list[str], expected: bool) -> None:
    assert changes.text_only(names) is expected


def test_changed_files_since_the_branch_left(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        who = [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "init.defaultBranch=main",
        ]
        command = ["git", *who, *arguments]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout.strip()

    git("init")
    (tmp_path / "a.py").write_text("a = 1\n", "utf-8")
    git("add", ".")
    git("commit", "-m", "first")
    git("branch", "base")
    git("mv", "a.py", "a.md")
    git("commit", "-m", "code becomes text")
    git("checkout", "base")
    (tmp_path / "other.py").write_text("", "utf-8")
    git("add", ".")
    git("commit", "-m", "main moved on")
    base = git("rev-parse", "HEAD")
    git("checkout", "main")
    assert changes.changed_files(base, tmp_path) == ["a.md", "a.py"]


def site(folder: Path, pages: dict[str, str]) -> Path:
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"<nav>{len(pages)}</nav><article>{text}</article>", "utf-8")
    return folder


def test_changed_pages_are_those_whose_article_differs(tmp_path: Path) -> None:
    before = site(
        tmp_path / "a", {"index.html": "home", "data/index.html": "1", "old/index.html": ""}
    )
    after = site(tmp_path / "b", {"index.html": "home", "data/index.html": "2", "new/index.html": "", "404.html": ""})  # fmt: skip
    assert changes.changed_pages(before, after) == [
        {"address": "404.html", "kind": "added"},
        {"address": "data/", "kind": "changed"},
        {"address": "new/", "kind": "added"},
        {"address": "old/", "kind": "removed"},
    ]
    assert changes.changed_pages(before, before) == []


def test_an_empty_site_is_no_comparison(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no built page"):
        changes.changed_pages(tmp_path / "nothing", site(tmp_path / "b", {"index.html": "home"}))
