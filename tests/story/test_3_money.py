"""docs/story/3-money.py"""

from functools import cache

import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.claims import Claim
from snippets.requirements.cost_threshold import break_even, total_cost
from snippets.story.loans import loan_applications

NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


@cache
def rules(
    seed: int, loss: float, rows: int = 1_000, family: str = "linear", weights: str | None = None
) -> dict[str, float]:
    """Return accuracy lost and profit won by the break-even, when a default loses a share."""
    applications = loan_applications(rows, seed)
    month = applications["month"]
    past, latest = applications[month < 5], applications[month == 5]
    models = {
        "linear": LogisticRegression(class_weight=weights),
        "forest": RandomForestClassifier(20, min_samples_leaf=20, random_state=0),
    }
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), NUMERIC),
            (OneHotEncoder(), ["region"]),
        ),
        models[family],
    ).fit(past[COLUMNS], past["default"])
    risk, outcome = model.predict_proba(latest[COLUMNS])[:, 1], latest["default"]
    amount = latest["amount"]
    costs = {
        "false_positive": 0.0, "false_negative": loss * amount, "true_negative": -0.1 * amount,
    }  # fmt: skip
    half, own = risk > 0.5, risk > break_even(**costs)
    return {
        "accuracy": np.mean(half == outcome) - np.mean(own == outcome),
        "half": -total_cost(outcome, half, **costs) / rows,
        "own": -total_cost(outcome, own, **costs) / rows,
    }


def part_kept(seed: int, loss: float, **setting: object) -> float:
    """Return the profit at one half as a part of that at the break-even."""
    earned = rules(seed, loss, **setting)
    return earned["half"] / earned["own"]


def accuracy_lost(seed: int, loss: float, **setting: object) -> float:
    return rules(seed, loss, **setting)["accuracy"]


def test_break_even(claim: Claim) -> None:
    """Where a default loses six times what a repaid loan earns, the threshold of one half is more
    accurate than the break-even, and gives nearly all of the profit away."""
    others = [{"rows": 1_500}, {"family": "forest"}]
    claim.effect(
        "part of the profit kept", part_kept,
        knob="loss", on=0.6, off=0.1, below=0.3, off_above=0.99, also=others,
    )  # fmt: skip
    claim.effect(
        "accuracy lost", accuracy_lost,
        knob="loss", on=0.6, off=0.1, above=0.05, off_below=0.001, also=others,
    )  # fmt: skip
    claim.limit(
        "Where a default loses twice what a repaid loan earns, one half keeps most of the profit.",
        "part of the profit kept, twice", lambda seed: part_kept(seed, 0.2), above=0.8,
    )  # fmt: skip
    claim.limit(
        "With class weights the score is no probability, and the break-even gives away a part of its profit itself.",
        "profit at break-even with class weights, as a part of that without",
        lambda s: rules(s, 0.6, weights="balanced")["own"] / rules(s, 0.6)["own"], below=0.9,
    )  # fmt: skip
    for seed in range(5):
        assert rules(seed, 0.6)["own"] > 130, "euros an application, at the break-even"


def test_the_break_even_is_one_seventh() -> None:
    amount = loan_applications(20)["amount"]
    cut = break_even(0.0, 0.6 * amount, true_negative=-0.1 * amount)
    assert cut == pytest.approx(np.full(len(amount), 1 / 7))
