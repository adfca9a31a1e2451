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
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone, is_regressor


def seed_spread(
    estimator: BaseEstimator,
    inputs: Any,
    labels: ArrayLike,
    tests: Mapping[str, tuple[Any, ArrayLike]],
    seeds: int = 12,
) -> pd.DataFrame:
    """Fit a classifier with several seeds, and compare the accuracies on every test.

    Parameters
    ----------
    estimator : classifier
        With a ``random_state``, or a pipeline with a step that has one; it is cloned.
    inputs, labels : table with n rows, array-like of shape (n,)
        Training rows, as the estimator takes them.
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
        If ``estimator`` has no seed, is a regressor or cannot be fitted on the rows, ``seeds`` is
        below two, or a test does not fit; the message names the argument.
    """
    given = estimator.get_params() if isinstance(estimator, BaseEstimator) else {}
    places = [name for name in given if name.split("__")[-1] == "random_state"]
    if not places:
        raise TypeError(f"estimator must have a random_state, got {estimator!r}")
    if is_regressor(estimator):
        raise TypeError("estimator must be no regressor: an accuracy counts equal answers")
    _whole("seeds", seeds, 2)
    if not isinstance(tests, Mapping) or not tests:
        raise ValueError("tests must be a mapping with at least one test")
    if not all(isinstance(test, (tuple, list)) and len(test) == 2 for test in tests.values()):
        raise ValueError("tests must hold a pair of inputs and labels for each name")
    known = pd.Series(_labels("labels", labels)).infer_objects().to_numpy()
    truths = {name: _labels(f"labels of tests[{name!r}]", test[1]) for name, test in tests.items()}
    try:
        if np.ma.is_masked(inputs):
            raise ValueError("no model sees a mask")
        models = [
            clone(estimator).set_params(**dict.fromkeys(places, seed)).fit(inputs, known)
            for seed in range(int(seeds))
        ]
    except (TypeError, ValueError) as error:
        raise ValueError(f"estimator cannot be fitted on inputs and labels: {error}") from error
    report = {}
    for name, (rows, _) in tests.items():
        try:
            if np.ma.is_masked(rows):
                raise ValueError("no model sees a mask")
            answers = np.array([model.predict(rows) for model in models])
        except (TypeError, ValueError) as error:
            raise ValueError(f"tests[{name!r}] must have inputs like inputs: {error}") from error
        if answers.shape[1] != len(truths[name]):
            raise ValueError(f"tests[{name!r}] must have one label for each row")
        if not np.isin(truths[name], known).any():  # text beside numbers would score zero
            raise ValueError(f"tests[{name!r}] must have labels like those of the training rows")
        right = answers == truths[name]
        accuracy = right.mean(axis=1)
        report[name] = {
            "accuracy": accuracy.mean(),
            "spread": accuracy.std(ddof=1),
            "chance": np.sqrt(right.var(axis=0, ddof=1).sum()) / right.shape[1],
            "lowest": accuracy.min(),
            "highest": accuracy.max(),
        }
    return pd.DataFrame(report).T


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
