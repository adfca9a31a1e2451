"""`names_bad_input` feeds every kind of fault, and lets none pass that is not named."""

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tools.bad_input import NAN, names_bad_input

GOOD: dict[str, Any] = {"values": [0.1, 0.7, 0.4], "weights": [1.0, 2.0, 3.0], "rows": 3, "share": 0.5}  # fmt: skip
BOUNDS = {"rows": "[1, inf)", "share": "(0, 1)"}
CHECKS: dict[str, Callable[[dict[str, Any]], bool]] = {  # of an argument: whether it is good
    "values must hold numbers": lambda a: np.asarray(a["values"]).dtype.kind in "iuf",
    "values must be one-dimensional": lambda a: np.ndim(a["values"]) == 1,
    "values must not be empty": lambda a: np.size(a["values"]) > 0,
    "values must be finite": lambda a: (
        not np.ma.is_masked(a["values"]) and np.isfinite(np.asarray(a["values"], float)).all()
    ),
    "weights must be finite numbers": lambda a: finite(a["weights"]),
    "weights must not be too few": lambda a: len(a["weights"]) >= len(a["values"]),
    "weights must not be too many": lambda a: len(a["weights"]) <= len(a["values"]),
    "rows must be whole": lambda a: isinstance(a["rows"], Integral) and a["rows"] < 2**63,
    "rows must be at least 1": lambda a: a["rows"] >= 1,
    "share must be a number": lambda a: isinstance(a["share"], Real),
    "share must be above 0": lambda a: a["share"] > 0,
    "share must be below 1": lambda a: a["share"] < 1,
}


def finite(values: Any) -> bool:
    array = np.asarray(values)
    return bool(
        not np.ma.is_masked(values)
        and array.dtype.kind in "iuf"
        and array.ndim == 1
        and np.isfinite(array).all()
    )


def checked(*, but: str = "") -> Callable[..., None]:
    """Return a function that makes every check of its input but one."""

    def weighted(values: Any, weights: Any, rows: Any = 3, share: Any = 0.5) -> None:
        given = {"values": values, "weights": weights, "rows": rows, "share": share}
        for message, good in CHECKS.items():
            if message != but and not good(given):
                raise ValueError(message)

    return weighted


def test_accepts_a_function_that_checks_everything() -> None:
    names_bad_input(checked(), paired=("values", "weights"), bounds=BOUNDS, **GOOD)


@pytest.mark.parametrize("check", CHECKS)
def test_rejects_a_function_without(check: str) -> None:
    with pytest.raises(AssertionError, match="weighted lets bad input in") as caught:
        names_bad_input(checked(but=check), paired=("values", "weights"), bounds=BOUNDS, **GOOD)
    assert f"{check.split()[0]}=" in str(caught.value)


def test_an_error_must_name_the_argument() -> None:
    def vague(rows: int) -> None:
        if not isinstance(rows, Integral) or rows < 0:
            raise ValueError("bad input")

    with pytest.raises(AssertionError, match="which does not name it"):
        names_bad_input(vague, rows=3)


def test_a_table_with_missing_values_is_a_fault_unless_allowed() -> None:
    def mean(table: pd.DataFrame) -> float:
        if not isinstance(table, pd.DataFrame) or table.empty:
            raise TypeError("table must be a DataFrame with rows")
        return float(table.astype(float).mean().mean())

    table = pd.DataFrame({"x": [1.0, 2.0]})
    names_bad_input(mean, table=table, allow=[("table", NAN)])
    with pytest.raises(AssertionError, match="table="):
        names_bad_input(mean, table=table)


def test_nothing_to_spoil_fails() -> None:
    with pytest.raises(AssertionError, match="found no argument that could be wrong"):
        names_bad_input(lambda flag=True: None)


def test_a_default_is_tried_in_small_types() -> None:
    def tenth(rows: int, share: float = 0.1) -> float:
        if not isinstance(rows, Integral) or rows < 0:
            raise ValueError("rows must be a count")
        if not isinstance(share, Real) or not 0 <= share <= 1:
            raise ValueError("share must be between 0 and 1")
        return float(share * int(rows))

    with pytest.raises(AssertionError, match="share as numpy's float16: "):
        names_bad_input(tenth, rows=3)
