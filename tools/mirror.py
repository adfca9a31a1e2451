"""Mirror: a section has one folder name in docs, snippets and tests, and files name each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from proof.files import Chapter, File
from proof.problem import Problem, nothing_found
from proof.project import House
from proof.stated import page_of, test_file


def check_parses(file: File) -> list[Problem]:
    """Check that a file is Python; the other checks pass it over until it is."""
    if file.fault is None:
        return []
    return [
        Problem(file.name, file.fault.lineno or 1, f"is no Python: {file.fault.msg}",
                "Nothing in it runs, so nothing holds what the page says.", "Mend this line.")
    ]  # fmt: skip


def check_collected(house: House) -> Iterator[Problem]:
    """Check that nothing on the disk is passed over: a check of fewer files is green, or a flood."""
    kinds: list[tuple[str, str, Sequence[File]]] = [
        ("snippets", "*.py", house.snippets), ("docs", "*.md", house.pages), ("tests", "test_*.py", house.tests),
    ]  # fmt: skip
    for folder, pattern, files in kinds:
        if missed := sorted(
            {*(house.root / folder).rglob(pattern)} - {file.path for file in files}
        ):
            what = f"passes over {len(missed)} files of {folder}/, such as {missed[0].name}"
            yield Problem("proof/project.py", 1, what, "What is not collected is not checked; all else below may follow from it.",
                          "Let House collect all of them again.")  # fmt: skip


def check_folders(house: House) -> Iterator[Problem]:
    """Check that each section has its folder on all three floors."""
    for section in house.sections:
        for floor in ("docs", "tests"):
            if not (house.root / floor / section).is_dir():
                yield Problem(f"snippets/{section}", 1, f"there is no folder {floor}/{section}",
                              "A section has the same folder in docs, snippets and tests.",
                              f"Make {floor}/{section}, or move the snippets.")  # fmt: skip


def check_snippets(house: House) -> Iterator[Problem]:
    """Check that each snippet names the page that embeds it."""
    pages = {page.name: page for page in house.texts}
    for snippet in house.snippets:
        line, name = snippet.page or (1, "")
        page = pages.get(name)
        if page is None:
            what = f"names no page: {name!r}" if name else "its docstring names no page"
        elif not any(embed.path == snippet.name for embed in page.embeds):
            what = f"names {name}, which does not embed it"
        elif page.path.parent.name != snippet.path.parent.name:
            what = f"stands in another section than its page {name}"
        else:
            continue
        yield Problem(snippet.name, line, what, "Whoever finds the file must find its page.",
                      "Write `Page: docs/<section>/<page>.md` in the docstring: the page that embeds it.")  # fmt: skip


def check_tests(house: House) -> Iterator[Problem]:
    """Check that each test file of a section names its page, and each page with code has tests."""
    pages = {page.name: page for page in house.texts}
    for file in house.tests:
        if file.path.parent.name not in house.sections or file.fault:
            continue
        name = page_of(file.name, house)
        docstring = ast.get_docstring(file.tree) or ""
        if name not in pages:
            what, mend = f"there is no page {name}", "Name the file after its page."
        elif docstring.splitlines()[:1] != [name]:
            what, mend = "its docstring does not name its page", f'Begin it with """{name}"""'
        else:
            continue
        yield Problem(file.name, 1, what, "A test file belongs to one page.", mend)
    for page in pages.values():
        embeds = any(embed.path.startswith("snippets/") for embed in page.embeds)
        test = test_file(page.name)
        if (embeds or isinstance(page, Chapter)) and not (house.root / test).exists():
            yield Problem(page.name, 1, f"there is no {test}", "A page that shows code has tests that hold what it says.",
                          "Add the file, with one test a claim.")  # fmt: skip


def check(house: House) -> list[Problem]:
    """Check folders, the page that a snippet names, and the page that a test file names."""
    if not house.snippets:
        return [nothing_found("snippets")]
    files = (*house.snippets, *house.figures, *house.tests)
    parsed = [problem for file in files for problem in check_parses(file)]
    return [
        *check_collected(house),
        *parsed,
        *check_folders(house),
        *check_snippets(house),
        *check_tests(house),
    ]
