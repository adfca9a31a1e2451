"""docs/requirements/abstain.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from sklearn.base import ClassifierMixin
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.naive_bayes import GaussianNB
from statsmodels.stats.proportion import proportion_confint

from docs.requirements.figures.abstain import KNOB, measure, served
from proof.claims import Claim
from snippets.requirements.review_backlog import review_backlog
from snippets.requirements.review_worth import send_to_review, worth_of_review
from snippets.requirements.risk_coverage import risk_coverage
from tools.bad_input import names_bad_input


def error_at(confidence: np.ndarray, wrong: np.ndarray, share: float) -> float:
    curve = risk_coverage(confidence, wrong)
    return curve.loc[curve["coverage"] >= share, "error"].iloc[0]


def far_out(seed: int) -> float:
    """Error of the surest fifth over that of all rows; a tenth lies far out, rule reversed."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(6_000, 3))
    weights = np.tile([1.5, -1, 0.8], (6_000, 1))
    inputs[-400:, 0] = np.abs(inputs[-400:, 0]) + 4
    weights[-400:, 0] *= -1
    label = rng.random(6_000) < 1 / (1 + np.exp(-np.sum(inputs * weights, axis=1)))
    model = LogisticRegression().fit(inputs[:2_000], label[:2_000])
    probability = model.predict_proba(inputs[2_000:])[:, 1]
    wrong = (probability > 0.5) != label[2_000:]
    return error_at(np.abs(probability - 0.5), wrong, 0.2) / wrong.mean()


def wider_gap(seed: int) -> float:
    """Gap between the errors of two groups among the surer half, minus that of all rows."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, size=8_000)
    small = rng.random(8_000) < 0.1
    sign = 2 * label - 1
    shortcut = np.where(small, -sign, sign) * 1.2 + rng.normal(size=8_000)  # misleads the small one
    inputs = np.column_stack([0.8 * sign + rng.normal(size=8_000), shortcut])
    probability = LogisticRegression().fit(inputs[:2_000], label[:2_000]).predict_proba(inputs)
    wrong, sure = probability.argmax(axis=1) != label, probability.max(axis=1)
    answered = ~send_to_review(sure, 4_000)
    gaps = [wrong[small & on].mean() - wrong[~small & on].mean() for on in (answered, sure > 0)]
    return gaps[0] - gaps[1]


def oversampled(seed: int, spread: float) -> float:
    """Error of the surer half with the rare class counted as often as the other, over that by the
    true log-odds."""
    rng = np.random.default_rng(seed)
    log_odds = spread * rng.normal(size=20_000) - 3
    label = rng.random(20_000) < 1 / (1 + np.exp(-log_odds))
    told = (log_odds + np.log(1 / label.mean() - 1), log_odds)
    return np.divide(*(error_at(np.abs(odds), (odds > 0) != label, 0.5) for odds in told))


def refitted(seed: int, model: ClassifierMixin) -> float:
    """Error of the surer half after oversampling one in ten, over that of the same model without."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(6_000, 5))
    label = rng.random(6_000) < 1 / (1 + np.exp(3 - inputs @ [1.5, -1, 0.8, 0, 0]))
    rare = np.flatnonzero(label[:2_000])
    twice = np.r_[:2_000, rng.choice(rare, 2_000 - 2 * rare.size)]
    errors = []
    for rows in (twice, np.arange(2_000)):
        probability = model.fit(inputs[rows], label[rows]).predict_proba(inputs[2_000:])
        wrong = probability.argmax(axis=1) != label[2_000:]
        errors.append(wrong[~send_to_review(probability.max(axis=1), 2_000)].mean())
    return errors[0] / errors[1]


def test_confidence_has_to_be_informative(claim: Claim) -> None:
    """If a model is surer where it is right, answering only the surer half cuts the error of its
    answers; a confidence that carries no information leaves it as it was."""
    claim.effect(
        "error of the surer half, of all answers one", measure, knob="noise", **KNOB.ends,
        below=0.7, off_above=0.9, off_below=1.1,
        also=[{"model": "bayes"}, {"data": "clusters", "model": "forest"}],
    )  # fmt: skip
    claim.limit(
        "If a tenth of the rows lie far outside of the training data and follow another rule, the "
        "surest fifth can be worse than all rows together.",
        "error of the surest fifth, of all answers one", far_out, above=1.2,
    )  # fmt: skip
    claim.limit(
        "Abstaining can widen the gap between groups: where a shortcut misleads a small group, the "
        "answered half is more unequal than all rows.",
        "how much wider the gap in error is", wider_gap, above=0.02,
    )  # fmt: skip
    claim.limit(
        "If a class of about one in ten was oversampled until both were equal, the surer half of a "
        "logistic regression is clearly more often wrong than after calibration",
        "error of the surer half, after calibration one",
        lambda seed: min(oversampled(seed, spread) for spread in (1, 2, 3)), above=1.5,
    )  # fmt: skip
    claim.limit(
        "that of a full-grown forest is not.", "error of the surer half, without oversampling one",
        lambda seed: refitted(seed, RandomForestClassifier(12, random_state=0)), below=1.35,
    )  # fmt: skip
    assert min(refitted(seed, LogisticRegression()) for seed in range(3)) > 2


def gain_of_review(
    seed: int, route: str = "least sure", right: float = 0.7, **setting: str
) -> float:
    """Errors avoided over all rows if a simulated person decides a fifth of them."""
    confidence, wrong, _ = served(seed, **setting)
    rng = np.random.default_rng([seed, 2])
    order = confidence if route == "least sure" else rng.random(wrong.size)
    sent = send_to_review(order, wrong.size // 5)
    person = rng.random(wrong.size) > right
    return worth_of_review(wrong[sent], person[sent], wrong.size)["errors_avoided"]


def same_difficulty(seed: int) -> float:
    """Errors avoided by a person who finds the same rows hard as the model."""
    confidence, _, _ = served(seed)
    rng = np.random.default_rng([seed, 3])
    model, person = (rng.random(confidence.size) > confidence for _ in range(2))
    sent = send_to_review(confidence, confidence.size // 5)
    return worth_of_review(model[sent], person[sent], confidence.size)["errors_avoided"]


def test_a_worse_person_can_help(claim: Claim) -> None:
    """A reviewer who is right a little less often than the model can avoid errors on the rows of
    which it is least sure, though not on random rows, if the former are not hard for the reviewer
    too."""
    other = [{"model": "bayes"}, {"data": "clusters", "model": "forest"}]
    claim.effect(
        "errors avoided, share of all rows", gain_of_review, knob="route", on="least sure",
        off="random", above=0.008, off_below=0.0, also=other,
    )  # fmt: skip
    for setting in ({}, *other):
        assert all(1 - served(seed, **setting)[1].mean() > 0.7 for seed in range(2))  # overall
    claim.limit(
        "A reviewer who finds the same rows as hard as the model does avoids next to nothing.",
        "errors avoided, share of all rows", same_difficulty, below=0.01,
    )  # fmt: skip
    claim.limit(
        "With two classes, a reviewer who is right on half of the rows adds errors on the least sure "
        "ones too.",
        "errors avoided, share of all rows", lambda seed: gain_of_review(seed, right=0.5),
        below=-0.003,
    )  # fmt: skip
    assert all(half_of_ten_classes(seed) > 0.015 for seed in range(2))  # there, half is much


def half_of_ten_classes(seed: int) -> float:
    """Errors avoided on the least sure fifth by a person who is right on half of it."""
    inputs, label = make_classification(
        4_000, n_informative=8, n_classes=10, n_clusters_per_class=1, random_state=seed
    )
    fitted = GaussianNB().fit(inputs[:2_000], label[:2_000])
    probability = fitted.predict_proba(inputs[2_000:])
    wrong = probability.argmax(axis=1) != label[2_000:]
    sent = send_to_review(probability.max(axis=1), 400)
    return worth_of_review(wrong[sent], np.arange(400) < 200, 2_000)["errors_avoided"]


@cache
def days_behind(
    seed: int, reviewers: float, spread: float = 0.5, days: int = 60, shape: str = "lognormal",
    streaks: float = 0.0,
) -> float:  # fmt: skip
    """Mean backlog on the last day, in days of work; 80 rows come on an average day."""
    rng, behind = np.random.default_rng(seed), []
    for _ in range(200):
        noise = rng.normal(size=days)
        for day in range(1, days if streaks else 0):
            noise[day] = streaks * noise[day - 1] + (1 - streaks**2) ** 0.5 * noise[day]
        volume = np.exp(spread * noise - spread**2 / 2)
        if shape == "gamma":
            volume = rng.gamma(spread**-2, spread**2, size=days)
        if shape == "weekdays":  # a weekend's rows come on Monday
            volume = np.resize([3, 1, 1, 1, 1], days) / 1.4
        sent = rng.poisson(80 * volume)
        behind.append(review_backlog(sent, 80 * reviewers)[-1] / (80 * reviewers))
    return np.mean(behind)


def test_reviewers_need_slack(claim: Claim) -> None:
    """If the number of rows varies at random by about half from day to day, reviewers who can do just
    the average fall days behind, and with half as much again they keep up."""
    claim.effect(
        "days behind", days_behind, knob="reviewers", on=1.0, off=1.5, above=1.5, off_below=0.3,
        also=[{"days": 120}, {"shape": "gamma"}],
    )  # fmt: skip
    claim.limit(
        "If busy times last for a week or two, or the number of rows varies by more than its "
        "average, half as much again is not enough.",
        "days behind",
        lambda seed: min(days_behind(seed, 1.5, streaks=0.9), days_behind(seed, 1.5, spread=1.0)),
        above=0.6,
    )  # fmt: skip
    claim.limit(
        "If it varies by weekday only, reviewers for the average are less than a day behind on Friday.",
        "days behind", lambda seed: days_behind(seed, 1.0, shape="weekdays"), below=0.9,
    )  # fmt: skip
    assert days_behind(0, 1.5, streaks=0.5) < 0.4  # a streak of two or three days is no trouble


@pytest.mark.parametrize("decimals", [1, 2, 9])
def test_curve_is_one_minus_the_precision_of_scikit_learn(decimals: int) -> None:
    """With ties and without: precision is the share of right answers at or above a threshold."""
    rng = np.random.default_rng(decimals)
    sure = np.round(rng.random(500), decimals)
    wrong = rng.random(500) > 0.5 + sure / 2
    curve = risk_coverage(sure, wrong)
    precision, recall, thresholds = precision_recall_curve(~wrong, sure)
    assert curve["threshold"].to_numpy()[::-1] == pytest.approx(thresholds)
    assert curve["error"].to_numpy()[::-1] == pytest.approx(1 - precision[:-1])
    right = recall[:-1] * np.sum(~wrong)
    assert curve["coverage"].to_numpy()[::-1] == pytest.approx(right / precision[:-1] / 500)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_intervals_are_those_of_statsmodels(level: float) -> None:
    rng = np.random.default_rng(0)
    curve = risk_coverage(np.round(rng.random(60), 1), rng.random(60) < 0.2, level)
    answered = np.rint(curve["coverage"] * 60)
    low, high = proportion_confint(curve["error"] * answered, answered, 1 - level, "beta")
    assert curve["low"].to_numpy() == pytest.approx(np.asarray(low), abs=1e-9)
    assert curve["high"].to_numpy() == pytest.approx(np.asarray(high), abs=1e-9)


def test_the_interval_holds_where_hardly_any_answer_is_wrong() -> None:
    """Counted over all outcomes; Wilson's interval misses an error of 1 in 6,000 in one of six."""
    curves = [risk_coverage(np.ones(1_000), np.arange(1_000) < count) for count in range(40)]
    low, high = (np.array([curve[end].item() for curve in curves]) for end in ("low", "high"))
    for error in (0.00017, 0.001, 0.005):
        missed = (error < low) | (error > high)
        assert binom.pmf(np.arange(40), 1_000, error)[missed].sum() < 0.05


def test_ties_are_answered_together() -> None:
    flat = risk_coverage([0.9] * 4, [0, 1, 1, 0])
    assert flat[["threshold", "coverage", "error"]].to_numpy().tolist() == [[0.9, 1, 0.5]]
    one = risk_coverage([0.3], [0])
    assert (one["error"].item(), one["low"].item()) == (0, 0)
    assert one["high"].item() == pytest.approx(0.975)  # a single right answer proves little
    order = np.random.default_rng(0).permutation(300)
    sure, wrong = np.arange(300) // 7, np.arange(300) % 3 == 0
    pd.testing.assert_frame_equal(
        risk_coverage(sure, wrong), risk_coverage(sure[order], wrong[order])
    )
    pd.testing.assert_frame_equal(
        risk_coverage(sure, wrong).drop(columns="threshold"),
        risk_coverage(np.exp(sure / 10), wrong).drop(columns="threshold"),
    )


def test_a_confidence_from_either_side_is_equal() -> None:
    """1 - 0.43 is above 0.57 by the last bit: one class was answered, the other not."""
    percent = np.random.default_rng(0).integers(0, 101, 2_000)
    share, wrong = percent / 100, percent % 7 == 0
    pd.testing.assert_frame_equal(
        risk_coverage(np.maximum(share, 1 - share), wrong).drop(columns="threshold"),
        risk_coverage(np.maximum(percent, 100 - percent), wrong).drop(columns="threshold"),
    )
    either = [1 - 0.43, 0.57]
    assert risk_coverage(either, [0, 1])["threshold"].item() <= min(either)
    assert send_to_review(either, 1).tolist() == [True, False]
    tiny = risk_coverage([1e20, 1e-20, 2e-20, 0, -1e-20], [0, 1, 0, 1, 1])
    assert tiny["threshold"].tolist() == [1e20, 2e-20, 1e-20, 0, -1e-20]


def test_the_least_sure_are_sent() -> None:
    sure = [0.9, 0.5, 0.7, 0.5, 0.5]
    assert send_to_review(sure, 2).tolist() == [False, True, False, True, False]
    assert send_to_review(sure, 0).sum() == 0
    assert send_to_review(sure, 9).all()


def test_worth_is_counted() -> None:
    found = worth_of_review([1, 1, 1, 0], [0, 0, 1, 1], rows=10, error_price=40, review_price=6)
    expected = {"model_right": 0.25, "person_right": 0.5, "errors_avoided": 0.1, "saved": 16}
    assert found == pytest.approx(expected)
    same = worth_of_review([1, 0], [1, 0], rows=2, review_price=3)
    assert (same["errors_avoided"], same["saved"]) == (0, -6)
    with pytest.raises(ValueError, match="rows must be a whole number from 4"):
        worth_of_review([1, 1, 1, 0], [0, 0, 1, 1], rows=3)


def test_backlog_is_carried_over() -> None:
    rng = np.random.default_rng(0)
    sent, waiting, expected = rng.poisson(10, size=200), 0.0, []
    for came in sent:
        waiting = max(0.0, waiting + came - 10.5)
        expected.append(waiting)
    assert review_backlog(sent, 10.5) == pytest.approx(expected)
    assert review_backlog([80] * 30, 80).max() == 0
    assert review_backlog([81] * 30, 80)[-1] == 30


def test_exercise() -> None:
    model, person = np.arange(500) < 200, np.arange(500) < 75
    found = worth_of_review(model, person, 4_000, error_price=40, review_price=6)
    assert found["saved"] == 125 * 40 - 500 * 6 == 2_000
    later = worth_of_review(np.arange(500) < 125, person, 4_000, error_price=40, review_price=6)
    assert later["saved"] == -1_000


def test_bad_input_is_named() -> None:
    sure, wrong = [0.9, 0.6, 0.8, 0.55], [0, 1, 0, 1]
    names_bad_input(
        risk_coverage, confidence=sure, wrong=wrong, paired=("confidence", "wrong"),
        bounds={"level": "(0, 1)"},
    )  # fmt: skip
    names_bad_input(send_to_review, confidence=sure, capacity=2, bounds={"capacity": "[0, inf)"})
    names_bad_input(
        worth_of_review, model_wrong=wrong, person_wrong=[0, 0, 1, 1], rows=9, error_price=4.5,
        review_price=1.5, paired=("model_wrong", "person_wrong"),
        bounds={"rows": "[4, inf)", "error_price": "[0, inf)", "review_price": "[0, inf)"},
    )  # fmt: skip
    names_bad_input(
        review_backlog, sent=[80, 90, 100], capacity=85.0, bounds={"capacity": "(0, inf)"}
    )


def test_a_desk_that_is_empty_up_to_rounding() -> None:
    """1 less five times 0.2 left 5.6e-17 of a row on the desk."""
    assert review_backlog([1, 0, 0, 0, 0, 0], 0.2)[3:].tolist() == [0.2, 0, 0]
