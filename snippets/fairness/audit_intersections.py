# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Selection rates of every combination of attributes, with intervals that hold together.

Page: docs/fairness/audit-groups.md
Source: E. B. Wilson's interval, 1927; Bonferroni's correction
Task: audit every combination of attributes
Graduate to: fairlearn.metrics.MetricFrame
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from itertools import combinations
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm


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
        lengths differ, or ``confidence`` is out of range.
    """
    flags = np.asarray(selected)
    if flags.dtype.kind not in "biuf" or flags.ndim != 1 or not np.isin(flags, (0, 1)).all():
        raise ValueError("selected must be a list of 0 and 1")
    if not isinstance(attributes, pd.DataFrame):
        raise TypeError(f"attributes must be a DataFrame, got {type(attributes).__name__}")
    if attributes.empty or attributes.isna().to_numpy().any() or len(attributes) != flags.size:
        raise ValueError("attributes must have a value for every row of selected, and rows")
    if not isinstance(confidence, Real) or not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence!r}")

    cells = [
        (", ".join(f"{name}={value}" for name, value in zip(names, values)), size, hits, rows)
        for size in range(1, attributes.shape[1] + 1)
        for names in combinations(attributes, size)
        for values, hits, rows in _counts(flags, attributes[list(names)])
    ]
    each = 1 - (1 - confidence) / len(cells)
    table = pd.DataFrame(cells, columns=["cell", "attributes", "hits", "rows"]).set_index("cell")
    table["rate"] = table["hits"] / table["rows"]
    table["low"], table["high"] = _wilson(table.pop("hits"), table["rows"], each)
    table["differs"] = (table["low"] > flags.mean()) | (table["high"] < flags.mean())
    return table


def _counts(flags: np.ndarray, columns: pd.DataFrame) -> list[tuple[tuple[str, ...], int, int]]:
    keys = [column.to_numpy() for _, column in columns.items()]
    counts = pd.Series(flags).groupby(keys).agg(["sum", "size"]).astype(int)
    names = counts.index if len(keys) > 1 else zip(counts.index)
    return list(zip(names, counts["sum"], counts["size"]))


def _wilson(hits: pd.Series, rows: pd.Series, confidence: float) -> tuple[pd.Series, pd.Series]:
    share, z = hits / rows, norm.isf((1 - confidence) / 2)
    centre = share + z**2 / (2 * rows)
    reach = z * np.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    return (centre - reach) / (1 + z**2 / rows), (centre + reach) / (1 + z**2 / rows)


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
    for name, cell in table[table["attributes"] == 1].iterrows():
        print(
            f"{name}: {cell.rate:.0%}, {cell.low:.0%} to {cell.high:.0%}, differs: {cell.differs}"
        )
        #> sex=men: 30%, 27% to 34%, differs: False
        #> sex=women: 29%, 26% to 33%, differs: False
        #> age=old: 30%, 27% to 33%, differs: False
        #> age=young: 30%, 27% to 33%, differs: False
        #> region=east: 29%, 26% to 34%, differs: False
        #> region=north: 28%, 25% to 32%, differs: False
        #> region=south: 32%, 28% to 36%, differs: False
    pairs = table[(table["attributes"] == 2) & table["differs"]]
    for name, cell in pairs.iterrows():
        print(
            f"{name}: {cell.rate:.0%}, {cell.low:.0%} to {cell.high:.0%}, differs: {cell.differs}"
        )
        #> sex=men, age=old: 22%, 18% to 26%, differs: True
        #> sex=men, age=young: 39%, 34% to 44%, differs: True
        #> sex=women, age=old: 38%, 33% to 43%, differs: True
        #> sex=women, age=young: 21%, 17% to 25%, differs: True

    even = audit_intersections(*decisions(seed=0, hidden=0))
    print(f"the same chance for all: {even['differs'].sum()} of {len(even)} cells differ")
    #> the same chance for all: 0 of 35 cells differ
    # --8<-- [end:demo]
