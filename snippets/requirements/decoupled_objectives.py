# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Two models, one knob: rank by a blend of two scores that stays outside of both models.

Page: docs/requirements/index.md
Source: the weighted geometric mean
Task: rank by a blend of the scores of two models
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def rank_by_blend(
    first: ArrayLike, second: ArrayLike, weight: float, size: int
) -> NDArray[np.int64]:
    """Return the best items under ``first ** weight * second ** (1 - weight)``.

    Parameters
    ----------
    first, second : array-like of shape (items,)
        Two positive scores, such as click rate and price. Their units do not matter.
    weight : float
        From 0, the second score alone, to 1, the first alone.
    size : int
        Length of the list, at most the number of items.

    Returns
    -------
    ndarray of shape (size,)
        Indices of the items, best first; of equal ones, up to rounding, the first.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be; the message names it.
    """
    one, other = _numbers("first", first), _numbers("second", second)
    _same_rows(first=one, second=other)
    for name, score in (("first", one), ("second", other)):
        if score.min() <= 0:
            raise ValueError(f"{name} must be above 0")
    _zero_to_one("weight", weight)
    _whole("size", size, 1)
    if size > len(one):
        raise ValueError(f"size must be at most the number of items, {len(one)}, got {size!r}")
    blend = float(weight) * np.log(one) + (1 - float(weight)) * np.log(other)
    # Rounded, since 0.3 * 2 and 0.6 * 1 are equal, and their logarithms add up to two numbers.
    return np.argsort(-blend.round(12), kind="stable")[: int(size)]


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


def _zero_to_one(name: str, value: float) -> None:
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be between 0 and 1, both included, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    click = rng.beta(2, 8, 1_000)
    price = rng.lognormal(3, 0.6, 1_000) * (1.3 - click)  # dearer items get fewer clicks
    for weight in (0, 0.25, 0.5, 0.75, 1):
        shown = rank_by_blend(click, price, weight, size=100)
        revenue = np.mean(click[shown] * price[shown])
        print(
            f"weight {weight} on clicks: {click[shown].mean():.1%} clicked, "
            f"mean price {price[shown].mean():.1f}, revenue {revenue:.1f} a showing"
        )
        #> weight 0 on clicks: 15.8% clicked, mean price 65.3, revenue 10.2 a showing
        #> weight 0.25 on clicks: 22.2% clicked, mean price 61.7, revenue 12.8 a showing
        #> weight 0.5 on clicks: 31.8% clicked, mean price 50.5, revenue 14.5 a showing
        #> weight 0.75 on clicks: 40.3% clicked, mean price 33.8, revenue 12.6 a showing
        #> weight 1 on clicks: 43.3% clicked, mean price 22.1, revenue 9.4 a showing
    # --8<-- [end:demo]
