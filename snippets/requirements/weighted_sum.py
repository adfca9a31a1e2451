# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""The usual alternative to gates: a weighted sum of columns scaled to the same range.

Page: docs/requirements/model-scorecard.md
Source: additive weighting, with min-max scaling or fixed units
Task: choose a model by a weighted sum of columns
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def weighted_sum(
    costs: pd.DataFrame, weights: Mapping[str, float], units: Mapping[str, float] | None = None
) -> pd.Series:
    """Weigh the columns and add them up, scaled from best to worst or in fixed units.

    Parameters
    ----------
    costs : DataFrame of shape (models, numbers)
        Less is better in every column. Equal values in a column count as 0.
    weights : mapping from column to weight
        One for each column, none below 0.
    units : mapping from column to unit, optional
        What counts as 1 in a column, above 0, agreed before anything is measured. Without
        it, 0 is the best and 1 the worst of the table: then the table decides what counts.

    Returns
    -------
    Series of shape (models,)
        The smallest is the winner.

    Raises
    ------
    TypeError, ValueError
        If ``costs`` is no numeric DataFrame, or ``weights`` or ``units`` do not fit it.
    """
    if not isinstance(costs, pd.DataFrame):
        raise TypeError(f"costs must be a DataFrame, got {type(costs).__name__}")
    if costs.empty or not costs.columns.is_unique:
        raise ValueError("costs must have rows and columns, and no two columns of one name")
    table = _numeric("costs", costs)
    numbers = table.to_numpy()
    if units is None:
        span = np.ptp(numbers, axis=0)
        size = np.abs(numbers).max(axis=0)
        span[span <= 1e-12 * np.where(size > 1e-12, size, 1)] = np.inf  # 0.1 + 0.2 is 0.3
        scaled = (numbers - numbers.min(axis=0)) / span
    else:
        scaled = numbers / _shares("units", units, costs, 1e-300)
    return pd.Series(scaled @ _shares("weights", weights, costs, 0), index=table.index)


def _shares(name: str, values: Any, costs: pd.DataFrame, least: float) -> NDArray[np.float64]:
    if not isinstance(values, Mapping) or set(values) != set(costs.columns):
        raise ValueError(f"{name} must map every column of costs to a number, and nothing else")
    if not all(isinstance(v, Real) and least <= float(v) < np.inf for v in values.values()):
        raise ValueError(f"{name} must be numbers of at least 0, units above 0")
    return np.array([float(values[column]) for column in costs])


def _numbers(name: str, values: ArrayLike, ndim: int = 1) -> NDArray[np.float64]:
    # A list goes through object, so that a ragged one, or a number beside text, is refused below.
    try:
        array = np.asarray(values, dtype=None if hasattr(values, "__array__") else object)
        mixed = array.dtype == object and all(isinstance(v, (Real, np.bool_)) for v in array.flat)
        if array.size and array.dtype.kind not in "biuf" and not mixed:
            raise TypeError(f"{name} must hold numbers, got {array.dtype}")
        array = array.astype(np.float64)  # before any arithmetic: uint8 wraps, float16 overflows
    except (OverflowError, ValueError) as error:  # 10**400, or arrays of several shapes
        raise ValueError(f"{name} must hold numbers: {error}") from error
    known = np.isfinite(array).all() and not np.ma.is_masked(values)  # numpy drops a mask
    if array.ndim != ndim or not array.size or not known:
        raise ValueError(f"{name} must have {ndim} dimension(s), rows, and no NaN or infinity")
    return array


def _numeric(name: str, table: pd.DataFrame) -> pd.DataFrame:
    columns = {column: _numbers(f"{name}: column {column!r}", table[column]) for column in table}
    return pd.DataFrame(columns, index=table.index)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    costs = pd.DataFrame(
        {"loss": [5.00, 4.40, 5.40], "reads": [60, 440, 12]}, index=["small", "large", "linear"]
    )
    hopeless = pd.DataFrame({"loss": [5.60], "reads": [5_000]}, index=["hopeless"])
    weights = {"loss": 0.5, "reads": 0.5}
    for name, table in (("three models", costs), ("with hopeless", pd.concat([costs, hopeless]))):
        scores = weighted_sum(table, weights)
        fixed = weighted_sum(table, weights, units={"loss": 0.5, "reads": 200})
        print(
            f"{name}: small {scores['small']:.2f}, large {scores['large']:.2f}; "
            f"in fixed units {fixed['small']:.2f}, {fixed['large']:.2f}"
        )
        #> three models: small 0.36, large 0.50; in fixed units 5.15, 5.50
        #> with hopeless: small 0.25, large 0.04; in fixed units 5.15, 5.50
    # --8<-- [end:demo]
