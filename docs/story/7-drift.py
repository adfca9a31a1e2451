# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
# SPDX-License-Identifier: MIT

# %% [markdown]
# # 7 · Drift from month seven
#
# The model is fast, contracted, audited and in service.
# In month seven, interest rates rise, and large loans become harder to repay.
# Nobody tells Nora.
# This chapter watches the next half-year through five monitors, and asks what retraining keeps.

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

# %% [markdown]
# Her model is now an estimator of its own, scored as her lender would: by profit at the break-even of [chapter three](../3-money/).

# %% tags=["snippet"]
# snippets/requirements/cost_threshold.py:function
from collections.abc import Sized
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def break_even(
    false_positive: ArrayLike,
    false_negative: ArrayLike,
    true_positive: ArrayLike = 0.0,
    true_negative: ArrayLike = 0.0,
) -> NDArray[np.float64] | np.float64:
    """Return the probability above which to act.

    Parameters
    ----------
    false_positive, false_negative, true_positive, true_negative : float or shape (n,)
        Cost of each result, in one currency; a gain is a negative cost. One number for
        all rows, or one for each row.

    Returns
    -------
    float or ndarray of shape (n,)
        Act if the probability is above it. It is 1 where acting never pays, and -1e-30, so
        that a risk of 0 is above it, where acting pays at any risk.

    Raises
    ------
    TypeError, ValueError
        If a cost is no finite number, the lengths differ, or acting helps on negatives
        and hurts on positives; the message names the argument.
    """
    costs = _costs(
        None,
        false_positive=false_positive,
        false_negative=false_negative,
        true_positive=true_positive,
        true_negative=true_negative,
    )
    price, saving = (
        np.where(np.isclose(a, b, rtol=1e-12, atol=0), 0, a - b)  # 0.1 + 0.2 is 0.3
        for a, b in ((costs[0], costs[3]), (costs[1], costs[2]))
    )
    if np.any((price < 0) & (saving < 0)):
        raise ValueError("false_positive is below true_negative where acting on a positive loses")
    price, saving = np.broadcast_arrays(price, saving)
    total = np.maximum(price, 0) + np.maximum(saving, 0)
    found = np.divide(np.maximum(price, 0), total, out=np.ones(total.shape), where=total > 0)
    return np.where(price < 0, -1e-30, found)[()]


def total_cost(
    outcome: ArrayLike,
    acted: ArrayLike,
    false_positive: ArrayLike,
    false_negative: ArrayLike,
    true_positive: ArrayLike = 0.0,
    true_negative: ArrayLike = 0.0,
) -> float:
    """Add up what the decisions cost.

    Parameters
    ----------
    outcome, acted : array-like of shape (n,)
        1 or True for a positive, and for a row that was acted on.
    false_positive, false_negative, true_positive, true_negative : float or shape (n,)
        As in ``break_even``.

    Returns
    -------
    float
        The total, in the currency of the costs.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be; the message names it.
    """
    flags = {"outcome": _numbers("outcome", outcome), "acted": _numbers("acted", acted)}
    for name, flag in flags.items():
        if not np.isin(flag, (0, 1)).all():
            raise ValueError(f"{name} must be 0 or 1 everywhere")
    _same_rows(**flags)
    positive, act = (flag == 1 for flag in flags.values())
    wrong_act, wrong_rest, right_act, right_rest = _costs(
        positive.size,
        false_positive=false_positive,
        false_negative=false_negative,
        true_positive=true_positive,
        true_negative=true_negative,
    )
    acting = np.where(positive, right_act, wrong_act)
    return float(np.where(act, acting, np.where(positive, wrong_rest, right_rest)).sum())


def _costs(rows: int | None, **costs: ArrayLike) -> list[NDArray[np.float64]]:
    found = []
    for name, cost in costs.items():
        single = not isinstance(cost, Sized) or getattr(cost, "ndim", 1) == 0
        values = _numbers(name, np.asarray([cost]) if single else cost)
        if not single and len(values) != (rows := rows or len(values)):
            raise ValueError(f"{name} must hold {rows} costs, as many as the rest, or one")
        found.append(values[0] if single else values)
    return found


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")

# %%
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler


class Lender(BaseEstimator):
    """A logistic regression that lends up to the break-even; column 0 is the amount."""

    def fit(self, inputs, outcomes):
        steps = (
            FunctionTransformer(np.log1p),
            StandardScaler(),
            LogisticRegression(),
        )
        self.model_ = make_pipeline(*steps).fit(inputs, outcomes)
        return self

    def risk(self, inputs):
        return self.model_.predict_proba(inputs)[:, 1]

    def score(self, inputs, outcomes):
        """Return the profit in thousand euros."""
        amount = inputs[:, 0]
        loss, gain = 0.6 * amount, 0.1 * amount
        costs = {
            "false_positive": 0.0,
            "false_negative": loss,
            "true_negative": -gain,
        }
        declined = self.risk(inputs) > break_even(**costs)
        return -total_cost(outcomes, declined, **costs) / 1_000


def table(applications):
    """Return inputs as numbers, outcomes, and the month of each row."""
    numeric = applications[["amount", "income", "history", "late"]]
    inputs = numeric.join(pd.get_dummies(applications["region"])).astype(float)
    return (
        inputs,
        applications["default"].to_numpy(),
        applications["month"].to_numpy(),
    )


applications = loan_applications()
inputs, outcomes, month = table(applications)
model = Lender().fit(inputs[month < 6].to_numpy(), outcomes[month < 6])
risk = model.risk(inputs.to_numpy())

# %% [markdown]
# ## In research, in production
#
# In research, the data stand still, so that methods can be ranked.
# In production, a model is a statement about next month, and somebody must notice when it stops being true.
# The first monitors need no outcomes: the distribution of each input, and the mean score.

# %% tags=["snippet"]
# snippets/data/drift_report.py:function
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

# %%
arrived = applications[["amount", "income", "history", "late", "region"]]
drifts = pd.concat(
    drift_report(arrived[month < 6], arrived[month == m]) for m in range(7, 13)
)
print(f"inputs, months seven to twelve: {drifts['alarm'].sum()} alarms")
before, after = risk[month < 6].mean(), risk[month == 12].mean()
print(f"mean score: {before:.0%} before, {after:.0%} in month twelve")

# %% [markdown]
# The inputs raise 0 alarms, and the mean score is still 17%.
# Both are right: the same people ask for the same amounts.
# What becomes of a large loan has changed, and only outcomes show that.

# %% tags=["snippet"]
# snippets/data/reliability_table.py:function
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta


def reliability_table(
    score: ArrayLike, outcome: ArrayLike, by: ArrayLike, confidence: float = 0.95
) -> pd.DataFrame:
    """Compare the mean score with the observed rate, group by group.

    Parameters
    ----------
    score : array-like of shape (n,)
        Predicted probabilities of the event.
    outcome : array-like of shape (n,)
        1 or True where the event happened, else 0 or False.
    by : array-like of shape (n,)
        Group of every row: its month, its score bin, its region.
    confidence : float
        Least share of intervals that hold the true ratio, between 0 and 1, if rows are
        independent.

    Returns
    -------
    DataFrame of shape (groups, 6)
        ``rows``, ``mean_score``, ``observed_rate``, ``ratio`` of observed to expected,
        and its interval from ``low`` to ``high``. The index is the sorted groups.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds NaN or differs in length, if a score is no
        probability or zero on a whole group, or an outcome is neither 0 nor 1.
    """
    score, outcome, by = _numbers("score", score), _numbers("outcome", outcome), _labels("by", by)
    _same_rows(score=score, outcome=outcome, by=by)
    _between("confidence", confidence, 0, 1)
    if not ((score >= 0) & (score <= 1)).all() or not np.isin(outcome, (0, 1)).all():
        raise ValueError("score must lie between 0 and 1, and outcome must be 0 or 1")
    by = by.astype(np.float32) if by.dtype == np.float16 else by  # pandas has no index of float16
    groups = pd.DataFrame({"score": score, "outcome": outcome}).groupby(by)
    table = groups.agg(rows=("score", "size"), mean_score=("score", "mean"))
    if (table["mean_score"] == 0).any():
        raise ValueError("score must not be zero on a whole group: nothing is expected there")
    rows, events, tail = table["rows"], groups["outcome"].sum(), (1 - float(confidence)) / 2
    table["observed_rate"] = events / rows
    table["ratio"] = table["observed_rate"] / table["mean_score"]
    low, high = beta.ppf(tail, events, rows - events + 1), beta.isf(tail, events + 1, rows - events)
    table["low"] = np.where(events == 0, 0, low) / table["mean_score"]
    table["high"] = np.where(events == rows, 1, high) / table["mean_score"]
    return table


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


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")

# %%
_, calm, _ = table(loan_applications(drift=0.0))
worlds = {"": outcomes, " without drift": calm}
for m, world in [(6, ""), *((m, world) for m in (8, 12) for world in worlds)]:
    came, here = worlds[world], month == m
    line = reliability_table(risk, came, by=month).loc[m]
    auc = roc_auc_score(came[here], risk[here])
    profit = model.score(inputs[here].to_numpy(), came[here])
    print(
        f"month {m}{world}: AUC {auc:.2f}, observed/expected {line.ratio:.2f}, "
        f"at least {line.low:.2f}; profit {profit:+.0f} thousand"
    )

# %% [markdown]
# > **Claim.** When large loans, the riskier ones already, become harder to repay, inputs and mean score stay where they were and the AUC is as high as without the change, while more borrowers default than expected and the profit is gone.
# >
# > In month 12, the AUC is 0.83, observed/expected is 1.67 and the profit -302 thousand.
# > In month 12 without drift, the AUC is 0.83, observed/expected is 1.02 and the profit +356 thousand.
#
# <!-- docs/story/figures/silent.html -->
#
# AUC (line) and observed/expected (squares) of the same model by month. Dotted: the drift begins.
#
# The AUC reads the order only: the old order is no longer the best, but defaults are easier to rank.
# Calibration shows the drift in month 8: observed/expected is 1.25, at least 1.13.
# The profit falls too: in month 8 it is +184 thousand, in month 8 without drift +289 thousand.
# It also moves by chance. Both need outcomes.
#
# Outcomes here are known at once, and for the declined too.
# [Watch calibration](../../data/calibration/) deals with late outcomes, [Explore on purpose](../../data/explore-on-purpose/) with missing ones.
#
# ## What retraining keeps
#
# How often to retrain, and on how much history: the past can test both.
# The function replays the half-year with each rule, and scores it by profit.
# The first six months count as one period.

# %% tags=["snippet"]
# snippets/data/retraining_cadence.py:function
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.metrics import check_scoring


def backtest_cadence(
    model: BaseEstimator,
    inputs: ArrayLike | pd.DataFrame,
    labels: ArrayLike,
    period: ArrayLike,
    *,
    every: int | None = 1,
    window: int | None = None,
    delay: int = 0,
    start: int = 1,
    scoring: str | Callable[..., float] | None = None,
) -> NDArray[np.float64]:
    """Score each period with the model that a retraining rule would have had in service.

    Parameters
    ----------
    model : estimator
        Cloned before each training; it has ``fit``, and ``score`` or what ``scoring`` needs.
    inputs : array-like or DataFrame of shape (n, features)
        Whatever the model reads, rows in any order; a table stays a table.
    labels : array-like of shape (n,)
        Outcomes, numbers or text.
    period : array-like of shape (n,)
        Whole number of the period of each row, such as 202611. Gaps do not count.
    every : int, optional
        Retrain after so many periods. None: only once, on the first labels.
    window : int, optional
        Train on so many of the latest labelled periods, fewer at the start. None: on all.
    delay : int
        Labels of a period are known so many periods after its end.
    start : int
        Labelled periods before the first training. Give all rules one that fills the longest
        window: a first model of few rows would count against a rule that keeps it for long.
    scoring : str or callable, optional
        A scorer of scikit-learn, or its name. None: ``model.score``.

    Returns
    -------
    array of shape (periods - start - delay,)
        The score of each period from the first that has a trained model.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or the model refuses a period: it fails to be trained
        on labels of one class, for example. The message names the argument.
    """
    if not hasattr(model, "fit"):
        raise TypeError(f"model must have fit, got {type(model).__name__}")
    try:
        score = check_scoring(model, scoring=scoring)
    except (TypeError, ValueError) as error:
        raise ValueError(f"model must have score, or scoring suit it: {error}") from error
    try:
        rows = _table("inputs", inputs) if isinstance(inputs, pd.DataFrame) else np.asarray(inputs)
    except ValueError as error:
        raise ValueError(f"inputs must have rows of one length: {error}") from error
    if rows.ndim != 2 or not rows.size or np.ma.is_masked(inputs):
        raise ValueError("inputs must have 2 dimensions, rows and columns, and no mask")
    truth = pd.Series(_labels("labels", labels)).infer_objects()
    number = pd.api.types.is_numeric_dtype(truth)
    outcomes = _numbers("labels", truth) if number else truth.to_numpy(object)
    when = _numbers("period", period)
    _same_rows(inputs=rows, labels=outcomes, period=when)
    periods, position = np.unique(when, return_inverse=True)
    for name, value in (("every", every), ("window", window)):
        if value is not None:
            _whole(name, value, 1)
    _whole("delay", delay, 0)
    _whole("start", start, 1)
    first = int(start) + int(delay)
    if (when % 1).any() or len(periods) <= first:
        raise ValueError("period must hold whole numbers, more different ones than start and delay")

    def take(chosen: NDArray[np.bool_]) -> tuple[Any, NDArray[Any]]:
        return rows[chosen], outcomes[chosen]

    scores = list[float]()
    for now in range(first, len(periods)):
        known = now - int(delay)
        try:
            if now == first or (every and (now - first) % int(every) == 0):
                past = (position < known) & (position >= known - int(window or known))
                in_service = clone(model).fit(*take(past))
            scores.append(float(score(in_service, *take(position == now))))
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(
                "scoring, inputs or labels do not suit the model at period "
                f"{periods[now]:.0f}: {error}"
            ) from error
    return np.array(scores)


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


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


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


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")

# %%
rules = {
    "never retrained": {"every": None},
    "all history, monthly": {"every": 1, "window": None},
    "last quarter, monthly": {"every": 1, "window": 3},
}
period = np.maximum(month, 5)


def kept(drift):
    inputs, outcomes, _ = table(loan_applications(drift=drift))
    return {
        rule: backtest_cadence(
            Lender(), inputs.to_numpy(), outcomes, period, **how
        )
        for rule, how in rules.items()
    }


profits, still = kept(drift=0.35), kept(drift=0.0)
for rule in rules:
    print(
        f"{rule}: profit {profits[rule][-1]:+.0f} thousand in month twelve, "
        f"without drift {still[rule][-1]:+.0f}"
    )

# %% [markdown]
# > **Claim.** While one effect grows fast month by month, retraining on the last quarter keeps most of the profit that the model in service loses, and all of history keeps less.
# >
# > In month twelve, a profit of -302 thousand if never retrained, of +51 thousand on all history, monthly, and of +311 thousand on the last quarter, monthly.
# > Without drift the rules earn alike, and retraining only adds a release to test.

# %%
quarterly, never = profits["last quarter, monthly"], profits["never retrained"]
rescued = quarterly[-1] - never[-1]
print(f"month twelve: retraining is worth {rescued:.0f} thousand euros")

# %% [markdown]
# **The number of this chapter: retraining is worth 613 thousand euros in month twelve.**
# With late outcomes [it is worth less](../../data/retraining-cadence/).
#
# ## Where it stops
#
# - Where the amount did not matter before, the AUC falls as well.
# - When the amounts themselves grow by a third, the inputs raise alarms.
# - With fifty applications a month, all of history often earns more.
# - Where the effect grows a third as fast, the old model keeps most of its profit.
# - With outcomes a quarter late, retraining on the last known quarter keeps less than half of the lost profit.
#
# Next: [the model is served, loaded, watched and compared](../8-served/).
