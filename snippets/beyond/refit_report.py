# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Whether an estimator gives the same model when it is fitted again, and when it is cloned.

Page: docs/beyond/reproduce-and-persist.md
Source: equality of the predictions, bit by bit
Task: find out whether fitting again gives the same model
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone


def refit_report(estimator: BaseEstimator, inputs: ArrayLike, labels: ArrayLike) -> dict[str, bool]:
    """Fit an estimator four times on the same rows, and compare what it predicts for them.

    Parameters
    ----------
    estimator : estimator
        A classifier or regressor; it is cloned, not changed.
    inputs, labels : array-like of shape (n, features) and (n,)
        Training rows.

    Returns
    -------
    dict
        ``again``: the same object, fitted twice, predicts the same; ``clones``: two clones do.

    Raises
    ------
    TypeError, ValueError
        If ``estimator`` is none, or the data are empty, not numeric, hold NaN or differ in
        length; the message names the argument.
    """
    if not isinstance(estimator, BaseEstimator) or not hasattr(estimator, "fit"):
        raise TypeError(f"estimator must be an estimator with fit, got {estimator!r}")
    table, truth = np.asarray(inputs), np.asarray(labels)
    if table.dtype.kind not in "biuf" or table.ndim != 2 or not table.size:
        raise ValueError("inputs must be a numeric table, not empty")
    if not np.isfinite(table).all():
        raise ValueError("inputs must not hold NaN or infinity")
    numbers = truth.dtype.kind in "biuf"
    if truth.shape != table.shape[:1] or not (numbers or truth.dtype.kind == "U"):
        raise ValueError("labels must be one number or text per row of inputs")
    if numbers and not np.isfinite(truth).all():
        raise ValueError("labels must not hold NaN or infinity")

    def answers(model: BaseEstimator) -> np.ndarray:
        model.fit(inputs, labels)
        return getattr(model, "predict_proba", model.predict)(inputs)

    one, two, same = clone(estimator), clone(estimator), clone(estimator)
    return {
        "again": np.array_equal(answers(same), answers(same)),
        "clones": np.array_equal(answers(one), answers(two)),
    }


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import cross_validate

    inputs, labels = load_breast_cancer(return_X_y=True)
    seeds = {"a whole number": 0, "None": None, "RandomState": np.random.RandomState(0)}
    for name, seed in seeds.items():
        forest = RandomForestClassifier(10, random_state=seed)
        report = refit_report(forest, inputs, labels)
        folds = cross_validate(forest, inputs, labels, cv=5, return_estimator=True)["estimator"]
        first_trees = {fold.estimators_[0].random_state for fold in folds}
        print(
            f"{name}: fitted again {'same' if report['again'] else 'other'}, "
            f"clones {'same' if report['clones'] else 'other'}, "
            f"seeds of the first tree in 5 folds: {len(first_trees)}"
        )
        #> a whole number: fitted again same, clones same, seeds of the first tree in 5 folds: 1
        #> None: fitted again other, clones other, seeds of the first tree in 5 folds: 5
        #> RandomState: fitted again other, clones same, seeds of the first tree in 5 folds: 1

    values = np.random.default_rng(0).normal(size=1_000_000).astype(np.float32)
    print(f"1,000,000 float32, same sum when sorted: {values.sum() == np.sort(values).sum()}")
    #> 1,000,000 float32, same sum when sorted: False
    # --8<-- [end:demo]
