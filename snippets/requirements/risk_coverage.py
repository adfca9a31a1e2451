# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""The error of a model that answers only where it is sure, by the share that it answers.

Page: docs/requirements/abstain.md
Source: the risk-coverage curve of selective classification; Clopper and Pearson's exact interval
Task: let a model leave its least sure rows unanswered, and know the error of the rest
Graduate to: sklearn.metrics.precision_recall_curve
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta


def risk_coverage(confidence: ArrayLike, wrong: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """Return the error among the rows whose confidence reaches each threshold.

    Parameters
    ----------
    confidence : array-like of shape (n,)
        How sure the model is of each answer; only the order counts. For a classifier,
        the probability of the class that it predicts.
    wrong : array-like of shape (n,)
        1 where the answer is wrong, 0 where it is right, on rows not used for fitting.
    level : float
        Of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame of shape (distinct, 5)
        A row for each distinct confidence, from the highest: ``threshold``, ``coverage``,
        the share of rows at or above it, ``error`` among these, and its interval ``low`` to
        ``high``, exact for independent rows. Rows of equal confidence are answered together or
        not at all.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be; the message names it.
    """
    sure, miss = _numbers("confidence", confidence), _numbers("wrong", wrong)
    _same_rows(confidence=sure, wrong=miss)
    if not np.isin(miss, (0, 1)).all():
        raise ValueError("wrong must be 0 or 1")
    _between("level", level, 0, 1)
    order = np.argsort(-sure, kind="stable")
    falls = -np.diff(sure[order]) > 1e-15 * np.abs(sure[order][1:])  # 1 - 0.43 equals 0.57
    last = np.flatnonzero(np.r_[falls, True])  # of rows with equal confidence
    answered, missed = last + 1, np.cumsum(miss[order])[last]
    tail, right = (1 - float(level)) / 2, answered - missed
    low, high = beta.ppf(tail, missed, right + 1), beta.isf(tail, missed + 1, right)
    return pd.DataFrame(
        {
            "threshold": sure[order][last],
            "coverage": answered / sure.size,
            "error": missed / answered,
            "low": np.where(missed == 0, 0, low),
            "high": np.where(right == 0, 1, high),
        }
    )


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(10_000, 5))
    chance = 1 / (1 + np.exp(-inputs @ [1.5, -1, 0.8, 0, 0]))
    label = (rng.random(10_000) < chance).astype(int)
    model = LogisticRegression().fit(inputs[:2_000], label[:2_000])
    probability = model.predict_proba(inputs[2_000:])
    wrong = probability.argmax(axis=1) != label[2_000:]
    print(f"all rows: wrong in {wrong.mean():.1%}")
    #> all rows: wrong in 22.9%
    kinds = {"its own": probability.max(axis=1), "a random": rng.random(8_000)}
    for name, confidence in kinds.items():
        curve = risk_coverage(confidence, wrong)
        for share in (0.8, 0.5):
            row = curve[curve["coverage"] >= share].iloc[0]
            print(
                f"the surest {share:.0%} by {name} confidence: wrong in {row['error']:.1%}, "
                f"{row['low']:.1%} to {row['high']:.1%}"
            )
            #> the surest 80% by its own confidence: wrong in 17.5%, 16.6% to 18.4%
            #> the surest 50% by its own confidence: wrong in 10.2%, 9.2% to 11.1%
            #> the surest 80% by a random confidence: wrong in 22.9%, 21.9% to 24.0%
            #> the surest 50% by a random confidence: wrong in 22.4%, 21.1% to 23.7%
    # --8<-- [end:demo]
