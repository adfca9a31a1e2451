"""The checks as pytest items, named by what they check: ``docs/data/x.md::numbers``.

pyproject.toml loads it with `-p proof.plugin`. It also brings the fixture `claim`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest

from proof import registry
from proof.claims import Claim, Place, sentence_of
from proof.problem import Problem, demand, where
from proof.project import House

_house = cache(House)  # one reading of the project for all items of a process


def pytest_configure() -> None:
    """Do without the collector: what the checks parse lives to the end, and is walked again and again."""
    gc.disable()


@pytest.fixture
def claim(request: pytest.FixtureRequest) -> Claim:
    """Hold the sentence of the test's docstring; fail unless effect, null and limit were shown."""
    return Claim(sentence_of(request.function), Place(*where(request.function)))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Ask a claim what it was shown, once its test has come to the end."""
    __tracebackhide__ = True
    result = yield
    if isinstance(claim := pyfuncitem.funcargs.get("claim"), Claim):
        claim.finish()
    return result


class Check(pytest.Item):
    """One check of one file, or of the project as a whole."""

    def __init__(self, *, problems: Callable[[], list[Problem]], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.problems = problems

    def runtest(self) -> None:
        """Fail with all problems as the message."""
        demand(self.problems())

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """Show the problems alone; of an error in the check itself, where it happened."""
        if excinfo.errisinstance(AssertionError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return what a report calls this item."""
        return self.path, 0, self.name


class Checked(pytest.File):
    """A page, a snippet or a figure script; pyproject.toml stands for the project as a whole."""

    def collect(self) -> Iterator[Check]:
        """Yield the checks of this file."""
        house = _house(self.config.rootpath)
        name = self.path.relative_to(house.root).as_posix()
        files = {file.name: file for file in (*house.texts, *house.snippets, *house.figures)}
        for module in registry.modules(house):
            short = module.__name__.split(".")[-1]
            if name == "pyproject.toml" and hasattr(module, "check"):
                yield Check.from_parent(self, name=short, problems=partial(module.check, house))
            for function, of in registry.of_a_file(house).items():
                if hasattr(module, function) and name in {file.name for file in of}:
                    look = partial(getattr(module, function), files[name], house)
                    yield Check.from_parent(self, name=short, problems=look)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Collect what the project's checks look at."""
    house = _house(parent.config.rootpath)
    name = file_path.relative_to(house.root).as_posix() if file_path.is_relative_to(house.root) else ""  # fmt: skip
    held = name.startswith(("docs/", "snippets/")) and file_path.suffix in (".md", ".py")
    if held or name == "pyproject.toml":
        return Checked.from_parent(parent, path=file_path)
    return None
