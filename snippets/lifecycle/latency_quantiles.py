# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Latency quantiles with an interval that holds for any distribution, and the requests it takes.

Page: docs/lifecycle/measure-latency.md
Source: order statistics; how many requests lie below a quantile is binomial
Task: report a latency quantile with its interval
Graduate to: scipy.stats.quantile_test
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import ceil, log
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom


def latency_quantile(
    latencies: ArrayLike, quantile: float, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Estimate one quantile, with an interval that holds for any distribution.

    Parameters
    ----------
    latencies : array-like of shape (n,)
        One latency per request, in any unit, of requests independent of each other.
    quantile : float
        Between 0 and 1; 0.99 is called p99.
    confidence : float
        How often the interval shall hold the true quantile, at least.

    Returns
    -------
    estimate, low, high : float
        In the unit of ``latencies``; ``low`` is 0 and ``high`` infinite where too few
        requests were measured to say. The estimate is kept within the interval.

    Raises
    ------
    TypeError, ValueError
        If ``latencies`` are not finite numbers of at least 0, or a share is not between 0 and 1.
    """
    sample = _numbers("latencies", latencies)
    if sample.min() < 0:
        raise ValueError("latencies must be at least 0")
    _between("quantile", quantile, 0, 1)
    _between("confidence", confidence, 0, 1)
    ordered = np.concatenate([[0], np.sort(sample), [np.inf]])
    miss = (1 - float(confidence)) / 2 * (1 + 1e-9)  # a chance of just that much is allowed
    quantile = float(quantile)  # float16 would overflow at 65,504 rows
    from_below, from_above = binom.ppf(miss, sample.size, [quantile, 1 - quantile]).astype(int)
    low, high = ordered[from_below], ordered[sample.size + 1 - from_above]
    estimate = np.clip(np.quantile(sample, quantile), low, high)  # few rows: it lay below low
    return float(estimate), float(low), float(high)


def requests_needed(quantile: float, confidence: float = 0.95) -> int:
    """Return how many independent requests bound a quantile from above.

    Parameters
    ----------
    quantile : float
        Between 0 and 1; 0.999 is called p99.9.
    confidence : float
        As in ``latency_quantile``, with half of the misses on either side.

    Returns
    -------
    int
        With fewer requests, even the largest latency may lie below the quantile.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1; the message names it.
    """
    _between("quantile", quantile, 0, 1)
    _between("confidence", confidence, 0, 1)
    needed = log((1 - float(confidence)) / 2) / log(float(quantile))
    return max(1, ceil(needed - 1e-9))  # a rounding error above a whole number is that number


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
    for slow_share in (0, 0.005, 0.02):
        slow = rng.random(10_000) < slow_share
        latencies = np.where(slow, 1_000, 20) + rng.normal(0, 2, 10_000)
        mean, tail = latencies.mean(), np.quantile(latencies, 0.99)
        print(f"{slow_share:.1%} slow: mean {mean:.1f} ms, p99 {tail:,.0f} ms")
        #> 0.0% slow: mean 20.0 ms, p99 25 ms
        #> 0.5% slow: mean 25.2 ms, p99 25 ms
        #> 2.0% slow: mean 39.3 ms, p99 1,000 ms
    for requests in (1_000, 10_000):
        slow = rng.random(requests) < 0.005
        p999, low, high = latency_quantile(np.where(slow, 1_000, 20), 0.999)
        print(f"p99.9 of {requests:,} requests: {p999:,.0f} ms, from {low:,.0f} to {high:,.0f}")
        #> p99.9 of 1,000 requests: 1,000 ms, from 1,000 to inf
        #> p99.9 of 10,000 requests: 1,000 ms, from 1,000 to 1,000
    for quantile in (0.99, 0.999):
        print(f"p{100 * quantile:g} takes at least {requests_needed(quantile):,} requests")
        #> p99 takes at least 368 requests
        #> p99.9 takes at least 3,688 requests
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rng = np.random.default_rng(0)
    busy, idle = 20 + rng.exponential(100, 90_000), 20 + rng.exponential(10, 10_000)
    tails = [latency_quantile(replica, 0.99)[0] for replica in (busy, idle)]
    print(f"p99 of the busy replica {tails[0]:.0f} ms, of the idle one {tails[1]:.0f} ms")
    #> p99 of the busy replica 477 ms, of the idle one 66 ms
    p99, low, high = latency_quantile(np.concatenate([busy, idle]), 0.99)
    print(f"mean of the two p99: {np.mean(tails):.0f} ms")
    #> mean of the two p99: 271 ms
    print(f"p99 of all requests: {p99:.0f} ms, from {low:.0f} to {high:.0f}")
    #> p99 of all requests: 468 ms, from 463 to 473
    # --8<-- [end:solution]
