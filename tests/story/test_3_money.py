"""docs/story/3-money.py"""

from functools import cache

import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.claims import Claim
from snippets.requirements.cost_threshold import break_even, total_cost
from snippets.story.loans import loan_applications

NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


@cache
def rules(seed: int, loss: float) -> dict[str, float]:
    """Return accuracy lost and profit won by the break-even, when a default loses a share."""
    applications = loan_applications(seed=seed)
    month = applications["month"]
    past, latest = applications[month < 5], applications[month == 5]
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), NUMERIC),
            (OneHotEncoder(), ["region"]),
        ),
        LogisticRegression(),
    ).fit(past[COLUMNS], past["default"])
    risk, outcome = model.predict_proba(latest[COLUMNS])[:, 1], latest["default"]
    amount = latest["amount"]
    costs = {
        "false_positive": 0.0, "false_negative": loss * amount, "true_negative": -0.1 * amount,
    }  # fmt: skip
    half, own = risk > 0.5, risk > break_even(**costs)
    return {
        "accuracy": np.mean(half == outcome) - np.mean(own == outcome),
        "half": -total_cost(outcome, half, **costs),
        "own": -total_cost(outcome, own, **costs),
    }


def test_break_even(claim: Claim) -> None:
    """The threshold of one half is more accurate than the break-even, and gives nearly all of the
    profit away."""

    def part(seed: int, loss: float) -> float:
        return rules(seed, loss)["half"] / rules(seed, loss)["own"]

    claim.holds("accuracy lost", lambda seed: rules(seed, 0.6)["accuracy"], above=0.05)
    claim.holds("profit at break-even", lambda seed: rules(seed, 0.6)["own"], above=200_000)
    claim.holds("part of it kept", lambda seed: part(seed, 0.6), below=0.25)
    claim.null("part of it kept, equal stakes", lambda seed: part(seed, 0.1), above=0.99)
    claim.null("accuracy lost, equal", lambda seed: abs(rules(seed, 0.1)["accuracy"]), below=1e-9)


def test_the_break_even_is_one_seventh() -> None:
    amount = loan_applications(20)["amount"]
    cut = break_even(0.0, 0.6 * amount, true_negative=-0.1 * amount)
    assert cut == pytest.approx(np.full(len(amount), 1 / 7))
