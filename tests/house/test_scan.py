"""Typing errors, secrets, leftovers and this machine: each goes red, and the pages have none."""

import subprocess
from collections.abc import Callable

import pytest

from proof.problem import report
from proof.project import House
from tools import prose, scan

PAGE, SNIPPET = "docs/data/shift.md", "snippets/data/shift.py"
TEXT = "The share of rows above the limit is 75.0%.\n"
CODE = "share = share_above("

# One line more in a file, and what is said of it. The keys are cut in two, for the scan of this repository.
FAULTS = {
    "a typing error": (PAGE, f"{TEXT}We recieve it.\n", "'recieve' looks like a typing error"),
    "a typing error in code": (SNIPPET, f"thresold = 1\n    {CODE}", "'thresold' looks like"),
    "a cloud key": (SNIPPET, f'key = "AKIA{"IOSFODNN7EXAMPLQ"}"\n    {CODE}', "a secret: AWS Access Key"),
    "a token": (PAGE, f"{TEXT}Use ghp_{'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}.\n", "a secret: GitHub Token"),
    "a private key": (PAGE, f"{TEXT}-----BEGIN {'RSA PRIVATE KEY'}-----\n", "a secret: Private Key"),
    "a home path": (SNIPPET, f'path = "/home/{"me"}/data.csv"\n    {CODE}', "names this machine: '/home/me'"),
    "a home path in prose": (PAGE, f"{TEXT}Open `C:\\Users\\me`.\n", "names this machine"),
    "the environment": (SNIPPET, f"import os; print(os.environ)\n    {CODE}", "names this machine: 'os.environ'"),
}  # fmt: skip
LEFT = {
    "a reference to nothing": ("[x][nosuch]", "[x][nosuch] refers to a link"),
    "a short reference": ("[x][]", "[x][] refers to a link"),
    "a leftover": ("TODO: say more", "'TODO' was left on the page"),
    "a box that is not indented": ("??? note\n\nIt.", "is not indented below the box"),
    "a script": ("<script>1</script>", "holds '<script'"),
    "a fence that never ends": ("```text\nIt.", "never closed"),
}


@pytest.fixture
def tracked_house(small_house: House) -> House:
    subprocess.run(["git", "init", "-q"], cwd=small_house.root, check=True)
    return small_house


def test_accepts_the_small_house(tracked_house: House) -> None:
    assert scan.check(tracked_house) == []
    assert [p for page in tracked_house.pages for p in prose.check_page(page, tracked_house)] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_finds(fault: str, tracked_house: House, broken: Callable[..., House]) -> None:
    name, new, message = FAULTS[fault]
    house = broken(name, (TEXT if name == PAGE else CODE, new))
    [problem] = scan.check(house)
    assert message in problem.what and problem.file == name
    assert (
        new.splitlines()[name == PAGE]
        in (house.root / name).read_text("utf-8").splitlines()[problem.line - 1]
    )


@pytest.mark.parametrize("fault", LEFT)
def test_finds_in_prose(fault: str, broken: Callable[..., House]) -> None:
    text, message = LEFT[fault]
    house = broken(PAGE, (TEXT, f"{TEXT}{text}\n"))
    [page] = [page for page in house.pages if page.name == PAGE]
    [problem] = prose.check_page(page, house)
    assert message in problem.what
    assert page.source.splitlines()[problem.line - 1] in text.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "`[x][nosuch]`",
        "```\n[x][nosuch] TODO\n```",
        "[x][y]\n\n[y]: shift.md",
        "a[^doe-2020][^doe-2020]",
    ],
)
def test_leaves_code_and_what_resolves(text: str, broken: Callable[..., House]) -> None:
    house = broken(PAGE, (TEXT, f"{TEXT}{text}\n"))
    assert [p for page in house.pages for p in prose.check_page(page, house)] == []


def test_a_house_without_files_fails(tmp_path: object) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert "found no files to scan" in report(scan.check(House(tmp_path)))
