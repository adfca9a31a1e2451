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
    risk = _numbers("probability", probability)
    if risk.min() < 0 or risk.max() > 1:
        raise ValueError("probability must lie between 0 and 1")
    _between("positive_share", positive_share, 0, 1)
    positive = risk * float(positive_share)
    return positive / (positive + (1 - risk) * (1 - float(positive_share)))


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


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
