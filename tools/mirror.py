"""Mirror: a section has one folder name in docs, snippets and tests, and files name each other."""

from __future__ import annotations

import ast

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


def check(house: House) -> list[Problem]:
    """Check folders, the page that a snippet names, and the page that a test file names."""
    if not house.snippets:
        return [nothing_found("snippets")]
    files = (*house.snippets, *house.figures, *house.tests)
    found = [problem for file in files for problem in check_parses(file)]
    pages = {page.name: page for page in house.texts}
    for section in house.sections:
        for floor in ("docs", "tests"):
            if not (house.root / floor / section).is_dir():
                found.append(
                    Problem(
                        f"snippets/{section}", 1, f"there is no folder {floor}/{section}",
                        "A section has the same folder in docs, snippets and tests.",
                        f"Make {floor}/{section}, or move the snippets.",
                    )
                )  # fmt: skip
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
        found.append(
            Problem(
                snippet.name, line, what, "Whoever finds the file must find its page.",
                "Write `Page: docs/<section>/<page>.md` in the docstring: the page that embeds it.",
            )
        )  # fmt: skip
    for file in house.tests:
        test = file.name
        if file.path.parent.name not in house.sections or file.fault:
            continue
        page_name = page_of(test, house)
        docstring = ast.get_docstring(file.tree) or ""
        if page_name not in pages:
            what, mend = f"there is no page {page_name}", "Name the file after its page."
        elif docstring.splitlines()[:1] != [page_name]:
            what, mend = "its docstring does not name its page", f'Begin it with """{page_name}"""'
        else:
            continue
        found.append(Problem(test, 1, what, "A test file belongs to one page.", mend))
    for page in pages.values():
        shows_code = isinstance(page, Chapter) or any(
            embed.path.startswith("snippets/") for embed in page.embeds
        )
        if shows_code and not (house.root / test_file(page.name)).exists():
            found.append(
                Problem(
                    page.name, 1, f"there is no {test_file(page.name)}",
                    "A page that shows code has tests that hold what it says.",
                    "Add the file, with one test a claim.",
                )
            )  # fmt: skip
    return found
