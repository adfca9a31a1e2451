"""docs/fairness/index.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_ratio,
    equalized_odds_difference,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, precision_score

from proof.claims import Claim
from snippets.fairness.group_rates import group_rates
from snippets.fairness.implied_false_positives import implied_false_positive_rate
from tools.bad_input import names_bad_input


@cache
def accuracy(seed: int, share: float = 0.1, effect: float = -1.5) -> pd.Series:
    rng = np.random.default_rng(seed)
    minority = rng.random(20_000) < share
    features = rng.normal(size=(20_000, 2))
    log_odds = np.where(minority, effect, 2.5) * features[:, 0] + features[:, 1]
    truth = (log_odds > rng.logistic(scale=0.5, size=20_000)).astype(int)
    train, test = slice(0, 10_000), slice(10_000, None)
    decision = LogisticRegression().fit(features[train], truth[train]).predict(features[test])
    groups = np.where(minority[test], "minority", "majority")
    return group_rates(truth[test], decision, groups)["accuracy"]


def test_average_hides_a_group(claim: Claim) -> None:
    """A good average can hide a group for which the model is worse than a coin."""
    claim.holds("accuracy on average", lambda seed: accuracy(seed)["all"], above=0.8)
    claim.holds("accuracy in the minority", lambda seed: accuracy(seed)["minority"], below=0.42)
    claim.null(
        "the same with the effects of the majority",
        lambda seed: accuracy(seed, effect=2.5)["minority"],
        above=0.84,
    )


def test_smaller_groups_are_hidden_better(claim: Claim) -> None:
    """The smaller the group, the better the average looks and the worse the group fares."""

    def gained(seed: int, group: str, effect: float = -1.5) -> float:
        large, middle, small = (accuracy(seed, share, effect)[group] for share in (0.5, 0.3, 0.1))
        return min(middle - large, small - middle)

    def lost(seed: int, effect: float = -1.5) -> float:
        large, middle, small = (
            accuracy(seed, share, effect)["minority"] for share in (0.5, 0.3, 0.1)
        )
        return min(large - middle, middle - small)

    claim.holds("smaller gain of the average", lambda seed: gained(seed, "all"), above=0.03)
    claim.holds("smaller loss of the minority", lost, above=0.03)
    claim.null("gain with equal effects", lambda s: gained(s, "all", effect=2.5), below=0.02)
    claim.null("loss with equal effects", lambda seed: lost(seed, effect=2.5), below=0.02)


@cache
def errors(seed: int, alpha: float) -> tuple[float, float]:
    """False positive rate and calibration gap of a group with beta(alpha, 6 - alpha) scores."""
    rng = np.random.default_rng(seed)
    score = rng.beta(alpha, 6 - alpha, 40_000)
    truth = rng.random(40_000) < score
    rates = group_rates(truth, score > 0.5, np.full(40_000, "A")).loc["A"]
    bins = (score * 5).astype(int)
    gaps = np.bincount(bins, score - truth) / np.bincount(bins)
    return rates["false_positive_rate"], np.abs(gaps[:4]).max()


def test_calibrated_scores_err_unequally(claim: Claim) -> None:
    """A score that is calibrated in both groups errs unequally when their base rates differ."""

    def gap(seed: int, alpha: float) -> float:
        return abs(errors(seed, 3)[0] - errors(seed + 100, alpha)[0])

    claim.holds("gap of the false positive rates", lambda seed: gap(seed, 2), above=0.15)
    claim.holds(
        "calibration gap", lambda s: max(errors(s, 3)[1], errors(s + 100, 2)[1]), below=0.04
    )
    claim.null("gap with equal base rates", lambda seed: gap(seed, 3), below=0.03)


def test_equal_precision_and_recall_are_not_enough(claim: Claim) -> None:
    """Equal precision and equal recall force unequal false positive rates upon groups with
    unequal base rates."""

    def ratio(seed: int, step: float = 0.15, perfect: bool = False) -> float:
        base, precision, recall = np.random.default_rng(seed).uniform(0.2, [0.3, 0.9, 0.9])
        precision = 1.0 if perfect else 0.6 + precision / 3
        low, high = (
            implied_false_positive_rate(rate, precision, recall) for rate in (base, base + step)
        )
        return high - low if perfect else high / low

    claim.holds("ratio of the false positive rates", ratio, above=1.5)
    claim.null("ratio with equal base rates", lambda seed: ratio(seed, step=0), below=1.001)
    claim.null("gap with perfect precision", lambda seed: ratio(seed, perfect=True), below=0.001)


@pytest.mark.parametrize("seed", range(10))
def test_rates_are_those_of_fairlearn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, decision = rng.integers(0, 2, (2, 300))
    group = rng.choice(["a", "b", "c"], 300)
    table = group_rates(truth, decision, group)
    frame = MetricFrame(
        metrics={
            "accuracy": accuracy_score,
            "selection_rate": selection_rate,
            "recall": true_positive_rate,
            "false_positive_rate": false_positive_rate,
            "precision": precision_score,
        },
        y_true=truth,
        y_pred=decision,
        sensitive_features=group,
    )
    for name in frame.by_group:
        assert table[name].drop("all").tolist() == pytest.approx(frame.by_group[name].tolist())
        assert table[name]["all"] == pytest.approx(frame.overall[name])
    groups = table.drop("all")
    ratio = groups["selection_rate"].min() / groups["selection_rate"].max()
    assert ratio == pytest.approx(
        demographic_parity_ratio(truth, decision, sensitive_features=group)
    )
    odds = groups[["recall", "false_positive_rate"]]
    assert (odds.max() - odds.min()).max() == pytest.approx(
        equalized_odds_difference(truth, decision, sensitive_features=group)
    )


def test_rates_by_hand() -> None:
    table = group_rates([1, 1, 0, 0, True], [1, 0, 0.0, 1, 1], ["b", "b", "b", "a", "a"])
    assert table.index.tolist() == ["a", "b", "all"]
    assert table["rows"].tolist() == [2, 3, 5]
    assert table["rows"].dtype == int
    assert table["base_rate"].tolist() == pytest.approx([0.5, 2 / 3, 0.6])
    assert table.loc["b"].tolist() == pytest.approx([3, 2 / 3, 2 / 3, 1 / 3, 0.5, 0, 1])
    never = group_rates([1, 1], [0, 0], pd.Series(["a", "a"], dtype="category")).loc["a"]
    assert never["recall"] == 0
    assert np.isnan(never[["false_positive_rate", "precision"]].to_numpy()).all()


@pytest.mark.parametrize("seed", range(10))
def test_implied_rate_is_that_of_the_table(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.random(500) < rng.uniform(0.2, 0.8)
    decision = rng.random(500) < np.where(truth, 0.7, 0.4)
    line = group_rates(truth, decision, np.full(500, "a")).loc["a"]
    implied = implied_false_positive_rate(line["base_rate"], line["precision"], line["recall"])
    assert implied == pytest.approx(line["false_positive_rate"])


def test_implied_rate_at_its_ends() -> None:
    assert implied_false_positive_rate(0.5, 0.5, 1) == 1
    assert implied_false_positive_rate(0.5, 0.5, 0) == 0
    assert implied_false_positive_rate(0.9, 1.0, 1.0) == 0
    for name, rates in {
        "precision is too low": (0.6, 0.5, 1.0),
        "base_rate must be above 0": (0, 0.5, 0.5),
        "base_rate must be above 0 and below 1": (1, 0.5, 0.5),
        "precision above 0": (0.5, 0, 0.5),
    }.items():
        with pytest.raises(ValueError, match=name):
            implied_false_positive_rate(*rates)


def test_bad_input_is_named() -> None:
    names_bad_input(
        group_rates,
        truth=[0, 1, 1, 0],
        decision=[1, 1, 0, 0],
        group=["a", "b", "a", "b"],
        paired=("truth", "decision", "group"),
    )
    names_bad_input(
        implied_false_positive_rate,
        base_rate=0.3,
        precision=0.6,
        recall=0.5,
        bounds={"recall": "[0, 1]"},
    )
    for column in ([0, 2], [0.5, 1]):
        with pytest.raises(ValueError, match="truth must hold 0 and 1"):
            group_rates(column, [0, 1], ["a", "b"])
    for names in (["a", None], ["a", "all"], [["a", "b"]], np.array(["a", np.nan], dtype=object)):
        with pytest.raises(ValueError, match="group"):
            group_rates([0, 1], [0, 1], names)
