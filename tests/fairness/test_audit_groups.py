"""docs/fairness/audit-groups.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame, selection_rate
from scipy.stats import binom, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from proof.claims import Claim
from snippets.fairness.audit_groups import audit_groups
from snippets.fairness.audit_intersections import audit_intersections
from snippets.fairness.four_fifths_alarms import four_fifths_alarms
from tools.bad_input import names_bad_input


def flags(**counts: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    selected = np.concatenate([np.arange(rows) < hits for hits, rows in counts.values()])
    return selected, np.repeat(list(counts), [rows for _, rows in counts.values()])


def test_small_groups_fail_four_fifths(claim: Claim) -> None:
    """Two small groups that are treated alike fail the four-fifths rule in a large share of the
    audits."""
    claim.holds("alarms, 50 rows", lambda s: four_fifths_alarms(50, 0.3, seed=s), above=0.4)
    claim.null("alarms, 2,000 rows", lambda s: four_fifths_alarms(2_000, 0.3, seed=s), below=0.01)


def test_many_groups_fail_four_fifths(claim: Claim) -> None:
    """The more groups an audit compares, the more often the lowest falls below four fifths of the
    highest by chance."""

    def gain(seed: int, rows: int) -> float:
        two, four, eight = (four_fifths_alarms(rows, 0.3, n, seed) for n in (2, 4, 8))
        return min(four - two, eight - four)

    claim.holds("smaller gain of alarms, 200 rows", lambda seed: gain(seed, 200), above=0.2)
    claim.null("the same with 3,000 rows", lambda seed: gain(seed, 3_000), below=0.01)


@cache
def audits(seed: int, rows: int, ratio: float, repeats: int = 25) -> pd.DataFrame:
    """Audit four groups of one true ratio against a reference, again and again."""
    rng, names = np.random.default_rng(seed), ["a", "b", "c", "d", "e"]
    chance = 0.4 * np.array([1, *[ratio] * 4])
    reports = [
        audit_groups(
            *flags(**{n: (hits, rows) for n, hits in zip(names, rng.binomial(rows, chance))}), "a"
        )
        for _ in range(repeats)
    ]
    return pd.concat(report.drop("a") for report in reports)


def test_interval_holds_the_ratio(claim: Claim) -> None:
    """The interval holds the true ratio about as often as it promises, in small groups too."""

    def covered(seed: int, value: float, ratio: float = 0.6, rows: int = 40) -> float:
        table = audits(seed, rows, ratio)
        return ((table["ratio_low"] <= value) & (value <= table["ratio_high"])).mean()

    claim.holds("coverage, 40 rows, for 95%", lambda seed: covered(seed, 0.6), above=0.85)
    claim.null("coverage of a wrong ratio", lambda s: covered(s, 1.0, 0.5, 400), below=0.2)


def test_verdict_is_quiet(claim: Claim) -> None:
    """Groups that are treated alike are hardly ever found below the limit, however few rows they
    have."""

    def below(seed: int, rows: int, ratio: float) -> float:
        return (audits(seed, rows, ratio)["verdict"] == "below").mean()

    claim.holds(
        "below, 40 or 400 rows", lambda s: max(below(s, n, 1.0) for n in (40, 400)), below=0.08
    )
    claim.null("below at a ratio of a half", lambda s: below(s, 400, 0.5), above=0.9)


@cache
def intersections(seed: int, hidden: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "sex": rng.choice(["women", "men"], 4_000),
            "age": rng.choice(["young", "old"], 4_000),
            "region": rng.choice(["north", "south", "east"], 4_000),
        }
    )
    favoured = (people["sex"] == "men") ^ (people["age"] == "old")
    chance = np.where(favoured, 0.3 + hidden, 0.3 - hidden)
    return audit_intersections(rng.random(4_000) < chance, people)


def test_combinations_hide(claim: Claim) -> None:
    """Every attribute can look even while a combination of two is selected far less often."""

    def found(seed: int, attributes: int, hidden: float = 0.1) -> float:
        table = intersections(seed, hidden)
        return table["differs"][table["attributes"] == attributes].mean()

    def gap(seed: int, hidden: float = 0.1) -> float:
        table = intersections(seed, hidden)
        return table.loc["sex=women", "rate"] - table.loc["sex=women, age=young", "rate"]

    claim.holds("share of attributes that differ", lambda seed: found(seed, 1), below=0.2)
    claim.holds("share of pairs that differ", lambda seed: found(seed, 2), above=0.2)
    claim.holds("rate lost in the combination", gap, above=0.05)
    claim.null("rate lost without it", lambda seed: gap(seed, 0), below=0.045)
    claim.null("pairs that differ without it", lambda seed: found(seed, 2, 0), below=0.1)


@pytest.mark.parametrize("seed", range(10))
def test_intervals_are_those_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(20, 400, 3)
    hits = rng.integers(1, rows)
    confidence = rng.uniform(0.8, 0.99)
    selected, group = flags(**dict(zip("abc", zip(hits, rows))))
    report = audit_groups(selected, group, "b", confidence=confidence)
    for place, name in enumerate("abc"):
        line = report.loc[name]
        wilson = proportion_confint(hits[place], rows[place], 1 - confidence, method="wilson")
        assert (line["low"], line["high"]) == pytest.approx(wilson)
        assert line["rows"] == rows[place]
        if name != "b":
            ratio = confint_proportions_2indep(
                hits[place], rows[place], hits[1], rows[1],
                method="log-adjusted", compare="ratio", alpha=1 - confidence,
            )  # fmt: skip
            assert (line["ratio_low"], line["ratio_high"]) == pytest.approx(ratio)
    frame = MetricFrame(
        metrics=selection_rate, y_true=selected, y_pred=selected, sensitive_features=group
    )
    assert report["rate"].tolist() == pytest.approx(frame.by_group.tolist())
    assert report["ratio"].tolist() == pytest.approx(
        (frame.by_group / frame.by_group["b"]).tolist()
    )


@pytest.mark.parametrize("rows", [20, 60, 400])
def test_interval_agrees_with_fishers_test(rows: int) -> None:
    """Fisher's test finds a difference only where the interval leaves out a ratio of one."""
    for hits in range(1, rows // 2, max(1, rows // 40)):
        line = audit_groups(*flags(a=(rows // 2, rows), b=(hits, rows)), "a").loc["b"]
        p_value = fisher_exact([[hits, rows - hits], [rows // 2, rows - rows // 2]]).pvalue
        assert (line["ratio_high"] < 1) or p_value > 0.02
        assert (line["ratio_high"] > 1) or p_value < 0.12


def test_verdicts() -> None:
    selected, group = flags(a=(900, 3_000), b=(400, 2_000), c=(8, 40), d=(540, 2_000), e=(0, 60))
    report = audit_groups(selected, group, "a")
    assert report["verdict"].tolist() == ["reference", "below", "undecided", "above", "below"]
    assert report.loc["a", ["ratio", "ratio_low", "ratio_high"]].tolist() == [1, 1, 1]
    assert 0 < report.loc["e", "ratio_low"] < report.loc["e", "ratio_high"] < 0.8
    assert report.loc["e", "ratio"] == 0
    strict = audit_groups(selected, group, "a", limit=0.95)
    assert strict["verdict"].tolist() == ["reference", "below", "undecided", "undecided", "below"]
    loose = audit_groups(selected.astype(int).tolist(), pd.Series(group), "a", limit=0.5)
    assert loose["verdict"].tolist() == ["reference", "above", "undecided", "above", "below"]


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
        wilson = proportion_confint(hits, table.loc[name, "rows"], 0.1 / 7, method="wilson")
        assert table.loc[name, ["low", "high"]].tolist() == pytest.approx(wilson)
    assert not table["differs"].any()


def test_intersections_differ_on_both_sides() -> None:
    selected, group = flags(a=(90, 100), b=(10, 100), c=(100, 200))
    table = audit_intersections(selected, pd.DataFrame({"g": pd.Categorical(group)}))
    assert table["differs"].tolist() == [True, True, False]
    same = audit_intersections(selected, pd.DataFrame({"g": group}, index=np.arange(400) + 7))
    assert same["rate"].tolist() == table["rate"].tolist()


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
    with pytest.raises(ValueError, match="group"):
        audit_groups([1, 1], ["a", None], "a")
    for function, other in (
        (audit_groups, (["a", "b"], "a")),
        (audit_intersections, (people[:2],)),
    ):
        with pytest.raises(ValueError, match="selected must"):
            function([1, 2], *other)
    for bad in ({"rows": 0}, {"rows": 20, "groups": 1}, {"rows": 20, "rate": 1.0}):
        with pytest.raises(ValueError, match=list(bad)[-1]):
            four_fifths_alarms(**{"rate": 0.3} | bad)
