"""Figure: the risk of one applicant by income, from forests of leaves of several sizes."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.ensemble import RandomForestClassifier

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.interpretability.monotone_violations import monotone_violations

TITLE = "The risk of one applicant by income, from forests with leaves of several sizes"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows that a leaf holds at least, of 4,000",
    {"1": 1, "5": 5, "20": 20, "50": 50, "200": 200},
    effect="5",
    null="200",
    says="Leaves of {stop} or more, told nothing: {value:.0%} of the applicants would see their risk "
    "rise if they earned a little more.",
)


def loans(rows: int, seed: int, bend: float = 0.0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    income, debt = rng.normal(3.0, 1.0, (2, rows))
    late, history = rng.poisson(0.6, rows), rng.gamma(2, 4, rows)
    columns = {"income": income, "debt": debt, "late": late, "history": history}
    log_odds = -0.7 - 0.8 * income + 0.7 * debt + 0.5 * late - 0.05 * history
    log_odds += bend * np.maximum(income - 3, 0)
    return pd.DataFrame(columns), (log_odds > rng.logistic(size=rows)).astype(int)


@cache
def fitted(
    seed: int, leaf: int, rows: int = 4_000, told: bool = False, bend: float = 0.0,
    family: type = RandomForestClassifier, trees: int = 25,
) -> RandomForestClassifier:  # fmt: skip
    constraint = [-1, 1, 0, 0] if told else None
    forest = family(trees, min_samples_leaf=leaf, monotonic_cst=constraint, random_state=seed)
    return forest.fit(*loans(rows, seed, bend))


@cache
def measure(
    seed: int, leaf: int, bend: float = 0.0, tolerance: float = 1e-9, **setting: object
) -> float:
    """Return the share of applicants whose risk rises with their income, beyond a tolerance."""
    forest, inputs = fitted(seed, leaf, bend=bend, **setting), loans(1_500, seed + 1_000, bend)[0]

    def risk(table: pd.DataFrame) -> np.ndarray:
        return forest.predict_proba(table)[:, 1]

    return monotone_violations(risk, inputs, "income", 0.25, -1, tolerance)


INCOMES = np.linspace(1, 5, 81)


def frame(axes: Axes) -> None:
    truth = 1 / (1 + np.exp(0.7 + 0.8 * INCOMES - 0.7 * 3 - 0.5 + 0.05 * 8))
    axes.plot(INCOMES, truth, color=INK, linewidth=1.5, linestyle=":", marker="")
    axes.text(2.6, 0.62, "dotted: the truth")
    axes.set(xlim=(1, 5), ylim=(0, 1), xlabel="income, thousands a month")
    axes.set_xticks([1, 2, 3, 4, 5])
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_ylabel("risk of default")


def draw(axes: Axes, leaf: int) -> None:
    one = pd.DataFrame({"income": INCOMES, "debt": 3.0, "late": 1, "history": 8.0})
    risk = fitted(0, leaf).predict_proba(one)[:, 1]
    axes.plot(INCOMES, risk, color=SERIES[0], linestyle="-", marker="")


# --8<-- [end:figure]
