"""docs/fairness/audit-groups.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame, selection_rate
from scipy.stats import binom, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson_2indep

from docs.fairness.figures.four_fifths_alarms import KNOB, measure
from proof.claims import Claim
from snippets.fairness.audit_groups import audit_groups, ratio_interval
from snippets.fairness.audit_intersections import audit_intersections
from snippets.fairness.four_fifths_alarms import four_fifths_alarms
from tools.bad_input import names_bad_input


def flags(**counts: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    selected = np.concatenate([np.arange(rows) < hits for hits, rows in counts.values()])
    return selected, np.repeat(list(counts), [rows for _, rows in counts.values()])


def test_few_selected_fail_four_fifths(claim: Claim) -> None:
    """If few are selected and most are not, two groups that are treated alike often fail the
    four-fifths rule."""
    claim.effect(
        "alarms",
        measure,
        knob="selected",
        **KNOB.ends,
        above=0.25,
        off_below=0.01,
        also=[{"rate": 0.02}, {"rate": 0.45}],
    )
    claim.limit(
        "At a selection rate of two in a hundred, two thousand rows a group still alarm in over a quarter of audits.",
        "alarms with 2,000 rows at a rate of 2%",
        lambda seed: four_fifths_alarms(2_000, 0.02, seed=seed),
        above=0.27,
    )
    claim.limit(
        "Where nine in ten are selected, two groups with fifteen selected in each do in less than one audit in ten.",
        "alarms at a rate of 90%",
        lambda seed: measure(seed, 15, rate=0.9),
        below=0.08,
    )


def test_many_groups_fail_four_fifths(claim: Claim) -> None:
    """The more groups an audit compares, the more often the lowest falls below four fifths of the
    highest by chance."""

    def alarms_of(seed: int, groups: int, rate: float = 0.3, selected: float = 60) -> float:
        return measure(seed, selected, groups, rate)

    claim.effect(
        "alarms",
        alarms_of,
        knob="groups",
        on=8,
        off=2,
        above=0.6,
        off_below=0.3,
        also=[{"rate": 0.02}, {"rate": 0.5, "selected": 35}],
    )
    claim.limit(
        "With nine hundred selected in each, even eight groups hardly ever do.",
        "alarms of eight groups",
        lambda seed: measure(seed, 900, groups=8),
        below=0.01,
    )


@cache
def coverage(interval: str, rows: int, reference_rows: int, rate: float) -> float:
    """Chance that the interval holds a true ratio of one, by enumeration."""
    sizes = [np.arange(n + 1) for n in (rows, reference_rows)]
    likely = [k[binom.pmf(k, n, rate) > 1e-7] for k, n in zip(sizes, (rows, reference_rows))]
    hits, others = (grid.ravel() for grid in np.meshgrid(*likely))
    weight = binom.pmf(hits, rows, rate) * binom.pmf(others, reference_rows, rate)
    if interval == "exact":
        full = [np.full(hits.size, n) for n in (rows, reference_rows)]
        low, high = ratio_interval(hits, full[0], others, full[1]).T
    else:
        low, high = confint_proportions_2indep(
            hits, rows, others, reference_rows, method="log-adjusted", compare="ratio"
        )
    return float(weight[(low <= 1) & (high >= 1)].sum())


def test_interval_of_exact_rates_holds_the_ratio(claim: Claim) -> None:
    """For a small group with a rate near one, beside a large reference, the interval from two exact
    ones holds the true ratio as often as it promises, and the usual one on the log scale does not."""

    def covered(
        seed: int, interval: str, rows: int = 40, reference: int = 3_000, rate: float = 0.98
    ) -> float:
        return coverage(interval, rows, reference, rate)  # exact: no seed can move it

    claim.effect(
        "coverage, for 95%",
        covered,
        knob="interval",
        on="exact",
        off="log",
        above=0.95,
        off_below=0.7,
        also=[
            {"rows": 20, "reference": 200, "rate": 0.97},
            {"rows": 30, "reference": 1_000, "rate": 0.99},
        ],
    )
    claim.limit(
        "At moderate rates and with enough rows, both intervals keep their promise.",
        "smaller coverage, 100 of 400 rows at a rate of 0.4",
        lambda seed: min(coverage(kind, 100, 400, 0.4) for kind in ("exact", "log")),
        above=0.94,
    )
    claim.limit(
        "With forty rows in either group and a rate near one, both keep more.",
        "smaller coverage at rates of 0.98 and 0.995",
        lambda seed: min(
            coverage(kind, 40, 40, rate) for kind in ("exact", "log") for rate in (0.98, 0.995)
        ),
        above=0.97,
    )
    assert coverage("exact", 9, 3_000, 1 - 1 / 7 / 9) > 0.95  # the score interval: 87%


@cache
def below(
    seed: int, ratio: float, rows: int, rate: float = 0.4, looks: int = 1, error: float = 0.05
) -> float:
    """Share of 600 audits that find a group below four fifths in one of their looks."""
    rng, chance = np.random.default_rng(seed), np.array([ratio * rate, rate])
    step = rows // looks
    hits = rng.binomial(step, chance[:, None, None], (2, 600, looks)).cumsum(axis=2)
    seen = np.broadcast_to(step * np.arange(1, looks + 1), (600, looks)).ravel()
    group, reference = hits.reshape(2, -1)
    ends = ratio_interval(group, seen, reference, seen, 1 - error)
    return float((ends[:, 1] < 0.8).reshape(-1, looks).any(axis=1).mean())


def found_by_a_lucky_reference(reference: int, rows: int, rate: float) -> float:
    """Chance that a group with the rate of the reference is found below, by enumeration."""
    grid = np.meshgrid(np.arange(rows + 1), np.arange(1, reference + 1))
    hits, others = (counts.ravel() for counts in grid)
    weight = binom.pmf(hits, rows, rate) * binom.pmf(others, reference, rate)
    full, known = np.full(hits.size, rows), np.full(hits.size, reference)
    return float(weight[ratio_interval(hits, full, others, known)[:, 1] < 0.8].sum())


def test_verdict_is_quiet(claim: Claim) -> None:
    """A group that is treated like the reference is hardly ever found below the limit, however few
    rows the two have."""

    def found(seed: int, ratio: float, rate: float = 0.4) -> float:
        return max(below(seed, ratio, rows, rate) for rows in (10, 100, 1_000))

    claim.effect(
        "share found below, the worst of 10, 100 and 1,000 rows",
        found,
        knob="ratio",
        on=1.0,
        off=0.5,
        below=0.03,
        off_above=0.7,
        also=[{"rate": 0.1}, {"rate": 0.9}],
    )
    claim.limit(
        "A true ratio of a half is mostly missed with ten rows, or with a thousand at a rate of two in a hundred.",
        "largest share found below",
        lambda seed: max(below(seed, 0.5, 10), below(seed, 0.5, 1_000, 0.02)),
        below=0.35,
    )
    found = found_by_a_lucky_reference
    assert max(found(40, rows, rate) for rows in (3, 10, 40) for rate in (0.1, 0.5, 0.9)) < 0.025
    assert max(found(5, 1_000, rate) for rate in (0.02, 0.1, 0.5, 0.9)) < 0.025  # score: 10%


def test_looking_again_breaks_the_promise(claim: Claim) -> None:
    """An audit that looks again after each of two dozen batches, until it decides, finds a group at
    the limit below it far more often than promised."""

    def found(seed: int, looks: int, rate: float = 0.4, rows: int = 2_400) -> float:
        return below(seed, 0.8, rows, rate, looks)

    claim.effect(
        "share found below, 2.5% promised",
        found,
        knob="looks",
        on=24,
        off=1,
        above=0.07,
        off_below=0.045,
        also=[{"rate": 0.2}, {"rows": 4_800}],
    )
    claim.limit(
        "With the error divided by the looks, the audit keeps its promise and finds less.",
        "share found below in 24 looks",
        lambda seed: below(seed, 0.8, 2_400, looks=24, error=0.05 / 24),
        below=0.025,
    )


@cache
def intersections(
    seed: int, hidden: float, rate: float = 0.3, regions: int = 3, rows: int = 4_000
) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "sex": rng.choice(["women", "men"], rows),
            "age": rng.choice(["young", "old"], rows),
            "region": rng.integers(0, regions, rows),
        }
    )
    favoured = (people["sex"] == "men") ^ (people["age"] == "old")
    chance = np.where(favoured, rate + hidden, rate - hidden)
    return audit_intersections(rng.random(rows) < chance, people)


def test_combinations_hide(claim: Claim) -> None:
    """Every attribute can look even while a combination of two is selected far less often."""

    def hides(seed: int, hidden: float, **setting: object) -> float:
        """Rate that women lose if they are young; zero if some attribute by itself differs."""
        table = intersections(seed, hidden, **setting)
        lost = table.loc["sex=women", "rate"] - table.loc["sex=women, age=young", "rate"]
        return lost * (not table.loc[table["attributes"] == 1, "differs"].any())

    def pairs(seed: int, hidden: float, **setting: object) -> float:
        table = intersections(seed, hidden, **setting)
        return table.loc["sex=women, age=young", "differs"]

    elsewhere = [{"rate": 0.6}, {"regions": 8}]
    claim.effect(
        "rate lost in the combination",
        hides,
        knob="hidden",
        on=0.1,
        off=0,
        above=0.065,
        off_below=0.04,
        also=elsewhere,
    )
    claim.effect(
        "the pair differs",
        pairs,
        knob="hidden",
        on=0.1,
        off=0,
        above=0.9,
        off_below=0.1,
        also=elsewhere,
    )
    claim.limit(
        "With two hundred rows, the same young women are not found.",
        "the pair differs, 200 rows",
        lambda seed: float(
            intersections(seed, 0.1, rows=200).loc["sex=women, age=young", "differs"]
        ),
        below=0.5,
    )


@cache
def cells_of_equal_chances(seed: int, rate: float, sizes: tuple[int, ...], rows: int) -> list:
    rng, tables = np.random.default_rng(seed), []
    for _ in range(16):
        shares = [0.6 ** np.arange(size) for size in sizes]  # a long tail of rare values
        people = {
            name: rng.choice(len(share), rows, p=share / share.sum())
            for name, share in zip("ab", shares)
        }
        selected = rng.random(rows) < rate
        tables.append((selected.mean(), audit_intersections(selected, pd.DataFrame(people))))
    return tables


def test_many_small_cells_stay_quiet(claim: Claim) -> None:
    """If hardly anybody or nearly everybody is selected, exact intervals keep an audit of many small
    cells quiet when all have the same chance, and Wilson's do not."""

    def false_alarms(
        seed: int,
        interval: str,
        rate: float = 0.01,
        sizes: tuple[int, ...] = (6, 20),
        rows: int = 2_000,
    ) -> float:
        """Share of 16 audits in which some cell differs."""
        found = []
        for overall, table in cells_of_equal_chances(seed, rate, sizes, rows):
            if interval == "exact":
                found.append(table["differs"].any())
                continue
            hits, each = (table["rate"] * table["rows"]).round(), 0.05 / len(table)
            low, high = proportion_confint(hits, table["rows"], each, method="wilson")
            found.append(((low > overall) | (high < overall)).any())
        return float(np.mean(found))

    claim.effect(
        "audits with a false difference",
        false_alarms,
        knob="interval",
        on="exact",
        off="wilson",
        below=0.15,
        off_above=0.2,
        also=[{"rate": 0.99}, {"sizes": (4, 40)}],
    )
    for setting in ({"sizes": (2, 2)}, {"rate": 0.5}):
        claim.limit(
            "With few and large cells, or with half of the rows selected, Wilson's intervals are "
            "quiet too.",
            "audits with a false difference",
            lambda seed, how=setting: false_alarms(seed, "wilson", **how),
            below=0.2,
        )


@pytest.mark.parametrize("seed", range(10))
def test_rates_are_those_of_statsmodels_and_fairlearn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(20, 400, 3)
    hits = rng.integers(1, rows)
    confidence = rng.uniform(0.8, 0.99)
    selected, group = flags(**dict(zip("abc", zip(hits, rows))))
    report = audit_groups(selected, group, "b", confidence=confidence)
    for place, name in enumerate("abc"):
        line = report.loc[name]
        exact = proportion_confint(hits[place], rows[place], 1 - confidence, method="beta")
        assert (line["low"], line["high"]) == pytest.approx(exact)
        assert line["rows"] == rows[place]
        if name != "b":  # each at half of the error
            counts = [[hits[place]], [rows[place]], [hits[1]], [rows[1]]]
            ends = ratio_interval(*counts, (1 + confidence) / 2)[0]
            assert (line["ratio_low"], line["ratio_high"]) == pytest.approx(tuple(ends))
    frame = MetricFrame(
        metrics=selection_rate, y_true=selected, y_pred=selected, sensitive_features=group
    )
    assert report["rate"].tolist() == pytest.approx(frame.by_group.tolist())
    assert report["ratio"].tolist() == pytest.approx(
        (frame.by_group / frame.by_group["b"]).tolist()
    )


@pytest.mark.parametrize("counts", [(7, 30), (1, 1), (3, 400), (90, 2)])
def test_ratio_of_rare_rates_is_that_of_statsmodels(counts: tuple[int, int]) -> None:
    """Of events among millions of rows, it is the interval of two Poisson rates."""
    hits, base = counts
    ours = ratio_interval([hits], [2e8], [base], [5e8], 0.98)[0]
    rates = confint_poisson_2indep(
        hits, 2e8, base, 5e8, method="mover", compare="ratio", alpha=0.02, method_mover="exact-c"
    )
    assert tuple(ours) == pytest.approx(rates, rel=1e-5)


@pytest.mark.parametrize(("rows", "base"), [(400, 400), (2_000, 1_000)])
def test_score_interval_is_close_with_hundreds_of_rows(rows: int, base: int) -> None:
    for rate in (0.2, 0.5):
        hits, others = int(rate * rows), int(0.3 * base)
        score = confint_proportions_2indep(
            hits, rows, others, base, method="score", compare="ratio"
        )
        assert tuple(ratio_interval([hits], [rows], [others], [base])[0]) == pytest.approx(
            score, rel=0.015
        )


@pytest.mark.parametrize("rows", [20, 60, 400])
def test_interval_agrees_with_fishers_test(rows: int) -> None:
    """Fisher's test finds a difference only where the interval leaves out a ratio of one."""
    for hits in range(1, rows // 2, max(1, rows // 40)):
        line = audit_groups(*flags(a=(rows // 2, rows), b=(hits, rows)), "a").loc["b"]
        p_value = fisher_exact([[hits, rows - hits], [rows // 2, rows - rows // 2]]).pvalue
        assert (line["ratio_high"] < 1) or p_value > 0.02
        assert (line["ratio_high"] > 1) or p_value < 0.12


def test_everybody_or_nobody_selected() -> None:
    """With everybody selected the interval shrinks by rows, and not to a point."""
    one = audit_groups([1, 1], ["a", "b"], "a").loc["b"]
    assert one[["ratio_low", "ratio_high", "verdict"]].tolist() == pytest.approx(
        [1 / 40, 40, "undecided"], abs=0.001
    )
    low, high = ratio_interval([10], [10], [9], [10])[0]
    assert low < 1 < 10 / 9 < high
    assert ratio_interval([0], [10], [5], [10])[0, 0] == 0
    assert ratio_interval([5], [10], [0], [10])[0, 1] == np.inf
    many = ratio_interval([980_000], [1_000_000], [98], [100])[0]
    assert 0.95 < many[0] < 1 < many[1] < 1.1


def test_a_table_of_many_groups_keeps_its_promise() -> None:
    """Eight groups with a true ratio at the limit: hardly a table finds one of them below."""
    rng, names = np.random.default_rng(0), list("rabcdefgh")
    found = []
    for _ in range(80):
        hits = rng.binomial(400, [0.5] + [0.4] * 8)
        report = audit_groups(*flags(**{n: (k, 400) for n, k in zip(names, hits)}), "r")
        found.append((report["verdict"] == "below").any())
    assert np.mean(found) < 0.07  # each at 95% alone: 13%


def tables_that_miss(groups: int, rows: int, rate: float, base: int, base_rate: float) -> float:
    """Share of tables in which some interval leaves out the true ratio, over all counts."""
    hits, others = np.arange(min(rows, 15) + 1), np.arange(1, base + 1)
    others = others[binom.pmf(others, base, base_rate) > 1e-9]
    counts = [grid.ravel() for grid in np.meshgrid(hits, others, indexing="ij")]
    full = [np.full(counts[0].size, size) for size in (rows, base)]
    ends = ratio_interval(counts[0], full[0], counts[1], full[1], 1 - 0.05 / groups)
    outside = (ends[:, 0] > rate / base_rate) | (ends[:, 1] < rate / base_rate)
    missed = binom.pmf(hits, rows, rate) @ outside.reshape(len(hits), -1)  # for each reference
    return float(binom.pmf(others, base, base_rate) @ (1 - (1 - missed) ** groups))


@pytest.mark.parametrize("rows", [1, 5, 20, 50, 200])
def test_thirty_small_groups_keep_the_promise(rows: int) -> None:
    """The score interval missed a ratio in 17% of the tables of 50 rows each."""
    assert tables_that_miss(30, rows, 0.02, 2_000, 0.02) < 0.05
    assert tables_that_miss(30, rows, 0.02, 2_000, 0.05) < 0.05


def test_thirty_groups_of_one_row_near_one_miss_a_ratio() -> None:
    """The page: beside a reference that selects a fifth, one table in seven; where it selects as
    many, the promise holds."""
    assert tables_that_miss(30, 1, 0.965, 500, 0.2) == pytest.approx(1 / 7, abs=0.02)
    assert tables_that_miss(30, 1, 0.965, 500, 0.965) < 0.05


def test_score_interval_of_statsmodels_misses_a_ratio_of_thirty_groups() -> None:
    """The page: 50 rows each beside 40 selected of 2,000, all at 2%: too short."""
    counts = range(1, 10)
    low = [
        confint_proportions_2indep(
            hits, 50, 40, 2_000, method="score", compare="ratio", alpha=0.05 / 30
        )[0]
        for hits in counts
    ]
    missed = binom.pmf(counts, 50, 0.02) @ (np.array(low) > 1)
    assert 1 - (1 - missed) ** 30 > 0.08


def test_verdicts() -> None:
    selected, group = flags(a=(900, 3_000), b=(400, 2_000), c=(8, 40), d=(540, 2_000), e=(0, 60))
    report = audit_groups(selected, group, "a")
    assert report["verdict"].tolist() == ["reference", "below", "undecided", "above", "below"]
    assert report.loc["a", ["ratio", "ratio_low", "ratio_high"]].tolist() == [1, 1, 1]
    assert report.loc["e", "ratio_low"] == 0 < report.loc["e", "ratio_high"] < 0.8
    assert report.loc["e", "ratio"] == 0
    kept = group != "e"
    least = audit_groups(selected[kept], group[kept], "b")
    assert not (least["verdict"] == "below").any()  # the page: take a second reference
    rejected = audit_groups(~selected, group, "a")  # the ratio of rejections, reference over group
    assert 1 / rejected.loc["b", "ratio_low"] > 1 / rejected.loc["b", "ratio"] > 0.8
    strict = audit_groups(selected, group, "a", limit=0.95)
    assert strict["verdict"].tolist() == ["reference", "below", "undecided", "undecided", "below"]
    loose = audit_groups(selected.astype(int).tolist(), pd.Series(group), "a", limit=0.5)
    assert loose["verdict"].tolist() == ["reference", "above", "undecided", "above", "below"]


@pytest.mark.parametrize(
    ("first", "other"),
    [(True, False), (0, 1), (pd.Timestamp("2026-01-01"), pd.Timestamp("2025-01-01")),
     (pd.Interval(20, 40), pd.Interval(40, 60)), (0.1, 0.25)],
)  # fmt: skip
def test_a_group_may_be_any_label(first: object, other: object) -> None:
    names = [first] * 3_000 + [other] * 2_000
    selected, _ = flags(a=(900, 3_000), b=(400, 2_000))
    for group in (names, pd.Series(names), pd.Categorical(names)):
        report = audit_groups(selected, group, first)
        assert report["verdict"].to_dict() == {first: "reference", other: "below"}


@pytest.mark.parametrize(("rows", "rate"), [(10, 0.5), (50, 0.3), (200, 0.1)])
def test_alarms_of_two_groups_are_binomial(rows: int, rate: float) -> None:
    counts = np.arange(rows + 1)
    chance = binom.pmf(counts, rows, rate)
    low, high = np.minimum.outer(counts, counts), np.maximum.outer(counts, counts)
    exact = np.outer(chance, chance)[5 * low < 4 * high].sum()
    assert four_fifths_alarms(rows, rate) == pytest.approx(exact, abs=0.015)
    assert four_fifths_alarms(rows, rate) == four_fifths_alarms(rows, rate, seed=0)
    assert four_fifths_alarms(rows, rate) != four_fifths_alarms(rows, rate, seed=1)


def test_exactly_four_fifths_is_no_alarm() -> None:
    assert four_fifths_alarms(1, 1e-9) == 0  # nobody selected at all
    assert four_fifths_alarms(1, 0.5) == pytest.approx(0.5, abs=0.02)  # one of two selected
    # With five rows and nearly everybody selected, the usual loss is one: four fifths.
    assert four_fifths_alarms(5, 0.999) < 0.001
    assert four_fifths_alarms(4 * 10**18, 0.5) == 0  # five times the count wrapped: always an alarm


def test_intersections_by_hand() -> None:
    people = pd.DataFrame({"x": ["no", "no", "yes", "yes"], "y": ["no", "no", "no", "yes"]})
    table = audit_intersections([1, 0, 1, 0], people, confidence=0.9)
    assert table.index.tolist() == [
        "x=no", "x=yes", "y=no", "y=yes", "x=no, y=no", "x=yes, y=no", "x=yes, y=yes",
    ]  # fmt: skip
    assert table["attributes"].tolist() == [1, 1, 1, 1, 2, 2, 2]
    assert table["rows"].tolist() == [2, 2, 3, 1, 2, 1, 1]
    assert table["rate"].tolist() == pytest.approx([0.5, 0.5, 2 / 3, 0, 0.5, 1, 0])
    for name, hits in {"y=no": 2, "y=yes": 0}.items():
        exact = proportion_confint(hits, table.loc[name, "rows"], 0.1 / 7, method="beta")
        assert table.loc[name, ["low", "high"]].tolist() == pytest.approx(exact)
    assert not table["differs"].any()


def test_three_attributes_combine() -> None:
    bits = np.arange(8)[:, None] >> np.arange(3) & 1
    table = audit_intersections(bits[:, 0], pd.DataFrame(bits, columns=list("xyz")))
    assert table["attributes"].value_counts().to_dict() == {1: 6, 2: 12, 3: 8}
    assert table.loc["x=1, y=0, z=1", ["rows", "rate"]].tolist() == [1, 1]
    exact = proportion_confint(4, 4, 0.05 / 26, method="beta")
    assert table.loc["x=1", ["low", "high"]].tolist() == pytest.approx(exact)


def test_intersections_differ_on_both_sides() -> None:
    selected, group = flags(a=(90, 100), b=(10, 100), c=(100, 200))
    table = audit_intersections(selected, pd.DataFrame({"g": pd.Categorical(group)}))
    assert table["differs"].tolist() == [True, True, False]
    rare = np.r_[1, np.zeros(49, int)]
    lucky = audit_intersections(rare, pd.DataFrame({"g": ["lucky", *["others"] * 49]}))
    assert not lucky["differs"].any()  # one of one, at one in fifty overall
    same = audit_intersections(selected, pd.DataFrame({"g": group}, index=np.arange(400) + 7))
    assert same["rate"].tolist() == table["rate"].tolist()


def test_a_confidence_of_another_type() -> None:
    """The tails were computed in float16."""
    selected, group = [1, 0, 1, 1, 0, 0] * 5, list("aab") * 10
    attributes = pd.DataFrame({"g": group, "h": ["x", "y", "y"] * 10})
    for level in (np.float16(0.95), np.float32(0.95), np.longdouble(0.95)):
        plain = float(level)
        own = audit_groups(selected, group, "a", confidence=level)
        assert own.equals(audit_groups(selected, group, "a", confidence=plain))
        cells = audit_intersections(selected, attributes, level)
        assert cells.equals(audit_intersections(selected, attributes, plain))


def test_bad_input_is_named() -> None:
    people = pd.DataFrame({"x": [1, 2, 1, 2], "y": ["a", "b", "b", "a"]})
    names_bad_input(
        audit_groups,
        selected=[1, 0, 1, 1],
        group=["a", "a", "b", "b"],
        reference="a",
        paired=("selected", "group"),
        bounds={"limit": "(0, 1)", "confidence": "(0, 1)"},
    )
    names_bad_input(
        audit_intersections,
        selected=[1, 0, 1, 1],
        attributes=people,
        paired=("selected", "attributes"),
        bounds={"confidence": "(0, 1)"},
    )
    names_bad_input(
        four_fifths_alarms,
        rows=20,
        rate=0.3,
        bounds={"rows": "[1, inf)", "groups": "[2, inf)", "seed": "[0, inf)", "rate": "(0, 1)"},
    )
    with pytest.raises(ValueError, match="reference"):
        audit_groups([0, 1], ["a", "b"], "a")
    for missing in (None, float("nan")):
        with pytest.raises(ValueError, match="group"):
            audit_groups([1, 1], ["a", missing], "a")
    for reference in ("c", ["a"], None, pd.NA):
        with pytest.raises(ValueError, match="reference must be one of the groups"):
            audit_groups([1, 1], ["a", "b"], reference)
    names_bad_input(
        ratio_interval,
        hits=[3, 4],
        rows=[10, 10],
        reference_hits=[5, 6],
        reference_rows=[10, 20],
        paired=("hits", "rows", "reference_hits", "reference_rows"),
        bounds={"confidence": "(0, 1)"},
    )
    with pytest.raises(ValueError, match="hits must be between 0 and its rows"):
        ratio_interval([11], [10], [1], [10])
    with pytest.raises(ValueError, match="two values that read the same"):
        audit_intersections([1, 0], pd.DataFrame({"x": [1, "1"]}))
    for function, other in (
        (audit_groups, (["a", "b"], "a")),
        (audit_intersections, (people[:2],)),
    ):
        with pytest.raises(ValueError, match="selected must"):
            function([1, 2], *other)
    for bad in ({"rows": 0}, {"rows": 20, "groups": 1}, {"rows": 20, "rate": 1.0}):
        with pytest.raises(ValueError, match=list(bad)[-1]):
            four_fifths_alarms(**{"rate": 0.3} | bad)


def test_a_column_of_lists_is_named() -> None:
    table = pd.DataFrame({"sex": [["f"], ["m"]] * 10, "age": ["old", "young"] * 10})
    with pytest.raises(TypeError, match="attributes must hold single values: unhashable"):
        audit_intersections([0, 1] * 10, table)
