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
    served = _numbers("service_times", service_times)
    if served.min() < 0:
        raise ValueError("service_times must be at least 0")
    _between("interval", interval, 0, np.inf)
    backlog = np.concatenate([[0.0], np.cumsum(served[:-1] - float(interval))])
    return backlog - np.minimum.accumulate(backlog) + served


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
    for stall in (2_000, 0):
        calls = rng.uniform(4, 6, 20_000)
        calls[1_000::2_000] += stall
        tests = {"waits for each answer": calls, "on schedule": latencies_on_schedule(calls, 10)}
        for name, latencies in tests.items():
            median, p99 = np.quantile(latencies, (0.5, 0.99))
            print(f"stalls of {stall:,} ms, {name}: median {median:.0f} ms, p99 {p99:,.0f} ms")
            #> stalls of 2,000 ms, waits for each answer: median 5 ms, p99 6 ms
            #> stalls of 2,000 ms, on schedule: median 5 ms, p99 1,907 ms
            #> stalls of 0 ms, waits for each answer: median 5 ms, p99 6 ms
            #> stalls of 0 ms, on schedule: median 5 ms, p99 6 ms
    # --8<-- [end:demo]
