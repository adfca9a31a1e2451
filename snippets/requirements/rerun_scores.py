# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""The scores of one model, run again with another seed or on another split.

Page: docs/requirements/index.md
Source: hold-out accuracy of scikit-learn
Task: see how far a score moves with the seed and the split
Graduate to: sklearn.model_selection.RepeatedStratifiedKFold
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split


def rerun_scores(
    model: BaseEstimator,
    inputs: Any,
    labels: ArrayLike,
    vary: str,
    runs: int = 20,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Fit on 70% of the rows and score the rest, again and again.

    Parameters
    ----------
    model : classifier of scikit-learn
        Unfitted; every ``random_state`` among its parameters, nested ones included, is set.
    inputs : DataFrame or array-like of shape (n, features)
        Handed to the model as it is: text and NaN pass where the model takes them.
    labels : array-like of shape (n,)
        Classes as numbers, text or categories, at least two rows of each.
    vary : str
        "seed" keeps the split and changes the model's seed, "split" the reverse.
    runs : int
        Number of fits, at least two.
    seed : int
        The first seed; every run adds one.

    Returns
    -------
    ndarray of shape (runs,)
        Accuracy of each run, between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be, or the model cannot learn from it.
    """
    if not isinstance(model, BaseEstimator) or not is_classifier(model):
        raise TypeError(f"model must be a classifier of scikit-learn, got {model!r}")
    if vary not in ("seed", "split"):
        raise ValueError(f"vary must be 'seed' or 'split', got {vary!r}")
    _whole("runs", runs, 2)
    _whole("seed", seed, 0)
    shape = getattr(inputs, "shape", None) or np.shape(np.asarray(inputs, dtype=object))
    classes = _labels("labels", labels)
    if classes.dtype == object:  # scikit-learn knows no Int64, and text as text only
        classes = np.asarray(classes.tolist())
    if len(shape) < 2 or shape[0] != len(classes) or np.ma.is_masked(inputs):
        raise ValueError("inputs must be a table with one row for each of labels, and no mask")
    counts = np.unique(classes, return_counts=True)[1]
    if counts.size < 2 or counts.min() < 2 or counts.size < pd.Series(labels).nunique():
        raise ValueError("labels must hold two classes or more of one kind, two rows of each")

    random = [name for name in model.get_params() if name.endswith("random_state")]
    scores = []
    for run in range(int(seed), int(seed) + int(runs)):
        seeds = (run, int(seed)) if vary == "seed" else (int(seed), run)
        model_seed, split_seed = (one % 2**32 for one in seeds)  # all that scikit-learn takes
        fresh = clone(model).set_params(**dict.fromkeys(random, model_seed))
        try:
            train, test, train_labels, test_labels = train_test_split(
                inputs, classes, test_size=0.3, stratify=classes, random_state=split_seed
            )
            answers = fresh.fit(train, train_labels).predict(test)
            scores.append(accuracy_score(test_labels, answers))  # score() may be another metric
        except (TypeError, ValueError) as error:
            raise ValueError(f"model cannot learn labels from inputs: {error}") from error
    return np.array(scores)


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
    from itertools import combinations

    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    inputs, labels = load_breast_cancer(return_X_y=True)
    models = {
        "forest": RandomForestClassifier(15),
        "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    }
    for name, model in models.items():
        for vary in ("seed", "split"):
            points = 100 * rerun_scores(model, inputs, labels, vary, runs=10)
            moved = [abs(one - other) >= 0.1 for one, other in combinations(points, 2)]
            print(
                f"{name}, another {vary}: {np.mean(moved):.0%} of pairs differ, "
                f"deviation {points.std(ddof=1):.2f}, spread {np.ptp(points):.1f}"
            )
            #> forest, another seed: 84% of pairs differ, deviation 0.93, spread 3.5
            #> forest, another split: 98% of pairs differ, deviation 1.79, spread 5.3
            #> logistic, another seed: 0% of pairs differ, deviation 0.00, spread 0.0
            #> logistic, another split: 87% of pairs differ, deviation 1.06, spread 2.9
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    from sklearn.datasets import load_digits

    inputs, labels = load_digits(return_X_y=True)
    scores = rerun_scores(RandomForestClassifier(15), inputs, labels, "seed", 10)
    gaps = [abs(one - other) for one, other in combinations(scores, 2)]
    share = np.mean([gap >= 0.005 for gap in gaps])
    print(f"{share:.0%} of pairs of the same forest differ by 0.5 points or more")
    #> 71% of pairs of the same forest differ by 0.5 points or more
    # --8<-- [end:solution]
