# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""A canary that decides request by request: roll back, promote, or go on.

Page: docs/beyond/roll-out.md
Source: Wald's sequential probability ratio test, truncated
Task: decide request by request whether to roll a canary back
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import log
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def canary_verdict(
    failed: ArrayLike,
    healthy: float = 0.01,
    unacceptable: float = 0.02,
    alpha: float = 0.01,
    beta: float = 0.05,
    limit: int | None = None,
) -> tuple[str, int]:
    """Judge a release by its requests, in the order in which they came.

    Parameters
    ----------
    failed : array-like of shape (n,)
        1 or True for each request that failed, otherwise 0.
    healthy, unacceptable : float
        Failure rate to promote, and the higher one to roll back; between 0 and 1.
    alpha, beta : float
        Stated chances of rolling back at ``healthy`` and of promoting at ``unacceptable``.
    limit : int, optional
        Number of requests after which the verdict goes to the rate that explains them
        better. It moves alpha and beta: `canary_rates` says to what.

    Returns
    -------
    tuple of (str, int)
        ``"roll back"``, ``"promote"`` or ``"undecided"``, and the requests that it took.

    Raises
    ------
    TypeError, ValueError
        If ``failed`` is empty or not 0 and 1, or another argument is out of range.
    """
    outcomes = _numbers("failed", failed)
    if not np.isin(outcomes, [0, 1]).all():
        raise ValueError("failed must hold 0 and 1 only")
    for name, rate in (
        ("healthy", healthy), ("unacceptable", unacceptable), ("alpha", alpha), ("beta", beta),
    ):  # fmt: skip
        _between(name, rate, 0, 1)
    if healthy >= unacceptable:
        raise ValueError("unacceptable must be above healthy")
    if alpha + beta >= 1:
        raise ValueError("alpha and beta must be below 1 together")
    if limit is not None:
        _whole("limit", limit, 1)
    good, bad, alpha, beta = float(healthy), float(unacceptable), float(alpha), float(beta)
    failure, success = log(bad) - log(good), log((1 - bad) / (1 - good))
    evidence = np.cumsum(np.where(outcomes == 1, failure, success)[:limit])
    roll_back = evidence >= log((1 - beta) / alpha) - 1e-9  # four times log(2) is log(16)
    decided = roll_back | (evidence <= log(beta / (1 - alpha)) + 1e-9)
    if decided.any():
        first = int(decided.argmax())
        return "roll back" if roll_back[first] else "promote", first + 1
    if evidence.size == limit:
        return "roll back" if evidence[-1] > 1e-9 else "promote", evidence.size
    return "undecided", evidence.size


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
    for rate in (0.01, 0.02, 0.015):
        releases = rng.random((1_000, 10_000)) < rate
        verdicts, requests = zip(*map(canary_verdict, releases))
        share, median = verdicts.count("roll back") / 1_000, np.median(requests)
        print(f"failure rate {rate:.1%}: rolls back {share:.1%}, median {median:,.0f} requests")
        #> failure rate 1.0%: rolls back 0.5%, median 710 requests
        #> failure rate 2.0%: rolls back 94.2%, median 922 requests
        #> failure rate 1.5%: rolls back 53.0%, median 1,611 requests

    # --8<-- [end:demo]

    # --8<-- [start:simulation]
    releases = np.random.default_rng(0).random((4_000, 2_000)) < 0.01
    running = releases.cumsum(axis=1) / np.arange(1, 2_001)
    looks = {"every request from 101 on": running[:, 100:], "request 2,000 only": running[:, -1:]}
    for name, seen in looks.items():
        rolled_back = (seen > 0.015).any(axis=1).mean()
        print(f"running rate, {name}: rolls back {rolled_back:.1%} of the healthy")
        #> running rate, every request from 101 on: rolls back 52.9% of the healthy
        #> running rate, request 2,000 only: rolls back 1.3% of the healthy

    stopped = [canary_verdict(release)[0] != "promote" for release in releases]
    print(f"open after 2,000 requests, then rolled back: {np.mean(stopped):.1%} of the healthy")
    #> open after 2,000 requests, then rolled back: 7.2% of the healthy
    # --8<-- [end:simulation]
