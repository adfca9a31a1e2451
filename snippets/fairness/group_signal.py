# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""How well the features give away a group that is not among them.

Page: docs/fairness/what-the-label-means.md
Source: cross-validated AUC of a forest of scikit-learn
Task: measure how well the features give a group away
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold


def group_signal(features: pd.DataFrame, member: ArrayLike, model: Any = None) -> pd.Series:
    """Predict the group from each feature, and from all of them.

    Parameters
    ----------
    features : DataFrame of shape (n, features)
        The inputs of the model that is to ignore the group: numbers, or what `model` takes.
        One row a person: of several, one fold would teach what another asks.
    member : array-like of shape (n,)
        1 for the rows of the group, 0 for the others; at least five of each.
    model : estimator, optional
        A classifier with ``predict_proba``, as flexible as the one you deploy; by default a
        small forest, which finds bends and products; each tree sees at most 10,000 rows.

    Returns
    -------
    Series of shape (features + 1,)
        The AUC, mean of five shuffled folds, of each feature and of ``all features``: 0.5 tells nothing
        about the group, 1 gives it away.

    Raises
    ------
    TypeError, ValueError
        If ``features`` is no table, or holds no finite numbers and no model was given, the
        lengths differ, or ``member`` does not hold 0 and 1, five of each.
    """
    table, flags = _table("features", features), _numbers("member", member)
    _same_rows(features=table, member=flags)
    _free("features", "all features", table)
    if not np.isin(flags, (0, 1)).all() or min((flags == 0).sum(), (flags == 1).sum()) < 5:
        raise ValueError("member must hold 0 and 1, at least five of each")
    if model is None:
        table = _numeric("features", table)
        # 20 of 60 rows would leave no room for a split, and 20 of 100,000 would learn noise.
        leaf = max(1, min(20, len(flags) // 20), min(len(flags), 10_000) // 100)
        each = 10_000 if len(flags) > 13_000 else None  # a fold trains on four fifths
        model = RandomForestClassifier(20, min_samples_leaf=leaf, max_samples=each, random_state=0)
    elif not hasattr(model, "predict_proba"):
        raise TypeError("model must have predict_proba")
    # Shuffled: in a table sorted by a feature, a fold would hold values that no model was fitted on.
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(flags, flags))
    areas = {name: _auc(model, table[[name]], flags, folds) for name in table}
    everything = _auc(model, table, flags, folds) if len(areas) > 1 else areas[table.columns[0]]
    return pd.Series(areas | {"all features": everything})


def _auc(model: Any, table: pd.DataFrame, flags: NDArray[np.float64], folds: list[Any]) -> float:
    areas = []
    for train, test in folds:
        try:
            fitted = clone(model).fit(table.iloc[train], flags[train])
            chances = fitted.predict_proba(table.iloc[test])[:, 1]
            areas.append(roc_auc_score(flags[test], chances))
        except (TypeError, ValueError) as error:
            raise ValueError(f"features do not suit the model: {error}") from error
    return float(np.mean(areas))


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def decisions(seed, bias=1.0, proxy=1.5, rows=10_000):
        rng = np.random.default_rng(seed)
        member = (rng.random(rows) < 0.4).astype(int)
        features = pd.DataFrame(
            {
                "skill": rng.normal(size=rows),
                "district": rng.normal(proxy * member),
                "group": member,
            }
        )
        accepted = features["skill"] - bias * member > rng.logistic(scale=0.5, size=rows)
        return features, accepted.astype(int)

    def selection_ratio(columns, **knobs):
        (train, accepted), (test, _) = decisions(seed=0, **knobs), decisions(seed=1, **knobs)
        selected = LogisticRegression().fit(train[columns], accepted).predict(test[columns])
        rates = pd.Series(selected).groupby(test["group"]).mean()
        return rates[1] / rates[0]

    sets = (["skill", "district", "group"], ["skill", "district"], ["skill"])
    cases = {"biased history": {}, "fair history": {"bias": 0}, "no proxy": {"proxy": 0}}
    for case, knobs in cases.items():
        known, without, skill = (selection_ratio(columns, **knobs) for columns in sets)
        print(
            f"{case}: selection ratio {known:.2f} with the group, {without:.2f} without, "
            f"{skill:.2f} by skill alone"
        )
        #> biased history: selection ratio 0.32 with the group, 0.69 without, 1.00 by skill alone
        #> fair history: selection ratio 0.99 with the group, 0.98 without, 0.98 by skill alone
        #> no proxy: selection ratio 0.32 with the group, 1.00 without, 1.00 by skill alone
    features, _ = decisions(seed=0)
    features = features[:3_000]
    for name, auc in group_signal(features[["skill", "district"]], features["group"]).items():
        print(f"{name}: tells the group with an AUC of {auc:.2f}")
        #> skill: tells the group with an AUC of 0.48
        #> district: tells the group with an AUC of 0.84
        #> all features: tells the group with an AUC of 0.84
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rng = np.random.default_rng(0)
    pair = pd.DataFrame(rng.normal(size=(2_000, 2)), columns=["one", "two"])
    hidden = (pair["one"] * pair["two"] > rng.normal(scale=0.3, size=2_000)).astype(int)
    for name, model in (("a logistic regression", LogisticRegression()), ("a forest", None)):
        auc = group_signal(pair, hidden, model)["all features"]
        print(f"both columns tell {name} the group with an AUC of {auc:.2f}")
        #> both columns tell a logistic regression the group with an AUC of 0.49
        #> both columns tell a forest the group with an AUC of 0.92
    # --8<-- [end:solution]
