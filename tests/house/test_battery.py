"""The battery sees another number, a raw error and a wrong order; it lets right functions pass."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tools import battery
from tools.battery import faults

TABLE = pd.DataFrame({"income": [1.0, 5.0, 3.0], "owner": [1, 0, 1]})
WEIGHTS = np.array([1.0, 10.0])


def tried(function: Callable[..., Any], **arguments: Any) -> dict[str, dict[str, str]]:
    return faults(function, arguments, arguments, lambda name, kind: False)


def span(values: Any) -> float:
    if np.ma.is_masked(values):
        raise ValueError("values must have no mask")
    values = np.asarray(values, dtype=float)
    return float(values.max() - values.min())


def score(table: pd.DataFrame) -> pd.Series:
    if list(table.columns) != ["income", "owner"]:
        raise ValueError("table must hold income, then owner")
    return table.astype(float).mul([1.0, 10.0]).sum(axis=1)


def test_accepts_what_casts_at_its_door() -> None:
    assert tried(span, values=[1.0, 5.0, 3.0]) == {}
    assert tried(score, table=TABLE) == {}


def share(labels: Any) -> float:
    if not all(isinstance(label, str) for label in labels):
        raise TypeError("labels must be text")
    return float(np.mean([label == "good" for label in labels]))


CARELESS: dict[str, tuple[Callable[[Any], Any], Any, str]] = {
    "wraps": (lambda values: int(np.subtract(values[0], values[1])), np.array([3, 5]), "uint8"),
    "takes the spread in its dtype": (lambda values: np.asarray(values).max() - np.asarray(values).min(), [1.0, 5.0], "int8"),
    "aligns by index": (lambda values: (pd.Series(values) * pd.Series([1, 10, 100])).sum(), [1.0, 5.0, 3.0], "a Series with another index"),
    "raw error": (lambda values: bool(np.isfinite(values).all()), [1.0, 5.0], "object"),
    "ignores the order of columns": (lambda values: values.to_numpy(float) @ WEIGHTS, TABLE, battery.REORDERED),
    "takes a doubled column": (lambda values: len(values), TABLE, battery.DOUBLED),
    "treats bool as text": (lambda values: sum(values[c].sum() for c in values if values[c].dtype != bool), TABLE, "column 'owner' as bool"),
    "drops a mask": (lambda values: float(np.asarray(values, float).sum()), [1.0, 5.0], "a masked array"),
    "drops a mask of two dimensions": (lambda values: float(np.asarray(values, float).sum()), [[1.0, 5.0]], "a masked array"),
    "knows one order of bytes": (lambda values: float(pd.Series(values).rank().sum()), [1.0, 5.0], ">f8"),
    "computes in a setting's dtype": (lambda values: float(values * 3), 0.1, "numpy's float16"),
    "takes what has no hash": (lambda values: sorted({*values}), ["good", "bad"], "a Series of lists"),
    "takes what no float can hold": (lambda values: int(values) + 1, 3, "10**400"),
    "fails over what no float can hold": (lambda values: float(values), 3, "10**400"),
    "wraps a setting": (lambda values: int(1 - values), 3, "numpy's uint8"),
    "counts by label": (lambda values: len(values) if not isinstance(values, pd.Series) else len(values.loc[[0]]), ["good", "bad", "good"], "a Series with a doubled index"),
}  # fmt: skip


@pytest.mark.parametrize("name", CARELESS)
def test_sees_a_function_that(name: str) -> None:
    function, values, variant = CARELESS[name]
    assert variant in tried(function, values=values)["values"]


def test_text_labels_pass_in_every_container() -> None:
    assert tried(share, labels=["good", "bad", "good"]) == {}


def test_the_same_numbers_in_another_order_of_columns_are_the_same() -> None:
    assert tried(lambda values: values.astype(float).mean(), values=TABLE).keys() == {"values"}
    assert set(tried(lambda values: values.astype(float).mean(), values=TABLE)["values"]) == {
        battery.DOUBLED
    }


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (1.0, np.float32(1), True), ([1, (2.0, "a")], [1, (2.0, "a")], True), ({"a": 1}, {"a": 2}, False),
        (float("nan"), float("nan"), True), (pd.Series([1.0]), pd.Series([1.1]), False), ("a", "b", False),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]}), False), ([1, 2], [1], False),
    ],
)  # fmt: skip
def test_same(one: Any, other: Any, alike: bool) -> None:
    assert battery.same(one, other) is alike
