# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""What a forecast costs when a missing unit and a spare one cost differently.

Page: docs/data/numbers-not-classes.md
Source: the pinball loss, minimal at a quantile; scikit-learn documents it with mean_pinball_loss
Task: choose which quantile to forecast, and price the errors of a forecast
Graduate to: sklearn.metrics.mean_pinball_loss
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def cost_quantile(missing: float, spare: float) -> float:
    """Return the quantile of the truth whose forecast costs least.

    Parameters
    ----------
    missing : float
        What a unit costs that was needed and not forecast, above 0.
    spare : float
        What a unit costs that was forecast and not needed, above 0, in the same currency.

    Returns
    -------
    float
        Between 0 and 1: ``missing / (missing + spare)``.

    Raises
    ------
    ValueError
        If a cost is not a number above 0.
    """
    _between("missing", missing, 0, np.inf)
    _between("spare", spare, 0, np.inf)
    return 1 / (1 + float(spare) / float(missing))


def cost_of_errors(truths: ArrayLike, forecasts: ArrayLike, missing: float, spare: float) -> float:
    """Return what the errors of a forecast cost on average: the pinball loss in your currency.

    Parameters
    ----------
    truths, forecasts : array-like of shape (n,)
        What happened and what was forecast, in the same unit.
    missing, spare : float
        As in `cost_quantile`.

    Returns
    -------
    float
        Cost a row. ``missing + spare`` times the pinball loss at `cost_quantile`.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    truth, forecast = _numbers("truths", truths), _numbers("forecasts", forecasts)
    _same_rows(truths=truth, forecasts=forecast)
    _between("missing", missing, 0, np.inf)
    _between("spare", spare, 0, np.inf)
    error = truth - forecast
    return float(np.mean(np.where(error > 0, float(missing) * error, -float(spare) * error)))


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    expected = 100 + 20 * np.sin(2 * np.pi * np.arange(2_000) / 365)
    demand = expected + rng.normal(0, 15, 2_000)
    past, after = slice(0, 1_000), slice(1_000, 2_000)
    for missing in (1, 3, 9):
        level = cost_quantile(missing, spare=1)
        margin = np.quantile(demand[past] - expected[past], level)
        costs = [
            cost_of_errors(demand[after], expected[after] + extra, missing, spare=1)
            for extra in (0, margin)
        ]
        print(
            f"a missing unit costs {missing}, a spare one 1: the mean {costs[0]:.1f} "
            f"euros, the {level:.0%} quantile {costs[1]:.1f}"
        )
        #> a missing unit costs 1, a spare one 1: the mean 12.4 euros, the 50% quantile 12.4
        #> a missing unit costs 3, a spare one 1: the mean 24.6 euros, the 75% quantile 19.5
        #> a missing unit costs 9, a spare one 1: the mean 61.4 euros, the 90% quantile 26.6
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    level = cost_quantile(missing=4, spare=1)
    margin = np.quantile(demand[past] - expected[past], level)
    print(f"forecast the {level:.0%} quantile: a margin of {margin:.0f} units")
    #> forecast the 80% quantile: a margin of 12 units
    for name, extra in (("nothing", 0), ("the margin", margin), ("twice the margin", 2 * margin)):
        cost = cost_of_errors(demand[after], expected[after] + extra, missing=4, spare=1)
        print(f"add {name}: {cost:.1f} euros a day")
        #> add nothing: 30.7 euros a day
        #> add the margin: 21.4 euros a day
        #> add twice the margin: 25.2 euros a day
    # --8<-- [end:solution]
