"""Tests that hold nothing: without an assertion, skipped, or with a fixture of their own for claims."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from proof.files import File, names_in
from proof.problem import Problem, nothing_found
from proof.project import House

ASSERTS = set("raises warns names_bad_input demand effect limit exact fail".split())  # noqa: SIM905
SKIPS = {"skip", "skipif", "xfail", "importorskip"}
WHY = "Whoever reads that the tests pass believes that this was tested."


def _asserts(function: ast.AST, helpers: dict[str, ast.FunctionDef], seen: frozenset[str]) -> bool:
    """Return whether a function asserts something, by itself or through a helper of its file."""
    if any(isinstance(node, ast.Assert) for node in ast.walk(function)):
        return True
    names = names_in(function)
    if names & ASSERTS or any(name.startswith("assert_") for name in names):
        return True
    return any(_asserts(helpers[n], helpers, seen | {n}) for n in names & helpers.keys() - seen)


def check_file(test: File, *, of_a_page: bool) -> list[Problem]:
    """Check the tests of one file; those of a page may not be skipped either."""
    functions = {n.name: n for n in test.nodes if isinstance(n, ast.FunctionDef)}
    found = []
    for name, function in functions.items():
        if name.startswith("test_") and not _asserts(function, functions, frozenset({name})):
            found.append(
                Problem(test.name, function.lineno, f"{name} asserts nothing", WHY,
                        "Assert what it is named for, or delete it.")
            )  # fmt: skip
        given = [k.value for d in function.decorator_list for k in getattr(d, "keywords", ())]
        aliases = {value.value for value in given if isinstance(value, ast.Constant)}
        if "claim" in {name, *aliases}:
            found.append(
                Problem(test.name, function.lineno, "a fixture `claim` of its own",
                        "That of tests/conftest.py asks for seeds, an effect and a null.",
                        "Give it another name.")
            )  # fmt: skip
    found += [problem for node in test.nodes for problem in _looked_away(test.name, node)]
    return found + ([*_skipped(test)] if of_a_page else [])


def _skipped(test: File) -> Iterator[Problem]:
    """Yield every place where a test of a page can be skipped."""
    for node in test.nodes:
        if isinstance(node, ast.Attribute):
            names = {node.attr}
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
        else:
            continue
        if names & SKIPS:
            yield Problem(test.name, node.lineno, f"a test that can be skipped: {ast.unparse(node)}", WHY,
                          "Make it pass everywhere, or delete it together with the claim.")  # fmt: skip


def _looked_away(name: str, node: ast.AST) -> Iterator[Problem]:
    """Yield a demand for a part of the problems: ``demand(problems[:0])`` never fails."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"demand", "report"}:
        for given in node.args:
            if isinstance(given, ast.Subscript) and isinstance(given.slice, ast.Slice):
                what = f"looks at a part of the problems only: {ast.unparse(given)}"
                yield Problem(name, node.lineno, what, WHY,
                              "Demand all of them.")  # fmt: skip


def check(house: House) -> list[Problem]:
    """Check all test files."""
    if not house.tests:
        return [nothing_found("tests")]
    return [
        problem
        for test in house.tests
        for problem in check_file(test, of_a_page=test.path.parent.name in house.sections)
    ]
