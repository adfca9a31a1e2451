# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""Give each request the newest row that was known before it: a point-in-time join.

Page: docs/beyond/hunt-leakage.md
Source: as-of join, as merge_asof of pandas
Task: join features as they were known at the time of each request
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd


def as_of_join(
    requests: pd.DataFrame, history: pd.DataFrame, unit: Hashable, asked: Hashable, known: Hashable
) -> pd.DataFrame:
    """Join to each request the last row of its unit that was known before it was asked.

    Parameters
    ----------
    requests : DataFrame of shape (n, columns)
        One row for each time that the model is asked.
    history : DataFrame of shape (rows, features)
        Every version of the features, none overwritten.
    unit : hashable
        Column of both tables: customer, machine, patient.
    asked : hashable
        Column of `requests`: when the model is asked, as dates or numbers.
    known : hashable
        Column of `history`: when the row was written, not what it is about.

    Returns
    -------
    DataFrame of shape (n, columns + features - 1)
        The requests in their order, with the columns of `history`; missing where nothing was
        known yet. A row written at the very moment of the request counts as later.

    Raises
    ------
    TypeError, ValueError
        If a column is missing, holds nulls, stands in both tables, or the times of `requests`
        and `history` cannot be compared.
    """
    left, right = _table("requests", requests), _table("history", history)
    for name, table, columns in (
        ("requests", left, {"unit": unit, "asked": asked}),
        ("history", right, {"unit": unit, "known": known}),
    ):
        for argument, column in columns.items():
            if column not in table or table[column].isna().any():
                raise ValueError(
                    f"{argument} must be a column of {name}, without nulls: {column!r}"
                )
    for column in set(right) - {unit}:
        _free("history", column, left)
    times = pd.concat([left[asked], right[known]], ignore_index=True).infer_objects()
    if times.dtype.kind not in "iufMm":
        raise TypeError("requests and history must have times of one kind, dates or numbers")
    units = pd.factorize(pd.concat([left[unit], right[unit]], ignore_index=True))[0]
    moments = pd.factorize(times, sort=True)[0]
    keys = units * (moments.max() + 1) + moments  # sorts by unit, then by time
    order = np.argsort(keys[len(left) :], kind="stable")
    last = np.searchsorted(keys[len(left) :][order], keys[: len(left)]) - 1
    own = (last >= 0) & (units[len(left) :][order][last] == units[: len(left)])
    found = right.drop(columns=unit).iloc[order].reset_index(drop=True)
    found = found.reindex(np.where(own, last, -1))  # there is no row -1: missing
    return left.join(found.set_axis(left.index)).set_axis(requests.index)


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    return table.reset_index(drop=True)


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    day = pd.to_datetime
    requests = pd.DataFrame(
        {"customer": [1, 1, 2], "asked": day(["2026-03-02", "2026-03-09", "2026-03-02"])}
    )
    history = pd.DataFrame(
        {
            "customer": [1, 1, 2],
            "written": day(["2026-03-01", "2026-03-08", "2026-03-05"]),
            "late_payments": [0, 3, 1],
        }
    )
    for row in as_of_join(requests, history, "customer", "asked", "written").itertuples():
        print(
            f"customer {row.customer}, asked {row.asked:%d %B}: late payments {row.late_payments:.0f}"
        )
        #> customer 1, asked 02 March: late payments 0
        #> customer 1, asked 09 March: late payments 3
        #> customer 2, asked 02 March: late payments nan
    # --8<-- [end:demo]
