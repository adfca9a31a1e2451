"""docs/beyond/roll-out.md"""

from functools import cache
from math import log, sqrt

import numpy as np
import pytest
from scipy.stats import bernoulli, multivariate_normal
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import confusion_matrix
from statsmodels.stats.proportion import power_proportions_2indep, proportions_ztest

from proof.claims import Claim
from snippets.beyond.ab_test import look_boundary, rows_per_arm
from snippets.beyond.canary import canary_verdict
from snippets.beyond.shadow_churn import churn
from tools.bad_input import ABOVE_ONE, names_bad_input


@cache
def retrains(seed: int) -> dict[str, dict[str, float]]:
    inputs, labels = make_classification(
        3_000, n_features=20, n_informative=6, flip_y=0.15, class_sep=0.7, random_state=seed
    )
    march, april, live = slice(0, 800), slice(800, 1_600), slice(1_600, None)

    def answers(rows: slice, again: int) -> np.ndarray:
        model = RandomForestClassifier(20, random_state=again)
        return model.fit(inputs[rows], labels[rows]).predict(inputs[live])

    old, found = answers(march, 0), {}
    for name, (rows, again) in {"rows": (april, 0), "seed": (march, 1), "same": (march, 0)}.items():
        new = answers(rows, again)
        found[name] = churn(old, new, labels[live])
        found[name]["moved"] = abs(np.mean(new == labels[live]) - np.mean(old == labels[live]))
        found[name]["less"] = min(found[name]["broken"], found[name]["fixed"])
    return found


def test_equal_accuracy_other_answers(claim: Claim) -> None:
    """A retrain breaks about as many answers as it fixes, so its accuracy hardly moves while its
    answers do."""
    for name in ("rows", "seed"):
        claim.holds(f"{name}: changed", lambda s, n=name: retrains(s)[n]["changed"], above=0.07)
        claim.holds(
            f"{name}: both broken and fixed", lambda s, n=name: retrains(s)[n]["less"], above=0.02
        )
        claim.holds(
            f"{name}: accuracy moved", lambda s, n=name: retrains(s)[n]["moved"], below=0.05
        )
    claim.null("changed, same rows and seed", lambda s: retrains(s)["same"]["changed"], below=0.001)


@cache
def scores(seed: int, rate: float = 0.05) -> np.ndarray:
    rng = np.random.default_rng(seed)
    days, daily, tests = 30, 1_000, 1_000
    control = rng.binomial(daily, 0.05, (tests, days)).cumsum(axis=1)
    treated = rng.binomial(daily, rate, (tests, days)).cumsum(axis=1)
    rows = daily * np.arange(1, days + 1)
    pooled = (control + treated) / (2 * rows)
    return np.abs(treated - control) / np.sqrt(2 * rows * pooled * (1 - pooled))


@cache
def alarms(seed: int, looks: int, limit: float, rate: float = 0.05) -> float:
    return float((scores(seed, rate)[:, 30 // looks - 1 :: 30 // looks] > limit).any(axis=1).mean())


def test_peeking(claim: Claim) -> None:
    """Whoever looks every day for a month and stops at the first significant difference finds one
    several times too often."""
    claim.holds("alarms at thirty looks, 1.96", lambda seed: alarms(seed, 30, 1.96), above=0.2)
    claim.null("alarms at one look, 1.96", lambda seed: alarms(seed, 1, 1.96), below=0.08)


def test_boundary_pays_for_looking(claim: Claim) -> None:
    """A boundary computed for the number of looks keeps the false alarm rate, and finds a real lift
    less often than one look."""
    limit = look_boundary(30)
    claim.holds("alarms at thirty looks", lambda s: alarms(s, 30, limit), above=0.02, below=0.075)

    def power_lost(seed: int, looks: int, limit: float) -> float:
        return alarms(seed, 1, 1.96, 0.055) - alarms(seed, looks, limit, 0.055)

    claim.holds("power lost", lambda seed: power_lost(seed, 30, limit), above=0.08)
    once = look_boundary(1)
    claim.null("alarms at one look", lambda s: alarms(s, 1, once), above=0.02, below=0.08)
    claim.null("power lost at one look", lambda seed: abs(power_lost(seed, 1, once)), below=0.01)


@cache
def rolled_back(seed: int, rate: float) -> float:
    releases = np.random.default_rng(seed).random((600, 6_000)) < rate
    return [canary_verdict(release)[0] for release in releases].count("roll back") / len(releases)


def test_canary_keeps_its_rates(claim: Claim) -> None:
    """The sequential test rolls back unacceptable releases and promotes healthy ones at about the
    stated rates, without a fixed number of requests."""
    claim.holds("rolled back, unacceptable", lambda seed: rolled_back(seed, 0.02), above=0.91)
    claim.null("rolled back, healthy", lambda seed: rolled_back(seed, 0.01), below=0.025)


def test_running_rate(claim: Claim) -> None:
    """A limit on the running failure rate, looked at after every request, rolls back many times the
    healthy releases that it would at the end."""

    @cache
    def above(seed: int) -> tuple[float, float]:
        releases = np.random.default_rng(seed).random((1_000, 2_000)) < 0.01
        running = releases.cumsum(axis=1) / np.arange(1, 2_001)
        return (running[:, 100:] > 0.015).any(axis=1).mean(), (running[:, -1] > 0.015).mean()

    claim.holds("ever above", lambda seed: above(seed)[0], above=0.4)
    claim.null("above at the end", lambda seed: above(seed)[1], below=0.05)


@pytest.mark.parametrize("seed", range(10))
def test_churn_agrees_with_confusion_matrices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    old, new, labels = rng.integers(0, 2, (3, 50))
    right = confusion_matrix(old == labels, new == labels, labels=[False, True], normalize="all")
    changed = confusion_matrix(old, new, labels=[0, 1], normalize="all")
    expected = {"changed": 1 - np.trace(changed), "broken": right[1, 0], "fixed": right[0, 1]}
    assert churn(old, new, labels) == pytest.approx(expected)
    names = np.array(["no", "yes"])
    assert churn(names[old], names[new].astype(object), names[labels]) == churn(old, new, labels)
    assert churn(old == 1, new == 1) == {"changed": pytest.approx(expected["changed"])}


def test_churn_counts_three_classes_wrong_in_two_ways() -> None:
    report = churn([0, 1, 2, 2], [0, 2, 1, 0], [0, 0, 2, 0])
    assert report == {"changed": 0.75, "broken": 0.25, "fixed": 0.25}


@pytest.mark.parametrize("baseline", [0.01, 0.05, 0.4])
@pytest.mark.parametrize("lift", [0.05, 0.3])
@pytest.mark.parametrize(("rate", "power"), [(0.05, 0.8), (0.01, 0.9)])
def test_rows_agree_with_statsmodels(
    baseline: float, lift: float, rate: float, power: float
) -> None:
    rows = rows_per_arm(baseline, lift, rate, power)
    for size, enough in ((rows, True), (rows - 1, False)):
        found = power_proportions_2indep(baseline * lift, baseline, size, alpha=rate).power
        assert found == pytest.approx(power, abs=1e-5 + 1 / rows)
        assert rows > 1_000 or (found >= power) == enough


def test_rows_give_the_power_in_a_simulation() -> None:
    rng, rows = np.random.default_rng(0), rows_per_arm(0.05, 0.2)
    counts = rng.binomial(rows, [0.05, 0.06], (2_000, 2))
    found = [proportions_ztest(pair, [rows, rows])[1] < 0.05 for pair in counts]
    assert np.mean(found) == pytest.approx(0.8, abs=0.04)
    assert isinstance(rows, int)


@pytest.mark.parametrize("rate", [0.05, 0.2])
@pytest.mark.parametrize("looks", [1, 2, 4])
def test_boundary_agrees_with_scipy(looks: int, rate: float) -> None:
    boundary, times = look_boundary(looks, rate), np.arange(1, looks + 1)
    covariance = [[sqrt(min(s, t) / max(s, t)) for s in times] for t in times]
    limits = np.full(looks, boundary)
    inside = multivariate_normal(cov=covariance, seed=0).cdf(limits, lower_limit=-limits)
    assert 1 - inside == pytest.approx(rate, abs=0.004)
    assert look_boundary(looks, rate, seed=1) == pytest.approx(boundary, abs=0.03)
    assert look_boundary(looks, rate, seed=1) != boundary


@pytest.mark.parametrize("seed", range(10))
def test_canary_agrees_with_likelihoods_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    healthy, unacceptable = np.cumsum(rng.uniform(0.05, 0.3, 2))
    alpha, beta = rng.uniform(0.01, 0.2, 2)
    failed = (rng.random(3_000) < rng.choice([healthy, unacceptable])).astype(int)
    ratio = (
        bernoulli.logpmf(failed, unacceptable).cumsum() - bernoulli.logpmf(failed, healthy).cumsum()
    )
    outside = (ratio >= log((1 - beta) / alpha)) | (ratio <= log(beta / (1 - alpha)))
    verdict, requests = canary_verdict(failed, healthy, unacceptable, alpha, beta)
    assert outside.any() and requests == outside.argmax() + 1
    assert verdict == ("roll back" if ratio[requests - 1] > 0 else "promote")
    assert canary_verdict(failed[: requests - 1], healthy, unacceptable, alpha, beta) == (
        "undecided", requests - 1,
    )  # fmt: skip
    assert canary_verdict(failed == 1, healthy, unacceptable, alpha, beta) == (verdict, requests)


def exact_roll_back(rate: float, alpha: float, beta: float, requests: int = 6_000) -> float:
    """Follow the whole distribution of the failures of releases that are still undecided."""
    failure, success = log(2), log(0.98 / 0.99)
    counts = np.arange(150)
    share, rolled = np.zeros(150), 0.0
    share[0] = 1
    for request in range(1, requests + 1):
        share = share * (1 - rate) + np.roll(share, 1) * rate
        ratio = counts * failure + (request - counts) * success
        up = ratio >= log((1 - beta) / alpha)
        rolled += share[up].sum()
        share[up | (ratio <= log(beta / (1 - alpha)))] = 0
    return rolled


@pytest.mark.parametrize(("alpha", "beta"), [(0.01, 0.05), (0.05, 0.1)])
def test_walds_bounds_hold_exactly(alpha: float, beta: float) -> None:
    false, missed = exact_roll_back(0.01, alpha, beta), 1 - exact_roll_back(0.02, alpha, beta)
    assert alpha / 2 < false <= alpha / (1 - beta)
    assert beta / 2 < missed <= beta / (1 - alpha)
    assert false + missed <= alpha + beta
    if alpha == 0.01:
        seeds = range(5)
        assert np.mean([rolled_back(s, 0.01) for s in seeds]) == pytest.approx(false, abs=0.006)
        assert np.mean([rolled_back(s, 0.02) for s in seeds]) == pytest.approx(
            1 - missed, abs=0.015
        )


def test_canary_on_its_bounds() -> None:
    assert canary_verdict([1] * 10) == ("roll back", 7)
    assert canary_verdict([0] * 1_000) == ("promote", 295)
    assert canary_verdict([1] * 6) == ("undecided", 6)
    equal = {"healthy": 0.2, "unacceptable": 0.8, "alpha": 0.2, "beta": 0.2}
    assert canary_verdict([1], **equal) == ("roll back", 1)
    assert canary_verdict([0], **equal) == ("promote", 1)


def test_bad_input_is_named() -> None:
    answers, text = [0, 1, 1, 0], ["no", "yes", "yes", "no"]
    names_bad_input(churn, old=answers, new=answers, labels=answers, paired=("old", "new", "labels"),
                    allow=[("labels", "none")])  # fmt: skip
    names_bad_input(churn, old=text, new=text, labels=text, allow=[("labels", "none")])
    names_bad_input(
        rows_per_arm,
        baseline=0.05,
        lift=0.1,
        allow=[("lift", ABOVE_ONE)],
        bounds={
            "lift": "(0, 19)",
            "power": "(0, 1)",
            "false_alarm_rate": "(0, 1)",
        },
    )
    names_bad_input(
        look_boundary,
        looks=3,
        bounds={"looks": "[1, inf)", "seed": "[0, inf)", "false_alarm_rate": "(0, 1)"},
    )
    names_bad_input(
        canary_verdict,
        failed=[0, 0, 1, 0],
        bounds={
            "healthy": "(0, 0.02)",
            "unacceptable": "(0.01, 1)",
            "alpha": "(0, 0.95)",
            "beta": "(0, 0.99)",
        },
    )
    for wrong in ([0.5, 1, 1, 0], [1, None, 0, 0], [[0, 1, 1, 0]], [0, 1, 1], text):
        with pytest.raises(ValueError, match="new must"):
            churn(answers, wrong)
    with pytest.raises(ValueError, match="labels must have the length of old"):
        churn(answers, answers, text)
    with pytest.raises(ValueError, match="lift must be above 0"):
        rows_per_arm(0.5, 1.0)
    assert rows_per_arm(0.05, 1.5) > 0
    for wrong in ({"healthy": 0.02}, {"healthy": 0.03}):
        with pytest.raises(ValueError, match="unacceptable must be above healthy"):
            canary_verdict([0, 1], **wrong)
    for share in (0, 1):
        with pytest.raises(ValueError, match="baseline must be"):
            rows_per_arm(share, 0.1)
    with pytest.raises(ValueError, match="alpha and beta must be below 1 together"):
        canary_verdict([0, 1], alpha=0.5, beta=0.5)
    for wrong in ([0, 2], [[0, 1]], [True, None]):
        with pytest.raises(ValueError, match="failed must be"):
            canary_verdict(wrong)
