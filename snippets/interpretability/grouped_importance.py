# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13", "scikit-learn>=1.6"]
# ///
"""Permutation importance of correlated features, permuted together.

Page: docs/interpretability/read-importances.md
Source: hierarchical clustering of rank correlations, as in the examples of scikit-learn
Task: permute correlated features together
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform


def correlated_groups(inputs: pd.DataFrame, correlation: float = 0.5) -> list[list[str]]:
    """Put features together whose rank correlation, up or down, is high on average.

    Parameters
    ----------
    inputs : DataFrame of shape (n, features)
        At least two columns of numbers, none of them constant.
    correlation : float
        Average absolute rank correlation from which groups are joined, between 0 and 1.

    Returns
    -------
    list of list of str
        Every feature once; a feature on its own is a list of one.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    table = _numeric("inputs", _table("inputs", inputs))
    if table.shape[1] < 2 or (table.nunique() < 2).any():
        raise ValueError("inputs must have two columns or more, and no constant one")
    _between("correlation", correlation, 0, 1)
    distance = 1 - table.rank().corr().abs().to_numpy()
    tree = linkage(squareform(distance, checks=False), method="average")
    labels = fcluster(tree, 1 - correlation, criterion="distance")
    return [list(names) for _, names in table.columns.to_series().groupby(labels)]


def grouped_importance(
    model: Any,
    inputs: pd.DataFrame,
    target: ArrayLike,
    groups: list[list[str]],
    repeats: int = 5,
    seed: int = 0,
) -> pd.Series:
    """Measure how far the score drops when the columns of a group are permuted together.

    Parameters
    ----------
    model : estimator
        Fitted, with ``score``.
    inputs, target : DataFrame of shape (n, features), array-like of shape (n,)
        Held-out rows, as the model takes them: text and NaN too, if it does.
    groups : list of list of str
        Columns to permute together, such as from `correlated_groups`.
    repeats, seed : int
        Permutations to average over, and their seed.

    Returns
    -------
    Series of shape (groups,)
        Mean drop of the score, named by the columns joined with " + ".

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    if not hasattr(model, "score"):
        raise TypeError("model must have score")
    table, target = _table("inputs", inputs), _target(target)
    _same_columns("inputs", table, model)
    _same_rows(inputs=table, target=target)
    if len(table) < 2:
        raise ValueError("inputs must have two rows or more: one has nothing to swap with")
    if not set(target) & set(getattr(model, "classes_", target)):
        raise ValueError("target must hold classes that the model knows")
    lists = isinstance(groups, list) and all(isinstance(names, (list, tuple)) for names in groups)
    if not lists or not groups or not all(groups):  # "age" would be three columns
        raise TypeError("groups must be a list of lists of columns, not empty")
    if unknown := {name for names in groups for name in names} - set(table):
        raise ValueError(f"groups must list columns of inputs, not {sorted(unknown)}")
    _whole("repeats", repeats, 1)
    _whole("seed", seed, 0)
    rng, whole = np.random.default_rng(seed), _score(model, table, target)
    drops = {}
    for names in (list(dict.fromkeys(group)) for group in groups):
        permuted, scores = table.copy(), []
        for _ in range(repeats):
            rows = rng.permutation(len(table))
            permuted[names] = table[names].iloc[rows].set_axis(table.index)  # keeps each dtype
            scores.append(_score(model, permuted, target))
        drops[" + ".join(map(str, names))] = whole - float(np.mean(scores))
    if len(drops) < len(groups):
        raise ValueError("groups must not name the same columns twice")
    return pd.Series(drops)


def _score(model: Any, table: pd.DataFrame, target: NDArray[Any]) -> float:
    try:
        return float(model.score(table, target))
    except (TypeError, ValueError) as error:
        raise ValueError(f"inputs or target do not suit the model: {error}") from error


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


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import train_test_split

    inputs, target = load_breast_cancer(return_X_y=True, as_frame=True)
    together = correlated_groups(inputs)
    one_each = [names[0] for names in together]
    sizes = ", ".join(str(len(names)) for names in together)
    print(f"{inputs.shape[1]} features in {len(together)} correlated groups of {sizes}")
    #> 30 features in 8 correlated groups of 1, 1, 2, 1, 18, 2, 2, 3
    for name, columns, groups in (
        ("all features, permuted singly", list(inputs), [[name] for name in inputs]),
        ("all features, permuted in groups", list(inputs), together),
        ("one feature a group, permuted singly", one_each, [[name] for name in one_each]),
    ):
        split = train_test_split(inputs[columns], target, test_size=0.4, random_state=0)
        forest = RandomForestClassifier(20, random_state=0).fit(split[0], split[2])
        drop = grouped_importance(forest, split[1], split[3], groups, repeats=3)
        accuracy = forest.score(split[1], split[3])
        print(f"{name}: accuracy {accuracy:.1%}, largest importance {drop.max():.3f}")
        #> all features, permuted singly: accuracy 92.5%, largest importance 0.006
        #> all features, permuted in groups: accuracy 92.5%, largest importance 0.367
        #> one feature a group, permuted singly: accuracy 93.9%, largest importance 0.319
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rng = np.random.default_rng(0)
    three = pd.DataFrame(rng.normal(size=(2_000, 3)), columns=["best", "second", "noise"])
    bought = (3 * three["best"] + three["second"] > rng.logistic(size=2_000)).astype(int)
    four = three.assign(copy=three["best"])
    for table, names in ((three, ["best"]), (four, ["best"]), (four, ["best", "copy"])):
        forest = RandomForestClassifier(30, max_features=1, min_samples_leaf=5, random_state=0)
        forest.fit(table[:1_000], bought[:1_000])
        drop = grouped_importance(forest, table[1_000:], bought[1_000:], [names]).iloc[0]
        print(f"{table.shape[1]} columns, {' and '.join(names)} permuted: {drop:.2f}")
        #> 3 columns, best permuted: 0.30
        #> 4 columns, best permuted: 0.12
        #> 4 columns, best and copy permuted: 0.30
    # --8<-- [end:solution]
