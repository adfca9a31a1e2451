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
    ValueError
        If the arguments differ in length, are not such numbers, or a position has no click.
    """
    positions, clicks = _log(positions, clicks)
    clicked = np.bincount(positions, clicks)[1:]
    if not clicked.all():
        raise ValueError("clicks must hold one at every position: collect more pages")
    rates = clicked / np.bincount(positions)[1:]
    return rates / rates[0]


def examined_click_rates(
    items: ArrayLike, positions: ArrayLike, clicks: ArrayLike, examination: ArrayLike
) -> pd.Series:
    """Divide the clicks of each item by the looks that it had, not by its impressions.

    Parameters
    ----------
    items : array-like of shape (n,)
        Label of each item shown.
    positions, clicks : array-like of shape (n,)
        As in `examination_rates`, from pages in any order.
    examination : array-like of shape (positions,)
        How much each position is looked at, above 0; only ratios matter to the ranking.

    Returns
    -------
    Series of shape (items,)
        Clicks a look, by item.

    Raises
    ------
    ValueError
        If the arguments differ in length, an item is missing, or a position has no examination.
    """
    positions, clicks = _log(positions, clicks)
    items, examination = np.asarray(items), np.asarray(examination)
    if items.shape != clicks.shape or pd.isna(items).any():
        raise ValueError("items must be one label for each of the positions, none missing")
    if examination.dtype.kind not in "iuf" or examination.ndim != 1:
        raise ValueError("examination must hold one number for each position")
    if examination.size < positions.max():
        raise ValueError(f"examination must reach to position {positions.max()}")
    if not (np.isfinite(examination) & (examination > 0)).all():
        raise ValueError("examination must be finite and above 0")
    looks = pd.Series(examination[positions - 1]).groupby(items).sum()
    return pd.Series(clicks).groupby(items).sum() / looks


def _log(positions: ArrayLike, clicks: ArrayLike) -> tuple[np.ndarray, NDArray[np.int64]]:
    positions, clicks = np.asarray(positions), np.asarray(clicks)
    if positions.dtype.kind not in "iu" or positions.ndim != 1 or not positions.size:
        raise ValueError("positions must be one-dimensional whole numbers, not empty")
    if positions.min() < 1:
        raise ValueError(f"positions must start at 1, got {positions.min()}")
    if clicks.shape != positions.shape or not np.isin(clicks, (0, 1)).all():
        raise ValueError("clicks must be 0 or 1, one for each of the positions")
    return positions, clicks.astype(int)


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
        print(
            f"looks {looks}: best item at position {1 + ranking.tolist().index(best)} "
            f"by clicks, {1 + repaired.tolist().index(best)} by examined click rate"
        )
        #> looks equal: best item at position 1 by clicks, 1 by examined click rate
        #> looks falling: best item at position 3 by clicks, 1 by examined click rate
    for item in ranking[:4]:
        shown = pages == item
        print(
            f"position {1 + ranking.tolist().index(item)}: click rate {clicks[shown].mean():.2f}, "
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
    cost = 1_000 * (per_page["ranked by clicks"] - per_page["shuffled"]) / 50
    print(f"1 page in 50 shuffled: costs {cost:.1f} clicks per 1,000 pages")
    #> 1 page in 50 shuffled: costs 2.2 clicks per 1,000 pages
    # --8<-- [end:demo]
