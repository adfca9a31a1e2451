# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13", "fairlearn>=0.12"]
# ///
"""Recall and false positive rate of every group, their differences, and what is known of each.

Page: docs/fairness/audit-without-the-attribute.md
Source: R. G. Newcombe, hybrid score interval for a difference of two rates, 1998; exact if few
Task: compare the error rates of groups, with intervals
Graduate to: fairlearn.metrics.equalized_odds_difference
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta, norm


def error_rates_by_group(
    outcome: ArrayLike,
    decision: ArrayLike,
    group: ArrayLike,
    reference: Any,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare the error rates of every group with those of one: equalized odds, with intervals.

    Parameters
    ----------
    outcome : array-like of shape (n,)
        1 where the event happened, else 0.
    decision : array-like of shape (n,)
        1 where the model predicted the event, else 0.
    group : array-like of shape (n,)
        The group of each row.
    reference : str, int or another label
        The group to compare with; it needs rows of both outcomes.
    confidence : float
        Confidence that all differences of the table are in their intervals, between 0 and 1, if
        rows are independent; with dozens of small groups and rates near 0 or 1, tables miss
        several times as often. Score intervals are too short near rates of 0 and 1: where fewer than
        ten rows are decided one way, the exact interval of the rate takes their place.

    Returns
    -------
    DataFrame of shape (2 * groups, 8)
        Indexed by ``group`` and ``among``: the share of positive decisions among the "positives" is
        the recall, among the "negatives" the false positive rate. ``rows``; ``rate`` from ``low``
        to ``high``, each exact on its own; ``difference`` to the reference from ``difference_low``
        to ``difference_high``, together; ``verdict``: "differs", "undecided", "reference", or
        "no rows" where a group has none, with NaN for its rate.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, missing, of another length or out of range, or the reference
        lacks an outcome; the message names it.
    """
    event, flag = _flags("outcome", outcome), _flags("decision", decision)
    names = _labels("group", group)
    _same_rows(outcome=event, decision=flag, group=names)
    _between("confidence", confidence, 0, 1)
    among = np.where(event, "positives", "negatives")
    rows = pd.DataFrame({"group": names, "among": among, "flag": flag})
    counts = rows.groupby(["group", "among"], observed=True)["flag"].agg(["sum", "size"])
    groups = counts.index.get_level_values("group").unique()
    every = pd.MultiIndex.from_product(
        [groups, ["positives", "negatives"]], names=["group", "among"]
    )
    counts = counts.reindex(every, fill_value=0)
    known = isinstance(reference, Hashable) and reference in groups
    if not known or reference not in list(groups):  # "2026" is in an index of dates, and no date
        raise ValueError(f"reference must be one of the groups, got {reference!r}")
    pairs = counts.to_numpy(np.float64).reshape(-1, 2, 2)  # group, positives or negatives, counts
    hits, size = pairs[..., 0], pairs[..., 1]
    first = list(groups).index(reference)
    if not size[first].all():
        raise ValueError(f"reference must be a group with both outcomes, got {reference!r}")

    with np.errstate(divide="ignore", invalid="ignore"):
        rate = hits / size  # NaN for a group without rows of an outcome, never zero
    low, high = _clopper_pearson(hits, size, float(confidence))
    compared = max(int(np.count_nonzero(np.delete(size, first, axis=0))), 1)
    each = 1 - (1 - float(confidence)) / compared
    exact, score = _clopper_pearson(hits, size, each), _wilson(hits, size, each)
    few = np.minimum(hits, size - hits) < 10
    near, far = np.where(few, exact[0], score[0]), np.where(few, exact[1], score[1])
    difference, at = rate - rate[first], (slice(first, first + 1), slice(None))
    down = difference - np.hypot(rate - near, far[at] - rate[at])  # Newcombe's hybrid
    up = difference + np.hypot(far - rate, rate[at] - near[at])
    verdict = np.where((down > 0) | (up < 0), "differs", "undecided").astype(object)
    verdict[size == 0] = "no rows"
    down[first], up[first], verdict[first] = 0, 0, "reference"
    columns = {
        "rows": size.astype(int), "rate": rate, "low": low, "high": high, "difference": difference,
        "difference_low": down, "difference_high": up, "verdict": verdict,
    }  # fmt: skip
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=every)


def _clopper_pearson(hits: NDArray[Any], rows: NDArray[Any], each: float) -> tuple[Any, Any]:
    tail = (1 - each) / 2  # C. J. Clopper and E. S. Pearson, 1934
    low, high = beta.ppf(tail, hits, rows - hits + 1), beta.isf(tail, hits + 1, rows - hits)
    return np.where(hits == 0, 0, low), np.where(hits == rows, 1, high)


def _wilson(hits: NDArray[Any], rows: NDArray[Any], each: float) -> tuple[Any, Any]:
    z2 = norm.isf((1 - each) / 2) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        p = hits / rows
        spread = np.sqrt(z2 * (p * (1 - p) / rows + z2 / (4 * rows**2)))
        middle, scale = p + z2 / (2 * rows), 1 + z2 / rows
    return (middle - spread) / scale, (middle + spread) / scale


def _flags(name: str, values: ArrayLike) -> NDArray[np.bool_]:
    array = _numbers(name, values)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold 0 and 1 only")
    return array == 1


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from fairlearn.metrics import equalized_odds_difference

    cells = pd.DataFrame(
        [
            ("A", 1, 1, 420), ("A", 1, 0, 180), ("A", 0, 1, 280), ("A", 0, 0, 1_120),
            ("B", 1, 1, 36), ("B", 1, 0, 24), ("B", 0, 1, 31), ("B", 0, 0, 109),
            ("C", 0, 1, 12), ("C", 0, 0, 48),
        ],
        columns=["group", "outcome", "decision", "people"],
    )  # fmt: skip
    rows = cells.loc[cells.index.repeat(cells["people"])]
    table = error_rates_by_group(
        rows["outcome"], rows["decision"], rows["group"], "A"
    ).reset_index()
    for _, line in table[table["group"] != "A"].iterrows():
        rate = {"positives": "recall", "negatives": "false positives"}[line.among]
        ends = f"{line.difference_low:+.0%} to {line.difference_high:+.0%}"
        known = f"{line.rate:.0%}, difference {line.difference:+.0%} ({ends})"
        print(
            f"group {line.group}, {rate} of {line.rows}: {known if line.rows else '?'}, {line.verdict}"
        )
        #> group B, recall of 60: 60%, difference -10% (-26% to +4%), undecided
        #> group B, false positives of 140: 22%, difference +2% (-6% to +12%), undecided
        #> group C, recall of 0: ?, no rows
        #> group C, false positives of 60: 20%, difference +0% (-10% to +15%), undecided
    for names in ("AB", "ABC"):
        some = rows[rows["group"].isin(list(names))]
        gap = equalized_odds_difference(
            some["outcome"], some["decision"], sensitive_features=some["group"]
        )
        print(f"fairlearn, groups {', '.join(names)}: equalized odds difference {gap:.0%}")
        #> fairlearn, groups A, B: equalized odds difference 10%
        #> fairlearn, groups A, B, C: equalized odds difference 70%
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    for more in (1, 2, 3, 4):
        people = cells["people"] * np.where(cells["group"] == "B", more, 1)
        rows = cells.loc[cells.index.repeat(people)]
        table = error_rates_by_group(rows["outcome"], rows["decision"], rows["group"], "A")
        line = table.loc[[("B", "positives")]].iloc[0]
        print(
            f"{line.rows} positives in group B: {line.difference_low:+.0%} to "
            f"{line.difference_high:+.0%}, {line.verdict}"
        )
        #> 60 positives in group B: -26% to +4%, undecided
        #> 120 positives in group B: -22% to +1%, undecided
        #> 180 positives in group B: -20% to -0%, differs
        #> 240 positives in group B: -19% to -1%, differs
    # --8<-- [end:solution]
