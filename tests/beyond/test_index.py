"""docs/beyond/index.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.tree import DecisionTreeClassifier

from proof.claims import Claim
from snippets.beyond.seed_spread import seed_spread
from snippets.beyond.upstream_change import replay_change
from tools.bad_input import TEXT, names_bad_input

PIXELS, DIGIT = load_digits(return_X_y=True)


def applicants(error: float, seed: int, rows: int = 10_000) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    income, freelance = rng.normal(size=rows), (rng.random(rows) < 0.3).astype(float)
    repaid = 3 * income > rng.logistic(size=rows)
    estimate = income + rng.normal(scale=0.3, size=rows) - error * freelance
    return pd.DataFrame({"income": estimate, "freelance": freelance}), repaid


@cache
def repair(seed: int, error: float) -> dict[str, float]:
    (faulty, repaid), (fixed, _) = applicants(error, seed), applicants(0, seed)
    old, new = slice(0, 5_000), slice(5_000, None)
    model = LogisticRegression().fit(faulty[old], repaid[old])
    again = LogisticRegression().fit(fixed[old], repaid[old])
    report = replay_change(model, faulty[new], fixed[new], repaid[new])
    lost = report["accuracy_before"] - report["accuracy_after"]
    won_back = again.score(fixed[new], repaid[new]) - report["accuracy_before"]
    return {"lost": lost, "changed": report["changed"], "won back": won_back}


def test_repair_makes_it_worse(claim: Claim) -> None:
    """Repairing an input makes the model that has learned its error worse, until it is retrained."""
    claim.holds("accuracy lost", lambda seed: repair(seed, 1)["lost"], above=0.025)
    claim.holds("answers changed", lambda seed: repair(seed, 1)["changed"], above=0.06)
    claim.holds("retrained, against before", lambda seed: repair(seed, 1)["won back"], above=-0.01)
    claim.null("accuracy lost, no error", lambda seed: repair(seed, 0)["lost"], below=0.001)


@cache
def spreads(seed: int) -> pd.DataFrame:
    order = np.random.default_rng(seed).permutation(len(DIGIT))
    train, held_out = order[:800], order[800:]
    moved = np.roll(PIXELS[held_out].reshape(-1, 8, 8), shift=1, axis=2).reshape(-1, 64)
    tests = {"held out": (PIXELS[held_out], DIGIT[held_out]), "moved": (moved, DIGIT[held_out])}
    return seed_spread(RandomForestClassifier(5), PIXELS[train], DIGIT[train], tests, seeds=16)


def test_seeds_part_ways(claim: Claim) -> None:
    """Forests that differ only in their seed are alike on held-out pictures, and part ways on
    shifted ones by more than chance."""

    def beyond_chance(seed: int, test: str) -> float:
        return spreads(seed).loc[test, "spread"] / spreads(seed).loc[test, "chance"]

    claim.holds(
        "spread over chance, one pixel aside", lambda s: beyond_chance(s, "moved"), above=1.8
    )
    claim.holds("spread, one pixel aside", lambda s: spreads(s).loc["moved", "spread"], above=0.02)
    claim.null("spread over chance, held out", lambda s: beyond_chance(s, "held out"), below=1.8)
    claim.null("spread, held out", lambda s: spreads(s).loc["held out", "spread"], below=0.018)


@pytest.mark.parametrize("kind", [int, str])
def test_replay_agrees_with_scikit_learn(kind: type) -> None:
    rng = np.random.default_rng(0)
    before = pd.DataFrame(rng.normal(size=(200, 2)), columns=["a", "b"])
    after = before.assign(b=rng.normal(size=200))
    labels = np.array([kind(value) for value in (before["a"] + before["b"] > 0).astype(int)])
    model = LogisticRegression().fit(before, labels)
    then, now = model.predict(before), model.predict(after)
    assert replay_change(model, before, after, labels) == pytest.approx(
        {
            "accuracy_before": accuracy_score(labels, then),
            "accuracy_after": accuracy_score(labels, now),
            "changed": 1 - accuracy_score(then, now),
        }
    )


class Lottery(ClassifierMixin, BaseEstimator):
    """A classifier that is right by the luck of its seed, row by row or for all rows at once."""

    def __init__(self, together=False, random_state=None):
        self.together, self.random_state = together, random_state

    def fit(self, inputs, labels):
        return self

    def predict(self, inputs):
        rng = np.random.default_rng(self.random_state)
        return (rng.random(1 if self.together else len(inputs)) < 0.7).astype(int) * np.ones(
            len(inputs)
        )


def test_chance_is_the_spread_of_independent_answers() -> None:
    rows, truth = np.zeros((400, 1)), np.ones(400)
    tests = {"rows": (rows, truth)}
    alone = seed_spread(Lottery(), rows, truth, tests, seeds=300).loc["rows"]
    assert alone["chance"] == pytest.approx(np.sqrt(0.7 * 0.3 / 400), rel=0.03)
    assert alone["spread"] == pytest.approx(alone["chance"], rel=0.15)
    together = seed_spread(Lottery(together=True), rows, truth, tests, seeds=300).loc["rows"]
    assert together["spread"] == pytest.approx(np.sqrt(400) * together["chance"])


def test_spread_by_hand() -> None:
    train, test = slice(0, 600), slice(600, 700)
    report = seed_spread(
        DecisionTreeClassifier(max_features=1), PIXELS[train], DIGIT[train],
        {"a": (PIXELS[test], DIGIT[test]), "b": (PIXELS[train], DIGIT[train])}, seeds=3,
    )  # fmt: skip
    scores = [
        DecisionTreeClassifier(max_features=1, random_state=seed)
        .fit(PIXELS[train], DIGIT[train])
        .score(PIXELS[test], DIGIT[test])
        for seed in range(3)
    ]
    assert list(report.index) == ["a", "b"] and (report.loc["b", ["spread", "chance"]] == 0).all()
    found = report.loc["a", ["accuracy", "spread", "lowest", "highest"]].to_list()
    expected = [np.mean(scores), np.std(scores, ddof=1), min(scores), max(scores)]
    assert found == pytest.approx(expected)


def test_bad_input_is_named() -> None:
    table, labels = applicants(0, 0, rows=60)
    model = LogisticRegression().fit(table, labels.astype(int))
    names_bad_input(
        replay_change, model=model, before=table, after=table, labels=labels.astype(int),
        paired=("before", "after", "labels"),
    )  # fmt: skip
    for wrong in (table[["freelance", "income"]], table[::-1]):
        with pytest.raises(ValueError, match="after must have the rows and columns of before"):
            replay_change(model, table, wrong, labels)
    nameless = LogisticRegression().fit(table.to_numpy(), labels)
    for unfitted in (nameless, LogisticRegression()):
        with pytest.raises(ValueError, match="model must be fitted on a DataFrame"):
            replay_change(unfitted, table, table, labels)
    tree, inputs, truth = DecisionTreeClassifier(), table.to_numpy(), labels.astype(int)
    names_bad_input(
        seed_spread, estimator=tree, inputs=inputs, labels=truth, tests={"a": (inputs, truth)},
        seeds=2, paired=("inputs", "labels"), allow=[("labels", TEXT)], bounds={"seeds": "[2, inf)"})  # fmt: skip
    with pytest.raises(TypeError, match="estimator must have a random_state"):
        seed_spread(RandomForestClassifier, inputs, truth, {"a": (inputs, truth)})
    with pytest.raises(ValueError, match="seeds must be a whole number of at least 2"):
        seed_spread(tree, inputs, truth, {"a": (inputs, truth)}, seeds=1)
    for wrong in ({}, [(inputs, truth)], {"a": (inputs[:, :1], truth)}, {"a": (inputs, truth[:5])}):
        with pytest.raises(ValueError, match="tests"):
            seed_spread(tree, inputs, truth, wrong)
