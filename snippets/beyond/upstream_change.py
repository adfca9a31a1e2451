# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""What a change of an input, even an improvement, does to a model that is not retrained.

Page: docs/beyond/index.md
Source: a replay of the same rows before and after the change
Task: replay what a changed input does to a model
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin


def replay_change(
    model: ClassifierMixin, before: pd.DataFrame, after: pd.DataFrame, labels: ArrayLike
) -> dict[str, float]:
    """Ask a deployed classifier about the same rows, with the inputs before and after a change.

    Parameters
    ----------
    model : classifier
        Fitted on columns like ``before``.
    before, after : DataFrame of shape (n, features)
        The same rows and columns, as the inputs are now and as they will be.
    labels : array-like of shape (n,)
        The true classes, numbers or text.

    Returns
    -------
    dict
        ``accuracy_before``, ``accuracy_after`` and the share of answers ``changed``, 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If a table is no DataFrame or is empty, if rows, columns or labels do not match, or if
        ``model`` is not fitted on these columns; the message names the argument.
    """
    for name, table in (("before", before), ("after", after)):
        _same_columns(name, _table(name, table), model)
    if list(after.columns) != list(before.columns) or not after.index.equals(before.index):
        raise ValueError("after must have the rows and columns of before, in the same order")
    truth = _labels("labels", labels)
    _same_rows(before=before, labels=truth)
    if isinstance(labels, pd.Series) and not labels.index.equals(before.index):
        raise ValueError("labels must have the rows of before, in the same order")
    classes = getattr(model, "classes_", [[]])  # of several outputs, a list of arrays
    if not hasattr(model, "feature_names_in_") or any(np.ndim(each) for each in classes):
        raise ValueError(
            "model must be a classifier of one output, fitted on a DataFrame like before"
        )
    if not np.isin(truth, classes).all():
        raise ValueError("labels must be classes that model knows")
    try:
        then, now = model.predict(before), model.predict(after)
    except (TypeError, ValueError) as error:
        raise ValueError(f"before or after do not suit the model: {error}") from error
    return {
        "accuracy_before": float(np.mean(then == truth)),
        "accuracy_after": float(np.mean(now == truth)),
        "changed": float(np.mean(then != now)),
    }


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


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def applicants(error, seed=0, rows=10_000):
        rng = np.random.default_rng(seed)
        income, freelance = rng.normal(size=rows), (rng.random(rows) < 0.3).astype(float)
        repaid = 3 * income > rng.logistic(size=rows)
        estimate = income + rng.normal(scale=0.3, size=rows) - error * freelance
        return pd.DataFrame({"income": estimate, "freelance": freelance}), repaid, income

    faulty, repaid, income = applicants(error=1)
    fixed, _, _ = applicants(error=0)
    for name, table in (("before", faulty), ("after", fixed)):
        off = np.abs(table["income"] - income).mean()
        print(f"{name} the fix: the estimate is off by {off:.2f}")
        #> before the fix: the estimate is off by 0.46
        #> after the fix: the estimate is off by 0.24
    old, new = slice(0, 5_000), slice(5_000, None)
    model = LogisticRegression().fit(faulty[old], repaid[old])
    report = replay_change(model, faulty[new], fixed[new], repaid[new])
    print(
        f"not retrained: accuracy {report['accuracy_before']:.1%}, with the fix "
        f"{report['accuracy_after']:.1%}, {report['changed']:.1%} of the answers changed"
    )
    #> not retrained: accuracy 80.7%, with the fix 76.7%, 9.3% of the answers changed
    again = LogisticRegression().fit(fixed[old], repaid[old])
    print(f"retrained with the fix: accuracy {again.score(fixed[new], repaid[new]):.1%}")
    #> retrained with the fix: accuracy 80.7%
    weights = [fitted.coef_[0, 1] for fitted in (model, again)]
    print(f"weight of freelance: {weights[0]:+z.1f}, once retrained {weights[1]:+z.1f}")
    #> weight of freelance: +2.6, once retrained +0.0
    # --8<-- [end:demo]
