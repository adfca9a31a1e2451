# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""A threshold per group that gives every group the same recall, and what it costs.

Page: docs/fairness/mitigate.md
Source: M. Hardt, E. Price and N. Srebro, Equality of Opportunity in Supervised Learning, 2016
Task: give every group the same recall, and price it
Graduate to: fairlearn.postprocessing.ThresholdOptimizer
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def recall_thresholds(
    truth: ArrayLike, score: ArrayLike, group: ArrayLike, recall: float
) -> dict[Any, float]:
    """Find the highest threshold per group that reaches a recall.

    Parameters
    ----------
    truth, score, group : array-like of shape (n,)
        Outcome 0 or 1, score, and group of rows that the model was not fitted on. Of several
        attributes, the group is one text, such as ``sex + ", " + region``.
    recall : float
        Share of the positives of each group to select at least, between 0 and 1.

    Returns
    -------
    dict
        The threshold of each group; select ``score >= threshold``. With ties at it, more are
        selected than asked for. Groups that are numbers or bool are Python's; JSON makes text of them.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, not finite, of another length or out of range, or a group
        has no positives.
    """
    positive, values, members = _rows(truth, score, group)
    _between("recall", recall, 0, 1)
    thresholds = {}
    for name, rows in members.items():
        ranked = np.sort(values[rows][positive[rows]])[::-1]
        if not ranked.size:
            raise ValueError(f"truth must hold a 1 in every group, has none in {name!r}")
        needed = float(recall) * ranked.size * (1 - 1e-12)  # 0.55 * 100 is a bit more than 55
        key = name.item() if isinstance(name, (np.number, np.bool_)) else name
        thresholds[key] = float(ranked[int(np.ceil(needed)) - 1])
    return thresholds


def threshold_price(
    truth: ArrayLike,
    score: ArrayLike,
    group: ArrayLike,
    thresholds: dict[Any, float],
    gain: float = 1.0,
    loss: float = 1.0,
) -> dict[str, float]:
    """Measure what thresholds per group change, on rows that did not choose them.

    Parameters
    ----------
    truth, score, group : array-like of shape (n,)
        Outcome 0 or 1, score, and group.
    thresholds : dict
        The threshold of each group. If these or the scores went through float32, both are
        compared in that precision.
    gain, loss : float
        What a selected positive earns and what a selected negative costs, from 0 upwards.

    Returns
    -------
    dict
        ``value`` per 1,000 rows, in the unit of gain and loss; ``recall gap`` and
        ``false positive gap``, largest minus smallest rate of the groups; ``selection ratio``,
        smallest over largest.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, not finite or of another length, a group has no threshold or
        not both outcomes, or nobody is selected.
    """
    positive, values, members = _rows(truth, score, group)
    for name, amount in (("gain", gain), ("loss", loss)):
        _at_least(name, amount, 0)
    known = thresholds if isinstance(thresholds, dict) else {}
    if without := [name for name in members if name not in known]:
        raise ValueError(f"thresholds must be a dict with every group, lacks {without!r}")
    for limit in thresholds.values():  # infinity selects nobody; no float can hold 10**400
        wide = isinstance(limit, Integral) and int(limit).bit_length() > 999
        if not isinstance(limit, Real) or limit != limit or wide:
            raise ValueError("thresholds must be numbers that a float can hold, not NaN")
    selected = np.zeros(positive.size, dtype=bool)
    for name, rows in members.items():
        ours, limit = _same_precision(values[rows], np.array([float(thresholds[name])]))
        selected[rows] = ours >= limit
        if positive[rows].all() or not positive[rows].any():
            raise ValueError(f"truth must hold 0 and 1 in every group, does not in {name!r}")
    if not selected.any():
        raise ValueError("thresholds must select somebody")
    rates = np.array(
        [
            [selected[rows][part].mean() for part in (positive[rows], ~positive[rows], ...)]
            for rows in members.values()
        ]
    )
    recall_gap, false_positive_gap, _ = rates.max(axis=0) - rates.min(axis=0)
    earned = np.where(positive, float(gain), -float(loss))[selected].sum()
    return {
        "value": float(earned / selected.size * 1_000),
        "recall gap": float(recall_gap),
        "false positive gap": float(false_positive_gap),
        "selection ratio": float(rates[:, 2].min() / rates[:, 2].max()),
    }


def _rows(
    truth: ArrayLike, score: ArrayLike, group: ArrayLike
) -> tuple[NDArray[np.bool_], NDArray[np.float64], dict[Any, NDArray[np.intp]]]:
    outcome, values, names = (
        _numbers("truth", truth),
        _numbers("score", score),
        _labels("group", group),
    )
    _same_rows(truth=outcome, score=values, group=names)
    if not np.isin(outcome, (0, 1)).all():
        raise ValueError("truth must hold 0 and 1 only")
    codes, groups = pd.factorize(names)
    members = {name: np.flatnonzero(codes == code) for code, name in enumerate(groups)}
    return outcome == 1, values, members


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


def _same_precision(*sides: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    # A copy that went through float32 has not moved: if one side did, all are compared in it.
    # 0.5 or 40 is the same in both, so a side of such numbers alone does not tell.
    with np.errstate(invalid="ignore", over="ignore"):
        short = [side.astype(np.float32).astype(np.float64) for side in sides]
        tells = [((side * 1024 % 1 > 0) | (np.abs(side) > 2**24)).any() for side in sides]
    pairs = zip(sides, short, tells, strict=True)
    copies = (tell and np.array_equal(a, b, equal_nan=True) for a, b, tell in pairs)
    return short if any(copies) else list(sides)


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def applicants(seed, base_rate, shift=0.8, rows=20_000):
        rng = np.random.default_rng(seed)
        in_b = rng.random(rows) < 0.3
        truth = (rng.random(rows) < np.where(in_b, base_rate, 0.5)).astype(int)
        features = rng.normal(np.column_stack([1.5 * truth - shift * in_b, truth]))
        return features, truth, np.where(in_b, "B", "A")

    for base_rate in (0.35, 0.5):
        features, truth, _ = applicants(0, base_rate, rows=5_000)
        model = LogisticRegression().fit(features, truth)
        features, truth, group = applicants(1, base_rate)
        score, policies = (
            model.predict_proba(features)[:, 1],
            {"one threshold": {"A": 0.5, "B": 0.5}},
        )
        for policy, moved, goal in (("B lifted to A", "B", "A"), ("A lowered to B", "A", "B")):
            recall = np.mean(score[(truth == 1) & (group == goal)] >= 0.5)
            own = recall_thresholds(truth, score, group, recall)[moved]
            policies[policy] = {"A": 0.5, "B": 0.5} | {moved: own}
        features, truth, group = applicants(2, base_rate)
        for policy, thresholds in policies.items():
            price = threshold_price(truth, model.predict_proba(features)[:, 1], group, thresholds)
            print(
                f"B repays {base_rate:.0%}, {policy}: recall gap {price['recall gap']:.1%}, "
                f"value {price['value']:.0f}, selection ratio {price['selection ratio']:.2f}"
            )
            #> B repays 35%, one threshold: recall gap 23.2%, value 271, selection ratio 0.49
            #> B repays 35%, B lifted to A: recall gap 0.4%, value 268, selection ratio 0.82
            #> B repays 35%, A lowered to B: recall gap 0.4%, value 239, selection ratio 0.76
            #> B repays 50%, one threshold: recall gap 20.2%, value 304, selection ratio 0.67
            #> B repays 50%, B lifted to A: recall gap 0.3%, value 310, selection ratio 1.00
            #> B repays 50%, A lowered to B: recall gap 0.2%, value 285, selection ratio 1.00
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    for limit in (1 / 2, 2 / 3):
        one = {"A": limit, "B": limit}
        price = threshold_price(truth, model.predict_proba(features)[:, 1], group, one, loss=2)
        print(f"a loss of two, threshold {limit:.2f} for all: value {price['value']:.0f}")
        #> a loss of two, threshold 0.50 for all: value 211
        #> a loss of two, threshold 0.67 for all: value 239
    # --8<-- [end:solution]
