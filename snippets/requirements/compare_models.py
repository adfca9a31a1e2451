# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""The interval of a difference between two models, for a metric of your choice.

Page: docs/requirements/compare-models.md
Source: B. Efron's bootstrap, percentile interval; rows, or groups of rows, are drawn for both models together
Task: tell whether F1, AUC, recall or an error differs between two models
Graduate to: scipy.stats.bootstrap
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import warnings
from collections.abc import Callable
from math import isclose, isfinite, nan
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def paired_bootstrap(
    labels: ArrayLike, old: ArrayLike, new: ArrayLike, metric: Callable[..., float],
    groups: ArrayLike | None = None, confidence: float = 0.95, resamples: int = 2_000,
    seed: int = 0,
) -> dict[str, float]:  # fmt: skip
    """Return the difference of a metric between two models, with its interval.

    Parameters
    ----------
    labels : array-like of shape (n,)
        Truth: classes or numbers, of 20 rows or more.
    old, new : array-like of shape (n,) or (n, k)
        What the two models answer on these rows: classes, scores or probabilities,
        whatever the metric takes.
    metric : callable
        ``metric(labels, answers)`` returns a number, as those of scikit-learn do. It sees the
        rows drawn, so weights or amounts of the rows are further columns of ``old`` and ``new``.
    groups : array-like of shape (n,), optional
        Customer, patient, day …: rows of one group are drawn together; 20 groups or more.
    confidence : float
        Of the interval, between 0 and 1.
    resamples : int
        How often to draw, at least 100. No p-value is below 2 / (resamples + 1).
    seed : int
        Seed of the draws.

    Returns
    -------
    dict of str to float
        ``old`` and ``new`` in the unit of the metric, ``difference`` new - old with its
        interval ``low`` to ``high``, two-sided ``p_value``, ``rows_differ``: rows on which
        the answers are not the same, in float32 if those of one model are.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be, or the metric is undefined in more than
        1% of the draws; the message names it.
    """
    truth, before, after = _column("labels", labels), _answers("old", old), _answers("new", new)
    _same_rows(labels=truth, old=before, new=after)
    if before.shape != after.shape:
        raise ValueError(f"old and new must have one shape, got {before.shape} and {after.shape}")
    if (before.dtype.kind == "f") != (after.dtype.kind == "f"):
        raise TypeError("old and new must both be numbers or both be labels")
    _between("confidence", confidence, 0, 1)
    _whole("resamples", resamples, 100)
    _whole("seed", seed, 0)
    if not callable(metric):
        raise TypeError(f"metric must be callable, got {metric!r}")
    members = [] if groups is None else _members(_labels("groups", groups), truth)
    number = len(truth) if groups is None else len(members)
    if number < 20:
        raise ValueError(f"labels (or groups) must be of 20 rows (groups) or more, got {number}")
    rng, drawn = np.random.default_rng(int(seed)), np.empty(int(resamples))
    rows = np.arange(len(truth))
    with warnings.catch_warnings():
        # Where a class is missing, scikit-learn warns and returns 0: that is no score.
        warnings.simplefilter("error", UserWarning)
        warnings.simplefilter("error", RuntimeWarning)
        score, again = (
            [_score(metric, truth[order], answers[order], True) for answers in (before, after)]
            for order in (rows, rows[::-1])
        )
        if not np.allclose(score, again, rtol=1e-9, atol=1e-9):
            # Weights in a closure, for example, would meet other rows in the draws.
            raise ValueError(
                "metric must not depend on the order of rows; weights are columns of old and new"
            )
        for draw in range(drawn.size):
            rows = picks = rng.integers(0, number, number)
            if members:
                rows = np.concatenate([members[pick] for pick in picks])
            both = [_score(metric, truth[rows], answers[rows]) for answers in (before, after)]
            # Equal up to the rounding of sums: noise would take one of two sides.
            drawn[draw] = 0 if isclose(*both, rel_tol=1e-12) else both[1] - both[0]
    kept = drawn[np.isfinite(drawn)]
    if kept.size < 0.99 * drawn.size:
        share = 1 - kept.size / drawn.size
        raise ValueError(f"labels are too few for metric: undefined in {share:.0%} of the draws")
    low, high = np.quantile(kept, [(1 - float(confidence)) / 2, (1 + float(confidence)) / 2])
    differ = before != after
    if before.dtype.kind == "f":
        before, after = _same_precision(before, after)
        # A sum in another order has another last bit; whole numbers differ by one or more.
        differ = np.abs(before - after) > np.minimum(1e-12 * np.abs(before), 0.5)
    tail = min(np.sum(kept <= 0), np.sum(kept >= 0)) + 1
    return {
        "old": score[0], "new": score[1], "difference": score[1] - score[0],
        "low": float(low), "high": float(high),
        "p_value": float(min(1, 2 * tail / (kept.size + 1))),
        "rows_differ": int(np.sum(differ.reshape(len(truth), -1).any(axis=1))),
    }  # fmt: skip


def _members(groups: NDArray[Any], labels: NDArray[Any]) -> list[NDArray[np.intp]]:
    """Return the rows of each group."""
    _same_rows(labels=labels, groups=groups)
    codes, _ = pd.factorize(groups)
    return np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])


def _score(
    metric: Callable[..., float], labels: NDArray[Any], answers: NDArray[Any], must: bool = False
) -> float:
    """Return the metric; where it is undefined, NaN, or an error if it must be defined."""
    try:
        value = float(metric(labels, answers))
        reason = f"it gave {value}"
    except Exception as error:  # noqa: BLE001 - whatever it raises, it gave no number
        value, reason = nan, f"{type(error).__name__}: {error}"
    if must and not isfinite(value):
        raise ValueError(f"metric must give a finite number for labels, old and new; {reason}")
    return value if isfinite(value) else nan  # two infinite ones are not equal


def _answers(name: str, values: ArrayLike) -> NDArray[Any]:
    plain = np.asarray(values, dtype=None if hasattr(values, "__array__") else object)
    if plain.ndim == 2:  # a column for each class
        return _numbers(name, values, 2)
    return _column(name, values)


def _column(name: str, values: ArrayLike) -> NDArray[Any]:
    """Return numbers as float64, anything else as labels."""
    array = np.asarray(values, dtype=None if hasattr(values, "__array__") else object)
    if array.dtype.kind in "biuf" or any(isinstance(v, (Real, np.bool_)) for v in array.flat):
        numbers = _numbers(name, values)
        if array.dtype.kind in "iuO" and np.abs(numbers).max() >= 2**53:  # float64 merges them
            raise ValueError(f"{name} must be below 2**53; pass long identifiers as text")
        return numbers
    return _labels(name, values)


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
    from functools import partial

    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import brier_score_loss, f1_score, recall_score

    inputs, labels = make_classification(
        2_400, n_informative=6, weights=[0.75], flip_y=0.1, random_state=3
    )
    rows, truth = inputs[2_000:], labels[2_000:]
    models = LogisticRegression(), RandomForestClassifier(60, random_state=0)
    old, new = (m.fit(inputs[:2_000], labels[:2_000]).predict_proba(rows)[:, 1] for m in models)
    classes = old > 0.5, new > 0.5
    cases = {
        "macro-F1": (partial(f1_score, average="macro"), *classes),
        "recall": (recall_score, *classes),
        "Brier score": (brier_score_loss, old, new),
    }
    for name, (metric, before, after) in cases.items():
        found = paired_bootstrap(truth, before, after, metric, resamples=200)
        print(
            f"{name}: {found['old']:.3f} → {found['new']:.3f}, difference "
            f"{found['difference']:.3f}, from {found['low']:.3f} to {found['high']:.3f}"
        )
        #> macro-F1: 0.814 → 0.854, difference 0.040, from 0.006 to 0.075
        #> recall: 0.617 → 0.654, difference 0.037, from -0.030 to 0.105
        #> Brier score: 0.102 → 0.089, difference -0.013, from -0.023 to -0.005
    # --8<-- [end:demo]
