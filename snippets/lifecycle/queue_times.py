# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Response times of servers that share one queue, and how many servers a limit needs.

Page: docs/lifecycle/queue-and-tail.md
Source: D. V. Lindley's recursion; the theory of the M/M/1 queue
Task: size a service by its tail
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from heapq import heapify, heapreplace
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def response_times(
    arrivals: ArrayLike, services: ArrayLike, servers: int = 1
) -> NDArray[np.float64]:
    """Return how long each request is in the system: its wait and its service.

    Parameters
    ----------
    arrivals : array-like of shape (n,)
        When requests come, sorted, in any unit of time.
    services : array-like of shape (n,)
        What each of them takes by itself, in the same unit.
    servers : int
        Servers that share one queue, first come, first served.

    Returns
    -------
    array of shape (n,)
        Time from arrival to answer.

    Raises
    ------
    TypeError, ValueError
        If an argument does not hold finite numbers, ``arrivals`` are not sorted, or
        ``services`` are negative or not one per arrival.
    """
    times, work = _numbers("arrivals", arrivals), _numbers("services", services)
    _same_rows(arrivals=times, services=work)
    _whole("servers", servers, 1)
    if (np.diff(times) < 0).any():
        raise ValueError("arrivals must be sorted")
    if work.min() < 0:
        raise ValueError("services must be at least 0")
    times = times - times[0]  # seconds since 1970, plus 0.1, end in the seventh digit
    if servers == 1:
        backlog = np.concatenate([[0.0], np.cumsum(work[:-1] - np.diff(times))])
        return backlog - np.minimum.accumulate(backlog) + work
    free, answered = [0.0] * min(int(servers), len(times)), np.empty(len(times))
    heapify(free)
    for place, (arrival, service) in enumerate(zip(times.tolist(), work.tolist())):
        answered[place] = max(arrival, free[0]) + service
        heapreplace(free, answered[place])
    return answered - times


def servers_needed(
    arrivals: ArrayLike, services: ArrayLike, limit: float, quantile: float = 0.99
) -> int:
    """Return the fewest servers on one queue that keep a quantile of the response times.

    Parameters
    ----------
    arrivals, services : array-like of shape (n,)
        As in ``response_times``; of a hundred thousand requests, for the queue of servers that
        are nine tenths busy takes long to grow.
    limit : float
        What the quantile must not exceed, above 0.
    quantile : float
        Between 0 and 1; 0.99 is called p99.

    Returns
    -------
    int
        Number of servers, at least 1.

    Raises
    ------
    TypeError, ValueError
        As in ``response_times``, or if even without a queue the services exceed ``limit``.
    """
    _between("limit", limit, 0, np.inf)
    _between("quantile", quantile, 0, 1)

    def kept(servers: int) -> bool:
        times = response_times(arrivals, services, servers)
        reached = np.quantile(times, float(quantile)) * (1 - 1e-9)  # five times 0.02 is 0.1
        return bool(reached <= float(limit))

    fewest, most = 0, len(_numbers("arrivals", arrivals))
    if not kept(most):
        raise ValueError(f"limit must be above the same quantile of services, got {limit!r}")
    tried = 1
    while tried < most and not kept(tried):
        fewest, tried = tried, 2 * tried
    most = min(tried, most)
    while most - fewest > 1:
        middle = (fewest + most) // 2
        fewest, most = (fewest, middle) if kept(middle) else (middle, most)
    return most


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


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
    requests, mean = 200_000, 10
    random, even = rng.exponential(mean, requests).cumsum(), mean * np.arange(requests)
    varied, constant = rng.exponential(mean, requests), np.full(requests, mean)
    for busy in (0.05, 0.5, 0.8, 0.9):
        cases = ((random / busy, varied), (random / busy, constant), (even / busy, constant))
        tails = [np.quantile(response_times(*case), 0.99) for case in cases]
        theory = mean / (1 - busy) * np.log(100)
        print(
            f"p99 at {busy:.0%} busy: varied {tails[0]:.0f} ms, in theory {theory:.0f} ms, "
            f"constant {tails[1]:.0f} ms, and even {tails[2]:.0f} ms"
        )
        #> p99 at 5% busy: varied 49 ms, in theory 48 ms, constant 18 ms, and even 10 ms
        #> p99 at 50% busy: varied 93 ms, in theory 92 ms, constant 44 ms, and even 10 ms
        #> p99 at 80% busy: varied 222 ms, in theory 230 ms, constant 113 ms, and even 10 ms
        #> p99 at 90% busy: varied 460 ms, in theory 461 ms, constant 223 ms, and even 10 ms
    for servers in (2, 10):
        times = response_times(random / 0.9 / servers, varied, servers)
        print(f"{servers} servers on one queue, 90% busy: p99 {np.quantile(times, 0.99):.0f} ms")
        #> 2 servers on one queue, 90% busy: p99 233 ms
        #> 10 servers on one queue, 90% busy: p99 62 ms
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rng = np.random.default_rng(0)
    arrivals = rng.exponential(1_000 / 300, 60_000).cumsum()  # 300 a second, in ms
    services = rng.exponential(10, 60_000)
    limit = 150  # ms, for p99
    for servers in (4, 5):
        dealt = 10 * np.log(100) / (1 - 3 / servers)  # each a queue of its own: the theory
        shared = np.quantile(response_times(arrivals, services, servers), 0.99)
        print(f"{servers} servers: p99 dealt at random {dealt:.0f} ms, one queue {shared:.0f} ms")
        #> 4 servers: p99 dealt at random 184 ms, one queue 62 ms
        #> 5 servers: p99 dealt at random 115 ms, one queue 48 ms
    print(f"one queue needs {servers_needed(arrivals, services, limit)} servers")
    #> one queue needs 4 servers
    # --8<-- [end:solution]
