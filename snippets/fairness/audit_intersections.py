# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Selection rates of every combination of attributes, with intervals that hold together.

Page: docs/fairness/audit-groups.md
Source: C. J. Clopper and E. S. Pearson's exact interval, 1934; Bonferroni's correction
Task: audit every combination of attributes
Graduate to: fairlearn.metrics.MetricFrame
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from itertools import combinations
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta


def audit_intersections(
    selected: ArrayLike, attributes: pd.DataFrame, confidence: float = 0.95
) -> pd.DataFrame:
    """Compute the selection rate of each value, each pair of values, and so on.

    Parameters
    ----------
    selected : array-like of shape (n,)
        1 for a favourable decision, 0 for none.
    attributes : DataFrame of shape (n, attributes)
        Categories such as an age band; a continuous column would make a cell of every row.
    confidence : float
        Confidence that all intervals of the table are right together, between 0 and 1.

    Returns
    -------
    DataFrame of shape (cells, 6)
        One line a cell, such as "sex=f" or "sex=f, age=old": ``attributes``, how many it combines;
        ``rows``; ``rate`` from ``low`` to ``high``; ``differs`` if the interval leaves out
        the rate of all rows.

    Raises
    ------
    TypeError, ValueError
        If ``attributes`` is no DataFrame, an argument is empty or holds missing values, the
        lengths differ, two cells have one name, or ``confidence`` is out of range.
    """
    flags, table = _flags("selected", selected), _table("attributes", attributes)
    _same_rows(selected=flags, attributes=table)
    _between("confidence", confidence, 0, 1)
    if table.isna().to_numpy().any():
        raise ValueError("attributes must have no missing values")
    cells = [
        (", ".join(f"{name}={value}" for name, value in zip(names, values)), size, hits, rows)
        for size in range(1, table.shape[1] + 1)
        for names in combinations(table, size)
        for values, hits, rows in _counts(flags, table[list(names)])
    ]
    each = 1 - (1 - float(confidence)) / len(cells)
    columns = ["cell", "attributes", "hits", "rows"]
    report = pd.DataFrame(cells, columns=columns).set_index("cell")
    if not report.index.is_unique:
        raise ValueError(
            "attributes must not have two values that read the same, such as 1 and '1'"
        )
    report["rate"] = report["hits"] / report["rows"]
    report["low"], report["high"] = _exact(report.pop("hits"), report["rows"], each)
    report["differs"] = (report["low"] > flags.mean()) | (report["high"] < flags.mean())
    return report


def _counts(flags: NDArray[np.bool_], table: pd.DataFrame) -> list[tuple[Any, int, int]]:
    keys = [table[name].astype(object).to_numpy() for name in table]
    try:
        counts = pd.Series(flags.astype(int)).groupby(keys).agg(["sum", "size"])
    except TypeError as error:
        raise TypeError(f"attributes must hold single values: {error}") from error
    names = counts.index if len(keys) > 1 else zip(counts.index)
    return list(zip(names, counts["sum"], counts["size"]))


def _exact(hits: pd.Series, rows: pd.Series, confidence: float) -> tuple[Any, Any]:
    tail = (1 - confidence) / 2  # C. J. Clopper and E. S. Pearson, 1934
    low, high = beta.ppf(tail, hits, rows - hits + 1), beta.isf(tail, hits + 1, rows - hits)
    return np.where(hits == 0, 0, low), np.where(hits == rows, 1, high)


def _flags(name: str, values: ArrayLike) -> NDArray[np.bool_]:
    array = _numbers(name, values)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold 0 and 1 only")
    return array == 1


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def decisions(seed, hidden=0.1, rows=4_000):
        rng = np.random.default_rng(seed)
        people = pd.DataFrame(
            {
                "sex": rng.choice(["women", "men"], rows),
                "age": rng.choice(["young", "old"], rows),
                "region": rng.choice(["north", "south", "east"], rows),
            }
        )
        favoured = (people["sex"] == "men") ^ (people["age"] == "old")
        return rng.random(rows) < np.where(favoured, 0.3 + hidden, 0.3 - hidden), people

    selected, people = decisions(seed=0)
    table = audit_intersections(selected, people)
    print(f"selected: {selected.mean():.0%} of {selected.size:,} rows, {len(table)} cells")
    #> selected: 30% of 4,000 rows, 35 cells
    for name in ("sex=women", "age=young", "sex=women, age=young"):
        cell = table.loc[name]
        print(
            f"{name}: {cell.rate:.0%} ({cell.low:.0%} to {cell.high:.0%}), differs: {cell.differs}"
        )
        #> sex=women: 29% (26% to 33%), differs: False
        #> age=young: 30% (27% to 33%), differs: False
        #> sex=women, age=young: 21% (17% to 25%), differs: True
    even = audit_intersections(*decisions(seed=0, hidden=0))
    print(f"the same chance for all: {even['differs'].sum()} of {len(even)} cells differ")
    #> the same chance for all: 0 of 35 cells differ
    # --8<-- [end:demo]
