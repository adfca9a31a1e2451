# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""How far models that differ only in their seed part ways, on each of several tests.

Page: docs/beyond/index.md
Source: variance of a mean of independent answers, row by row
Task: measure how far models part that differ only in their seed
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Mapping
from numbers import Integral

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone


def seed_spread(
    estimator: BaseEstimator,
    inputs: ArrayLike,
    labels: ArrayLike,
    tests: Mapping[str, tuple[ArrayLike, ArrayLike]],
    seeds: int = 12,
) -> pd.DataFrame:
    """Fit a classifier with several seeds, and compare the accuracies on every test.

    Parameters
    ----------
    estimator : classifier
        With a ``random_state``; it is cloned, not changed.
    inputs, labels : array-like of shape (n, features) and (n,)
        Training rows, numeric.
    tests : mapping of str to (inputs, labels)
        The tests by name, each with columns like the training rows.
    seeds : int
        How many seeds, at least two.

    Returns
    -------
    DataFrame of shape (tests, 5)
        ``accuracy``, the mean over the seeds; ``spread``, its standard deviation;
        ``chance``, the spread if the seeds missed different rows independently;
        ``lowest`` and ``highest``, the extremes. All between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If ``estimator`` has no seed, ``seeds`` is below two, or data are empty, not numeric,
        hold NaN or differ in length or width; the message names the argument.
    """
    if not isinstance(estimator, BaseEstimator) or "random_state" not in estimator.get_params():
        raise TypeError(f"estimator must have a random_state, got {estimator!r}")
    if not isinstance(seeds, Integral) or seeds < 2:
        raise ValueError(f"seeds must be a whole number of at least 2, got {seeds!r}")
    if not isinstance(tests, Mapping) or not tests:
        raise ValueError("tests must be a mapping with at least one test")
    width = _check("inputs", "labels", inputs, labels)
    for name, test in tests.items():
        if _check(f"inputs of tests[{name!r}]", f"labels of tests[{name!r}]", *test) != width:
            raise ValueError(f"tests[{name!r}] must have the {width} columns of inputs")
    models = [clone(estimator).set_params(random_state=seed) for seed in range(seeds)]
    models = [model.fit(inputs, labels) for model in models]
    report = {}
    for name, (rows, truth) in tests.items():
        right = np.array([model.predict(rows) == np.asarray(truth) for model in models])
        accuracy = right.mean(axis=1)
        report[name] = {
            "accuracy": accuracy.mean(),
            "spread": accuracy.std(ddof=1),
            "chance": np.sqrt(right.var(axis=0, ddof=1).sum()) / right.shape[1],
            "lowest": accuracy.min(),
            "highest": accuracy.max(),
        }
    return pd.DataFrame(report).T


def _check(rows_name: str, labels_name: str, rows: ArrayLike, labels: ArrayLike) -> int:
    table, truth = np.asarray(rows), np.asarray(labels)
    if table.dtype.kind not in "biuf" or table.ndim != 2 or not table.size:
        raise ValueError(f"{rows_name} must be a numeric table, not empty")
    if not np.isfinite(table).all():
        raise ValueError(f"{rows_name} must not hold NaN or infinity")
    endless = truth.dtype.kind == "f" and not np.isfinite(truth).all()
    if truth.shape != table.shape[:1] or endless or pd.isna(truth).any():
        raise ValueError(f"{labels_name} must be one class per row, without NaN or infinity")
    return table.shape[1]


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_digits
    from sklearn.ensemble import RandomForestClassifier

    pixels, digit = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(digit))
    train, held_out = order[:800], order[800:]
    pictures = pixels[held_out]
    moved = np.roll(pictures.reshape(-1, 8, 8), shift=1, axis=2).reshape(-1, 64)
    tests = {"held out": pictures, "dimmed": pictures * 0.6, "one pixel aside": moved}
    tests = {name: (rows, digit[held_out]) for name, rows in tests.items()}
    forest = RandomForestClassifier(20)
    for name, row in seed_spread(forest, pixels[train], digit[train], tests).iterrows():
        print(
            f"{name}: accuracy {row['lowest']:.0%} to {row['highest']:.0%}, spread "
            f"{row['spread'] * 100:.1f} points, by chance {row['chance'] * 100:.1f}"
        )
        #> held out: accuracy 95% to 96%, spread 0.4 points, by chance 0.5
        #> dimmed: accuracy 82% to 87%, spread 1.5 points, by chance 0.8
        #> one pixel aside: accuracy 38% to 46%, spread 2.5 points, by chance 1.1
    # --8<-- [end:demo]
