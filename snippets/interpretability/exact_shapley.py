# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Exact Shapley values of any model with few features, by asking about every subset of them.

Page: docs/interpretability/reason-codes.md
Source: S. M. Lundberg and S.-I. Lee, A Unified Approach to Interpreting Model Predictions, 2017
Task: compute exact Shapley values of a small model
Graduate to: shap.ExactExplainer
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable
from math import comb
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def exact_shapley(
    predict: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    background: ArrayLike,
    row: ArrayLike,
) -> NDArray[np.float64]:
    """Split one prediction, relative to the mean prediction of a background, over the features.

    These are interventional values: features that are left out take the background's values,
    whatever the others are.

    Parameters
    ----------
    predict : callable
        Takes a float array of shape (rows, features), returns one number a row.
    background : array-like of shape (n, features)
        Rows whose values replace those of the features that are left out.
    row : array-like of shape (features,)
        What to explain, the features in the background's order; at most 12, for the work doubles
        with each.

    Returns
    -------
    array of shape (features,)
        Sums to the prediction of the row minus the mean prediction of the background.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    if not callable(predict):
        raise TypeError("predict must be a function of an array")
    columns = background.columns if isinstance(background, pd.DataFrame) else None
    if columns is not None and isinstance(row, pd.Series) and list(row.index) != list(columns):
        raise ValueError("row must have the columns of background, in the same order")
    background, row = _numbers("background", background, 2), _numbers("row", row)
    features = row.size
    if background.shape[1] != features:
        raise ValueError(f"row must have the {background.shape[1]} features of background")
    if features > 12:
        raise ValueError(f"row must have at most 12 features, got {features}")
    kept = np.arange(2**features)[:, None] >> np.arange(features) & 1 == 1
    value = np.empty(len(kept))
    for number, subset in enumerate(kept):
        told = _numbers("predict's answer", predict(np.where(subset, row, background)))
        if told.size != len(background):
            raise ValueError("predict must return one number a row")
        value[number] = told.mean()
    result = np.empty(features)
    for feature in range(features):
        without = np.flatnonzero(~kept[:, feature])
        gain = value[without + 2**feature] - value[without]
        weight = [1 / (features * comb(features - 1, size)) for size in kept[without].sum(axis=1)]
        result[feature] = gain @ weight
    return result


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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(0)
    applicants = np.column_stack([rng.normal(size=(1_000, 2)), rng.poisson(0.6, 1_000)])
    effects, row = np.array([-1, 1, 1]), np.array([-1.5, 1.0, 2.0])  # income, debt, late
    formula = effects * (row - applicants.mean(axis=0))

    def product(rows):
        return rows @ effects - rows[:, 0] * rows[:, 1]

    for name, score in (("linear", lambda rows: rows @ effects), ("with a product", product)):
        error = np.abs(exact_shapley(score, applicants, row) - formula).max()
        print(f"{name} score: the formula is off by up to {error:.2f}")
        #> linear score: the formula is off by up to 0.00
        #> with a product score: the formula is off by up to 0.77

    target = product(applicants) - 1 > rng.logistic(size=1_000)
    forest = RandomForestClassifier(20, min_samples_leaf=20, random_state=0)
    forest.fit(applicants, target)
    points = 100 * exact_shapley(lambda rows: forest.predict_proba(rows)[:, 1], applicants, row)
    average, risk = (forest.predict_proba(rows)[:, 1].mean() for rows in (applicants, [row]))
    print(f"a forest: risk {risk:.1%}, on average {average:.1%}")
    #> a forest: risk 86.5%, on average 40.5%
    print(
        "points: " + ", ".join(f"{k} {v:+.1f}" for k, v in zip(("income", "debt", "late"), points))
    )
    #> points: income +20.5, debt +16.3, late +9.0
    # --8<-- [end:demo]
