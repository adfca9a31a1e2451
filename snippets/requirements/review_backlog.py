# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""The reviews that wait at the end of each day.

Page: docs/requirements/abstain.md
Source: what waited, plus what came, minus what was done, and never below zero (D. V. Lindley's recursion)
Task: know how many reviewers a threshold needs
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def review_backlog(sent: ArrayLike, capacity: float) -> NDArray[np.float64]:
    """Return how many rows wait for review at the end of each day.

    Parameters
    ----------
    sent : array-like of shape (days,)
        Rows sent to review on each day, in the order of the days, 0 or more.
    capacity : float
        Rows that can be reviewed in a day, above 0.

    Returns
    -------
    array of shape (days,)
        Rows that wait, first come, first served, from an empty desk on the first day.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be; the message names it.
    """
    came = _numbers("sent", sent)
    if came.min() < 0:
        raise ValueError("sent must be 0 or more")
    _between("capacity", capacity, 0, np.inf)
    surplus = np.cumsum(came - float(capacity))
    waiting = surplus - np.minimum(np.minimum.accumulate(surplus), 0)
    return np.round(waiting, 9)  # 1 - 0.2 - 0.2 - 0.2 - 0.2 - 0.2 is 0


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    rows = 400 * rng.lognormal(-0.125, 0.5, size=(1_000, 60))  # a thousand times sixty days
    sent = rng.poisson(0.2 * rows)  # a threshold that sends a fifth, 80 a day on average
    for share in (0.9, 1.0, 1.2, 1.5):
        behind = [review_backlog(days, share * 80)[-1] / (share * 80) for days in sent]
        print(
            f"reviewers for {share:.0%} of the average: {np.mean(behind):.1f} days behind, "
            f"in the worst tenth {np.quantile(behind, 0.9):.1f}"
        )
        #> reviewers for 90% of the average: 7.7 days behind, in the worst tenth 13.6
        #> reviewers for 100% of the average: 3.1 days behind, in the worst tenth 6.8
        #> reviewers for 120% of the average: 0.5 days behind, in the worst tenth 1.3
        #> reviewers for 150% of the average: 0.1 days behind, in the worst tenth 0.3
    # --8<-- [end:demo]
