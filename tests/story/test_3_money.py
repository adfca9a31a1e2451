"""docs/story/3-money.py"""

import numpy as np
import pytest

from docs.story.figures.money import KNOB, measure, rules, scored
from proof.claims import Claim
from snippets.requirements.cost_threshold import break_even
from snippets.story.loans import loan_applications


def accuracy_lost(seed: int, loss: float, **setting: object) -> float:
    return rules(seed, loss, **setting)["lost"]


def kept_where_sure(seed: int, apart: float = 10) -> float:
    """Return the part of the profit that one half keeps, by risks that are true and far apart."""
    loans = loan_applications(300, seed)
    size, wealth = (np.log(loans["amount"]) - 9) / 0.5, (np.log(loans["income"]) - 10.3) / 0.45
    log_odds = apart * (-2.2 + 0.9 * size - wealth + 0.7 * loans["late"] - 0.12 * loans["history"])
    outcome = np.random.default_rng(seed).logistic(size=len(loans)) < log_odds
    earns = loans["amount"] * np.where(outcome, -0.6, 0.1)
    half, own = (earns[log_odds <= np.log(p / (1 - p))].sum() for p in (1 / 2, 1 / 7))
    return float(half / own)


def test_break_even(claim: Claim) -> None:
    """Where a default loses six times what a repaid loan earns and many risks lie between break-even
    and one half, one half is more accurate, and gives most of the profit away."""
    others = [{"rows": 1_500}, {"family": "forest"}]
    claim.effect(
        "part of the profit kept", measure,
        knob="loss", **KNOB.ends, below=0.4, off_above=0.9, also=others,
    )  # fmt: skip
    claim.effect(
        "accuracy lost", accuracy_lost,
        knob="loss", on=0.6, off=0.1, above=0.05, off_below=0.01, also=others,
    )  # fmt: skip
    claim.limit(
        "Where a default loses twice what a repaid loan earns, or few risks lie in between, one half keeps most of the profit.",
        "part of the profit kept, twice", lambda seed: measure(seed, 0.2), above=0.8,
    )  # fmt: skip
    claim.limit(
        "Where a default loses twice what a repaid loan earns, or few risks lie in between, one half keeps most of the profit.",
        "part of the profit kept, log-odds ten times as far apart", kept_where_sure, above=0.8,
    )  # fmt: skip
    assert max(kept_where_sure(seed, apart=1) for seed in range(5)) < 0.3
    claim.limit(
        "With class weights the score is no probability, and the break-even gives away a part of its profit itself.",
        "profit at break-even with class weights, as a part of that without",
        lambda s: rules(s, 0.6, weights="balanced")["own"] / rules(s, 0.6)["own"], below=0.9,
    )  # fmt: skip
    for seed in range(5):
        assert rules(seed, 0.6)["own"] > 130, "euros an application, at the break-even"


def test_one_half_is_one_half() -> None:
    risk, latest = scored(0)
    earns = latest["amount"] * np.where(latest["default"] == 1, -0.6, 0.1)
    assert rules(0, 0.6)["half"] == pytest.approx(np.mean(earns * (risk <= 0.5)))


def test_the_break_even_is_one_seventh() -> None:
    amount = loan_applications(20)["amount"]
    cut = break_even(0.0, 0.6 * amount, true_negative=-0.1 * amount)
    assert cut == pytest.approx(np.full(len(amount), 1 / 7))
