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
        Indices of the items, best first.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be; the message names it.
    """
    scores = [np.asarray(first), np.asarray(second)]
    for name, score in zip(("first", "second"), scores):
        if score.dtype.kind not in "iuf":
            raise TypeError(f"{name} must hold numbers, got {score.dtype}")
        if score.ndim != 1 or not score.size or not np.isfinite(score).all() or score.min() <= 0:
            raise ValueError(f"{name} must be one-dimensional, not empty and above 0")
    if scores[0].size != scores[1].size:
        raise ValueError("first and second must have the same length")
    if not isinstance(weight, Real) or not 0 <= weight <= 1:
        raise ValueError(f"weight must be between 0 and 1, got {weight!r}")
    if not isinstance(size, Integral) or not 1 <= size <= scores[0].size:
        raise ValueError(f"size must be a whole number from 1 to the number of items, got {size!r}")
    blend = weight * np.log(scores[0]) + (1 - weight) * np.log(scores[1])
    return np.argsort(-blend, kind="stable")[:size]


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
            f"weight {weight} on clicks: click-through {click[shown].mean():.1%}, "
            f"mean price {price[shown].mean():.1f}, revenue {revenue:.1f} per impression"
        )
        #> weight 0 on clicks: click-through 15.8%, mean price 65.3, revenue 10.2 per impression
        #> weight 0.25 on clicks: click-through 22.2%, mean price 61.7, revenue 12.8 per impression
        #> weight 0.5 on clicks: click-through 31.8%, mean price 50.5, revenue 14.5 per impression
        #> weight 0.75 on clicks: click-through 40.3%, mean price 33.8, revenue 12.6 per impression
        #> weight 1 on clicks: click-through 43.3%, mean price 22.1, revenue 9.4 per impression
    # --8<-- [end:demo]
