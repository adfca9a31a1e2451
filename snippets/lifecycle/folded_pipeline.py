# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Fold a scaler into the logistic regression behind it: one dot product per prediction.

Page: docs/lifecycle/cheap-prediction.md
Source: the affine map of sklearn.preprocessing.StandardScaler, put into the coefficients
Task: fold a scaler into a linear model
Graduate to: skl2onnx
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Mapping
from math import exp
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted


def fold(pipeline: Pipeline) -> Callable[[Any], float]:
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
        ``ValueError`` for another number of features, and for a Series or mapping whose
        names are not the training columns in their order; it checks nothing else.

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
    if getattr(model, "multi_class", "auto") == "multinomial":  # before scikit-learn 1.8
        raise ValueError("pipeline must not be multinomial, which doubles the log odds")
    features, names = model.coef_.shape[1], getattr(pipeline, "feature_names_in_", None)
    scale = scaler.scale_ if scaler.with_std else np.ones(features)
    mean = scaler.mean_ if scaler.with_mean else np.zeros(features)
    coefficients = model.coef_.toarray() if hasattr(model.coef_, "toarray") else model.coef_
    weights, intercept = coefficients[0] / scale, float(model.intercept_[0])

    def probability(row: Any) -> float:
        if len(row) != features:
            raise ValueError(f"row must hold {features} features, got {len(row)}")
        if hasattr(row, "keys"):  # a Series or a mapping
            if names is not None and list(row.keys()) != list(names):
                raise ValueError(f"row must have the columns of training, in order: {list(names)}")
            row = list(row.values()) if isinstance(row, Mapping) else row.to_numpy()
        log_odds = intercept + float(weights @ (row - mean))  # the mean first: no digits lost
        if log_odds < 0:
            return exp(log_odds) / (1 + exp(log_odds))
        return 1 / (1 + exp(-log_odds))

    return probability


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.pipeline import make_pipeline

    patients, outcome = load_breast_cancer(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(patients, outcome)
    probability = fold(pipeline)
    folded = np.array([probability(row) for row in patients])
    difference = np.abs(folded - pipeline.predict_proba(patients)[:, 1]).max()
    print(f"largest difference on {len(patients)} patients below 1e-12: {difference < 1e-12}")
    #> largest difference on 569 patients below 1e-12: True
    # --8<-- [end:demo]
