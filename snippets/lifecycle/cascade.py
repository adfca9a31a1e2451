# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""A cascade: a cheap model answers, and asks an expensive one when it is unsure.

Page: docs/lifecycle/cheap-prediction.md
Source: confidence routing, the largest probability against a threshold
Task: send only unsure rows to the expensive model
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin


def cascade_predict(
    cheap: ClassifierMixin, expensive: ClassifierMixin, rows: Any, confidence: float
) -> tuple[np.ndarray, NDArray[np.bool_]]:
    """Predict with the cheap model, and again with the expensive one where it is unsure.

    Parameters
    ----------
    cheap, expensive : classifier
        Fitted on arrays of the same classes; the cheap one has ``predict_proba``.
    rows : DataFrame, sparse matrix or array-like of shape (n, features)
        What both models take; the columns of a DataFrame in their order. A model of fewer
        columns picks them by a ``ColumnTransformer`` in its pipeline.
    confidence : float
        Rows whose largest cheap probability is below it, or NaN, are passed on; between 0
        and 1.

    Returns
    -------
    labels : array of shape (n,)
    passed_on : boolean array of shape (n,)
        Which rows the expensive model has answered.

    Raises
    ------
    TypeError, ValueError
        If a model lacks its method, the classes differ, the models cannot take ``rows``,
        or ``confidence`` is out of range.
    """
    for name, model, method in (
        ("cheap", cheap, "predict_proba"),
        ("expensive", expensive, "predict"),
    ):
        if not hasattr(model, method) or not hasattr(model, "classes_"):
            raise TypeError(f"{name} must be a fitted classifier with {method} and classes_")
    if not np.array_equal(cheap.classes_, expensive.classes_):
        raise ValueError("expensive must know the classes of cheap")
    _zero_to_one("confidence", confidence)
    if isinstance(rows, pd.DataFrame):
        _same_columns("rows", rows, cheap)
        _same_columns("rows", rows, expensive)
    try:
        if np.ma.is_masked(rows):
            raise ValueError("the models do not see a mask")
        if hasattr(rows, "tocsr"):  # a sparse table, as of text
            table = rows.tocsr()
        else:
            table = rows if isinstance(rows, pd.DataFrame) else np.asarray(rows)
        probabilities = cheap.predict_proba(table)
        labels = cheap.classes_[probabilities.argmax(axis=1)]
        enough = float(confidence) * (1 - 1e-9)  # the mean of 0.6, 0.7 and 0.8 is below 0.7
        passed_on = ~(probabilities.max(axis=1) >= enough)  # NaN is unsure too
        if passed_on.any():
            labels[passed_on] = expensive.predict(table[passed_on])
    except (TypeError, ValueError) as error:
        raise ValueError(f"rows must be what the models take: {error}") from error
    return labels, passed_on


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _zero_to_one(name: str, value: float) -> None:
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be between 0 and 1, both included, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_digits
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import train_test_split

    digits, names = load_digits(return_X_y=True)
    train, rows, known, truth = train_test_split(
        digits, names, train_size=600, stratify=names, random_state=0
    )
    cheap = RandomForestClassifier(n_estimators=10, random_state=10).fit(train, known)
    expensive = RandomForestClassifier(n_estimators=100, random_state=100).fit(train, known)
    for confidence in (0, 0.55, 0.75, 0.95):
        labels, passed_on = cascade_predict(cheap, expensive, rows, confidence)
        share, accuracy = passed_on.mean(), np.mean(labels == truth)
        chance = (1 - share) * cheap.score(rows, truth) + share * expensive.score(rows, truth)
        print(
            f"confidence {confidence}: {share:.0%} passed on, {10 + 100 * share:.0f} trees a row, "
            f"accuracy {accuracy:.1%}, at random {chance:.1%}"
        )
        #> confidence 0: 0% passed on, 10 trees a row, accuracy 89.7%, at random 89.7%
        #> confidence 0.55: 27% passed on, 37 trees a row, accuracy 93.9%, at random 91.0%
        #> confidence 0.75: 50% passed on, 60 trees a row, accuracy 94.3%, at random 92.0%
        #> confidence 0.95: 82% passed on, 92 trees a row, accuracy 94.3%, at random 93.5%
    print(f"large forest alone: 100 trees a row, accuracy {expensive.score(rows, truth):.1%}")
    #> large forest alone: 100 trees a row, accuracy 94.3%
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    _, passed_on = cascade_predict(cheap, expensive, rows, 0.55)
    latencies = 2 + 20 * passed_on  # ms: the cheap model always, the expensive one sometimes
    median, p99 = np.quantile(latencies, (0.5, 0.99))
    print(
        f"cascade, {passed_on.mean():.0%} passed on: mean {latencies.mean():.1f} ms, "
        f"median {median:.0f} ms, p99 {p99:.0f} ms"
    )
    #> cascade, 27% passed on: mean 7.4 ms, median 2 ms, p99 22 ms
    print(f"the mean breaks even with {1 - 2 / 20:.0%} passed on")
    #> the mean breaks even with 90% passed on
    # --8<-- [end:solution]
