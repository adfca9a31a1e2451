"""Figure: declined applicants whose first reason changes with the size of the reference."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.interpretability.reason_codes import contributions, reason_codes

TITLE = "Declined applicants who get another first reason when the reference is a sample"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows of the reference, drawn from all applicants",
    {"10": 10, "30": 30, "100": 100, "300": 300, "1,000": 1_000, "all 5,000": 5_000},
    effect="100",
    null="all 5,000",
    says="With a reference of {stop} rows, {value:.1%} of the declined get another first reason than "
    "with all rows; with the worst draw, {worst:.1%}.",
)


@cache
def declined(seed: int, more: int = 0, cut: float = 0.7, income_weight: float = 0.8) -> tuple:
    """Return a model of default, all applicants, and which of them it declines."""
    rng = np.random.default_rng(seed)
    income = rng.normal(3.0, 1.0, 5_000)
    debt = rng.normal(6 - income, 1.0)
    late, history = rng.poisson(0.6, 5_000), rng.gamma(2, 4, 5_000)
    table = pd.DataFrame({"income": income, "debt": debt, "late": late, "history": history})
    log_odds = -3.6 + income_weight * (3 - income) + 0.7 * debt + 0.7 * late - 0.1 * history
    for number in range(more):
        table[f"x{number}"] = rng.gamma(1 + number, size=5_000)
        log_odds += (-1) ** number * 0.4 * (table[f"x{number}"] - 1 - number)
    defaulted = (log_odds > rng.logistic(size=5_000)).astype(int)
    model = LogisticRegression(solver="newton-cholesky").fit(table, defaulted)
    odds = model.decision_function(table)
    return model, table, odds > np.quantile(odds, cut)


@cache
def changed(seed: int, rows: int, most_like: str = "all", **setting: float) -> np.ndarray:
    """Share of the declined with another first reason than against all, for each reference."""
    model, table, worst = declined(seed, **setting)
    approved = np.argsort(model.decision_function(table))[: np.sum(~worst)]
    references = {
        "all": [table.sample(rows, random_state=n) for n in range(30 if rows < 5_000 else 1)],
        "just above the cut": [table.iloc[approved[-rows:]]],
    }[most_like]
    first, *others = (
        reason_codes(contributions(model, reference, table[worst]), most=1)[1]
        for reference in (table, *references)
    )
    return np.array([np.mean(other != first) for other in others])


def measure(seed: int, rows: int, **setting: float) -> float:
    return changed(seed, rows, **setting).mean()


def frame(axes: Axes) -> None:
    above = changed(0, 350, "just above the cut")[0]
    axes.axvline(above, color=INK, linewidth=1, linestyle=":")
    axes.text(above + 0.004, 0.55, "the 350 just above the cut")
    axes.set(xlim=(-0.01, 0.4), ylim=(-0.6, 0.7), xlabel="declined with another first reason")
    axes.set_xticks([0, 0.1, 0.2, 0.3, 0.4], ["0%", "10%", "20%", "30%", "40%"])
    axes.set_yticks([])


def draw(axes: Axes, rows: int) -> dict[str, float]:
    shares = changed(0, rows)
    heights = np.linspace(-0.4, 0.4, shares.size) if shares.size > 1 else [0]
    axes.plot(shares, heights, "o", color=SERIES[0], markersize=6)
    return {"worst": shares.max()}


# --8<-- [end:figure]
