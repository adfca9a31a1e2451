# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Who gets a place, by each label that a model might be asked to predict.

Page: docs/fairness/what-the-label-means.md
Source: Z. Obermeyer et al., Dissecting Racial Bias in an Algorithm, Science, 2019
Task: see who gets a place under each label that a model could predict
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


def compare_labels(labels: pd.DataFrame, group: ArrayLike, capacity: float) -> pd.DataFrame:
    """Compare the groups' shares of the places that each label would give away.

    Parameters
    ----------
    labels : DataFrame of shape (n, labels)
        Candidate labels, or scores that predict them: the largest get a place.
    group : array-like of shape (n,)
        The group of each row.
    capacity : float
        Share of the rows that gets a place, between 0 and 1: rounded to whole places, a half
        up, at least one.

    Returns
    -------
    DataFrame of shape (groups, labels + 1)
        ``all``, the share of each group in all rows, then its share of the places by label.
        Rows that tie at the last place have the same chance of it, whatever their order.

    Raises
    ------
    TypeError, ValueError
        If ``labels`` is no table of finite numbers, a group is missing, the lengths differ,
        or ``capacity`` is out of range.
    """
    table = _numeric("labels", _table("labels", labels))
    names = _labels("group", group)
    _same_rows(labels=table, group=names)
    _free("labels", "all", table)
    _between("capacity", capacity, 0, 1)
    places = max(1, int(float(capacity) * len(table) * (1 + 1e-12) + 0.5))  # 2.5 are 3
    chances: dict[Hashable, NDArray[np.float64]] = {"all": np.ones(len(table))}
    for name, column in table.items():
        last = column.nlargest(places).iloc[-1]
        above, tied = (column > last).to_numpy(), (column == last).to_numpy()
        chances[name] = above + tied * (places - above.sum()) / tied.sum()
    found = pd.DataFrame(chances).groupby(names).sum()
    return found / found.sum()


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LinearRegression

    def patients(seed, access, rows=50_000):
        rng = np.random.default_rng(seed)
        in_b = rng.random(rows) < 0.25
        need = rng.gamma(2, size=rows) * np.where(in_b, 1.25, 1)
        spent, spend = (
            need * np.where(in_b, access, 1) * rng.lognormal(sigma=0.35, size=rows)
            for _ in range(2)
        )
        features = np.column_stack([need + rng.normal(scale=0.5, size=rows), spent])
        return features, pd.DataFrame({"cost": spend, "need": need}), np.where(in_b, "B", "A")

    for access in (1.0, 0.8, 0.6):
        features, labels, group = patients(seed=0, access=access)
        train, test = slice(0, 25_000), slice(25_000, None)
        models = {
            name: LinearRegression().fit(features[train], label[train])
            for name, label in labels.items()
        }
        scores = pd.DataFrame({name: m.predict(features[test]) for name, m in models.items()})
        share = compare_labels(scores, group[test], capacity=0.03).loc["B"]
        actual, in_b = labels["cost"][test], group[test] == "B"
        fit = models["cost"].score(features[test], actual)
        over = scores["cost"][in_b].mean() / actual.to_numpy()[in_b].mean() - 1
        print(
            f"access {access:.0%}: B gets {share['cost']:.0%} of places by cost, "
            f"{share['need']:.0%} by need; R2 {fit:.2f}, B's cost over by {over:.0%}"
        )
        #> access 100%: B gets 46% of places by cost, 46% by need; R2 0.66, B's cost over by -1%
        #> access 80%: B gets 40% of places by cost, 42% by need; R2 0.65, B's cost over by 12%
        #> access 60%: B gets 27% of places by cost, 39% by need; R2 0.62, B's cost over by 28%
    scores["cost, B corrected"] = scores["cost"].where(~in_b, scores["cost"] / (1 + over))
    corrected = compare_labels(scores, group[test], capacity=0.03).loc["B"]["cost, B corrected"]
    print(f"access {access:.0%}, with B's cost corrected: B gets {corrected:.0%} of places by cost")
    #> access 60%, with B's cost corrected: B gets 10% of places by cost
    # --8<-- [end:demo]
