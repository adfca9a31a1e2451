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
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def contributions(model: Any, reference: pd.DataFrame, applicants: pd.DataFrame) -> pd.DataFrame:
    """Split each applicant's log-odds, relative to a reference group, over the features.

    These are the interventional Shapley values of the log-odds.

    Parameters
    ----------
    model : estimator
        A fitted linear classifier of two classes, with one coefficient for each feature.
    reference : DataFrame of shape (n, features)
        With whom to compare; its mean is the zero of every contribution.
    applicants : DataFrame of shape (m, features)
        Both tables hold the numbers that the model was fitted on, so after any scaling, in the
        model's order of columns.

    Returns
    -------
    DataFrame of shape (m, features)
        Rows sum to the applicant's log-odds minus the mean log-odds of the reference.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    coefficients = np.atleast_2d(getattr(model, "coef_", None))  # of RidgeClassifier (features,)
    if coefficients.dtype.kind != "f" or coefficients.ndim != 2 or len(coefficients) != 1:
        raise TypeError("model must be a fitted linear classifier of two classes")
    zero = _numeric("reference", _table("reference", reference)).mean()
    values = _numeric("applicants", _table("applicants", applicants))
    _same_columns("reference", reference, model)
    _same_columns("applicants", applicants, model)
    if len(zero) != coefficients.size:
        raise ValueError(f"reference must have the {coefficients.size} columns of the model")
    if list(applicants) != list(reference):
        raise ValueError("applicants must have the columns of reference, in the same order")
    return ((values - zero) * coefficients[0].astype(float)).set_axis(applicants.index)


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
        Columns 1, 2, … hold names, the strongest first, of equals the first column; None where
        no more speak against.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    _whole("most", most, 1)
    values = _numeric("shares", _table("shares", shares)).to_numpy()
    largest = np.abs(values).max(axis=1, keepdims=True)
    values = np.round(values / np.where(largest > 0, largest, 1), 12)  # 0.1 + 0.2 is 0.3
    order = np.argsort(-values, axis=1, kind="stable")[:, :most]
    names = shares.columns.to_numpy(dtype=object)[order]
    names[np.take_along_axis(values, order, axis=1) <= 0] = None
    return pd.DataFrame(names, shares.index, range(1, names.shape[1] + 1), dtype=object)


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


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _numeric(name: str, table: pd.DataFrame) -> pd.DataFrame:
    columns = {column: _numbers(f"{name}: column {column!r}", table[column]) for column in table}
    return pd.DataFrame(columns, index=table.index)


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    income = rng.normal(3.0, 1.0, 5_000)  # thousands a month
    debt = rng.normal(6 - income, 1.0)  # thousands
    late, history = rng.poisson(0.6, 5_000), rng.gamma(2, 4, 5_000)
    columns = {"income": income, "debt": debt, "late": late, "history": history}
    applicants = pd.DataFrame(columns)
    log_odds = -1.2 - 0.8 * income + 0.7 * debt + 0.7 * late - 0.1 * history
    defaulted = (log_odds > rng.logistic(size=5_000)).astype(int)

    model = LogisticRegression(solver="newton-cholesky").fit(applicants, defaulted)
    risk = pd.Series(model.decision_function(applicants))
    declined = applicants[risk > risk.quantile(0.7)]
    approved = risk[risk <= risk.quantile(0.7)].sort_values()
    shares = contributions(model, applicants, declined)
    print("one of the declined: " + ", ".join(f"{k} {v:+.2f}" for k, v in shares.iloc[0].items()))
    #> one of the declined: income +0.12, debt +1.29, late -0.43, history +0.47
    print("reasons, strongest first: " + ", ".join(reason_codes(shares).iloc[0].dropna()))
    #> reasons, strongest first: debt, history, income

    references = {
        "the approved": [applicants.loc[approved.index]],
        "the 350 just above the cut": [applicants.loc[approved.index[-350:]]],
        "100 drawn at random": [applicants.sample(100, random_state=n) for n in range(30)],
        "all, in another order": [applicants[::-1]],
    }
    for name, groups in references.items():
        others = [reason_codes(contributions(model, group, declined))[1] for group in groups]
        changed = np.mean([other != reason_codes(shares)[1] for other in others])
        print(f"against {name}: another first reason for {changed:.1%}")
        #> against the approved: another first reason for 7.3%
        #> against the 350 just above the cut: another first reason for 9.5%
        #> against 100 drawn at random: another first reason for 4.2%
        #> against all, in another order: another first reason for 0.0%
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    cut, before = risk.quantile(0.7), risk[declined.index]
    strongest = np.sort(shares, axis=1)[:, ::-1].clip(min=0)
    for reasons in (1, 2, 3):
        after = before - strongest[:, :reasons].sum(axis=1)
        print(f"first {reasons} reason(s) at the average: {np.mean(after <= cut):.0%} approved")
        #> first 1 reason(s) at the average: 63% approved
        #> first 2 reason(s) at the average: 96% approved
        #> first 3 reason(s) at the average: 100% approved
    # --8<-- [end:solution]
