# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Fold a scaler into the logistic regression behind it: one dot product per prediction.

Page: docs/lifecycle/cheap-prediction.md
Source: the affine map of sklearn.preprocessing.StandardScaler, put into the coefficients
Task: fold a scaler into a linear model
Graduate to: skl2onnx
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Sequence
from math import exp

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted


def fold(pipeline: Pipeline) -> Callable[[Sequence[float]], float]:
    """Turn a fitted scaler and binary logistic regression into a function of one row.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted; two steps, StandardScaler and LogisticRegression, of two classes.

    Returns
    -------
    callable
        Takes the features of one row as a sequence of numbers, in the order of the
        training columns, and returns the probability of the second class. It raises
        ``ValueError`` for another number of features, and checks nothing else.

    Raises
    ------
    TypeError, ValueError
        If ``pipeline`` is none of that; sklearn's NotFittedError is a ValueError.
    """
    steps = [type(step) for _, step in getattr(pipeline, "steps", [])]
    if steps != [StandardScaler, LogisticRegression]:
        raise TypeError("pipeline must be a StandardScaler and a LogisticRegression")
    scaler, model = pipeline[0], pipeline[1]
    for step in (scaler, model):
        check_is_fitted(step, msg="pipeline must be fitted")
    if len(model.classes_) != 2:
        raise ValueError(f"pipeline must tell two classes apart, got {len(model.classes_)}")
    features = model.coef_.shape[1]
    scale = scaler.scale_ if scaler.with_std else np.ones(features)
    mean = scaler.mean_ if scaler.with_mean else np.zeros(features)
    weights = model.coef_[0] / scale
    intercept = float(model.intercept_[0] - weights @ mean)

    def probability(row: Sequence[float]) -> float:
        log_odds = intercept + float(weights @ row)
        if log_odds < 0:
            return exp(log_odds) / (1 + exp(log_odds))
        return 1 / (1 + exp(-log_odds))

    return probability


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from timeit import repeat

    import pandas as pd
    from sklearn.datasets import load_breast_cancer
    from sklearn.pipeline import make_pipeline

    patients, outcome = load_breast_cancer(return_X_y=True, as_frame=True)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(patients, outcome)
    probability = fold(pipeline)
    rows = patients.to_numpy()
    folded = np.array([probability(row) for row in rows])
    difference = np.abs(folded - pipeline.predict_proba(patients)[:, 1]).max()
    print(f"largest difference on {len(rows)} patients below 1e-12: {difference < 1e-12}")
    #> largest difference on 569 patients below 1e-12: True

    table = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, outcome)
    record = patients.iloc[0].to_dict()
    calls = {
        "a new DataFrame": lambda: pipeline.predict_proba(pd.DataFrame([record])),
        "an array": lambda: table.predict_proba(rows[:1]),
    }
    fastest = min(repeat(lambda: probability(rows[0]), number=20, repeat=10))
    for name, call in calls.items():
        slower = min(repeat(call, number=20, repeat=10)) / fastest
        print(f"one row, pipeline on {name}: folded is more than 20 times faster: {slower > 20}")
        #> one row, pipeline on a new DataFrame: folded is more than 20 times faster: True
        #> one row, pipeline on an array: folded is more than 20 times faster: True
    # --8<-- [end:demo]
