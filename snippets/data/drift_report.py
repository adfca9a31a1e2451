# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Drift alarms for a whole table: an effect size next to every corrected p-value.

Page: docs/data/drift-threshold.md
Source: the Kolmogorov-Smirnov, chi-square and Fisher tests of scipy.stats; Bonferroni's correction
Task: watch a whole table for drift, with effect sizes
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import math
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2, fisher_exact, ks_2samp, kstwo, kstwobign


def drift_report(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    *,
    smallest_effect: float = 0.1,
    false_alarm_rate: float = 0.05,
) -> pd.DataFrame:
    """Compare every column, and alarm only if a shift is both real and large.

    Parameters
    ----------
    reference, current : DataFrame of shape (n, features) and (m, features)
        The same columns, then and now: numbers, booleans, text or categories of them, with
        independent rows. Missing values count: as a category, or as smaller than any number,
        and in a test of their own where their share moves by the smallest effect.
        If a column went through float32, both are compared in that precision; a copy in
        float16 counts as drift.
    smallest_effect : float
        Smallest effect that matters to you, between 0 and 1. For numbers it is the largest
        gap between the two cumulative shares (the Kolmogorov-Smirnov distance), for text
        the share of rows that would have to change (the total variation distance).
    false_alarm_rate : float
        Accepted chance of any false alarm in the whole table.

    Returns
    -------
    DataFrame of shape (features, 4)
        ``effect``; ``p_value`` of the feature alone: Kolmogorov-Smirnov for numbers, where one
        value has a quarter of the rows with its ties; chi-square for text and up to twenty
        different numbers that repeat. There, rare values share a cell with those seen about as
        often, and Fisher's test decides where they are too few rows; ``corrected`` for the
        number of features (Bonferroni); ``alarm`` if both the effect and the corrected p-value
        say so.

    Raises
    ------
    TypeError, ValueError
        If a table is no DataFrame, is empty, repeats a column name or holds dates or
        infinity, if the columns or their kinds differ, or if a rate is out of range.
    """
    reference, current = _table("reference", reference), _table("current", current)
    if list(reference.columns) != list(current.columns):
        raise ValueError("current must have the columns of reference, in the same order")
    _between("smallest_effect", smallest_effect, 0, 1)
    _between("false_alarm_rate", false_alarm_rate, 0, 1)
    smallest = float(smallest_effect)
    tests = [_compare(name, reference[name], current[name], smallest) for name in reference]
    report = pd.DataFrame(tests, columns=["effect", "p_value"], index=reference.columns)
    report["corrected"] = (report["p_value"] * len(report)).clip(upper=1)
    report["alarm"] = (report["corrected"] < float(false_alarm_rate)) & (
        report["effect"] >= smallest
    )
    return report


def _compare(
    name: Any, reference: pd.Series, current: pd.Series, smallest: float
) -> tuple[float, float]:
    then = _numbers_or_text(f"reference: column {name!r}", reference)
    now = _numbers_or_text(f"current: column {name!r}", current)
    kinds = {v.dtype.kind for v, column in ((then, reference), (now, current)) if column.count()}
    if kinds == {"f", "O"}:
        raise TypeError(f"current: column {name!r} must hold the kind of reference")
    if "O" in kinds:
        codes, values = pd.factorize(np.concatenate([then, now]), use_na_sentinel=False)
    else:
        both = np.concatenate(_same_precision(then, now))
        both = np.where(np.isnan(both), -np.inf, both)  # smaller than any other
        values, codes = np.unique(both, return_inverse=True)
    parts = codes[: len(then)], codes[len(then) :]
    counts = np.stack([np.bincount(part, minlength=len(values)) for part in parts])
    gaps = counts[0] / len(then) - counts[1] / len(now)
    effect = np.abs(gaps).sum() / 2 if "O" in kinds else np.abs(np.cumsum(gaps)).max()
    effect = np.round(effect, 12)  # a tenth of the rows is 0.1
    if "O" in kinds or len(values) <= min(20, len(then) / 2, len(now) / 2):
        return float(effect), _chi_square(counts)
    crowded = 4 * counts.sum(axis=0).max() >= counts.sum()  # no gap can open within a value
    p_value = _with_ties(counts, effect) if crowded else _kolmogorov_smirnov(*parts, effect)
    if np.isneginf(values[0]):  # 15 missing of 100 are much to a test of them, little to all values
        halves = np.hstack([counts[:, :1], counts[:, 1:].sum(axis=1, keepdims=True)])
        missing = _chi_square(halves) if np.round(abs(gaps[0]), 12) >= smallest else 1.0
        p_value = min(1.0, 2 * min(p_value, missing))  # two tests
    return float(effect), p_value


def _kolmogorov_smirnov(then: NDArray[np.intp], now: NDArray[np.intp], effect: float) -> float:
    if len(then) * len(now) <= 10_000:
        return float(ks_2samp(then, now).pvalue)  # exact
    rows = round(len(then) * len(now) / (len(then) + len(now)))
    if rows > 20_000:  # the finer form takes longer with every row, and says the same
        return float(kstwobign.sf(effect * np.sqrt(rows)))
    return float(kstwo.sf(effect, rows))


def _with_ties(counts: NDArray[np.intp], effect: float) -> float:
    # The chance of such a gap if the smaller side's rows were drawn from all of them, one by one.
    rows = np.sort(counts.sum(axis=1))
    few = min(int(rows[0]), 2_000)  # of more than 4,000 rows together, the same shares
    many = min(int(rows[1]), 4_000 - few)
    total, reach = few + many, effect * (1 - 1e-9) * np.sqrt(rows.prod() / rows.sum())
    reach *= np.sqrt(few * many / total)
    ends = set((counts.sum(axis=0).cumsum() * total / rows.sum()).round().tolist())
    chance, left = np.zeros(few + 2), few - np.arange(few + 2.0)  # by how many of them are drawn
    chance[0], low, high, p_value = 1, 0, 1, 0.0
    for drawn in range(1, total + 1):
        taken = chance[low:high] * (left[low:high] / (total - drawn + 1))
        chance[low:high] -= taken
        chance[low + 1 : high + 1] += taken
        high = min(high + 1, few + 1)
        if drawn in ends:  # those with the gap are counted, and go no further
            first = max(low, math.floor(few * drawn / total - reach) + 1)
            last = max(first, min(high, math.ceil(few * drawn / total + reach)))
            p_value += chance[low:first].sum() + chance[last:high].sum()
            chance[last:high] = 0
            low, high = first, last
    return min(1.0, float(p_value))


def _chi_square(counts: NDArray[np.intp]) -> float:
    counts = counts[:, np.argsort(counts.sum(axis=0))]  # the rarest value first
    total = counts.sum(axis=0)
    expected = total * counts.sum(axis=1).min() / counts.sum()
    starts, last, reach = [0], total.size - 1, np.append(0, expected.cumsum())
    for place in range(1, total.size):  # rare values share a cell with those seen about as often
        enough = place == last or reach[place] - reach[starts[-1]] >= 5
        rarer = total[place - 1] < total[place] or last == 1
        if expected[place] >= 5 or (enough and rarer):
            starts.append(place)
    cells = np.add.reduceat(counts, starts, axis=1)
    thin = np.add.reduceat(expected, starts) < 5  # for a chi-square
    if cells.shape[1] == 1 or not thin.any():
        return _even(cells)
    rest = cells[:, ~thin] if not thin.all() else cells[:, -1:]
    few = cells.sum(axis=1) - rest.sum(axis=1)
    p_value = float(fisher_exact(np.stack([few, rest.sum(axis=1)], axis=1)).pvalue)
    return p_value if rest.shape[1] == 1 else min(1.0, 2 * min(p_value, _even(rest)))  # two tests


def _even(counts: NDArray[np.intp]) -> float:
    if not counts.sum(axis=1).all():  # no row left on a side
        return 1.0
    even = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return float(chi2.sf(((counts - even) ** 2 / even).sum(), max(1, counts.shape[1] - 1)))


def _numbers_or_text(name: str, column: pd.Series) -> NDArray[Any]:
    if not column.count():
        return np.full(len(column), np.nan)
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object:
        column = column.astype(object).convert_dtypes()
    if pd.api.types.is_numeric_dtype(column) and column.dtype.kind != "c":
        numbers = column.to_numpy(np.float64, na_value=np.nan)
        if np.isinf(numbers).any():
            raise ValueError(f"{name} must not hold infinity")
        return numbers
    if not pd.api.types.is_string_dtype(column):
        raise TypeError(f"{name} must hold numbers or text, got {column.dtype}")
    return column.astype(object).to_numpy()


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)

    def drawn(rows, features, mean=0.0):
        return pd.DataFrame(rng.normal(mean, 1, size=(rows, features)))

    for rows in (1_000, 300_000):
        report = drift_report(drawn(rows, 1), drawn(rows, 1, mean=0.02)).loc[0]
        significant = "significant" if report.corrected < 0.05 else "not significant"
        print(f"{rows:,} rows: effect {report.effect:.3f}, {significant}, alarm: {report.alarm}")
        #> 1,000 rows: effect 0.059, not significant, alarm: False
        #> 300,000 rows: effect 0.009, significant, alarm: False

    stable = [drift_report(drawn(500, 10), drawn(500, 10)) for _ in range(200)]
    for column in ("p_value", "corrected"):
        flagged = np.mean([(report[column] < 0.05).any() for report in stable])
        print(f"10 stable features, {column} below 0.05 somewhere: {flagged:.0%} of tables")
        #> 10 stable features, p_value below 0.05 somewhere: 42% of tables
        #> 10 stable features, corrected below 0.05 somewhere: 7% of tables
    # --8<-- [end:demo]
