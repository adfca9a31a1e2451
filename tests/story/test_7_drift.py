"""docs/story/7-drift.py"""

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from proof.claims import Claim
from snippets.data.drift_report import drift_report
from snippets.data.reliability_table import reliability_table
from snippets.data.retraining_cadence import backtest_cadence
from snippets.requirements.cost_threshold import break_even, total_cost
from snippets.story.loans import loan_applications

NUMERIC = ["amount", "income", "history", "late"]
DRIFT = 0.35
RULES = {
    "never": {"every": None},
    "all history": {"every": 1, "window": None},
    "last quarter": {"every": 1, "window": 3},
}


class Lender(BaseEstimator):
    def fit(self, inputs, outcomes):
        steps = FunctionTransformer(np.log1p), StandardScaler(), LogisticRegression()
        self.model_ = make_pipeline(*steps).fit(inputs, outcomes)
        return self

    def risk(self, inputs):
        return self.model_.predict_proba(inputs)[:, 1]

    def score(self, inputs, outcomes):
        amount = inputs[:, 0]
        costs = {
            "false_positive": 0.0, "false_negative": 0.6 * amount, "true_negative": -0.1 * amount,
        }  # fmt: skip
        return -total_cost(outcomes, self.risk(inputs) > break_even(**costs), **costs) / 1_000


@cache
def table(seed: int, drift: float) -> tuple[NDArray, NDArray, NDArray]:
    applications = loan_applications(seed=seed, drift=drift)
    inputs = applications[NUMERIC].join(pd.get_dummies(applications["region"])).to_numpy(float)
    return inputs, applications["default"].to_numpy(), applications["month"].to_numpy()


@cache
def watched(seed: int, drift: float) -> dict[str, float]:
    """Return what the model of the first six months says of the last three."""
    inputs, outcomes, month = table(seed, drift)
    model = Lender().fit(inputs[month < 6], outcomes[month < 6])
    risk, late = model.risk(inputs), month > 9
    auc = [roc_auc_score(outcomes[part], risk[part]) for part in (month < 6, late)]
    reference = pd.DataFrame(inputs[month < 6, :4])
    moved = [drift_report(reference, pd.DataFrame(inputs[month == m, :4])) for m in range(7, 13)]
    return {
        "alarms": sum(report["alarm"].sum() for report in moved),
        "score": abs(risk[late].mean() - risk[month < 6].mean()),
        "auc lost": auc[0] - auc[1],
        "observed": reliability_table(risk, outcomes, by=month)["ratio"][12],
        "low": reliability_table(risk, outcomes, by=month)["low"][12],
        "profit": model.score(inputs[month == 12], outcomes[month == 12]),
    }


@cache
def profits(seed: int, drift: float) -> dict[str, float]:
    """Return what each rule earns in the last quarter."""
    inputs, outcomes, month = table(seed, drift)
    period = np.maximum(month, 5)
    earned = {
        name: backtest_cadence(Lender(), inputs, outcomes, period, **rule)[-3:].sum()
        for name, rule in RULES.items()
    }
    earned["late"] = 0.0
    for now in (10, 11, 12):
        past, today = (month >= now - 6) & (month < now - 3), month == now
        lender = Lender().fit(inputs[past], outcomes[past])
        earned["late"] += lender.score(inputs[today], outcomes[today])
    return earned


def test_silent_monitors(claim: Claim) -> None:
    """From month seven on, inputs and mean score stay where they were and the AUC does not fall,
    while more borrowers default than expected and the profit is gone."""

    def part(seed: int) -> float:
        return watched(seed, DRIFT)["profit"] / watched(seed, 0.0)["profit"]

    claim.holds("alarms of the inputs", lambda s: watched(s, DRIFT)["alarms"], below=0.5)
    claim.holds("mean score moved", lambda s: watched(s, DRIFT)["score"], below=0.02)
    claim.holds("AUC lost", lambda s: watched(s, DRIFT)["auc lost"], below=0.02)
    claim.holds("observed/expected", lambda s: watched(s, DRIFT)["observed"], above=1.4)
    claim.holds("interval begins", lambda s: watched(s, DRIFT)["low"], above=1.2)
    claim.holds("part of the profit", part, below=0.3)
    claim.null("observed/expected, none", lambda s: watched(s, 0.0)["observed"], below=1.15)
    claim.null("profit, no drift", lambda s: watched(s, 0.0)["profit"], above=200)


def test_retraining(claim: Claim) -> None:
    """While one effect grows month by month, retraining on the last quarter keeps most of the
    profit that the model in service loses, and all of history keeps less."""

    def kept(seed: int, rule: str) -> float:
        earned, still = profits(seed, DRIFT), profits(seed, 0.0)
        return (earned[rule] - earned["never"]) / (still["never"] - earned["never"])

    def part(seed: int) -> float:
        earned = profits(seed, 0.0)
        return abs(earned["last quarter"] / earned["never"] - 1)

    claim.holds("last quarter", lambda s: kept(s, "last quarter"), above=0.6)
    claim.holds("more", lambda s: kept(s, "last quarter") - kept(s, "all history"), above=0.1)
    claim.holds("more", lambda s: kept(s, "last quarter") - kept(s, "late"), above=0.1)
    claim.null("difference without drift", part, below=0.1)
