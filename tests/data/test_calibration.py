"""docs/data/calibration.md"""

from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import bernoulli, binomtest
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier
from statsmodels.stats.proportion import proportion_confint

from docs.data.figures.calibration_monitor import KNOB, measure
from proof.claims import Claim
from snippets.data.calibration_monitor import calibration_cusum, cusum_limit
from snippets.data.reliability_table import reliability_table
from tools.bad_input import names_bad_input

DRIFT = KNOB.ends["on"]


def applicants(
    rng: np.random.Generator, rows: int, level: float = -2.2
) -> tuple[np.ndarray, np.ndarray]:
    features = rng.normal(size=(rows, 2))
    return features, features @ [0.9, -1.0] + level


@cache
def tree() -> DecisionTreeClassifier:
    rng = np.random.default_rng(77)
    features, logit = applicants(rng, 20_000)
    return DecisionTreeClassifier(min_samples_leaf=300).fit(
        features, rng.random(20_000) < expit(logit)
    )


@cache
def loans(
    seed: int, drift: float, feature: int = 0, scorer: str = "the truth", rows: int = 1_500,
    among: str = "all", effect: float = 0.9, level: float = -2.2,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Thirteen months; from month seven, the effect of one feature on default grows."""
    rng = np.random.default_rng(seed)
    month = np.repeat(np.arange(1, 14), rows)
    features = rng.normal(size=(2, month.size)).T
    logit = features @ [effect, -1.0] + level
    score = expit(logit) if scorer == "the truth" else tree().predict_proba(features)[:, 1]
    grown = drift * np.clip(month - 6, 0, None) * features[:, feature] * [1, -1][feature]
    if among == "the rejected":
        grown[score < 1 / 7] = 0
    default = rng.random(month.size) < expit(logit + grown)
    gain = np.where(default, -0.6, 0.1) * np.exp(9 + 0.5 * features[:, 0])
    profit = np.where(score < 1 / 7, gain, 0)
    return {"month": month, "score": score, "default": default, "profit": profit}


@cache
def last_against_first(
    seed: int, drift: float, approved: bool = False, **given
) -> dict[str, float]:
    """The last two months against the first six."""
    one = loans(seed, drift, **given)
    kept = one["score"] < (1 / 7 if approved else 2)
    first, last = (
        {name: values[kept & part] for name, values in one.items()}
        for part in (one["month"] <= 6, one["month"] >= 12)
    )
    auc = [roc_auc_score(part["default"], part["score"]) for part in (first, last)]
    ratio = [
        reliability_table(part["score"], part["default"], np.zeros(part["score"].size)).ratio[0]
        for part in (first, last)
    ]
    return {
        "auc": auc[1] - auc[0],
        "score": last["score"].mean() / first["score"].mean(),
        "ratio": ratio[1] / ratio[0],
        "profit": last["profit"].sum() / first["profit"].sum() * 3,
    }


def test_auc_rises_while_calibration_breaks(claim: Claim) -> None:
    """If defaults are rare, the score relies on the amount and the amount's effect grows around its
    mean, AUC rises and the mean score stays; observed defaults outgrow the expected ones, and the profit is
    gone."""

    def change(name: str):
        return lambda seed, drift, **given: last_against_first(seed, drift, **given)[name]

    also = [{"scorer": "tree"}, {"rows": 2_500}]
    turned = {"knob": "drift", **KNOB.ends, "also": also}
    claim.effect(
        "observed/expected in the last month", measure, knob="drift", **KNOB.ends, above=1.5,
        off_below=1.25, also=[{"rows": 2_500}, {"effect": 0.5}],
    )  # fmt: skip
    claim.effect("change of AUC", change("auc"), above=0.035, off_below=0.03, **turned)
    claim.effect(
        "observed/expected, any score", change("ratio"), above=1.5, off_below=1.15, **turned
    )
    claim.effect("profit, last over first", change("profit"), below=0.2, off_above=0.6, **turned)
    for seed in range(5):
        assert last_against_first(seed, DRIFT)["score"] == pytest.approx(1, abs=0.07)

    def cancelled(seed: int) -> float:
        """Return the distance of the ratio from one; one if the CUSUM or the bins say otherwise."""
        one = loans(seed, DRIFT, level=0.0)
        score, default = (one[name][one["month"] >= 12] for name in ("score", "default"))
        lowest = score <= np.quantile(score, 0.2)
        seen = calibration_cusum(one["score"], one["default"])[-score.size :].max() > 6
        hidden = default[lowest].sum() > 0.75 * score[lowest].sum()
        return 1.0 if seen or hidden else abs(default.sum() / score.sum() - 1)

    claim.limit(
        "Where half of the loans default, the errors cancel: observed/expected stays near one, the CUSUM near zero.",
        "distance of observed/expected from one", cancelled, below=0.1,
    )  # fmt: skip
    claim.limit(
        "If the effect fades, AUC falls and shows it.",
        "change of AUC", lambda seed: change("auc")(seed, -0.2), below=-0.05,
    )  # fmt: skip
    claim.limit(
        "It falls as well if the score hardly uses the amount.",
        "change of AUC", lambda seed: change("auc")(seed, DRIFT, effect=0.1), below=-0.02,
    )  # fmt: skip
    claim.limit(
        "If the effect of the income grows instead, defaults outgrow the expected ones, and most of the profit stays.",
        "profit, last over first", lambda seed: change("profit")(seed, DRIFT, feature=1), above=0.6,
    )  # fmt: skip


def test_approved_loans_show_it_too(claim: Claim) -> None:
    """If defaults are rare, the drift shows on the approved loans alone: their observed defaults
    outgrow the expected ones."""

    def ratio(seed: int, drift: float, rows: int = 4_000, **given) -> float:
        return last_against_first(seed, drift, approved=True, rows=rows, **given)["ratio"]

    claim.effect(
        "growth of observed/expected, approved", ratio, knob="drift", on=DRIFT, off=0, above=1.22,
        off_below=1.2, also=[{"scorer": "tree"}, {"feature": 1}, {"level": -3.0, "effect": 0.5}],
    )  # fmt: skip
    claim.limit(
        "Where a quarter default, the approved loans show no drift.",
        "growth of observed/expected, approved", lambda seed: ratio(seed, DRIFT, level=-1.5), below=1.1,
    )  # fmt: skip
    claim.limit(
        "A drift among the rejected alone leaves the approved loans as they were.",
        "growth of observed/expected, approved",
        lambda seed: ratio(seed, DRIFT, among="the rejected"), above=0.8, below=1.18,
    )  # fmt: skip


def left_by_amount(
    seed: int, fault: str, method: str = "isotonic", feature: int = 0, rows: int = 6_000,
    inputs: int = 2, growth: float = 1.9,
) -> float:  # fmt: skip
    """Recalibrate a score on one half; return the log of the largest ratio over the smallest,
    in fifths of the other half by the feature."""
    rng = np.random.default_rng(seed)
    features, logit = applicants(rng, 2 * rows)
    if inputs == 1:
        logit = 0.9 * features[:, 0] - 2.2
    grown = growth * features[:, feature] * [1, -1][feature] if fault == "one effect" else 0
    score = logit if fault == "one effect" else 1.7 * logit + 1
    default = rng.random(2 * rows) < expit(logit + grown)
    early, late = slice(rows), slice(rows, None)
    if method == "isotonic":
        step = IsotonicRegression(out_of_bounds="clip", y_min=1e-4).fit(
            score[early], default[early]
        )
        mended = step.predict(score[late])
    else:
        slope, shift = platt(score[early], default[early])
        mended = expit(slope * score[late] + shift)
    fifth = np.argsort(np.argsort(features[late, feature])) * 5 // rows
    ratio = reliability_table(mended, default[late], fifth).ratio.clip(lower=0.01)
    return float(np.log(ratio.max() / ratio.min()))


def test_recalibration_leaves_the_groups_wrong(claim: Claim) -> None:
    """Recalibration repairs an overconfident score; after a drift in the effect of one input,
    groups of that input stay wrong."""
    claim.effect(
        "log of largest over smallest ratio, recalibrated", left_by_amount, knob="fault",
        on="one effect", off="overconfident", above=1.5, off_below=0.8,
        also=[{"method": "platt"}, {"feature": 1}],
    )  # fmt: skip
    claim.limit(
        "If the score has one input only, recalibration repairs its groups too.",
        "log of largest over smallest ratio, one input",
        lambda seed: left_by_amount(seed, "one effect", inputs=1, growth=0.5, rows=20_000), below=0.8,
    )  # fmt: skip


@cache
def misses(
    seed: int, together: int, risk: float = 0.01, spread: float = 1, rows: int = 200
) -> float:
    """Return the chance, computed from that of each count, that the interval misses one although
    the score is right. Rows come in blocks with one outcome; `spread` is how far risks differ."""
    rng = np.random.default_rng(seed)
    mean = risk * rng.uniform(0.5, 2)
    drawn = rng.beta(1 / spread, (1 - mean) / mean / spread, rows // together)
    chance = np.ones(1)
    for one in drawn:
        chance = np.convolve(chance, [1 - one, one])
    counts = together * np.arange(len(chance))
    happens = np.arange(rows) < counts[:, None]
    score = np.broadcast_to(drawn.repeat(together), happens.shape)
    table = reliability_table(score.ravel(), happens.ravel(), counts.repeat(rows))
    return chance @ ((table.low > 1) | (table.high < 1)).to_numpy()


def test_exact_interval_keeps_its_promise(claim: Claim) -> None:
    """If rows are independent and the score is right, the exact interval misses one no more often
    than its confidence allows, for rare events and where risks differ."""
    claim.effect(
        "chance to miss one, for 5%", misses, knob="together", on=1, off=10, below=0.05,
        off_above=0.06, also=[{"risk": 0.3, "spread": 0.1}, {"spread": 0.001}, {"spread": 5}],
    )  # fmt: skip
    claim.limit(
        "Rows that share a fate, such as ten loans of one customer, make the interval too narrow.",
        "chance to miss one, for 5%", lambda seed: misses(seed, 10, risk=0.1), above=0.2,
    )  # fmt: skip

    def mean_gap(seed: int) -> float:
        rng, gaps = np.random.default_rng(seed), []
        for _ in range(20):
            score = rng.beta(1, 4, 200)
            bins = np.argsort(np.argsort(score)) // 20
            table = reliability_table(score, rng.random(200) < score, bins)
            gaps.append(np.abs(table.observed_rate - table.mean_score).mean())
        return np.mean(gaps)

    claim.limit(
        "The mean gap over score bins (ECE) is above zero for a perfect score, and large with a few hundred rows.",
        "mean gap of ten bins, 200 rows", mean_gap, above=0.03,
    )  # fmt: skip


SHAPES = {
    "rare": lambda rng, rows: rng.beta(1, 30, rows),
    "normal logits": lambda rng, rows: expit(rng.normal(-2, 1.5, rows)),
    "all equal": lambda rng, rows: np.full(rows, 0.3),
}


@cache
def shape_limit(shape: str) -> float:
    return cusum_limit(SHAPES[shape](np.random.default_rng(99), 5_000), 1_000)


def false_alarms(seed: int, customer: int, shape: str = "normal logits") -> float:
    """Return the share of runs with an alarm; a customer's rows have one outcome."""
    rng = np.random.default_rng(seed)
    scores = SHAPES[shape](rng, (500, 1_000 // customer))
    outcomes = rng.random(scores.shape) < scores
    runs = zip(scores.repeat(customer, axis=1), outcomes.repeat(customer, axis=1), strict=True)
    return np.mean([calibration_cusum(*run).max() > shape_limit(shape) for run in runs])


def test_limit_keeps_its_rate(claim: Claim) -> None:
    """If rows are independent, the simulated limit keeps its false alarm rate, for rare events and
    for frequent ones."""
    claim.effect(
        "false alarms, for 5%", false_alarms, knob="customer", on=1, off=5, above=0.02, below=0.085,
        off_above=0.3, also=[{"shape": "rare"}, {"shape": "all equal"}],
    )  # fmt: skip
    claim.limit(
        "The limit takes the distribution of the scores as it was: more risky rows than then raise its rate.",
        "false alarms, limit from rare events",
        lambda seed: _with_another_mix(seed), above=0.1,
    )  # fmt: skip


def _with_another_mix(seed: int) -> float:
    rng, limit = np.random.default_rng(seed), shape_limit("rare")
    scores = [SHAPES["all equal"](rng, 1_000) for _ in range(100)]
    return np.mean([calibration_cusum(s, rng.random(1_000) < s).max() > limit for s in scores])


@cache
def limits(shape: str, month: int, odds_ratio: float) -> tuple[float, float]:
    """Return the limit of the monthly test and of the CUSUM, for 5% of the years."""
    scores = SHAPES[shape](np.random.default_rng(98), 5_000)
    rng = np.random.default_rng(97)
    quiet = rng.choice(scores, size=(1_000, 12, month))
    largest = excess(quiet, rng.random(quiet.shape) < quiet).max(axis=1)
    return float(np.quantile(largest, 0.95)), cusum_limit(scores, 12 * month, odds_ratio)


def excess(score: np.ndarray, happens: np.ndarray) -> np.ndarray:
    """Return the excess of events by year and month, in standard errors."""
    return (happens - score).sum(axis=2) / np.sqrt((score * (1 - score)).sum(axis=2))


def advantage(seed: int, lasting: int, odds: float = 1.2, shape: str = "normal logits",
              month: int = 300, odds_ratio: float = 1.25) -> float:  # fmt: skip
    """Return in how many more years, as a share, the CUSUM alarms than the monthly test does."""
    rng, (monthly, limit) = np.random.default_rng(seed), limits(shape, month, odds_ratio)
    score = SHAPES[shape](rng, 100 * 12 * month).reshape(100, 12, month)
    ratio = np.where(np.arange(12) < lasting, odds, 1)[:, None]
    happens = rng.random(score.shape) < ratio * score / (1 - score + ratio * score)
    flat = zip(score.reshape(100, -1), happens.reshape(100, -1), strict=True)
    cusum = np.array([calibration_cusum(*year, odds_ratio).max() for year in flat])
    return np.mean(cusum > limit) - np.mean(excess(score, happens).max(axis=1) > monthly)


def test_cusum_accumulates(claim: Claim) -> None:
    """At the same false alarm rate, a CUSUM set near a small lasting error finds it in more years
    than a monthly test."""
    claim.effect(
        "years more", advantage, knob="lasting", on=12, off=1, above=0.1, off_below=0.07,
        also=[{"shape": "all equal", "odds": 1.15}, {"month": 200, "odds_ratio": 1.3}],
    )  # fmt: skip
    claim.limit(
        "Set to an error several times as large, the CUSUM finds the small one less often than the monthly test.",
        "years more, set to odds x 3", lambda seed: advantage(seed, 12, odds_ratio=3), below=-0.1,
    )  # fmt: skip
    claim.limit(
        "A large error shows in one month: there the CUSUM finds no more than the monthly test.",
        "years more, odds x 2", lambda seed: advantage(seed, 12, odds=2), above=-0.05, below=0.05,
    )  # fmt: skip
    claim.limit(
        "If such an error lasts for that month alone, the CUSUM finds it in fewer years.",
        "years more, odds x 2 for a month", lambda seed: advantage(seed, 1, odds=2), below=-0.1,
    )  # fmt: skip


@cache
def loans_limit() -> float:
    return cusum_limit(loans(0, 0)["score"], 19_500)


def soon(seed: int, drift: float) -> float:
    """Return the share of eight runs whose first alarm is in months seven to nine."""
    found = []
    for number in range(8):
        one = loans.__wrapped__(10 * seed + number, drift)
        months = one["month"][calibration_cusum(one["score"], one["default"]) > loans_limit()]
        found.append(months.size > 0 and 7 <= months[0] <= 9)
    return np.mean(found)


def test_alarm_comes_soon(claim: Claim) -> None:
    """On these loans, the CUSUM alarms within three months of the drift's start."""
    claim.effect(
        "share that alarms in month 7 to 9", soon, knob="drift", on=DRIFT, off=0, above=0.75,
        off_below=0.25, only="On these loans",
    )  # fmt: skip
    claim.limit(
        "A drift a tenth as steep takes the alarm longer than three months.",
        "share that alarms in month 7 to 9", lambda seed: soon(seed, DRIFT / 10), below=0.5,
    )  # fmt: skip


@cache
def tolerance_limit(odds_ratio: float, tolerated: float, level: float) -> float:
    return cusum_limit(loans(0, 0, level=level)["score"], 10_000, odds_ratio, tolerated=tolerated)


def fitted(features: np.ndarray, outcome: np.ndarray, ridge: float = 1.0) -> np.ndarray:
    """Return the coefficients of many ridge-penalised logistic regressions at once, by Newton."""
    features = np.concatenate([features, np.ones_like(features[..., :1])], axis=-1)
    size = features.shape[-1]
    across, penalty = features.swapaxes(1, 2).copy(), np.diag([ridge] * (size - 1) + [1e-6])
    coefficients = np.zeros((len(features), size, 1))
    for _ in range(8):
        risk = expit(features @ coefficients)
        gradient = across @ (risk - outcome[..., None]) + penalty @ coefficients
        hessian = across @ (features * risk * (1 - risk)) + penalty
        coefficients -= np.linalg.solve(hessian, gradient)
    return coefficients[..., 0]


def test_many_regressions_are_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    features, logit = applicants(rng, 400)
    outcome = rng.random(400) < expit(logit)
    model = LogisticRegression(tol=1e-8).fit(features, outcome)
    expected = [*model.coef_[0], model.intercept_[0]]
    assert fitted(features[None], outcome[None])[0] == pytest.approx(expected, abs=1e-3)


def platt(score: np.ndarray, outcome: np.ndarray) -> tuple[float, float]:
    model = LogisticRegression(C=1e6).fit(score[:, None], outcome)
    return model.coef_[0, 0], model.intercept_[0]


@cache
def years(seed: int, level: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw sixty times 10,000 applicants, for every model the same."""
    rng, drawn = np.random.default_rng([seed, 1]), []
    for _ in range(60):
        features, logit = applicants(rng, 10_000, level)
        drawn.append((features, rng.random(10_000) < expit(logit)))
    return drawn


@cache
def models(seed: int, rows: int | None, level: float) -> np.ndarray:
    """Return sixty models, each of so many rows; with no number, models that learned all there is."""
    if rows is None:
        return np.tile([0.9, -1.0, level], (60, 1))
    rng = np.random.default_rng(seed)
    features, logit = applicants(rng, 60 * rows, level)
    outcome = rng.random(60 * rows) < expit(logit)
    return fitted(features.reshape(60, rows, 2), outcome.reshape(60, rows))


@cache
def alarms_of_fitted(
    seed: int, tolerated: float = 1.0, rows: int | None = 300, odds_ratio: float = 1.6,
    labels: int = 0, level: float = -2.2,
) -> float:  # fmt: skip
    """Return the share of models that alarm within 10,000 rows of the world they learned from.
    Labels are for recalibration."""
    rng, found, learned = np.random.default_rng([seed, 2]), [], models(seed, rows, level)
    if labels:  # Platt's: a slope and a shift for each
        recent, truth = applicants(rng, 60 * labels, level)
        outcome = (rng.random(60 * labels) < expit(truth)).reshape(60, labels)
        score = recent.reshape(60, labels, 2) @ learned[:, :2, None] + learned[:, 2:, None]
        slope, shift = fitted(score, outcome, ridge=1e-6).T[..., None]
        learned = slope * learned + shift * [0, 0, 1]
    for model, (features, happens) in zip(learned, years(seed, level), strict=True):
        logit = features @ model[:2] + model[2]
        cusum = calibration_cusum(expit(logit), happens, odds_ratio, tolerated)
        found.append(cusum.max() > tolerance_limit(odds_ratio, tolerated, level))
    return np.mean(found)


def test_small_training_sets_alarm(claim: Claim) -> None:
    """Without drift, a model that learned from a few hundred rows alarms far more often than the
    limit promises, unless the alarm tolerates a small error."""
    claim.effect(
        "share with an alarm, for 5%", alarms_of_fitted, knob="tolerated", on=1.0, off=1.25,
        above=0.15, off_below=0.12,
        also=[{"odds_ratio": 1.5}, {"rows": 350}],
    )  # fmt: skip
    claim.effect(
        "share with an alarm, for 5%", alarms_of_fitted, knob="rows", on=300, off=None,
        above=0.15, off_below=0.12, also=[{"odds_ratio": 1.5}, {"odds_ratio": 1.25}],
    )  # fmt: skip
    rare = -4.5  # one in forty defaults, and not one in six
    for few in (
        {"rows": 80},
        {"rows": 480, "level": rare},
        {"rows": 80, "labels": 480, "level": rare},
    ):
        claim.limit(
            "A model of fewer than a hundred rows, or of a dozen events, is further off than the "
            "tolerated odds: it alarms all the same.",
            f"share with an alarm, {few}", lambda seed, few=few: alarms_of_fitted(seed, 1.25, **few),
            above=0.09,
        )  # fmt: skip
    for eighty in ({"labels": 500}, {"labels": 3_200, "level": rare}):
        claim.limit(
            "Recalibrate it on held-out labels with eighty events before you start.",
            f"share with an alarm, {eighty}",
            lambda seed, eighty=eighty: alarms_of_fitted(seed, 1.25, rows=80, **eighty), below=0.09,
        )  # fmt: skip


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
def test_interval_is_the_exact_one_over_the_mean_score(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score, region = rng.beta(1, 4, 500), rng.choice(["north", "south", "west"], 500)
    outcome, confidence = rng.random(500) < score, float(rng.uniform(0.5, 0.99))
    table = reliability_table(score, outcome, region, confidence)
    assert list(table.index) == ["north", "south", "west"]
    for name, row in table.iterrows():
        events = outcome[region == name].sum()
        low, high = proportion_confint(events, row.rows, alpha=1 - confidence, method="beta")
        mean = score[region == name].mean()
        assert (row.low, row.high) == pytest.approx((low / mean, high / mean))
        assert row.ratio == pytest.approx(events / score[region == name].sum())


def test_table_of_four_rows() -> None:
    table = reliability_table([0.0, 0.5, 1.0, 0.2], [0, 1, 1, 0], by=[7, 7, 3, 3])
    assert list(table.index) == [3, 7]
    assert list(table.columns) == ["rows", "mean_score", "observed_rate", "ratio", "low", "high"]
    assert list(table.ratio) == pytest.approx([0.5 / 0.6, 2])
    interval = binomtest(1, 2).proportion_ci(0.95, "exact")
    assert (table.low[7], table.high[7]) == pytest.approx(
        (interval.low / 0.25, interval.high / 0.25)
    )


def test_groups_of_float16_and_other_real_parameters() -> None:
    """Before, pandas and scipy raised in their own words."""
    score, outcome = [0.0, 0.5, 1.0, 0.2], [0, 1, 1, 0]
    plain = reliability_table(score, outcome, [2.5, 2.5, 1, 1], 0.75)
    narrow = np.array([2.5, 2.5, 1, 1], np.float16)
    pd.testing.assert_frame_equal(
        reliability_table(score, outcome, narrow, Fraction(3, 4)), plain, check_index_type=False
    )
    for exact in (Fraction, np.float16):
        found = calibration_cusum(score, outcome, exact(1.25), exact(1.125))
        assert found == pytest.approx(calibration_cusum(score, outcome, 1.25, 1.125), abs=1e-12)
        limit = cusum_limit(score, 10, exact(1.25), exact(0.125), 0, exact(1.125))
        assert limit == cusum_limit(score, 10, 1.25, 0.125, 0, 1.125)


def test_nothing_observed_has_an_interval() -> None:
    for rows in (1, 2, 7, 50, 1_000):
        table = reliability_table(np.full(rows, 0.1), np.zeros(rows, dtype=int), np.zeros(rows))
        interval = binomtest(0, rows).proportion_ci(0.95, "exact")
        assert table.low[0] == 0
        assert table.high[0] == pytest.approx(interval.high / 0.1)
        table = reliability_table(np.full(rows, 0.1), np.ones(rows, dtype=int), np.zeros(rows))
        assert table.high[0] == pytest.approx(1 / 0.1)
        assert table.low[0] == pytest.approx(binomtest(rows, rows).proportion_ci().low / 0.1)


@pytest.mark.parametrize("seed", range(10))
def test_cusum_is_the_recursion_of_likelihood_ratios(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = rng.uniform(0.01, 0.99, 300)
    outcome, odds = rng.random(300) < score, float(rng.choice([0.5, 0.8, 1.25, 2]))
    expected, evidence = [], 0.0
    tolerated = float(rng.choice([1, 0.9 if odds < 1 else 1.1]))
    borne, shifted = (o * score / (1 - score + o * score) for o in (tolerated, odds))
    for old, new, happened in zip(borne, shifted, outcome, strict=True):
        evidence = max(
            0, evidence + bernoulli.logpmf(happened, new) - bernoulli.logpmf(happened, old)
        )
        expected.append(evidence)
    assert calibration_cusum(score, outcome, odds, tolerated) == pytest.approx(expected)
    assert calibration_cusum(score, outcome.astype(float)) == pytest.approx(
        calibration_cusum(score, outcome, 1.25)
    )


def test_limit_of_one_row_is_exact() -> None:
    event = np.log(1.25) - np.log1p(0.2 * 0.25)
    assert cusum_limit([0.2], 1, false_alarm_rate=0.1) == pytest.approx(event)
    assert cusum_limit([0.2], 1, false_alarm_rate=0.3) == pytest.approx(0, abs=1e-8)
    # At the tolerated odds a third of the rows are events, at those of the score a fifth.
    grown = np.log(2) + np.log1p(0.2) - np.log1p(0.2 * 3)
    assert cusum_limit([0.2], 1, 4, 0.27, tolerated=2) == pytest.approx(grown)
    assert cusum_limit([0.0, 1.0], 50) == pytest.approx(0, abs=1e-8)  # each row by its own score
    fewer = -np.log1p(-0.2 * 0.25)
    assert cusum_limit([0.2], 1, odds_ratio=0.75, false_alarm_rate=0.5) == pytest.approx(fewer)


def test_limit_grows_with_the_horizon_and_falls_with_the_rate() -> None:
    scores = np.linspace(0.01, 0.4, 50)
    limits = [cusum_limit(scores, horizon) for horizon in (10, 100, 1_000)]
    assert limits == sorted(limits)
    assert cusum_limit(scores, 100, false_alarm_rate=0.2) < limits[1]
    assert cusum_limit(scores, 100, 1.25, 0.05, 0) == limits[1] != cusum_limit(scores, 100, seed=1)
    assert cusum_limit(scores, 100, tolerated=1.1) < limits[1]


def test_limit_of_a_rare_rate_is_no_luck_of_the_seed() -> None:
    """With few runs none or one would exceed it; here the chance of each peak is known."""
    limit = cusum_limit([0.01], 5, false_alarm_rate=0.001)
    two_events = 2 * np.log(1.25) - 2 * np.log1p(0.01 * 0.25)  # in a row: 4 * 0.01**2 = 0.0004
    assert 0.2 < limit < two_events
    with pytest.raises(ValueError, match="false_alarm_rate"):
        cusum_limit([0.01], 5, false_alarm_rate=0.0009)


def test_a_tie_with_the_limit_is_no_alarm() -> None:
    """Rare events of one score: most runs end at the same few peaks, up to the last bits."""
    limit = cusum_limit([0.001], 100)
    rng, score = np.random.default_rng(0), np.full(100, 0.001)
    alarms = [calibration_cusum(score, rng.random(100) < 0.001).max() > limit for _ in range(2_000)]
    assert np.mean(alarms) < 0.05


def test_recalibration_keeps_the_ranking_of_a_frozen_model() -> None:
    """What the page advises; without FrozenEstimator, the model is fitted anew on few labels."""
    rng = np.random.default_rng(0)

    def draw(rows: int) -> tuple[np.ndarray, np.ndarray]:
        features = rng.normal(size=(rows, 20))
        return features, rng.random(rows) < expit(features[:, :6].sum(axis=1) - 2)

    model, (recent, labels), (test, truth) = (
        LogisticRegression().fit(*draw(5_000)),
        draw(300),
        draw(5_000),
    )
    auc = {
        name: roc_auc_score(
            truth, CalibratedClassifierCV(one).fit(recent, labels).predict_proba(test)[:, 1]
        )
        for name, one in (("frozen", FrozenEstimator(model)), ("refitted", model))
    }
    assert auc["frozen"] == pytest.approx(
        roc_auc_score(truth, model.predict_proba(test)[:, 1]), abs=0.002
    )
    assert auc["refitted"] < auc["frozen"] - 0.01


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
        bounds={"horizon": "[1, inf)", "seed": "[0, inf)"},
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
    with pytest.raises(ValueError, match="score must have 1 dimension"):
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


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble, Fraction])
def test_settings_and_groups_of_any_kind(kind: type) -> None:
    score, outcome = np.linspace(0.1, 0.9, 40), [0, 1] * 20
    for name, value in {"odds_ratio": 1.5, "tolerated": 1.1, "false_alarm_rate": 0.03}.items():
        setting = kind(value)
        assert cusum_limit(score, 20, **{name: setting}) == cusum_limit(
            score, 20, **{name: float(setting)}
        )
    if kind is not np.float16:  # 1.1 in them is 1.1 in float64 or above; compared as float64
        with pytest.raises(ValueError, match="odds_ratio must not be 1"):
            cusum_limit(score, 20, 1.1, tolerated=kind(1.1))
    groups = [kind(value) for value in outcome]
    columns = [groups] if kind is Fraction else [groups, np.array(groups, dtype=kind)]
    for by in columns:
        table = reliability_table(score, outcome, by, kind(0.75))
        assert (
            table["low"].tolist()
            == reliability_table(score, outcome, outcome, 0.75)["low"].tolist()
        )
