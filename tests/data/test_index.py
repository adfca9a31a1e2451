"""docs/data/index.md"""

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from sklearn.base import BaseEstimator
from sklearn.datasets import load_digits
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score

from proof.claims import Claim
from snippets.data.three_shifts import shift_signature
from tools.bad_input import NONE, names_bad_input

PIXELS = load_digits(return_X_y=True)
SHIFTS: dict[str, dict] = {
    "none": {},
    "loud": {"move": (0.5, 0.75)},
    "hard": {"move": (0.6, -0.4)},
    "label": {"prior": 0.5},
    "level": {"level": 1},
    "turn": {"turn": 60},
}


def population(rng, prior=0.2, move=(0, 0), level=0, turn=0, rows=10_000):
    side = np.where(rng.random(rows) < prior, 1, -1)
    features = rng.normal(size=(rows, 2)) + np.outer(side, [0.75, -0.5]) + move
    angle = np.arctan2(-1, 1.5) + np.deg2rad(turn)
    effects = np.hypot(1.5, 1) * np.array([np.cos(angle), np.sin(angle)])
    log_odds = features @ effects + np.log(prior / (1 - prior)) + level
    return features, (log_odds > rng.logistic(size=rows)).astype(int)


@cache
def signatures(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    model = LogisticRegression(solver="newton-cholesky").fit(*population(rng))
    reference, _ = population(rng)
    rows = {
        name: shift_signature(model, reference, *population(rng, **change))
        for name, change in SHIFTS.items()
    }
    table = pd.DataFrame(rows).T
    table["overestimate"] = table["estimate"] - table["accuracy"]
    return table


@cache
def digits(seed: int) -> dict[int, dict[str, float]]:
    inputs, names = PIXELS
    even, order = names % 2 == 0, np.random.default_rng(seed).permutation(len(names))
    train, held_out, new = order[:900], order[900:1_350], order[1_350:]
    model = LogisticRegression(C=0.01, solver="newton-cholesky").fit(inputs[train], even[train])
    pictures = inputs[new].reshape(-1, 8, 8)
    moved = {pixels: np.roll(pictures, pixels, axis=2).reshape(-1, 64) for pixels in (0, 1)}
    return {
        pixels: shift_signature(model, inputs[held_out], moved[pixels], even[new])
        for pixels in moved
    }


def test_loud_and_harmless(claim: Claim) -> None:
    """A covariate shift can move the inputs far and leave the accuracy where it was."""

    def change(seed: int) -> float:
        return abs(signatures(seed)["accuracy"]["loud"] - signatures(seed)["accuracy"]["none"])

    claim.holds(
        "distance of the inputs", lambda seed: signatures(seed)["inputs"]["loud"], above=0.2
    )
    claim.holds("change of the accuracy", change, below=0.03)
    claim.null("distance, not moved", lambda seed: signatures(seed)["inputs"]["none"], below=0.05)


def test_estimate_follows_a_covariate_shift(claim: Claim) -> None:
    """Where the model knows the relation, its estimate without labels follows the accuracy down."""

    def drop(seed: int, name: str = "hard") -> float:
        return signatures(seed)["accuracy"]["none"] - signatures(seed)["accuracy"][name]

    def error(seed: int, name: str = "hard") -> float:
        return abs(signatures(seed)["overestimate"][name])

    claim.holds("drop of the accuracy", drop, above=0.025)
    claim.holds("error of the estimate", error, below=0.025)
    claim.null("error where the relation has turned", lambda s: error(s, "turn"), above=0.07)


def test_estimate_fails_on_unknown_inputs(claim: Claim) -> None:
    """On inputs unlike any it was trained on, the model stays confident while its accuracy falls."""

    def over(seed: int, pixels: int) -> float:
        return digits(seed)[pixels]["estimate"] - digits(seed)[pixels]["accuracy"]

    claim.holds("estimate minus accuracy, one pixel", lambda seed: over(seed, 1), above=0.12)
    claim.holds("estimate, one pixel", lambda seed: digits(seed)[1]["estimate"], above=0.8)
    claim.null("estimate minus accuracy, not moved", lambda seed: over(seed, 0), below=0.05)


def test_ranking_hides_level_and_label(claim: Claim) -> None:
    """A new share of positives breaks the calibration and leaves the ranking almost alone."""

    def ranking(seed: int) -> float:
        auc = signatures(seed)["auc"]
        return max(abs(auc[name] - auc["none"]) for name in ("label", "level"))

    def gap(seed: int) -> float:
        return signatures(seed)["gap"][["label", "level"]].min()

    claim.holds("change of the AUC", ranking, below=0.04)
    claim.holds("calibration gap", gap, above=0.06)
    claim.null("gap without a shift", lambda seed: signatures(seed)["gap"]["none"], below=0.03)


def test_concept_shift_is_silent(claim: Claim) -> None:
    """When the relation changes and the inputs do not, no monitor without labels moves while the
    accuracy falls."""

    def loudest(seed: int) -> float:
        table = signatures(seed)[["inputs", "score", "estimate"]]
        moved = (table.loc[["level", "turn"]] - table.loc["none"]).abs()
        return moved.to_numpy().max()

    def over(seed: int) -> float:
        return signatures(seed)["overestimate"][["level", "turn"]].min()

    claim.holds("largest movement without labels", loudest, below=0.04)
    claim.holds("estimate minus accuracy", over, above=0.03)
    claim.null(
        "the same without a shift", lambda s: signatures(s)["overestimate"]["none"], below=0.02
    )


class Given(BaseEstimator):
    """A classifier that finds its probability in the first column."""

    def predict_proba(self, inputs):
        score = np.asarray(inputs)[:, 0]
        return np.column_stack([1 - score, score])


@pytest.mark.parametrize("seed", range(10))
def test_signature_agrees_with_scipy_and_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference, current = rng.uniform(size=(300, 3)), rng.uniform(size=(200, 3)) ** 1.2
    current[:2, 0] = 1, 0
    labels, score = rng.integers(0, 2, 200), current[:, 0]
    edges, gap = np.linspace(0, 1, 11), 0.0
    for low, high in pairwise(edges):
        inside = (score >= low) & ((score < high) | (high == 1))
        if inside.any():
            gap += inside.mean() * abs(score[inside].mean() - labels[inside].mean())
    expected = {
        "inputs": max(ks_2samp(reference[:, j], current[:, j]).statistic for j in range(3)),
        "score": score.mean() - reference[:, 0].mean(),
        "estimate": np.maximum(score, 1 - score).mean(),
        "accuracy": accuracy_score(labels, score > 0.5),
        "auc": roc_auc_score(labels, score),
        "gap": gap,
    }
    assert shift_signature(Given(), reference, current, labels) == pytest.approx(expected)
    without = {name: expected[name] for name in ("inputs", "score", "estimate")}
    assert shift_signature(Given(), reference, current) == pytest.approx(without)


def test_signature_by_hand() -> None:
    found = shift_signature(Given(), [[0.1], [0.3]], [[0.5], [0.9], [1.0], [0.2]], [0, 1, True, 1])
    expected = {"inputs": 0.75, "score": 0.45, "estimate": 0.8, "accuracy": 0.75, "auc": 2 / 3}
    assert found == pytest.approx(expected | {"gap": (0.5 + 0.1 + 0.8) / 4})
    assert all(type(value) is float for value in found.values())
    last_bins = shift_signature(Given(), [[0.5]], [[0.85], [0.95], [1.0]], [1, 1, 0])
    assert last_bins["gap"] == pytest.approx((0.15 + 0.95) / 3)


def test_signature_takes_tables_and_booleans() -> None:
    rng = np.random.default_rng(0)
    inputs, labels = population(rng, rows=500)
    table = pd.DataFrame(inputs, columns=["income", "debt"])
    model = LogisticRegression().fit(table, labels)
    plain = LogisticRegression().fit(inputs, labels)
    found = shift_signature(model, table[:200], table[200:], labels[200:] == 1)
    assert found == pytest.approx(shift_signature(plain, inputs[:200], inputs[200:], labels[200:]))


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    inputs, labels = population(rng, rows=40)
    model = LogisticRegression().fit(inputs, labels)
    names_bad_input(
        shift_signature,
        model=model,
        reference=inputs[:20],
        current=inputs[20:],
        labels=labels[20:],
        paired=("current", "labels"),
        allow=[("labels", NONE)],
    )
    with pytest.raises(ValueError, match="current must have the 2 columns of reference"):
        shift_signature(model, inputs, inputs[:, :1])
    with pytest.raises(TypeError, match="model must have predict_proba"):
        shift_signature(LinearRegression().fit(inputs, labels), inputs, inputs)
    one = DummyClassifier().fit(inputs, np.ones(40))
    with pytest.raises(ValueError, match="model must tell two classes apart, got 1"):
        shift_signature(one, inputs, inputs)
    three = LogisticRegression().fit(inputs, np.arange(40) % 3)
    with pytest.raises(ValueError, match="model must tell two classes apart, got 3"):
        shift_signature(three, inputs, inputs)
    for wrong in (np.zeros(40), np.ones(40), labels + 1, labels[:, None], labels.astype(object)):
        with pytest.raises(ValueError, match="labels must be 0 and 1"):
            shift_signature(model, inputs, inputs, wrong)
    for name, flat in (("reference", (inputs[:, 0], inputs)), ("current", (inputs, inputs[:, 0]))):
        with pytest.raises(ValueError, match=f"{name} must be two-dimensional"):
            shift_signature(model, *flat)
