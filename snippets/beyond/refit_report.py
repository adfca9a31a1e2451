# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Whether an estimator gives the same model when it is fitted again, and when it is cloned.

Page: docs/beyond/reproduce-and-persist.md
Source: equality of the predictions, up to rounding
Task: find out whether fitting again gives the same model
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.model_selection import train_test_split


def refit_report(estimator: BaseEstimator, inputs: Any, labels: ArrayLike) -> dict[str, bool]:
    """Fit an estimator again and again on two thirds of the rows, and compare its answers to all.

    Rows that no fit has seen are among them: on its training rows, a fully grown tree gives the
    same answer whatever its seed.

    Parameters
    ----------
    estimator : estimator
        A classifier or regressor, or a pipeline that ends in one; it is cloned, not changed.
    inputs : table with n rows
        Whatever the estimator takes: array, DataFrame, sparse matrix, with text and NaN.
    labels : array-like of shape (n,)
        The targets.

    Returns
    -------
    dict
        ``again``: the same object, fitted twice, answers the same; ``clones``: two clones do.
        Probabilities, or else decision values, are compared where the estimator has them, up to
        rounding: threads add up the trees of a forest in any order.

    Raises
    ------
    TypeError, ValueError
        If ``estimator`` is none, or cannot be fitted on ``inputs`` and ``labels``.
    """
    able = hasattr(estimator, "fit") and hasattr(estimator, "predict")
    if not isinstance(estimator, BaseEstimator) or not able:
        raise TypeError(f"estimator must be an estimator with fit and predict, got {estimator!r}")
    truth = pd.Series(_labels("labels", labels)).infer_objects()
    counts = truth.value_counts()  # each class needs a row on either side
    classes = counts.min() > 1 and len(counts) <= len(truth) / 3 and is_classifier(estimator)
    try:
        if np.ma.is_masked(inputs):
            raise ValueError("it does not see a mask")
        table, _, target, _ = train_test_split(
            inputs, truth.to_numpy(), test_size=1 / 3, random_state=0,
            stratify=truth if classes else None,
        )  # fmt: skip

        def answers(model: Any) -> NDArray[Any]:
            model.fit(table, target)
            ways = ("predict_proba", "decision_function", "predict")
            return np.asarray(
                getattr(model, next(way for way in ways if hasattr(model, way)))(inputs)
            )

        same, one, two = clone(estimator), clone(estimator), clone(estimator)
        pairs = {
            "again": (answers(same), answers(same)),
            "clones": (answers(one), answers(two)),
        }
    except (TypeError, ValueError) as error:
        raise ValueError(f"estimator cannot be fitted on inputs and labels: {error}") from error
    return {name: _same(first, second) for name, (first, second) in pairs.items()}


def _same(first: NDArray[Any], second: NDArray[Any]) -> bool:
    if first.dtype.kind == second.dtype.kind == "f":
        # Trees that say 0.1 and -0.1 miss 0 by what they round, so the largest answer counts, too.
        near = 20 * float(np.finfo(first.dtype).eps)
        least = near * np.abs(first[np.isfinite(first)]).max(initial=0)
        return first.shape == second.shape and np.allclose(
            first, second, rtol=max(near, 1e-9), atol=least, equal_nan=True
        )
    return np.array_equal(first, second)


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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import cross_validate

    np.random.seed(0)  # of what "None" draws from, so that this prints the same each time
    inputs, labels = load_breast_cancer(return_X_y=True)
    seeds = {"a whole number": 0, "None": None, "RandomState": np.random.RandomState(0)}
    for name, seed in seeds.items():
        forest = RandomForestClassifier(10, random_state=seed)
        report = refit_report(forest, inputs, labels)
        folds = cross_validate(forest, inputs, labels, cv=5, return_estimator=True)["estimator"]
        first_trees = {fold.estimators_[0].random_state for fold in folds}
        again, clones = ("same" if same else "other" for same in report.values())
        print(
            f"{name}: fitted again {again}, clones {clones}, seeds in 5 folds: {len(first_trees)}"
        )
        #> a whole number: fitted again same, clones same, seeds in 5 folds: 1
        #> None: fitted again other, clones other, seeds in 5 folds: 5
        #> RandomState: fitted again other, clones same, seeds in 5 folds: 1

    values = np.random.default_rng(0).normal(size=1_000_000).astype(np.float32)
    print(f"1,000,000 float32, same sum when sorted: {values.sum() == np.sort(values).sum()}")
    #> 1,000,000 float32, same sum when sorted: False
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    own = np.random.SeedSequence(7).generate_state(5).tolist()
    reports = [
        refit_report(RandomForestClassifier(5, random_state=seed), inputs, labels) for seed in own
    ]
    print(f"{len(set(own))} seeds for 5 folds, the same again: {all(r['again'] for r in reports)}")
    #> 5 seeds for 5 folds, the same again: True
    # --8<-- [end:solution]
