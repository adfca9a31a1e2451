# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib>=3.10.7", "numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
# SPDX-License-Identifier: MIT

# %% [markdown]
# # 3 · Money
#
# The logistic regression is chosen, and Nora presents it.
# The head of lending has one question: whom do we decline?
# `predict` has an answer, everybody above one half, and nobody has ever decided that it should.

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
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

applications = loan_applications()
numeric = ["amount", "income", "history", "late"]
columns = [*numeric, "region"]
month = applications["month"]
past, latest = applications[month < 5], applications[month == 5]
model = make_pipeline(
    make_column_transformer(
        (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), numeric),
        (OneHotEncoder(handle_unknown="ignore"), ["region"]),
    ),
    LogisticRegression(),
).fit(past[columns], past["default"])
risk, outcome = model.predict_proba(latest[columns])[:, 1], latest["default"]
print(f"month five: {outcome.mean():.0%} default, mean risk {risk.mean():.0%}")

# %% [markdown]
# The mean risk is close to the share of defaults, on an unseen month.
# What follows multiplies the probability by euros, so a score that is right in its order only would not do; a mean that fits is a first check.
# [Keep probabilities honest](../../beyond/honest-probabilities/) says what breaks it.
#
# ## In research, in production
#
# In research, accuracy or AUC decides, and rightly: a metric that everybody computes alike makes two papers comparable.
# In production, every decision has a price, and different people pay it.
# Here a loan that is repaid earns a tenth of its amount, and one that is not loses six tenths of it.
# These two shares are made up; ask finance for yours in writing.

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
amount = latest["amount"]
loss, gain = 0.6 * amount, 0.1 * amount
costs = {"false_positive": 0.0, "false_negative": loss, "true_negative": -gain}


def profit(declined):
    return -total_cost(outcome, declined, **costs) / 1_000


cut = break_even(**costs).mean()
print(f"decline above a risk of {cut:.1%}")
rules = {
    "approve everybody": np.zeros(len(latest), dtype=bool),
    "decline above one half": risk > 0.5,
    "decline above break-even": risk > cut,
}
for rule, declined in rules.items():
    accuracy = np.mean(declined == outcome)
    earned = profit(declined)
    print(f"{rule}: accuracy {accuracy:.1%}, profit {earned:+,.0f} thousand euros")

# %% [markdown]
# Declining costs nothing and earns nothing, so the threshold is where the expected gain equals the expected loss.
# Decline above a risk of 14.3%, one seventh, says the function.
# All loans have the same one, since gain and loss are shares of the amount.
#
# > **Claim.** Where a default loses six times what a repaid loan earns and many risks lie between break-even and one half, one half is more accurate, and gives most of the profit away.
# >
# > To decline above one half has an accuracy of 86.4% and a profit of -48 thousand euros.
# > To decline above break-even has an accuracy of 75.2% and a profit of +459 thousand euros.
# > Ranked by accuracy, the rule that loses money wins.
#
# <!-- docs/story/figures/money.html -->
#
# Profit on a thousand applications of the same kind, by the threshold. Circle: break-even. Square: one half.
#
# What makes it vanish is a stake that is the same on both sides.
# If a default lost as much as a repaid loan earns, the break-even would be one half, and the two rules would be one.

# %%
even = break_even(false_positive=0.0, false_negative=gain, true_negative=-gain)
print(f"equal stakes: decline above a risk of {even.mean():.1%}")

# %% [markdown]
# ## Look at all thresholds
#
# Between a third and two thirds, accuracy hardly moves, and profit falls.

# %%
import matplotlib.pyplot as plt

grid = np.linspace(0.02, 0.8, 79)
accuracies = [np.mean((risk > threshold) == outcome) for threshold in grid]
profits = [profit(risk > threshold) for threshold in grid]
figure, (upper, lower) = plt.subplots(
    2, sharex=True, figsize=(6.4, 4.4), layout="constrained"
)
upper.plot(grid, accuracies, color="C0", marker="")
upper.set_ylabel("accuracy")
lower.plot(grid, profits, color="C1", marker="")
lower.set(ylabel="profit, thousand euros", xlabel="decline above this risk")
for axes in (upper, lower):
    for threshold in (cut, 0.5):
        axes.axvline(threshold, color="C2", linestyle=":", linewidth=1.5)
plt.show()

# %% [markdown]
# **Figure.** Accuracy and profit against the threshold.
# Dotted lines mark two rules: to decline above break-even has a profit of +459 thousand euros, to decline above one half has a profit of -48 thousand euros.

# %%
best, most = grid[np.argmax(profits)], max(profits)
print(
    f"best in hindsight: decline above {best:.0%}, profit {most:+,.0f} thousand euros"
)
lead = profit(risk > cut) - profit(risk > 0.5)
print(f"break-even beats one half by {lead:,.0f} thousand euros a month")

# %% [markdown]
# In hindsight, another threshold would have earned slightly more in this month.
# It was chosen with the outcomes in hand, and another month would choose another; the break-even is known beforehand.
# [Pick a threshold with money](../../requirements/threshold-with-money/) has thresholds that differ from row to row, and what an uncalibrated score does to them.
#
# **The number of this chapter: break-even beats one half by 506 thousand euros a month**, with the same model and a lower accuracy.
#
# The article says that in production the requirements differ from one stakeholder to the next.
# One half was nobody's requirement; it was the default of a function.
#
# ## Where it stops
#
# - Where a default loses twice what a repaid loan earns, or few risks lie in between, one half keeps most of the profit.
# - With class weights the score is no probability, and the break-even gives away a part of its profit itself.
#
# Next: [the same answer everywhere](../4-contract-and-parity/).
