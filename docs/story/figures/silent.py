"""Figure: what the AUC and the calibration say of thirteen months."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.reliability_table import reliability_table
from snippets.requirements.cost_threshold import break_even, total_cost
from snippets.story.loans import loan_applications

TITLE = "AUC and observed/expected of a model, month by month"


# --8<-- [start:figure]
KNOB = Knob(
    "Drift, how much more the amount matters each month",
    {"0": 0.0, "0.1": 0.1, "0.2": 0.2, "0.35": 0.35, "0.5": 0.5},
    effect="0.35",
    null="0",
    says="At a drift of {stop}, observed/expected is {value:.2f} in month twelve, "
    "the AUC {auc:.2f}, and the profit {profit:+.0f} euros an application.",
)
FAMILIES = {
    "linear": LogisticRegression(solver="newton-cholesky"),
    "tree": DecisionTreeClassifier(min_samples_leaf=60, random_state=0),
}


class Lender(BaseEstimator):
    def __init__(self, family: str = "linear"):
        self.family = family

    def fit(self, inputs, outcomes):
        steps = FunctionTransformer(np.log1p), StandardScaler(), clone(FAMILIES[self.family])
        self.model_ = make_pipeline(*steps).fit(inputs, outcomes)
        return self

    def risk(self, inputs):
        return self.model_.predict_proba(inputs)[:, 1]

    def score(self, inputs, outcomes):
        amount = inputs[:, 0]
        costs = {"false_positive": 0.0, "false_negative": 0.6 * amount}
        costs["true_negative"] = -0.1 * amount
        return -total_cost(outcomes, self.risk(inputs) > break_even(**costs), **costs) / 1_000


@cache
def table(
    seed: int, drift: float, rows: int = 1_500, growth: float = 1.0
) -> tuple[NDArray, NDArray, NDArray]:
    applications = loan_applications(rows, seed, drift=drift)
    month = applications["month"].to_numpy()
    applications["amount"] *= np.where(month > 6, growth, 1.0)
    numeric = applications[["amount", "income", "history", "late"]]
    inputs = numeric.join(pd.get_dummies(applications["region"])).to_numpy(float)
    return inputs, applications["default"].to_numpy(), month


@cache
def watched(seed: int, drift: float, rows: int = 1_500, family: str = "linear") -> dict[str, float]:
    """Return what the model of the first six months says of the last."""
    inputs, outcomes, month = table(seed, drift, rows)
    lender = Lender(family).fit(inputs[month < 6], outcomes[month < 6])
    risk = lender.risk(inputs)
    calibration = reliability_table(risk, outcomes, by=month)
    return {
        "score moved": abs(risk[month > 9].mean() - risk[month < 6].mean()),
        "auc": roc_auc_score(outcomes[month > 9], risk[month > 9]),
        "risk": risk,
        "ratios": calibration["ratio"].tolist(),
        "observed": calibration["ratio"][12],
        "low": calibration["low"][12],
        "profit": lender.score(inputs[month == 12], outcomes[month == 12]) / rows,
    }


def measure(seed: int, drift: float, **setting: object) -> float:
    return watched(seed, drift, **setting)["observed"]


def frame(axes: Axes) -> None:
    axes.axvline(6.5, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(0, 12.2), ylim=(0.5, 2.2), xlabel="month")
    axes.plot([], [], color=SERIES[0], marker="", label="AUC")
    axes.plot([], [], color=SERIES[1], marker="s", linestyle="--", label="observed/expected")
    axes.legend(loc="upper left")


def draw(axes: Axes, drift: float) -> dict[str, float]:
    found, (_, outcomes, month) = watched(0, drift), table(0, drift)
    risks = [(outcomes[month == m], found["risk"][month == m]) for m in range(13)]
    aucs = [roc_auc_score(*one) for one in risks]
    axes.plot(aucs, color=SERIES[0], marker="", linestyle="-")
    axes.plot(found["ratios"], color=SERIES[1], marker="s", markersize=4, linestyle="--")
    return {"auc": aucs[12], "profit": 1_000 * found["profit"]}


# --8<-- [end:figure]
