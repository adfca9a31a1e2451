# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Reason codes of a linear model: what each feature adds to the log-odds, against a reference.

Page: docs/interpretability/reason-codes.md
Source: Shapley values of a linear model, S. M. Lundberg and S.-I. Lee, 2017
Task: give the reasons for a decision of a linear model
Graduate to: shap.LinearExplainer
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd


def contributions(model: Any, reference: pd.DataFrame, applicants: pd.DataFrame) -> pd.DataFrame:
    """Split each applicant's log-odds, relative to a reference group, over the features.

    Parameters
    ----------
    model : estimator
        A fitted linear classifier of two classes, with ``coef_`` of shape (1, features).
    reference : DataFrame of shape (n, features)
        With whom to compare; its mean is the zero of every contribution.
    applicants : DataFrame of shape (m, features)
        Same columns in the same order: those that the model takes, so after any scaling.

    Returns
    -------
    DataFrame of shape (m, features)
        Rows sum to the applicant's log-odds minus the mean log-odds of the reference.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    coefficients = np.asarray(getattr(model, "coef_", None))
    if coefficients.dtype.kind != "f" or coefficients.ndim != 2 or len(coefficients) != 1:
        raise TypeError("model must be a fitted linear classifier of two classes")
    for name, table in (("reference", reference), ("applicants", applicants)):
        _check_table(name, table)
        if table.shape[1] != coefficients.size:
            raise ValueError(f"{name} must have the {coefficients.size} columns of the model")
    if list(applicants) != list(reference):
        raise ValueError("applicants must have the columns of reference, in the same order")
    return (applicants - reference.mean()) * coefficients[0]


def reason_codes(shares: pd.DataFrame, most: int = 4) -> pd.DataFrame:
    """Name the features that speak most against each applicant.

    Parameters
    ----------
    shares : DataFrame of shape (m, features)
        From `contributions`; above zero speaks against the applicant.
    most : int
        How many reasons to give at most.

    Returns
    -------
    DataFrame of shape (m, most)
        Columns 1, 2, … hold names, the strongest first; None where no more speak against.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    _check_table("shares", shares)
    if not isinstance(most, Integral) or most < 1:
        raise ValueError(f"most must be a whole number of at least 1, got {most!r}")
    values = shares.to_numpy()
    order = np.argsort(-values, axis=1, kind="stable")[:, :most]
    names = shares.columns.to_numpy(dtype=object)[order]
    names[np.take_along_axis(values, order, axis=1) <= 0] = None
    return pd.DataFrame(names, shares.index, range(1, names.shape[1] + 1))


def _check_table(name: str, table: pd.DataFrame) -> None:
    if not isinstance(table, pd.DataFrame) or table.empty:
        raise TypeError(f"{name} must be a DataFrame with rows")
    if not all(kind.kind in "biuf" for kind in table.dtypes):
        raise TypeError(f"{name} must hold numbers in every column")
    if not np.isfinite(table.to_numpy()).all():
        raise ValueError(f"{name} must not hold NaN or infinity")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def loans(rows=5_000, seed=0):
        rng = np.random.default_rng(seed)
        income = rng.normal(3.0, 1.0, rows)  # thousands a month
        debt = rng.normal(6 - income, 1.0)  # thousands
        late, history = rng.poisson(0.6, rows), rng.gamma(2, 4, rows)
        columns = {"income": income, "debt": debt, "late": late, "history": history}
        log_odds = -1.2 - 0.8 * income + 0.7 * debt + 0.7 * late - 0.1 * history
        return pd.DataFrame(columns), (log_odds > rng.logistic(size=rows)).astype(int)

    applicants, defaulted = loans()
    model = LogisticRegression(solver="newton-cholesky").fit(applicants, defaulted)
    odds = model.decision_function(applicants)
    declined = odds > np.quantile(odds, 0.7)
    shares = contributions(model, applicants, applicants[declined])
    one, difference = shares.iloc[0], odds[declined][0] - odds.mean()
    print("one declined applicant: " + ", ".join(f"{k} {v:+.2f}" for k, v in one.items()))
    #> one declined applicant: income +0.12, debt +1.29, late -0.43, history +0.47
    print(f"sum of the four {one.sum():+.2f}, log-odds minus mean {difference:+.2f}")
    #> sum of the four +1.45, log-odds minus mean +1.45
    print("reasons: " + ", ".join(reason_codes(shares).iloc[0].dropna()))
    #> reasons: debt, history, income

    first = reason_codes(shares)[1]

    def changed(reference):
        other = reason_codes(contributions(model, reference, applicants[declined]))[1]
        return np.mean(other != first)

    for rows in (30, 100, 300, 1_000, 5_000):
        share = np.mean([changed(applicants.sample(rows, random_state=seed)) for seed in range(30)])
        print(f"against {rows:,} of the 5,000 applicants: another first reason for {share:.1%}")
        #> against 30 of the 5,000 applicants: another first reason for 8.4%
        #> against 100 of the 5,000 applicants: another first reason for 4.2%
        #> against 300 of the 5,000 applicants: another first reason for 2.2%
        #> against 1,000 of the 5,000 applicants: another first reason for 1.0%
        #> against 5,000 of the 5,000 applicants: another first reason for 0.0%
    print(f"against the approved: another first reason for {changed(applicants[~declined]):.1%}")
    #> against the approved: another first reason for 7.3%
    # --8<-- [end:demo]
