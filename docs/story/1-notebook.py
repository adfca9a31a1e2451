# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
# SPDX-License-Identifier: MIT

# %% [markdown]
# # 1 · The notebook and its leak
#
# Nora works for a lender and has half a year of loan applications with their outcomes.
# The question is who will default.
# She shuffles, splits, fits a forest and reports the AUC; this chapter follows it into the next month.
#
# The applications are synthetic.
# One generator draws them for all chapters, and each effect of the story vanishes at one of its knobs or with another method: [the list](../).

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
history = applications[applications["month"] < 6]
columns = ["amount", "income", "history", "late", "region", "collection_calls"]
share = history["default"].mean()
print(f"{len(history):,} applications in six months, {share:.0%} default")

# %% [markdown]
# ## What research does
#
# A random split makes two samples of one population.
# That is right for its question, which method is better on this table: no test row was seen in training, and anybody can repeat it.

# %%
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder


def forest():
    return make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), ["region"]),
            remainder="passthrough",
        ),
        RandomForestClassifier(50, min_samples_leaf=10, random_state=0),
    )


train, test = train_test_split(history, test_size=0.3, random_state=0)
notebook = forest().fit(train[columns], train["default"])
offline = roc_auc_score(
    test["default"], notebook.predict_proba(test[columns])[:, 1]
)
print(f"offline, random split: AUC {offline:.2f}")

# %% [markdown]
# An offline AUC of 0.99 wins a meeting.
# Nobody asks where it comes from: the split is clean, and the code runs.
#
# ## What production asks
#
# Production asks about Monday: an application has just come in, and the model must answer today.
# On that day, nobody has called the applicant about a missed payment.
# `collection_calls` is written by the collection department, after the default; the table shows it because it was exported months later.
# The function below scores a month twice: as the warehouse stores it, and as the model would have met it.

# %% tags=["snippet"]
# snippets/beyond/after_the_event.py:function
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import roc_auc_score


def score_at_decision(
    model: Any, table: pd.DataFrame, labels: ArrayLike, at_decision: Mapping[str, Any]
) -> pd.DataFrame:
    """Compare the scores on the table as stored with those on the table as served.

    Parameters
    ----------
    model : classifier
        Fitted on columns of this table, for labels 0 and 1.
    table : DataFrame of shape (n, features)
        Held-out rows as the warehouse stores them today.
    labels : array-like of shape (n,)
        The true outcome, 1 for the event.
    at_decision : mapping of column to value
        What each column that is filled in later holds when the model is asked: one value, or
        an array or Series of one a row. A Series must have the index of the table.

    Returns
    -------
    DataFrame of shape (2, 2)
        ``auc`` and the share ``found`` of the events, as ``stored`` and as ``served``.

    Raises
    ------
    TypeError, ValueError
        If the model can't predict probabilities, the table has no rows, labels are not 0
        and 1 or too few, or ``at_decision`` names a column that the table lacks.
    """
    if not hasattr(model, "predict_proba"):
        raise TypeError("model must have a method predict_proba")
    if not isinstance(table, pd.DataFrame) or table.empty:
        raise TypeError("table must be a DataFrame with at least one row")
    _same_columns("table", table, model)
    truth = _numbers("labels", labels)
    _same_rows(table=table, labels=truth)
    if set(np.unique(truth)) != {0, 1} or list(getattr(model, "classes_", [0, 1])) != [0, 1]:
        raise ValueError("labels must be 0 and 1, both of them, as those of the model")
    if not isinstance(at_decision, Mapping) or not set(at_decision) <= set(table.columns):
        raise ValueError("at_decision must map columns of table to values")
    served = table.copy()
    for column, value in at_decision.items():
        series = isinstance(value, pd.Series)
        try:
            if np.shape(value) not in ((), (len(table),)):
                raise ValueError(f"its shape is {np.shape(value)}")
            if series and not value.index.equals(table.index):
                raise ValueError("its index is not that of table")
            served[column] = value.array if series else value  # an index could be doubled
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"at_decision must hold a value, or one a row, for {column!r}: {error}"
            ) from error
    views = {"stored": table, "served": served}
    try:
        scores = {name: model.predict_proba(view)[:, 1] for name, view in views.items()}
        aucs = {name: roc_auc_score(truth, score) for name, score in scores.items()}
    except (IndexError, TypeError, ValueError) as error:
        raise ValueError(f"table or at_decision do not suit the model: {error}") from error
    return pd.DataFrame(
        {
            "auc": aucs,
            "found": {name: np.mean(score[truth == 1] > 0.5) for name, score in scores.items()},
        }
    )


def loans(rows: int, calls: float = 3.0, seed: int = 0) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Draw synthetic loans with a column that the collection department fills in later.

    Parameters
    ----------
    rows : int
        Number of loans.
    calls : float
        Mean number of calls after a default; 0 leaves the column empty.
    seed : int
        Seed of the draw.

    Returns
    -------
    DataFrame of shape (rows, 4), ndarray of shape (rows,)
        Amount, income, late payments and calls of each loan, and 1 for a default.

    Raises
    ------
    ValueError
        If a parameter is no number, or out of range.
    """
    _whole("rows", rows, 1)
    _whole("seed", seed, 0)
    _at_least("calls", calls, 0)
    rng, rows = np.random.default_rng(seed), int(rows)
    amount, income = rng.normal(size=(2, rows))
    late = rng.poisson(0.5, rows)
    default = (rng.logistic(size=rows) < amount - income + 0.5 * late - 1).astype(int)
    table = pd.DataFrame({"amount": amount, "income": income, "late": late})
    return table.assign(calls=default * rng.poisson(float(calls), rows)), default


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


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")

# %%
next_month = applications[applications["month"] == 6]
on_that_day = {"collection_calls": 0}
views = score_at_decision(
    notebook, next_month[columns], next_month["default"], on_that_day
)
for name, view in views.iterrows():
    print(
        f"next month, as {name}: AUC {view.auc:.2f}, "
        f"{view.found:.0%} of the defaults found"
    )

# %% [markdown]
# > **Claim.** The notebook counts on a column that is still empty on the day of the decision, and the next month takes back what it promised.
# >
# > As stored, the next month confirms the notebook: AUC 0.99.
# > As served, the next month has an AUC of 0.83, and 0% of the defaults found.
# > No calls, no default, says the forest.
#
# <!-- docs/story/figures/leak.html -->
#
# The AUC of a smaller forest on fewer applications of the same kind. Dotted: what is promised and not kept.
#
# A later test set would not have helped, had it been exported as late.
# What makes it vanish is the generator's knob `calls`: at zero, the column says nothing, and the two views agree.
#
# ## Find it before Monday
#
# Ask each column alone.
# One column that ranks better than you would believe of all of them together is a suspect.

# %% tags=["snippet"]
# snippets/beyond/leak_suspects.py:function
from collections.abc import Hashable
from numbers import Number, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import roc_auc_score


def leak_suspects(table: pd.DataFrame, labels: ArrayLike, believable: float) -> pd.DataFrame:
    """Rank columns by the AUC of each alone, and suspect those that are too good.

    Numbers and dates are cut into twenty bins of equal size, and so is text that hardly
    repeats, by its alphabetical order. Nulls are a bin of their own, and each bin or category
    is scored by its share of events in other folds. The order of the rows is ranked like a
    column.

    Parameters
    ----------
    table : DataFrame of shape (n, features)
        Rows in the order of the file, at least 100 of them.
    labels : array-like of shape (n,)
        1 for the event, else 0.
    believable : float
        The AUC that the present model reaches, or that you would believe, with all columns
        together; between 0.5 and 1.

    Returns
    -------
    DataFrame of shape (features + 1, 3)
        From the best: the AUC of ``values``, the AUC of ``nulls`` alone, and ``suspect``
        where either is above what is believable.

    Raises
    ------
    TypeError, ValueError
        If ``table`` is no DataFrame or has too few rows, labels are not 0 and 1, or
        ``believable`` is out of range.
    """
    table = _table("table", table)
    if len(table) < 100:
        raise ValueError("table must have at least 100 rows")
    truth = _numbers("labels", labels)
    _same_rows(table=table, labels=truth)
    if set(np.unique(truth)) != {0, 1}:
        raise ValueError("labels must be 0 and 1, both of them")
    number = isinstance(believable, Real)
    if not number or not 0.5 <= believable < 1:
        raise ValueError(f"believable must be between 0.5 and 1, got {believable!r}")
    _free("table", "order of the rows", table)
    columns = {"order of the rows": pd.Series(np.arange(len(table)))} | dict(table.items())
    rows = {
        name: {"values": _alone(_bins(column), truth), "nulls": _alone(column.isna(), truth)}
        for name, column in columns.items()
    }
    report = pd.DataFrame.from_dict(rows, orient="index").sort_values("values", ascending=False)
    limit = float(believable) * (1 + 1e-9)  # an AUC of 0.9 is added up from parts
    return report.assign(suspect=report.max(axis=1) > limit)


def _bins(column: pd.Series) -> pd.Series:
    column = column.astype(object).infer_objects() if column.dtype == "category" else column
    present = column.dropna()
    if column.dtype == object:  # Decimal, or numbers beside None; else text, dates, lists
        numbers = present.map(lambda value: isinstance(value, Number)).all()
        column = column.astype(float) if numbers else column.map(str, na_action="ignore")
        present = column.dropna()
    orders = column.dtype.kind in "iufMm" or present.nunique() > len(present) / 5
    if not orders or present.nunique() <= 20:
        return (column + 0.0 if column.dtype.kind == "f" else column).astype(str)  # -0.0 is 0.0
    if column.dtype.kind not in "iufMm":
        present = present.astype(str)  # text that hardly repeats: by the alphabet
    rank = present.rank(method="min").astype(float)  # at least five rows a bin, ties together
    return (rank * 20 // (len(present) + 1)).reindex(column.index, fill_value=-1)


def _alone(values: pd.Series, labels: NDArray[np.float64]) -> float:
    codes = pd.factorize(values, use_na_sentinel=False)[0]
    if not codes.any():
        return 0.5  # one value for all rows
    fold = np.empty(len(labels), dtype=int)
    fold[np.lexsort((np.random.default_rng(0).random(len(labels)), labels))] = (
        np.arange(len(labels)) % 5
    )
    score = np.empty(len(labels))
    for part in range(5):
        inside, outside = fold == part, fold != part
        events = np.bincount(codes[outside], labels[outside], minlength=codes.max() + 1)
        rows = np.bincount(codes[outside], minlength=codes.max() + 1)
        score[inside] = ((events + labels.mean()) / (rows + 1))[codes[inside]]
    return float(roc_auc_score(labels, score))


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


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


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")

# %%
report = leak_suspects(history[columns], history["default"], believable=0.9)
for name, line in report.iterrows():
    verdict = ", suspect" if line.suspect else ""
    print(f"{name}: AUC alone {line['values']:.2f}{verdict}")

# %% [markdown]
# `collection_calls` alone has an AUC of 0.96, and is a suspect; the income comes next with an AUC alone of 0.71.
# The detector knows nothing of lending: whether a suspect was known in time, somebody has to ask.
# [Hunt leakage](../../beyond/hunt-leakage/) has two more leaks, and weak ones that this detector misses.
#
# Nora drops the column and fits again.

# %%
known = columns[:-1]
honest = forest().fit(train[known], train["default"])
promise, kept = (
    roc_auc_score(rows["default"], honest.predict_proba(rows[known])[:, 1])
    for rows in (test, next_month)
)
print(
    f"without the column: AUC {promise:.2f} offline, {kept:.2f} in the next month"
)
print(
    f"the leak: {offline - views.auc['served']:.2f} of AUC, promised and not kept"
)

# %% [markdown]
# Without the column, the forest promises 0.84 offline and the next month keeps 0.84.
# As served, the leaky forest has an AUC of 0.83, hardly less: its order survives, but its risks are far too low.
#
# **The number of this chapter: 0.16 of AUC, promised and not kept.**
#
# The article says that research builds on static data and production on data that users generate.
# Here is the first consequence: each cell was written at some time, and an exported table no longer says when.
#
# ## Where it stops
#
# - A tree of few leaves asks about the calls alone, and as served ranks nobody.
# - Where collection seldom calls, once for every five defaults, most of the promise is kept, and no column is suspected.
#
# Next: [split by time, and ask what a single row costs](../2-split-by-time/).
