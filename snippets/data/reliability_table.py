# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""Observed over expected with an interval, for each month, score bin or group.

Page: docs/data/calibration.md
Source: E. B. Wilson's interval for a rate, divided by the mean score
Task: compare predicted with observed rates by month, score or group
Graduate to: sklearn.calibration.calibration_curve
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm


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
        Share of intervals that hold the true ratio, between 0 and 1.

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
    score, outcome, by = np.asarray(score), np.asarray(outcome), np.asarray(by)
    for name, values, kinds in (("score", score, "iuf"), ("outcome", outcome, "biuf")):
        if values.dtype.kind not in kinds:
            raise TypeError(f"{name} must hold numbers, got {values.dtype}")
    if score.ndim != 1 or not score.size or not ((score >= 0) & (score <= 1)).all():
        raise ValueError("score must be one-dimensional, not empty and between 0 and 1")
    if outcome.shape != score.shape or not np.isin(outcome, (0, 1)).all():
        raise ValueError("outcome must be 0 or 1, one for each score")
    if by.shape != score.shape or pd.isna(by).any():
        raise ValueError("by must hold one group for each score, and nothing missing")
    if not isinstance(confidence, Real) or not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence!r}")

    groups = pd.DataFrame({"score": score, "outcome": outcome.astype(int)}).groupby(by)
    table = groups["score"].agg(rows="size", mean_score="mean")
    if (table["mean_score"] == 0).any():
        raise ValueError("score must not be zero on a whole group: nothing is expected there")
    table["observed_rate"] = rate = groups["outcome"].mean()
    table["ratio"] = rate / table["mean_score"]
    width = norm.isf((1 - confidence) / 2) / np.sqrt(table["rows"])
    centre = rate + width**2 / 2
    reach = width * np.sqrt(rate * (1 - rate) + width**2 / 4)
    table["low"] = (centre - reach) / (1 + width**2) / table["mean_score"]
    table["high"] = (centre + reach) / (1 + width**2) / table["mean_score"]
    return table


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
    for row in reliability_table(score, default, by=month)[::2].itertuples():
        now = month == row.Index
        print(
            f"month {row.Index}: AUC {roc_auc_score(default[now], score[now]):.2f}, "
            f"mean score {row.mean_score:.1%}, observed/expected {row.ratio:.2f} "
            f"[{row.low:.2f}, {row.high:.2f}], profit {profit[now].sum() / 1_000:+.0f}k"
        )
        #> month 1: AUC 0.81, mean score 15.7%, observed/expected 0.97 [0.86, 1.10], profit +396k
        #> month 3: AUC 0.79, mean score 16.0%, observed/expected 1.07 [0.95, 1.19], profit +310k
        #> month 5: AUC 0.80, mean score 16.1%, observed/expected 1.09 [0.97, 1.21], profit +288k
        #> month 7: AUC 0.84, mean score 16.1%, observed/expected 1.12 [1.00, 1.25], profit +314k
        #> month 9: AUC 0.88, mean score 15.0%, observed/expected 1.30 [1.17, 1.43], profit +363k
        #> month 11: AUC 0.88, mean score 15.7%, observed/expected 1.59 [1.46, 1.74], profit +42k
        #> month 13: AUC 0.85, mean score 15.8%, observed/expected 1.88 [1.73, 2.03], profit -196k

    fifth = pd.qcut(score, 5, labels=False) + 1
    before, after = (
        reliability_table(score[part], default[part], by=fifth[part])
        for part in (month <= 6, month >= 10)
    )
    for number in before.index:
        print(
            f"score bin {number}: mean score {after.mean_score[number]:.1%}, observed "
            f"{before.observed_rate[number]:.1%} until month 6, "
            f"{after.observed_rate[number]:.1%} from month 10"
        )
        #> score bin 1: mean score 1.9%, observed 2.2% until month 6, 1.4% from month 10
        #> score bin 2: mean score 5.3%, observed 5.3% until month 6, 6.4% from month 10
        #> score bin 3: mean score 10.2%, observed 10.7% until month 6, 15.8% from month 10
        #> score bin 4: mean score 18.8%, observed 19.0% until month 6, 37.5% from month 10
        #> score bin 5: mean score 42.5%, observed 41.5% until month 6, 72.8% from month 10
    # --8<-- [end:demo]
