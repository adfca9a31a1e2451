# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""What retries do to a server after a stop: every attempt is work, wanted or not.

Page: docs/lifecycle/load-test.md
Source: N. Bronson and others, metastable failures; a single server, first come, first served
Task: see whether retries keep a service down
Graduate to: SimPy
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from heapq import heapify, heappop, heappush
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def with_retries(
    arrivals: ArrayLike, services: ArrayLike, timeout: float, retries: int,
    stop: tuple[float, float] = (0.0, 0.0), budget: float = np.inf,
    drop: bool = False,
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:  # fmt: skip
    """Send requests to one server, again after each timeout; return which were answered in time.

    Unless it drops what has expired, the server works on every attempt, in order: it does not
    know that a client has given up.

    Parameters
    ----------
    arrivals : array-like of shape (n,)
        When requests come, sorted, in any unit of time.
    services : array-like of shape (n,)
        What an attempt of each takes, in the same unit.
    timeout : float
        How long a client waits for an attempt, above 0.
    retries : int
        Attempts after the first, at least 0.
    stop : tuple of float
        From when to when the server starts no work.
    budget : float
        Retries that each request adds to the store of all clients together, at least 0; one is
        taken when a retry is due. The store begins empty and keeps ten at most, so that quiet
        hours save nothing up.
    drop : bool
        Whether the server skips an attempt whose timeout is over when its turn comes.

    Returns
    -------
    answered : array of shape (n,)
        Whether an attempt was answered within its timeout.
    attempts : array of shape (n,)
        How many were sent.

    Raises
    ------
    TypeError, ValueError
        If an argument does not hold finite numbers, ``arrivals`` are not sorted, ``services`` are
        negative or not one per arrival, ``stop`` ends before it begins, or ``timeout``,
        ``retries`` or ``budget`` is out of range.
    """
    times, work = _numbers("arrivals", arrivals), _numbers("services", services)
    _same_rows(arrivals=times, services=work)
    _between("timeout", timeout, 0, np.inf)
    _whole("retries", retries, 0)
    closed = _numbers("stop", stop)
    if (np.diff(times) < 0).any():
        raise ValueError("arrivals must be sorted")
    if work.min() < 0:
        raise ValueError("services must be at least 0")
    if len(closed) != 2 or closed[0] > closed[1]:
        raise ValueError("stop must be a start and a later end")
    times, closed = times - times[0], closed - times[0]  # seconds since 1970 have seven digits
    if budget != np.inf:
        _at_least("budget", budget, 0)
    answered, attempts = np.zeros(len(times), dtype=bool), np.zeros(len(times), dtype=np.int64)
    waiting, free, store = list(zip(times.tolist(), range(len(times)))), -np.inf, 0.0
    limit = float(timeout) * (1 + 1e-9)  # 0.1 + 0.2 - 0.1 is 0.2
    heapify(waiting)
    while waiting:
        sent, request = heappop(waiting)
        if attempts[request] == 0:
            store = min(store + float(budget), max(10.0, float(budget)))
        elif store > 1 - 1e-9:  # a tenth, added ten times, is a hair below one
            store -= 1
        else:
            continue
        attempts[request] += 1
        begin = max(sent, free)
        if closed[0] <= begin < closed[1]:
            begin = closed[1]
        expired = drop and begin - sent > limit
        free = begin if expired else begin + work[request]
        answered[request] = not expired and begin - sent + work[request] <= limit
        if not answered[request] and attempts[request] <= retries:
            heappush(waiting, (sent + float(timeout), request))
    return answered, attempts


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


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    requests, service = 16_000, 0.01  # seconds: 100 requests a second at most
    arrivals = rng.exponential(service / 0.8, requests).cumsum()  # 80 a second
    services = rng.exponential(service, requests)
    late = arrivals > 150  # the stop ends at 40 s: two minutes later
    cases: dict[str, dict[str, Any]] = {
        "no retry": {"retries": 0},
        "1 retry": {"retries": 1},
        "3 retries, a budget of 10%": {"retries": 3, "budget": 0.1},
        "1 retry, expired ones dropped": {"retries": 1, "drop": True},
        "3 retries, expired ones dropped": {"retries": 3, "drop": True},
    }
    for name, rules in cases.items():
        answered, attempts = with_retries(arrivals, services, 1, stop=(30, 40), **rules)
        print(f"{name}: {answered[late].mean():.0%} answered, {attempts[late].mean():.1f} attempts")
        #> no retry: 100% answered, 1.0 attempts
        #> 1 retry: 0% answered, 2.0 attempts
        #> 3 retries, a budget of 10%: 100% answered, 1.0 attempts
        #> 1 retry, expired ones dropped: 100% answered, 1.0 attempts
        #> 3 retries, expired ones dropped: 35% answered, 3.3 attempts
    # --8<-- [end:demo]
