# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Hedging: ask a second replica when the first has not answered in time.

Page: docs/lifecycle/queue-and-tail.md
Source: J. Dean and L. A. Barroso, The Tail at Scale, 2013
Task: ask a second replica when the first one is late
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def hedge(
    first: ArrayLike, second: ArrayLike, patience: float
) -> tuple[NDArray[np.float64], float]:
    """Replay latencies as if slow requests had been sent twice; the earlier answer counts.

    Parameters
    ----------
    first, second : array-like of shape (n,)
        What each request takes at its replica, and at the one that would be asked next.
    patience : float
        How long to wait before the second is asked, in the same unit.

    Returns
    -------
    latencies : array of shape (n,)
        From the request to its first answer.
    extra : float
        Share of the requests that are sent twice.

    Raises
    ------
    TypeError, ValueError
        If a latency is not a finite number of at least 0, the lengths differ, or
        ``patience`` is negative.
    """
    one, other = _numbers("first", first), _numbers("second", second)
    _same_rows(first=one, second=other)
    for name, sample in (("first", one), ("second", other)):
        if sample.min() < 0:
            raise ValueError(f"{name} must be at least 0")
    _at_least("patience", patience, 0)
    latencies = np.minimum(one, float(patience) + other)
    late = one > float(patience) * (1 + 1e-9)  # 0.1 + 0.2 is 0.3
    return latencies, float(np.mean(late))


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


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def replica(rng, slow_share=0.01, requests=100_000):
        slow = rng.random(requests) < slow_share
        return np.where(slow, 1_000, rng.gamma(20, 1, requests))

    first, other = (replica(np.random.default_rng(seed)) for seed in (0, 1))
    patience = np.quantile(first, 0.95)
    cases = {
        "no hedging": (first, other, 1_000),
        "hedged": (first, other, patience),
        "hedged, both slow together": (first, first, patience),
    }
    for name, case in cases.items():
        latencies, extra = hedge(*case)
        print(f"{name}: p99.9 {np.quantile(latencies, 0.999):,.0f} ms, sent twice {extra:.0%}")
        #> no hedging: p99.9 1,000 ms, sent twice 0%
        #> hedged: p99.9 54 ms, sent twice 5%
        #> hedged, both slow together: p99.9 1,000 ms, sent twice 5%
    # --8<-- [end:demo]
