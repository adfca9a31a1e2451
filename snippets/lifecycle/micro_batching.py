# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Micro-batching: what a waiting window saves in machine time, and what it costs in delay.

Page: docs/lifecycle/index.md
Source: a single server with batch service, simulated; a batch costs fixed + per_row x rows
Task: choose a waiting window for micro-batches
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def serve_in_batches(
    arrivals: ArrayLike, window: float, fixed: float, per_row: float, largest: int = 1_000_000
) -> tuple[NDArray[np.float64], float]:
    """Serve requests in batches; a batch starts a window after its first request, or later.

    Parameters
    ----------
    arrivals : array-like of shape (n,)
        Arrival times in ms, sorted.
    window : float
        How long the first request of a batch waits for others, in ms; 0 takes who is there.
    fixed, per_row : float
        What a batch costs in ms of the machine: once, and for every row. Not both 0.
    largest : int
        Rows of a full batch, which does not wait for the end of its window.

    Returns
    -------
    delays : array of shape (n,)
        From arrival to answer, in ms.
    machine_time : float
        Time of the machine per request, in ms.

    Raises
    ------
    TypeError, ValueError
        If ``arrivals`` are not sorted finite numbers, or a cost is negative; the message names it.
    """
    times = _numbers("arrivals", arrivals)
    if (np.diff(times) < 0).any():
        raise ValueError("arrivals must be sorted")
    for name, value in {"window": window, "fixed": fixed, "per_row": per_row}.items():
        _at_least(name, value, 0)
    window, fixed, per_row = float(window), float(fixed), float(per_row)
    if fixed == per_row == 0:
        raise ValueError("fixed and per_row must not both be 0")
    _whole("largest", largest, 1)
    slack = max(1e-9, 4 * np.spacing(np.abs(times).max()))  # 0.2 + 0.1 is 0.3, late in a log, too
    answers, first, free, worked = np.empty(times.size), 0, -np.inf, 0.0
    while first < times.size:
        full = first + int(largest)
        ready = times[first] + window
        if full <= times.size:  # it need not wait any longer
            ready = min(ready, times[full - 1])
        start = max(ready, free)
        there = np.searchsorted(times, start + slack, side="right")
        last = min(there, full)
        cost = fixed + per_row * (last - first)
        free, worked = start + cost, worked + cost
        answers[first:last] = free
        first = last
    return answers - times, worked / times.size


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


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    cases = {
        "500/s": {"interval": 2, "fixed": 5, "per_row": 0.1},
        "5/s": {"interval": 200, "fixed": 5, "per_row": 0.1},
        "500/s, no fixed cost": {"interval": 2, "fixed": 0, "per_row": 1.9},
    }
    for name, case in cases.items():
        arrivals = np.random.default_rng(0).exponential(case["interval"], 20_000).cumsum()
        for window in (0, 5, 20, 50):
            delays, machine_time = serve_in_batches(
                arrivals, window, case["fixed"], case["per_row"]
            )
            print(
                f"{name}, window {window} ms: machine {machine_time:.2f} ms a request, "
                f"median delay {np.median(delays):.0f} ms"
            )
            #> 500/s, window 0 ms: machine 1.93 ms a request, median delay 8 ms
            #> 500/s, window 5 ms: machine 1.51 ms a request, median delay 9 ms
            #> 500/s, window 20 ms: machine 0.55 ms a request, median delay 17 ms
            #> 500/s, window 50 ms: machine 0.29 ms a request, median delay 34 ms
            #> 5/s, window 0 ms: machine 5.10 ms a request, median delay 5 ms
            #> 5/s, window 5 ms: machine 4.98 ms a request, median delay 10 ms
            #> 5/s, window 20 ms: machine 4.67 ms a request, median delay 25 ms
            #> 5/s, window 50 ms: machine 4.10 ms a request, median delay 55 ms
            #> 500/s, no fixed cost, window 0 ms: machine 1.90 ms a request, median delay 21 ms
            #> 500/s, no fixed cost, window 5 ms: machine 1.90 ms a request, median delay 28 ms
            #> 500/s, no fixed cost, window 20 ms: machine 1.90 ms a request, median delay 49 ms
            #> 500/s, no fixed cost, window 50 ms: machine 1.90 ms a request, median delay 93 ms

    arrivals = np.random.default_rng(0).exponential(2, 20_000).cumsum()
    delays, machine_time = serve_in_batches(arrivals, 50, 5, 0.1, largest=8)
    print(
        f"500/s, window 50 ms, at most 8 rows: machine {machine_time:.2f} ms a request, "
        f"median delay {np.median(delays):.0f} ms"
    )
    #> 500/s, window 50 ms, at most 8 rows: machine 0.72 ms a request, median delay 12 ms
    # --8<-- [end:demo]
