"""docs/beyond/roll-out.md"""

from functools import cache, partial
from math import ceil, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bernoulli, multivariate_normal, norm
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.tree import DecisionTreeClassifier
from statsmodels.stats.proportion import power_proportions_2indep, proportions_ztest

from docs.beyond.figures.first_look import KNOB, measure, running
from proof.claims import Claim
from snippets.beyond.ab_test import look_boundary, rows_per_arm
from snippets.beyond.canary import canary_verdict
from snippets.beyond.canary_rates import canary_rates
from snippets.beyond.shadow_churn import churn
from tools.bad_input import ABOVE_ONE, NEGATIVE, names_bad_input


@cache
def hidden(
    seed: int, retrain: str, kind: str = "forest", rows: int = 600, apart: bool = False
) -> float:
    """Share of the answers that changed without moving the accuracy."""
    inputs, labels = make_classification(
        2 * rows + 1_000, 20, n_informative=6, flip_y=0.15 * (not apart),
        class_sep=3 if apart else 0.7, random_state=seed,
    )  # fmt: skip
    march, april, live = slice(0, rows), slice(rows, 2 * rows), slice(2 * rows, None)
    models = {
        "forest": lambda again: RandomForestClassifier(15, random_state=again),
        "large forest": lambda again: RandomForestClassifier(45, random_state=again),
        "tree": lambda again: DecisionTreeClassifier(
            max_features=4, min_samples_leaf=5, random_state=again
        ),
        "logistic": lambda again: LogisticRegression(random_state=again),
    }
    taken, again = {"rows": (april, 0), "seed": (march, 1), "none": (march, 0)}[retrain]
    old, new = (
        models[kind](number).fit(inputs[some], labels[some]).predict(inputs[live])
        for some, number in ((march, 0), (taken, again))
    )
    report = churn(old, new, labels[live])
    moved = abs(np.mean(new == labels[live]) - np.mean(old == labels[live]))
    assert report["broken"] + report["fixed"] == pytest.approx(report["changed"])
    return report["changed"] - moved


def test_equal_accuracy_other_answers(claim: Claim) -> None:
    """A retrain changes answers that its accuracy does not show, because it breaks some and fixes
    others."""
    claim.effect(
        "changed, beyond what accuracy shows", hidden, knob="retrain", on="rows", off="none",
        above=0.06, off_below=0.001,
        also=[{"kind": "tree"}, {"kind": "logistic", "rows": 200}],
    )  # fmt: skip
    claim.limit(
        "A logistic regression hides far fewer changes when it is fitted on many rows.",
        "hidden at 20,000 rows, as a share of those at 200",
        lambda s: hidden(s, "rows", "logistic", 20_000) / hidden(s, "rows", "logistic", 200),
        below=0.4,
    )  # fmt: skip
    claim.limit(
        "Models that are nearly always right change few answers.",
        "hidden, classes far apart", lambda s: hidden(s, "rows", rows=300, apart=True), below=0.025,
    )  # fmt: skip
    claim.limit(
        "A model that draws nothing at random has no floor: a logistic regression with another "
        "seed changes no answer.",
        "changed by a seed", lambda s: hidden(s, "seed", "logistic"), below=0.001,
    )  # fmt: skip
    # The page: more trees lower what a seed changes, and less so what rows change.
    by_seed, by_rows = (hidden(0, what, "large forest") for what in ("seed", "rows"))
    assert by_seed < 0.75 * hidden(0, "seed") and by_rows > 1.2 * by_seed


@cache
def scores(seed: int, rate: float, base: float, daily: int) -> np.ndarray:
    """The absolute z-score of two thousand experiments at the end of each of thirty days."""
    rng, days = np.random.default_rng(seed), 30
    control = rng.binomial(daily, base, (2_000, days)).cumsum(axis=1)
    treated = rng.binomial(daily, rate, (2_000, days)).cumsum(axis=1)
    rows = daily * np.arange(1, days + 1)
    pooled = (control + treated) / (2 * rows)
    return np.abs(treated - control) / np.sqrt(2 * rows * pooled * (1 - pooled))


@cache
def found(
    seed: int, looks: int, boundary: str, rate: float = 0.05, base: float = 0.05, daily: int = 1_000
) -> tuple[float, float]:
    """Share of the experiments that find something, and the median day."""
    limits, score = limits_of(looks, boundary), scores(seed, rate, base, daily)
    every = score.shape[1] // looks
    passed = score[:, every - 1 :: every] > limits
    stopped = passed.any(axis=1)
    return stopped.mean(), np.median(passed[stopped].argmax(axis=1) + 1) * every


@cache
def limits_of(looks: int, boundary: str) -> np.ndarray:
    return np.full(looks, 1.96) if boundary == "1.96" else look_boundary(looks, shape=boundary)


def test_peeking(claim: Claim) -> None:
    """Whoever looks every day for a month and stops at the first significant difference finds one
    several times too often."""

    def alarms(seed: int, looks: int, **setting: float) -> float:
        return found(seed, looks, "1.96", **setting)[0]

    claim.effect(
        "false alarms at 1.96", alarms, knob="looks", on=30, off=1, above=0.2, off_below=0.08,
        also=[{"rate": 0.5, "base": 0.5, "daily": 50}, {"rate": 0.01, "base": 0.01}],
    )  # fmt: skip
    claim.limit(
        "Two looks, halfway and at the end, raise the false alarms by a few points only.",
        "false alarms, two looks", lambda seed: alarms(seed, 2), above=0.06, below=0.11,
    )  # fmt: skip


def bandit(seed: int, rate: float) -> tuple[float, float]:
    """Share of Thompson's bandits, against 10%, whose arms differ at the end; what they earn."""
    rng, runs = np.random.default_rng(seed), 600
    users, clicks = np.zeros((2, runs, 2))
    for _ in range(50):
        drawn = rng.beta(1 + clicks, 1 + users - clicks, (100, runs, 2))
        second = (drawn[..., 1] > drawn[..., 0]).sum(axis=0)
        sent = np.column_stack([100 - second, second])
        users, clicks = users + sent, clicks + rng.binomial(sent, [0.1, rate])
    share, shown = clicks / users.clip(1), users.clip(1)
    pooled = clicks.sum(axis=1) / users.sum(axis=1)
    error = np.sqrt(pooled * (1 - pooled) * (1 / shown).sum(axis=1))
    return np.mean(np.abs(share[:, 1] - share[:, 0]) > 1.96 * error), clicks.sum(axis=1).mean()


def test_boundary_pays_for_looking(claim: Claim) -> None:
    """Over many looks, at the same rows and false alarm rate, Pocock's constant boundary loses much
    of the power of one look, and O'Brien and Fleming's falling boundary little."""
    small = {"rate": 0.55, "base": 0.5, "daily": 54}

    def lost(seed: int, shape: str, looks: int = 30, **setting: float) -> float:
        setting = {"rate": 0.055} | setting
        return found(seed, 1, "1.96", **setting)[0] - found(seed, looks, shape, **setting)[0]

    claim.effect(
        "power lost", lost, knob="shape", on="pocock", off="obrien-fleming", above=0.09,
        off_below=0.05, also=[{"looks": 15}, small],
    )  # fmt: skip

    def alarms(seed: int, shape: str, looks: int = 30, **setting: float) -> float:
        base = setting.get("base", 0.05)
        return found(seed, looks, shape, **{**setting, "rate": base})[0]

    for shape in ("pocock", "obrien-fleming"):
        claim.effect(
            "false alarms", alarms, knob="shape", on=shape, off="1.96", above=0.03, below=0.075,
            off_above=0.15, also=[{"looks": 15}, small],
        )  # fmt: skip
    claim.limit(
        "With these two looks, Pocock's boundary loses a few points of power only.",
        "power lost, two looks", lambda seed: lost(seed, "pocock", 2), above=0.02, below=0.075,
    )  # fmt: skip
    claim.limit(
        "A Thompson-sampling bandit earns more, but equal arms of one can differ significantly twice "
        "as often as they should.",
        "found between equal arms", lambda seed: bandit(seed, 0.1)[0], above=0.065, below=0.15,
    )  # fmt: skip
    assert bandit(0, 0.12)[1] > 1.03 * 5_000 * 0.11  # what two halves earn
    claim.limit(
        "For a lift twice as large as planned, Pocock's boundary stops days before O'Brien and "
        "Fleming's.",
        "days earlier",
        lambda s: found(s, 30, "obrien-fleming", 0.06)[1] - found(s, 30, "pocock", 0.06)[1],
        above=2,
    )


@cache
def failures(seed: int, rate: float, requests: int = 5_000, run: int = 1) -> np.ndarray:
    """Draw 300 releases; each failure brings a whole run of them."""
    first = np.random.default_rng(seed).random((300, requests)) < rate / run
    failed = first.copy()
    for later in range(1, run):
        failed[:, later:] |= first[:, :-later]
    return failed


@cache
def verdicts(seed: int, rate: float, run: int = 1, **plan: float) -> dict[str, float]:
    found = [canary_verdict(failed, **plan)[0] for failed in failures(seed, rate, run=run)]
    return {name: found.count(name) / len(found) for name in ("roll back", "promote", "undecided")}


def test_canary_keeps_its_rates(claim: Claim) -> None:
    """If failures are independent, the sequential test promotes healthy releases and rolls back
    unacceptable ones, with errors at most about as frequent as stated."""

    def balance(seed: int, release: str, **plan: float) -> float:
        plan = {"healthy": 0.01, "unacceptable": 0.02} | plan
        seen = verdicts(seed, plan[release], **plan)
        return seen["roll back"] - seen["promote"]

    claim.effect(
        "rolled back minus promoted", balance, knob="release", on="unacceptable", off="healthy",
        above=0.65, off_below=-0.75,
        also=[{"healthy": 0.05, "unacceptable": 0.1}, {"healthy": 0.002, "unacceptable": 0.01}],
    )  # fmt: skip
    claim.limit(
        "Failures that come in runs break the stated rates: with five in a row, the test rolls "
        "back many more healthy releases than alpha.",
        "rolled back, five in a row",
        lambda seed: verdicts(seed, 0.01, run=5)["roll back"],
        above=0.05,
    )


def test_running_rate(claim: Claim) -> None:
    """A limit on the running failure rate rolls back many more healthy releases when it is looked
    at after every request than at the last one."""

    claim.effect(
        "rolled back", partial(measure, releases=500), knob="first", **KNOB.ends, above=0.3,
        off_below=0.07, also=[{"rate": 0.05, "factor": 1.3}, {"rate": 0.02, "factor": 1.4}],
    )  # fmt: skip
    claim.limit(
        "One look is no cure if it comes early: at a hundred requests, the running rate of a "
        "healthy release exceeds the limit often.",
        "rolled back at request 101", lambda seed: np.mean(running(seed, 0.01, 500)[:, 100] > 0.015), above=0.15,
    )  # fmt: skip
    claim.limit(
        "A limit of four times the healthy rate stops few healthy releases, and few that fail twice "
        "as often.",
        "rolled back, that fail twice as often",
        lambda seed: measure(seed, 101, rate=0.02, factor=2, releases=500), below=0.22,
    )  # fmt: skip
    assert measure(0, 101, factor=4, releases=500) < 0.04


def test_deadline(claim: Claim) -> None:
    """An early deadline that rolls back whatever is still open costs several times a small stated
    alpha."""

    def against_alpha(seed: int, share: float, alpha: float = 0.01, healthy: float = 0.01) -> float:
        deadline = int(share * 20 / healthy)  # in multiples of the time of twenty failures
        releases = failures(seed, healthy, int(4 * 20 / healthy))[:, :deadline]
        plan = {"healthy": healthy, "unacceptable": 2 * healthy, "alpha": alpha}
        promoted = [canary_verdict(release, **plan)[0] == "promote" for release in releases]
        return (1 - np.mean(promoted)) / alpha

    claim.effect(
        "false rollbacks, in alphas", against_alpha, knob="share", on=0.6, off=4, above=5,
        off_below=3, also=[{"alpha": 0.02}, {"healthy": 0.05}],
    )  # fmt: skip
    claim.limit(
        "With an alpha of ten percent, the deadline at 2,000 requests costs less than twice alpha.",
        "false rollbacks, in alphas", lambda seed: against_alpha(seed, 1, 0.1), below=2,
    )  # fmt: skip
    claim.limit(
        "Letting the likelier rate win at an early deadline still costs several times alpha.",
        "false rollbacks at 1,000, in alphas",
        lambda seed: np.mean([
            canary_verdict(failed, limit=1_000)[0] == "roll back"
            for failed in failures(seed, 0.01, 1_000)
        ]) / 0.01,
        above=3,
    )  # fmt: skip


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
    assert churn(2**60 + old, 2**60 + new, 2**60 + labels) == churn(old, new, labels)
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


@pytest.mark.parametrize("shape", ["pocock", "obrien-fleming"])
@pytest.mark.parametrize("rate", [0.05, 0.2])
@pytest.mark.parametrize("looks", [1, 2, 4])
def test_boundary_agrees_with_scipy(looks: int, rate: float, shape: str) -> None:
    limits, times = look_boundary(looks, rate, shape), np.arange(1, looks + 1)
    covariance = [[sqrt(min(s, t) / max(s, t)) for s in times] for t in times]
    inside = multivariate_normal(cov=covariance, seed=0).cdf(limits, lower_limit=-limits)
    assert 1 - inside == pytest.approx(rate, abs=0.001)
    scale = np.ones(looks) if shape == "pocock" else np.sqrt(times)
    assert limits * scale == pytest.approx(limits[0] * scale[0])


def test_boundary_agrees_with_published_constants() -> None:
    """Jennison and Turnbull's tables, and the maximum information that SAS prints."""
    assert look_boundary(5, shape="pocock")[-1] == pytest.approx(2.413, abs=0.0006)
    assert look_boundary(5)[-1] == pytest.approx(2.040, abs=0.0006)
    once = rows_per_arm(0.05, 0.01, power=0.9)
    assert rows_per_arm(0.05, 0.01, 0.05, 0.9, 4, "pocock") / once == pytest.approx(1.183, abs=6e-4)
    assert look_boundary(1, 0.999).size == 1  # a rate near one


@pytest.mark.parametrize("shape", ["pocock", "obrien-fleming"])
def test_rows_for_thirty_looks_give_the_power(shape: str) -> None:
    daily = ceil(rows_per_arm(0.05, 0.1, looks=30, shape=shape) / 30)
    power = [found(seed, 30, shape, 0.055, daily=daily)[0] for seed in range(3)]
    assert np.mean(power) == pytest.approx(0.8, abs=0.02)


def test_a_fall_takes_about_the_rows_of_a_rise() -> None:
    assert rows_per_arm(0.5, -0.1) == rows_per_arm(0.5, 0.1)
    assert rows_per_arm(0.05, -0.1) < rows_per_arm(0.05, 0.1)
    with pytest.raises(ValueError, match="lift must not be 0"):
        rows_per_arm(0.05, -1)


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


@pytest.mark.parametrize(("alpha", "beta"), [(0.01, 0.05), (0.05, 0.1)])
def test_walds_bounds_hold_exactly(alpha: float, beta: float) -> None:
    plan = {"alpha": alpha, "beta": beta}
    near = {"healthy": 0.05, "unacceptable": 0.1} | plan
    false = canary_rates(0.05, 1_800, **near)["roll back"]
    missed = canary_rates(0.1, 1_800, **near)["promote"]
    assert alpha / 2 < false <= alpha / (1 - beta)
    assert beta / 2 < missed <= beta / (1 - alpha)
    assert false + missed <= alpha + beta
    # However far the limit: it allocated an entry for each number of failures.
    ends = {"healthy": 0.3, "unacceptable": 0.6} | plan
    assert canary_rates(0.4, 2**62, **ends) == pytest.approx(canary_rates(0.4, 3_000, **ends))
    far = canary_rates(0.01, 500, unacceptable=0.5, **plan)
    assert far["roll back"] < alpha / 2  # the last failure overshoots the line


def test_rates_are_those_of_every_sequence() -> None:
    plan = {"healthy": 0.1, "unacceptable": 0.4, "alpha": 0.1, "beta": 0.2}
    releases = np.arange(2**10)[:, None] >> np.arange(10) & 1
    found, requests = map(
        np.array, zip(*(canary_verdict(r, limit=10, **plan) for r in releases), strict=True)
    )
    opened = np.array([canary_verdict(r, **plan)[0] == "undecided" for r in releases])
    failed = releases.sum(axis=1)
    for rate in (0.1, 0.2, 0.4):
        chance, exact = rate**failed * (1 - rate) ** (10 - failed), canary_rates(rate, 10, **plan)
        assert chance @ (found == "roll back") == pytest.approx(exact["roll back"])
        assert chance @ (found == "promote") == pytest.approx(exact["promote"])
        assert chance @ opened == pytest.approx(exact["open at the limit"])
        assert chance @ requests == pytest.approx(exact["requests"])
        assert 0.01 < exact["open at the limit"] < 0.5


def test_many_looks_are_computed_on_a_grid_that_is_fine_enough() -> None:
    """Many looks at O'Brien and Fleming's boundary approach a Brownian motion: 2.24 at the end."""
    looks, rng = 200, np.random.default_rng(0)
    paths = np.abs(rng.normal(size=(10_000, looks)).cumsum(axis=1)) / np.sqrt(np.arange(1, 201))
    for rate, many in ((0.05, looks), (0.001, 100)):
        outside = (paths[:, :many] > look_boundary(many, rate, "pocock")).any(axis=1).mean()
        assert outside == pytest.approx(rate, abs=3.5 * sqrt(rate / 10_000))
    assert 2.15 < look_boundary(np.uint8(looks))[-1] < 2.2414
    assert look_boundary(looks, 1e-6)[-1] < 1.03 * norm.isf(5e-7)  # a coarse grid says 5.3 for 5.0
    # A sum crosses at most twice as often as it ends outside.
    for rate in (1e-8, 1e-30):
        assert norm.isf(rate / 2) < look_boundary(30, rate)[-1] < norm.isf(rate / 4)
        assert norm.isf(rate / 2) < look_boundary(30, rate, "pocock")[0] < norm.isf(rate / 60)


def test_canary_on_its_bounds() -> None:
    assert canary_verdict([1] * 10) == ("roll back", 7)
    assert canary_verdict([0] * 1_000) == ("promote", 295)
    assert canary_verdict([1] * 6) == ("undecided", 6)
    equal = {"healthy": 0.2, "unacceptable": 0.8, "alpha": 0.2, "beta": 0.2}
    assert canary_verdict([0] * 294, limit=294) == ("promote", 294)
    assert canary_verdict([1] * 6 + [0], limit=6) == ("roll back", 6)
    assert canary_verdict([1] * 6, limit=7) == ("undecided", 6)
    assert canary_verdict([1], **equal) == ("roll back", 1)
    assert canary_verdict([0], **equal) == ("promote", 1)


def test_at_the_limit_the_likelier_rate_wins() -> None:
    """At 0.0149 two in a hundred is likelier than one, though below the middle of the two."""
    failed = np.arange(10_000) % 67 == 66
    assert failed.mean() < 0.015
    assert canary_verdict(failed, alpha=1e-9, beta=1e-9, limit=10_000) == ("roll back", 10_000)


def test_bad_input_is_named() -> None:
    answers, text = [0, 1, 1, 0], ["no", "yes", "yes", "no"]
    names_bad_input(churn, old=answers, new=answers, labels=answers, paired=("old", "new", "labels"),
                    allow=[("labels", "none")])  # fmt: skip
    names_bad_input(churn, old=text, new=text, labels=text, allow=[("labels", "none")])
    rates = {"power": "(0.05, 1)", "false_alarm_rate": "(0, 0.8)", "looks": "[1, 200]"}
    names_bad_input(
        rows_per_arm, baseline=0.05, lift=0.1,
        allow=[("lift", ABOVE_ONE), ("lift", NEGATIVE)], bounds={"lift": "(-1, 19)"} | rates,
    )  # fmt: skip
    names_bad_input(
        look_boundary, looks=3, bounds={"looks": "[1, 200]", "false_alarm_rate": "(0, 1)"}
    )
    shares = {
        "healthy": "(0, 0.02)", "unacceptable": "(0.01, 1)", "alpha": "(0, 0.95)",
        "beta": "(0, 0.99)", "limit": "[1, inf)",
    }  # fmt: skip
    names_bad_input(
        canary_verdict, failed=[0, 0, 1, 0], limit=3, bounds=shares, allow=[("limit", "none")]
    )
    names_bad_input(canary_rates, rate=0.01, limit=9, bounds={"rate": "(0, 1)"} | shares)
    for wrong in ([0.5, 1, 1, 0], [1, None, 0, 0], [[0, 1, 1, 0]], [0, 1, 1], text):
        with pytest.raises((TypeError, ValueError), match=r"new .*(must|the same)"):
            churn(answers, wrong)
    with pytest.raises(ValueError, match="labels must hold text or numbers like old"):
        churn(answers, answers, text)
    with pytest.raises(ValueError, match="lift must not be 0"):
        rows_per_arm(0.5, 1.0)
    with pytest.raises(ValueError, match="power must be above false_alarm_rate"):
        rows_per_arm(0.1, 0.2, power=0.01)  # a test that alarms in 5% has more power than that
    assert rows_per_arm(0.05, 1.5) > 0
    for wrong in ("Pocock", None, 1):
        with pytest.raises(ValueError, match="shape must be one of"):
            look_boundary(3, shape=wrong)
    for wrong in ({"healthy": 0.02}, {"healthy": 0.03}):
        for call in (
            lambda **w: canary_verdict([0, 1], **w),
            lambda **w: canary_rates(0.1, 9, **w),
        ):
            with pytest.raises(ValueError, match="unacceptable must be above healthy"):
                call(**wrong)
            with pytest.raises(ValueError, match="alpha and beta must be below 1 together"):
                call(alpha=0.5, beta=0.5)
    for wrong in ([0, 2], [[0, 1]], [True, None]):
        with pytest.raises((TypeError, ValueError), match="failed must"):
            canary_verdict(wrong)


@pytest.mark.parametrize(
    "cast", [np.int8, np.uint64, np.float16, bool, "Int64", "boolean", "object"]
)
def test_any_kind_of_column(cast: object) -> None:
    old, new, labels = (
        pd.Series(v).astype(cast) for v in ([0, 1, 1, 0], [0, 0, 1, 1], [0, 1, 1, 1])
    )
    doubled = new.set_axis([7, 7, 1, 1])
    assert churn(old, doubled, labels) == {"changed": 0.5, "broken": 0.25, "fixed": 0.25}
    failed = pd.Series([0, 1, 0, 0] * 50).astype(cast)
    assert canary_verdict(failed) == canary_verdict([0, 1, 0, 0] * 50)
    plan = {"healthy": np.float32(0.01), "unacceptable": np.float16(0.02), "beta": np.float32(0.05)}
    assert canary_verdict(failed, **plan) == canary_verdict([0, 1, 0, 0] * 50)
    names = pd.Series(["no", "yes", "yes", "no"])
    assert churn(names, names.astype("category"), names.tolist())["changed"] == 0


def test_a_tiny_lift_is_not_lost_in_the_difference_of_rates() -> None:
    for lift in (1e-6, 1e-9, 1e-17):  # 0.1 * (1 + 1e-17) is 0.1
        expected = rows_per_arm(0.1, 1e-3) * (1e-3 / lift) ** 2
        assert rows_per_arm(0.1, lift) == pytest.approx(expected, rel=1e-2)
    for baseline, lift in ((0.1, 1e-200), (1e-310, 0.1)):
        with pytest.raises(ValueError, match="lift must not be 0"):
            rows_per_arm(baseline, lift)


def test_a_limit_in_a_small_type_does_not_wrap() -> None:
    for limit in (np.uint8(255), np.int8(127)):
        plan = {"unacceptable": 0.0101}  # so near that 255 requests do not decide
        assert canary_rates(0.01, limit, **plan) == canary_rates(0.01, int(limit), **plan)
    rare = canary_rates(0.01, 50, healthy=1e-320)  # 0.02 / 1e-320 is infinite
    assert rare["roll back"] + rare["promote"] == pytest.approx(1)


def test_evidence_that_reaches_a_line_up_to_rounding() -> None:
    """Four failures of twice the rate are worth log(16), which 0.8 / 0.05 asks for."""
    plan = {"healthy": 0.1, "unacceptable": 0.2, "alpha": 0.05, "beta": 0.2}
    assert canary_verdict([1] * 4, **plan) == ("roll back", 4)
    assert canary_rates(0.5, 4, **plan)["open at the limit"] == pytest.approx(1 - 0.5**4)
    # One failure in two requests fits 0.3 as well as 0.7: no reason to roll back.
    for low in (0.1, 0.2, 0.3, 0.4, 0.45):
        even = {"healthy": low, "unacceptable": 1 - low, "alpha": 0.01, "beta": 0.01}
        for failed in ([1, 0], [0, 1], [1, 0, 0, 1], [0, 0, 1, 1, 1, 0]):
            verdict, _ = canary_verdict(failed, limit=len(failed), **even)
            assert verdict == "promote" or sum(failed) > len(failed) / 2
