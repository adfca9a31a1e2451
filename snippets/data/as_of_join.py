# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""Give each request the newest value that was known before it: a point-in-time join.

Page: docs/data/join-as-of.md
Source: as-of join, as merge_asof of pandas, on the time of writing
Task: join features as they were known at the time of each request
Graduate to: pandas.merge_asof
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd


def as_of_join(
    requests: pd.DataFrame,
    history: pd.DataFrame,
    unit: Hashable,
    asked: Hashable,
    known: Hashable,
    about: Hashable = None,
) -> pd.DataFrame:
    """Join to each request the newest row of its unit that was known before it was asked.

    Parameters
    ----------
    requests : DataFrame of shape (n, columns)
        One row for each time that the model is asked.
    history : DataFrame of shape (rows, features)
        Every version of the features, none overwritten.
    unit : hashable
        Column of both tables: customer, machine, patient.
    asked : hashable
        Column of `requests`: when the model is asked, as dates, or as numbers of one unit in
        both tables; beside float32, all are compared in that precision.
    known : hashable
        Column of `history`: when the row was written, not what it is about.
    about : hashable, optional
        Column of `history`: the time that the row describes. With it, the newest row is the one
        about the latest time, in its last version; without it, the one that was written last.

    Returns
    -------
    DataFrame of shape (n, columns + features - 1)
        The requests in their order, with the columns of `history`; missing where nothing was
        known yet, which turns whole numbers into float, and those beyond 2**53 into Int64. A row
        written at the very moment of the request counts as later, and of two rows with the same
        times the lower one counts.

    Raises
    ------
    TypeError, ValueError
        If a column is missing, holds nulls, stands in both tables, if the times or units of
        `requests` and `history` cannot be compared (text, two time zones, dates and
        numbers, seconds and nanoseconds), or a row is about a time after it was known.
    """
    left, right = _table("requests", requests), _table("history", history)
    columns = [("requests", left, "unit", unit), ("requests", left, "asked", asked)]
    columns += [("history", right, "unit", unit), ("history", right, "known", known)]
    columns += [] if about is None else [("history", right, "about", about)]
    for name, table, argument, column in columns:
        values = table[column] if isinstance(column, Hashable) and column in table else None
        if values is None or values.isna().any() or (values != values).any():  # a NaN of Float64
            raise ValueError(f"{argument} must be a column of {name}, without nulls: {column!r}")
    for column in set(right) - {unit}:
        _free("history", column, left)
    stamps = [left[asked], right[known], right[known if about is None else about]]
    times = pd.concat(stamps, ignore_index=True).infer_objects()
    if times.dtype.kind not in "iufMm" or len({column.dtype.kind in "Mm" for column in stamps}) > 1:
        raise TypeError(
            "requests and history must have times of one kind and time zone, or numbers"
        )
    if times.dtype.kind in "iuf":  # after 1973 in seconds, and nothing else is so far apart
        sides = times[: len(left)], times[len(left) : len(left) + len(right)]
        early, late = sorted((float(side.min()), float(side.max())) for side in sides)
        if early[0] > 1e8 and late[0] > 500 * early[1]:
            raise ValueError(
                "requests and history must have times of one unit, not seconds and nanoseconds"
            )
    keys = pd.concat([left[unit], right[unit]], ignore_index=True)
    compared = [*stamps, left[unit], right[unit]]
    short = [one for one in compared if str(one.dtype).lower() == "float32"]
    for values, bits in ((times, 53), (keys, 53), *((one, 24) for one in short)):
        if values.dtype.kind == "f" and (values[values.abs() < np.inf].abs() >= 2**bits).any():
            raise ValueError(f"requests and history must hold numbers beyond 2**{bits} as integers")
    if times.dtype.kind == "f":  # 0.7 - 0.4 is 0.3, and 20_000.7 - 0.4 is 20_000.3
        coarse = any(str(one.dtype).lower() == "float32" for one in stamps)  # whose 0.7 is 0.7
        times = times.astype(np.float32 if coarse else np.float64)
        last_bits = 2 * np.spacing(times[times.abs() < np.inf].abs().max())
        gaps = times.sort_values().diff() > min(max(1e-12, last_bits), 0.5)
        times = gaps.cumsum().sort_index()
    units, names = pd.factorize(keys)
    kinds = {Number if isinstance(one, Number) else type(one) for one in names}
    if names.dtype == object and len(kinds) > 1:
        raise TypeError(
            "requests and history must not name a unit by text, number and date at once"
        )
    n, moments = len(left), pd.factorize(times, sort=True)[0]
    written, described = moments[n : n + len(right)], moments[n + len(right) :]
    if (described > written).any():
        raise ValueError("history must not hold rows that are about a time after they were known")
    span = units * (moments.max() + 1)  # sorts by unit, then by time
    order = np.argsort(span[n:] + written, kind="stable")
    newest = np.lexsort((written, described, units[n:]))
    place = np.argsort(newest)  # of the rows so far, the one about the latest time
    newest = order if about is None else newest[np.maximum.accumulate(place[order])]
    last = np.searchsorted((span[n:] + written)[order], span[:n] + moments[:n]) - 1
    own = (last >= 0) & (units[n:][order][last] == units[:n])
    found = right.drop(columns=unit).iloc[newest].reset_index(drop=True)
    for name in found.select_dtypes(["int64", "uint64"]) if not own.all() else ():
        if (found[name].abs() >= 2**53).any():  # as float, it would be another number
            found[name] = found[name].convert_dtypes()
    found = found.reindex(np.where(own, last, -1))  # there is no row -1: missing
    return left.join(found.set_axis(left.index)).set_axis(requests.index)


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    day = pd.to_datetime
    history = pd.DataFrame(
        {
            "customer": [1, 1, 1],
            "about": day(["2026-03-02", "2026-03-03", "2026-03-02"]),
            "written": day(["2026-03-03", "2026-03-04", "2026-03-07"]),
            "payments_missed": [0, 2, 1],  # 2 March is corrected on the 7th
        }
    )
    asked = day(["2026-03-03", "2026-03-05", "2026-03-09"])
    requests = pd.DataFrame({"customer": 1, "asked": asked})
    columns = {"unit": "customer", "asked": "asked", "known": "written"}
    newest = as_of_join(requests, history, **columns, about="about")
    written_last = as_of_join(requests, history, **columns)
    for good, bad in zip(newest.itertuples(), written_last.itertuples(), strict=True):
        print(
            f"asked on day {good.asked:%d}: newest value known {good.payments_missed:.0f}, "
            f"written last {bad.payments_missed:.0f}"
        )
        #> asked on day 03: newest value known nan, written last nan
        #> asked on day 05: newest value known 2, written last 2
        #> asked on day 09: newest value known 2, written last 1
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rng = np.random.default_rng(0)
    shop = rng.integers(0, 300, 5_000)
    orders = pd.DataFrame({"shop": shop, "ordered": np.sort(rng.uniform(0, 365, 5_000))})
    orders["returned"] = rng.random(5_000) < 0.2
    history = pd.DataFrame({"shop": shop, "known": orders["ordered"] + 30})
    past = orders.groupby("shop")["returned"]
    history["returns"], history["orders"] = past.cumsum(), past.cumcount() + 1

    joined = as_of_join(orders, history, "shop", "ordered", "known").fillna(0)
    joined["rate"] = (joined["returns"] + 0.2 * 20) / (joined["orders"] + 20)
    everything = past.transform("mean")
    for name, rate in (("as of the order", joined["rate"]), ("of all orders", everything)):
        gap = rate[orders["returned"]].mean() - rate[~orders["returned"]].mean()
        print(f"rate {name}: mean differs by {gap:z.3f} between returned and kept")
        #> rate as of the order: mean differs by 0.000 between returned and kept
        #> rate of all orders: mean differs by 0.059 between returned and kept
    # --8<-- [end:solution]
