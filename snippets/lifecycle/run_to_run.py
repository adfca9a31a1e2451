# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""A latency quantile with an interval from whole runs, which holds where requests queue.

Page: docs/lifecycle/load-test.md
Source: Student's t interval of the quantiles of independent runs
Task: give the p99 of a load test an interval
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Sequence
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t


def quantile_over_runs(
    runs: Sequence[ArrayLike] | NDArray[np.float64], quantile: float, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Estimate a quantile from repeated load tests, with an interval from run to run.

    Parameters
    ----------
    runs : sequence of array-like
        The latencies of at least 2 independent runs, of any lengths, in any unit of time. If now
        and then a whole run is slow, a few runs seldom hold one, and the interval is too short.
    quantile : float
        Between 0 and 1; 0.99 is called p99.
    confidence : float
        How often the interval shall hold the mean quantile of such runs.

    Returns
    -------
    estimate, low, high : float
        In the unit of ``runs``; ``low`` is at least 0.

    Raises
    ------
    TypeError, ValueError
        If ``runs`` are not two or more, hold no finite numbers of at least 0, or a share is not
        between 0 and 1.
    """
    listed = isinstance(runs, (list, tuple)) or (isinstance(runs, np.ndarray) and runs.ndim > 0)
    samples = [
        _numbers(f"runs: run {place}", run) for place, run in enumerate(runs if listed else [])
    ]
    if len(samples) < 2 or min(sample.min() for sample in samples) < 0:
        raise ValueError("runs must be a list of at least 2, with latencies of at least 0")
    _between("quantile", quantile, 0, 1)
    _between("confidence", confidence, 0, 1)
    each = np.array([np.quantile(sample, float(quantile)) for sample in samples])
    half = t.ppf((1 + float(confidence)) / 2, len(each) - 1) * each.std(ddof=1) / len(each) ** 0.5
    return float(each.mean()), float(max(0, each.mean() - half)), float(each.mean() + half)


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    for busy in (0.5, 0.9):
        gaps = rng.exponential(10 / busy, (10, 5_000))  # ms; ten runs
        service = rng.exponential(10, (10, 5_000))
        backlog = np.cumsum(np.roll(service, 1, axis=1) - gaps, axis=1)  # one server: Lindley
        times = backlog - np.minimum.accumulate(backlog, axis=1) + service
        truth = 10 / (1 - busy) * np.log(100)
        p99, low, high = quantile_over_runs(times, 0.99)
        print(f"{busy:.0%} busy: p99 {p99:.0f} ms, from {low:.0f} to {high:.0f}; true {truth:.0f}")
        #> 50% busy: p99 90 ms, from 84 to 95; true 92
        #> 90% busy: p99 377 ms, from 254 to 500; true 461
    # --8<-- [end:demo]
