# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Quantiles of a latency with the interval that the number of requests allows.

Page: docs/lifecycle/measure-latency.md
Source: order statistics and the binomial distribution; scipy.stats.quantile_test agrees
Task: put an interval around a p99
Graduate to: scipy.stats.quantile_test
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike
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
        requests were measured to say.

    Raises
    ------
    TypeError, ValueError
        If ``latencies`` are not finite numbers of at least 0, or a share is not between 0 and 1.
    """
    sample = np.asarray(latencies)
    if sample.dtype.kind not in "iuf":
        raise TypeError(f"latencies must hold numbers, got {sample.dtype}")
    if sample.ndim != 1 or not sample.size or not np.isfinite(sample).all() or sample.min() < 0:
        raise ValueError("latencies must be one-dimensional, not empty, finite and at least 0")
    for name, value in {"quantile": quantile, "confidence": confidence}.items():
        if not isinstance(value, Real) or not 0 < value < 1:
            raise ValueError(f"{name} must be between 0 and 1, got {value!r}")
    ordered = np.concatenate([[0], np.sort(sample), [np.inf]])
    miss = (1 - confidence) / 2
    low, high = binom.ppf([miss, 1 - miss], sample.size, quantile).astype(int)
    return float(np.quantile(sample, quantile)), float(ordered[low]), float(ordered[high + 1])


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    for slow_share, requests in ((0.005, 1_000), (0.005, 10_000), (0, 10_000)):
        slow = rng.random(requests) < slow_share
        latencies = np.where(slow, 1_000, 20) + rng.normal(0, 2, requests)
        p999, low, high = latency_quantile(latencies, 0.999)
        print(
            f"{slow_share:.1%} slow, {requests:,} requests: mean {latencies.mean():.1f} ms, p99 "
            f"{np.quantile(latencies, 0.99):.1f} ms, p99.9 {p999:,.0f} ms ({low:,.0f} to {high:,.0f})"
        )
        #> 0.5% slow, 1,000 requests: mean 25.9 ms, p99 25.2 ms, p99.9 1,001 ms (1,000 to inf)
        #> 0.5% slow, 10,000 requests: mean 24.1 ms, p99 25.0 ms, p99.9 1,001 ms (1,000 to 1,002)
        #> 0.0% slow, 10,000 requests: mean 20.0 ms, p99 24.8 ms, p99.9 26 ms (26 to 28)
    # --8<-- [end:demo]
