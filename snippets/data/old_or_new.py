# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Can a classifier tell old rows from new ones? Its AUC, and the AUC that chance gives it.

Page: docs/data/watch-a-table.md
Source: classifier two-sample tests (Lopez-Paz and Oquab); permutation of units
Task: see with a classifier whether anything in a table or in texts has moved
Graduate to: sklearn.model_selection.permutation_test_score
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold


def old_or_new(
    model: Any,
    reference: pd.DataFrame,
    current: pd.DataFrame,
    unit: Hashable = None,
    *,
    folds: int = 3,
    permutations: int = 19,
    seed: int = 0,
) -> pd.Series:
    """Fit a classifier to tell two windows of a table apart, and compare it with shuffled windows.

    Parameters
    ----------
    model : classifier
        Not fitted; takes these columns, without `unit`, and predicts probabilities.
    reference, current : DataFrame of shape (n, columns) and (m, columns)
        The same columns, then and now. If a column went through float32, both sides are
        compared in that precision; a copy in float16 counts as a move.
    unit : hashable, optional
        Column that says whose row it is. A unit stays in one fold, and is shuffled as a whole;
        a unit of both windows swaps its two parts. Take windows of as many whole weeks and about
        as many rows a unit. Without it, the rows are the units.
    folds : int
        Number of folds of the cross-validation, 2 or more.
    permutations : int
        Number of shuffles, each with new fits; 0 skips them.
    seed : int
        Seed of folds and shuffles.

    Returns
    -------
    Series of shape (3,)
        ``auc`` on held-out rows, 0.5 for none better than chance; ``by_chance``, the largest
        AUC of the shuffled windows; ``p_value``, the share of windows, the observed among
        them, with an AUC at least as high. The last two are NaN without shuffles.

    Raises
    ------
    TypeError, ValueError
        If the tables do not fit together, the model cannot predict probabilities, an argument
        is out of range, or a window has fewer units than folds.
    """
    if not hasattr(model, "fit") or not hasattr(model, "predict_proba"):
        raise TypeError("model must have the methods fit and predict_proba")
    then, now = _table("reference", reference), _table("current", current)
    if list(then.columns) != list(now.columns):
        raise ValueError("current must have the columns of reference, in the same order")
    _whole("folds", folds, 2)
    _whole("permutations", permutations, 0)
    _whole("seed", seed, 0)
    for column in then:
        if _kind(then[column]) != _kind(now[column]):
            raise TypeError(f"reference and current must hold one kind in column {column!r}")
    table = pd.concat([then, now], ignore_index=True)
    window = np.repeat([0, 1], [len(then), len(now)])
    units = np.arange(len(table))
    if unit is not None:
        if not isinstance(unit, Hashable) or unit not in table or table[unit].isna().any():
            raise ValueError(f"unit must be a column of both tables, without nulls: {unit!r}")
        if table[unit].dtype.kind == "f" and (table[unit].abs() >= 2**53).any():
            raise ValueError("unit must hold numbers beyond 2**53 as integers")
        try:
            units, table = pd.factorize(table[unit])[0], table.drop(columns=unit)
        except TypeError as error:
            raise TypeError(f"unit must name single values: {error}") from error
    for column in table:
        table[column] = _one_precision(table[column], window)
    if min(len(np.unique(units[window == side])) for side in (0, 1)) < folds or table.empty:
        raise ValueError("reference and current must have a column to learn, and a unit a fold")
    rng, aucs = np.random.default_rng(seed), []
    for number in range(int(permutations) + 1):
        shuffled = _shuffled(window, units, rng) if number else window
        aucs.append(_auc(model, table, shuffled, units, int(folds), int(seed) + number))
    chance = np.array(aucs[1:] or [np.nan])
    p_value = np.mean(np.array(aucs) >= aucs[0] - 1e-12) if permutations else np.nan
    return pd.Series({"auc": aucs[0], "by_chance": chance.max(), "p_value": p_value})


def _auc(
    model: Any,
    table: pd.DataFrame,
    window: NDArray[Any],
    units: NDArray[Any],
    folds: int,
    seed: int,
) -> float:
    plain = len(np.unique(units)) == len(units)  # the same, much faster
    kind = StratifiedKFold if plain else StratifiedGroupKFold
    split = kind(folds, shuffle=True, random_state=seed % 2**32)
    scores = []
    for train, test in split.split(table, window, None if plain else units):
        if min(np.ptp(window[train]), np.ptp(window[test])):  # both windows on either side
            try:
                fitted = clone(model).fit(table.iloc[train], window[train])
                score = fitted.predict_proba(table.iloc[test])[:, 1]
                scores.append(roc_auc_score(window[test], score))
            except (TypeError, ValueError) as error:
                raise ValueError(f"reference or current do not suit the model: {error}") from error
    return float(np.mean(scores)) if scores else 0.5


def _shuffled(window: NDArray[Any], units: NDArray[Any], rng: Any) -> NDArray[Any]:
    blocks, block = np.unique(units * 2 + window, return_inverse=True)
    owner, side = np.divmod(blocks, 2)
    both = np.bincount(owner)[owner] > 1  # a unit of both windows has two blocks
    side[~both] = rng.permutation(side[~both])
    side[both] ^= rng.integers(0, 2, size=owner.max() + 1)[owner[both]]
    return np.asarray(side[block])


def _one_precision(column: pd.Series, window: NDArray[Any]) -> pd.Series:
    if column.dtype.kind != "f":
        return column
    number = column.to_numpy(np.float64, na_value=np.nan)
    # A copy that went through float32 has not moved. 0.5 or 40 is the same in both, so a side
    # of such numbers alone does not tell.
    with np.errstate(invalid="ignore", over="ignore"):
        short = number.astype(np.float32)
        tells = (number * 1024 % 1 > 0) | (np.abs(number) > 2**24)
    same = (short == number) | np.isnan(number)
    copied = any(same[window == side].all() and tells[window == side].any() for side in (0, 1))
    return pd.Series(short) if copied else column


def _kind(column: pd.Series) -> str:
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object:
        column = column.astype(object).convert_dtypes()
    numeric = pd.api.types.is_numeric_dtype(column)
    return "number" if numeric else "text" if column.dtype.kind == "O" else column.dtype.kind


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.neighbors import KNeighborsClassifier

    rng, model = np.random.default_rng(0), KNeighborsClassifier(20)

    def numbers(correlation):
        spread = [[1, correlation, 0], [correlation, 1, 0], [0, 0, 1]]
        return pd.DataFrame(rng.multivariate_normal(np.zeros(3), spread, 400))

    def texts(share):
        topics = np.where(rng.random(400) < share, "refund charged twice", "login password lost")
        return [f"{topic} {' '.join(rng.choice(FILLERS, 6))}" for topic in topics]

    def embedded(*windows):  # without the labels, so shuffling stays fair
        counts = HashingVectorizer(n_features=2**10).transform(sum(windows, []))
        vectors = TruncatedSVD(8, random_state=0).fit_transform(counts)
        return [pd.DataFrame(part) for part in np.split(vectors, len(windows))]

    FILLERS = ["hello", "please", "thanks", "today", "since", "my", "app", "again"]
    for said, (then, now) in {
        "numbers, no move": (numbers(0.6), numbers(0.6)),
        "numbers, correlation turned": (numbers(0.6), numbers(-0.6)),
        "texts, no move": embedded(texts(0.05), texts(0.05)),
        "texts, a topic grows from 5% to 30%": embedded(texts(0.05), texts(0.3)),
    }.items():
        found = old_or_new(model, then, now)
        print(f"{said}: AUC {found.auc:.2f}, by chance up to {found.by_chance:.2f}")
        #> numbers, no move: AUC 0.50, by chance up to 0.53
        #> numbers, correlation turned: AUC 0.78, by chance up to 0.55
        #> texts, no move: AUC 0.48, by chance up to 0.57
        #> texts, a topic grows from 5% to 30%: AUC 0.60, by chance up to 0.55
    # --8<-- [end:demo]
