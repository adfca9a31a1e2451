"""docs/data/calibration.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import bernoulli, binomtest, norm
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from proof.claims import Claim
from snippets.data.calibration_monitor import calibration_cusum, cusum_limit
from snippets.data.reliability_table import reliability_table
from tools.bad_input import names_bad_input

DRIFT = 0.35


@cache
def loans(seed: int, drift: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    month = np.repeat(np.arange(1, 14), 1_500)
    amount, income = rng.normal(size=(2, month.size))
    logit = 0.9 * amount - income - 2.2
    score = expit(logit)
    default = rng.random(month.size) < expit(logit + drift * np.clip(month - 6, 0, None) * amount)
    gain = np.where(default, -0.6, 0.1) * np.exp(9 + 0.5 * amount)
    profit = np.where(score < 1 / 7, gain, 0)
    return pd.DataFrame({"month": month, "score": score, "default": default, "profit": profit})


@cache
def last_against_first(seed: int, drift: float, approved: bool = False) -> pd.Series:
    """The last two months against the first six."""
    table = loans(seed, drift)
    if approved:
        table = table[table.score < 1 / 7]
    first, last = table[table.month <= 6], table[table.month >= 12]
    auc = [roc_auc_score(part.default, part.score) for part in (first, last)]
    return pd.Series(
        {
            "auc": auc[1] - auc[0],
            "score": last.score.mean() / first.score.mean(),
            "ratio": last.default.mean() / last.score.mean(),
            "profit": last.profit.sum() / first.profit.sum() * 3,
        }
    )


def test_auc_rises_while_calibration_breaks(claim: Claim) -> None:
    """While the effect of one feature grows, AUC rises and the mean score stays; observed
    defaults outgrow the expected ones, and most of the profit is gone."""

    def measure(name: str, drift: float = DRIFT, approved: bool = False):
        return lambda seed: last_against_first(seed, drift, approved)[name]

    claim.holds("change of AUC", measure("auc"), above=0.02)
    claim.holds("mean score, last over first", measure("score"), above=0.93, below=1.07)
    claim.holds("observed/expected at the end", measure("ratio"), above=1.5)
    claim.holds("profit, last over first", measure("profit"), below=0.3)
    claim.null("observed/expected without drift", measure("ratio", 0), above=0.85, below=1.15)
    claim.null("change of AUC without drift", measure("auc", 0), above=-0.05, below=0.05)
    claim.null("profit without drift, last over first", measure("profit", 0), above=0.7)


def test_approved_loans_show_it_too(claim: Claim) -> None:
    """The ratio rises on the approved loans alone, whose labels are the only ones a lender sees."""

    def ratio(seed: int, drift: float) -> float:
        return last_against_first(seed, drift, approved=True)["ratio"]

    claim.holds("observed/expected, approved", lambda seed: ratio(seed, DRIFT), above=1.2)
    claim.null("the same without drift", lambda seed: ratio(seed, 0), above=0.7, below=1.2)


def test_interval_is_on_the_safe_side(claim: Claim) -> None:
    """The interval of a calibrated model misses one no more often than its confidence allows."""

    def misses(seed: int, odds: float) -> float:
        rng = np.random.default_rng(seed)
        score = rng.beta(1, 5, 300_000)
        risk = odds * score / (1 - score + odds * score)
        table = reliability_table(
            score, rng.random(score.size) < risk, np.arange(score.size) % 1_000
        )
        return ((table.low > 1) | (table.high < 1)).mean()

    claim.holds("share that misses one, for 5%", lambda seed: misses(seed, 1), below=0.05)
    claim.null("the same with doubled odds", lambda seed: misses(seed, 2), above=0.9)


def test_limit_keeps_its_rate(claim: Claim) -> None:
    """The simulated limit keeps its false alarm rate for scores of any shape."""
    shapes = {
        "rare": lambda rng, rows: rng.beta(1, 30, rows),
        "normal logits": lambda rng, rows: expit(rng.normal(-2, 1.5, rows)),
        "all equal": lambda rng, rows: np.full(rows, 0.3),
    }
    limits = {
        name: cusum_limit(draw(np.random.default_rng(99), 5_000), 1_000)
        for name, draw in shapes.items()
    }

    def rates(seed: int, odds: float, repeats: int) -> list[float]:
        rng, found = np.random.default_rng(seed), []
        for name, draw in shapes.items():
            alarms = []
            for _ in range(repeats):
                score = draw(rng, 1_000)
                outcome = rng.random(1_000) < odds * score / (1 - score + odds * score)
                alarms.append(calibration_cusum(score, outcome).max() > limits[name])
            found.append(np.mean(alarms))
        return found

    claim.holds(
        "largest of three rates, for 5%", lambda s: max(rates(s, 1, 400)), above=0.02, below=0.1
    )
    claim.null("smallest, with tripled odds", lambda seed: min(rates(seed, 3, 50)), above=0.8)


def test_cusum_accumulates(claim: Claim) -> None:
    """At the same false alarm rate, the CUSUM finds a small lasting error in more years than
    a monthly test."""
    scores = loans(0, 0).score.to_numpy()
    limit = cusum_limit(scores, 6_000)

    @cache
    def advantage(seed: int, odds: float) -> float:
        rng = np.random.default_rng(seed)
        years = []
        for _ in range(100):
            year = rng.choice(scores, size=(12, 500))
            outcome = rng.random(year.shape) < odds * year / (1 - year + odds * year)
            excess = (outcome - year).sum(axis=1) / np.sqrt((year * (1 - year)).sum(axis=1))
            cusum = calibration_cusum(year.ravel(), outcome.ravel()).max() > limit
            years.append(int(cusum) - int(excess.max() > norm.isf(0.05 / 12)))
        return np.mean(years)

    claim.holds("years more, odds x 1.15", lambda seed: advantage(seed, 1.15), above=0.1)
    claim.null("false alarms more", lambda seed: advantage(seed, 1), above=-0.15, below=0.09)
    claim.null("years more, odds x 2", lambda seed: advantage(seed, 2), above=-0.01, below=0.01)


def test_alarm_comes_soon(claim: Claim) -> None:
    """On these loans, the CUSUM alarms within three months of the drift's start."""
    limit = cusum_limit(loans(0, 0).score, 19_500)

    def alarm(seed: int, drift: float) -> float:
        table = loans(seed, drift)
        months = table.month[calibration_cusum(table.score, table.default) > limit]
        return months.iloc[0] if len(months) else np.inf

    def false_alarms(seed: int) -> float:
        return np.mean([alarm(10 * seed + number, 0) < np.inf for number in range(10)])

    claim.holds("month of the alarm", lambda seed: alarm(seed, DRIFT), above=6.5, below=9.5)
    claim.null("share with an alarm without drift", false_alarms, below=0.35)


def test_small_training_sets_alarm(claim: Claim) -> None:
    """A model fitted on a hundred rows alarms without drift, far more often than the limit
    promises."""
    limit = cusum_limit(loans(0, 0).score, 3_000)

    def draw(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        features = rng.normal(size=(rows, 2))
        return features, rng.random(rows) < expit(features @ [0.9, -1.0] - 2.2)

    def alarms(seed: int, rows: int) -> float:
        rng, found = np.random.default_rng(seed), []
        for _ in range(40):
            model = LogisticRegression().fit(*draw(rng, rows))
            features, outcome = draw(rng, 3_000)
            score = model.predict_proba(features)[:, 1]
            found.append(calibration_cusum(score, outcome).max() > limit)
        return np.mean(found)

    claim.holds("share with an alarm, for 5%", lambda seed: alarms(seed, 100), above=0.18)
    claim.null("the same, 5,000 rows", lambda seed: alarms(seed, 5_000), below=0.18)


@pytest.mark.parametrize("seed", range(10))
def test_bins_agree_with_calibration_curve(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = rng.beta(1, 4, 1_000)
    outcome = rng.random(1_000) < score
    bins = int(rng.integers(2, 12))
    edges = np.percentile(score, np.linspace(0, 1, bins + 1) * 100)
    table = reliability_table(score, outcome, np.searchsorted(edges[1:-1], score))
    rate, mean = calibration_curve(outcome, score, n_bins=bins, strategy="quantile")
    assert table.observed_rate.to_numpy() == pytest.approx(rate)
    assert table.mean_score.to_numpy() == pytest.approx(mean)
    assert table.rows.sum() == 1_000


@pytest.mark.parametrize("seed", range(10))
def test_interval_is_wilsons_over_the_mean_score(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score, region = rng.beta(1, 4, 500), rng.choice(["north", "south", "west"], 500)
    outcome, confidence = rng.random(500) < score, float(rng.uniform(0.5, 0.99))
    table = reliability_table(score, outcome, region, confidence)
    assert list(table.index) == ["north", "south", "west"]
    for name, row in table.iterrows():
        events = outcome[region == name].sum()
        low, high = proportion_confint(events, row.rows, alpha=1 - confidence, method="wilson")
        mean = score[region == name].mean()
        assert (row.low, row.high) == pytest.approx((low / mean, high / mean))
        assert row.ratio == pytest.approx(events / score[region == name].sum())


def test_table_of_four_rows() -> None:
    table = reliability_table([0.0, 0.5, 1.0, 0.2], [0, 1, 1, 0], by=[7, 7, 3, 3])
    assert list(table.index) == [3, 7]
    assert list(table.columns) == ["rows", "mean_score", "observed_rate", "ratio", "low", "high"]
    assert list(table.ratio) == pytest.approx([0.5 / 0.6, 2])
    low = binomtest(1, 2).proportion_ci(0.95, "wilson").low
    assert table.low[7] == pytest.approx(low / 0.25)


def test_nothing_observed_has_an_interval() -> None:
    for rows in (1, 2, 7, 50, 1_000):
        table = reliability_table(np.full(rows, 0.1), np.zeros(rows, dtype=int), np.zeros(rows))
        interval = binomtest(0, rows).proportion_ci(0.95, "wilson")
        assert table.low[0] == 0
        assert table.high[0] == pytest.approx(interval.high / 0.1)


@pytest.mark.parametrize("seed", range(10))
def test_cusum_is_the_recursion_of_likelihood_ratios(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = rng.uniform(0.01, 0.99, 300)
    outcome, odds = rng.random(300) < score, float(rng.choice([0.5, 0.8, 1.25, 2]))
    expected, evidence = [], 0.0
    shifted = odds * score / (1 - score + odds * score)
    for old, new, happened in zip(score, shifted, outcome, strict=True):
        evidence = max(
            0, evidence + bernoulli.logpmf(happened, new) - bernoulli.logpmf(happened, old)
        )
        expected.append(evidence)
    assert calibration_cusum(score, outcome, odds) == pytest.approx(expected)
    assert calibration_cusum(score, outcome.astype(float)) == pytest.approx(
        calibration_cusum(score, outcome, 1.25)
    )


def test_limit_of_one_row_is_exact() -> None:
    event = np.log(1.25) - np.log1p(0.2 * 0.25)
    assert cusum_limit([0.2], 1, false_alarm_rate=0.1) == pytest.approx(event)
    assert cusum_limit([0.2], 1, false_alarm_rate=0.3) == 0
    fewer = -np.log1p(-0.2 * 0.25)
    assert cusum_limit([0.2], 1, odds_ratio=0.75, false_alarm_rate=0.5) == pytest.approx(fewer)


def test_limit_grows_with_the_horizon_and_falls_with_the_rate() -> None:
    scores = np.linspace(0.01, 0.4, 50)
    limits = [cusum_limit(scores, horizon) for horizon in (10, 100, 1_000)]
    assert limits == sorted(limits)
    assert cusum_limit(scores, 100, false_alarm_rate=0.2) < limits[1]
    assert cusum_limit(scores, 100, 1.25, 0.05, 0) == limits[1] != cusum_limit(scores, 100, seed=1)


def test_certain_scores_are_allowed() -> None:
    assert calibration_cusum([0, 1], [0, 1]) == pytest.approx([0, 0])
    assert calibration_cusum([0.0, 1.0], [1, 0]) == pytest.approx([np.log(1.25), 0])


def test_bad_input_is_named() -> None:
    score, outcome = [0.1, 0.4, 0.2, 0.9], [0, 1, 0, 1]
    names_bad_input(
        reliability_table,
        score=score,
        outcome=outcome,
        by=["a", "b", "a", "b"],
        paired=("score", "outcome", "by"),
        bounds={"confidence": "(0, 1)"},
    )
    names_bad_input(calibration_cusum, score=score, outcome=outcome, paired=("score", "outcome"))
    names_bad_input(
        cusum_limit,
        score=score,
        horizon=10,
        bounds={"horizon": "[1, inf)", "seed": "[0, inf)", "false_alarm_rate": "(0, 1)"},
    )


@pytest.mark.parametrize("bad", [1.1, -0.1])
def test_scores_and_outcomes_have_a_range(bad: float) -> None:
    with pytest.raises(ValueError, match="score"):
        reliability_table([0.2, bad], [0, 1], by=[1, 1])
    with pytest.raises(ValueError, match="outcome"):
        reliability_table([0.2, 0.3], [0, bad], by=[1, 1])
    with pytest.raises(ValueError, match="score"):
        calibration_cusum([0.2, bad], [0, 1])
    with pytest.raises(ValueError, match="outcome"):
        calibration_cusum([0.2, 0.3], [0, bad])
    with pytest.raises(ValueError, match="score"):
        cusum_limit([0.2, bad], 10)


def test_other_nonsense_is_named() -> None:
    with pytest.raises(ValueError, match="by"):
        reliability_table([0.2, 0.3], [0, 1], by=["a", None])
    with pytest.raises(ValueError, match="by"):
        reliability_table([0.2, 0.3], [0, 1], by=[1.0, np.nan])
    with pytest.raises(ValueError, match="score must not be zero on a whole group"):
        reliability_table([0, 0, 0.3], [0, 0, 1], by=[1, 1, 2])
    with pytest.raises(TypeError, match="outcome"):
        reliability_table([0.2, 0.3], ["0", "1"], by=[1, 1])
    with pytest.raises(TypeError, match="outcome"):
        calibration_cusum([0.2, 0.3], ["0", "1"])
    with pytest.raises(ValueError, match="score must be one-dimensional"):
        reliability_table([[0.2]], [[1]], [["a"]])
    for odds_ratio in (0, 1, 1.0):
        with pytest.raises(ValueError, match="odds_ratio"):
            calibration_cusum([0.2], [1], odds_ratio)
        with pytest.raises(ValueError, match="odds_ratio"):
            cusum_limit([0.2], 1, odds_ratio)
    for rate in (0, 1):
        with pytest.raises(ValueError, match="confidence"):
            reliability_table([0.2], [1], [1], rate)
        with pytest.raises(ValueError, match="false_alarm_rate"):
            cusum_limit([0.2], 1, false_alarm_rate=rate)
    with pytest.raises(ValueError, match="horizon"):
        cusum_limit([0.2], 0)
