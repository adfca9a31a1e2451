# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Churn: how many answers a new model changes, fixes and breaks in shadow mode.

Page: docs/beyond/roll-out.md
Source: the two-by-two table of right and wrong answers of two models
Task: count the answers that a new model changes, fixes and breaks
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def churn(old: ArrayLike, new: ArrayLike, labels: ArrayLike | None = None) -> dict[str, float]:
    """Compare the answers of two models to the same rows.

    Parameters
    ----------
    old, new : array-like of shape (n,)
        The predicted classes, as whole numbers, booleans or text.
    labels : array-like of shape (n,), optional
        The true classes.

    Returns
    -------
    dict
        Shares of the rows, 0 to 1: ``changed`` answers; with labels also ``broken``,
        right before and wrong now, and ``fixed``, the reverse.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds NaN or probabilities, has another length, or mixes
        numbers and text; the message names it.
    """
    answers = {"old": _classes("old", old), "new": _classes("new", new)}
    if labels is not None:
        answers["labels"] = _classes("labels", labels)
    _same_rows(**answers)
    for name, classes in answers.items():
        if isinstance(classes[0], str) != isinstance(answers["old"][0], str):
            raise ValueError(f"{name} must hold text or numbers like old")
    before, after, truth = answers["old"], answers["new"], answers.get("labels")
    report = {"changed": float(np.mean(before != after))}
    if truth is None:
        return report
    return report | {
        "broken": float(np.mean((before == truth) & (after != truth))),
        "fixed": float(np.mean((before != truth) & (after == truth))),
    }


def _classes(name: str, values: ArrayLike) -> NDArray[Any]:
    classes = _labels(name, values)
    if all(isinstance(value, str) for value in classes):
        return classes.astype(object)
    numbers = _numbers(name, classes)
    if (numbers != np.round(numbers)).any():
        raise ValueError(f"{name} must hold classes, not probabilities")
    return classes.astype(object)  # exact: as float64, two ids above 2**53 can become one


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


def _numbers(name: str, values: ArrayLike, ndim: int = 1) -> NDArray[np.float64]:
    # A list goes through object, so that a ragged one, or a number beside text, is refused below.
    try:
        array = np.asarray(values, dtype=None if hasattr(values, "__array__") else object)
        mixed = array.dtype == object and all(isinstance(v, (Real, np.bool_)) for v in array.flat)
        if array.size and array.dtype.kind not in "biuf" and not mixed:
            raise TypeError(f"{name} must hold numbers, got {array.dtype}")
        array = array.astype(np.float64)  # before any arithmetic: uint8 wraps, float16 overflows
    except (OverflowError, ValueError) as error:  # 10**400, or arrays of several shapes
        raise ValueError(f"{name} must hold numbers: {error}") from error
    known = np.isfinite(array).all() and not np.ma.is_masked(values)  # numpy drops a mask
    if array.ndim != ndim or not array.size or not known:
        raise ValueError(f"{name} must have {ndim} dimension(s), rows, and no NaN or infinity")
    return array


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier

    inputs, labels = make_classification(
        5_000, n_features=20, n_informative=6, flip_y=0.15, class_sep=0.7, random_state=0
    )
    march, april, live = slice(0, 1_500), slice(1_500, 3_000), slice(3_000, None)

    def answers(rows, seed):
        model = RandomForestClassifier(40, random_state=seed)
        return model.fit(inputs[rows], labels[rows]).predict(inputs[live])

    old = answers(march, seed=0)
    print(f"the old model: accuracy {np.mean(old == labels[live]):.1%}")
    #> the old model: accuracy 78.8%
    cases = {"new rows": (april, 0), "another seed": (march, 1), "the same again": (march, 0)}
    for name, (rows, seed) in cases.items():
        new = answers(rows, seed)
        report = churn(old, new, labels[live])
        print(
            f"{name}: accuracy {np.mean(new == labels[live]):.1%}, changed "
            f"{report['changed']:.1%}, broken {report['broken']:.1%}, fixed {report['fixed']:.1%}"
        )
        #> new rows: accuracy 80.2%, changed 11.8%, broken 5.2%, fixed 6.6%
        #> another seed: accuracy 79.0%, changed 10.3%, broken 5.1%, fixed 5.2%
        #> the same again: accuracy 78.8%, changed 0.0%, broken 0.0%, fixed 0.0%
    # --8<-- [end:demo]
