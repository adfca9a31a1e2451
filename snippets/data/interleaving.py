# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Team-draft interleaving: two rankers share a list, and clicks say whose items people take.

Page: docs/data/rank.md
Source: O. Chapelle and others, Large-Scale Validation and Analysis of Interleaved Search
    Evaluation, 2012, which evaluates team draft
Task: compare two rankers with fewer sessions than an A/B test takes
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, betaincinv


def team_draft(
    old: ArrayLike, new: ArrayLike, length: int, seed: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Let two rankers pick in turns, by a coin in each round, and remember who picked what.

    Parameters
    ----------
    old, new : array-like of shape (sessions, items)
        Numbers of the items, best first, no item twice in a row. Of ids that are text, they are
        ``pd.Index(ids_of_all).get_indexer(ids.ravel()).reshape(ids.shape)``.
    length : int
        How many items to show, at most the items of either ranker.
    seed : int
        Seed of the coins. Never the same for two batches of sessions.

    Returns
    -------
    tuple of (shown, picked_by_new)
        Both of shape (sessions, length): the items to show, and whether the new ranker picked
        them. Store both.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    lists = [_items("old", old), _items("new", new)]
    _same_rows(old=lists[0], new=lists[1])
    _whole("length", length, 1)
    _whole("seed", seed, 0)
    if length > min(each.shape[1] for each in lists):
        raise ValueError(f"length must be at most the items of old and new, got {length}")
    rng, rows = np.random.default_rng(seed), np.arange(len(lists[0]))
    first, second = (each[:, : int(length)] for each in lists)  # nobody needs more
    shown = np.zeros(first.shape, dtype=np.int64)
    by_new = np.zeros(first.shape, dtype=bool)
    for slot in range(int(length)):
        # The first pick of a round falls to a coin, the second to the other ranker.
        turn = rng.random(rows.size) < 0.5 if slot % 2 == 0 else ~by_new[:, slot - 1]
        ranking = np.where(turn[:, None], second, first)
        taken = (ranking[:, :, None] == shown[:, None, :slot]).any(axis=2)
        shown[:, slot] = ranking[rows, (~taken).argmax(axis=1)]
        by_new[:, slot] = turn
    return shown, by_new


def preference(
    picked_by_new: ArrayLike, clicks: ArrayLike, units: ArrayLike, confidence: float = 0.95
) -> pd.Series:
    """Count for how many units the new ranker's picks got more clicks, with an exact interval.

    Parameters
    ----------
    picked_by_new : array-like of shape (sessions, length)
        As `team_draft` returned it.
    clicks : array-like of shape (sessions, length)
        1 where the item was clicked, else 0.
    units : array-like of shape (sessions,)
        Who is independent, such as the user; clicks of one unit are added up first.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Series of shape (7,)
        ``new`` and ``old``, units won by each; ``ties``; ``share`` of the decided units that the
        new ranker won, with ``low`` and ``high`` (Clopper and Pearson); ``p_value`` (two-sided,
        exact, for a share of one half). NaN as share if nothing was decided.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    team, click = (
        _numbers(n, v, 2) for n, v in (("picked_by_new", picked_by_new), ("clicks", clicks))
    )
    unit = _labels("units", units)
    _between("confidence", confidence, 0, 1)
    _same_rows(picked_by_new=team, clicks=click, units=unit)
    for name, array in (("picked_by_new", team), ("clicks", click)):
        if array.shape != team.shape or not np.isin(array, (0, 1)).all():
            raise ValueError(f"{name} must be 0 or 1, in the shape of picked_by_new")
    lead = np.bincount(pd.factorize(unit)[0], (click * (2 * team - 1)).sum(axis=1))
    new, old = int((lead > 0).sum()), int((lead < 0).sum())
    result = {"new": new, "old": old, "ties": lead.size - new - old}
    decided, tail = new + old, (1 - float(confidence)) / 2
    return pd.Series(
        {
            **result,
            "share": new / decided if decided else np.nan,
            "low": betaincinv(new, old + 1, tail) if new else 0.0,
            "high": betaincinv(new + 1, old, 1 - tail) if old else 1.0,
            "p_value": min(1.0, 2 * bdtr(min(new, old), decided, 0.5)) if decided else 1.0,
        }
    )


def _items(name: str, values: ArrayLike) -> NDArray[np.int64]:
    items = _numbers(name, values, 2)
    if (items != np.rint(items)).any() or (np.abs(items) >= 2**53).any():
        raise ValueError(f"{name} must hold whole numbers of items, below 2**53")
    if (np.diff(np.sort(items, axis=1), axis=1) == 0).any():
        raise ValueError(f"{name} must not hold an item twice in a row")
    return items.astype(np.int64)


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
    rng, looks = np.random.default_rng(0), 1 / np.arange(1, 7)

    def click(appeal, shown):
        return rng.random(shown.shape) < np.take_along_axis(appeal, shown, axis=1) * looks

    def first_six(appeal, blur):
        return np.argsort(-(appeal + blur * rng.normal(size=appeal.shape)), axis=1)[:, :6]

    for sessions in (250, 1_000):
        found = []
        for trial in range(40):
            appeal = rng.choice([0.05, 0.1, 0.3, 0.6], (2 * sessions, 10))
            old, new = first_six(appeal, 0.3), first_six(appeal, 0.2)
            any_click = [click(appeal, shown).any(axis=1) for shown in (old, new)]
            arms = any_click[0][:sessions], any_click[1][sessions:]
            z = np.diff([arm.mean() for arm in arms]) / np.hypot(*[arm.std() for arm in arms])
            shown, by_new = team_draft(old, new, length=6, seed=trial)
            won = preference(by_new, click(appeal, shown), np.arange(2 * sessions))
            found.append([z.item() * sessions**0.5 > 1.96, won["low"] > 0.5])
        share = np.mean(found, axis=0)
        print(
            f"{2 * sessions:,} sessions: the better ranker found in {share[0]:.0%} of A/B tests, "
            f"{share[1]:.0%} of interleavings"
        )
        #> 500 sessions: the better ranker found in 12% of A/B tests, 40% of interleavings
        #> 2,000 sessions: the better ranker found in 50% of A/B tests, 95% of interleavings
    # --8<-- [end:demo]
