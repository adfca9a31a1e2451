"""Feed a snippet function what it must reject, and hold it to a message that names the argument.

A page's tests call it once per public function, with arguments that are good:

    def test_bad_input_is_named() -> None:
        names_bad_input(drift_threshold, reference_size=500, current_size=200)
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Collection, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from proof.problem import Problem, demand, nothing_found, where
from proof.project import House
from proof.stated import test_file
from tools import battery

# What can be wrong with an argument; pass its name in `allow` where the function accepts it.
TEXT, NONE, NAN, INFINITE, EMPTY, NEGATIVE, FRACTION, ABOVE_ONE, SHORT, LONG, NESTED, SCALAR = (
    "text", "none", "nan", "infinite", "empty", "negative", "fraction", "above one", "short", "long",
    "nested", "scalar",
)  # fmt: skip
OUTSIDE = "outside "


def names_bad_input(
    function: Callable[..., Any],
    *,
    paired: Collection[str] = (),
    allow: Collection[tuple[str, str]] = (),
    bounds: Mapping[str, str] | None = None,
    examples: int = 3,
    **valid: Any,
) -> None:
    """Assert that a function rejects bad input with an error that names the argument.

    Parameters
    ----------
    function : callable
        A public function of a snippet.
    paired : collection of str
        Arguments that must have the same number of rows.
    allow : collection of (argument, fault)
        Faults that are no faults here, such as ``("shift", NEGATIVE)``.
    bounds : mapping of str to str
        Interval of an argument, as mathematics writes it: ``"[1, inf)"`` for a number of rows,
        ``"(0, 1)"`` for a rate. What is just inside must pass; what is just outside must not.
    examples : int
        How many variants of all faults hypothesis may try.
    **valid
        Arguments that the function accepts; the rest keep their defaults.

    Raises
    ------
    AssertionError
        If the good arguments fail, or a bad one passes or is not named.
    """
    __tracebackhide__ = True
    arguments = _arguments(function, valid)
    function(**arguments)
    cases = [
        (name, fault)
        for name, value in arguments.items()
        for fault in _faults(value, name in paired)
        if (name, fault) not in allow and not (callable(value) and name not in valid)
    ]
    assert cases, f"{function.__name__}: found no argument that could be wrong"
    trial = _Trial(function, arguments)

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def try_faults(data: st.DataObject) -> None:
        for name, fault in cases:
            bad = _spoil(arguments[name], fault, data)
            trial.rejects(name, bad, paired if fault in (SHORT, LONG) else [name], fault)

    try_faults()
    for name, interval in (bounds or {}).items():
        trial.keeps_to(name, interval)
    real = {name: value for name, value in arguments.items() if not isinstance(value, bool)}
    others = battery.faults(function, arguments, real, lambda name, kind: (name, kind) in allow)
    demand(
        [
            *(_problem(function, name, faults) for name, faults in trial.found.items()),
            *(_another_number(function, name, faults) for name, faults in others.items()),
        ]
    )


def _arguments(function: Callable[..., Any], valid: Mapping[str, Any]) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters
    return {
        name: valid.get(name, parameter.default)
        for name, parameter in parameters.items()
        if name in valid or parameter.default is not inspect.Parameter.empty
    }


class _Trial:
    """A function and good arguments; collects what it lets in, by argument and fault."""

    def __init__(self, function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
        self.function, self.arguments = function, arguments
        self.found: dict[str, dict[str, str]] = {}

    def rejects(self, name: str, bad: Any, names: Collection[str], fault: str) -> None:
        what = "passes"
        try:
            self.function(**{**self.arguments, name: bad})
        except Exception as error:  # noqa: BLE001 - any other error is a finding
            if isinstance(error, (TypeError, ValueError)) and any(n in str(error) for n in names):
                return
            what = f"gives {battery.short(error)}, which does not name it"
        self.found.setdefault(name, {}).setdefault(fault, f"{name}={battery.short(bad)} {what}")

    def keeps_to(self, name: str, interval: str) -> None:
        inside, outside = _ends(interval, isinstance(self.arguments[name], Integral))
        for value in inside:
            self.function(**{**self.arguments, name: value})
        for value in outside:
            self.rejects(name, value, [name], f"{OUTSIDE}{interval}")


def _another_number(function: Callable[..., Any], name: str, faults: dict[str, str]) -> Problem:
    file, line = where(function)
    return Problem(
        file, line, f"{function.__name__} gives another answer for the same values: {'; '.join(faults.values())}",
        "People hand over the columns they have: small integers, nullable, in another order.",
        f"Cast {name} once, at the door, with a function of tools/templates/door.py, or raise an error that names it. "
        f"What may differ, the test allows: names_bad_input(…, allow={[(name, kind) for kind in faults]}).",
    )  # fmt: skip


def _problem(function: Callable[..., Any], name: str, faults: dict[str, str]) -> Problem:
    file, line = where(function)
    kinds = [(name, fault) for fault in faults if not fault.startswith(OUTSIDE)]
    allow = f" What it can do with, the test allows: names_bad_input(…, allow={kinds})."
    return Problem(
        file, line, f"{function.__name__} lets bad input in: {'; '.join(faults.values())}",
        "People import the function and give it their own data.",
        f"Check {name} at its top and raise a ValueError that names it." + (allow if kinds else ""),
    )  # fmt: skip


def _ends(interval: str, whole: bool) -> tuple[list[float], list[float]]:
    """Return values just inside an interval, and values just outside."""
    inside, outside = [], []
    for text, direction in zip(interval[1:-1].split(","), (-1, 1), strict=True):
        end = float(text)
        if not np.isfinite(end):
            continue
        if interval[0 if direction < 0 else -1] in "[]":
            inside.append(end)
            end += direction * (1 if whole else 1e-6)
        elif not whole:
            inside.append(end - direction * 1e-6)
        outside.append(end)
    return ([int(v) for v in inside], [int(v) for v in outside]) if whole else (inside, outside)


def _faults(value: Any, paired: bool) -> list[str]:
    if isinstance(value, bool) or value is None:
        return []
    if callable(value):
        return [NONE]
    if isinstance(value, str):
        return [NONE, NAN]
    if isinstance(value, Integral):
        return [TEXT, NONE, NAN, NEGATIVE, FRACTION]
    if isinstance(value, Real):
        return [TEXT, NONE, NAN, INFINITE, NEGATIVE, *([ABOVE_ONE] if 0 < float(value) < 1 else [])]
    if isinstance(value, pd.DataFrame):
        return [NONE, EMPTY, NAN, *([SHORT, LONG] if paired else [])]
    if isinstance(value, (list, tuple, np.ndarray, pd.Series)):
        numeric = np.asarray(value).dtype.kind in "iuf"
        return [NONE, EMPTY, *([TEXT, NAN, INFINITE, NESTED, SCALAR] if numeric else []), *([SHORT, LONG] if paired else [])]  # fmt: skip
    return [NONE]


def _spoil(value: Any, fault: str, data: st.DataObject) -> Any:
    if fault == NONE:
        return None
    if fault == NEGATIVE:
        return -abs(value) - data.draw(st.integers(1, 10))
    if fault == FRACTION:
        return value + data.draw(st.sampled_from([0.5, 0.25]))
    if fault == ABOVE_ONE:
        return 1 + data.draw(st.integers(1, 10))
    if isinstance(value, pd.DataFrame):
        if fault == SHORT:
            return value.iloc[: -data.draw(st.integers(1, len(value) - 1))]
        if fault == LONG:
            return pd.concat([value, value[: data.draw(st.integers(1, len(value)))]])
        if fault == EMPTY:
            return value.iloc[:0]
        table = value.copy()
        columns = [n for n in value if value[n].dtype.kind in "iuf"]
        column = data.draw(st.sampled_from(columns))
        table[column] = table[column].astype(float)
        table.loc[table.index[data.draw(st.integers(0, len(value) - 1))], column] = np.nan
        return table
    if isinstance(value, (str, Real)):
        return {TEXT: "ten", NAN: float("nan"), INFINITE: float("inf")}[fault]
    array = np.asarray(value)
    if fault == EMPTY:
        return array[:0]
    if fault == SHORT:
        return array[: -data.draw(st.integers(1, len(array) - 1))]
    if fault == LONG:
        return np.concatenate([array, array[: data.draw(st.integers(1, len(array)))]])
    if fault == SCALAR:
        return array.flat[0]
    if fault == NESTED:
        return array[..., None, None]
    if fault == TEXT:
        return np.full(array.shape, "ten")
    spoiled = array.astype(float)
    spoiled.flat[data.draw(st.integers(0, array.size - 1))] = np.nan if fault == NAN else np.inf
    return spoiled


def check(house: House) -> list[Problem]:
    """Check that every public function of a snippet goes through `names_bad_input`."""
    tested = set()
    for test in house.tests:
        for function in test.tree.body:
            if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "names_bad_input":
                    tested.add(getattr(node.args[0], "id", ""))
    functions = [
        (snippet, node)
        for snippet in house.snippets
        for node in snippet.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    if not functions:
        return [nothing_found("snippet functions")]
    return [
        Problem(
            snippet.name, node.lineno, f"no test feeds {node.name} bad input",
            "People import it and give it their own data.",
            f"Call names_bad_input({node.name}, …) in the tests of its page.",
        )
        for snippet, node in functions
        if node.name not in tested
        and test_file(snippet.page[1] if snippet.page else "docs/index.md") not in house.unreadable
    ]  # fmt: skip
