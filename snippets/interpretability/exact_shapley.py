# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
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

import numpy as np
from numpy.typing import ArrayLike, NDArray


def exact_shapley(
    predict: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    background: ArrayLike,
    row: ArrayLike,
) -> NDArray[np.float64]:
    """Split one prediction, relative to the mean prediction of a background, over the features.

    Parameters
    ----------
    predict : callable
        Takes an array of shape (rows, features), returns one number a row.
    background : array-like of shape (n, features)
        Rows whose values replace those of the features that are left out.
    row : array-like of shape (features,)
        What to explain; at most 12 features, for the work doubles with each.

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
    background, row = _numbers("background", background, 2), _numbers("row", row, 1)
    features = row.size
    if background.shape[1] != features:
        raise ValueError(f"row must have the {background.shape[1]} features of background")
    if features > 12:
        raise ValueError(f"row must have at most 12 features, got {features}")
    kept = np.arange(2**features)[:, None] >> np.arange(features) & 1 == 1
    value = np.array([np.mean(predict(np.where(subset, row, background))) for subset in kept])
    result = np.empty(features)
    for feature in range(features):
        without = np.flatnonzero(~kept[:, feature])
        gain = value[without + 2**feature] - value[without]
        weight = [1 / (features * comb(features - 1, size)) for size in kept[without].sum(axis=1)]
        result[feature] = gain @ weight
    return result


def _numbers(name: str, values: ArrayLike, dimensions: int) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype.kind not in "biuf" or array.ndim != dimensions or not array.size:
        raise ValueError(f"{name} must hold numbers in {dimensions} dimension(s), not empty")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must not hold NaN or infinity")
    return array


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(0)
    applicants = np.column_stack([rng.normal(size=(1_000, 2)), rng.poisson(0.6, 1_000)])
    effects, row = np.array([-1, 1, 1]), np.array([-1.5, 1.0, 2.0])

    for product in (0, 1):

        def score(rows, product=product):
            return rows @ effects - product * rows[:, 0] * rows[:, 1]

        formula = effects * (row - applicants.mean(axis=0))
        error = np.abs(exact_shapley(score, applicants, row) - formula).max()
        print(f"score with {product} x the product: largest error of the formula {error:.2f}")
        #> score with 0 x the product: largest error of the formula 0.00
        #> score with 1 x the product: largest error of the formula 0.77

    target = (score(applicants) - 1 > rng.logistic(size=1_000)).astype(int)
    forest = RandomForestClassifier(20, min_samples_leaf=20, random_state=0)
    forest.fit(applicants, target)

    def probability(rows):
        return forest.predict_proba(rows)[:, 1]

    points = 100 * exact_shapley(probability, applicants, row)
    named = zip(("income", "debt", "late"), points, strict=True)
    print(f"forest: {probability([row])[0]:.1%}, mean {probability(applicants).mean():.1%}")
    #> forest: 86.5%, mean 40.5%
    print("the difference in points: " + ", ".join(f"{name} {value:+.1f}" for name, value in named))
    #> the difference in points: income +20.5, debt +16.3, late +9.0
    # --8<-- [end:demo]
