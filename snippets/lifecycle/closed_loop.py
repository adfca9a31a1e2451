# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""What a load test reports whose virtual users wait for their answers.

Page: docs/lifecycle/load-test.md
Source: the closed model of load generators, with constant pacing; Little's law
Task: choose the number of virtual users of a load test
Graduate to: Locust, k6
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from heapq import heapify, heapreplace
from math import ceil
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def closed_loop(service_times: ArrayLike, interval: float, users: int) -> NDArray[np.float64]:
    """Replay service times against virtual users, each of whom waits for an answer.

    The users take turns, so that one of them sends every interval. Whoever still waits sends
    late, as soon as the answer is there, and times the request from then.

    Parameters
    ----------
    service_times : array-like of shape (n,)
        What each call takes one server by itself, in order, in any unit of time.
    interval : float
        Time between two requests that the test intends, in the same unit.
    users : int
        Virtual users, at least 1.

    Returns
    -------
    array of shape (n,)
        The latencies that the test reports, in the order in which requests were sent.

    Raises
    ------
    TypeError, ValueError
        If ``service_times`` are not finite numbers of at least 0, ``interval`` is not above 0 or
        ``users`` is no whole number of at least 1.
    """
    served = _numbers("service_times", service_times)
    if served.min() < 0:
        raise ValueError("service_times must be at least 0")
    _between("interval", interval, 0, np.inf)
    _whole("users", users, 1)
    pace, free = int(users) * float(interval), 0.0
    turns = [float(interval) * turn for turn in range(min(int(users), len(served)))]
    heapify(turns)
    reported = np.empty(len(served))
    for place, service in enumerate(served.tolist()):
        sent = turns[0]
        free = max(sent, free) + service
        reported[place] = free - sent
        heapreplace(turns, max(free, sent + pace))
    return reported


def users_needed(longest: float, interval: float) -> int:
    """Return how many virtual users keep a closed loop on its schedule.

    Parameters
    ----------
    longest : float
        The longest latency that can happen, such as the timeout of the client, above 0.
    interval : float
        Time between two requests, in the same unit, above 0.

    Returns
    -------
    int
        With so many, nobody's turn comes before the last answer.

    Raises
    ------
    ValueError
        If an argument is not above 0; the message names it.
    """
    _between("longest", longest, 0, np.inf)
    _between("interval", interval, 0, np.inf)
    turns = float(longest) / float(interval)
    if turns == np.inf:
        raise ValueError(f"interval must be larger, for longest / interval is {turns}")
    return max(1, ceil(turns - 1e-9))  # 0.33 / 0.03 is 11, not 12


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    calls, interval = rng.uniform(2, 4, 6_000), 10  # ms
    calls[1_000::2_000] += 1_000  # a stall of a second, once in 20 seconds
    for users in (1, 10, 200):
        slow = np.mean(closed_loop(calls, interval, users) > 100)
        print(f"{users:,} virtual users report {slow:.2%} above 100 ms")
        #> 1 virtual users report 0.05% above 100 ms
        #> 10 virtual users report 0.50% above 100 ms
        #> 200 virtual users report 6.43% above 100 ms
    print(f"a timeout of 2 s takes {users_needed(2_000, interval)} virtual users")
    #> a timeout of 2 s takes 200 virtual users
    # --8<-- [end:demo]
