# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
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

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import train_test_split


def rerun_scores(
    model: BaseEstimator,
    inputs: ArrayLike,
    labels: ArrayLike,
    vary: str,
    runs: int = 20,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Fit on 70% of the rows and score the rest, again and again.

    Parameters
    ----------
    model : classifier of scikit-learn
        Unfitted; every ``random_state`` in it, nested ones included, is set.
    inputs : array-like of shape (n, features)
    labels : array-like of shape (n,)
        Classes as whole numbers or text, at least two rows of each.
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
        If an argument is not what it should be; the message names it.
    """
    inputs, labels = np.asarray(inputs), np.asarray(labels)
    if not isinstance(model, BaseEstimator) or not hasattr(model, "score"):
        raise TypeError(f"model must be a classifier of scikit-learn, got {model!r}")
    if inputs.dtype.kind not in "biuf":
        raise TypeError(f"inputs must hold numbers, got {inputs.dtype}")
    if inputs.ndim != 2 or not inputs.size or not np.isfinite(inputs).all():
        raise ValueError("inputs must be two-dimensional, not empty and without NaN")
    if labels.dtype.kind not in "biuU" or labels.shape != inputs.shape[:1]:
        raise ValueError("labels must be whole numbers or text, one for each row of inputs")
    counts = np.unique(labels, return_counts=True)[1]
    if counts.size < 2 or counts.min() < 2:
        raise ValueError("labels must hold two classes or more, with two rows or more of each")
    if vary not in ("seed", "split"):
        raise ValueError(f"vary must be 'seed' or 'split', got {vary!r}")
    for name, value, least in (("runs", runs, 2), ("seed", seed, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")

    random = [name for name in model.get_params() if name.endswith("random_state")]
    scores = []
    for run in range(seed, seed + runs):
        model_seed, split_seed = (run, seed) if vary == "seed" else (seed, run)
        train, test, train_labels, test_labels = train_test_split(
            inputs, labels, test_size=0.3, stratify=labels, random_state=split_seed
        )
        fresh = clone(model).set_params(**dict.fromkeys(random, model_seed))
        scores.append(fresh.fit(train, train_labels).score(test, test_labels))
    return np.array(scores)


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
                f"{name}, another {vary}: deviation {points.std(ddof=1):.2f} points, "
                f"spread {np.ptp(points):.1f}, {np.mean(moved):.0%} of pairs differ"
            )
            #> forest, another seed: deviation 0.93 points, spread 3.5, 84% of pairs differ
            #> forest, another split: deviation 1.79 points, spread 5.3, 98% of pairs differ
            #> logistic, another seed: deviation 0.00 points, spread 0.0, 0% of pairs differ
            #> logistic, another split: deviation 1.06 points, spread 2.9, 87% of pairs differ
    rows = -(-3 * len(labels) // 10)
    print(f"{rows} test rows: one row is worth {100 / rows:.2f} points")
    #> 171 test rows: one row is worth 0.58 points
    # --8<-- [end:demo]
