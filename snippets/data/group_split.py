# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Audit any split: how many test rows come from a patient, user or machine seen in training?

Page: docs/data/split-like-you-serve.md
Source: the splits of scikit-learn, KFold and GroupKFold
Task: find patients, users or machines on both sides of a split
Graduate to: sklearn.model_selection.GroupKFold
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def shared_units(
    units: ArrayLike, splits: Iterable[tuple[ArrayLike, ArrayLike]]
) -> NDArray[np.float64]:
    """Measure the share of test rows whose unit also stands in the training rows.

    Parameters
    ----------
    units : array-like of shape (n,)
        Who or what each row belongs to: numbers or text.
    splits : iterable of (train, test)
        Row numbers, as the ``split`` method of any scikit-learn splitter yields them.

    Returns
    -------
    ndarray of shape (splits,)
        0 if every test row is of an unseen unit, 1 if none is.

    Raises
    ------
    TypeError, ValueError
        If ``units`` is empty or has gaps, or if a split is no pair of row numbers.
    """
    codes = pd.factorize(_labels("units", units).astype(object))[0]
    try:
        pairs = [(np.asarray(train), np.asarray(test)) for train, test in splits]
    except (TypeError, ValueError) as error:
        raise TypeError("splits must hold pairs of row numbers: training, test") from error
    for rows in (part for pair in pairs for part in pair):
        if rows.dtype.kind not in "iu" or rows.ndim != 1 or not rows.size:
            raise ValueError("splits must hold row numbers, at least one on either side")
        if rows.min() < 0 or rows.max() >= codes.size:
            raise ValueError(f"splits must hold row numbers from 0 to {codes.size - 1}")
    if not pairs:
        raise ValueError("splits must hold at least one split")
    return np.array([np.isin(codes[test], codes[train]).mean() for train, test in pairs])


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
    from sklearn.model_selection import GroupKFold, KFold, cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(n_neighbors=5)
    known, new = np.repeat(np.arange(100), 8), np.repeat(np.arange(100, 200), 8)
    splits = {
        "returning": list(KFold(5, shuffle=True, random_state=0).split(known)),
        "new": list(GroupKFold(5).split(known, groups=known)),
    }
    for identity in (1, 0):
        rng = np.random.default_rng(0)
        label = rng.permutation(np.arange(200) % 2)
        usual = identity * rng.normal(size=(200, 10))
        history, returning, newcomers = (
            usual[patient] + rng.normal(scale=0.5, size=(800, 10))
            for patient in (known, known, new)
        )
        model.fit(history, label[known])
        served = {
            "returning": model.score(returning, label[known]),
            "new": model.score(newcomers, label[new]),
        }
        for patients, folds in splits.items():
            estimate = cross_val_score(model, history, label[known], cv=folds).mean()
            print(
                f"identity {identity}, folds with {shared_units(known, folds).mean():.0%} shared: "
                f"accuracy {estimate:.0%}, served to {patients} patients {served[patients]:.0%}"
            )
            #> identity 1, folds with 100% shared: accuracy 90%, served to returning patients 96%
            #> identity 1, folds with 0% shared: accuracy 50%, served to new patients 50%
            #> identity 0, folds with 100% shared: accuracy 52%, served to returning patients 47%
            #> identity 0, folds with 0% shared: accuracy 48%, served to new patients 49%
    # --8<-- [end:demo]
