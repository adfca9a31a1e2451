# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Response times of a single server, first come, first served.

Page: docs/lifecycle/queue-and-tail.md
Source: D. V. Lindley's recursion; the theory of the M/M/1 queue
Task: simulate the response times of a server
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
from numpy.typing import ArrayLike, NDArray


def response_times(arrivals: ArrayLike, services: ArrayLike) -> NDArray[np.float64]:
    """Return how long each request is in the system: its wait and its service.

    Parameters
    ----------
    arrivals : array-like of shape (n,)
        When requests come, sorted, in any unit of time.
    services : array-like of shape (n,)
        What each of them takes by itself, in the same unit.

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
    times, work = np.asarray(arrivals), np.asarray(services)
    for name, values in {"arrivals": times, "services": work}.items():
        if values.dtype.kind not in "iuf":
            raise TypeError(f"{name} must hold numbers, got {values.dtype}")
        if values.ndim != 1 or not values.size or not np.isfinite(values).all():
            raise ValueError(f"{name} must be one-dimensional, not empty and finite")
    if (np.diff(times) < 0).any():
        raise ValueError("arrivals must be sorted")
    if work.shape != times.shape or work.min() < 0:
        raise ValueError("services must be at least 0, one per arrival of arrivals")
    backlog = np.concatenate([[0.0], np.cumsum(work[:-1] - np.diff(times))])
    return backlog - np.minimum.accumulate(backlog) + work


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    requests, mean = 400_000, 10
    varied, constant = rng.exponential(mean, requests), np.full(requests, mean)
    for busy in (0.05, 0.5, 0.8, 0.9):
        random = rng.exponential(mean / busy, requests).cumsum()
        even = np.arange(requests) * mean / busy
        cases = ((random, varied), (random, constant), (even, constant))
        tails = [np.quantile(response_times(*case), 0.99) for case in cases]
        theory = mean / (1 - busy) * np.log(100)
        print(
            f"p99 at {busy:.0%} busy: varied {tails[0]:.0f} ms, in theory {theory:.0f} ms, "
            f"constant {tails[1]:.0f} ms, and even {tails[2]:.0f} ms"
        )
        #> p99 at 5% busy: varied 49 ms, in theory 48 ms, constant 18 ms, and even 10 ms
        #> p99 at 50% busy: varied 93 ms, in theory 92 ms, constant 43 ms, and even 10 ms
        #> p99 at 80% busy: varied 224 ms, in theory 230 ms, constant 113 ms, and even 10 ms
        #> p99 at 90% busy: varied 462 ms, in theory 461 ms, constant 239 ms, and even 10 ms
    # --8<-- [end:demo]
