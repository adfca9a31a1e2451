# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Importances beside those of a column of random numbers.

Page: docs/interpretability/read-importances.md
Source: permutation importance of scikit-learn, with a random column as yardstick
Task: compare importances with that of a random column
Graduate to: sklearn.inspection.permutation_importance
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.inspection import permutation_importance
from sklearn.model_selection import train_test_split


def importances_with_probe(
    model: Any, inputs: pd.DataFrame, target: ArrayLike, repeats: int = 5, seed: int = 0
) -> pd.DataFrame:
    """Fit on half of the rows with a random column added, and measure importance both ways.

    Parameters
    ----------
    model : estimator
        With ``feature_importances_`` once fitted, such as a forest; it is cloned.
    inputs, target : DataFrame of shape (n, features), array-like of shape (n,)
        Columns of numbers without NaN; numbers or classes to predict.
    repeats, seed : int
        Permutations a column; the seed of split, probe and permutations.

    Returns
    -------
    DataFrame of shape (features + 1, 3)
        ``impurity``; ``permutation``, the drop of the score on the held-out half; ``spread``,
        its standard deviation over the permutations. The last row is ``random probe``.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    if not hasattr(model, "fit") or not hasattr(model, "score"):
        raise TypeError("model must have fit and score")
    table, target = _table("inputs", inputs), _target(target)
    _numeric("inputs", table)  # checks; the model reads the columns as they are
    _same_rows(inputs=table, target=target)
    _free("inputs", "random probe", table)
    if not all(isinstance(name, str) for name in table):
        raise TypeError("inputs must have columns that are named by text")
    _whole("repeats", repeats, 2)
    _whole("seed", seed, 0)
    probe = np.random.default_rng(seed).normal(size=len(table))
    table = table.assign(**{"random probe": probe})
    draw = int(seed) % 2**32  # all that scikit-learn takes
    train, test, known, held_out = train_test_split(table, target, test_size=0.5, random_state=draw)
    if min(len(set(known)), len(set(held_out))) < 2:
        raise ValueError("target must hold two different values or more in both halves")
    try:
        fitted = clone(model).fit(train, known)
        drop = permutation_importance(fitted, test, held_out, n_repeats=repeats, random_state=draw)
    except (TypeError, ValueError) as error:
        raise ValueError(f"inputs or target do not suit the model: {error}") from error
    if not hasattr(fitted, "feature_importances_"):
        raise TypeError("model must have feature_importances_ once fitted")
    columns = (fitted.feature_importances_, drop.importances_mean, drop.importances_std)
    named = dict(zip(("impurity", "permutation", "spread"), columns, strict=True))
    return pd.DataFrame(named, index=table.columns)


def _target(values: ArrayLike) -> NDArray[Any]:
    labels = _labels("target", values)
    plain = all(isinstance(label, (Real, np.bool_)) for label in labels)
    return _numbers("target", labels) if plain else labels


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


def _numeric(name: str, table: pd.DataFrame) -> pd.DataFrame:
    columns = {column: _numbers(f"{name}: column {column!r}", table[column]) for column in table}
    return pd.DataFrame(columns, index=table.index)


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(0)
    rows = 2_000
    owner, abroad = rng.random(rows) < 0.5, rng.random(rows) < 0.3
    customers = pd.DataFrame(
        {"owner": owner * 1, "abroad": abroad * 1, "customer id": rng.permutation(rows)}
    )
    bought = (rng.random(rows) < 0.3 + 0.3 * owner + 0.25 * abroad).astype(int)
    for leaf in (1, 50):
        forest = RandomForestClassifier(20, min_samples_leaf=leaf, random_state=0)
        for name, row in importances_with_probe(forest, customers, bought).iterrows():
            print(
                f"leaves of {leaf} or more, {name}: "
                f"impurity {row.impurity:.0%}, permutation {row.permutation:+z.3f}"
            )
            #> leaves of 1 or more, owner: impurity 10%, permutation +0.072
            #> leaves of 1 or more, abroad: impurity 5%, permutation +0.026
            #> leaves of 1 or more, customer id: impurity 43%, permutation +0.013
            #> leaves of 1 or more, random probe: impurity 42%, permutation +0.000
            #> leaves of 50 or more, owner: impurity 59%, permutation +0.130
            #> leaves of 50 or more, abroad: impurity 21%, permutation +0.034
            #> leaves of 50 or more, customer id: impurity 7%, permutation +0.006
            #> leaves of 50 or more, random probe: impurity 12%, permutation +0.013
    # --8<-- [end:demo]
