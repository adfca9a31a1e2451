# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Moves of a real table: any kind of column, rows that come in customers, many columns at once.

Page: docs/data/watch-a-table.md
Source: studentised permutation of units; the smallest p-value of Westfall and Young
Task: watch a table of mixed columns whose rows belong to customers
Graduate to: scipy.stats.permutation_test
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable, Iterator
from math import ceil, lgamma, log
from numbers import Integral, Number, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import rankdata


def table_moves(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    unit: Hashable = None,
    *,
    smallest_effect: float = 0.1,
    false_alarm_rate: float = 0.05,
    permutations: int = 499,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare two windows of a table, column by column, against windows with shuffled units.

    Parameters
    ----------
    reference, current : DataFrame of shape (n, columns) and (m, columns)
        The same columns, then and now: numbers, booleans, text, categories or datetimes
        of one time zone.
        If a column went through float32, both are compared in that precision; a copy in
        float16 counts as a move.
    unit : hashable, optional
        Column that says whose row it is. Each unit counts as one in a window, however many rows
        it has; they move together, and a unit of both windows swaps its two parts. Take windows
        of as many whole weeks and about as many rows a unit: a longer one holds more of the rare
        units, and beside units of many more rows a rare value alarms too often. Without it, the
        rows are the units.
    smallest_effect : float
        Smallest effect that matters to you, between 0 and 1: for numbers the largest gap of
        the cumulative shares, at a hundred steps, for the rest the share that would have to change.
    false_alarm_rate : float
        Accepted chance of any false alarm in the whole table.
    permutations : int
        Number of shuffles; at least one over the rate, minus one.
    seed : int
        Seed of the shuffles.

    Returns
    -------
    DataFrame of shape (parts, 4)
        A row for the values of each column, for its missing values if there are any, and for
        hour and day of the week of a datetime instead of its values: ``effect``, ``p_value``,
        ``corrected`` for all rows of the report, and ``alarm``.

    Raises
    ------
    TypeError, ValueError
        If the tables do not fit together, a column is of no kind named above or holds
        infinity, an argument is out of range, or there are too few units for an alarm.
    """
    then, now = _table("reference", reference), _table("current", current)
    if list(then.columns) != list(now.columns):
        raise ValueError("current must have the columns of reference, in the same order")
    _between("smallest_effect", smallest_effect, 0, 1)
    _between("false_alarm_rate", false_alarm_rate, 0, 1)
    _whole("permutations", permutations, 1)
    _whole("seed", seed, 0)
    rate = float(false_alarm_rate)
    if (int(permutations) + 1) * rate < 1 - 1e-9:
        least = ceil(1 / rate - 1 - 1e-9)
        raise ValueError(f"permutations must be {least} or more, got {permutations}")
    block, window, owner = _blocks(then, now, unit)
    both = np.bincount(owner)[owner] > 1  # a unit of both windows has two blocks
    ones, zeros = (int((~both & (window == side)).sum()) for side in (1, 0))
    ways = lgamma(ones + zeros + 1) - lgamma(ones + 1) - lgamma(zeros + 1)
    alike = 2 if ones == zeros else 1  # a shuffle has the gap of its mirror image
    if ways + both.sum() / 2 * log(2) < log(alike / rate) - 1e-9:
        raise ValueError(f"unit must name more units: so few shuffles cannot alarm at {rate}")
    parts = {
        (column, what): _part(block[kept], codes[kept], len(window), ordered)
        for column in then
        if column != unit
        for what, codes, ordered in _parts(column, then[column], now[column], block)
        for kept in [codes >= 0]
    }
    rng, gaps = np.random.default_rng(seed), []
    labels = window[None].astype(np.float64)  # the observed windows come first
    widest = max(len(window), *(part[0].shape[1] for part in parts.values()))
    for start in range(0, int(permutations) + 1, size := max(1, 10_000_000 // widest)):
        many = min(size, int(permutations) + 1 - start)
        shuffled = _shuffled(window, owner, both, many - (not start), rng)
        labels = np.vstack([labels, shuffled]) if not start else shuffled
        labels = np.asfortranarray(labels)  # or each column copies it to transpose
        gaps.append(np.stack([_gap(*part, labels) for part in parts.values()], axis=-1))
    effect, statistic = np.concatenate(gaps, axis=1)
    statistic = np.round(statistic, 8)  # ties are ties, whatever the order of sums
    p_values = rankdata(-statistic, method="max", axis=0) / len(statistic)
    least = np.sort(p_values.min(axis=1))
    corrected = np.searchsorted(least, p_values[0], side="right") / len(least)
    index = pd.MultiIndex.from_tuples(parts, names=["column", "part"])
    report = pd.DataFrame({"effect": effect[0], "p_value": p_values[0]}, index=index)
    report["corrected"] = corrected
    report["alarm"] = (corrected <= rate) & (report["effect"] >= float(smallest_effect))
    return report


def _blocks(then: pd.DataFrame, now: pd.DataFrame, unit: Hashable) -> tuple[NDArray[Any], ...]:
    window = np.repeat([1, 0], [len(then), len(now)])
    if unit is None:
        return np.arange(len(window)), window, np.arange(len(window))
    if not isinstance(unit, Hashable) or unit not in then:
        raise ValueError(f"unit must be a column of reference and current: {unit!r}")
    units = pd.concat([then[unit], now[unit]], ignore_index=True)
    if units.isna().any() or then.shape[1] < 2:
        raise ValueError("unit must have no nulls, and other columns beside it")
    try:
        kinds = {Number if isinstance(one, Number) else type(one) for one in units.unique()}
    except TypeError as error:
        raise TypeError(f"unit must name single values: {error}") from error
    if len(kinds) > 1:
        raise TypeError("unit must be text in both of reference and current, or of one other kind")
    if units.dtype.kind == "f" and (units.abs() >= 2**53).any():
        raise ValueError("unit must hold numbers beyond 2**53 as integers")
    blocks, block = np.unique(pd.factorize(units)[0] * 2 + window, return_inverse=True)
    return block, blocks % 2, np.unique(blocks // 2, return_inverse=True)[1]


def _shuffled(
    window: NDArray[Any], owner: NDArray[Any], both: NDArray[Any], many: int, rng: Any
) -> NDArray[np.float64]:
    labels = np.tile(window, (many, 1))
    labels[:, ~both] = rng.permuted(labels[:, ~both], axis=1)
    swapped = rng.integers(0, 2, size=(many, owner.max() + 1), dtype=np.int8)
    labels[:, both] ^= swapped[:, owner[both]]
    return labels.astype(np.float64)


def _part(
    block: NDArray[Any], codes: NDArray[Any], blocks: int, ordered: bool
) -> tuple[Any, NDArray[np.float64], NDArray[np.float64], bool]:
    # The shares of each block, which counts as one however many rows it has, the sum of their
    # squares, and which blocks hold anything.
    rows = np.bincount(block, minlength=blocks)
    shape = blocks, codes.max() + 1
    shares = csr_array((1 / rows[block], (block, codes)), shape=shape)
    shares.sum_duplicates()
    square = shares.power(2).sum(axis=1)
    if ordered:
        step = max(1, 10_000_000 // shape[1])
        parts = [shares[start : start + step].toarray() for start in range(0, blocks, step)]
        square = np.concatenate([(part.cumsum(axis=1) ** 2).sum(axis=1) for part in parts])
    return shares, square, (rows > 0).astype(np.float64), ordered


def _gap(
    shares: Any,
    square: NDArray[np.float64],
    present: NDArray[np.float64],
    ordered: bool,
    labels: NDArray[np.float64],
) -> NDArray[np.float64]:
    # The gap of the mean shares, and the same in units of its spread: windows may differ in both.
    here = (shares.T @ labels.T).T
    means, spread = [], np.zeros(len(labels))
    for total, side in ((here, labels), (shares.sum(axis=0) - here, 1 - labels)):
        size = side @ present
        mean = total / np.maximum(size, 1)[:, None]
        mean = mean.cumsum(axis=1) if ordered else mean
        variance = side @ square / np.maximum(size, 1) - (mean**2).sum(axis=1)
        spread += np.maximum(variance, 0) / np.maximum(size - 1, 1)
        means.append(mean)
    gap = np.abs(means[0] - means[1])
    effect = np.round(gap.max(axis=1) if ordered else gap.sum(axis=1) / 2, 12)  # 0.1 is 0.1
    return np.stack([effect, effect / np.sqrt(np.round(spread, 12) + 1e-9)])


def _parts(
    column: Hashable, then: pd.Series, now: pd.Series, block: NDArray[Any]
) -> Iterator[tuple[str, NDArray[Any], bool]]:
    # The name of each part, a code for each row (-1 where it is missing), and if codes are ordered.
    names = (f"{name}: column {column!r}" for name in ("reference", "current"))
    sides = [_values(name, side) for name, side in zip(names, (then, now), strict=True)]
    absent = [side.isna().to_numpy() for side in sides]
    filled = [side for side, none in zip(sides, absent, strict=True) if not none.all()]
    kinds = {side.dtype.kind for side in filled}
    if len(kinds) > 1:
        raise TypeError(f"reference and current must hold one kind in column {column!r}")
    if len({str(getattr(side.dtype, "tz", None)) for side in filled}) > 1:
        raise TypeError(f"reference and current must hold one time zone in column {column!r}")
    gone = np.concatenate(absent)
    if gone.any():
        yield "missing", gone.astype(np.int64), False
    codes = np.full(gone.size, -1)
    if kinds == {"M"}:
        moments = pd.concat(filled).dropna().dt
        for what in ("hour", "day_of_week"):
            codes[~gone] = getattr(moments, what)
            yield what, codes.copy(), False
    elif kinds == {"f"}:  # in a hundred steps, of as many units each
        pairs = zip(sides, absent, strict=True)
        known = [side.to_numpy()[~none].astype(np.float64) for side, none in pairs]
        number, held = np.concatenate(_same_precision(*known)), block[~gone]
        whole, at = 1 / np.bincount(held)[held], np.linspace(0, 1, 101)
        steps = np.unique(np.quantile(number, at, weights=whole, method="inverted_cdf"))
        codes[~gone] = np.searchsorted(steps, number)
        yield "values", codes, True
    elif kinds:
        codes[~gone] = pd.factorize(pd.concat(filled).dropna())[0]
        yield "values", codes, False


def _values(name: str, column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object:
        column = column.astype(object).convert_dtypes()
    if pd.api.types.is_datetime64_any_dtype(column):
        return column
    if pd.api.types.is_numeric_dtype(column) and column.dtype.kind != "c":
        numbers = column.to_numpy(np.float64, na_value=np.nan)
        if np.isinf(numbers).any():
            raise ValueError(f"{name} must not hold infinity")
        return pd.Series(numbers)
    if column.notna().any() and not pd.api.types.is_string_dtype(column):
        raise TypeError(f"{name} must hold numbers, text or datetimes, got {column.dtype}")
    return column.astype(object)


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _same_precision(*sides: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    # A copy that went through float32 has not moved: if one side did, all are compared in it.
    # 0.5 or 40 is the same in both, so a side of such numbers alone does not tell.
    with np.errstate(invalid="ignore", over="ignore"):
        short = [side.astype(np.float32).astype(np.float64) for side in sides]
        tells = [((side * 1024 % 1 > 0) | (np.abs(side) > 2**24)).any() for side in sides]
    pairs = zip(sides, short, tells, strict=True)
    copies = (tell and np.array_equal(a, b, equal_nan=True) for a, b, tell in pairs)
    return short if any(copies) else list(sides)


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)

    def week(moved=0.0):
        customer = np.repeat(rng.integers(10**9, size=60), 10)
        habits = 0.9 * np.repeat(rng.normal(size=(60, 4)), 10, axis=0)
        amount, plan, gone, hour = (habits + 0.45 * rng.normal(size=(600, 4)) + moved).T
        return pd.DataFrame(
            {
                "customer": customer,
                "amount": np.where(gone > 1, np.nan, amount),
                "plan": np.where(plan > 0, "pro", "basic"),
                "ordered": pd.Timestamp("2026-03-02") + pd.to_timedelta(12 + 4 * hour, "h"),
            }
        )

    for unit in (None, "customer"):
        quiet = [table_moves(week(), week(), unit, permutations=99) for _ in range(30)]
        alarms = np.mean([report["alarm"].any() for report in quiet])
        print(f"permuting {unit or 'row'}s: alarm in {alarms:.0%} of the quiet weeks")
        #> permuting rows: alarm in 93% of the quiet weeks
        #> permuting customers: alarm in 0% of the quiet weeks
    report = table_moves(week(), week(moved=1.0), "customer").reset_index()
    for row in report.itertuples():
        print(
            f"moved week, {row.part} of {row.column}: effect {row.effect:.2f}, alarm: {row.alarm}"
        )
        #> moved week, missing of amount: effect 0.35, alarm: True
        #> moved week, values of amount: effect 0.26, alarm: True
        #> moved week, values of plan: effect 0.23, alarm: True
        #> moved week, hour of ordered: effect 0.44, alarm: True
        #> moved week, day_of_week of ordered: effect 0.01, alarm: False
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    machine, level = np.repeat(np.arange(12), 50), np.repeat(rng.normal(size=12), 50)

    def readings(drift):
        noise = rng.normal(size=level.size)
        return pd.DataFrame({"machine": machine, "heat": level + drift + 0.5 * noise})

    before, after = readings(drift=0.0), readings(drift=0.3)
    renamed = after.assign(machine=after["machine"] + 100)  # as if they were other machines
    for said, now in (("the same machines", after), ("other machines", renamed)):
        p_value = table_moves(before, now, "machine")["p_value"].iloc[0]
        print(f"{said}: p {'below' if p_value < 0.01 else 'above'} 0.01")
        #> the same machines: p below 0.01
        #> other machines: p above 0.01
    # --8<-- [end:solution]
