# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""What users would have waited, from the timings of a load test that waits for each answer.

Page: docs/lifecycle/measure-latency.md
Source: G. Tene's "coordinated omission"; Lindley's recursion with constant arrivals
Task: correct a load test that waited for every answer
Graduate to: wrk2, k6
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def latencies_on_schedule(service_times: ArrayLike, interval: float) -> NDArray[np.float64]:
    """Replay service times against requests that come on a schedule and queue up.

    Parameters
    ----------
    service_times : array-like of shape (n,)
        What each call took, in order, in any unit of time.
    interval : float
        Time between two scheduled requests, in the same unit.

    Returns
    -------
    array of shape (n,)
        From the scheduled start of each request to its answer.

    Raises
    ------
    TypeError, ValueError
        If ``service_times`` are not finite numbers of at least 0, or ``interval`` is not above 0.
    """
    served = np.asarray(service_times)
    if served.dtype.kind not in "iuf":
        raise TypeError(f"service_times must hold numbers, got {served.dtype}")
    if served.ndim != 1 or not served.size or not np.isfinite(served).all() or served.min() < 0:
        raise ValueError("service_times must be one-dimensional, not empty, finite and at least 0")
    if not isinstance(interval, Real) or not 0 < interval < np.inf:
        raise ValueError(f"interval must be a number above 0, got {interval!r}")
    backlog = np.concatenate([[0.0], np.cumsum(served[:-1] - interval)])
    return backlog - np.minimum.accumulate(backlog) + served


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    for stall in (2_000, 0):
        calls = rng.uniform(4, 6, 20_000)
        calls[1_000::2_000] += stall
        tests = {"waits for each answer": calls, "on schedule": latencies_on_schedule(calls, 10)}
        for name, latencies in tests.items():
            median, p99, p999 = np.quantile(latencies, (0.5, 0.99, 0.999))
            print(
                f"stalls of {stall:,} ms, {name}: median {median:.0f} ms, "
                f"p99 {p99:,.0f} ms, p99.9 {p999:,.0f} ms"
            )
            #> stalls of 2,000 ms, waits for each answer: median 5 ms, p99 6 ms, p99.9 6 ms
            #> stalls of 2,000 ms, on schedule: median 5 ms, p99 1,907 ms, p99.9 1,996 ms
            #> stalls of 0 ms, waits for each answer: median 5 ms, p99 6 ms, p99.9 6 ms
            #> stalls of 0 ms, on schedule: median 5 ms, p99 6 ms, p99.9 6 ms
    # --8<-- [end:demo]
