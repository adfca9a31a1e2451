# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Infer a contract from a training table, and list what a new batch breaks.

Page: docs/data/input-contract.md
Source: order statistics for the range, the beta-binomial distribution for rows of a batch
Task: reject a batch that breaks what training relied on
Graduate to: pandera, Great Expectations
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Iterator
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import betabinom


def infer_contract(training: pd.DataFrame) -> dict[str, Any]:
    """Describe the columns of a training table in a dict that JSON can hold.

    Parameters
    ----------
    training : DataFrame of shape (n, features)
        What the model was fitted on: columns of numbers or text, nulls allowed.

    Returns
    -------
    dict
        ``rows``, and per column in ``columns``: ``kind``, number or string; ``hard``, false;
        ``nulls``, a count; ``top_share``, the share of the most common value; ``low`` and
        ``high``, or ``categories``, ``seen_once`` and ``seen_twice``, how many of them occur in
        a single row and in two.

    Raises
    ------
    TypeError, ValueError
        If ``training`` is no DataFrame, is empty, repeats a column name or holds an
        infinity, a column without values or of another kind, such as dates.
    """
    training, columns = _named_columns("training", training), {}
    for name, column in training.items():
        values = _values(column)
        rule: dict[str, Any] = {"kind": _kind(values), "hard": False}
        if values.empty or rule["kind"] not in ("number", "string"):
            kind = "empty" if values.empty else rule["kind"]
            raise ValueError(f"training must hold numbers or text, {name!r} is {kind}")
        counts = values.value_counts()
        rule["nulls"] = len(column) - len(values)
        rule["top_share"] = int(counts.iloc[0]) / len(values)
        if rule["kind"] == "number":
            rule |= {"low": float(values.min()), "high": float(values.max())}
            if not np.isfinite([rule["low"], rule["high"]]).all():
                raise ValueError(f"training must be finite, {name!r} holds infinity")
        else:
            once, twice = (int((counts == times).sum()) for times in (1, 2))
            rule |= {"categories": sorted(counts.index), "seen_once": once, "seen_twice": twice}
        columns[name] = rule
    return {"rows": len(training), "columns": columns}


def check_contract(
    contract: dict[str, Any], batch: pd.DataFrame, false_alarm_rate: float = 0.01
) -> list[str]:
    """List what a batch breaks: the column, what was seen, what was expected.

    Parameters
    ----------
    contract : dict
        From `infer_contract`, perhaps edited by hand. Where ``hard`` is true, one row outside
        of the bounds or categories is too many, and one null if training had none.
    batch : DataFrame of shape (m, features)
        New rows, before any preprocessing, in any order of columns. A number may lie
        outside of its range by the rounding of float32.
    false_alarm_rate : float
        Share of clean batches that may be rejected, between 0 and 1. It decides how many
        rows may be null, out of range or unseen, if rows are independent.

    Returns
    -------
    list of str
        One sentence a violation; empty if the batch keeps the contract.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or an edit has broken a rule; the message names it.
    """
    if not isinstance(contract, dict) or not {"rows", "columns"} <= contract.keys():
        raise TypeError("contract must be a dict from infer_contract")
    batch = _named_columns("batch", batch)
    _between("false_alarm_rate", false_alarm_rate, 0, 1)
    rules = contract["columns"]
    _unbroken(contract["rows"], rules)
    rate = float(false_alarm_rate) / (3 * len(rules))  # three checks a column
    found = [f"{name}: extra column, expected none" for name in batch if name not in rules]
    for name, rule in rules.items():
        if name not in batch:
            found.append(f"{name}: missing, expected {rule['kind']} values")
        else:
            broken = _broken(batch[name], rule, contract["rows"], rate)
            found.extend(f"{name}: {sentence}" for sentence in broken)
    return found


def _unbroken(trained: Any, rules: Any) -> None:
    if not _count(trained) or not trained or not isinstance(rules, dict) or not rules:
        raise ValueError("contract must give rows, a count, and columns, a dict of rules")
    for name, rule in rules.items():
        known = rule if isinstance(rule, dict) else {}
        kind, low, high = known.get("kind"), known.get("low"), known.get("high")
        counts = [known.get("nulls"), known.get("seen_once", 0), known.get("seen_twice", 0)]
        share: float = known.get("top_share", -1)
        names = known.get("categories")
        ranged = isinstance(low, Real) and isinstance(high, Real) and low <= high
        listed = isinstance(names, list) and all(isinstance(value, str) for value in names)
        described = kind == "number" and ranged or kind == "string" and listed
        shared = isinstance(share, Real) and 0 <= share <= 1
        hard = isinstance(known.get("hard", False), bool)
        if not (described and shared and hard and all(map(_count, counts))):
            raise ValueError(
                f"contract must give {name!r} its kind, nulls, top_share, hard as true or false, and a "
                f"low of at most high, or a list of categories; got {rule}"
            )


def _count(value: int) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and value >= 0


def _broken(column: pd.Series, rule: dict[str, Any], trained: int, rate: float) -> Iterator[str]:
    values, rows, hard = _values(column), len(column), rule.get("hard", False)
    known = max(1, trained - rule["nulls"])

    def too_many(
        count: int, seen: int, what: str, none: bool, now: int, then: int, twice: int = 0
    ) -> Iterator[str]:
        # An unseen category comes in several rows, the more the more were seen twice (Esty).
        single = (seen + 1) * max(1, then - seen) / then
        apart = single / (single + 2 * twice)
        clean = now, (seen + 1) * apart, max(1, then - seen) * apart
        if count and (none or betabinom.sf(count - 1, *clean) < rate):
            most = 0 if none else betabinom.isf(rate, *clean)
            yield f"{count:,} of {rows:,} rows {what}, expected at most {most:,.0f}"

    never = hard and not rule["nulls"]
    yield from too_many(rows - len(values), rule["nulls"], "null", never, rows, trained)
    if values.empty:
        return
    if _kind(values) != rule["kind"]:
        good = (Real, np.bool_) if rule["kind"] == "number" else str
        wrong = [value for value in values if not isinstance(value, good)]
        like = _show(wrong[0] if wrong else values.iloc[0])
        yield f"{len(wrong):,} of {rows:,} rows hold no {rule['kind']}, like {like}"
        return
    if rule["kind"] == "number":
        numbers, ends = values.to_numpy(np.float64), np.array([rule["low"], rule["high"]])
        inside = np.abs(numbers[(numbers >= ends[0]) & (numbers <= ends[1])]).max(initial=1)
        slack = np.abs(ends) * 2.0**-23 + min(np.abs(ends).max(), inside) * 1e-12  # 0.3 - 0.1 - 0.2
        outside = (numbers < ends[0] - slack[0]) | (numbers > ends[1] + slack[1])
        seen, twice, what = 1, 0, f"outside {_show(rule['low'])} to {_show(rule['high'])}"
    else:
        outside = ~values.isin(rule["categories"]).to_numpy()
        seen, twice = rule.get("seen_once", 0), rule.get("seen_twice", 0)
        what = "of an unknown category"
    if outside.any():
        what += f", like {_show(values.to_numpy()[outside][0])}"
    yield from too_many(int(outside.sum()), seen, what, hard, len(values), known, twice)
    other = known * (1 - rule["top_share"])  # few other rows say little of their true share
    still = betabinom.pmf(0, len(values) - 1, other, known - other + 1) if other else 1.0
    if values.nunique() == 1 and still < rate:
        yield f"{_show(values.iloc[0])} in all {len(values):,} rows, expected it to vary"


def _show(value: Any) -> str:
    if isinstance(value, (Real, np.bool_)):
        value = float(value)
        return f"{value:,.0f}" if 1_000 <= abs(value) < 1e15 else f"{value:.4g}"
    return repr(value)


def _values(column: pd.Series) -> pd.Series:
    values = column.dropna()
    if pd.api.types.is_numeric_dtype(values):
        return values[values == values]  # a NaN within Float64, such as 0 / 0, is no null to pandas
    values = values.astype(object).infer_objects()
    if values.dtype == object and all(isinstance(value, (Real, np.bool_)) for value in values):
        values = values.astype(np.float64)  # fractions, integers beyond int64, bool beside float
    return values


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_numeric_dtype(values) and values.dtype.kind != "c":
        return "number"
    return pd.api.types.infer_dtype(values)


def _named_columns(name: str, table: pd.DataFrame) -> pd.DataFrame:
    table = _table(name, table)
    if not all(isinstance(column, str) for column in table):
        raise ValueError(f"{name} must have columns whose names are text")
    return table


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    import json

    rng = np.random.default_rng(0)

    def customers(rows: int) -> pd.DataFrame:
        income, age = rng.lognormal(10, 0.4, rows), rng.integers(18, 80, rows)
        city = rng.choice(["Lyon", "Nice", "Paris"], rows)
        return pd.DataFrame({"income": income, "age": age, "city": city})

    contract = json.loads(json.dumps(infer_contract(customers(3_000))))  # as committed
    print(json.dumps(contract["columns"]["age"], separators=(",", ":")))
    #> {"kind":"number","hard":false,"nulls":0,"top_share":0.025,"low":18.0,"high":79.0}
    clean = customers(1_000)
    income, age, city = (clean[name] for name in clean)
    ages = {
        "clean": age,
        "-1 in 3 of 10 rows": age.where(clean.index % 10 > 2, -1),
        "five ages of -999": age.where(clean.index >= 5, -999),
    }
    for name, values in ages.items():
        violations = check_contract(contract, clean.assign(age=values))
        print(f"{name}: {'; '.join(violations) or 'passes'}")
        #> clean: passes
        #> -1 in 3 of 10 rows: age: 300 of 1,000 rows outside 18 to 79, like -1, expected at most 6
        #> five ages of -999: passes
    contract["columns"]["age"]["hard"] = True
    print(f"age is hard: {check_contract(contract, clean.assign(age=values))[0]}")
    #> age is hard: age: 5 of 1,000 rows outside 18 to 79, like -999, expected at most 0
    # --8<-- [end:demo]

    # --8<-- [start:faults]
    contract["columns"]["age"]["hard"] = False
    batches = [
        clean.assign(income=income * 100),
        clean.assign(age=age * 12),
        clean.assign(age=ages["-1 in 3 of 10 rows"]),
        clean.assign(city=city.str.upper()),
        clean.assign(income=np.nan),
        clean.assign(income=income.iloc[-1]),
        clean.assign(income=income.map("{:.2f}".format)),
        clean.assign(income=income.map("{:.2f}".format).str.replace(".", ",")),
        clean.drop(columns="age"),
        clean[["city", "age", "income"]],
        clean.assign(income=np.roll(income, 1)),  # of other rows
    ]
    for batch in batches:
        print("; ".join(check_contract(contract, batch)) or "no violation")
        #> income: 1,000 of 1,000 rows outside 4,630 to 75,088, like 3,360,280, expected at most 6
        #> age: 1,000 of 1,000 rows outside 18 to 79, like 372, expected at most 6
        #> age: 300 of 1,000 rows outside 18 to 79, like -1, expected at most 6
        #> city: 1,000 of 1,000 rows of an unknown category, like 'PARIS', expected at most 4
        #> income: 1,000 of 1,000 rows null, expected at most 4
        #> income: 25,811 in all 1,000 rows, expected it to vary
        #> income: 1,000 of 1,000 rows hold no number, like '33602.80'
        #> income: 1,000 of 1,000 rows hold no number, like '33602,80'
        #> age: missing, expected number values
        #> no violation
        #> no violation
    # --8<-- [end:faults]

    # --8<-- [start:allowance]
    for rows in (10, 100, 1_000):
        strict, rejected = [], []
        for _ in range(200):
            training = pd.DataFrame({"income": rng.lognormal(10, 0.4, 3_000)})
            batch = pd.DataFrame({"income": rng.lognormal(10, 0.4, rows)})
            low, high = training["income"].min(), training["income"].max()
            strict.append(not batch["income"].between(low, high).all())
            rejected.append(bool(check_contract(infer_contract(training), batch)))
        print(
            f"{rows:,} clean rows: the strict range rejects {np.mean(strict):.0%} of batches, "
            f"the contract {np.mean(rejected):.0%}"
        )
        #> 10 clean rows: the strict range rejects 0% of batches, the contract 0%
        #> 100 clean rows: the strict range rejects 6% of batches, the contract 0%
        #> 1,000 clean rows: the strict range rejects 44% of batches, the contract 0%
    # --8<-- [end:allowance]

    # --8<-- [start:solution]
    features, days = 40, 100
    training = pd.DataFrame(rng.normal(size=(20_000, features))).add_prefix("feature ")
    contract, low, high = infer_contract(training), training.min(), training.max()
    broken, found = 0, 0
    for _ in range(days):
        batch = pd.DataFrame(rng.normal(size=(500, features)), columns=training.columns)
        broken += bool(((batch < low) | (batch > high)).any(axis=None))
        found += bool(check_contract(contract, batch))
    print(f"of {days} clean days, the strict range rejects {broken}, the contract {found}")
    #> of 100 clean days, the strict range rejects 91, the contract 0
    print(f"rows allowed outside: {betabinom.isf(0.01 / (3 * features), 500, 2, 19_999):.0f}")
    #> rows allowed outside: 2
    # --8<-- [end:solution]
