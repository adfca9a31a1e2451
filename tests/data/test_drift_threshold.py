"""docs/data/drift-threshold.md"""

from collections.abc import Callable
from functools import cache, partial
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr
from scipy.stats import chi2, chi2_contingency, entropy, fisher_exact, ks_2samp

from docs.data.figures.drift_threshold import KNOB, measure
from proof.claims import Claim
from snippets.data.drift_report import drift_report
from snippets.data.drift_threshold import (
    _divergence,
    drift_threshold,
    population_stability_index,
    threshold_for_reference,
)
from snippets.data.quiet_threshold import quiet_threshold
from tools.bad_input import NAN, names_bad_input

SHAPES: dict[str, Callable] = {
    "normal": lambda normal: normal,
    "lognormal": np.exp,
    "two humps": lambda normal: normal + 6 * (normal > 0.5),
    "flat": ndtr,
    "counts": lambda normal: np.round(30 + 8 * normal),
}


def test_small_samples_alarm_without_drift(claim: Claim) -> None:
    """Without any drift, the PSI of a hundred rows in ten bins exceeds the lower folklore
    threshold more often than not."""

    claim.effect(
        "share above 0.1", partial(measure, repeats=150), knob="rows", **KNOB.ends, above=0.7,
        off_below=0.05, also=[{"draw": "standard_cauchy"}, {"draw": "random"}],
    )  # fmt: skip
    claim.limit(
        "In four bins, a hundred rows exceed the lower threshold less often than not.",
        "share above 0.1, four bins", lambda seed: measure(seed, 100, bins=4, repeats=100), below=0.3,
    )  # fmt: skip


computed = cache(drift_threshold)


@cache
def threshold_of_counts(rate: float, now: int, *held: int) -> float:
    """The threshold of the values 0, 1, 2 …, of which the reference has so many; no order counts."""
    then = np.repeat(np.arange(len(held)), held)
    return threshold_for_reference(then, now, false_alarm_rate=rate)


@cache
def alarm_rate(
    seed: int, *, within: float = 0.0, shape: str = "normal", sizes: tuple[int, int] = (500, 500),
    bins: int = 10, customers: int = 10, repeats: int = 150,
) -> float:  # fmt: skip
    """Alarms at a promised 5%; rows of one customer correlate by `within`."""
    rng = np.random.default_rng(seed)
    threshold = computed(*sizes, bins, 0.05)

    def draw(rows: int) -> np.ndarray:
        person = np.repeat(rng.normal(size=rows // customers), customers)
        return SHAPES[shape](within**0.5 * person + (1 - within) ** 0.5 * rng.normal(size=rows))

    pairs = ((draw(sizes[0]), draw(sizes[1])) for _ in range(repeats))
    return np.mean([population_stability_index(*pair, bins) > threshold for pair in pairs])


def test_computed_threshold_keeps_its_rate(claim: Claim) -> None:
    """If rows are independent and values do not repeat, the computed threshold keeps
    its false alarm rate."""
    claim.effect(
        "alarms at a promised 5%", alarm_rate, knob="within", on=0.0, off=0.5,
        above=0.005, below=0.12, off_above=0.2,
        also=[{"shape": "lognormal", "sizes": (100, 100)}, {"shape": "two humps", "bins": 20},
              {"sizes": (1_000, 200)}],
    )  # fmt: skip

    def of_one_reference(seed: int) -> float:
        """The rate that one reference of a hundred rows in twenty exceeds, for a promised 5%."""
        rng = np.random.default_rng(seed)
        edges = np.sort(rng.random((200, 100)))[:, 9:99:10]  # ten rows to a bin
        masses = np.diff(edges, prepend=0, append=1)[:, None]
        psi = _divergence(np.full(10, 10), rng.multinomial(500, masses, (200, 200)))
        return np.quantile((psi > computed(100, 500, 10, 0.05)).mean(axis=1), 0.95)

    claim.limit(
        "The rate is an average over references; a small one may alarm several times as often.",
        "rate for a promised 5%", of_one_reference, above=0.15,
    )  # fmt: skip
    assert alarm_rate(0, sizes=(50, 50), customers=1, repeats=1_000) == pytest.approx(
        0.05, abs=0.02
    )


TEN_BINS = computed(500, 500)


def flags(rng: np.random.Generator, rows: int, moved: bool) -> np.ndarray:
    return rng.random(rows) < (0.41 if moved else 0.3)


def spending(rng: np.random.Generator, rows: int, moved: bool) -> np.ndarray:
    return np.where(rng.random(rows) < (0.75 if moved else 0.85), 0, rng.lognormal(size=rows))


def plans(rng: np.random.Generator, rows: int, moved: bool) -> np.ndarray:
    return rng.choice([1, 2, 5], rows, p=[0.5, 0.3, 0.2] if moved else [0.4, 0.4, 0.2])


def test_ties_need_their_own_shares(claim: Claim) -> None:
    """For a column of few values, the threshold of its own shares finds a move that the
    threshold of ten equal bins misses."""

    def found(seed: int, threshold: str, column: Callable = flags) -> float:
        rng = np.random.default_rng(seed)
        then = column(rng, 500, moved=False)
        own = threshold == "own shares"
        if not own:
            limit = TEN_BINS
        elif column is spending:  # its values do not repeat
            limit = threshold_for_reference(then, 500)
        else:
            limit = threshold_of_counts(0.01, 500, *np.unique_counts(then).counts.tolist())
        days = [column(rng, 500, moved=True) for _ in range(20)]
        return np.mean([population_stability_index(then, now) > limit for now in days])

    def mean_found(seed: int, **setting) -> float:  # over references, since one may lie off
        return np.mean([found(place, **setting) for place in range(10 * seed, 10 * seed + 10)])

    claim.effect(
        "moves found", mean_found, knob="threshold", on="own shares", off="ten bins",
        above=0.5, off_below=0.4, also=[{"column": spending}, {"column": plans}],
    )  # fmt: skip
    claim.limit(
        "Where values do not repeat, both functions give the same threshold.",
        "difference",
        lambda seed: abs(
            threshold_for_reference(np.random.default_rng(seed).normal(size=500), 500) - TEN_BINS
        ),
        below=1e-9,
    )

    def rare(seed: int, rows: int = 500, share: float = 0.002) -> float:
        """Alarms at a promised 5%, for a flag that one reference row is expected to have."""
        rng, rates = np.random.default_rng(seed), []
        for held in rng.binomial(rows, share, size=100):
            limit = threshold_of_flag(held, rows)
            days = rng.binomial(500, share, size=50)
            rates += [psi_of_flags(held, rows, now) > limit for now in days]
        return np.mean(rates)

    claim.limit(
        "Where one of few values has about one reference row, its column's own threshold alarms too often",
        "alarms at a promised 5%, a flag of one row in five hundred or in a hundred",
        lambda seed: min(rare(seed), rare(seed, 100, 0.01)), above=0.12,
    )  # fmt: skip

    def rare_third(seed: int) -> float:
        """Alarms at a promised 5%, for a value of one row in a hundred beside two that are common."""
        rng, rates = np.random.default_rng(seed), []
        for _ in range(60):
            then, *days = np.where(rng.random((9, 100)) < 0.01, 2, rng.integers(0, 2, (9, 100)))
            limit = threshold_of_counts(0.05, 100, *np.unique_counts(then).counts.tolist())
            rates += [population_stability_index(then, now) > limit for now in days]
        return np.mean(rates)

    claim.limit(
        "Where one of few values has about one reference row, its column's own threshold alarms too often",
        "alarms at a promised 5%, three values", rare_third, above=0.11,
    )  # fmt: skip
    assert rare(0, 5_000, 0.002) < 0.08  # as rare, but ten rows
    draws = np.random.default_rng(0).random((2, 500, 400)) < 0.002
    assert 0 < (drift_report(*map(pd.DataFrame, draws))["p_value"] < 0.2).mean() < 0.2  # exactly


@cache
def threshold_of_flag(held: int, rows: int) -> float:
    return threshold_for_reference(np.arange(rows) < held, 500, false_alarm_rate=0.05)


@cache
def psi_of_flags(then: int, rows: int, now: int) -> float:
    return population_stability_index(np.arange(rows) < then, np.arange(500) < now)


@pytest.mark.parametrize("column", [flags, spending, plans])
def test_threshold_of_own_shares_keeps_its_rate(column: Callable) -> None:
    rng, alarms = np.random.default_rng(0), []
    for _ in range(30):
        then = column(rng, 500, moved=False)
        threshold = threshold_for_reference(then, 300, false_alarm_rate=0.05)
        days = (column(rng, 300, moved=False) for _ in range(20))
        alarms += [population_stability_index(then, now) > threshold for now in days]
    assert np.mean(alarms) == pytest.approx(0.05, abs=0.03)


@cache
def quiet_days(
    seed: int, later: bool, within: float, weekend: float, moved: float, rows: int
) -> pd.DataFrame:
    """A hundred days, early or later, against one reference: their PSI, and whether weekends."""

    def day(rng: np.random.Generator, number: int, moved: float = 0.0) -> np.ndarray:
        customers = within**0.5 * rng.normal(size=rows // 10)
        noise = rng.normal(0, (1 - within) ** 0.5, size=rows)
        return np.repeat(customers, 10) + noise + weekend * (number % 7 > 4) + moved

    before, rng = np.random.default_rng(seed), np.random.default_rng([seed, later])
    reference = np.concatenate([day(before, number) for number in range(14)])
    days = [day(rng, number, moved) for number in range(98)]
    found = [population_stability_index(reference, one) for one in days]
    return pd.DataFrame({"distance": found, "weekend": np.arange(98) % 7 > 4})


def test_quiet_days_keep_the_rate(claim: Claim) -> None:
    """Where rows of one day resemble each other, a threshold from quiet days keeps its false
    alarm rate; one for independent rows does not."""

    def alarms(
        seed: int, threshold: str, within: float = 0.5, weekend: float = 0.0,
        moved: float = 0.0, rows: int = 200,
    ) -> float:  # fmt: skip
        days = quiet_days(seed, True, within, weekend, moved, rows)
        if threshold == "independent rows":
            return (days["distance"] > computed(14 * rows, rows, 10, 0.05)).mean()
        quiet = quiet_days(seed, False, within, weekend, 0.0, rows)
        return (days["distance"] > quiet_threshold(quiet["distance"], 0.05)).mean()

    claim.effect(
        "alarms on later quiet days, at a promised 5%", alarms, knob="threshold",
        on="quiet days", off="independent rows", below=0.14, off_above=0.2,
        also=[{"weekend": 0.5, "within": 0.2}, {"within": 0.8, "rows": 100}],
    )  # fmt: skip

    claim.effect(
        "moves found", lambda seed, **given: alarms(seed, "quiet days", **given), knob="moved",
        on=1.0, off=0.0, above=0.5, off_below=0.14,
        also=[{"weekend": 0.5, "within": 0.2}, {"rows": 100}],
    )  # fmt: skip

    def weekends_unseen(seed: int) -> float:
        quiet, later = (quiet_days(seed, later, 0.2, 1.0, 0.0, 200) for later in (False, True))
        threshold = quiet_threshold(quiet["distance"][~quiet["weekend"]], 0.05)
        return (later["distance"] > threshold)[later["weekend"]].mean()

    claim.limit(
        "After quiet days without weekends, most weekends alarm.",
        "weekends that alarm", weekends_unseen, above=0.6,
    )  # fmt: skip
    claim.limit(
        "A move that stands out on independent rows may pass the quiet threshold.",
        "moves of 0.3 found, correlation 0.8",
        lambda seed: alarms(seed, "quiet days", within=0.8, moved=0.3, rows=100),
        below=0.5,
    )

    def waves(seed: int) -> float:
        """The rate, for a promised 1%, of days that are each a sum over twenty days."""
        total = np.random.default_rng(seed).normal(size=(100, 420)).cumsum(axis=1)
        days = total[:, 20:] - total[:, :-20]
        return np.mean([day[200:] > quiet_threshold(day[:99], 0.01) for day in days])

    claim.limit(
        "If the level wanders over weeks, three months of quiet days give several times the rate.",
        "rate for a promised 1%, a moving sum", waves, above=0.03,
    )  # fmt: skip

    def unlucky(seed: int) -> float:
        """The rate, of a promised 1%, that one history of 99 days in twenty exceeds."""
        histories = np.random.default_rng(seed).normal(size=(400, 99))
        return np.quantile(ndtr([-quiet_threshold(days) for days in histories]), 0.95)

    claim.limit(
        "With the fewest days that the rate allows, one history in twenty gives nearly three times "
        "the rate.",
        "rate for a promised 1%", unlucky, above=0.02,
    )  # fmt: skip


def test_significance_is_not_importance(claim: Claim) -> None:
    """Where values neither crowd nor repeat, a shift of a fiftieth of a standard deviation becomes
    significant with enough rows, but its effect is too small to alarm."""

    def fiftieth(seed: int, rows: int, shape: Callable) -> pd.Series:
        rng = np.random.default_rng(seed)
        then, now = shape(rng.normal(size=rows)), shape(rng.normal(size=rows))
        tables = pd.DataFrame({"x": then}), pd.DataFrame({"x": now + np.std(then) / 50})
        return drift_report(*tables).loc["x"]

    def silent_p(seed: int, rows: int, shape: str = "normal") -> float:
        """Return the p-value, or 1 if the report alarms."""
        report = fiftieth(seed, rows, SHAPES[shape])
        return 1.0 if report["alarm"] else report["p_value"]

    claim.effect(
        "p-value without an alarm", silent_p, knob="rows", on=200_000, off=300,
        below=0.005, off_above=0.01, also=[{"shape": "two humps"}, {"shape": "flat"}],
    )  # fmt: skip
    claim.limit(
        "Where values crowd, as in a very heavy tail, two narrow peaks or few whole numbers, such "
        "a shift alarms.",
        "alarm in each",
        lambda seed: min(
            fiftieth(seed, 5_000, shape).alarm
            for shape in (
                lambda normal: np.exp(3 * normal),
                lambda normal: (normal > 0) + 0.02 * (ndtr(normal) % 0.5),
                lambda normal: np.round(normal + 3),
            )
        ),
        above=0.5,
    )  # fmt: skip

    def twentieth(seed: int) -> float:
        now = np.random.default_rng(seed).normal(size=20_000)
        wrong_unit = np.where(np.arange(now.size) % 20 > 0, now, 100 * np.abs(now) + 10)
        return drift_report(*(pd.DataFrame({"x": x}) for x in (now, wrong_unit))).loc["x"].alarm

    claim.limit(
        "A smallest effect of 0.1 overlooks a fault in one row of twenty",
        "alarm, one row of twenty in the wrong unit", twentieth, below=0.5,
    )  # fmt: skip


@cache
def p_values(
    seed: int, shared: float = 0.0, rows: int = 200, kind: str = "flags", tables: int = 32
) -> pd.DataFrame:
    """Uncorrected and corrected p-values of stable tables, a row each."""
    rng = np.random.default_rng(seed)

    def table() -> pd.DataFrame:
        values = shared * rng.normal(size=(rows, 1)) + rng.normal(size=(rows, 10)) * (1 - shared)
        frame = pd.DataFrame(values)
        return frame if kind == "numbers" else (frame > 0) * 1

    reports = [drift_report(table(), table()) for _ in range(tables)]
    both = [report["p_value"].tolist() + report["corrected"].tolist() for report in reports]
    return pd.DataFrame(both)


def test_many_features_alarm(claim: Claim) -> None:
    """Uncorrected, ten stable, unrelated features raise several times the false alarms of one."""

    def flagged(seed: int, features: int = 10, corrected: bool = False, **given) -> float:
        below = p_values(seed, **given).to_numpy()[:, 10 * corrected :][:, :10] < 0.05
        return below.reshape(len(below), -1, features).any(axis=2).mean()

    other = [{"kind": "numbers", "rows": 100}, {"rows": 60}]
    claim.effect(
        "tables flagged", flagged, knob="features", on=10, off=1, above=0.22, off_below=0.15,
        also=other,
    )  # fmt: skip
    claim.effect(
        "tables flagged", flagged, knob="corrected", on=False, off=True, above=0.22,
        off_below=0.21, also=other,
    )  # fmt: skip
    claim.limit(
        "Features that move together raise few more alarms than one; corrected, fewer than promised.",
        "tables flagged, ten features that are nearly the same",
        lambda seed: flagged(seed, shared=0.98, tables=16), below=0.25,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_psi_is_the_symmetrised_divergence_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bins = int(rng.integers(2, 30))
    then, now = rng.normal(size=2_000), rng.normal(0.2, 1.1, size=3_000)
    edges = np.sort(then)[[-(-place * 2_000 // bins) - 1 for place in range(1, bins)]]
    p, q = (
        np.bincount(np.searchsorted(edges, sample), minlength=bins) / sample.size
        for sample in (then, now)
    )
    assert population_stability_index(then, now, bins) == pytest.approx(
        entropy(p, q) + entropy(q, p)
    )


CAPPED = np.r_[np.full(920, 100.0), np.linspace(0, 99, 80)]


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ([5] * 100, [3] * 100, 18.4188),
        ([5] * 100, [7] * 100, 18.4188),
        ([1] * 950 + [0] * 50, [1] * 500 + [0] * 500, 1.3250),
        (CAPPED, np.linspace(0, 99.9, 1_000), 10.7196),
        ([0] * 920 + list(range(1, 81)), [0] * 644 + list(range(1, 57)) + [-1] * 300, 2.5),
    ],
)
def test_a_value_with_more_than_its_share_has_a_bin_of_its_own(then, now, expected) -> None:
    assert population_stability_index(then, now) == pytest.approx(expected, abs=0.03)
    assert population_stability_index(then, then) == 0


def test_rank_alone_counts() -> None:
    """Any strictly rising transformation of both samples leaves the PSI as it was."""
    rng = np.random.default_rng(0)
    then, now = rng.normal(size=730), rng.normal(0.1, size=410)
    plain = population_stability_index(then, now)
    assert population_stability_index(np.exp(then), np.exp(now)) == plain
    assert population_stability_index(then**3, now**3) == plain


def test_threshold_is_near_chi_square_for_many_rows() -> None:
    for rate in (0.05, 0.01, 0.0005):
        expected = chi2.isf(rate, 9) * (1 / 50_000 + 1 / 20_000)
        assert drift_threshold(50_000, 20_000, false_alarm_rate=rate) == pytest.approx(
            expected, rel=0.07
        )
    few = chi2.isf(0.01, 3) * (1 / 50_000 + 1 / 20_000)
    assert drift_threshold(50_000, 20_000, bins=4) == pytest.approx(few, rel=0.07)
    limits = [drift_threshold(300, 300, seed=seed) for seed in (0, 0, 1)]
    assert limits[0] == limits[1] != limits[2]


def test_psi_of_dtypes() -> None:
    then = np.array([-100] * 50 + [100] * 50, np.int8)
    now = np.full(100, -100, np.int8)
    expected = population_stability_index(then.astype(float), now.astype(float), 2)
    assert expected == pytest.approx(4.60432, abs=1e-3)
    assert population_stability_index(then, now, np.int8(2)) == expected
    assert population_stability_index(then.tolist(), pd.Series(now, dtype="Int64"), 2) == expected
    prices = np.array([1.111, 2.222, 3.333, 4.441] * 100)
    assert population_stability_index(prices, prices.astype(np.float32)) == 0
    assert population_stability_index(prices.astype(np.float32), prices) == 0
    assert population_stability_index(prices, prices.astype(np.float32).astype(float)) == 0
    assert population_stability_index(prices, prices.astype(np.float16)) > 1


@pytest.mark.parametrize("rate", [0.29, 0.05, 0.01])
def test_quiet_threshold_is_a_rank(rate: float) -> None:
    rng = np.random.default_rng(0)
    days = rng.normal(size=(2_000, 100))  # 99 quiet windows, and a further one
    limits = [quiet_threshold(day[:-1], rate) for day in days]
    assert np.mean(days[:, -1] > limits) == pytest.approx(rate, abs=0.025)
    assert quiet_threshold(np.arange(99), 0.29) == 70
    assert quiet_threshold([3, 1, 2], 0.25) == 3
    assert quiet_threshold([3, 1, 2], 0.99) == 1
    # 32 windows were refused with "must be of 32 or more", since 1 / 0.03 - 1 is 32.3
    for least, of in ((99, 0.01), (33, 0.03), (3, 0.3), (19, 0.05)):
        assert quiet_threshold(np.arange(least), of) == least - 1
        with pytest.raises(ValueError, match=f"distances must be of {least} quiet windows or more"):
            quiet_threshold(np.arange(least - 1), of)


def test_alarm_asks_for_a_shift_that_is_real_and_large() -> None:
    rng = np.random.default_rng(0)
    then = rng.normal(size=5_000)
    cases = {  # rows, shift: alarm
        (5_000, 0.0): False,
        (5_000, 0.1): False,  # real, small
        (5, 0.5): False,  # large, perhaps not real
        (5_000, 0.5): True,
    }
    for (rows, shift), alarm in cases.items():
        now = pd.DataFrame({"x": rng.normal(shift, size=rows)})
        report = drift_report(pd.DataFrame({"x": then}), now).loc["x"]
        assert report["alarm"] == alarm, (rows, shift, dict(report))
    half = pd.DataFrame({"x": np.arange(80) % 2})
    for least, alarm in ((0.5, True), (0.51, False)):  # an effect as large as asked for counts
        assert drift_report(0 * half, half, smallest_effect=least)["alarm"].item() == alarm
    tenth = [pd.DataFrame({"x": np.arange(200) < rows}) for rows in (60, 80)]
    for tables in (tenth, [side.replace({True: "y", False: "n"}) for side in tenth]):
        assert drift_report(*tables, false_alarm_rate=0.2)["alarm"].item()  # 0.1, not 0.0999…
    sides = [pd.DataFrame(dict.fromkeys("abcde", np.arange(60.0) + moved)) for moved in (0, 16)]
    one, five = (drift_report(*(side[list(names)] for side in sides)) for names in ("a", "abcde"))
    assert one["alarm"].all() and not five["alarm"].any()  # the corrected p-value decides
    assert drift_report(*sides, false_alarm_rate=0.3)["alarm"].all()
    assert not drift_report(*sides, smallest_effect=0.27, false_alarm_rate=0.3)["alarm"].any()


@pytest.mark.parametrize("seed", range(5))
def test_report_is_scipys_test_with_bonferroni(seed: int) -> None:
    rng = np.random.default_rng(seed)
    then, now = (pd.DataFrame(rng.normal(size=(300, 4)), columns=list("abcd")) for _ in range(2))
    report = drift_report(then, now)
    for name in then:
        expected = ks_2samp(then[name], now[name], method="asymp")
        assert report.loc[name, "effect"] == pytest.approx(expected.statistic)
        assert report.loc[name, "corrected"] == pytest.approx(min(1, 4 * expected.pvalue))
    large = [rng.normal(size=rows) for rows in (50_000, 40_000)]
    p_value = drift_report(*map(pd.DataFrame, large)).loc[0, "p_value"]
    assert p_value == pytest.approx(ks_2samp(*large, method="asymp").pvalue, rel=0.03)
    few = [pd.DataFrame({"x": rng.integers(0, 5, size=rows)}) for rows in (300, 200)]
    table = [[(part["x"] == value).sum() for value in range(5)] for part in few]
    expected = chi2_contingency(table, correction=False).pvalue
    assert drift_report(*few).loc["x", "p_value"] == pytest.approx(expected)


def test_report_of_a_real_table() -> None:
    then = pd.DataFrame(
        {
            "income": [1.5, np.nan, 3.0, 2.5] * 50,
            "loan": pd.array([True, False, None, True] * 50, dtype="boolean"),
            "age": pd.array([31, 40, None, 52] * 50, dtype="Int64"),
            "plan": pd.Categorical(["a", "b", None, "a"] * 50),
            "city": ["Lyon", "Nice", None, "Paris"] * 50,
        }
    )
    assert (drift_report(then, then.iloc[::-1])["effect"] == 0).all()
    now = then.assign(city=None, plan="b", loan=then["loan"].astype(object), income=9)
    effect = drift_report(then, now)["effect"]
    assert effect.to_dict() == {"income": 1, "loan": 0, "age": 0, "plan": 0.75, "city": 0.75}
    for wrong, named in (
        ({"city": [1] * 200}, "current: column 'city'"),
        ({"income": pd.Timestamp(0)}, "current: column 'income' must hold numbers or text"),
        ({"city": [[1]] * 200}, "current: column 'city' must hold numbers or text"),
        ({"income": np.inf}, "current: column 'income' must not hold infinity"),
    ):
        with pytest.raises((TypeError, ValueError), match=named):
            drift_report(then, now.assign(**wrong))


@pytest.mark.parametrize("kind", ["int8", "uint64", "Int64", "bool", "boolean", "category", object])
def test_report_is_the_same_for_each_dtype(kind: type | str) -> None:
    rng = np.random.default_rng(0)
    then, now = (pd.DataFrame({"x": rng.integers(0, 2, 300)}) for _ in range(2))
    expected = drift_report(then.astype(float), now.astype(float))
    assert drift_report(then.astype(kind), now.astype(float)).equals(expected)
    assert drift_report(then, now.astype(kind)).equals(expected)


def test_a_copy_in_another_precision_is_no_drift() -> None:
    prices = pd.DataFrame({"x": [1.111, 2.222, np.nan, 4.441] * 100})
    assert drift_report(prices, prices.astype("float32")).loc["x", "effect"] == 0
    assert drift_report(prices.astype("float32").astype(float), prices).loc["x", "effect"] == 0
    assert drift_report(prices, prices.astype("float16")).loc["x", "effect"] > 0.2


@pytest.mark.parametrize(
    "shares", [[0.5, 0.5], [0.97, 0.02, 0.01], [0.9] + [0.002] * 50, [0.01] * 100]
)
@pytest.mark.parametrize("rows", [(500, 500), (5_000, 100)])
def test_rare_categories_keep_the_rate(shares: list[float], rows: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    names = np.array([f"city {place}" for place in range(len(shares))], dtype=object)
    tables = [pd.DataFrame(rng.choice(names, (size, 150), p=shares)) for size in rows]
    assert (drift_report(*tables)["p_value"] < 0.05).mean() < 0.11


def test_a_value_that_the_reference_hardly_has_alarms() -> None:
    """Pooled with the others, a column that was one value and became another had a p-value of one."""
    old = np.repeat("a", 5_000)
    for now in (np.repeat("b", 40), np.repeat("b", 150), np.repeat(["a", "b"], [160, 40])):
        flags = [pd.DataFrame({"x": side == "b"}) for side in (old, now)]
        names = [pd.DataFrame({"x": side}) for side in (old, now)]
        new = (now == "b").sum()
        expected = fisher_exact([[0, 5_000], [new, len(now) - new]]).pvalue
        for tables in (flags, flags[::-1], names):
            report = drift_report(*tables).loc["x"]
            assert report["alarm"] and report["p_value"] == pytest.approx(expected)
    three = [pd.DataFrame({"x": np.repeat([0, 1, 2], rows)}) for rows in ([30, 30, 1], [20, 40, 2])]
    even = chi2_contingency([[30, 30], [20, 40]], correction=False).pvalue
    assert drift_report(*three).loc["x", "p_value"] == pytest.approx(2 * even)  # of two tests
    twelve = [pd.DataFrame({"x": np.repeat([0, 1, 2], rows)}) for rows in ([7, 5, 0], [0, 3, 9])]
    expected = fisher_exact([[12, 0], [3, 9]]).pvalue  # fewer than five rows of each are expected
    assert drift_report(*twelve).loc["x", "p_value"] == pytest.approx(expected)
    gone = drift_report(pd.DataFrame({"x": [1, 2, 3] * 900}), pd.DataFrame({"x": [np.nan] * 99}))
    assert gone.loc["x", "alarm"]


def test_many_rare_categories_that_change_alarm() -> None:
    """In a single cell of rare values, cities that all changed their spelling had a p-value of 1."""
    rng = np.random.default_rng(0)
    cities = np.array([f"city {place}" for place in range(100)], dtype=object)
    then = pd.DataFrame({"x": rng.choice(cities, 5_000)})
    for rows in (20, 100, 200, 400):
        same = rng.choice(cities, rows)
        for now, alarm in ((same, False), (np.char.upper(same.astype(str)), True)):
            assert drift_report(then, pd.DataFrame({"x": now})).loc["x", "alarm"] == alarm
    names = [
        pd.DataFrame({"x": [f"{i:05}" for i in part]}) for part in (range(900), range(900, 903))
    ]
    for sides in (names, names[::-1]):  # no name repeats: nothing to compare
        assert drift_report(*sides).loc["x", "p_value"] == 1


@pytest.mark.parametrize("rows", [(8, 8), (11, 11), (5, 300)])
def test_few_rows_have_the_exact_p_value(rows: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    for moved in (0, 1, 9):
        then, now = rng.normal(size=rows[0]), rng.normal(moved, size=rows[1])
        report = drift_report(pd.DataFrame({"x": then}), pd.DataFrame({"x": now})).loc["x"]
        assert report["p_value"] == pytest.approx(ks_2samp(then, now, method="exact").pvalue)


def test_missing_numbers_have_a_test_of_their_own() -> None:
    """Fifteen missing of a hundred, where five thousand had none, were no alarm among ten columns."""
    rng = np.random.default_rng(0)
    then, now = (pd.DataFrame(rng.normal(size=(rows, 10))) for rows in (5_000, 100))
    now.iloc[:15, 0] = np.nan
    report = drift_report(then, now)
    assert report["alarm"].tolist() == [True] + [False] * 9
    expected = 2 * fisher_exact([[0, 5_000], [15, 85]]).pvalue
    assert report.loc[0, "p_value"] == pytest.approx(expected)
    few = pd.DataFrame(rng.normal(size=(100, 10)))
    few.iloc[:5] = np.nan  # a share below the smallest effect, beside a gap by luck
    assert drift_report(then, few)["effect"].max() > 0.1
    assert not drift_report(then, few)["alarm"].any()
    assert drift_report(then, few, smallest_effect=0.05)["alarm"].all()
    for rows in ((900, 100), (200, 200), (40, 40)):
        tables = [rng.normal(size=(size, 60)) for size in rows]
        gone = [pd.DataFrame(np.where(rng.random(x.shape) < 0.3, np.nan, x)) for x in tables]
        p_values = drift_report(*gone)["p_value"]
        assert (p_values < 0.05).mean() < 0.1


def zeros_and_more(rows: int, zeros: int, sign: int = 1) -> pd.DataFrame:
    more = np.random.default_rng(rows + zeros).lognormal(size=rows - zeros)
    return pd.DataFrame({"x": sign * np.r_[np.zeros(zeros), more]})


def test_one_common_value_counts_as_ties() -> None:
    """From 90% to 87% zeros of 2,000 rows had a p-value of 0.2; the share of zeros alone has 0.003."""
    for sign, rows, then, now in (
        (1, 2_000, 1_800, 1_740), (-1, 2_000, 1_800, 1_740), (1, 100, 90, 72), (1, 5_000, 4_500, 4_400)
    ):  # fmt: skip
        sides = zeros_and_more(rows, then, sign), zeros_and_more(rows, now, sign)
        table = [[zeros, rows - zeros] for zeros in (then, now)]
        shares = chi2_contingency(table, correction=False).pvalue
        p_values = [drift_report(*pair).loc["x", "p_value"] for pair in (sides, sides[::-1])]
        assert p_values[0] == pytest.approx(p_values[1])
        assert 0.8 * shares < p_values[0] < 2.5 * shares
    for pooled in ([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5], [-2, -1, 0, 0, 0, 0, 0, 1, 1, 1, 2]):
        values = np.array(pooled, float)
        splits = np.array([np.isin(range(11), five) for five in combinations(range(11), 5)])
        gaps = np.where(splits, 1 / 5, -1 / 6).cumsum(axis=1)
        gaps = np.abs(gaps[:, np.append(np.diff(values) > 0, True)]).max(axis=1).round(9)
        for split, gap in zip(splits[::45], gaps[::45], strict=True):
            sides = (pd.DataFrame({"x": values[part]}) for part in (split, ~split))
            assert drift_report(*sides).loc["x", "p_value"] == pytest.approx((gaps >= gap).mean())
    for sizes in ((80, 80), (200, 40), (30, 60)):
        rng = np.random.default_rng(0)
        tables = [rng.normal(size=(rows, 120)).clip(0.5) for rows in sizes]
        p_values = drift_report(*map(pd.DataFrame, tables))["p_value"]
        assert 0.01 < (p_values < 0.05).mean() < 0.1 and (p_values < 0.5).mean() > 0.3


def test_bins_of_other_types() -> None:
    """127 + 1 edges are none as an int8."""
    for bins in (np.int8(127), np.uint8(255)):
        assert drift_threshold(300, 1, bins) == drift_threshold(300, 1, int(bins))


def test_bad_input_is_named() -> None:
    sample = [0.1, 0.4, 0.2, 0.9]
    table = pd.DataFrame({"x": [0.1, 0.4, 0.2], "y": [3, 1, 2]})
    names_bad_input(
        population_stability_index, reference=sample, current=sample, bounds={"bins": "[2, inf)"}
    )
    bounds = {
        "current_size": "[1, inf)",
        "bins": "[2, inf)",
        "seed": "[0, inf)",
    }
    names_bad_input(
        drift_threshold, reference_size=500, current_size=200, bins=2,
        bounds=bounds | {"reference_size": "[2, inf)", "false_alarm_rate": "(0.0001, 1)"},
    )  # fmt: skip
    names_bad_input(
        threshold_for_reference, reference=sample, current_size=200, bins=2, bounds=bounds
    )
    for rate in (0.0001, 1):  # just inside, a million draws: once is enough
        with pytest.raises(ValueError, match="false_alarm_rate must be between 0.0001 and 1"):
            threshold_for_reference(sample, 200, 2, rate)
    names_bad_input(quiet_threshold, distances=np.arange(200))
    names_bad_input(
        drift_report,
        reference=table,
        current=table,
        allow=[("reference", NAN), ("current", NAN)],
        bounds={"smallest_effect": "(0, 1)", "false_alarm_rate": "(0, 1)"},
    )
    with pytest.raises(ValueError, match="reference must have 10 rows or more"):
        threshold_for_reference(np.arange(9), 200)
    with pytest.raises(ValueError, match="reference_size"):  # five rows alarmed in a third
        drift_threshold(9, 200)
    for columns in (["y", "x"], ["x", "x"]):
        with pytest.raises(ValueError, match="current must have"):
            drift_report(table, table[columns])
