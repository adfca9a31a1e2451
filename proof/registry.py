"""The checks of a project: the modules that ``[tool.proof]`` in pyproject.toml lists, in that order.

A check is a module and a row. The module defines any of these functions, and nothing else is asked:

- ``check(house)``: what is wrong and can be read, in a moment;
- ``check_page(page, house)``: the same, page by page;
- ``check_snippet(snippet, house)``, ``check_figure(script, house)``, ``check_chapter(chapter, house)``: what only running it shows;
- ``check_built(page, house)``: what only the built page shows;
- ``update(house)``: regenerates what is generated; returns the files changed, and what failed;
- ``fix(house)``: mends what needs no thought; returns the files changed.

Each but the last two returns a list of problems.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from proof.files import File, Page
from proof.problem import Problem, nothing_found
from proof.project import House

# A module that has one may be told to do one page only.
RUNNING = ("check_snippet", "check_figure", "check_chapter")


def modules(house: House) -> list[ModuleType]:
    """Return the modules of the project's checks."""
    return [importlib.import_module(name) for name in house.settings.checks]


def read(house: House) -> list[Problem]:
    """Return all that is wrong and can be read without running anything."""
    found = []
    for module in modules(house):
        # First: an embed is the cause of a section that nobody shows.
        if hasattr(module, "check_page"):
            found += [p for page in house.texts for p in module.check_page(page, house)]
        if hasattr(module, "check"):
            found += module.check(house)
    return found if house.settings.checks else [nothing_found("checks")]


def of_a_file(house: House) -> dict[str, Sequence[File]]:
    """Return the functions that look at one file, each with the files that it looks at."""
    return {
        "check_page": house.texts,
        "check_snippet": house.snippets,
        "check_figure": house.figures,
        "check_chapter": house.chapters,
    }


def everything(module: ModuleType, house: House) -> list[Problem]:
    """Return all that one module finds, but for built pages."""
    found = list(module.check(house)) if hasattr(module, "check") else []
    for function, files in of_a_file(house).items():
        if hasattr(module, function):
            found += [
                problem for file in files for problem in getattr(module, function)(file, house)
            ]
    return found


def run(house: House, page: Page) -> list[Problem]:
    """Return what is wrong once the snippets and figures of a page run."""
    own = house.only(page)
    return [
        problem
        for module in modules(own)
        for function in RUNNING
        for script in of_a_file(own)[function]
        if hasattr(module, function) and not script.fault
        for problem in getattr(module, function)(script, own)
    ]


def built(house: House, page: Page) -> list[Problem]:
    """Return what is wrong on the built page."""
    checks = [m.check_built for m in modules(house) if hasattr(m, "check_built")]
    return [problem for check in checks for problem in check(page, house)]


def update(house: House, page: Page | None = None) -> list[Path | Problem]:
    """Regenerate everything, or run the snippets and figures of one page only; return what was done."""
    done: list[Path | Problem] = []
    for module in modules(house):
        if not hasattr(module, "update"):
            continue
        fresh = House(house.root)  # an earlier step may have changed what this one reads
        runs = any(hasattr(module, function) for function in RUNNING)
        done += module.update(fresh.only(page) if page and runs else fresh)
    return done


def fix(house: House) -> list[Path | Problem]:
    """Mend what needs no thought; return what was done."""
    done: list[Path | Problem] = []
    for module in modules(house):
        if hasattr(module, "fix"):
            done += module.fix(House(house.root))
    return done
