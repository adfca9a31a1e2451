# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Run a whole evaluation on shuffled labels: skill that remains is a leak.

Page: docs/beyond/hunt-leakage.md
Source: permutation tests, applied to the procedure instead of the model
Task: find leaks in a whole evaluation with shuffled labels
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Sized
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline


def scores_on_shuffled_labels(
    procedure: Callable[[Any, Any], float],
    features: Sized,
    labels: ArrayLike,
    repeats: int = 10,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Score a procedure on labels that have nothing to do with the features.

    Parameters
    ----------
    procedure : callable
        Takes features and labels, does everything that your notebook does between the raw
        table and the score, and returns the score.
    features : array-like with n rows
        Passed on as it is.
    labels : array-like of shape (n,)
        Shuffled before each run.
    repeats : int
        Number of runs.
    seed : int
        Seed of the shuffles.

    Returns
    -------
    ndarray of shape (repeats,)
        One score a run. Without a leak they scatter around the score of a guess.

    Raises
    ------
    TypeError, ValueError
        If the procedure can't be called or returns no number, if lengths differ or labels
        are empty or all the same, or if a number is out of range.
    """
    if not callable(procedure):
        raise TypeError("procedure must be callable with features and labels")
    labels = np.asarray(labels)
    if labels.ndim != 1 or len(np.unique(labels)) < 2 or (labels != labels).any():
        raise ValueError("labels must be one-dimensional with at least two values, and no NaN")
    if not isinstance(features, Sized) or len(features) != len(labels):
        raise ValueError("features must have one row for each entry of labels")
    for name, value, least in (("repeats", repeats, 1), ("seed", seed, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    rng = np.random.default_rng(seed)
    scores = np.array([procedure(features, rng.permutation(labels)) for _ in range(repeats)])
    if scores.dtype.kind not in "iuf" or scores.ndim != 1:
        raise TypeError("procedure must return one number")
    return scores


def _select_then_split(features: np.ndarray, labels: np.ndarray) -> float:
    kept = SelectKBest(k=20).fit_transform(features, labels)
    return cross_val_score(LogisticRegression(), kept, labels, cv=5).mean()


def _split_then_select(features: np.ndarray, labels: np.ndarray) -> float:
    model = make_pipeline(SelectKBest(k=20), LogisticRegression())
    return cross_val_score(model, features, labels, cv=5).mean()


PROCEDURES = {"before the split": _select_then_split, "inside": _split_then_select}


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    labels = np.arange(100) % 2
    for columns in (20, 100, 500, 2_500):
        noise = rng.normal(size=(100, columns))
        leaky, honest = (
            scores_on_shuffled_labels(procedure, noise, labels, repeats=3).mean()
            for procedure in PROCEDURES.values()
        )
        print(
            f"{columns:,} noise columns, 20 kept: accuracy {leaky:.0%} selecting before the "
            f"split, {honest:.0%} inside"
        )
        #> 20 noise columns, 20 kept: accuracy 51% selecting before the split, 51% inside
        #> 100 noise columns, 20 kept: accuracy 66% selecting before the split, 48% inside
        #> 500 noise columns, 20 kept: accuracy 80% selecting before the split, 45% inside
        #> 2,500 noise columns, 20 kept: accuracy 89% selecting before the split, 54% inside
    # --8<-- [end:demo]
