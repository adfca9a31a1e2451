# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""Draw the loan applications of the story, month by month, with their outcomes.

Page: docs/story/index.md
Source: made up; the knobs are those of the section pages
Task: try a method on loans whose truth is known
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    loans = loan_applications()
    print(f"{len(loans):,} applications, {len(loans) // 13:,} in each of 13 months")
    #> 19,500 applications, 1,500 in each of 13 months

    def loans_with(knob, value):
        return loan_applications(**{knob: value})

    def default_rate(loans):
        return loans["default"][loans["month"] == 12].mean()

    def calls_after_default(loans):
        return loans["collection_calls"][loans["default"] == 1].mean()

    def income_ratio(loans):
        median = loans.groupby("group")["income"].median()
        return median["B"] / median["A"]

    def low_and_large(loans):
        rows = (loans["income"] < 20_000) & (loans["amount"] > 12_000) & (loans["month"] < 7)
        return loans["default"][rows].mean()

    def monthly_spread(loans):
        rates = loans[loans["month"] < 7].groupby("month")["default"].mean()
        return np.ptp(rates)

    effects = {
        "drift": ("default rate in month 12", default_rate, 0.35, ".0%"),
        "calls": ("collection calls after a default", calls_after_default, 2.5, ".1f"),
        "gap": ("median income in group B, relative to A", income_ratio, 1.0, ".2f"),
        "interaction": ("default rate, low income and large loan", low_and_large, 2.0, ".0%"),
        "swing": ("default rates of months 0 to 6, range", monthly_spread, 0.75, ".0%"),
    }
    for knob, (what, measure, turned, form) in effects.items():
        off, on = (measure(loans_with(knob, value)) for value in (0.0, turned))
        print(f"{knob}, {what}: {on:{form}} at {turned}, {off:{form}} at 0")
        #> drift, default rate in month 12: 28% at 0.35, 17% at 0
        #> calls, collection calls after a default: 2.5 at 2.5, 0.0 at 0
        #> gap, median income in group B, relative to A: 0.78 at 1.0, 0.99 at 0
        #> interaction, default rate, low income and large loan: 92% at 2.0, 55% at 0
        #> swing, default rates of months 0 to 6, range: 14% at 0.75, 3% at 0
    # --8<-- [end:demo]
