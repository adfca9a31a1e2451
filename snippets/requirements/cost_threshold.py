# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""The probability above which acting is cheaper than not acting, row by row.

Page: docs/requirements/threshold-with-money.md
Source: the expected cost of a decision, solved for the probability
Task: act where acting is cheaper, row by row
Graduate to: sklearn.model_selection.FixedThresholdClassifier
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Sized
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def break_even(
    false_positive: ArrayLike,
    false_negative: ArrayLike,
    true_positive: ArrayLike = 0.0,
    true_negative: ArrayLike = 0.0,
) -> NDArray[np.float64] | np.float64:
    """Return the probability above which to act.

    Parameters
    ----------
    false_positive, false_negative, true_positive, true_negative : float or shape (n,)
        Cost of each result, in one currency; a gain is a negative cost. One number for
        all rows, or one for each row.

    Returns
    -------
    float or ndarray of shape (n,)
        Act if the probability is above it. It is 1 where acting never pays, and -1e-30, so
        that a risk of 0 is above it, where acting pays at any risk.

    Raises
    ------
    TypeError, ValueError
        If a cost is no finite number, the lengths differ, or acting helps on negatives
        and hurts on positives; the message names the argument.
    """
    costs = _costs(
        None,
        false_positive=false_positive,
        false_negative=false_negative,
        true_positive=true_positive,
        true_negative=true_negative,
    )
    price, saving = (
        np.where(np.isclose(a, b, rtol=1e-12, atol=0), 0, a - b)  # 0.1 + 0.2 is 0.3
        for a, b in ((costs[0], costs[3]), (costs[1], costs[2]))
    )
    if np.any((price < 0) & (saving < 0)):
        raise ValueError("false_positive is below true_negative where acting on a positive loses")
    price, saving = np.broadcast_arrays(price, saving)
    total = np.maximum(price, 0) + np.maximum(saving, 0)
    found = np.divide(np.maximum(price, 0), total, out=np.ones(total.shape), where=total > 0)
    return np.where(price < 0, -1e-30, found)[()]


def total_cost(
    outcome: ArrayLike,
    acted: ArrayLike,
    false_positive: ArrayLike,
    false_negative: ArrayLike,
    true_positive: ArrayLike = 0.0,
    true_negative: ArrayLike = 0.0,
) -> float:
    """Add up what the decisions cost.

    Parameters
    ----------
    outcome, acted : array-like of shape (n,)
        1 or True for a positive, and for a row that was acted on.
    false_positive, false_negative, true_positive, true_negative : float or shape (n,)
        As in ``break_even``.

    Returns
    -------
    float
        The total, in the currency of the costs.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be; the message names it.
    """
    flags = {"outcome": _numbers("outcome", outcome), "acted": _numbers("acted", acted)}
    for name, flag in flags.items():
        if not np.isin(flag, (0, 1)).all():
            raise ValueError(f"{name} must be 0 or 1 everywhere")
    _same_rows(**flags)
    positive, act = (flag == 1 for flag in flags.values())
    wrong_act, wrong_rest, right_act, right_rest = _costs(
        positive.size,
        false_positive=false_positive,
        false_negative=false_negative,
        true_positive=true_positive,
        true_negative=true_negative,
    )
    acting = np.where(positive, right_act, wrong_act)
    return float(np.where(act, acting, np.where(positive, wrong_rest, right_rest)).sum())


def _costs(rows: int | None, **costs: ArrayLike) -> list[NDArray[np.float64]]:
    found = []
    for name, cost in costs.items():
        single = not isinstance(cost, Sized) or getattr(cost, "ndim", 1) == 0
        values = _numbers(name, np.asarray([cost]) if single else cost)
        if not single and len(values) != (rows := rows or len(values)):
            raise ValueError(f"{name} must hold {rows} costs, as many as the rest, or one")
        found.append(values[0] if single else values)
    return found


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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression

    inputs, fraud = make_classification(
        12_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=0
    )
    payment = np.random.default_rng(0).lognormal(4, 1, 12_000)  # euros
    known, live, review = slice(0, 6_000), slice(6_000, None), 5.0
    risk = LogisticRegression().fit(inputs[known], fraud[known]).predict_proba(inputs[live])[:, 1]
    for name, amount in (("varied", payment), ("equal", np.full(12_000, 10.0))):
        lost, mean_fraud = amount[live], amount[known][fraud[known] == 1].mean()
        rules = {
            "nothing": 1.0,
            "everything": -1.0,
            "above one half": 0.5,
            "above the mean's break-even": break_even(review, mean_fraud, review),
            "above its own break-even": break_even(review, lost, review),
        }
        for rule, threshold in rules.items():
            cost = total_cost(fraud[live], risk > threshold, review, lost, review)
            right = np.mean((risk > threshold) == fraud[live])
            print(f"{name} amounts, review {rule}: {cost:,.0f} euros, {right:.1%} right")
            #> varied amounts, review nothing: 33,345 euros, 93.6% right
            #> varied amounts, review everything: 30,000 euros, 6.4% right
            #> varied amounts, review above one half: 29,918 euros, 94.0% right
            #> varied amounts, review above the mean's break-even: 17,009 euros, 75.6% right
            #> varied amounts, review above its own break-even: 13,724 euros, 79.2% right
            #> equal amounts, review nothing: 3,860 euros, 93.6% right
            #> equal amounts, review everything: 30,000 euros, 6.4% right
            #> equal amounts, review above one half: 3,720 euros, 94.0% right
            #> equal amounts, review above the mean's break-even: 3,720 euros, 94.0% right
            #> equal amounts, review above its own break-even: 3,720 euros, 94.0% right
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    loans = np.array([100, 500, 5_000])
    for fee in (0, 20):
        margin, loss = 0.10 * loans - fee, 0.60 * loans + fee
        decline = break_even(0, loss, 0, -margin)  # declining costs nothing and forgoes the margin
        for loan, risk in zip(loans, np.ravel(decline)):
            print(f"fixed cost of {fee} euros, loan of {loan:,}: decline above {risk:z.1%}")
            #> fixed cost of 0 euros, loan of 100: decline above 14.3%
            #> fixed cost of 0 euros, loan of 500: decline above 14.3%
            #> fixed cost of 0 euros, loan of 5,000: decline above 14.3%
            #> fixed cost of 20 euros, loan of 100: decline above 0.0%
            #> fixed cost of 20 euros, loan of 500: decline above 8.6%
            #> fixed cost of 20 euros, loan of 5,000: decline above 13.7%
    # --8<-- [end:solution]
