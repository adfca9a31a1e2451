# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""How much does each column say alone, by its values, its nulls, or the order of the file?

Page: docs/beyond/hunt-leakage.md
Source: out-of-fold target means, as in TargetEncoder of scikit-learn
Task: find the columns that say too much alone
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from numbers import Number, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import roc_auc_score


def leak_suspects(table: pd.DataFrame, labels: ArrayLike, believable: float) -> pd.DataFrame:
    """Rank columns by the AUC of each alone, and suspect those that are too good.

    Numbers and dates are cut into twenty bins of equal size, and so is text that hardly
    repeats, by its alphabetical order. Nulls are a bin of their own, and each bin or category
    is scored by its share of events in other folds. The order of the rows is ranked like a
    column.

    Parameters
    ----------
    table : DataFrame of shape (n, features)
        Rows in the order of the file, at least 100 of them.
    labels : array-like of shape (n,)
        1 for the event, else 0.
    believable : float
        The AUC that the present model reaches, or that you would believe, with all columns
        together; between 0.5 and 1.

    Returns
    -------
    DataFrame of shape (features + 1, 3)
        From the best: the AUC of ``values``, the AUC of ``nulls`` alone, and ``suspect``
        where either is above what is believable.

    Raises
    ------
    TypeError, ValueError
        If ``table`` is no DataFrame or has too few rows, labels are not 0 and 1, or
        ``believable`` is out of range.
    """
    table = _table("table", table)
    if len(table) < 100:
        raise ValueError("table must have at least 100 rows")
    truth = _numbers("labels", labels)
    _same_rows(table=table, labels=truth)
    if set(np.unique(truth)) != {0, 1}:
        raise ValueError("labels must be 0 and 1, both of them")
    number = isinstance(believable, Real)
    if not number or not 0.5 <= believable < 1:
        raise ValueError(f"believable must be between 0.5 and 1, got {believable!r}")
    _free("table", "order of the rows", table)
    columns = {"order of the rows": pd.Series(np.arange(len(table)))} | dict(table.items())
    rows = {
        name: {"values": _alone(_bins(column), truth), "nulls": _alone(column.isna(), truth)}
        for name, column in columns.items()
    }
    report = pd.DataFrame.from_dict(rows, orient="index").sort_values("values", ascending=False)
    limit = float(believable) * (1 + 1e-9)  # an AUC of 0.9 is added up from parts
    return report.assign(suspect=report.max(axis=1) > limit)


def _bins(column: pd.Series) -> pd.Series:
    column = column.astype(object).infer_objects() if column.dtype == "category" else column
    present = column.dropna()
    if column.dtype == object:  # Decimal, or numbers beside None; else text, dates, lists
        numbers = present.map(lambda value: isinstance(value, Number)).all()
        column = column.astype(float) if numbers else column.map(str, na_action="ignore")
        present = column.dropna()
    orders = column.dtype.kind in "iufMm" or present.nunique() > len(present) / 5
    if not orders or present.nunique() <= 20:
        return (column + 0.0 if column.dtype.kind == "f" else column).astype(str)  # -0.0 is 0.0
    if column.dtype.kind not in "iufMm":
        present = present.astype(str)  # text that hardly repeats: by the alphabet
    rank = present.rank(method="min").astype(float)  # at least five rows a bin, ties together
    return (rank * 20 // (len(present) + 1)).reindex(column.index, fill_value=-1)


def _alone(values: pd.Series, labels: NDArray[np.float64]) -> float:
    codes = pd.factorize(values, use_na_sentinel=False)[0]
    if not codes.any():
        return 0.5  # one value for all rows
    fold = np.empty(len(labels), dtype=int)
    fold[np.lexsort((np.random.default_rng(0).random(len(labels)), labels))] = (
        np.arange(len(labels)) % 5
    )
    score = np.empty(len(labels))
    for part in range(5):
        inside, outside = fold == part, fold != part
        events = np.bincount(codes[outside], labels[outside], minlength=codes.max() + 1)
        rows = np.bincount(codes[outside], minlength=codes.max() + 1)
        score[inside] = ((events + labels.mean()) / (rows + 1))[codes[inside]]
    return float(roc_auc_score(labels, score))


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


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


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    amount, income = rng.normal(size=(2, 3_000))
    default = (rng.logistic(size=3_000) < amount - income - 1).astype(int)
    recorded = np.where(default == 1, 0.95, 0.05) > rng.random(3_000)
    closing = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(30, 900, 3_000), "D")
    table = pd.DataFrame(
        {
            "amount": amount,
            "income": income,
            "branch": rng.choice(["north", "south"], 3_000),
            "customer": [f"C{number}" for number in rng.permutation(3_000)],
            "calls": default * rng.poisson(3, 3_000),
            "closed_on": closing.where(recorded),
            "letters": default * rng.poisson(0.3, 3_000),
        }
    )
    for row in leak_suspects(table, default, 0.8).reset_index(names="name").to_dict("records"):
        verdict = ", suspect" if row["suspect"] else ""
        print(
            f"{row['name']}: AUC alone {row['values']:.2f}, of its nulls {row['nulls']:.2f}{verdict}"
        )
        #> calls: AUC alone 0.97, of its nulls 0.50, suspect
        #> closed_on: AUC alone 0.94, of its nulls 0.94, suspect
        #> amount: AUC alone 0.70, of its nulls 0.50
        #> income: AUC alone 0.69, of its nulls 0.50
        #> letters: AUC alone 0.62, of its nulls 0.50
        #> order of the rows: AUC alone 0.52, of its nulls 0.50
        #> branch: AUC alone 0.50, of its nulls 0.50
        #> customer: AUC alone 0.47, of its nulls 0.50
    order = np.argsort(default, kind="stable")
    alone = leak_suspects(table.iloc[order], default[order], 0.8)["values"].to_dict()
    print(f"file sorted by label: AUC of its order {alone['order of the rows']:.2f}")
    #> file sorted by label: AUC of its order 1.00
    # --8<-- [end:demo]
