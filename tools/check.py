"""Check a change while writing: `python -m tools.check`, or `… check my-page` for all of one page.

Without a page it only reads, which takes seconds: embeds, numbers, claims, sources, folders.
With a page it also runs the page's snippets, figures and tests, and builds the site.
`make test` has the last word: it checks everything.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from proof import assertions, claims, embeds, figures, outputs, sources
from proof import numbers as prose_numbers
from proof.project import Chapter, House, Page, Problem, page_named, report
from tools import (
    addresses,
    bad_input,
    catalogue,
    docstrings,
    door,
    formatting,
    glossary,
    mirror,
    names,
    notebooks,
    safety,
    schema,
    shown,
    site,
    tidy,
    topics,
)

READING = (
    tidy, schema, topics, embeds, prose_numbers, claims, sources, mirror, bad_input, assertions, names,
    docstrings, door, formatting, catalogue, glossary, notebooks, addresses,
)  # fmt: skip


def read(house: House) -> list[Problem]:
    """Return all that is wrong in what can be read without running anything."""
    found = [problem for check in READING for problem in check.check(house)]
    return found + safety.check_files(house.root) + schema.check_configuration(house.root)


def run(house: House, page: Page) -> list[Problem]:
    """Run the snippets and figures of one page, or a chapter; return what is wrong."""
    if isinstance(page, Chapter):
        return notebooks.run(page)
    own = house.only(page)
    snippets = [snippet for snippet in own.snippets if not snippet.fault]
    drawings = [figure for figure in own.figures if not figure.fault]
    return [
        *(p for snippet in snippets for p in outputs.check_source(snippet)),
        *(p for snippet in snippets for p in outputs.check_run(snippet)),
        *(p for figure in drawings for p in figures.check_figure(figure)),
    ]


def built(house: House, page: Page) -> list[Problem]:
    """Build the site; return what speaks against it, or what is wrong on the built page."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            site.build(Path(folder), house.root)
        except site.BuildFailed as failed:
            return failed.problems
        result = site.built_from(page.name, Path(folder))
        files = {file.name: file for file in (*house.snippets, *house.figures)}
        return [
            *site.check_structure(result),
            *site.check_budget(result),
            *safety.check_page(result),
            *shown.check_page(result, files)[0],
        ]


def tests_pass(house: House, page: Page) -> bool:
    """Run the tests of one page, which print for themselves."""
    test = claims.test_file(page.name)
    if not (house.root / test).exists():
        return True  # a page that needs tests and has none is a problem of the mirror
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", test]
    return subprocess.run(command, cwd=house.root, check=False).returncode == 0


def main(arguments: list[str]) -> int:
    """Check everything that can be read, and one page in full; return the exit code."""
    house, passed = House(), True
    problems = read(house)
    if arguments:
        page = page_named(house, arguments[0])
        problems += [p for p in run(house, page) if p not in problems]
        places = {(problem.file, problem.line) for problem in problems}
        problems += [p for p in built(house, page) if (p.file, p.line) not in places]
        passed = tests_pass(house, page)
    if problems:
        print(f"\n{report(problems)}\n\nproblems: {len(problems)}", file=sys.stderr)
    elif passed:
        print("no problem found; make test checks everything")
    return 0 if passed and not problems else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
