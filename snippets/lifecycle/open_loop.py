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


def open_loop(
    send: Callable[[int], Any], interval: float, requests: int, threads: int = 100
) -> pd.DataFrame:
    """Call a function on a schedule from many threads, and time each call from when it was due.

    Parameters
    ----------
    send : callable
        Takes the number of the request, from 0, and returns when it is answered; what it raises
        counts as a failure.
    interval : float
        Seconds between two requests, above 0.
    requests : int
        How many to send, at least 1.
    threads : int
        Requests that may be under way at once, at least 1.

    Returns
    -------
    DataFrame of shape (requests, 3)
        ``latency``, seconds from due to answered; ``late``, seconds from due to sent, the fault
        of this client; ``failed``.

    Raises
    ------
    TypeError, ValueError
        If ``send`` is no function, ``interval`` is not above 0, or ``requests`` or ``threads``
        is no whole number of at least 1.
    """
    if not callable(send):
        raise TypeError("send must be a function")
    _between("interval", interval, 0, np.inf)
    _whole("requests", requests, 1)
    _whole("threads", threads, 1)

    def timed(number: int, due: float) -> tuple[float, float, bool]:
        late, failed = perf_counter() - due, False
        try:
            send(number)
        except Exception:  # noqa: BLE001 - any error is the result
            failed = True
        return perf_counter() - due, late, failed

    start = perf_counter() + float(interval)
    with ThreadPoolExecutor(int(threads)) as pool:
        under_way = []
        for number in range(int(requests)):
            due = start + number * float(interval)
            sleep(max(0.0, due - perf_counter()))
            under_way.append(pool.submit(timed, number, due))
        answers = [one.result() for one in under_way]
    return pd.DataFrame(answers, columns=["latency", "late", "failed"])


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    if not isinstance(value, Real) or not low < value < high:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def send(number):
        sleep(0.01)
        if number % 10 == 9:
            raise TimeoutError("no answer")

    result = open_loop(send, interval=0.002, requests=200)
    print(f"{len(result)} requests on schedule, {result['failed'].sum()} failed")
    #> 200 requests on schedule, 20 failed
    # --8<-- [end:demo]
