# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
# SPDX-License-Identifier: MIT

# %% [markdown]
# # 4 · Contract and parity
#
# The model will answer one application at a time, on another machine, loaded from a file, fed by another team.
# Nora's notebook has only ever asked it about whole tables, in the process that trained it.
# This chapter asks whether those are the same model, and whether what arrives is the same data.

# %% tags=["snippet"]
# snippets/story/loans.py:function
from numbers import Integral, Real

import numpy as np
import pandas as pd


def loan_applications(
    rows: int = 1_500,
    seed: int = 0,
    drift: float = 0.35,
    calls: float = 2.5,
    gap: float = 1.0,
    interaction: float = 0.0,
    swing: float = 0.0,
) -> pd.DataFrame:
    """Draw synthetic loan applications for months 0 to 12.

    All knobs share the draws: the same seed is the same people, also with a knob at 0.

    Parameters
    ----------
    rows : int
        Applications in a month.
    seed : int
        Seed of the draw.
    drift : float
        How much the effect of the amount grows in every month from 7 on; 0: no drift.
    calls : float
        Mean number of collection calls after a default; 0: the column says nothing.
    gap : float
        How far income and history of group B lie below those of group A; 0: alike.
    interaction : float
        How much a low income adds to the effect of the amount; 0: effects only add up.
    swing : float
        Spread of the months: each has a level of log-odds of its own; 0: all months alike.

    Returns
    -------
    DataFrame of shape (13 * rows, 9)
        ``month``; ``amount`` and ``income`` in euros; ``history``, years as a customer;
        ``late``, late payments; ``region``; ``group``, A or B, which has no effect of its
        own; ``collection_calls``, known only after the outcome; ``default``, the outcome, 0 or 1.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _whole("rows", rows, 1)
    _whole("seed", seed, 0)
    knobs = {"drift": drift, "calls": calls, "gap": gap, "interaction": interaction}
    for name, knob in (knobs | {"swing": swing}).items():
        if not isinstance(knob, Real) or not 0 <= knob <= 100:
            raise ValueError(f"{name} must be between 0 and 100, got {knob!r}")
    drift, calls, gap, interaction = (float(knob) for knob in knobs.values())

    levels = np.random.default_rng([seed, 13]).normal(scale=float(swing), size=13)
    months = []
    for month in range(13):
        rng = np.random.default_rng([seed, month])
        group = rng.choice(["A", "B"], rows, p=[0.7, 0.3])
        region = rng.choice(["east", "north", "south", "west"], rows, p=[0.2, 0.4, 0.3, 0.1])
        late = rng.poisson(np.where(rng.random(rows) < 0.25, 2.0, 0.2))
        wealth, size = rng.normal(size=(2, rows))  # standardized log income and log amount
        luck = rng.logistic(size=rows)
        wealth = wealth - 0.55 * gap * (group == "B")
        history = rng.poisson(np.where(group == "B", 4.5, 6.0))  # as at a gap of 1
        many, few = (rng.poisson(calls * mean, rows) for mean in (1.02, 0.02))
        # Another gap gives years to group B, or takes some, by draws that touch nobody else.
        years, own = 6 * 0.75**gap, np.random.default_rng([seed, month, 1])
        theirs = own.binomial(history, min(years / 4.5, 1)) + own.poisson(max(years - 4.5, 0), rows)
        history = np.where(group == "B", theirs, history)
        effect = 0.9 + drift * max(month - 6, 0)
        risk = -2.2 + effect * size - wealth - interaction * size * wealth
        risk += 0.7 * late - 0.12 * history + 0.3 * (region == "west") + levels[month]
        default = (luck < risk).astype(int)
        months.append(
            pd.DataFrame(
                {
                    "month": month,
                    "amount": np.exp(9 + 0.5 * size).round(),
                    "income": np.exp(10.3 + 0.45 * wealth).round(),
                    "history": history,
                    "late": late,
                    "region": region,
                    "group": group,
                    "collection_calls": np.where(default == 1, many, few),
                    "default": default,
                }
            )
        )
    return pd.concat(months, ignore_index=True)


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")

# %%
applications = loan_applications()
numeric = ["amount", "income", "history", "late"]
columns = [*numeric, "region"]
month = applications["month"]
past, latest = applications[month < 5], applications[month == 5]

# %% [markdown]
# ## Two ways to scale
#
# `scale` subtracts the mean of the rows that it is given and divides by their spread; `StandardScaler` remembers both from training.
# In a notebook they are the same line of work, and in research they may well be: the test set is one fixed table, asked once.

# %%
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    StandardScaler,
    scale,
)


def fitted(scaling):
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(FunctionTransformer(np.log1p), scaling), numeric),
            (OneHotEncoder(handle_unknown="ignore"), ["region"]),
        ),
        LogisticRegression(),
    )
    return model.fit(past[columns], past["default"])


models = {
    "scale": fitted(FunctionTransformer(scale)),
    "StandardScaler": fitted(StandardScaler()),
}
for name, model in models.items():
    risk = model.predict_proba(latest[columns])[:, 1]
    auc = roc_auc_score(latest["default"], risk)
    print(f"{name}, the month as one table: AUC {auc:.3f}")

# %% [markdown]
# As one table, the two cannot be told apart.
# Now the same rows in the ways a server will ask: in another order, alone, out of a saved file, as JSON.

# %% tags=["snippet"]
# snippets/beyond/parity_report.py:function
import json
import pickle
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def parity_report(
    model: Any, rows: pd.DataFrame, method: str = "predict_proba", tolerance: float = 1e-9
) -> pd.DataFrame:
    """Compare what a model answers to one batch with what it answers in five other ways.

    Parameters
    ----------
    model : object
        A fitted model, with its preprocessing.
    rows : DataFrame of shape (n, features)
        Held-out rows as the server receives them, two or more.
    method : str
        Name of the method that returns one number or one row of numbers for each row.
    tolerance : float
        Largest difference that counts as equal.

    Returns
    -------
    DataFrame of shape (5, 3)
        For each way, the share of rows that ``differ``, the ``largest`` difference, and
        the name of the error ``raised``, if any: then all rows differ.

    Raises
    ------
    TypeError, ValueError
        If ``rows`` is no DataFrame with two rows, the model lacks the method or does not
        return numbers, or the tolerance is negative.
    """
    if not isinstance(rows, pd.DataFrame) or rows.empty:
        raise TypeError("rows must be a DataFrame with at least two rows")
    if len(rows) == 1:
        raise ValueError("rows must have at least two rows: one alone is the same as its batch")
    if not rows.columns.is_unique:
        raise ValueError("rows must have no two columns of one name")
    if not callable(getattr(model, str(method), None)):
        raise TypeError(f"model must have the method {method!r}")
    _at_least("tolerance", tolerance, 0)

    def ask(table: pd.DataFrame, model: Any = model) -> np.ndarray:
        return np.asarray(getattr(model, method)(table.copy()))

    def ask_each(change: Callable[[pd.DataFrame], pd.DataFrame]) -> np.ndarray:
        return np.concatenate([ask(change(rows.iloc[row : row + 1])) for row in range(len(rows))])

    batch = ask(rows)
    if batch.dtype.kind not in "biuf" or len(batch) != len(rows):
        raise TypeError(f"model must return numbers, one entry for each row, from {method!r}")
    ways: dict[str, Callable[[], np.ndarray]] = {
        "rows reversed": lambda: ask(rows.iloc[::-1])[::-1],
        "columns reversed": lambda: ask(rows.iloc[:, ::-1]),
        "saved and loaded": lambda: ask(rows, pickle.loads(pickle.dumps(model))),
        "one at a time": lambda: ask_each(lambda row: row),
        "one at a time, as JSON": lambda: ask_each(_through_json),
    }
    report = pd.DataFrame({"differ": 1.0, "largest": np.nan, "raised": ""}, index=list(ways))
    for way, answer in ways.items():
        try:
            gaps = _gaps(answer().astype(float), batch.astype(float))
        except Exception as error:  # whatever a server would log
            report.loc[way, "raised"] = type(error).__name__
        else:
            report.loc[way, "differ"] = 1 - np.mean(gaps <= tolerance * (1 + 1e-9))  # 0.31 - 0.3
            report.loc[way, "largest"] = gaps.max()
    return report


def _gaps(answer: NDArray[np.float64], batch: NDArray[np.float64]) -> NDArray[np.float64]:
    same = (answer == batch) | (np.isnan(answer) & np.isnan(batch))  # also of two infinities
    with np.errstate(invalid="ignore"):
        gaps = np.where(same, 0, np.abs(answer - batch))
    return np.nan_to_num(gaps, nan=np.inf).reshape(len(batch), -1).max(axis=1)


def _through_json(row: pd.DataFrame) -> pd.DataFrame:
    records = row.astype(object).where(row.notna(), None).to_dict("records")
    return pd.DataFrame(json.loads(json.dumps(records)))


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")

# %%
rows = latest[columns][:40]
reports = {name: parity_report(model, rows) for name, model in models.items()}
for way in reports["scale"].index:
    differ = {name: report.differ[way] for name, report in reports.items()}
    shares = ", ".join(f"{name} {share:.0%}" for name, share in differ.items())
    print(f"{way}, rows that differ: {shares}")

# %% [markdown]
# > **Claim.** Preprocessing that looks at the table at hand gives every application another score when it comes alone; fitted preprocessing gives it the same one.
# >
# > One at a time, 100% of the rows differ with `scale`, and 0% with `StandardScaler`.
# > Alone, a row is its own mean: all applicants of a region get one score, and no error is raised.
#
# What makes it vanish is the fitted step, and nothing else in the pipeline has to change.
# The report costs a second, so it belongs beside the other tests of the model: [Prove training-serving parity](../../beyond/training-serving-parity/).
#
# ## A contract for what arrives
#
# The model is now the same everywhere.
# The data are not: in research, training and test rows come out of one file; in production, another team fills the table and may change it on a Tuesday.
# One day the incomes arrive in cents.

# %% tags=["snippet"]
# snippets/data/input_contract.py:function
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

# %%
contract = infer_contract(past[columns])
batches = {
    "as agreed": latest[columns],
    "incomes in cents": latest[columns].assign(income=100 * latest["income"]),
}
for name, batch in batches.items():
    risk = models["StandardScaler"].predict_proba(batch)[:, 1]
    auc, approved = roc_auc_score(latest["default"], risk), np.mean(risk < 1 / 7)
    print(f"{name}: AUC {auc:.3f}, {approved:.0%} approved")

# %% [markdown]
# > **Claim.** To a model that is linear in logarithms, incomes in cents leave the AUC as it was and approve nearly everybody; no error is raised, and the contract names the column.
# >
# > With incomes in cents the AUC is 0.860, as agreed, and 100% are approved.
# > On the scale of logarithms, a factor moves everybody alike: the order stays, and every risk falls.
#
# <!-- docs/story/figures/cents.html -->
#
# Applications up to each risk, of a month of the same kind. Dotted: one seventh, above which an application is declined. Circle: the share approved.
#
# The AUC is blind to the fault, and the lender pays for each bad loan that it now approves.
# What makes it vanish is a batch as agreed: the contract finds no violation.

# %%
for name, batch in batches.items():
    violations = check_contract(contract, batch)
    print(f"{name}: " + ("; ".join(violations) or "no violation"))

# %% [markdown]
# The contract is inferred from the training table and committed beside the model, and its tolerance comes from a rate of false alarms.
# A column joined to the wrong rows would pass it: [Put a contract on the input](../../data/input-contract/) says what else it cannot see.

# %%
differ = reports["StandardScaler"]["differ"]
print(
    f"the shipped model, worst of {len(differ)} ways: {differ.max():.0%} of the rows differ"
)

# %% [markdown]
# **The number of this chapter: 0% of the rows differ, in the worst of 5 ways**, for the model that ships.
#
# The article has no row for this; [what the table leaves out](../../beyond/) does.
#
# ## Where it stops
#
# - A tree gives some applications the score of the average applicant anyway: those do not differ.
# - On the euros themselves, without the logarithm, incomes in cents lower the AUC too.
# - Incomes that are a quarter too high stay inside the ranges of the contract, and it says nothing.
#
# Next: [who is declined, and why](../5-fairness-and-reasons/).
