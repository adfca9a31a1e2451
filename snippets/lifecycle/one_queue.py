# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""How long requests wait for several servers: one queue for all, or one each.

Page: docs/lifecycle/load-test.md
Source: A. K. Erlang's formula for the M/M/c queue
Task: compare one queue with a load balancer
Graduate to: SimPy
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections import deque
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def erlang_wait(rate: float, service: float, servers: int) -> tuple[float, float]:
    """Return how many requests wait, and how long on average, for servers on one queue.

    Parameters
    ----------
    rate : float
        Requests per unit of time that come at random, above 0.
    service : float
        Mean time that one takes a server, exponential, above 0.
    servers : int
        Servers on one queue, more than ``rate * service``.

    Returns
    -------
    share, wait : float
        Share of the requests that wait, and the mean wait of all requests.

    Raises
    ------
    ValueError
        If ``rate`` or ``service`` is not above 0, or the ``servers`` are too few.
    """
    _between("rate", rate, 0, np.inf)
    _between("service", service, 0, np.inf)
    _whole("servers", servers, 1)
    load = float(rate) * float(service)
    if load >= servers * (1 - 1e-12):  # 0.29 times 100 is 29
        raise ValueError(f"servers must be more than rate * service = {load:g}, got {servers}")
    blocked = 1.0
    for number in range(1, int(servers) + 1):
        blocked = load * blocked / (number + load * blocked)
        if blocked == 0:  # below what a float can hold, for any more servers too
            break
    share = blocked / (1 - load / servers * (1 - blocked))
    return share, share * float(service) / (int(servers) - load)


def dealt_times(
    arrivals: ArrayLike, services: ArrayLike, servers: int, deal: str = "random", seed: int = 0
) -> NDArray[np.float64]:
    """Return response times where a load balancer gives each server a queue of its own.

    Parameters
    ----------
    arrivals : array-like of shape (n,)
        When requests come, sorted, in any unit of time.
    services : array-like of shape (n,)
        What each of them takes by itself, in the same unit.
    servers : int
        Servers, at least 1.
    deal : str
        ``"random"``, ``"in turn"``, ``"fewest"``: the server with the fewest requests under way,
        or ``"two"``: the one of two random servers with less work.
    seed : int
        Of the random numbers.

    Returns
    -------
    array of shape (n,)
        Time from arrival to answer.

    Raises
    ------
    TypeError, ValueError
        If an argument does not hold finite numbers, ``arrivals`` are not sorted, ``services`` are
        negative or not one per arrival, or ``servers``, ``deal`` or ``seed`` is out of range.
    """
    times, work = _numbers("arrivals", arrivals), _numbers("services", services)
    _same_rows(arrivals=times, services=work)
    _whole("servers", servers, 1)
    _whole("seed", seed, 0)
    if (np.diff(times) < 0).any():
        raise ValueError("arrivals must be sorted")
    if work.min() < 0:
        raise ValueError("services must be at least 0")
    times = times - times[0]  # seconds since 1970, plus 0.1, end in the seventh digit
    rng, count = np.random.default_rng(int(seed)), int(servers)
    if deal == "random":
        choices = rng.integers(count, size=(len(times), 1))
    elif deal == "in turn":
        choices = np.arange(len(times))[:, None] % count
    elif deal in ("two", "fewest"):
        choices = rng.integers(count, size=(len(times), 2))
    else:
        raise ValueError(f'deal must be "random", "in turn", "fewest" or "two", got {deal!r}')
    free, answered = [0.0] * count, np.empty(len(times))
    queues: list[deque[float]] = [deque() for _ in range(count)]
    for place, (arrival, service) in enumerate(zip(times.tolist(), work.tolist())):
        if deal == "fewest":
            for queue in queues:
                while queue and queue[0] <= arrival:
                    queue.popleft()
            server = min(range(count), key=lambda one: len(queues[one]))
        else:
            server = min(choices[place].tolist(), key=free.__getitem__)
        free[server] = answered[place] = max(arrival, free[server]) + service
        if deal == "fewest":
            queues[server].append(free[server])
    return answered - times


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
    requests, service, servers = 60_000, 10, 4  # ms
    arrivals = rng.exponential(service / servers / 0.8, requests).cumsum()
    services = rng.exponential(service, requests)
    share, wait = erlang_wait(servers * 0.8 / service, service, servers)
    print(f"one queue for {servers} servers, 80% busy: mean wait {wait:.1f} ms, {share:.0%} wait")
    #> one queue for 4 servers, 80% busy: mean wait 7.5 ms, 60% wait
    for deal in ("fewest", "two", "in turn", "random"):
        times = dealt_times(arrivals, services, servers, deal)
        print(f"dealt {deal}: mean wait {np.mean(times - services):.1f} ms")
        #> dealt fewest: mean wait 9.4 ms
        #> dealt two: mean wait 12.4 ms
        #> dealt in turn: mean wait 22.2 ms
        #> dealt random: mean wait 37.6 ms
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    mean, workers, limit = 0.020, 4, 0.010  # seconds
    growth, start = 2, 3  # requests a second more each minute; minutes that a worker takes
    rates = np.arange(1, workers / mean)
    kept = [rate for rate in rates if erlang_wait(rate, mean, workers)[1] <= limit]
    print(f"4 workers keep the limit up to {kept[-1]:.0f} requests a second")
    #> 4 workers keep the limit up to 149 requests a second
    print(f"order the fifth at {kept[-1] - growth * start:.0f} requests a second")
    #> order the fifth at 143 requests a second
    # --8<-- [end:solution]
