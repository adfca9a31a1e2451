"""docs/beyond/trust-a-judge.md"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy.stats import beta, binom, binomtest, norm
from scipy.stats import t as student
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from docs.beyond.figures.judged_rate import KNOB, measure
from proof.claims import Claim
from snippets.beyond.judge_agreement import judge_agreement, labels_needed
from snippets.beyond.judged_rate import judged_rate, rogan_gladen_rate
from snippets.beyond.suite_change import suite_change, visible_change
from tools.bad_input import names_bad_input


def judged(
    rng: np.random.Generator, rows: int, share: float, finds: float, rejects: float
) -> tuple[np.ndarray, np.ndarray]:
    good = rng.random(rows) < share
    return good, rng.random(rows) < np.where(good, finds, 1 - rejects)


def test_raw_rate_is_biased(claim: Claim) -> None:
    """If a judge passes more bad answers than it fails good ones, its pass rate is too high, and
    more verdicts do not mend it."""
    claim.effect(
        "judge's rate minus the true one", measure, knob="lenient", **KNOB.ends,
        above=0.07, off_above=-0.01, off_below=0.01,
        also=[{"answers": 1_000_000}, {"share": 0.3}, {"share": 0.4, "answers": 5_000}],
    )  # fmt: skip
    claim.limit(
        "Where nearly all answers are good, the same judge's rate is too low.",
        "judge's rate minus the true one, nineteen of twenty good",
        lambda seed: measure(seed, 0.3, share=0.95), below=-0.05,
    )  # fmt: skip


def width_ratio(
    seed: int, judge: str, share: float = 0.5, labels: int = 300, errors: tuple = (0.9, 0.7),
    method: Callable = judged_rate, answers: int = 10_000,
) -> float:  # fmt: skip
    """Width of the interval of people and judge, compared with that of people alone."""
    rng, ratios = np.random.default_rng(seed), []
    finds, rejects = errors if judge == "sees the answer" else (0.6, 0.4)
    for _ in range(20):
        good, passed = judged(rng, answers, share, finds, rejects)
        both = method(good[:labels], passed[:labels], passed[labels:])
        low, high = proportion_confint(good[:labels].sum(), labels, method="jeffreys")
        ratios.append((both["high"] - both["low"]) / (high - low))
    return float(np.mean(ratios))


def test_judge_saves_labels(claim: Claim) -> None:
    """If hundreds of labelled answers are a small random part of the judged ones, a judge that agrees
    with people well beyond chance narrows the interval of the same labels, and one that guesses
    does not."""
    claim.effect(
        "width, compared with people alone", width_ratio, knob="judge",
        on="sees the answer", off="guesses", below=0.9, off_above=0.95,
        also=[{"share": 0.7, "labels": 200}, {"errors": (0.8, 0.8)}, {"share": 0.3, "labels": 1_000}],
    )  # fmt: skip
    claim.limit(
        "With labels from elsewhere, this judge needs more of them than people need without a judge.",
        "width, labels from elsewhere",
        lambda seed: width_ratio(seed, "sees the answer", method=rogan_gladen_rate), above=1.15,
    )  # fmt: skip

    claim.limit(
        "With thirty labels where nearly all answers are good, the judge hardly narrows the interval.",
        "width, thirty labels", lambda seed: np.mean(
            [width_ratio(10 * seed + n, "sees the answer", share=0.95, labels=30) for n in range(4)]
        ), above=0.93,
    )  # fmt: skip
    claim.limit(
        "A judge that grades hardly more answers than people do saves them hardly a label.",
        "width, thirty answers more", lambda seed: width_ratio(seed, "sees the answer", answers=330),
        above=0.95,
    )  # fmt: skip

    def doubtful(seed: int) -> float:  # people look where the judge is wrong three times as often
        rng = np.random.default_rng(seed)
        good, passed = judged(rng, 10_000, 0.5, 0.9, 0.7)
        looked = rng.random(10_000) < np.where(good == passed, 0.03, 0.09)
        return judged_rate(good[looked], passed[looked], passed[~looked])["rate"] - good.mean()

    claim.limit(
        "Labels of the answers that the judge found hard make the corrected rate wrong too.",
        "rate minus the true one", lambda s: np.mean([doubtful(10 * s + n) for n in range(10)]), below=-0.05,
    )  # fmt: skip


def kappa(
    seed: int, share: float, right: float = 0.9, rejects: float | None = None, rows: int = 5_000
) -> float:
    good, passed = judged(np.random.default_rng(seed), rows, share, right, rejects or right)
    return judge_agreement(good, passed).loc["kappa", "value"]


def test_kappa_follows_the_pass_rate(claim: Claim) -> None:
    """A judge that is wrong as often about good answers as about bad ones, but less often than a
    guess, has a lower kappa where nearly all answers are good."""
    claim.effect(
        "kappa", kappa, knob="share", on=0.95, off=0.5, below=0.56, off_above=0.62,
        also=[{"right": 0.85}, {"right": 0.92, "rows": 20_000}],
    )  # fmt: skip
    claim.limit(
        "A judge that fails hardly any good answer can have the higher kappa where nearly all are good.",
        "kappa there minus kappa where half are good",
        lambda seed: kappa(seed, 0.95, 0.99, 0.5, rows=50_000) - kappa(seed, 0.5, 0.99, 0.5, rows=50_000),
        above=0.03,
    )  # fmt: skip

    def few_bad(seed: int) -> float:
        good, passed = judged(np.random.default_rng(seed), 100, 0.95, 0.9, 0.9)
        report = judge_agreement(good, passed).loc["kappa"]
        return report["high"] - report["low"]

    claim.limit(
        "A hundred labels with few bad answers among them leave kappa nearly unknown.",
        "width of its interval", few_bad, above=0.3,
    )  # fmt: skip


def cases(rng: np.random.Generator, number: int, shape: tuple, gain: float, moves: str) -> tuple:
    rates = rng.beta(*shape, size=number)
    worse = 1 - rates if moves == "each alike" else 1 - rng.beta(*shape, size=number)
    return rates, 1 - worse * (1 - gain * (sum(shape) / shape[1]))


def results(rng: np.random.Generator, rates: np.ndarray, runs: int) -> np.ndarray:
    return rng.random((rates.size, runs)) < rates[:, None]


@cache
def power(
    seed: int, runs: int, number: int = 100, shape: tuple = (0.7, 0.3), gain: float = 0.08,
    moves: str = "each alike", repeats: int = 150,
) -> float:  # fmt: skip
    """Share of changes that the interval finds: 8 points, the cases as different as `shape`."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(repeats):
        before, after = cases(rng, number, shape, gain, moves)
        found.append(suite_change(results(rng, before, runs), results(rng, after, runs))["low"] > 0)
    return float(np.mean(found))


def test_three_runs_show_what_one_hides(claim: Claim) -> None:
    """If cases differ and a change makes each fail less often, three runs of a hundred cases mostly
    show eight points, and one run mostly does not."""
    claim.effect(
        "changes found", power, knob="runs", on=3, off=1, above=0.63, off_below=0.54,
        only="a hundred cases",
    )  # fmt: skip
    claim.limit(
        "If a change redraws every case, better here and worse there, three runs seldom show eight points.",
        "changes found", lambda seed: power(seed, 3, moves="redrawn"), below=0.55,
    )  # fmt: skip
    claim.limit(
        "Where all cases pass at much the same rate, three runs show it only about every other time.",
        "changes found, cases alike", lambda seed: power(seed, 3, shape=(70, 30)), above=0.38, below=0.78,
    )  # fmt: skip
    claim.limit(
        "Where a case hardly ever changes its result, one run mostly shows it.",
        "changes found, cases all or nothing", lambda seed: power(seed, 1, shape=(0.07, 0.03)), above=0.58,
    )  # fmt: skip
    assert power(0, 100, moves="redrawn", repeats=100) < 0.65  # more runs mend little of it
    assert power(0, 3, number=400, moves="redrawn", repeats=100) > 0.75  # more cases do
    assert power(0, 3, gain=0.0, repeats=400) < 0.05  # one side of 5%


@pytest.mark.parametrize(("share", "finds", "rejects"), [(0.8, 0.9, 0.7), (0.5, 1, 1), (0.97, 0.8, 0.6)])  # fmt: skip
@pytest.mark.parametrize("labels", [25, 200])
def test_intervals_hold_the_truth(share: float, finds: float, rejects: float, labels: int) -> None:
    rng, held = np.random.default_rng(0), {"here": [], "elsewhere": []}
    for _ in range(250):
        good, passed = judged(rng, 2_000, share, finds, rejects)
        here = judged_rate(good[:labels], passed[:labels], passed[labels:])
        held["here"].append(here["low"] <= share <= here["high"])
        try:  # the labels come from answers of which 60% are good
            there = rogan_gladen_rate(*judged(rng, labels, 0.6, finds, rejects), passed)
        except ValueError:
            continue
        held["elsewhere"].append(there["low"] <= share <= there["high"])
    assert np.mean(held["here"]) > 0.91
    assert np.mean(held["elsewhere"]) > 0.92


def test_error_rates_taken_as_known_miss_the_truth() -> None:
    rng, held = np.random.default_rng(0), []
    for _ in range(300):
        people, judge = judged(rng, 200, 0.8, 0.9, 0.7)
        passed = judged(rng, 10_000, 0.8, 0.9, 0.7)[1].mean()
        finds, rejects = judge[people].mean(), 1 - judge[~people].mean()
        rate = (passed + rejects - 1) / (finds + rejects - 1)
        half = 1.96 * np.sqrt(passed * (1 - passed) / 10_000) / (finds + rejects - 1)
        held.append(abs(rate - 0.8) < half)
    assert np.mean(held) < 0.5


def test_a_judge_that_is_softer_here_than_on_its_labels_is_believed() -> None:
    """The page: the judge's taste becomes the gap between two systems."""
    rng = np.random.default_rng(0)
    people, judge = judged(rng, 2_000, 0.5, 0.9, 0.7)
    fluent = rogan_gladen_rate(people, judge, judged(rng, 50_000, 0.8, 0.9, 0.5)[1])
    assert fluent["low"] > 0.82
    good, passed = judged(rng, 50_000, 0.8, 0.9, 0.5)
    here = judged_rate(good[:2_000], passed[:2_000], passed[2_000:])
    assert here["low"] < 0.8 < here["high"]


def test_rogan_gladen_agrees_with_the_published_code() -> None:
    """asht 1.0.1, prevSeSp, its lines in the notation of Lang and Reiczigel."""
    people = np.repeat([1, 0], [120, 80])
    judge = np.concatenate([np.arange(120) < 108, np.arange(80) < 24])
    new = np.arange(1_000) < 640
    sensitivity, specificity, apparent, z = 108 / 120, 56 / 80, 0.64, norm.ppf(0.975)
    se, sp = (120 * sensitivity + 1) / 122, (80 * specificity + 1) / 82
    n, ap = 1_000 + z**2, (1_000 * apparent + z**2 / 2) / (1_000 + z**2)
    p = (ap + sp - 1) / (se + sp - 1)
    shift = 2 * z**2 * (p * se * (1 - se) / 122 - (1 - p) * sp * (1 - sp) / 82)
    variance = ap * (1 - ap) / n + p**2 * se * (1 - se) / 122 + (1 - p) ** 2 * sp * (1 - sp) / 82
    half = z * np.sqrt(variance) / (se + sp - 1)
    found = rogan_gladen_rate(people, judge, new)
    assert found["rate"] == pytest.approx((apparent + specificity - 1) / (sensitivity + specificity - 1))  # fmt: skip
    assert found["low"] == pytest.approx(p + shift - half)
    assert found["high"] == pytest.approx(p + shift + half)


def test_rogan_gladen_refuses() -> None:
    rng = np.random.default_rng(0)
    people, judge = judged(rng, 400, 0.5, 0.9, 0.7)
    with pytest.raises(ValueError, match="judge must tell good from bad"):
        rogan_gladen_rate(people, rng.random(400) < 0.6, judge)
    with pytest.raises(ValueError, match="judge must tell good from bad"):
        rogan_gladen_rate(np.ones(400), judge, judge)
    with pytest.raises(ValueError, match="judge_only fits no share"):
        rogan_gladen_rate(people, judge, np.arange(1_000) < 50)


def test_few_labels_of_one_kind_are_refused() -> None:
    """With one bad answer, the interval misses in one of ten; with five, hardly more than it says."""
    rng, missed, people = np.random.default_rng(0), [], np.repeat([1, 0], [100, 5])
    for _ in range(400):
        judge = rng.random(105) < np.where(people, 0.9, 0.1)
        passed = rng.random(1_000) < 0.9 * 0.9 + 0.1 * 0.1
        try:
            found = rogan_gladen_rate(people, judge, passed)
        except ValueError:  # worse than a guess on the five
            continue
        missed.append(not found["low"] <= 0.9 <= found["high"])
    assert np.mean(missed) < 0.09
    for few in (np.arange(104) < 100, np.arange(104) < 4):
        with pytest.raises(ValueError, match="label more"):
            rogan_gladen_rate(few, few, np.arange(1_389) < 494)


def test_judged_rate_is_the_labels_weighted_by_the_verdicts() -> None:
    rng = np.random.default_rng(0)
    good, passed = judged(rng, 5_000, 0.7, 0.9, 0.6)
    both = judged_rate(good[:400], passed[:400], passed[400:])
    share, here, there = passed.mean(), good[:400][passed[:400]], good[:400][~passed[:400]]
    assert both["rate"] == pytest.approx(share * here.mean() + (1 - share) * there.mean())
    variance = share**2 * here.var() / here.size + (1 - share) ** 2 * there.var() / there.size
    variance += (here.mean() - there.mean()) ** 2 * share * (1 - share) / passed.size
    assert both["high"] - both["low"] == pytest.approx(2 * 1.96 * variance**0.5, rel=0.02)
    swapped = judged_rate(good[:400], ~passed[:400], ~passed[400:])
    assert swapped == pytest.approx(both)  # an inverted judge knows as much
    more = np.concatenate([np.flatnonzero(passed)[:300], np.flatnonzero(~passed)[:300]])
    rest = np.delete(passed, more)  # people look at as many failed answers as passed ones
    by_verdict = judged_rate(good[more], passed[more], rest)
    assert by_verdict["low"] < good.mean() < by_verdict["high"]
    perfect = judged_rate(good[:400], good[:400], good[400:])
    assert perfect["rate"] == pytest.approx(good.mean())


def test_judged_rate_at_the_ends() -> None:
    nobody_failed = judged_rate([1, 1, 1], [1, 1, 1], [1] * 50 + [0] * 50)
    assert nobody_failed["high"] == 1 and nobody_failed["low"] < 0.4
    all_good = judged_rate(np.ones(50), np.ones(50), np.ones(1_000))
    assert all_good["rate"] == 1 and 0.94 < all_good["low"] < 0.96


def test_kappa_agrees_with_sklearn_and_statsmodels() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        good, passed = judged(rng, 2_000, 0.8, 0.9, 0.7)
        report = judge_agreement(good, passed)
        table = np.histogram2d(good, passed, bins=2)[0]
        library = cohens_kappa(table)
        assert report.loc["kappa", "value"] == pytest.approx(cohen_kappa_score(good, passed))
        assert report.loc["kappa", "value"] == pytest.approx(library.kappa)
        assert report.loc["kappa", "low"] == pytest.approx(library.kappa_low, abs=0.01)
        assert report.loc["kappa", "high"] == pytest.approx(library.kappa_upp, abs=0.01)
        saved = np.corrcoef(good, passed)[0, 1] ** 2
        assert report.loc["labels saved", "value"] == pytest.approx(saved)
        assert report.loc["agreement", "value"] == pytest.approx(np.mean(good == passed))
        assert report.loc["good passed", "value"] == pytest.approx(passed[good].mean())
        assert report.loc["bad failed", "value"] == pytest.approx(1 - passed[~good].mean())


@pytest.mark.parametrize(("share", "rows"), [(0.5, 60), (0.95, 100)])
def test_interval_of_kappa_holds_the_truth(share: float, rows: int) -> None:
    true = kappa(0, share, rows=1_000_000)
    rng, held = np.random.default_rng(0), []
    for seed in range(80):
        report = judge_agreement(*judged(rng, rows, share, 0.9, 0.9), seed=seed).loc["kappa"]
        held.append(report["low"] <= true <= report["high"])
    assert np.mean(held) > 0.88


@pytest.mark.parametrize(("wrong", "runs"), [(0.1, 3), (0.1, 50), (0.0, 3), (0.0, 10)])
def test_runs_do_not_show_cases_that_were_not_drawn(wrong: float, runs: int) -> None:
    """One case in twenty breaks; of thirty, often none does, however often each is run."""
    rng, held = np.random.default_rng(0), []
    for _ in range(200):
        rates = np.where(rng.random(30) < 0.05, 1 - wrong, wrong)[:, None]
        found = suite_change(*(rng.random((30, runs)) < rate for rate in (rates, wrong)))
        held.append(found["low"] <= -0.05 * (1 - 2 * wrong) <= found["high"])
    assert np.mean(held) > 0.93


def test_two_who_hardly_ever_differ_may_differ_once() -> None:
    """One difference in twenty must not rule out an agreement of 99%: it comes in one of six."""
    people = np.arange(20) < 10
    for other in (people ^ (np.arange(20) == 0), people):
        ends = judge_agreement(people, other).loc[["agreement", "kappa"], ["low", "high"]]
        assert (ends["low"] < 0.98).all() and (ends["high"] > [0.99, 0.98]).all()


def test_a_judge_that_passes_all_agrees_by_chance() -> None:
    report = judge_agreement(np.arange(100) < 95, np.ones(100))
    assert (report.loc[["agreement", "by chance"], "value"] == 0.95).all()
    assert report.loc["kappa", "value"] == 0
    perfect = judge_agreement(np.arange(9) < 6, np.arange(9) < 6)
    assert (perfect["low"] <= perfect["value"]).all() and (
        perfect["value"] <= perfect["high"]
    ).all()
    one_kind = judge_agreement(np.ones(50), np.ones(50))
    assert np.isnan(one_kind.loc[["kappa", "bad failed"], "value"]).all()
    unseen = one_kind[one_kind["value"].isna()]  # a judge who finds all bad ones is possible, too
    assert (unseen["high"] == 1).all() and (unseen["low"] <= 0).all()
    assert one_kind.loc["bad failed", "high"] - one_kind.loc["bad failed", "low"] > 0.9


@pytest.mark.parametrize(("share", "finds", "rejects"), [(0.5, 0.9, 0.7), (0.8, 0.85, 0.8)])
def test_needed_labels_give_the_width(share: float, finds: float, rejects: float) -> None:
    rng = np.random.default_rng(0)
    need = labels_needed(0.05, *judged(rng, 200_000, share, finds, rejects))
    good, passed = judged(rng, 400_000, share, finds, rejects)
    for name, method in (("same answers", judged_rate), ("other answers", rogan_gladen_rate)):
        spans = []
        for part in range(30):
            rows = slice(part * need[name], (part + 1) * need[name])
            found = method(good[rows], passed[rows], passed[-100_000:])
            spans.append((found["high"] - found["low"]) / 2)
        assert np.mean(spans) == pytest.approx(0.05, rel=0.05)
    assert need["people alone"] == pytest.approx(share * (1 - share) * (1.96 / 0.05) ** 2, abs=3)
    assert need["same answers"] < need["people alone"] < need["other answers"]
    with pytest.raises(ValueError, match="judge must agree"):
        labels_needed(0.05, [1, 1, 0, 0], [0, 0, 1, 1])


def test_suite_change_agrees_with_bonett_and_price() -> None:
    """Their adjusted Wald interval of matched proportions, with a normal quantile for the t."""
    before, after = np.repeat([1, 1, 0, 0], [30, 6, 14, 50]), np.repeat([1, 0, 1, 0], [30, 6, 14, 50])  # fmt: skip
    won, lost, n = 14, 6, 100
    half = np.sqrt(won + lost + 2 - (won - lost) ** 2 / (n + 2)) / (n + 2)
    found = suite_change(before[:, None], after[:, None], confidence=0.95)
    assert found["change"] == pytest.approx((won - lost) / n)
    assert (found["low"] + found["high"]) / 2 == pytest.approx((won - lost) / (n + 2))
    assert (found["high"] - found["low"]) / 2 == pytest.approx(1.984217 * half)  # t with 99
    assert np.isnan(found["case_spread"])


@pytest.mark.parametrize("number", [20, 100, 300])
def test_a_few_cases_that_break(number: int) -> None:
    """Of all suites in which two cases break on average, one in seven breaks none, and there the
    interval of Agresti and Min, with two half cases, leaves out the true change."""
    for mean in (2, 2.5, 3, 4):
        chance, held = mean / number, 0.0
        for broken in range(20):
            after = np.where(np.arange(number) < broken, 0, 1)[:, None]
            found = suite_change(np.ones((number, 1)), after)
            holds = found["low"] <= -chance <= found["high"]
            held += holds * binom.pmf(broken, number, chance)
        assert held > 0.93


@pytest.mark.parametrize(
    ("share", "finds", "rejects"), [(0.5, 1, 1), (0.5, 0.98, 0.98), (0.8, 0.99, 0.99), (0.99, 0.99, 0.9)]
)  # fmt: skip
def test_needed_labels_of_a_judge_who_hardly_errs(
    share: float, finds: float, rejects: float
) -> None:
    """After a pilot without an error, one label was to give ±5%; it gave ±37%."""
    rng = np.random.default_rng(0)
    need = labels_needed(0.05, *judged(rng, 20_000, share, finds, rejects))
    spans, alone, elsewhere = [], [], []
    for _ in range(40):
        good, passed = judged(rng, 5_000, share, finds, rejects)
        n, few = need["same answers"], good[: need["people alone"]]
        found = judged_rate(good[:n], passed[:n], passed[n:])
        spans.append((found["high"] - found["low"]) / 2)
        low, high = proportion_confint(few.sum(), few.size, method="jeffreys")
        alone.append((high - low) / 2)
        n = need["other answers"]
        try:
            rogan_gladen_rate(good[:n], passed[:n], passed)
        except ValueError:
            elsewhere.append(n)
    assert 0.035 < np.mean(spans) < 0.065 and np.mean(alone) < 0.065
    assert need["same answers"] < 60 and len(elsewhere) < 15


def test_a_pilot_of_fifty_is_rough() -> None:
    rng = np.random.default_rng(0)
    need = [
        labels_needed(0.05, *judged(rng, 50, 0.5, 0.9, 0.7))["same answers"] for _ in range(200)
    ]
    low, high = np.quantile(need, [0.05, 0.95])
    assert low < 0.75 * 243 and high > 1.15 * 243


def test_repeats_are_not_cases() -> None:
    """The page: ten runs counted as ten cases."""
    rng, held = np.random.default_rng(0), {"rows": [], "cases": []}
    for _ in range(300):
        rates = rng.beta(0.7, 0.3, size=50)
        after = rng.beta(0.7, 0.3, size=50)  # other cases, no change
        old, new = results(rng, rates, 10), results(rng, after, 10)
        by_row = suite_change(old.reshape(-1, 1), new.reshape(-1, 1))
        by_case = suite_change(old, new)
        held["rows"].append(by_row["low"] <= 0 <= by_row["high"])
        held["cases"].append(by_case["low"] <= 0 <= by_case["high"])
    assert np.mean(held["rows"]) < 0.75
    assert np.mean(held["cases"]) > 0.91


@pytest.mark.parametrize("moves", ["each alike", "redrawn"])
def test_visible_change_has_its_power(moves: str) -> None:
    rng = np.random.default_rng(0)
    before, after = cases(rng, 2_000, (0.7, 0.3), 0.08, moves)
    found = suite_change(results(rng, before, 20), results(rng, after, 20))
    true = np.std(after - before)
    assert found["case_spread"] == pytest.approx(true, abs=0.02)
    for runs in (1, 3):
        gain = visible_change(results(rng, before, 20), 100, runs, found["case_spread"])
        spread_of_rates = moves == "redrawn"
        if spread_of_rates and gain > 0.15:
            continue  # no such gain within these rates
        assert power(1, runs, gain=gain, moves=moves, repeats=200) == pytest.approx(0.8, abs=0.1)


def test_suite_change_at_the_ends() -> None:
    same = suite_change(np.ones((100, 3)), np.ones((100, 3)))
    assert same["change"] == 0 and -0.03 < same["low"] < -0.02 and 0.02 < same["high"] < 0.03
    all_won = suite_change(np.zeros((20, 3)), np.ones((20, 3)))
    assert all_won["change"] == all_won["high"] == 1
    assert visible_change(np.ones((20, 3)), 20, 3, 0) > 0.05
    with pytest.raises(ValueError, match="before and after must have the same cases"):
        suite_change(np.ones((1, 3)), np.ones((1, 3)))


def test_the_solution() -> None:
    people, judge = (np.repeat(v, [92, 1, 5, 2]) for v in ([1, 1, 0, 0], [1, 0, 1, 0]))
    report = judge_agreement(people, judge)
    assert report.loc["agreement", "value"] == pytest.approx(0.94)
    assert report.loc["kappa", "value"] == pytest.approx(cohen_kappa_score(people, judge))
    assert binomtest(2, 7).pvalue > 0.05  # two of seven: no better than a coin is possible
    assert report.loc["bad failed", "high"] > 0.5


def test_a_confidence_of_another_type() -> None:
    """The tails were computed in float16, and another row stood at the end of the interval."""
    people, judge = [1] * 30 + [0] * 30, [1] * 28 + [0] * 30 + [1] * 2
    for level in (np.float16(0.95), np.float32(0.95)):
        assert judge_agreement(people, judge, level).equals(
            judge_agreement(people, judge, float(level))
        )


def test_agreement_has_the_interval_of_jeffreys() -> None:
    people, judge = [1] * 5 + [0] * 3, [1] * 4 + [0] * 3 + [1]  # six of eight agree
    for level in (0.95, 0.6):
        found = judge_agreement(people, judge, level).loc["agreement"]
        # Of four cells, a half each; or a quarter where they differ, whichever is wider.
        low, high = beta.ppf([[0.5 - level / 2], [0.5 + level / 2]], 6 + 1, [2 + 1, 2 + 0.5])
        assert (found.low, found.high) == pytest.approx((min(low), max(high)), abs=0.01)
    again = [
        judge_agreement(people, judge, seed=seed).equals(judge_agreement(people, judge))
        for seed in (0, 1)
    ]
    assert again == [True, False]


def test_a_pilot_is_counted_with_half_an_answer_more_a_cell() -> None:
    pilot = [1] * 9 + [0]
    alone = 10 / 12 * 2 / 12 * (norm.isf(0.025) / 0.1) ** 2
    assert labels_needed(0.1, pilot, pilot)["people alone"] == np.ceil(alone)


def test_confidence_moves_the_interval_of_a_judged_rate() -> None:
    rng = np.random.default_rng(0)
    people, judge, rest = rng.random((3, 400)) < 0.6
    sure, coin = (judged_rate(people, judge, rest, level) for level in (0.95, 0.5))
    width = (coin["high"] - coin["low"]) / (sure["high"] - sure["low"])
    assert width == pytest.approx(norm.isf(0.25) / norm.isf(0.025), abs=0.03)


def test_change_by_hand() -> None:
    before = np.array([[1, 0], [0, 0], [1, 1], [0, 1.0]])
    after = np.array([[1, 1], [1, 1], [0, 0], [1, 1.0]])
    moves = np.array([0.5, 1, -1, 0.5])
    luck = 2 * 0.5 / 4 / 2  # before, two of four cases vary by a half; after, none
    assert suite_change(before, after)["case_spread"] == pytest.approx(
        np.sqrt(moves.var(ddof=1) - luck)
    )
    seen = (1 + 0.25) / 5  # a case more, a coin
    width = student.ppf(0.975, 24)
    for power in (0.5, 0.9):
        moves = 25 * (2 * seen / 3 + 0.01)
        expected = (width * np.sqrt(moves + 2) + norm.ppf(power) * np.sqrt(moves)) / 25
        assert visible_change(before, 25, 3, 0.1, power) == pytest.approx(expected)
    assert visible_change(before, 2, 1, 1.0) == 1  # no change is larger


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    people, judge = (v.astype(int) for v in judged(rng, 60, 0.5, 0.95, 0.95))
    open_unit = {"confidence": "(0, 1)"}
    pair = ("people", "judge")
    verdicts = {"people": people, "judge": judge, "judge_only": judge}
    names_bad_input(judged_rate, paired=pair, bounds=open_unit, **verdicts)
    names_bad_input(rogan_gladen_rate, paired=pair, bounds=open_unit, **verdicts)
    names_bad_input(
        judge_agreement, people=people, judge=judge, paired=pair,
        bounds=open_unit | {"seed": "[0, inf)"},
    )  # fmt: skip
    names_bad_input(
        labels_needed, half_width=0.05, people=people, judge=judge, paired=pair,
        bounds=open_unit | {"half_width": "(0, 0.5)"},
    )  # fmt: skip
    table = results(rng, np.full(8, 0.5), 3).astype(int)
    names_bad_input(
        suite_change, before=table, after=1 - table, paired=("before", "after"), bounds=open_unit
    )
    names_bad_input(
        visible_change, before=table, cases=50, runs=3, case_spread=0.1,
        bounds=open_unit | {"cases": "[2, inf)", "runs": "[1, inf)", "case_spread": "[0, 1]", "power": "(0, 1)"},
    )  # fmt: skip


def test_visible_change_counts_the_cases_that_the_interval_adds() -> None:
    """Over ten runs, the two added cases widen the interval as much as the luck of the others."""
    rng = np.random.default_rng(0)
    before, after = cases(rng, 2_000, (0.7, 0.3), 0.05, "each alike")  # 0.05: visible, by trial
    seen = visible_change(results(rng, before, 20), 100, 10, float(np.std(after - before)))
    assert power(1, 10, gain=seen, repeats=200) == pytest.approx(0.8, abs=0.07)


def test_visible_change_takes_the_next_version_to_be_as_steady() -> None:
    """Cases that nearly always failed now pass now and then: their luck is new."""
    rng, shape = np.random.default_rng(0), (0.02, 0.005)  # nearly all or nothing
    before, after = cases(rng, 2_000, shape, 0.018, "each alike")  # 0.018: visible, by trial
    seen = visible_change(results(rng, before, 20), 300, 1, float(np.std(after - before)))
    assert seen == pytest.approx(0.018, abs=0.002)
    assert power(1, 1, number=300, shape=shape, gain=seen, repeats=300) < 0.6


def test_three_runs_of_an_unchanged_suite_counted_in_whole_cases() -> None:
    """The page says 46%. As floats, 0.74 - 0.66 is below 0.08, and it said 33%."""
    rng = np.random.default_rng(1)
    rates = np.random.default_rng(0).beta(0.7, 0.3, size=100)[:50]
    passed = (rng.random((2_000, 50, 3)) < rates[:, None]).sum(axis=1)
    assert np.mean(np.ptp(passed, axis=1) >= 4) == pytest.approx(0.46, abs=0.05)
