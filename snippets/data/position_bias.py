# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""Click rates corrected for the position, which decides whether an item is looked at.

Page: docs/data/explore-on-purpose.md
Source: the examination model of clicks: a click is an appeal that was looked at
Task: correct click rates for the position of an item
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def examination_rates(positions: ArrayLike, clicks: ArrayLike) -> NDArray[np.float64]:
    """Measure, on pages in random order, how much each position is looked at.

    Parameters
    ----------
    positions : array-like of shape (n,)
        Position of each item shown, from 1 on. The pages must have been shuffled.
    clicks : array-like of shape (n,)
        1 if it was clicked, else 0.

    Returns
    -------
    ndarray of shape (positions,)
        Click rate of each position in units of the first one's.

    Raises
    ------
    TypeError, ValueError
        If the arguments differ in length, are not such numbers, a position has no click, or all
        rows are clicked, as in a log of clicks alone.
    """
    positions, clicks = _log(positions, clicks)
    clicked = np.bincount(positions, clicks)[1:]
    if not clicked.all():
        raise ValueError("clicks must hold one at every position: collect more pages")
    if clicks.all():
        raise ValueError("clicks must hold 0 as well: log what was shown and not clicked, too")
    rates = clicked / np.bincount(positions)[1:]
    return rates / rates[0]


def examined_click_rates(
    items: ArrayLike,
    positions: ArrayLike,
    clicks: ArrayLike,
    examination: ArrayLike,
    extra_looks: float = 0,
) -> pd.Series:
    """Divide the clicks of each item by the looks that it had, not by its impressions.

    Parameters
    ----------
    items : array-like of shape (n,)
        Label of each item shown.
    positions, clicks : array-like of shape (n,)
        As in `examination_rates`, from pages in any order.
    examination : array-like of shape (positions,)
        How much each position is looked at, above 0, in units of the first one's.
    extra_looks : float
        Looks, with the click rate of all items together, that are added to each item: an item
        with few looks is drawn to that rate, so that luck does not put it first.

    Returns
    -------
    Series of shape (items,)
        Clicks a look, by item.

    Raises
    ------
    TypeError, ValueError
        If the arguments differ in length, an item is missing, a position has no examination, or
        ``extra_looks`` is negative.
    """
    positions, clicks = _log(positions, clicks)
    items, examination = _labels("items", items), _numbers("examination", examination)
    _same_rows(items=items, positions=positions)
    if examination.size < positions.max() or not (examination > 0).all():
        raise ValueError(f"examination must be above 0 and reach to position {positions.max()}")
    _at_least("extra_looks", extra_looks, 0)
    looks = pd.Series(examination[positions - 1]).groupby(items).sum()
    clicked = pd.Series(clicks).groupby(items).sum()
    more = float(extra_looks)
    return (clicked + more * clicked.sum() / looks.sum()) / (looks + more)


def _log(positions: ArrayLike, clicks: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    positions, clicks = _numbers("positions", positions), _numbers("clicks", clicks)
    _same_rows(positions=positions, clicks=clicks)
    if not ((positions >= 1) & (positions == np.rint(positions)) & (positions < 1e6)).all():
        raise ValueError("positions must be whole numbers from 1 on, below a million")
    if not np.isin(clicks, (0, 1)).all():
        raise ValueError("clicks must be 0 or 1")
    return positions.astype(np.int64), clicks.astype(np.int64)


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


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


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
    appeal = np.array([0.30, 0.28, 0.26, 0.24, 0.22, 0.20, 0.18, 0.16, 0.14, 0.45])
    best, place = appeal.argmax(), np.arange(1, 11)
    for looks, examination in (("equal", np.full(10, 0.5)), ("falling", 1 / place)):
        rng = np.random.default_rng(0)
        pages, shuffled = np.tile(np.arange(10), (50_000, 1)), np.arange(50_000) % 50 == 0
        pages[shuffled] = rng.permuted(pages[shuffled], axis=1)
        clicks = np.zeros(pages.shape, dtype=int)
        for day in np.split(np.arange(50_000), 25):
            past = slice(0, day[0])
            total = np.bincount(pages[past].ravel(), clicks[past].ravel(), minlength=10)
            ranking = np.argsort(-total, kind="stable")
            pages[day] = ranking[pages[day]]
            clicks[day] = rng.random((day.size, 10)) < appeal[pages[day]] * examination
        positions = np.broadcast_to(place, pages.shape)
        measured = examination_rates(positions[shuffled].ravel(), clicks[shuffled].ravel())
        rates = examined_click_rates(pages.ravel(), positions.ravel(), clicks.ravel(), measured)
        repaired = rates.sort_values(ascending=False).index.to_numpy()
        by_clicks, by_rate = (1 + list(order).index(best) for order in (ranking, repaired))
        print(
            f"looks {looks}: best item at position {by_clicks} by clicks, "
            f"{by_rate} by examined click rate"
        )
        #> looks equal: best item at position 1 by clicks, 1 by examined click rate
        #> looks falling: best item at position 3 by clicks, 1 by examined click rate
    # --8<-- [end:demo]

    # --8<-- [start:price]
    for item in ranking[:4]:
        print(
            f"position {1 + list(ranking).index(item)}: click rate {clicks[pages == item].mean():.2f}, "
            f"examined click rate {rates[item]:.2f}, appeal {appeal[item]:.2f}"
        )
        #> position 1: click rate 0.30, examined click rate 0.30, appeal 0.30
        #> position 2: click rate 0.14, examined click rate 0.29, appeal 0.28
        #> position 3: click rate 0.14, examined click rate 0.41, appeal 0.45
        #> position 4: click rate 0.07, examined click rate 0.26, appeal 0.26
    per_page = {
        "ranked by clicks": appeal[ranking] @ examination,
        "ranked by examined click rate": appeal[repaired] @ examination,
        "shuffled": appeal.mean() * examination.sum(),
    }
    for order, clicked in per_page.items():
        print(f"{order}: {1_000 * clicked:,.0f} clicks per 1,000 pages")
        #> ranked by clicks: 823 clicks per 1,000 pages
        #> ranked by examined click rate: 924 clicks per 1,000 pages
        #> shuffled: 712 clicks per 1,000 pages
    cost = 1_000 * (per_page["ranked by examined click rate"] - per_page["shuffled"]) / 50
    print(f"1 page in 50 shuffled, once repaired: costs {cost:.1f} clicks per 1,000 pages")
    #> 1 page in 50 shuffled, once repaired: costs 4.2 clicks per 1,000 pages
    # --8<-- [end:price]
