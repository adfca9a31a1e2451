# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""What a delay costs in conversion, and why observed visits say more than an experiment.

Page: docs/lifecycle/index.md
Source: least squares of a yes or no on a delay (linear probability model), robust error
Task: estimate what a delay costs in conversion
Graduate to: statsmodels
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
from numpy.typing import ArrayLike


def delay_effect(delays: ArrayLike, converted: ArrayLike) -> tuple[float, float]:
    """Estimate the relative change of conversion per 100 ms of delay.

    Parameters
    ----------
    delays : array-like of shape (n,)
        Delay of each visit, in ms; at least two values.
    converted : array-like of shape (n,)
        Outcome of each visit, 0 or 1; some are 1.

    Returns
    -------
    effect, half_width : float
        Share of the mean conversion that 100 ms add or take away, and the half width of
        its 95% interval. An effect of the delay only if the delay was randomized.

    Raises
    ------
    TypeError, ValueError
        If ``delays`` are not finite numbers that vary, or ``converted`` is not 0 or 1 per visit.
    """
    times, outcome = np.asarray(delays), np.asarray(converted)
    if times.dtype.kind not in "iuf":
        raise TypeError(f"delays must hold numbers, got {times.dtype}")
    if times.ndim != 1 or not np.isfinite(times).all() or np.unique(times).size < 2:
        raise ValueError("delays must be one-dimensional, finite, and of at least two values")
    if outcome.dtype.kind not in "biuf" or outcome.shape != times.shape:
        raise ValueError("converted must hold 0 or 1, one per visit of delays")
    if not np.isin(outcome, (0, 1)).all() or not outcome.any():
        raise ValueError("converted must be 0 or 1, and not always 0")
    centred, rate = times - times.mean(), outcome.mean()
    slope = centred @ (outcome - rate) / (centred @ centred)
    residuals = outcome - rate - slope * centred
    error = np.sqrt(centred**2 @ residuals**2) / (centred @ centred)
    return float(100 * slope / rate), float(1.96 * 100 * error / rate)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    visits, loss_per_100_ms = 2_000_000, 0.004
    slow_device = rng.random(visits) < 0.5
    natural = rng.gamma(4, 100, visits) + 400 * slow_device
    added = rng.choice([0, 400], visits)
    intents = {"buy less": np.where(slow_device, 0.17, 0.23), "buy as much": 0.2}
    for name, intent in intents.items():
        designs = {"observed": (natural, natural), "randomized": (added, natural + added)}
        for design, (delays, felt) in designs.items():
            converted = rng.random(visits) < intent * (1 - loss_per_100_ms * felt / 100)
            effect, half_width = delay_effect(delays, converted)
            print(
                f"slow devices {name}, {design}: conversion {effect:+.1%} "
                f"per 100 ms, give or take {half_width:.1%}"
            )
            #> slow devices buy less, observed: conversion -4.2% per 100 ms, give or take 0.1%
            #> slow devices buy less, randomized: conversion -0.4% per 100 ms, give or take 0.1%
            #> slow devices buy as much, observed: conversion -0.4% per 100 ms, give or take 0.1%
            #> slow devices buy as much, randomized: conversion -0.4% per 100 ms, give or take 0.1%
    # --8<-- [end:demo]
