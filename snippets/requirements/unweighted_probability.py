# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Undo what balanced class weights do to a probability.

Page: docs/requirements/threshold-with-money.md
Source: Bayes' rule: balanced weights multiply the odds by the odds of the other class
Task: undo balanced class weights in a probability
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def unweighted_probability(probability: ArrayLike, positive_share: float) -> NDArray[np.float64]:
    """Turn the probability of a model with balanced class weights into a real one.

    Parameters
    ----------
    probability : array-like of shape (n,)
        Probability of the positive class under ``class_weight="balanced"``.
    positive_share : float
        Share of positives in the training rows, between 0 and 1.

    Returns
    -------
    ndarray of shape (n,)
        Probability as if the model had seen the classes unweighted.

    Raises
    ------
    TypeError, ValueError
        If an argument is not numeric, empty or out of range; the message names it.
    """
    probability = np.asarray(probability)
    if probability.dtype.kind not in "iuf":
        raise TypeError(f"probability must hold numbers, got {probability.dtype}")
    if probability.ndim != 1 or not probability.size:
        raise ValueError("probability must be one-dimensional and not empty")
    if not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError("probability must lie between 0 and 1, without NaN")
    if not isinstance(positive_share, Real) or not 0 < positive_share < 1:
        raise ValueError(f"positive_share must be between 0 and 1, got {positive_share!r}")
    positive = probability * positive_share
    return positive / (positive + (1 - probability) * (1 - positive_share))


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression

    inputs, fraud = make_classification(
        12_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=0
    )
    amount = np.random.default_rng(0).lognormal(4, 1, 12_000)
    known, live = slice(0, 6_000), slice(6_000, None)
    weighted = LogisticRegression(class_weight="balanced").fit(inputs[known], fraud[known])
    risk = weighted.predict_proba(inputs[live])[:, 1]
    mended = unweighted_probability(risk, fraud[known].mean())
    for name, score in (("balanced", risk), ("undone", mended)):
        reviewed = score * amount[live] > 5
        cost = 5 * reviewed.sum() + amount[live][~reviewed & (fraud[live] == 1)].sum()
        print(
            f"weights {name}: mean risk {score.mean():.1%} for {fraud[live].mean():.1%} fraud, "
            f"reviews {reviewed.mean():.1%}, cost {cost:,.0f} euros"
        )
        #> weights balanced: mean risk 36.5% for 6.4% fraud, reviews 81.1%, cost 24,953 euros
        #> weights undone: mean risk 5.0% for 6.4% fraud, reviews 21.9%, cost 13,668 euros
    # --8<-- [end:demo]
