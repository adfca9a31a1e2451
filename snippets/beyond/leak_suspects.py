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
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import roc_auc_score


def leak_suspects(table: pd.DataFrame, labels: ArrayLike, believable: float) -> pd.DataFrame:
    """Rank columns by the AUC of each alone, and suspect those that are too good.

    Numbers are cut into twenty bins of equal size, nulls are a bin of their own, and each
    bin or category is scored by its share of events in other folds. The order of the rows
    is ranked like a column.

    Parameters
    ----------
    table : DataFrame of shape (n, features)
        Rows in the order of the file, at least 100 of them; dates as numbers of days.
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
    ValueError
        If ``table`` is no DataFrame or has too few rows, labels are not 0 and 1, or
        ``believable`` is out of range.
    """
    if not isinstance(table, pd.DataFrame) or len(table) < 100:
        raise ValueError("table must be a DataFrame with at least 100 rows")
    labels = np.asarray(labels)
    if labels.shape != (len(table),) or set(np.unique(labels)) != {0, 1}:
        raise ValueError("labels must be 0 and 1, both of them, one for each row of table")
    if not isinstance(believable, Real) or not 0.5 <= believable < 1:
        raise ValueError(f"believable must be between 0.5 and 1, got {believable!r}")
    columns = {"order of the rows": pd.Series(np.arange(len(table)))}
    columns |= {name: table[name].reset_index(drop=True) for name in table}
    rows = {
        name: {"values": _alone(_bins(column), labels), "nulls": _alone(column.isna(), labels)}
        for name, column in columns.items()
    }
    report = pd.DataFrame.from_dict(rows, orient="index").sort_values("values", ascending=False)
    return report.assign(suspect=report.max(axis=1) > believable)


def _bins(column: pd.Series) -> pd.Series:
    present = column.dropna()
    if column.dtype.kind not in "iuf" or present.nunique() <= 20:
        return column.astype(str)
    edges = np.quantile(present, np.arange(1, 20) / 20, method="inverted_cdf")
    return pd.Series(np.searchsorted(np.unique(edges), column)).mask(column.isna(), -1)


def _alone(values: pd.Series, labels: np.ndarray) -> float:
    codes = pd.factorize(values, use_na_sentinel=False)[0]
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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    amount, income = rng.normal(size=(2, 3_000))
    default = (rng.logistic(size=3_000) < amount - income - 1).astype(int)
    recorded = np.where(default == 1, 0.95, 0.05) > rng.random(3_000)
    table = pd.DataFrame(
        {
            "amount": amount,
            "income": income,
            "branch": rng.choice(["north", "south"], 3_000),
            "customer": [f"C{number}" for number in rng.permutation(3_000)],
            "calls": default * rng.poisson(3, 3_000),
            "days_to_closing": np.where(recorded, rng.integers(30, 900, 3_000), np.nan),
            "letters": default * rng.poisson(0.3, 3_000),
        }
    )
    report = leak_suspects(table, default, believable=0.8)
    for name, row in report.iterrows():
        print(
            f"{name}: AUC alone {row['values']:.2f}, of its nulls {row.nulls:.2f}"
            f"{', suspect' if row.suspect else ''}"
        )
        #> calls: AUC alone 0.97, of its nulls 0.50, suspect
        #> days_to_closing: AUC alone 0.95, of its nulls 0.94, suspect
        #> amount: AUC alone 0.70, of its nulls 0.50
        #> income: AUC alone 0.69, of its nulls 0.50
        #> letters: AUC alone 0.61, of its nulls 0.50
        #> order of the rows: AUC alone 0.52, of its nulls 0.50
        #> customer: AUC alone 0.50, of its nulls 0.50
        #> branch: AUC alone 0.50, of its nulls 0.50
    by_label = np.argsort(default, kind="stable")
    order = leak_suspects(table.iloc[by_label], default[by_label], 0.8).loc["order of the rows"]
    print(f"sorted by label, order of the rows: AUC alone {order['values']:.2f}")
    #> sorted by label, order of the rows: AUC alone 1.00
    # --8<-- [end:demo]
