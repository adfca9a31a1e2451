# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""The usual alternative to gates: a weighted sum of columns scaled to the same range.

Page: docs/requirements/model-scorecard.md
Source: additive weighting with min-max scaling
Task: choose a model by a weighted sum of columns
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Mapping
from numbers import Real

import numpy as np
import pandas as pd


def weighted_sum(costs: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Scale each column from 0, its best, to 1, its worst, and add them up.

    Parameters
    ----------
    costs : DataFrame of shape (models, numbers)
        Less is better in every column. Equal values in a column count as 0.
    weights : mapping from column to weight
        One for each column, none below 0.

    Returns
    -------
    Series of shape (models,)
        The smallest is the winner.

    Raises
    ------
    TypeError, ValueError
        If ``costs`` is no numeric DataFrame, or ``weights`` do not fit its columns.
    """
    if not isinstance(costs, pd.DataFrame):
        raise TypeError(f"costs must be a DataFrame, got {type(costs).__name__}")
    if costs.empty or not all(kind.kind in "iuf" for kind in costs.dtypes):
        raise ValueError("costs must have rows, and numbers in every column")
    if not np.isfinite(costs.to_numpy()).all():
        raise ValueError("costs must not hold NaN or infinity")
    if not isinstance(weights, Mapping) or set(weights) != set(costs.columns):
        raise ValueError("weights must map every column of costs to a number, and nothing else")
    if not all(isinstance(w, Real) and 0 <= w < np.inf for w in weights.values()):
        raise ValueError("weights must be numbers of at least 0")
    span = (costs.max() - costs.min()).replace(0, 1)
    return ((costs - costs.min()) / span * pd.Series(weights)).sum(axis=1)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    costs = pd.DataFrame(
        {"loss": [5.00, 4.40, 5.40], "reads": [60, 440, 12]}, index=["small", "large", "linear"]
    )
    hopeless = pd.DataFrame({"loss": [5.60], "reads": [5_000]}, index=["hopeless"])
    for name, table in (("three models", costs), ("with hopeless", pd.concat([costs, hopeless]))):
        scores = weighted_sum(table, {"loss": 0.5, "reads": 0.5})
        gated = table.loc[table["reads"] <= 100, "loss"].idxmin()
        print(
            f"{name}: the weighted sum of small is {scores['small']:.2f}, of large "
            f"{scores['large']:.2f}; the gate chooses {gated}"
        )
        #> three models: the weighted sum of small is 0.36, of large 0.50; the gate chooses small
        #> with hopeless: the weighted sum of small is 0.25, of large 0.04; the gate chooses small
    # --8<-- [end:demo]
