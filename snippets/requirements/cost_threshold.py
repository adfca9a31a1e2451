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
        all rows, or one for each row. Acting on a negative must cost something:
        ``false_positive`` above ``true_negative``.

    Returns
    -------
    float or ndarray of shape (n,)
        Act if the probability is above it. It is 1, never, where acting on a sure
        positive saves nothing.

    Raises
    ------
    TypeError, ValueError
        If a cost is no finite number, or the lengths differ; the message names it.
    """
    costs = _costs(
        None,
        false_positive=false_positive,
        false_negative=false_negative,
        true_positive=true_positive,
        true_negative=true_negative,
    )
    price, saving = costs[0] - costs[3], costs[1] - costs[2]
    if np.any(price <= 0):
        raise ValueError("false_positive must be above true_negative, or always act")
    return (price / (price + np.maximum(saving, 0)))[()]


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
    flags = {"outcome": np.asarray(outcome), "acted": np.asarray(acted)}
    for name, flag in flags.items():
        if flag.ndim != 1 or not flag.size or flag.dtype.kind not in "biuf":
            raise ValueError(f"{name} must be one-dimensional, not empty, 0 or 1")
        if not np.isin(flag, (0, 1)).all():
            raise ValueError(f"{name} must be 0 or 1 everywhere")
    positive, act = (flag.astype(bool) for flag in flags.values())
    if positive.size != act.size:
        raise ValueError("outcome and acted must have the same length")
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
    for name, cost in costs.items():
        values = np.asarray(cost)
        if values.dtype.kind not in "iuf":
            raise TypeError(f"{name} must hold numbers, got {values.dtype}")
        if values.ndim > 1 or not values.size or not np.isfinite(values).all():
            raise ValueError(f"{name} must be one number, or one for each row, without NaN")
        if values.ndim and values.size != (rows := rows or values.size):
            raise ValueError(f"{name} must hold {rows} costs, as many as the rest, or one")
    return [np.asarray(cost, dtype=float) for cost in costs.values()]


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression

    inputs, fraud = make_classification(
        12_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=0
    )
    lognormal = np.random.default_rng(0).lognormal(4, 1, 12_000)  # payments in euros
    review = 5.0
    for name, amount in (("varied amounts", lognormal), ("equal amounts", np.full(12_000, 10.0))):
        known, live = slice(0, 6_000), slice(6_000, None)
        model = LogisticRegression().fit(inputs[known], fraud[known])
        risk, lost = model.predict_proba(inputs[live])[:, 1], amount[live]
        mean_fraud = amount[known][fraud[known] == 1].mean()
        rules = {
            "none": np.ones(6_000),
            "above one half": np.full(6_000, 0.5),
            "above mean break-even": np.full(6_000, break_even(review, mean_fraud, review)),
            "above own break-even": break_even(review, lost, review),
        }
        for rule, threshold in rules.items():
            reviewed = risk > threshold
            cost = total_cost(fraud[live], reviewed, review, lost, review)
            print(
                f"{name}, review {rule}: "
                f"accuracy {np.mean(reviewed == fraud[live]):.1%}, cost {cost:,.0f} euros"
            )
            #> varied amounts, review none: accuracy 93.6%, cost 33,345 euros
            #> varied amounts, review above one half: accuracy 94.0%, cost 29,918 euros
            #> varied amounts, review above mean break-even: accuracy 75.6%, cost 17,009 euros
            #> varied amounts, review above own break-even: accuracy 79.2%, cost 13,724 euros
            #> equal amounts, review none: accuracy 93.6%, cost 3,860 euros
            #> equal amounts, review above one half: accuracy 94.0%, cost 3,720 euros
            #> equal amounts, review above mean break-even: accuracy 94.0%, cost 3,720 euros
            #> equal amounts, review above own break-even: accuracy 94.0%, cost 3,720 euros
    # --8<-- [end:demo]
