# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Hedging: ask a second replica when the first has not answered in time.

Page: docs/lifecycle/queue-and-tail.md
Source: J. Dean and L. A. Barroso, The Tail at Scale, 2013
Task: ask a second replica when the first one is late
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def hedge(
    first: ArrayLike, second: ArrayLike, patience: float
) -> tuple[NDArray[np.float64], float]:
    """Replay latencies as if slow requests had been sent twice; the earlier answer counts.

    Parameters
    ----------
    first, second : array-like of shape (n,)
        What each request takes at its replica, and at the one that would be asked next.
    patience : float
        How long to wait before the second is asked, in the same unit.

    Returns
    -------
    latencies : array of shape (n,)
        From the request to its first answer.
    extra : float
        Share of the requests that are sent twice.

    Raises
    ------
    TypeError, ValueError
        If a latency is not a finite number of at least 0, the lengths differ, or
        ``patience`` is negative.
    """
    samples = {"first": np.asarray(first), "second": np.asarray(second)}
    for name, sample in samples.items():
        if sample.dtype.kind not in "iuf":
            raise TypeError(f"{name} must hold numbers, got {sample.dtype}")
        if sample.ndim != 1 or not sample.size or not np.isfinite(sample).all() or sample.min() < 0:
            raise ValueError(f"{name} must be one-dimensional, not empty, finite and at least 0")
    if samples["first"].shape != samples["second"].shape:
        raise ValueError("second must have one latency per request of first")
    if not isinstance(patience, Real) or not 0 <= patience < np.inf:
        raise ValueError(f"patience must be a number of at least 0, got {patience!r}")
    latencies = np.minimum(samples["first"], patience + samples["second"])
    return latencies, float(np.mean(samples["first"] > patience))


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def replica(rng, slow_share=0.01, requests=100_000):
        slow = rng.random(requests) < slow_share
        return np.where(slow, 1_000, rng.gamma(20, 1, requests))

    first, other = (replica(np.random.default_rng(seed)) for seed in (0, 1))
    patience = np.quantile(first, 0.95)
    cases = {
        "no hedging": (first, other, 1_000),
        "hedged": (first, other, patience),
        "hedged, both slow together": (first, first, patience),
    }
    for name, case in cases.items():
        latencies, extra = hedge(*case)
        print(f"{name}: p99.9 {np.quantile(latencies, 0.999):,.0f} ms, sent twice {extra:.0%}")
        #> no hedging: p99.9 1,000 ms, sent twice 0%
        #> hedged: p99.9 54 ms, sent twice 5%
        #> hedged, both slow together: p99.9 1,000 ms, sent twice 5%
    # --8<-- [end:demo]
