# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""How many of the top features two rankings share: over methods, or over resampled training sets.

Page: docs/interpretability/read-importances.md
Source: the overlap of sets
Task: count the top features that two rankings share
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def top_overlap(importances: pd.DataFrame, top: int = 5) -> pd.DataFrame:
    """Count the features that each pair of rankings has in common at the top.

    Parameters
    ----------
    importances : DataFrame of shape (features, rankings)
        A column for each method or seed; larger is more important.
    top : int
        How many features of each column are compared.

    Returns
    -------
    DataFrame of shape (rankings, rankings)
        Numbers of shared features, from 0 to ``top``, which is on the diagonal. Where
        several features tie for the last places, each counts by its chance of a place.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    values = _numeric("importances", _table("importances", importances)).to_numpy()
    _whole("top", top, 1)
    if top > len(values):
        raise ValueError(f"top must be a whole number from 1 to {len(values)}, got {top!r}")
    last = np.sort(values, axis=0)[-int(top)]
    tied = abs(values - last) <= 1e-9 * abs(values).max(axis=0)  # a drop of 1e-17 is one of 0
    above = (values > last) & ~tied
    chance = above + tied * (int(top) - above.sum(axis=0)) / tied.sum(axis=0)
    shared = chance.T @ chance
    np.fill_diagonal(shared, top)
    names = importances.columns
    return pd.DataFrame(shared, index=names, columns=names)


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


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.inspection import permutation_importance
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    inputs, target = load_breast_cancer(return_X_y=True)
    inputs = StandardScaler().fit_transform(inputs)
    train, test = np.arange(569) % 2 == 0, np.arange(569) % 2 == 1
    forests = {
        trees: [
            RandomForestClassifier(trees, random_state=seed).fit(inputs[train], target[train])
            for seed in range(4)
        ]
        for trees in (10, 300)
    }
    for trees, fitted in forests.items():
        ranked = pd.DataFrame({n: forest.feature_importances_ for n, forest in enumerate(fitted)})
        shared = top_overlap(ranked).to_numpy()[np.triu_indices(len(fitted), 1)].mean()
        print(f"forests of {trees} trees, same rows, other seed: {shared:.1f} of the top 5 shared")
        #> forests of 10 trees, same rows, other seed: 2.7 of the top 5 shared
        #> forests of 300 trees, same rows, other seed: 4.5 of the top 5 shared

    drop = permutation_importance(
        forests[10][0], inputs[test], target[test], n_repeats=5, random_state=0
    )
    linear = LogisticRegression().fit(inputs[train], target[train])
    columns = (forests[300][0].feature_importances_, drop.importances_mean, abs(linear.coef_[0]))
    shared = top_overlap(pd.DataFrame(dict(enumerate(columns)))).to_numpy()
    pairs = f"{shared[0, 1]:.1f}, {shared[0, 2]:.1f} and {shared[1, 2]:.1f}"
    print(f"impurity, permutation and coefficients share {pairs} of the top 5")
    #> impurity, permutation and coefficients share 2.0, 1.0 and 1.7 of the top 5
    # --8<-- [end:demo]
