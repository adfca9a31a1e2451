# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""Errors of a forecaster by how far ahead it looks, from one origin after the other.

Page: docs/data/numbers-not-classes.md
Source: rolling-origin evaluation: train on what was known at each origin, forecast what follows
Task: measure the error of a forecast at the horizon on which I act
Graduate to: sklearn.model_selection.TimeSeriesSplit
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable
from numbers import Integral, Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def rolling_origin(
    forecaster: Callable[[NDArray[np.float64], int], ArrayLike],
    series: ArrayLike,
    horizon: int,
    first: int,
    every: int = 1,
    window: int | None = None,
) -> pd.DataFrame:
    """Forecast from one origin after the other, and compare with what happened.

    Parameters
    ----------
    forecaster : callable
        Called as ``forecaster(past, horizon)`` with the values before the origin, oldest first;
        returns the next ``horizon`` values. Whatever it learns, it learns from ``past``. Without
        a window, ``past.size`` is where it stands in a table of other inputs.
    series : array-like of shape (n,)
        The values at equal distances in time, oldest first.
    horizon : int
        How many steps ahead to forecast.
    first : int
        Values before the first origin.
    every : int
        Steps from one origin to the next.
    window : int, optional
        Give the forecaster so many of the latest values. None: all.

    Returns
    -------
    DataFrame of shape (origins, horizon)
        What happened minus what was forecast. A row for each origin, labelled by the number of
        values before it; columns 1 to ``horizon``, the steps ahead.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or ``forecaster`` does not return ``horizon`` numbers.
    """
    if not callable(forecaster):
        raise TypeError(f"forecaster must be callable, got {type(forecaster).__name__}")
    values = _numbers("series", series)
    for name, value in (("horizon", horizon), ("first", first), ("every", every)):
        _whole(name, value, 1)
    if window is not None:
        _whole("window", window, 1)
    origins = range(int(first), values.size - int(horizon) + 1, int(every))
    if not origins:
        raise ValueError(
            f"series must have at least first + horizon = {int(first) + int(horizon)} rows, got {values.size}"
        )
    errors = []
    for origin in origins:
        past = values[max(0, origin - int(window or origin)) : origin].copy()
        ahead = _numbers("forecaster: its forecast", forecaster(past, int(horizon)))
        if ahead.size != horizon:
            raise ValueError(f"forecaster must return {horizon} values, got {ahead.size}")
        errors.append(values[origin : origin + int(horizon)] - ahead)
    return pd.DataFrame(errors, index=list(origins), columns=range(1, int(horizon) + 1))


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


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def last_value(past, horizon):
        return np.repeat(past[-1], horizon)

    def last_week(past, horizon):
        return past[-7:][np.arange(horizon) % 7]

    def regression(past, horizon):  # towards the weekday's mean, by the lag-one correlation
        weekday = np.arange(past.size + horizon) % 7
        usual = np.bincount(weekday[: past.size], past) / np.bincount(weekday[: past.size])
        rest = past - usual[weekday[: past.size]]
        memory = rest[1:] @ rest[:-1] / (rest @ rest)
        return usual[weekday[past.size :]] + rest[-1] * memory ** np.arange(1, horizon + 1)

    rng, rest = np.random.default_rng(0), np.zeros(700)
    for day in range(1, 700):
        rest[day] = 0.9 * rest[day - 1] + rng.normal()
    sales = 100 + np.tile([0, 1, 2, 3, 4, 8, 8], 100) + rest
    for forecaster in (last_value, last_week, regression):
        size = rolling_origin(forecaster, sales, horizon=7, first=350).abs().mean()
        print(
            f"{forecaster.__name__}: mean error {size[1]:.1f} a day ahead, {size[7]:.1f} a week ahead"
        )
        #> last_value: mean error 2.6 a day ahead, 1.8 a week ahead
        #> last_week: mean error 1.8 a day ahead, 1.8 a week ahead
        #> regression: mean error 0.8 a day ahead, 1.5 a week ahead
    # --8<-- [end:demo]
