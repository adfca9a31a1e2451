"""docs/requirements/threshold-with-money.md"""

from functools import cache

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix

from proof.claims import Claim
from snippets.requirements.cost_threshold import break_even, total_cost
from snippets.requirements.unweighted_probability import unweighted_probability
from tools.bad_input import NEGATIVE, SCALAR, names_bad_input

COSTS = ("false_positive", "false_negative", "true_positive", "true_negative")


@cache
def rules(seed: int, equal: float | None = None, weights: str | None = None) -> dict:
    """Cost and accuracy of four rules; `equal` is the amount of every payment."""
    inputs, fraud = make_classification(
        12_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=seed
    )
    amount = np.random.default_rng(seed).lognormal(4, 1, 12_000)
    amount = amount if equal is None else np.full(12_000, equal)
    model = LogisticRegression(class_weight=weights).fit(inputs[:6_000], fraud[:6_000])
    risk, lost, bad = model.predict_proba(inputs[6_000:])[:, 1], amount[6_000:], fraud[6_000:]
    mean_fraud = amount[:6_000][fraud[:6_000] == 1].mean()
    undone = unweighted_probability(risk, fraud[:6_000].mean())
    reviewed = {
        "half": risk > 0.5,
        "mean": risk > break_even(5, mean_fraud, 5),
        "own": risk > break_even(5, lost, 5),
        "undone": undone > break_even(5, lost, 5),
    }
    cost = {name: total_cost(bad, rule, 5, lost, 5) for name, rule in reviewed.items()}
    share = {f"{name} reviewed": rule.mean() for name, rule in reviewed.items()}
    accuracy = {f"{name} accuracy": np.mean(rule == bad) for name, rule in reviewed.items()}
    return cost | share | accuracy


def test_less_accurate_and_cheaper(claim: Claim) -> None:
    """The rule that knows the amounts is less accurate than the threshold of one half, and
    costs far less."""

    def accuracy(seed: int, equal: float | None = None) -> float:
        return rules(seed, equal)["half accuracy"] - rules(seed, equal)["own accuracy"]

    def saved(seed: int, equal: float | None = None) -> float:
        return 1 - rules(seed, equal)["own"] / rules(seed, equal)["half"]

    claim.holds("accuracy given up", accuracy, above=0.05)
    claim.holds("share of the cost saved", saved, above=0.3)
    claim.null("accuracy given up, equal amounts", lambda seed: accuracy(seed, 10.0), below=1e-9)
    claim.null("share saved, equal amounts", lambda seed: saved(seed, 10.0), below=1e-9)


def test_each_row_has_its_own_threshold(claim: Claim) -> None:
    """If amounts vary, one break-even for the mean amount costs more than one for each row."""

    def extra(seed: int, equal: float | None = None) -> float:
        return rules(seed, equal)["mean"] / rules(seed, equal)["own"] - 1

    claim.holds("extra cost", extra, above=0.07)
    claim.null("extra cost, equal amounts", lambda seed: extra(seed, 90.0), below=1e-9)


def test_balanced_weights_break_the_rule(claim: Claim) -> None:
    """Balanced class weights make the rule review far too much, and undoing them mends it."""

    def extra(seed: int, rule: str) -> float:
        return rules(seed, None, "balanced")[rule] / rules(seed)["own"] - 1

    def too_many(seed: int, rule: str) -> float:
        weighted, plain = rules(seed, None, "balanced"), rules(seed)
        return weighted[f"{rule} reviewed"] / plain["own reviewed"]

    claim.holds("reviews, times those without weights", lambda s: too_many(s, "own"), above=1.5)
    claim.holds("extra cost, balanced", lambda seed: extra(seed, "own"), above=0.3)
    claim.null("reviews, undone", lambda seed: too_many(seed, "undone"), above=0.8, below=1.2)
    claim.null("extra cost, undone", lambda seed: extra(seed, "undone"), below=0.1)


@pytest.mark.parametrize("seed", range(10))
def test_break_even_is_where_the_expected_costs_cross(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost = dict(zip(COSTS, rng.uniform([5, 9, 0, 0], [9, 90, 5, 5], (20, 4)).T))
    cost["true_positive"] -= 3
    risk = break_even(**cost)
    act = risk * cost["true_positive"] + (1 - risk) * cost["false_positive"]
    rest = risk * cost["false_negative"] + (1 - risk) * cost["true_negative"]
    assert act == pytest.approx(rest)
    assert ((risk > 0) & (risk < 1)).all()


@pytest.mark.parametrize("seed", range(10))
def test_total_is_that_of_the_confusion_matrix(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcome, acted = rng.integers(0, 2, (2, 80))
    costs = rng.normal(size=4)
    table = confusion_matrix(outcome, acted)
    expected = table[0, 1] * costs[0] + table[1, 0] * costs[1] + table[1, 1] * costs[2]
    expected += table[0, 0] * costs[3]
    assert total_cost(outcome, acted == 1, *costs) == pytest.approx(expected)
    assert total_cost(outcome, acted, *np.repeat(costs[:, None], 80, axis=1)) == pytest.approx(
        expected
    )


def test_money_by_hand() -> None:
    assert break_even(1, 1) == 0.5
    assert break_even(5, 90, 5) == pytest.approx(5 / 90)
    assert break_even(5.0, [3, 5, 10], 5).tolist() == [1, 1, 0.5]
    assert np.isscalar(break_even(1, 3)) and break_even(1, 3) == 0.25
    assert break_even(5, 9, 1, 3) == pytest.approx(0.2)
    assert total_cost([1, 1, 0, 0], [1, 0, 1, 0], 2, [7, 11, 13, 17], -1, 0.5) == 2 + 11 - 1 + 0.5


@pytest.mark.parametrize("seed", range(5))
def test_undoing_is_bayes_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    share, probability = rng.uniform(0.01, 0.9), rng.uniform(size=30)
    odds = probability / (1 - probability) * share / (1 - share)
    assert unweighted_probability(probability, share) == pytest.approx(odds / (1 + odds))
    assert unweighted_probability(probability, 0.5) == pytest.approx(probability)
    assert unweighted_probability([0, 1], share).tolist() == [0, 1]


def test_bad_input_is_named() -> None:
    gains = [(name, NEGATIVE) for name in COSTS]
    one_for_all = [(name, SCALAR) for name in COSTS]
    rows = {"false_positive": 5.0, "false_negative": [9.0, 7.0, 8.0]}
    names_bad_input(
        break_even, **rows, true_positive=[1.0, 2.0, 1.5],
        paired=("false_negative", "true_positive"), allow=[*gains[1:], *one_for_all],
    )  # fmt: skip
    names_bad_input(
        total_cost, outcome=[1, 0, 1], acted=[0, 1, 1], **rows,
        paired=("outcome", "acted", "false_negative"), allow=[*gains, *one_for_all],
    )  # fmt: skip
    names_bad_input(
        unweighted_probability,
        probability=[0.1, 0.7, 0.9],
        positive_share=0.1,
        bounds={"positive_share": "(0, 1)"},
    )
    with pytest.raises(ValueError, match="false_positive must be above true_negative"):
        break_even(5, 9, 1, 5)
    with pytest.raises(ValueError, match="true_positive must hold 3 costs"):
        break_even(5, [9, 8, 7], [1, 2])
    with pytest.raises(ValueError, match="true_negative must hold 2 costs"):
        total_cost([0, 1], [0, 1], 1, 2, 3, [1, 2, 3])
    for flags in ([0, 2], [[0, 1]], [0.5, 1], ["0", "1"]):
        with pytest.raises(ValueError, match="outcome must be"):
            total_cost(flags, [0, 1], 1, 2)
    for wrong in (1.01, -0.01):
        with pytest.raises(ValueError, match="probability must lie between 0 and 1"):
            unweighted_probability([0.5, wrong], 0.1)
