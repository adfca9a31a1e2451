"""docs/fairness/audit-without-the-attribute.md"""

import tracemalloc
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import (
    MetricFrame,
    equalized_odds_difference,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from scipy.stats import binom
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from docs.fairness.figures.calibration_by_group import KNOB, measure, table
from proof.claims import Claim
from snippets.fairness.audit_with_sample import audit_with_sample
from snippets.fairness.calibration_by_group import calibration_by_group
from snippets.fairness.error_rates_by_group import error_rates_by_group
from tools.bad_input import names_bad_input


def test_a_hidden_effect_makes_a_group_wrong(claim: Claim) -> None:
    """A score that does not see what sets a group apart can be right over all rows and too high for
    that group."""
    claim.effect(
        "mean score minus observed rate in group B",
        measure,
        knob="effect",
        **KNOB.ends,
        above=0.08,
        off_below=0.06,
        also=[{"share": 0.1}, {"model": "boosting"}],
    )
    for seed in range(5):
        whole = table(seed, -1.0).xs(0, level="bin")
        gap = np.average(whole.mean_score - whole.observed_rate, weights=whole.rows)
        assert abs(gap) < 0.025
    claim.limit(
        "If the feature says less in a group, the score can be right for the whole group and wrong at both ends: read the bins.",
        "gap of the last bin minus that of the whole group",
        lambda seed: (
            lambda line: (
                (line.mean_score - line.observed_rate)[5]
                - abs(line.mean_score - line.observed_rate)[0]
            )
        )(table(seed, 0.0, slope=0.2).loc["B"]),
        above=0.08,
    )


@cache
def audit(
    seed: int, right: float, gap: float = 0.2, share: float = 0.3, level: float = 0.6,
    known: int = 1_000, follows: float = 0.0, volunteers: bool = False, rows: int = 20_000,
) -> tuple[pd.DataFrame, float, float]:  # fmt: skip
    """Return the report, the true gap, and the share of it that errors at random would leave."""
    rng = np.random.default_rng(seed)
    small = rng.random(rows) < share
    approved = rng.random(rows) < np.where(small, level - gap, level)
    fits = np.where(small == approved, right - follows, right + follows)
    guess = np.where(rng.random(rows) < fits, small, ~small)
    told = rng.permutation(rows) < known
    if volunteers:  # of the declined in group B, every second does not tell
        told &= ~small | approved | (rng.random(rows) < 0.5)
    group = pd.Series(np.where(small, "B", "A")).where(told)
    report = audit_with_sample(approved, np.where(guess, "B", "A"), group, reference="A")
    shrink = small[guess].mean() + (~small)[~guess].mean() - 1
    return report, approved[~small].mean() - approved[small].mean(), shrink


def by_proxy(report: pd.DataFrame) -> float:
    return float(report.rate_by_proxy["A"] - report.rate_by_proxy["B"])


def shown(seed: int, right: float, **setting: float) -> float:
    report, true, _ = audit(seed, right, **setting)
    return by_proxy(report) / true


def test_a_random_error_shrinks_the_gap(claim: Claim) -> None:
    """If there are two groups and a proxy that is mostly right errs at random, it shows a smaller gap
    than there is."""
    claim.effect(
        "gap by proxy over true gap",
        shown,
        knob="right",
        on=0.8,
        off=1.0,
        below=0.75,
        off_above=0.99,
        also=[{"share": 0.5}, {"level": 0.3}],
    )
    claim.limit(
        "If the proxy's errors follow the decision, it can show a gap where there is none.",
        "gap by proxy without a true gap",
        lambda seed: by_proxy(audit(seed, 0.8, follows=0.15, gap=0.0)[0]),
        above=0.2,
    )
    claim.limit(
        "With three groups, errors at random can widen a gap: if B and C are confused, the rate of C moves that of B away from A.",
        "gap of A and B by proxy over true gap",
        confused,
        above=1.5,
    )


def confused(seed: int, rows: int = 20_000) -> float:
    """Gap of A and B by a proxy over the true one; it errs at random, between B and C alone."""
    rng = np.random.default_rng(seed)
    group = rng.choice(list("ABC"), rows)
    approved = rng.random(rows) < pd.Series({"A": 0.6, "B": 0.5, "C": 0.2})[group].to_numpy()
    other = np.select([group == "B", group == "C"], ["C", "B"], "A")
    proxy = np.where(rng.random(rows) < 0.75, group, other)
    told = pd.Series(group).where(rng.permutation(rows) < 1_000)
    report = audit_with_sample(approved, proxy, told, reference="A")
    true = approved[group == "A"].mean() - approved[group == "B"].mean()
    return by_proxy(report) / true


def test_a_sample_finds_the_gap(claim: Claim) -> None:
    """If the proxy's errors follow the decision, a random sample of true groups still finds the gap,
    and dividing by the proxy's accuracy does not."""

    def off(seed: int, method: str, **setting: float) -> float:
        report, true, shrink = audit(seed, 0.8, follows=0.15, known=2_000, **setting)
        estimate = -report.difference["B"] if method == "sample" else by_proxy(report) / shrink
        return abs(estimate - true)

    claim.effect(
        "distance from the true gap",
        off,
        knob="method",
        on="sample",
        off="divided",
        below=0.08,
        off_above=0.15,
        also=[{"gap": 0.0}, {"share": 0.5}],
    )

    def missed(seed: int) -> float:
        report, true, _ = audit(seed, 0.8, known=2_000, volunteers=True)
        return -report.difference["B"] - true

    claim.limit(
        "Volunteers are no random sample: if the declined of one group answer half as often, the gap comes out too small.",
        "estimate minus true gap",
        missed,
        below=-0.03,
    )

    def width(seed: int) -> float:
        report, *_ = audit(seed, 0.6)
        rate, rows = report.rate.to_numpy(), report.known.to_numpy()
        alone = 2 * 1.96 * np.sqrt((rate * (1 - rate) / rows).sum())
        return (report.difference_high["B"] - report.difference_low["B"]) / alone

    claim.limit(
        "With two groups, a proxy that is right for six rows in ten hardly shortens the interval of the sample alone.",
        "width of the interval over that of the sample alone",
        width,
        above=0.9,
    )


def odds_gaps(
    seed: int, rows: int, positives: float = 0.3, recall: float = 0.7, groups: int = 2,
    false: float = 0.2,
) -> np.ndarray:  # fmt: skip
    """Equalized odds differences of 2,000 audits in which every group has the same rates."""
    rng, gaps = np.random.default_rng(seed), []
    for share, rate in ((positives, recall), (1 - positives, false)):
        size = np.maximum(
            rng.binomial(np.array([2_000] + [rows] * (groups - 1)), share, (2_000, groups)), 1
        )
        gaps.append(np.ptp(rng.binomial(size, rate) / size, axis=1))
    return np.maximum(*gaps)


def test_small_groups_differ_by_chance(claim: Claim) -> None:
    """If all groups have the same error rates, a group of fifty rows has a large equalized odds
    difference by chance."""
    claim.effect(
        "mean equalized odds difference",
        lambda seed, rows, **setting: odds_gaps(seed, rows, **setting).mean(),
        knob="rows",
        on=50,
        off=10_000,
        above=0.07,
        off_below=0.05,
        also=[{"recall": 0.9, "positives": 0.1}, {"positives": 0.5}],
    )
    claim.limit(
        "Count the rarer outcome: at one positive in a hundred, a thousand rows are too few.",
        "mean equalized odds difference",
        lambda seed: odds_gaps(seed, 1_000, positives=0.01).mean(),
        above=0.1,
    )
    claim.limit(
        "Where one decision in a hundred is wrong, the difference of fifty rows is small too.",
        "mean equalized odds difference",
        lambda seed: odds_gaps(seed, 50, recall=0.99, false=0.01).mean(),
        below=0.04,
    )


def odds_table(seed: int, rows: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    outcome, group = rng.random(rows) < 0.4, rng.choice(list("ABC"), rows, p=[0.5, 0.3, 0.2])
    return outcome, rng.random(rows) < np.where(outcome, 0.7, 0.2), group


@pytest.mark.parametrize("seed", range(3))
def test_error_rates_agree_with_fairlearn_and_statsmodels(seed: int) -> None:
    outcome, decision, group = odds_table(seed, 1_200)
    found = error_rates_by_group(outcome, decision, group, "A")
    frame = MetricFrame(
        metrics={"positives": true_positive_rate, "negatives": false_positive_rate},
        y_true=outcome, y_pred=decision, sensitive_features=group,
    )  # fmt: skip
    rates = found["rate"].unstack()
    assert np.allclose(rates, frame.by_group[rates.columns].astype(float))
    gap = equalized_odds_difference(outcome, decision, sensitive_features=group)
    assert (rates.max() - rates.min()).max() == pytest.approx(gap)
    for (name, among), line in found.iterrows():
        hits = round(line.rate * line.rows)
        ends = proportion_confint(hits, line.rows, method="beta")
        assert np.allclose(ends, line[["low", "high"]].astype(float))
        if name != "A":
            base = found.loc[("A", among)]
            ends = confint_proportions_2indep(
                hits, line.rows, round(base.rate * base.rows), base.rows,
                compare="diff", method="newcomb", alpha=0.05 / 4,
            )  # fmt: skip
            assert np.allclose(ends, line[["difference_low", "difference_high"]].astype(float))


def test_a_group_without_positives_is_named() -> None:
    outcome, decision, group = odds_table(0)
    outcome &= group != "C"
    line = error_rates_by_group(outcome, decision, group, "A").loc[("C", "positives")]
    assert line.verdict == "no rows" and line.rows == 0 and np.isnan(line.rate)
    assert np.isnan([line.difference, line.difference_low, line.difference_high]).all()
    frame = MetricFrame(
        metrics=true_positive_rate, y_true=outcome, y_pred=decision, sensitive_features=group
    )
    assert frame.by_group["C"] == 0  # what the page warns of
    with pytest.raises(ValueError, match="reference"):
        error_rates_by_group(outcome, decision, group, "C")


def test_equal_error_rates_are_rarely_found_to_differ() -> None:
    alarms = [
        (error_rates_by_group(*odds_table(seed, 300), "A")["verdict"] == "differs").any()
        for seed in range(80)
    ]
    assert np.mean(alarms) < 0.1
    outcome, decision, group = odds_table(0, 4_000)
    decision &= (group != "C") | (np.arange(4_000) % 2 == 0)
    found = error_rates_by_group(outcome, decision, group, "A")["verdict"]
    assert found["C"].eq("differs").all() and found["B"].eq("undecided").all()
    found = error_rates_by_group(outcome, decision, group, "C")["verdict"]  # higher rates too
    assert found["A"].eq("differs").all() and found["B"].eq("differs").all()


@pytest.mark.parametrize(("rows", "rate"), [(14, 0.02), (20, 0.01), (12, 0.05)])
def test_rare_errors_of_small_groups_are_rarely_found_to_differ(rows: int, rate: float) -> None:
    """Newcombe's interval alone gives twice the alarms: exactly, over all counts of the group."""
    ours, newcombe, comparisons = 0.0, 0.0, 8  # as many as five groups have
    base, size = round(2_000 * rate), 2_000
    for hits in range(min(rows, 8) + 1):
        sizes, flagged = [10, size, 10, rows], [5, base, 5, hits]
        outcome = np.repeat([1, 0, 1, 0], sizes)
        decision = np.concatenate([np.arange(n) < k for n, k in zip(sizes, flagged, strict=True)])
        group = np.repeat(list("AB"), [10 + size, 10 + rows])
        # Two groups share the error between two comparisons, five groups between eight.
        found = error_rates_by_group(outcome, decision, group, "A", 1 - 2 * 0.05 / comparisons)
        chance = comparisons * binom.pmf(hits, rows, rate)
        ours += chance * (found.loc[("B", "negatives"), "verdict"] == "differs")
        low, high = confint_proportions_2indep(
            hits, rows, base, size, compare="diff", method="newcomb", alpha=0.05 / comparisons
        )
        newcombe += chance * (low > 0 or high < 0)
    assert ours < 0.05 and newcombe > 0.1


def test_dozens_of_small_groups_miss_more_often() -> None:
    """The docstring: one of fifty comparisons, a recall of 99.5% in 15 rows, of 90% in 1,000."""
    sizes, missed = [15, 10, 1_000, 10], 0.0
    group, outcome = np.repeat(list("BBAA"), sizes), np.repeat([1, 0, 1, 0], sizes)
    for base in range(902, 945, 3):
        flagged = zip(sizes, [14, 5, base, 5], strict=True)
        decision = np.concatenate([np.arange(n) < k for n, k in flagged])
        found = error_rates_by_group(outcome, decision, group, "A", 1 - 2 * 0.05 / 50)
        line = found.loc[("B", "positives")]
        outside = not line.difference_low <= 0.095 <= line.difference_high
        missed += outside * binom.pmf(np.arange(base - 1, base + 2), 1_000, 0.9).sum()
    assert 3 * 0.05 / 50 < binom.pmf(14, 15, 0.995) * missed < 8 * 0.05 / 50


def test_few_rows_take_the_exact_interval() -> None:
    """Newcombe's formula by hand, with exact limits of the rate where few are decided one way."""
    sizes, hits = [500, 500, 40, 80], [300, 100, 9, 30]
    outcome = np.repeat([1, 0, 1, 0], sizes)
    decision = np.concatenate([np.arange(n) < k for n, k in zip(sizes, hits, strict=True)])
    found = error_rates_by_group(outcome, decision, np.repeat(list("AABB"), sizes), "A")
    for among, one, other, method in (
        ("positives", (300, 500), (9, 40), "beta"),
        ("negatives", (100, 500), (30, 80), "wilson"),
    ):
        low, high = proportion_confint(*other, 0.05 / 2, method=method)
        base_low, base_high = proportion_confint(*one, 0.05 / 2, method="wilson")
        rate, base = other[0] / other[1], one[0] / one[1]
        line = found.loc[("B", among)]
        assert line.difference_low == pytest.approx(
            rate - base - np.hypot(rate - low, base_high - base)
        )
        assert line.difference_high == pytest.approx(
            rate - base + np.hypot(high - rate, base - base_low)
        )


def test_one_of_many_groups_seems_to_differ() -> None:
    """Nine groups alike: each interval of the audit holds on its own, not all of them together."""
    alarms = dict.fromkeys((0.8, 0.975), 0)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        group, approved = rng.integers(0, 9, 2_000), rng.random(2_000) < 0.5
        told = pd.Series(np.array(list("ABCDEFGHI"))[group]).where(rng.permutation(2_000) < 800)
        for confidence in alarms:
            found = audit_with_sample(approved, group % 2, told, "A", confidence)
            alarms[confidence] += ((found.difference_low > 0) | (found.difference_high < 0)).any()
    assert alarms[0.8] > 8 > 5 > alarms[0.975]


def test_bootstrap_of_the_maximum_misses_zero() -> None:
    """Unless hardly any decision is wrong: then most samples drawn again have no error."""
    rng = np.random.default_rng(0)

    def zeros(recall: float, false: float, positives: int, negatives: int) -> float:
        held = 0
        for _ in range(50):  # two groups with the same rates: positives and negatives of each
            size = np.array([positives, positives, negatives, negatives])
            rate = rng.binomial(size, [recall, recall, false, false]) / size
            again = rng.binomial(size, rate, (400, 4)) / size  # what drawing rows again amounts to
            gaps = np.abs(again[:, ::2] - again[:, 1::2]).max(axis=1)
            held += np.quantile(gaps, 0.025) == 0
        return held / 50

    assert zeros(0.7, 0.2, 600, 1_400) == zeros(0.9, 0.1, 60, 140) == 0
    assert zeros(0.99, 0.01, 60, 140) > 0.6


@pytest.mark.parametrize("seed", range(3))
def test_calibration_agrees_with_sklearn_and_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = rng.random(997).round(seed + 1)
    outcome = rng.random(997) < score**2
    found = calibration_by_group(score, outcome, np.full(997, "all"), bins=5).loc["all"]
    observed, mean = calibration_curve(outcome, score, n_bins=5, strategy="quantile")
    assert np.allclose(found.drop(0)[["mean_score", "observed_rate"]], np.c_[mean, observed])
    hits = (found.observed_rate * found.rows).round().to_numpy()
    low, high = proportion_confint(hits, found.rows.to_numpy(), 0.05 / len(found), method="beta")
    assert np.allclose(found[["low", "high"]], np.c_[low, high])


def test_a_right_score_is_rarely_called_wrong() -> None:
    rng, wrong = np.random.default_rng(0), []
    for _ in range(60):
        score, group = rng.beta(1, 20, 300), rng.choice(list("ABC"), 300, p=[0.6, 0.3, 0.1])
        found = calibration_by_group(score, rng.random(300) < score, group)
        wrong.append((found.verdict != "undecided").any())
    assert np.mean(wrong) < 0.1
    one = calibration_by_group([0.3] * 4, [0, 0, 0, 1], ["A", "A", "A", "B"])
    assert list(one.rows) == [3, 3, 1, 1] and list(one.index.get_level_values("bin")) == [
        0,
        1,
        0,
        1,
    ]


def test_all_groups_known_is_a_plain_audit() -> None:
    rng = np.random.default_rng(0)
    decision, group = rng.random(3_000) < 0.4, rng.choice(list("ABC"), 3_000)
    found = audit_with_sample(decision, rng.choice(list("xyz"), 3_000), group, "A")
    frame = MetricFrame(
        metrics=selection_rate, y_true=decision, y_pred=decision, sensitive_features=group
    )
    assert np.allclose(found["rate"], frame.by_group) and found.rate_by_proxy.isna().all()
    assert found.difference["A"] == found.difference_low["A"] == found.difference_high["A"] == 0
    low, high = proportion_confint(frame.by_group * found.known, found.known)
    assert np.allclose(found[["low", "high"]], np.c_[low, high], atol=0.01)


@pytest.mark.parametrize(
    ("setting", "least"),
    [({"follows": True}, 0.85), ({"share": 0.05, "known": 600}, 0.8), ({"stratified": True}, 0.85)],
)
def test_the_interval_holds_the_gap(setting: dict[str, float], least: float) -> None:
    held = 0
    for seed in range(40):
        rng, rows = np.random.default_rng(seed), 4_000
        small = rng.random(rows) < setting.get("share", 0.3)
        approved = rng.random(rows) < np.where(small, 0.4, 0.6)
        fits = np.where(small == approved, 0.65, 0.95) if "follows" in setting else 0.8
        guess = np.where(rng.random(rows) < fits, small, ~small)
        told = rng.permutation(rows) < setting.get("known", 300)
        if "stratified" in setting:
            rank = pd.Series(rng.random(rows)).groupby([guess, approved]).rank().to_numpy()
            told = rank <= np.where(guess, 100, 50)
        group = pd.Series(np.where(small, "B", "A")).where(told)
        line = audit_with_sample(approved, guess.astype(str), group, "A").loc["B"]
        held += line.difference_low <= -0.2 <= line.difference_high
    assert held / 40 > least


def test_many_bands_do_not_outweigh_a_rare_group() -> None:
    """With half a person a group in each of twenty cells, the intervals held one gap in three."""
    held = 0
    for seed in range(20):
        rng, rows = np.random.default_rng(seed), 20_000
        small = rng.random(rows) < 0.05
        approved = rng.random(rows) < np.where(small, 0.03, 0.08)
        place = rng.normal(2.0 * small).argsort().argsort() * 10 // rows
        group = pd.Series(np.where(small, "B", "A")).where(rng.permutation(rows) < 2_000)
        line = audit_with_sample(approved, place, group, "A").loc["B"]
        true = approved[small].mean() - approved[~small].mean()
        held += line.difference_low <= true <= line.difference_high
    assert held / 20 > 0.8


def test_many_bands_of_five_known_rows_have_wide_intervals() -> None:
    """Where a proxy says nothing, they are those of the sample alone; they were a fifth shorter."""
    wide, known = [], 2 * 5 * 20
    for seed in range(4):
        rng, place = np.random.default_rng(seed), np.repeat(np.arange(20), 200)
        group = pd.Series(np.where(rng.random(4_000) < 0.3, "B", "A"))
        told = group.where(np.arange(4_000) % 200 < 10)  # five of each decision
        line = audit_with_sample(np.arange(4_000) % 2, place, told, "A").loc["B"]
        wide.append(line.difference_high - line.difference_low)
    alone = 2 * 1.96 * np.sqrt(0.25 / (0.3 * known) + 0.25 / (0.7 * known))
    assert 0.92 < np.mean(wide) / alone < 1.1


@pytest.mark.parametrize("approved", [0, 1])
def test_a_rate_of_zero_or_one_is_in_its_interval(approved: int) -> None:
    decision, group = np.r_[np.arange(400) % 2, np.full(9, approved)], ["A"] * 400 + ["B"] * 9
    line = audit_with_sample(decision, ["x"] * 409, group, "A").loc["B"]
    assert line.rate == approved and line.low <= line.rate <= line.high
    assert line.high - line.low > 0.2 and line.difference_low <= approved - 0.5


def test_many_bands_and_groups_take_little_memory() -> None:
    """All draws at once took gigabytes with 500 bands and 30 groups."""
    rng = np.random.default_rng(0)
    place, group = np.repeat(np.arange(60), 20), rng.integers(0, 20, 1_200)
    tracemalloc.start()
    audit_with_sample(np.arange(1_200) % 2, place, group, 0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6  # one array of all draws has 77 MB, and there were three


def test_recall_without_the_attribute() -> None:
    """The positives alone, passed to the audit, give the difference in recall."""
    rng, rows = np.random.default_rng(0), 20_000
    small, outcome = rng.random(rows) < 0.3, rng.random(rows) < 0.5
    decision = rng.random(rows) < np.where(outcome, np.where(small, 0.5, 0.7), 0.2)
    band = np.digitize(rng.normal(small, 1), [0, 1])  # a probability of the group, in three bands
    group = pd.Series(np.where(small, "B", "A")).where(rng.random(rows) < 0.2)
    found = audit_with_sample(decision[outcome], band[outcome], group[outcome], "A").loc["B"]
    assert found.difference_low < -0.2 < found.difference_high < -0.1


def test_rates_and_intervals_by_hand() -> None:
    """The table says how many rows a cell has; the sample, of which a third of one cell and a half
    of another is known, says only how its groups are mixed."""
    decision, proxy = np.repeat([1, 0, 0], [14, 26, 12]), np.repeat(list("ABB"), [14, 26, 12])
    proxy[14:40] = "A"
    group = np.full(52, None, dtype=object)
    group[:5], group[14:22], group[40:45] = list("ABBBB"), list("AAAAAABB"), list("AAABB")
    found = audit_with_sample(decision, proxy, group, "A")
    a, b = 14 / 5, 14 * 4 / 5  # of the approved; then of the declined
    a_all, b_all = a + 26 * 6 / 8 + 12 * 3 / 5, b + 26 * 2 / 8 + 12 * 2 / 5
    assert np.allclose(found["rate"], [a / a_all, b / b_all])
    assert found.loc["B", "difference"] == pytest.approx(b / b_all - a / a_all)
    assert np.allclose(found["rate_by_proxy"], [14 / 40, 0])  # of all rows, known or not
    rng = np.random.default_rng(1)
    rows = rng.dirichlet(np.array([14, 26, 12, 0]) + 0.5, 30_000)
    less = np.array([3 / 5, 6 / 8, 3 / 5, 0])  # two rows less than are known of each cell
    own = rows * rng.beta(less * [1, 6, 3, 0] + 0.25, less * [4, 2, 2, 0] + 0.25, rows.shape)
    rates = [part[:, [0, 3]].sum(axis=1) / part.sum(axis=1) for part in (own, rows - own)]
    for level in (0.95, 0.8):
        told, tails = (
            audit_with_sample(decision, proxy, group, "A", level),
            [0.5 - level / 2, 0.5 + level / 2],
        )
        assert np.allclose(told[["low", "high"]], np.quantile(rates, tails, axis=1).T, atol=0.015)
        ends = told.loc["B", ["difference_low", "difference_high"]].astype(float)
        assert np.allclose(ends, np.quantile(rates[1] - rates[0], tails), atol=0.02)
    again = (audit_with_sample(decision, proxy, group, "A", seed=seed) for seed in (0, 1))
    assert [found.equals(other) for other in again] == [True, False]


def test_labels_of_two_kinds() -> None:
    found = audit_with_sample([0, 0, 1, 1] * 5, ["x"] * 20, [1, "b"] * 10, 1)
    assert list(found.index) == [1, "b"] and found.rate.eq(0.5).all()


def test_too_few_known_rows_are_named() -> None:
    decision, proxy = np.tile([0, 0, 1, 1], 10), np.tile(list("xy"), 20)
    group = np.where(decision == 1, None, "A")
    with pytest.raises(ValueError, match="group must be known for at least five .*decision 1"):
        audit_with_sample(decision, proxy, group, "A")


def test_solution() -> None:
    """Twice the rows leave the difference undecided; four times, with the same rates, find it."""
    for more, verdict in ((2, "undecided"), (4, "differs")):
        sizes, hits = [600, 1_400, 60 * more, 140 * more], [420, 280, 36 * more, 31 * more]
        outcome = np.repeat([1, 0, 1, 0], sizes)
        decision = np.concatenate([np.arange(n) < k for n, k in zip(sizes, hits, strict=True)])
        group = np.repeat(list("AABB"), sizes)
        found = error_rates_by_group(outcome, decision, group, "A")["verdict"]
        assert found[("B", "positives")] == verdict


def test_bins_are_those_of_all_rows_and_verdicts_have_a_side() -> None:
    score, outcome = np.repeat([0.1, 0.9], 60), np.repeat([1, 0], 60)
    found = calibration_by_group(
        score + np.tile([0, 0.01], 60), outcome, np.repeat(list("AB"), 60), bins=2
    )
    assert found.index.tolist() == [("A", 0), ("A", 1), ("B", 0), ("B", 2)]
    assert found["verdict"].tolist() == ["too low"] * 2 + ["too high"] * 2


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    group, outcome = list("AB") * 20, rng.integers(0, 2, 40)
    names_bad_input(
        calibration_by_group, score=rng.random(40), outcome=outcome, group=group, bins=3,
        confidence=0.95, paired=("score", "outcome", "group"),
        bounds={"bins": "[1, inf)", "confidence": "(0, 1)"},
    )  # fmt: skip
    decision = np.tile([0, 0, 1, 1], 10)
    names_bad_input(
        error_rates_by_group, outcome=outcome, decision=decision, group=group, reference="A",
        confidence=0.95, paired=("outcome", "decision", "group"), bounds={"confidence": "(0, 1)"},
    )  # fmt: skip
    told = [name if row % 3 else None for row, name in enumerate(list("AABB") * 10)]
    names_bad_input(
        audit_with_sample, decision=decision, proxy=list("xy") * 20, group=told, reference="A",
        confidence=0.95, seed=0, paired=("decision", "proxy", "group"),
        bounds={"confidence": "(0, 1)", "seed": "[0, inf)"},
    )  # fmt: skip


@pytest.mark.parametrize("kind", [np.float16, np.longdouble, Fraction])
def test_confidence_of_any_kind(kind: type) -> None:
    rng = np.random.default_rng(0)
    flags, scores, group = rng.integers(0, 2, 400), rng.random(400), list("AB") * 200
    for confidence in (kind(0.95),):
        for call in (
            lambda c: calibration_by_group(scores, flags, group, 3, c),
            lambda c: error_rates_by_group(flags, scores > 0.5, group, "A", c),
            lambda c: audit_with_sample(flags, group, group, "A", c),
        ):
            pd.testing.assert_frame_equal(call(confidence), call(float(confidence)), rtol=1e-12)


def test_whole_numbers_as_groups_are_no_positions() -> None:
    flags, group = np.tile([0, 0, 1, 1], 10), [1, 2] * 20
    table = audit_with_sample(flags, list("xy") * 20, group, 1)
    assert table["rate_by_proxy"].isna().all()  # no proxy has their names
    assert audit_with_sample(flags, group, group, 1)["rate_by_proxy"].tolist() == [0.5, 0.5]


def test_a_text_is_no_date_and_a_list_no_group() -> None:
    flags, group = [0, 1] * 10, pd.to_datetime(["2026", "2027"] * 10)
    assert len(error_rates_by_group(flags, flags[::-1], ["x", "y", "y", "x"] * 5, "x")) == 4
    with pytest.raises(ValueError, match="reference must be one of the groups, got '2026'"):
        error_rates_by_group(flags, flags, group, "2026")
    with pytest.raises(ValueError, match="reference must be a group .*, got '2026'"):
        audit_with_sample(flags, ["x"] * 20, group, "2026")
    pairs = pd.Series([("a", 1), ("a", 1), ("b", 2), None] * 5)
    assert audit_with_sample([0, 1, 1, 0] * 5, ["x"] * 20, pairs, ("a", 1)).known.tolist() == [
        10,
        5,
    ]
    with pytest.raises(ValueError, match="group must be one-dimensional"):
        audit_with_sample(flags, ["x"] * 20, [[1], [1, 2]] * 10, 1)
