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
from sklearn.metrics import accuracy_score, precision_score

from docs.fairness.figures.average_hides import KNOB, accuracy, measure
from proof.claims import Claim
from snippets.fairness.group_rates import group_rates
from snippets.fairness.implied_false_positives import implied_false_positive_rate
from tools.bad_input import names_bad_input


def test_average_hides_a_group(claim: Claim) -> None:
    """A good average can hide a group for which the model is worse than a coin."""

    def hidden(seed: int, effect: float, **setting: object) -> float:
        """The average, counted as zero where the group fares no worse than a coin."""
        found = accuracy(seed, effect=effect, **setting)
        return found["all"] * (found["minority"] < 0.5)

    elsewhere = [{"family": "tree"}, {"share": 0.07}]
    claim.effect(
        "accuracy in the minority",
        measure,
        knob="effect",
        **KNOB.ends,
        below=0.45,
        off_above=0.8,
        also=elsewhere,
    )
    claim.effect(
        "average that hides",
        hidden,
        knob="effect",
        **KNOB.ends,
        above=0.72,
        off_below=0.1,
        also=elsewhere,
    )
    claim.limit(
        "A model with effects of its own for the group serves it well, however small the group, as long as it has enough rows.",
        "accuracy in a minority of 3%",
        lambda seed: accuracy(seed, share=0.03, own=True)["minority"],
        above=0.75,
    )


def test_smaller_groups_are_hidden_better(claim: Claim) -> None:
    """If a feature means the opposite in a group, the smaller the group, the better the average
    looks and the worse the group fares, until the fit follows the majority alone."""

    def gained(seed: int, effect: float, **setting: object) -> float:
        large, middle, small = (
            accuracy(seed, effect, share, **setting)["all"] for share in (0.5, 0.3, 0.1)
        )
        return min(middle - large, small - middle)

    def lost(seed: int, effect: float, **setting: object) -> float:
        large, middle, small = (
            accuracy(seed, effect, share, **setting)["minority"] for share in (0.5, 0.3, 0.1)
        )
        return min(large - middle, middle - small)

    elsewhere = [{"family": "ridge"}, {"noise": 1.0}]
    claim.effect(
        "smaller gain of the average",
        gained,
        knob="effect",
        on=-1.5,
        off=2.5,
        above=0.03,
        off_below=0.02,
        also=elsewhere,
    )
    claim.effect(
        "smaller loss of the minority",
        lost,
        knob="effect",
        on=-1.5,
        off=2.5,
        above=0.024,
        off_below=0.014,
        also=elsewhere,
    )

    def lost_below_a_tenth(seed: int) -> float:
        tenth, less = (
            accuracy(seed, share=share, rows=100_000)["minority"] for share in (0.1, 0.03)
        )
        return tenth - less

    claim.limit(
        "Below a share of a tenth, the group hardly fares worse: the fit follows the majority already.",
        "loss of the minority from 10% to 3%",
        lost_below_a_tenth,
        below=0.06,
    )
    claim.limit(
        "A group that is easier to predict than the majority lowers the average as it shrinks: opposite effects are one cause, not every difference.",
        "gain of the average from 50% to 10%",
        lambda seed: accuracy(seed, 6.0)["all"] - accuracy(seed, 6.0, 0.5)["all"],
        below=-0.005,
    )


SPREADS = {"wide, rare": (2, 4), "wide": (3, 3), "narrow": (30, 30), "wider": (1, 1)}


@cache
def errors(seed: int, spread: str) -> tuple[float, float]:
    """False positive rate and calibration gap of a group with beta scores."""
    rng = np.random.default_rng(seed)
    score = rng.beta(*SPREADS[spread], 40_000)
    truth = rng.random(40_000) < score
    rates = group_rates(truth, score > 0.5, np.full(40_000, "A")).loc["A"]
    bins = (score * 5).astype(int)
    rows = np.bincount(bins)
    gaps = np.bincount(bins, score - truth) / np.maximum(rows, 1)
    return rates["false_positive_rate"], np.abs(gaps[rows > 2_000]).max()


def test_calibrated_scores_err_unequally(claim: Claim) -> None:
    """Scores that are calibrated in both groups can err unequally at one threshold, if they are
    spread differently."""

    def gap(seed: int, alike: bool, other: str = "wide, rare") -> float:
        mine, others = errors(seed, "wide"), errors(seed + 100, "wide" if alike else other)
        assert max(mine[1], others[1]) < 0.05  # both calibrated
        return abs(mine[0] - others[0])

    claim.effect(
        "gap of the false positive rates",
        gap,
        knob="alike",
        on=False,
        off=True,
        above=0.07,
        off_below=0.04,
        also=[{"other": "narrow"}, {"other": "wider"}],
    )

    def equal_errors(seed: int) -> float:
        """Gap of the error rates of two-point scores at base rates of 33% and 50%."""
        rng, found = np.random.default_rng(seed), []
        for base in (1 / 3, 1 / 2):
            high = base * 0.7 / (base * 0.7 + (1 - base) * 0.2)
            low = base * 0.3 / (base * 0.3 + (1 - base) * 0.8)
            score = np.where(rng.random(200_000) < (base - low) / (high - low), high, low)
            truth = rng.random(200_000) < score  # calibrated
            found.append(group_rates(truth, score > 0.5, np.full(200_000, "A")).loc["A"])
        a, b = found
        assert b["precision"] - a["precision"] > 0.1
        assert b["base_rate"] - a["base_rate"] > 0.15
        return max(abs(a[name] - b[name]) for name in ("recall", "false_positive_rate"))

    claim.limit(
        "Calibrated scores can have equal recall and equal false positive rates at unequal base rates; then the precision differs.",
        "largest gap of recall and false positive rate",
        equal_errors,
        below=0.012,
    )


def test_equal_precision_and_recall_are_not_enough(claim: Claim) -> None:
    """If precision and recall are equal in two groups whose base rates differ, and the precision is
    neither zero nor perfect, their false positive rates differ."""

    def ratio(seed: int, step: float, precision: float = 0.8, recall: float = 0.6) -> float:
        base = np.random.default_rng(seed).uniform(0.2, 0.3)
        low, high = (
            implied_false_positive_rate(rate, precision, recall) for rate in (base, base + step)
        )
        return high / low

    claim.effect(
        "ratio of the false positive rates",
        ratio,
        knob="step",
        on=0.15,
        off=0.0,
        above=1.5,
        off_below=1.001,
        also=[{"precision": 0.99}, {"recall": 0.05}],
    )
    claim.limit(
        "At a precision of one, the false positive rate is zero in every group, whatever the base rates.",
        "false positive rate",
        lambda seed: implied_false_positive_rate(0.2 + 0.2 * seed, 1.0, 0.6),
        below=1e-9,
    )


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
    unknown = group_rates([0, 0], [0, 1], ["a", "a"]).loc["a", "recall"]
    assert np.isnan(unknown)
    assert true_positive_rate([0, 0], [0, 1]) == 0  # fairlearn, as the page says


@pytest.mark.parametrize("seed", range(10))
def test_implied_rate_is_that_of_the_table(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.random(500) < rng.uniform(0.2, 0.8)
    decision = rng.random(500) < np.where(truth, 0.7, 0.4)
    line = group_rates(truth, decision, np.full(500, "a")).loc["a"]
    implied = implied_false_positive_rate(line["base_rate"], line["precision"], line["recall"])
    assert implied == pytest.approx(line["false_positive_rate"])


def test_misses_alone_leave_all_three_equal() -> None:
    """The page: the impossible needs false positives; imperfect decisions are not enough."""
    truth = np.repeat([True, False, True, False], [20, 80, 50, 50])
    selected = truth & (np.arange(200) % 5 < 3)  # six of ten positives, in both groups
    rates = group_rates(truth, selected, np.repeat(["a", "b"], 100)).loc[["a", "b"]]
    assert rates["base_rate"].tolist() == [0.2, 0.5] and (rates["recall"] == 0.6).all()
    assert (rates["precision"] == 1).all() and (rates["false_positive_rate"] == 0).all()


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
    for share in (np.float16(0.3), np.float32(0.3)):  # never computed in sixteen bits
        rates = (float(share), 0.6, 0.5)
        assert implied_false_positive_rate(share, 0.6, 0.5) == implied_false_positive_rate(*rates)
    for column in ([0, 2], [0.5, 1]):
        with pytest.raises(ValueError, match="truth must hold 0 and 1"):
            group_rates(column, [0, 1], ["a", "b"])
    for names in (["a", None], ["a", "all"], [["a", "b"]], ["a", float("nan")]):
        with pytest.raises(ValueError, match="group"):
            group_rates([0, 1], [0, 1], names)


@pytest.mark.parametrize("kind", [np.float16, np.longdouble])
def test_groups_of_kinds_that_pandas_has_no_index_of(kind: type) -> None:
    columns = ([0, 1, 1, 0], [1, 1, 0, 0])
    group = np.array([1, 2, 1, 2])
    rates = group_rates(*columns, group.astype(kind))
    assert rates.to_numpy().tolist() == group_rates(*columns, group).to_numpy().tolist()


def test_nothing_found_is_no_false_positive() -> None:
    assert implied_false_positive_rate(0.5, 1e-320, 0) == 0
