# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
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
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline


def scores_on_shuffled_labels(
    procedure: Callable[[Any, Any], float],
    features: Any,
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
        Shuffled before each run; a Series stays one, with its index.
    repeats : int
        Number of runs.
    seed : int
        Seed of the shuffles.

    Returns
    -------
    ndarray of shape (repeats,)
        One score a run. Without a leak their mean is that of a guess, within about three
        standard errors.

    Raises
    ------
    TypeError, ValueError
        If the procedure can't be called or returns no number, if lengths differ or labels
        are empty or all the same, or if a number is out of range.
    """
    if not callable(procedure):
        raise TypeError("procedure must be callable with features and labels")
    given = pd.Series(_labels("labels", labels)).infer_objects().to_numpy()
    if pd.Series(given).nunique() < 2:
        raise ValueError("labels must have at least two values")
    shape = getattr(features, "shape", None) or (
        (len(features),) if isinstance(features, Sized) else ()
    )
    if shape[:1] != (len(given),) or np.ma.is_masked(features):
        raise ValueError("features must have one row for each entry of labels, and no mask")
    _whole("repeats", repeats, 1)
    _whole("seed", seed, 0)
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(repeats):
        shuffled = rng.permutation(given)
        if isinstance(labels, pd.Series):  # a notebook that says y.iloc[train] runs as it is
            shuffled = pd.Series(shuffled, index=labels.index, name=labels.name)
        found.append(procedure(features, shuffled))
    scores = [np.asarray(score, dtype=object)[()] for score in found]  # an array of one number
    if not all(isinstance(s, Real) and not isinstance(s, bool) and s == s for s in scores):
        raise TypeError("procedure must return one number, and no NaN")
    return np.array(scores, dtype=np.float64)


def _select_then_split(features: np.ndarray, labels: np.ndarray) -> float:
    kept = SelectKBest(k=20).fit_transform(features, labels)
    return cross_val_score(LogisticRegression(), kept, labels, cv=5).mean()


def _split_then_select(features: np.ndarray, labels: np.ndarray) -> float:
    model = make_pipeline(SelectKBest(k=20), LogisticRegression())
    return cross_val_score(model, features, labels, cv=5).mean()


PROCEDURES = {"before the split": _select_then_split, "inside": _split_then_select}


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    labels = np.arange(100) % 2
    for columns in (20, 100, 500, 2_500):
        noise = np.random.default_rng(0).normal(size=(100, columns))
        leaky, honest = (
            scores_on_shuffled_labels(procedure, noise, labels, repeats=10).mean()
            for procedure in PROCEDURES.values()
        )
        print(
            f"{columns:,} noise columns: selected before the split {leaky:.0%}, inside {honest:.0%}"
        )
        #> 20 noise columns: selected before the split 51%, inside 51%
        #> 100 noise columns: selected before the split 72%, inside 56%
        #> 500 noise columns: selected before the split 82%, inside 50%
        #> 2,500 noise columns: selected before the split 88%, inside 50%
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    from sklearn.model_selection import StratifiedKFold
    from sklearn.tree import DecisionTreeClassifier

    def found(features, fraud, copy_first):
        def copied(rows):
            return np.r_[rows, np.repeat(rows[fraud[rows] == 1], 18)]

        rows, shares = np.arange(len(fraud)), []
        rows = copied(rows) if copy_first else rows
        for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(
            rows, fraud[rows]
        ):
            train = rows[train] if copy_first else copied(rows[train])
            tree = DecisionTreeClassifier(random_state=0).fit(features[train], fraud[train])
            test = rows[test][fraud[rows[test]] == 1]
            shares.append(tree.predict(features[test]).mean())
        return np.mean(shares)

    noise = np.random.default_rng(0).normal(size=(2_000, 5))
    fraud = (np.arange(2_000) % 20 == 0).astype(int)
    for name, first in (("copied, then split", True), ("split, then copied", False)):
        scores = scores_on_shuffled_labels(lambda x, y: found(x, y, first), noise, fraud, repeats=3)
        print(f"{name}: {scores.mean():.0%} of the frauds found")
        #> copied, then split: 100% of the frauds found
        #> split, then copied: 4% of the frauds found
    # --8<-- [end:solution]
