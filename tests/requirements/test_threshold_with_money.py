"""docs/requirements/threshold-with-money.md"""

from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix

from docs.requirements.figures.cost_threshold import KNOB, measure, rules
from proof.claims import Claim
from snippets.requirements.cost_threshold import break_even, total_cost
from snippets.requirements.review_budget import within_budget
from snippets.requirements.unweighted_probability import unweighted_probability
from tools.bad_input import NEGATIVE, SCALAR, names_bad_input

COSTS = ("false_positive", "false_negative", "true_positive", "true_negative")


def test_less_accurate_and_cheaper(claim: Claim) -> None:
    """Where a missed fraud costs many times a review and many risks lie between break-even and one
    half, acting above the break-even of each payment is less accurate than acting above one half,
    and costs far less."""

    def given_up(seed: int, times: float, **setting: Any) -> float:
        found = rules(seed, times, **{"spread": 0, **setting})
        return found["half"]["right"] - found["own"]["right"]

    other = [{"family": "bayes"}, {"family": "forest"}, {"rare": 0.9}]
    claim.effect(
        "share of the cost saved, equal amounts", measure, knob="times", **KNOB.ends,
        above=0.1, off_below=1e-9, also=other,
    )  # fmt: skip
    claim.effect(
        "accuracy given up, equal amounts", given_up, knob="times", **KNOB.ends,
        above=0.04, off_below=1e-9, also=other,
    )  # fmt: skip
    for seed, setting in (
        (0, {}),
        (1, {}),
        (2, {}),
        *((0, one) for one in other),
    ):  # varied amounts
        assert measure(seed, 18, spread=1, **setting) > 0.2
        assert given_up(seed, 18, spread=1, **setting) > 0.04
    claim.limit(
        "A single full-grown tree is sure of every row, so the threshold decides nothing.",
        "share of the cost saved, equal amounts",
        lambda seed: abs(measure(seed, 18, family="tree")), below=1e-9,
    )  # fmt: skip
    claim.limit(
        "If fraud is so rare that hardly any risk reaches the break-even, hardly anything is saved.",
        "share of the cost saved, equal amounts, mean of four tables",
        lambda seed: np.mean([measure(seed + 100 * n, 18, rare=0.999) for n in range(4)]),
        below=0.05,
    )  # fmt: skip
    claim.limit(
        "If the riskiest payments are the smallest, the break-even saves next to nothing over one half.",
        "share of the cost saved", lambda seed: measure(seed, 18, 1, follows=-1), below=0.06,
    )  # fmt: skip
    claim.limit(
        "With balanced class weights left in a logistic regression, one half costs less than the "
        "break-even of each row if fraud is rare",
        "share of the cost saved", lambda seed: measure(seed, 18, 1, weights=True), below=-0.05,
    )  # fmt: skip
    claim.limit(
        "if one in five is fraud, it costs more.",
        "share of the cost saved, one in five",
        lambda seed: measure(seed, 18, 1, weights=True, rare=0.8), above=0.08,
    )  # fmt: skip


def test_each_row_has_its_own_threshold(claim: Claim) -> None:
    """If amounts vary widely, one break-even for the mean amount costs more than one for each
    row."""

    def extra(seed: int, spread: float, **setting: Any) -> float:
        found = rules(seed, spread=spread, **setting)
        return found["mean"]["cost"] / found["own"]["cost"] - 1

    claim.effect(
        "extra cost", extra, knob="spread", on=1, off=0, above=0.02, off_below=0.01,
        also=[{"family": "bayes"}, {"times": 8}, {"rare": 0.9}],
    )  # fmt: skip
    claim.limit(
        "If amounts differ by a tenth, the two rules cost about the same.",
        "extra cost", lambda seed: extra(seed, 0.1), above=-0.05, below=0.05,
    )  # fmt: skip
    claim.limit(
        "If they are the largest, one break-even for the mean payment costs about the same.",
        "extra cost", lambda seed: extra(seed, 1, follows=1), above=-0.1, below=0.06,
    )  # fmt: skip
    claim.limit(
        "If no missed fraud costs more than its review, both rules review nothing.",
        "reviews of both",
        lambda seed: sum(rules(seed, 0.02)[name]["reviews"] for name in ("mean", "own")),
        below=1e-9,
    )  # fmt: skip


def test_balanced_weights_break_the_rule(claim: Claim) -> None:
    """If fraud is rare, balanced class weights make the rule of a logistic regression review far too
    much, and undoing them removes nearly all of the excess."""

    def times(seed: int, undo: bool, what: str = "reviews", **setting: Any) -> float:
        weighted = rules(seed, weights=True, **setting)["undone" if undo else "own"]
        return weighted[what] / rules(seed, **setting)["own"][what]

    claim.effect(
        "reviews, times those without weights", times, knob="undo", on=False, off=True,
        above=1.6, off_above=0.8, off_below=1.25, also=[{"family": "bayes"}, {"rare": 0.9}],
    )  # fmt: skip
    claim.effect(
        "cost, times that without weights", lambda seed, **given: times(seed, what="cost", **given),
        knob="undo", on=False, off=True, above=1.15, off_below=1.1,
        also=[{"family": "bayes"}, {"rare": 0.9}],
    )  # fmt: skip
    assert times(0, undo=True, family="forest") < 0.75

    def left(seed: int, model: BaseEstimator) -> float:
        inputs, fraud = make_classification(
            12_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=seed
        )
        plain, weighted = (
            clone(model).set_params(class_weight=weight)
            .fit(inputs[:6_000], fraud[:6_000]).predict_proba(inputs[6_000:])[:, 1]
            for weight in (None, "balanced")
        )  # fmt: skip
        found = unweighted_probability(weighted, fraud[:6_000].mean())
        return np.mean(found > 1 / 18) / np.mean(plain > 1 / 18)

    made = {"max_iter": 20, "learning_rate": 0.3, "max_bins": 31, "early_stopping": False}
    boosted = HistGradientBoostingClassifier(random_state=0, **made)
    for model in (boosted, LogisticRegression(C=0.001)):
        claim.limit(
            "For a forest, boosted trees or a strongly regularised logistic regression, undoing the "
            "weights leaves fewer reviews than without weights.",
            "reviews, times those without weights",
            lambda seed, model=model: left(seed, model), below=0.9,
        )  # fmt: skip


def test_isotonic_recalibration_removes_the_bias_of_the_demo() -> None:
    """A sigmoid, the default of scikit-learn, does not."""
    bills = []
    for sample in range(6):
        inputs, fraud = make_classification(
            9_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=sample
        )
        plain, known, live = LogisticRegression(), slice(0, 4_000), slice(4_000, None)
        models = plain, *(CalibratedClassifierCV(plain, method=m) for m in ("isotonic", "sigmoid"))
        risks = (m.fit(inputs[known], fraud[known]).predict_proba(inputs[live]) for m in models)
        bills.append([total_cost(fraud[live], risk[:, 1] > 5 / 90, 5, 90, 5) for risk in risks])
    bills = np.transpose(bills) / np.transpose(bills)[0]
    assert np.mean(bills[1]) < 0.97 and np.sum(bills[1] < 1) >= 5
    assert np.mean(bills[2]) > 0.985


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
    assert break_even(5, 10, 5) == 0.5  # a false alarm of 5, a missed fraud of 10
    always, never = break_even([-1, -1, 0], [5, 0, 5]), break_even([0, 0, 5], [0, -5, -5])
    assert always.tolist() == [-1e-30, -1e-30, 0] and never.tolist() == [1, 1, 1]
    risk = np.array([0, 0.5, 1], np.float32)  # a forest is as sure as that
    assert (risk > break_even(-1, 5)).all() and (risk > float(break_even(-1, 5))).all()
    assert not (risk > break_even(5, 0, 5)).any()
    assert total_cost([0, 0, 1], risk > break_even(-1, 5), -1, 5) == -2  # never acting costs 5
    loans = np.array([100, 500, 200])  # decline: forgo a tenth less 20, or lose six tenths and 20
    decline = break_even(0, 0.6 * loans + 20, 0, 20 - 0.1 * loans)
    assert decline == pytest.approx([0, 30 / 350, 0])  # of 200, the fee eats the margin
    unsigned = np.array([3, 200], np.uint8)  # 3 - 5 wraps
    assert break_even(np.uint8(5), unsigned, np.uint8(5)).tolist() == [1, pytest.approx(5 / 200)]
    acted = total_cost([True, False], [1, 1], np.int8(100), np.int8(100), np.int8(100))
    assert acted == 200
    assert total_cost([1, 1, 0, 0], [1, 0, 1, 0], 2, [7, 11, 13, 17], -1, 0.5) == 2 + 11 - 1 + 0.5


@pytest.mark.parametrize("seed", range(5))
def test_undoing_is_bayes_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    share, probability = rng.uniform(0.01, 0.9), rng.uniform(size=30)
    odds = probability / (1 - probability) * share / (1 - share)
    assert unweighted_probability(probability, share) == pytest.approx(odds / (1 + odds))
    assert unweighted_probability(probability, 0.5) == pytest.approx(probability)
    assert unweighted_probability([0, 1], share).tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_budget_by_sorting(seed: int) -> None:
    rng = np.random.default_rng(seed)
    risk, saving, price = rng.uniform(size=40), rng.lognormal(3, 1, 40), rng.uniform(1, 9, 40)
    expected = sorted(range(40), key=lambda i: -(risk[i] * saving[i] - (1 - risk[i]) * price[i]))[
        :7
    ]
    chosen = within_budget(risk, saving, price, 7)
    assert set(np.flatnonzero(chosen)) == set(expected)
    everything = within_budget(risk, saving, price, 40)
    assert (everything == (risk > break_even(price, saving))).all()  # the rule without a limit
    assert not within_budget(risk, saving, price, 0).any()
    assert within_budget([0.5, 0.5], [9, 9], [1, 1], 1).tolist() == [True, False]


def test_no_action_without_a_saving() -> None:
    assert within_budget([0.5, 0.6], [1, 1], [1, 1], 2).tolist() == [False, True]


def test_bad_input_is_named() -> None:
    names_bad_input(
        within_budget, probability=[0.1, 0.7, 0.9], saving=[9.0, 7.0, 8.0], price=[1.0, 2.0, 1.0],
        capacity=2, paired=("probability", "saving", "price"), bounds={"capacity": "[0, inf)"},
        allow=[("saving", NEGATIVE), ("price", NEGATIVE)],
    )  # fmt: skip
    gains = [(name, NEGATIVE) for name in COSTS]
    one_for_all = [(name, SCALAR) for name in COSTS]
    rows = {"false_positive": 5.0, "false_negative": [9.0, 7.0, 8.0]}
    names_bad_input(
        break_even, **rows, true_positive=[1.0, 2.0, 1.5],
        paired=("false_negative", "true_positive"), allow=[*gains, *one_for_all],
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
    with pytest.raises(ValueError, match="false_positive is below true_negative"):
        break_even([5, 1], [9, 0], 1, 5)
    with pytest.raises(ValueError, match="true_positive must hold 3 costs"):
        break_even(5, [9, 8, 7], [1, 2])
    with pytest.raises(ValueError, match="true_negative must hold 2 costs"):
        total_cost([0, 1], [0, 1], 1, 2, 3, [1, 2, 3])
    for flags in ([0, 2], [[0, 1]], [0.5, 1], ["0", "1"]):
        with pytest.raises((TypeError, ValueError), match="outcome must"):
            total_cost(flags, [0, 1], 1, 2)
    for wrong in (1.01, -0.01):
        with pytest.raises(ValueError, match="probability must lie between 0 and 1"):
            unweighted_probability([0.5, wrong], 0.1)


def test_a_ragged_list_of_costs_is_named() -> None:
    for wrong in ([[1, 2], [3]], [1, [3]], None, "5"):
        with pytest.raises((TypeError, ValueError), match="false_positive must"):
            break_even(wrong, 1)
        with pytest.raises((TypeError, ValueError), match="false_negative must"):
            total_cost([0, 1], [0, 1], 1, wrong)
    for one in (5, np.float32(5), np.array(5)):
        assert break_even(one, 5) == 0.5


def test_an_expected_saving_of_zero_is_not_above_it() -> None:
    """0.3 times 7 is above 0.7 times 3 by the last bit, and such a row was acted on."""
    for percent in range(1, 100):
        gain, cost = 100 - percent, percent
        assert not within_budget([percent / 100], [gain], [cost], 1).any()
        assert within_budget([percent / 100], [gain + 1e-6], [cost], 1).all()
    equal = within_budget([0.3, 0.1, 0.2], [1, 3, 1.5], [0, 0, 0], 1)  # of equals, the first
    assert equal.tolist() == [True, False, False]


def test_one_huge_saving_does_not_tie_the_others() -> None:
    """Beside a payment of 1e14, savings of 4.5 and 9.5 counted as equal, and the first was taken."""
    for huge in (1e14, -1e14, 1e300):
        chosen = within_budget([0.5] * 4, [10, 12, huge, 20], [1] * 4, 1 + (huge > 0))
        assert chosen.tolist() == [False, False, huge > 0, True]


def test_costs_that_are_equal_up_to_rounding() -> None:
    """0.3 is below 0.1 + 0.2 by the last bit: acting on a negative was a gain, at any risk."""
    total = 0.1 + 0.2
    assert break_even(0.3, 1, 0, total) == 0
    assert break_even(0.3, 0.3, total, total) == 1  # acting changes nothing
    assert break_even([0.3, 0.3], [1, 2], 0, [total, 0.1]).tolist() == [0, pytest.approx(0.2 / 2.2)]
