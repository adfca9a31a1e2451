"""docs/fairness/mitigate.md"""

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_ratio,
    equal_opportunity_difference,
    false_positive_rate,
)
from fairlearn.postprocessing import ThresholdOptimizer
from scipy.special import logit
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

from docs.fairness.figures.recall_price import KNOB, gain, measure, prices, scored
from proof.claims import Claim
from snippets.fairness.recall_thresholds import recall_thresholds, threshold_price
from tools.bad_input import NEGATIVE, names_bad_input

Rows = tuple[np.ndarray, np.ndarray, np.ndarray]
ONE = {"A": 0.5, "B": 0.5}


def applicants(
    rng, shift: float = 0.8, base_rate: float = 0.35, rows: int = 20_000, share: float = 0.3
) -> Rows:
    in_b = rng.random(rows) < share
    truth = (rng.random(rows) < np.where(in_b, base_rate, 0.5)).astype(int)
    centre = np.column_stack([1.5 * truth - shift * in_b, truth])
    return rng.normal(centre), truth, np.where(in_b, "B", "A")


def recall_gap(seed: int, way: str | None, levels: int = 0, **setting: Any) -> float:
    base_rate = setting.pop("base_rate", 0.35)
    if not levels:
        before, after = prices(seed, base_rate, way or "B lifted", **setting)
        return (after if way else before)["recall gap"]
    (truth, score, in_b), (outcome, new, new_in_b) = scored(seed, base_rate, **setting)
    score, new = (np.round(values * levels) / levels for values in (score, new))
    goal = np.mean(score[(truth == 1) & ~in_b] >= 0.5)
    own = recall_thresholds(truth, score, in_b, goal)[True]
    return threshold_price(outcome, new, new_in_b, {False: 0.5, True: own})["recall gap"]


def test_thresholds_close_the_gap(claim: Claim) -> None:
    """A threshold per group, chosen on enough rows, closes the gap in recall."""

    claim.effect(
        "recall gap on new rows",
        recall_gap,
        knob="way",
        on="B lifted",
        off=None,
        below=0.06,
        off_above=0.12,
        also=[{"family": "naive Bayes"}, {"share": 0.5}],
    )
    claim.limit(
        "Equal recall leaves other rates unequal: here the group that repays less often is still selected less often.",
        "selection ratio with B lifted",
        lambda seed: prices(seed, 0.35, "B lifted")[1]["selection ratio"],
        below=0.9,
    )
    claim.limit(
        "With few distinct scores, as from a shallow tree, a gap stays: equal scores move together.",
        "recall gap on new rows, six distinct scores",
        lambda seed: recall_gap(seed, "B lifted", levels=5),
        above=0.08,
    )


def test_price_has_a_cause(claim: Claim) -> None:
    """From the best threshold for all, closing a gap that a wrong feature opened for a smaller
    group costs value if the group also repays far less often, and gains value if it repays as
    often."""

    claim.effect(
        "value gained per 1,000 rows",
        measure,
        knob="base_rate",
        **KNOB.ends,
        below=-1.5,
        off_above=1.5,
        also=[{"family": "naive Bayes"}, {"shift": 1.0}],
    )
    claim.limit(
        "Where those who repay look alike in both groups, there is no gap and no price, whatever the base rates; a score still overstates the group that repays less often.",
        "largest of gap and change of value, as shares",
        lambda seed: max(
            recall_gap(seed, None, base_rate=0.2, shift=0),
            abs(measure(seed, 0.2, shift=0)) / 100,
        ),
        below=0.05,
    )
    claim.limit(
        "A model that sees the group leaves no gap where B repays as often.",
        "recall gap",
        lambda seed: recall_gap(seed, None, base_rate=0.5, sees=True),
        below=0.05,
    )
    (truth, score, in_b), _ = scored(0, 0.35, shift=0)
    near = abs(score - 0.5) < 0.1
    assert truth[near & ~in_b].mean() - truth[near & in_b].mean() > 0.1
    claim.limit(
        "Where most applicants are in B, lifting it costs value even if it repays as often: one threshold fits B already.",
        "value gained with eight in ten in B",
        lambda seed: gain(seed, 0.5, "B lifted", share=0.8),
        below=-5,
    )
    error = "With a shift of one, lifting B still gains value if B repays nine times for ten of A; with a shift of a fifth, it costs value at eight for ten, and hardly changes it at ten."
    claim.limit(
        error, "wrong by one, nine for ten", lambda seed: measure(seed, 0.45, shift=1.0), above=1
    )
    claim.limit(
        error,
        "wrong by a fifth, eight for ten",
        lambda seed: measure(seed, 0.4, shift=0.2),
        below=-0.3,
    )
    claim.limit(
        error,
        "wrong by a fifth, as often",
        lambda seed: abs(measure(seed, 0.5, shift=0.2)),
        below=1.5,
    )


def test_lifting_goes_past_the_best_threshold_of_b() -> None:
    """The page: it ends nearer to it where B repays as often, and farther off where far less often."""
    for seed in range(3):
        farther = {}
        for base_rate in (0.35, 0.5):
            (truth, score, in_b), _ = scored(seed, base_rate)
            goal = np.mean(score[(truth == 1) & ~in_b] >= 0.5)
            own = logit(recall_thresholds(truth, score, in_b, goal)[True])
            line = LogisticRegression().fit(logit(score[in_b])[:, None], truth[in_b])
            best = -line.intercept_[0] / line.coef_[0, 0]  # where half of B repays
            assert own < best < 0
            farther[base_rate] = (best - own) - (0 - best)
        assert farther[0.5] < -0.2 and farther[0.35] > 0.05


def test_lowering_costs_more(claim: Claim) -> None:
    """From the best threshold for all, equal recall by lowering the larger group costs more than by
    lifting the smaller."""

    def extra(seed: int, share: float, base_rate: float = 0.35, family: str = "logistic") -> float:
        lifted, lowered = (
            measure(seed, base_rate, way, share=share, family=family)
            for way in ("B lifted", "A lowered")
        )
        return lifted - lowered

    claim.effect(
        "value per 1,000 rows that lowering loses beyond lifting",
        extra,
        knob="share",
        on=0.3,
        off=0.5,
        above=13,
        off_above=-9,
        off_below=9,
        also=[{"family": "naive Bayes"}, {"base_rate": 0.4}],
    )
    claim.limit(
        "Where B is the larger group, in training too, lifting it costs more than lowering A.",
        "the same with seven in ten in B",
        lambda seed: (
            gain(seed, 0.35, "B lifted", share=0.7) - gain(seed, 0.35, "A lowered", share=0.7)
        ),
        below=-5,
    )
    claim.limit(
        "If the threshold for all is too generous, lowering A gains value and lifting B costs it.",
        "smaller of gain and cost, from a threshold of three tenths",
        lambda seed: min(
            measure(seed, 0.35, "A lowered", one=0.3), -measure(seed, 0.35, "B lifted", one=0.3)
        ),
        above=10,
    )


def test_one_of_the_larger_group_costs_more_too() -> None:
    """It is not only their number: with equal groups, moving one of either costs the same."""
    per_head = {
        share: [
            measure(seed, 0.35, way, share=share) / part
            for seed in range(5)
            for way, part in (("B lifted", share), ("A lowered", 1 - share))
        ]
        for share in (0.3, 0.5)
    }
    (lifted, lowered), (lifted_alike, lowered_alike) = (
        (np.mean(costs[::2]), np.mean(costs[1::2])) for costs in per_head.values()
    )
    assert lifted - lowered > 14
    assert abs(lifted_alike - lowered_alike) < 8


@cache
def fitted(seed: int, base_rate: float, shift: float, share: float) -> LogisticRegression:
    rng = np.random.default_rng(seed)
    features, truth, _ = applicants(rng, shift, base_rate, 5_000, share)
    return LogisticRegression().fit(features, truth)


def test_few_rows_leave_a_gap(claim: Claim) -> None:
    """Thresholds chosen on few rows leave a gap on new rows."""

    def gap(
        seed: int, rows: int, base_rate: float = 0.35, shift: float = 0.8, share: float = 0.3
    ) -> float:
        rng, model = np.random.default_rng(seed), fitted(seed, base_rate, shift, share)
        slope, width = model.coef_[0], np.linalg.norm(model.coef_)
        # Repaid scores are normal in log-odds, so that the recall on new rows needs no rows.
        middle = {"A": slope @ [1.5, 1], "B": slope @ [1.5 - shift, 1]}
        gaps = []
        for _ in range(16):
            features, truth, group = applicants(rng, shift, base_rate, rows, share)
            score = model.predict_proba(features)[:, 1]
            goal = np.mean(score[(truth == 1) & (group == "A")] >= 0.5)
            own = recall_thresholds(truth, score, group, min(goal, 0.99))["B"]
            recall = {
                name: norm.sf(logit(limit) - model.intercept_[0], middle[name], width)
                for name, limit in (ONE | {"B": own}).items()
            }
            gaps.append(abs(recall["A"] - recall["B"]))
        return float(np.mean(gaps))

    gap = cache(gap)
    claim.effect(
        "mean recall gap on new rows",
        gap,
        knob="rows",
        on=100,
        off=10_000,
        above=0.045,
        off_below=0.025,
        also=[{"shift": 0.5}, {"base_rate": 0.5}],
    )
    for bounds in ({"above": 0.03}, {"below": 0.13}):
        claim.limit(
            "Rows of the other group do not help: with ten thousand rows and one in a hundred in B, the gap is that of a few hundred rows.",
            "mean recall gap, B one in a hundred",
            lambda seed: gap(seed, 10_000, share=0.01),
            **bounds,
        )


@pytest.mark.parametrize("seed", range(2))
def test_gap_is_of_the_class_of_fairlearn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    features, truth, group = applicants(rng)
    model = LogisticRegression().fit(features, truth)
    optimizer = ThresholdOptimizer(
        estimator=model,
        constraints="true_positive_rate_parity",
        objective="accuracy_score",
        predict_method="predict_proba",
        prefit=True,
    ).fit(features, truth, sensitive_features=group)
    test, outcome, group_test = applicants(rng)
    selected = optimizer.predict(test, sensitive_features=group_test, random_state=seed)
    theirs = equal_opportunity_difference(outcome, selected, sensitive_features=group_test)
    thresholds = recall_thresholds(truth, model.predict_proba(features)[:, 1], group, 0.75)
    score = model.predict_proba(test)[:, 1]
    ours = threshold_price(outcome, score, group_test, thresholds)["recall gap"]
    before = threshold_price(outcome, score, group_test, ONE)["recall gap"]
    assert max(ours, theirs) < 0.05 < before


@pytest.mark.parametrize("seed", range(10))
def test_price_is_that_of_fairlearn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, group = rng.integers(0, 2, 300), rng.choice(["a", "b", "c"], 300)
    score = rng.random(300)
    thresholds = {"a": 0.3, "b": 0.5, "c": 0.6, "unused": 0.1}
    selected = score >= np.array([thresholds[name] for name in group])
    false_positives = MetricFrame(
        metrics=false_positive_rate, y_true=truth, y_pred=selected, sensitive_features=group
    )
    wrong = (selected & (truth == 0)).sum()
    dear = threshold_price(truth, score, group, thresholds, gain=3, loss=10)["value"]
    assert dear == pytest.approx(1_000 * (3 * (selected & (truth == 1)).sum() - 10 * wrong) / 300)
    assert threshold_price(truth, score, group, thresholds) == pytest.approx(
        {
            "value": 1_000 * ((selected & (truth == 1)).sum() - wrong) / 300,
            "recall gap": equal_opportunity_difference(truth, selected, sensitive_features=group),
            "false positive gap": false_positives.difference(),
            "selection ratio": demographic_parity_ratio(truth, selected, sensitive_features=group),
        }
    )


@pytest.mark.parametrize("recall", [0.1, 0.25, 0.26, 0.5, 0.99])
def test_threshold_is_the_highest_that_reaches_the_recall(recall: float) -> None:
    rng = np.random.default_rng(0)
    truth, group = rng.integers(0, 2, 200), rng.choice(["a", "b"], 200)
    score = rng.random(200).round(2)
    for name, threshold in recall_thresholds(truth, score, group, recall).items():
        positives = score[(truth == 1) & (group == name)]
        assert np.mean(positives >= threshold) >= recall
        assert np.mean(positives > threshold) < recall


def test_thresholds_by_hand() -> None:
    score = [0.9, 0.8, 0.7, 0.6, 0.5, 0.99]
    group = np.array(["a", "a", "a", "a", "b", "a"], dtype=object)
    truth = [1, 1, 1, 1, True, 0]
    assert recall_thresholds(truth, score, group, 0.5) == {"a": 0.8, "b": 0.5}
    assert recall_thresholds(truth, score, group, 0.51) == {"a": 0.7, "b": 0.5}


def test_scores_and_thresholds_of_two_precisions() -> None:
    """0.7 of float32 lies below 0.7, and 0.6 above 0.6: a leaf of a tree was not selected."""
    score = np.array([0.7, 0.6, 0.3] * 4)
    truth, group = [1, 0, 0, 1, 1, 0] * 2, ["a"] * 6 + ["b"] * 6
    for limits in ({"a": 0.7, "b": 0.7}, {"a": 0.6, "b": 0.3}):
        expected = threshold_price(truth, score, group, limits)
        short = {name: float(np.float32(limit)) for name, limit in limits.items()}
        for copy, given in (
            (score.astype("f4"), limits),
            (score, short),
            (score.astype("f4"), short),
        ):
            assert threshold_price(truth, copy, group, given) == expected


@pytest.mark.parametrize("group", [[1, 1, 2, 2], [True, True, False, False], [0.5, 0.5, 1.5, 1.5]])
def test_thresholds_can_be_stored_as_json(group: list) -> None:
    thresholds = recall_thresholds([0, 1, 1, 0], [0.2, 0.9, 0.4, 0.1], group, 0.5)
    assert list(map(type, thresholds)) == [type(group[0]), type(group[2])]
    assert len(json.loads(json.dumps(thresholds))) == 2
    assert threshold_price([0, 1, 1, 0], [0.2, 0.9, 0.4, 0.1], group, thresholds)["value"] == 500


def test_bad_input_is_named() -> None:
    good = {"truth": [0, 1, 1, 0], "score": [0.2, 0.9, 0.4, 0.1], "group": ["a", "a", "b", "b"]}
    paired = ("truth", "score", "group")
    negative = [("score", NEGATIVE)]
    names_bad_input(
        recall_thresholds,
        **good,
        recall=0.5,
        paired=paired,
        allow=negative,
        bounds={"recall": "(0, 1)"},
    )
    thresholds = {"a": 0.5, "b": 0.3}
    names_bad_input(
        threshold_price,
        **good,
        thresholds=thresholds,
        paired=paired,
        allow=negative,
        bounds={"gain": "[0, inf)", "loss": "[0, inf)"},
    )
    for lacking in ({"a": 0.5}, {"b": 0.5}, {}, 0.5, None):
        with pytest.raises(
            ValueError, match=r"thresholds must be a dict with every group, lacks \["
        ):
            threshold_price(**good, thresholds=lacking)
    for limit in (float("nan"), "0.5", None, 10**400):
        with pytest.raises(ValueError, match="thresholds must be numbers"):
            threshold_price(**good, thresholds={"a": 0.5, "b": limit})
    with pytest.raises(ValueError, match="thresholds must select"):
        threshold_price(**good, thresholds={"a": 2, "b": 2})
    for truth in ([0, 1, 1, 1], [0, 1, 0, 0]):
        with pytest.raises(ValueError, match="truth must hold 0 and 1 in every"):
            threshold_price(**good | {"truth": truth}, thresholds=thresholds)
    with pytest.raises(ValueError, match="truth must hold a 1 in every group, has none in 'b'"):
        recall_thresholds(**good | {"truth": [0, 1, 0, 0]}, recall=0.5)
    with pytest.raises(ValueError, match="truth must hold 0 and 1 only"):
        recall_thresholds(**good | {"truth": [0, 1, 2, 0]}, recall=0.5)
    for group in (["a", "a", "b", None], ["a", "a", "b", float("nan")]):
        with pytest.raises(ValueError, match="group must have no missing"):
            recall_thresholds(**good | {"group": group}, recall=0.5)
    assert recall_thresholds(**good | {"group": [1, 1, 2, 2]}, recall=0.5) == {1: 0.9, 2: 0.4}
    assert recall_thresholds([1] * 100, np.arange(100), ["a"] * 100, 0.55) == {"a": 45}
    for recall in (0, 1):
        with pytest.raises(ValueError, match="recall"):
            recall_thresholds(**good, recall=recall)


def test_a_group_can_be_a_pair_and_a_recall_of_any_kind() -> None:
    pairs = pd.Series([("a", 1), ("a", 1), ("b", 2), ("b", 2)])
    good = {"truth": [0, 1, 1, 0], "score": [0.2, 0.9, 0.4, 0.1]}
    thresholds = recall_thresholds(**good, group=pairs, recall=0.5)
    assert thresholds == {("a", 1): 0.9, ("b", 2): 0.4}
    assert threshold_price(**good, group=pairs, thresholds=thresholds)["recall gap"] == 0
    many = {"truth": np.ones(70_000), "score": np.arange(70_000), "group": ["a"] * 70_000}
    recall = np.float16(0.9)  # 70,000 is beyond its range
    assert recall_thresholds(**many, recall=recall) == recall_thresholds(
        **many, recall=float(recall)
    )


def test_a_score_just_below_a_round_threshold_is_below_it() -> None:
    """float32 holds 0.5 exactly; that does not make float64 scores copies that went through it."""
    truth, group = [0, 1, 1, 0], ["a", "a", "b", "b"]
    score, thresholds = np.array([0.1, 0.5 - 1e-10, 0.9, 0.2]), {"a": 0.5, "b": 0.5}
    assert threshold_price(truth, score, group, thresholds)["value"] == 250
    single = np.float32([0.1, 0.7, 0.9, 0.2])  # 0.7 in float32 lies below 0.7
    assert threshold_price(truth, single, group, {"a": 0.7, "b": 0.7})["value"] == 500
