# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""Prediction intervals from the latest known errors of a forecast.

Page: docs/data/numbers-not-classes.md
Source: J. Lei and others, Distribution-Free Predictive Inference for Regression, 2018; I. Gibbs and
    E. Candès, Adaptive Conformal Inference Under Distribution Shift, 2021
Task: put an interval around a forecast and keep its coverage while errors change
Graduate to: mapie
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from bisect import bisect_left, insort
from math import ceil, inf
from numbers import Integral, Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def rolling_intervals(
    truths: ArrayLike,
    forecasts: ArrayLike,
    coverage: float = 0.9,
    window: int = 250,
    delay: int = 0,
    step: float = 0.0,
) -> pd.DataFrame:
    """Put an interval around each forecast, from the errors that were known when it was made.

    Parameters
    ----------
    truths : array-like of shape (n,)
        What happened, in time order.
    forecasts : array-like of shape (n,) or longer
        What was forecast for the same steps; and for steps whose truth is not known yet, at most
        ``delay + 1`` of them.
    coverage : float
        Share of truths that an interval should hold, between 0 and 1.
    window : int
        How many of the latest known errors to use; at least coverage / (1 - coverage).
    delay : int
        The forecast of step t knows the truths before step t - delay: six for a forecast that is
        made a week ahead, every day.
    step : float
        Adaptive conformal inference: after each miss aim higher by ``step * coverage``, after
        each hit lower by ``step * (1 - coverage)``. 0 leaves it off; up to 1.

    Returns
    -------
    DataFrame of shape (forecasts, 2)
        Columns ``lower`` and ``upper``, in the unit of the forecast. Infinite where too few
        errors were known, or where the adaptation asks for more than any of them.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    truth, forecast = _numbers("truths", truths), _numbers("forecasts", forecasts)
    _between("coverage", coverage, 0, 1)
    _whole("window", window, 1)
    _whole("delay", delay, 0)
    _zero_to_one("step", step)
    if not 0 <= forecast.size - truth.size <= int(delay) + 1:
        raise ValueError(
            "truths and forecasts must have the same number of rows, or forecasts up to "
            f"delay + 1 more, got {truth.size} and {forecast.size}"
        )
    aim, keep = float(coverage), int(window)
    needed = ceil(aim / (1 - aim) - 1e-9)
    if keep < needed:
        raise ValueError(f"window must be at least {needed} for this coverage, got {keep}")
    errors = np.abs(truth - forecast[: truth.size]).tolist()
    recent, half, aims = list[float](), list[float](), list[float]()
    for now in range(forecast.size):
        known = now - 1 - int(delay)  # the newest step whose truth is known
        if known >= 0:
            insort(recent, errors[known])
            if len(recent) > keep:
                del recent[bisect_left(recent, errors[known - keep])]
            if known - 1 - int(delay) >= needed - 1:  # its interval was finite, if not adapted
                missed = errors[known] > half[known] or aims[known] <= 0
                aim += float(step) * (missed - 1 + float(coverage))
        rank = max(1, ceil((len(recent) + 1) * aim - 1e-9))
        half.append(recent[rank - 1] if rank <= len(recent) else inf)
        aims.append(aim)
    return pd.DataFrame({"lower": forecast - half, "upper": forecast + half})


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


def _zero_to_one(name: str, value: float) -> None:
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be between 0 and 1, both included, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def held(interval, truth):
        return (interval["lower"] <= truth) & (truth <= interval["upper"])

    day = np.arange(2_000)
    forecast = 100 + 20 * np.sin(2 * np.pi * day / 365)
    for growth in (1, 2, 3):
        spread = 5 * np.interp(day, [500, 2_000], [1, growth])
        shares = []
        for seed in range(20):
            truth = forecast + np.random.default_rng(seed).normal(0, spread)
            first = rolling_intervals(truth[:500], forecast[:501], window=500).iloc[-1]
            once = np.abs(truth - forecast) <= (first["upper"] - first["lower"]) / 2
            latest = held(rolling_intervals(truth, forecast), truth)
            shares.append([once[1_500:].mean(), latest[1_500:].mean()])
        share = np.mean(shares, axis=0)
        print(
            f"errors grow {growth}-fold: calibrated once {share[0]:.0%} held, "
            f"on the latest 250 errors {share[1]:.0%}"
        )
        #> errors grow 1-fold: calibrated once 90% held, on the latest 250 errors 90%
        #> errors grow 2-fold: calibrated once 63% held, on the latest 250 errors 88%
        #> errors grow 3-fold: calibrated once 45% held, on the latest 250 errors 88%
    # --8<-- [end:demo]

    # --8<-- [start:jump]
    truth = forecast + np.random.default_rng(0).normal(0, np.where(day < 1_000, 5, 15))
    for delay, step in ((0, 0.0), (0, 0.02), (100, 0.0), (100, 0.001), (100, 0.02)):
        interval = rolling_intervals(truth, forecast, delay=delay, step=step)
        after = interval[1_000:1_200]
        print(
            f"{delay} days late, step {step}: {held(interval, truth)[1_000:1_200].mean():.0%} held "
            f"after the jump, with {np.isinf(after['upper']).mean():.0%} of the intervals infinite"
        )
        #> 0 days late, step 0.0: 70% held after the jump, with 0% of the intervals infinite
        #> 0 days late, step 0.02: 90% held after the jump, with 14% of the intervals infinite
        #> 100 days late, step 0.0: 48% held after the jump, with 0% of the intervals infinite
        #> 100 days late, step 0.001: 52% held after the jump, with 0% of the intervals infinite
        #> 100 days late, step 0.02: 64% held after the jump, with 44% of the intervals infinite
    # --8<-- [end:jump]
