# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""A load test that sends on a schedule, whoever is still waiting.

Page: docs/lifecycle/load-test.md
Source: G. Tene's wrk2: a latency counts from when the request was due
Task: load-test an endpoint on a schedule
Graduate to: k6, wrk2
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from numbers import Integral, Real
from time import perf_counter, sleep
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def open_loop(send: Callable[[int], Any], due: ArrayLike, threads: int = 100) -> pd.DataFrame:
    """Call a function on a schedule from many threads, and time each call from when it was due.

    Parameters
    ----------
    send : callable
        Takes the number of the request, from 0, and returns when it is answered; what it raises
        counts as a failure.
    due : array-like of shape (n,)
        Seconds from the start at which requests are due, sorted, at least 0: the times of a log
        less the first, or the running sum of exponential gaps.
    threads : int
        Requests that may be under way at once, at least 1.

    Returns
    -------
    DataFrame of shape (n, 3)
        ``latency``, seconds from due to answered; ``late``, seconds from due to sent, the fault
        of this client; ``failed``.

    Raises
    ------
    TypeError, ValueError
        If ``send`` is no function, ``due`` are not finite, sorted and at least 0, or ``threads``
        is no whole number of at least 1.
    """
    if not callable(send):
        raise TypeError("send must be a function")
    times = _numbers("due", due)
    if times.min() < 0 or (np.diff(times) < 0).any():
        raise ValueError("due must be sorted, and at least 0")
    _whole("threads", threads, 1)

    def timed(number: int, planned: float) -> tuple[float, float, bool]:
        late, failed = perf_counter() - planned, False
        try:
            send(number)
        except Exception:  # noqa: BLE001 - any error is the result
            failed = True
        return perf_counter() - planned, late, failed

    start = perf_counter() + 0.01
    with ThreadPoolExecutor(int(threads)) as pool:
        under_way = []
        for number, moment in enumerate((start + times).tolist()):
            sleep(max(0.0, moment - perf_counter()))
            under_way.append(pool.submit(timed, number, moment))
        answers = [one.result() for one in under_way]
    return pd.DataFrame(answers, columns=["latency", "late", "failed"])


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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def send(number):
        sleep(0.01)
        if number % 10 == 9:
            raise TimeoutError("no answer")

    rng = np.random.default_rng(0)
    due = rng.exponential(0.002, 200).cumsum()  # 500 a second, at random
    result = open_loop(send, due)
    print(f"{len(result)} requests on schedule, {result['failed'].sum()} failed")
    #> 200 requests on schedule, 20 failed
    # --8<-- [end:demo]
