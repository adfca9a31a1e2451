# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""What a delay costs in conversion, and why observed visits say more than an experiment.

Page: docs/lifecycle/index.md
Source: least squares of a yes or no on a delay (linear probability model), robust error
Task: estimate what a delay costs in conversion
Graduate to: statsmodels
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit


def delay_effect(
    delays: ArrayLike, converted: ArrayLike, users: ArrayLike | None = None
) -> tuple[float, float]:
    """Estimate the relative change of conversion per 100 ms of delay.

    Parameters
    ----------
    delays : array-like of shape (n,)
        Delay of each visit, in ms; at least two values.
    converted : array-like of shape (n,)
        Outcome of each visit, 0 or 1; about ten of either must be expected among the visits
        with the rarer delays.
    users : array-like of shape (n,), optional
        Who made each visit. Give it wherever users come more than once: their visits
        are not independent. At least thirty users, about ten of them with the rarer delays;
        where so few who differ widely make most visits, the interval is too narrow.

    Returns
    -------
    effect, half_width : float
        Share of the mean conversion that 100 ms add or take away, and the half width of
        its 95% interval. An effect of the delay only if the delay was randomized.

    Raises
    ------
    TypeError, ValueError
        If ``delays`` are not finite numbers that vary, or ``converted`` is not 0 or 1 per
        visit, or ``users`` are not one per visit, or there are too few of either.
    """
    times, outcome = _numbers("delays", delays), _numbers("converted", converted)
    _same_rows(delays=times, converted=outcome)
    if np.unique(times).size < 2:
        raise ValueError("delays must have at least two values")
    centred, rate = times - times.mean(), outcome.mean()
    if not np.isin(outcome, (0, 1)).all() or rate * (1 - rate) * _even(centred) < 10 - 1e-9:
        raise ValueError("converted must be 0 or 1, ten of either among the rarer delays, too")
    slope = centred @ (outcome - rate) / (centred @ centred)
    residuals = outcome - rate - slope * centred
    if not residuals.any():
        raise ValueError("converted must not follow from delays alone")
    # How far each visit, or each user, moves the ratio of slope and rate.
    moves = residuals * (centred / (centred @ centred) - slope / rate / len(times))
    code = np.arange(times.size)
    if users is not None:
        names = _labels("users", users)
        _same_rows(delays=times, users=names)
        code = pd.factorize(names)[0]
    worth = _even(np.bincount(code, weights=np.abs(centred)))
    if users is not None and (code.max() < 29 or worth < 10 - 1e-9):
        raise ValueError("users must be thirty or more, ten of them with the rarer delays")
    # Who has many visits draws the line to their own: their leverage hides some of what they move.
    hidden = np.bincount(code, centred**2) / (centred @ centred) + np.bincount(code) / len(times)
    moves = np.bincount(code, moves) / (1 - np.minimum(hidden, 0.9))
    reach = stdtrit(worth - 1, 0.975) * np.sqrt(moves @ moves)
    return float(100 * slope / rate), float(100 * reach / rate)


def _even(weights: NDArray[Any]) -> float:
    squares = weights**2  # of so many equal weights, a mean would be as uneven as of these
    return float(squares.sum() ** 2 / (squares @ squares))


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


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    visits, loss_per_100_ms = 2_000_000, 0.004
    slow_device = rng.random(visits) < 0.5
    intent = np.where(slow_device, 0.17, 0.23)  # slow devices buy less
    natural = rng.gamma(4, 100, visits) + 400 * slow_device
    added = rng.choice([0, 400], visits)
    designs = {"observed": (natural, natural), "randomized": (added, natural + added)}
    for design, (delays, felt) in designs.items():
        converted = rng.random(visits) < intent * (1 - loss_per_100_ms * felt / 100)
        effect, half_width = delay_effect(delays, converted)
        print(f"{design}: conversion {effect:+.1%} per 100 ms, give or take {half_width:.1%}")
        #> observed: conversion -4.2% per 100 ms, give or take 0.1%
        #> randomized: conversion -0.4% per 100 ms, give or take 0.1%
    # --8<-- [end:demo]
