# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""Observed over expected with an exact interval, for each month, score bin or group.

Page: docs/data/calibration.md
Source: the exact interval of a rate by Clopper and Pearson, divided by the mean score
Task: compare predicted with observed rates by month, score or group
Graduate to: sklearn.calibration.calibration_curve
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta


def reliability_table(
    score: ArrayLike, outcome: ArrayLike, by: ArrayLike, confidence: float = 0.95
) -> pd.DataFrame:
    """Compare the mean score with the observed rate, group by group.

    Parameters
    ----------
    score : array-like of shape (n,)
        Predicted probabilities of the event.
    outcome : array-like of shape (n,)
        1 or True where the event happened, else 0 or False.
    by : array-like of shape (n,)
        Group of every row: its month, its score bin, its region.
    confidence : float
        Least share of intervals that hold the true ratio, between 0 and 1, if rows are
        independent.

    Returns
    -------
    DataFrame of shape (groups, 6)
        ``rows``, ``mean_score``, ``observed_rate``, ``ratio`` of observed to expected,
        and its interval from ``low`` to ``high``. The index is the sorted groups.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds NaN or differs in length, if a score is no
        probability or zero on a whole group, or an outcome is neither 0 nor 1.
    """
    score, outcome, by = _numbers("score", score), _numbers("outcome", outcome), _labels("by", by)
    _same_rows(score=score, outcome=outcome, by=by)
    _between("confidence", confidence, 0, 1)
    if not ((score >= 0) & (score <= 1)).all() or not np.isin(outcome, (0, 1)).all():
        raise ValueError("score must lie between 0 and 1, and outcome must be 0 or 1")
    by = by.astype(np.float32) if by.dtype == np.float16 else by  # pandas has no index of float16
    groups = pd.DataFrame({"score": score, "outcome": outcome}).groupby(by)
    table = groups.agg(rows=("score", "size"), mean_score=("score", "mean"))
    if (table["mean_score"] == 0).any():
        raise ValueError("score must not be zero on a whole group: nothing is expected there")
    rows, events, tail = table["rows"], groups["outcome"].sum(), (1 - float(confidence)) / 2
    table["observed_rate"] = events / rows
    table["ratio"] = table["observed_rate"] / table["mean_score"]
    low, high = beta.ppf(tail, events, rows - events + 1), beta.isf(tail, events + 1, rows - events)
    table["low"] = np.where(events == 0, 0, low) / table["mean_score"]
    table["high"] = np.where(events == rows, 1, high) / table["mean_score"]
    return table


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
    from scipy.special import expit
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    month = np.repeat(np.arange(1, 14), 1_500)
    amount, income = rng.normal(size=(2, month.size))
    logit = 0.9 * amount - income - 2.2
    score = expit(logit)
    drift = 0.35 * np.clip(month - 6, 0, None)  # at 0 the score stays right
    default = rng.random(month.size) < expit(logit + drift * amount)
    gain = np.where(default, -0.6, 0.1) * np.exp(9 + 0.5 * amount)
    profit = np.where(score < 1 / 7, gain, 0)  # lend up to the break-even risk
    table = reliability_table(score, default, by=month)
    for row in table.loc[[1, 13]].itertuples():
        now = month == row.Index
        print(
            f"month {row.Index}: AUC {roc_auc_score(default[now], score[now]):.2f}, "
            f"mean score {row.mean_score:.1%}, profit {profit[now].sum() / 1_000:+.0f}k, "
            f"observed/expected {row.ratio:.2f} ({row.low:.2f}–{row.high:.2f})"
        )
        #> month 1: AUC 0.81, mean score 15.7%, profit +396k, observed/expected 0.97 (0.86–1.10)
        #> month 13: AUC 0.85, mean score 15.8%, profit -196k, observed/expected 1.88 (1.73–2.03)
    # --8<-- [end:demo]

    # --8<-- [start:recalibrated]
    from sklearn.isotonic import IsotonicRegression

    fitted, held_out = ((month >= 10) & (np.arange(month.size) % 2 == part) for part in (0, 1))
    mended = IsotonicRegression(out_of_bounds="clip").fit(score[fitted], default[fitted])
    for name, values in (("score", score[held_out]), ("amount", amount[held_out])):
        fifth = pd.qcut(values, 5, labels=False)
        old, new = (
            reliability_table(risk, default[held_out], by=fifth).ratio
            for risk in (score[held_out], mended.predict(score[held_out]))
        )
        print(
            f"fifths by {name}: observed/expected was {old.min():.2f} to {old.max():.2f}, "
            f"is {new.min():.2f} to {new.max():.2f} recalibrated"
        )
        #> fifths by score: observed/expected was 0.70 to 2.08, is 0.87 to 1.28 recalibrated
        #> fifths by amount: observed/expected was 0.12 to 2.42, is 0.08 to 1.42 recalibrated
    # --8<-- [end:recalibrated]

    # --8<-- [start:solution]
    risk = rng.beta(1, 5, 50_000)  # a score that is right
    happens = rng.random(risk.size) < risk
    known_after = rng.uniform(0, 6, risk.size)  # months until a default is known
    age = rng.choice([2, 4, 6], risk.size)
    known = happens & (known_after < age)
    so_far = reliability_table(risk, known, by=age).ratio
    due = reliability_table(risk * age / 6, known, by=age).ratio
    for months in (2, 4, 6):
        print(
            f"loans {months} months old: observed/expected {so_far[months]:.2f} so far, "
            f"{due[months]:.2f} against what is due"
        )
        #> loans 2 months old: observed/expected 0.33 so far, 0.98 against what is due
        #> loans 4 months old: observed/expected 0.68 so far, 1.01 against what is due
        #> loans 6 months old: observed/expected 0.98 so far, 0.98 against what is due
    # --8<-- [end:solution]
