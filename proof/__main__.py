"""The command line: ``python -m proof check | update | fix [PAGE]``.

check reads everything, which takes seconds; of a named page it also runs snippets, figures and
tests, and builds the page. update regenerates output lines, figures, footnotes and lists. fix
mends what needs no thought, then updates.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from proof import cache, registry
from proof.files import Page
from proof.problem import Problem, report
from proof.project import House, page_named
from proof.stated import test_file

USAGE = "usage: python -m proof check|update|fix [PAGE]"


def check(house: House, page: Page | None) -> bool:
    """Print all that is wrong; tell whether nothing is."""
    if page is None:
        return tell_problems(registry.read(house))
    # Its tests run and its page is built while this process reads.
    seen = cache.entry_of(f"tests of {page.name}", python_files(house))
    tests = start_tests(house, page, seen)
    if tests and hasattr(os, "nice"):
        os.nice(10)  # the tests take longest
    with ThreadPoolExecutor(1) as pool:
        built = pool.submit(registry.built, house, page)
        problems = registry.read(house)
        known = {(problem.file, problem.line) for problem in problems}
        for later in (registry.run(house, page), built.result()):
            problems += [p for p in later if (p.file, p.line) not in known]
            known |= {(problem.file, problem.line) for problem in problems}
    passed = tests is None or tests.wait() == 0
    if passed:
        cache.keep(seen, "")
    return tell_problems(problems, passed)


def python_files(house: House) -> list[Path]:
    """Return all files on which the tests of a page could depend."""
    folders = ("docs", "snippets", "tests", "tools")
    return [path for folder in folders for path in (house.root / folder).rglob("*.py")]


def start_tests(house: House, page: Page, seen: Path) -> subprocess.Popen[bytes] | None:
    """Start the tests of one page, which print for themselves; none if it has none, or they have passed."""
    test = test_file(page.name)
    if not (house.root / test).exists():
        return None  # a page that needs tests and has none is a problem of its own
    if seen.exists():
        print(f"{test}: passed before, and no Python file has changed since")
        return None
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-n", "2", test]
    return subprocess.Popen(command, cwd=house.root)


def tell_problems(problems: list[Problem], passed: bool = True) -> bool:
    """Print problems; tell whether there are none, and the tests have passed."""
    if problems:
        print(f"\n{report(problems)}\n\nproblems: {len(problems)}", file=sys.stderr)
    elif passed:
        print("no problem found; make test checks everything")
    return passed and not problems


def tell(house: House, done: list[Path | Problem]) -> bool:
    """Print what changed and what failed; tell whether nothing failed."""
    for path in dict.fromkeys(entry for entry in done if isinstance(entry, Path)):
        print(f"updated {path.relative_to(house.root).as_posix()}")
    problems = [entry for entry in done if isinstance(entry, Problem)]
    if problems:
        print(report(problems), file=sys.stderr)
    return not problems


def main(arguments: list[str]) -> int:
    """Run one command; return the exit code."""
    command, *rest = arguments or [""]
    if command not in ("check", "update", "fix") or len(rest) > 1:
        print(USAGE, file=sys.stderr)
        return 2
    gc.disable()  # what is parsed lives to the end; walking it again and again took a third of the time
    house = House()
    page = page_named(house, rest[0]) if rest and rest[0] else None
    if command == "check":
        return 0 if check(house, page) else 1
    done = registry.fix(house) if command == "fix" else []
    return 0 if tell(house, done + registry.update(House(house.root), page)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
