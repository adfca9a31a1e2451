"""docs/data/explore-on-purpose.md"""

from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.weightstats import DescrStatsW

from docs.data.figures.selective_labels import KNOB, measure
from proof.claims import Claim
from snippets.data.position_bias import examination_rates, examined_click_rates
from snippets.data.selective_labels import approve, weighted_rate, weighted_rate_error
from tools.bad_input import names_bad_input


@cache
def lending(
    seed: int, exploration: float, rate: float = 0.7, start: int = 1, learns: bool = True,
    months: int = 30, spread: float = 0, threshold: float = 0.55, applicants: int = 100, late: int = 0,
    first: int = 5, memory: int = 0,
) -> tuple[float, float]:  # fmt: skip
    """Return the share approved and the profit of a group, averaged over ten runs.

    What becomes of a loan is known so many months late; with a memory, so many months count.
    """
    granted, profit = [], []
    for run in range(10 * seed, 10 * seed + 10):
        rng, known = np.random.default_rng(run), [(0, 0)] * late + [(first, start)]
        loans, repaid = first, start
        estimate = start / first
        for month in range(months):
            scores = estimate + spread * rng.normal(size=applicants)
            approved, _ = approve(scores, threshold, exploration, seed=1_000 * run + month)
            loans += approved.sum()
            repaid += rng.binomial(approved.sum(), rate)
            known.append((loans, repaid))
            lent, back = known[-1 - late]
            if memory and len(known) > memory:
                lent, back = lent - known[-1 - memory][0], back - known[-1 - memory][1]
            estimate = back / lent if learns and lent else estimate
        granted.append(loans - first)
        profit.append(
            (1 - threshold) * (repaid - start) - threshold * (loans - first - repaid + start)
        )
    return np.mean(granted) / (months * applicants), 100 * np.mean(profit)


def test_exploration_finds_the_group_that_repays(claim: Claim) -> None:
    """If a group shares one estimate, greedy approval keeps rejecting it after a bad start, even
    if it repays; exploring a fiftieth of the rejections finds it."""

    def approved(seed: int, exploration: float = 0, **given) -> float:
        return lending(seed, exploration, **given)[0]

    claim.effect(
        "share approved", measure, knob="exploration", **KNOB.ends, above=0.35, off_below=0.01,
        also=[{"threshold": 0.5}, {"applicants": 200}],
    )  # fmt: skip
    claim.effect(
        "share approved, greedy", approved, knob="start", on=1, off=4, below=0.01, off_above=0.75,
        also=[{"rate": 0.8}, {"applicants": 200}],
    )  # fmt: skip
    claim.limit(
        "Where the scores within a group spread across the threshold, greedy approval explores by itself.",
        "share approved, greedy", lambda seed: approved(seed, spread=0.3), above=0.5,
    )  # fmt: skip
    for hard in ({"applicants": 20}, {"rate": 0.57}, {"first": 40, "start": 8}):
        claim.limit(
            "With twenty applicants a month, a group hardly above break-even, or a bad start of "
            "forty loans, a fiftieth finds it late or not at all.",
            "share approved", lambda seed, hard=hard: approved(seed, 0.02, **hard), below=0.55,
        )  # fmt: skip
    assert approved(0, 0.02, first=40, start=8, memory=12) > 0.4  # old loans expire
    claim.limit(
        "If outcomes take a year, a fiftieth finds about half as much.",
        "share approved, of that with outcomes known at once",
        lambda seed: approved(seed, 0.02, late=12) / approved(seed, 0.02), below=0.6,
    )  # fmt: skip


def test_exploration_costs_and_earns(claim: Claim) -> None:
    """If the lender learns from explored loans, exploring a group well below break-even costs several
    times less than exploring one as far above it earns."""

    def earned(seed: int, learns: bool, exploration: float = 0.05, apart: float = 0.15) -> float:
        """Euros for each euro that a group as far below the threshold costs."""
        above, below = (
            lending(seed, exploration, rate, learns=learns)[1]
            for rate in (0.55 + apart, 0.55 - apart)
        )
        return -above / below

    claim.effect(
        "earned per euro of cost", earned, knob="learns", on=True, off=False, above=6, off_below=3,
        also=[{"exploration": 0.02}, {"apart": 0.1}],
    )  # fmt: skip
    claim.limit(
        "Over a few months, what is found hardly has time to pay.",
        "share of what a good group can earn in three months",
        lambda seed: lending(seed, 0.02, 0.7, months=3)[1] / 4_500, below=0.25,
    )  # fmt: skip
    assert lending(0, 0.02, 0.7)[1] / 45_000 > 0.5


@cache
def selection(
    seed: int, exploration: float = 0.05, skilled: bool = True, threshold: float = 0.7,
    overridden: float = 0, slope: float = 2, rows: int = 20_000, level: float = -0.5,
) -> tuple[float, float, float, float, float]:  # fmt: skip
    """Return the repay rate of the approved, the weighted one, its standard error, and that of all.

    The last number is the sum of one over the propensity, over the number of applicants.
    """
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, 2))
    chance = 1 / (1 + np.exp(-level - features @ [slope, -1.5]))
    repays = rng.random(rows) < chance
    scores = chance if skilled else rng.permutation(chance)
    approved, propensities = approve(scores, threshold, exploration, seed=seed)
    approved &= (propensities == 1) | (rng.random(rows) >= overridden)
    seen = repays[approved], propensities[approved]
    stood_for = np.sum(1 / seen[1]) / rows
    rates = repays[approved].mean(), weighted_rate(*seen), weighted_rate_error(*seen)
    return *rates, repays.mean(), stood_for


def test_propensities_recover_the_rate(claim: Claim) -> None:
    """The repay rate of those approved by a skilled score is far above that of all applicants;
    weighted by the logged propensities of explored loans, it is close to it."""

    def excess(column: int):
        def measure(seed: int, **given) -> float:
            one = selection(seed, **given)
            return abs(one[column] - one[3])

        return measure

    also = [{"threshold": 0.6}, {"slope": 1}, {"rows": 10_000}]
    claim.effect(
        "approved - all", excess(0), knob="skilled", on=True, off=False, above=0.2, off_below=0.05,
        also=also,
    )  # fmt: skip
    claim.effect(
        "weighted - all", excess(1), knob="exploration", on=0.05, off=0, below=0.07, off_above=0.2,
        also=also,
    )  # fmt: skip
    claim.limit(
        "Where nine in ten repay, the approved hardly repay more.",
        "approved - all", lambda seed: excess(0)(seed, level=4), below=0.1,
    )  # fmt: skip
    claim.limit(
        "If staff stop half of the explored loans, the weighted rate is wrong; one over the propensity then adds up to too few applicants.",
        "weighted - all", lambda seed: excess(1)(seed, overridden=0.5), above=0.07,
    )  # fmt: skip
    for seed in range(5):
        assert selection(seed)[4] == pytest.approx(1, abs=0.06)
        assert selection(seed, overridden=0.5)[4] < 0.75

    def spread(seed: int) -> float:
        return np.ptp([selection(10 * seed + n, 0.05, rows=200)[1] for n in range(10)])

    claim.limit(
        "With a handful of explored loans, the weighted rate is far off in either direction.",
        "range of ten weighted rates, 200 applicants", spread, above=0.2,
    )  # fmt: skip

    def holds(seed: int, level: float) -> float:
        """Share of weighted rates within two standard errors, about a dozen of them explored."""
        rows = 300 if level < -1 else 400
        runs = [selection(300 * seed + n, 0.05, rows=rows, level=level) for n in range(300)]
        return np.mean([abs(one[1] - one[3]) < 2 * one[2] for one in runs])

    claim.limit(
        "Its standard error is too small, even with a dozen if few repay.",
        "share within two standard errors", lambda seed: holds(seed, -3), below=0.91,
    )  # fmt: skip
    assert holds(0, -0.5) > 0.92
    few = np.array([selection(seed, 0.02, rows=200) for seed in range(200)])
    assert few[:, 2].mean() < 0.9 * (few[:, 1] - few[:, 3]).std()  # with a handful


APPEAL = np.array([0.30, 0.28, 0.26, 0.24, 0.22, 0.20, 0.18, 0.16, 0.14, 0.45])


@cache
def ranking(
    seed: int, looks: str, best: float = 0.45, pages: int = 30_000, decay: float = 1
) -> tuple[list[int], list[int]]:  # fmt: skip
    """Return the items ranked by clicks and by examined click rate."""
    appeal = np.append(APPEAL[:9], best)
    place, rng, shown = (
        np.arange(1, 11),
        np.random.default_rng(seed),
        np.tile(np.arange(10), (pages, 1)),
    )
    shuffled = np.arange(pages) % 50 == 0
    shown[shuffled] = rng.permuted(shown[shuffled], axis=1)
    clicks, total = np.zeros(shown.shape, dtype=int), np.zeros(10)
    examination = 1 / place**decay if looks == "falling" else np.full(10, 0.5)
    for day in np.split(np.arange(pages), 25):
        order = np.argsort(-total, kind="stable")
        shown[day] = order[shown[day]]
        clicks[day] = rng.random((day.size, 10)) < appeal[shown[day]] * examination
        total += np.bincount(shown[day].ravel(), clicks[day].ravel(), minlength=10)
    positions = np.broadcast_to(place, shown.shape)
    measured = examination_rates(positions[shuffled].ravel(), clicks[shuffled].ravel())
    rates = examined_click_rates(shown.ravel(), positions.ravel(), clicks.ravel(), measured)
    return order.tolist(), rates.sort_values(ascending=False).index.tolist()


def first_of_many(seed: int, extra_looks: float, shape: tuple[float, float] = (2, 18)) -> float:
    """Return the mean appeal of the first fifty of two thousand items, most of them seldom shown."""
    rng, looks, popular = np.random.default_rng(seed), 1 / np.arange(1, 11), 1 / np.arange(1, 2_001)
    appeal = rng.beta(*shape, 2_000)
    shown = rng.choice(2_000, (10_000, 10), p=popular / popular.sum())
    clicks = rng.random(shown.shape) < appeal[shown] * looks
    positions = np.broadcast_to(np.arange(1, 11), shown.shape)
    rates = examined_click_rates(
        shown.ravel(), positions.ravel(), clicks.ravel(), looks, extra_looks
    )
    return appeal[rates.nlargest(50).index].mean()


def position_in_time(seed: int, pages: int) -> int:
    """Return the best item's position by clicks; ranked anew every 2,000 pages, 1 in 50 shuffled."""
    rng, total, looks = np.random.default_rng(seed), np.zeros(10), 1 / np.arange(1, 11)
    batch = max(2_000, pages // 1_000)
    for _ in range(pages // batch):
        order = np.argsort(-total, kind="stable")
        total[order] += rng.binomial(batch * 49 // 50, APPEAL[order] * looks)
        total += rng.binomial(batch // 50, APPEAL * looks.mean())
    return 1 + np.argsort(-total, kind="stable").tolist().index(9)


def test_best_item_is_stuck(claim: Claim) -> None:
    """If looks fall steeply with the position and it matters to clicks in no other way, the best item
    stays below a worse one when ranked by clicks; ranked by examined click rate, it comes first."""

    def lost(seed: int, looks: str, **given) -> float:
        by_clicks, by_rate = ranking(seed, looks, **given)
        return by_clicks.index(9) - by_rate.index(9)

    claim.effect(
        "positions lost by clicks", lost, knob="looks", on="falling", off="equal", above=0.9,
        off_below=0.1, also=[{"best": 0.5}, {"pages": 50_000}],
    )  # fmt: skip
    for seed in range(5):
        assert ranking(seed, "falling")[1][0] == 9
    gentle = "If looks fall gently or the best item has well over twice the others' appeal, clicks find it."
    for given in ({"decay": 0.5}, {"best": 0.65}):
        claim.limit(
            gentle, "position by clicks, from zero",
            lambda seed, given=given: ranking(seed, "falling", **given)[0].index(9), below=0.5,
        )  # fmt: skip
    claim.limit(
        "The lowest positions get few clicks on shuffled pages: luck orders the items there.",
        "items out of place, of the last five",
        lambda seed: np.mean([np.array(ranking(seed + k, "falling")[1][5:]) != range(4, 9) for k in range(3)]) * 5, above=1,
    )  # fmt: skip
    claim.limit(
        "With thousands of items, luck puts some first; extra looks bring up better ones.",
        "mean appeal of the first fifty: gain by extra looks",
        lambda seed: first_of_many(seed, 20) - first_of_many(seed, 0), above=0.015,
    )  # fmt: skip

    rare = (5, 245)  # one click in fifty looks: twenty more are worth less than half a click
    assert (
        np.mean([first_of_many(s, 100, rare) - first_of_many(s, 20, rare) for s in range(6)]) > 4e-4
    )

    def lower(seed: int, pages: int) -> float:
        return position_in_time(seed, 10_000) - position_in_time(seed, pages)

    sentence = (
        "With more pages, clicks lift the best item to the second position here, and no further."
    )
    claim.limit(sentence, "positions won", lambda seed: lower(seed, 1_000_000), above=0.5, seeds=5)
    for pages in (1_000_000, 20_000_000):
        assert [position_in_time(seed, pages) for seed in range(5)] == [2] * 5


def test_threshold_is_approved() -> None:
    approved, propensities = approve([0.54, 0.55, 0.56], 0.55, 0, seed=1)
    assert approved.tolist() == [False, True, True]
    assert propensities.tolist() == [0, 1, 1]
    assert approve([0, 1], 2, 1, seed=0)[0].all()


def test_draw_keeps_its_share_and_its_seed() -> None:
    scores = np.repeat([0.1, 0.9], 20_000)
    approved, propensities = approve(scores, 0.5, 0.1, seed=3)
    assert approved[20_000:].all()
    assert approved[:20_000].mean() == pytest.approx(0.1, abs=0.01)
    np.testing.assert_array_equal(propensities, np.repeat([0.1, 1], 20_000))
    np.testing.assert_array_equal(approved, approve(scores, 0.5, 0.1, seed=3)[0])
    assert (approved != approve(scores, 0.5, 0.1, seed=4)[0]).any()


@pytest.mark.parametrize("seed", range(10))
def test_weighted_rate_is_statsmodels_weighted_mean(seed: int) -> None:
    rng = np.random.default_rng(seed)
    outcomes, propensities = rng.normal(size=50), rng.uniform(0.01, 1, 50)
    expected = DescrStatsW(outcomes, weights=1 / propensities).mean
    assert weighted_rate(outcomes, propensities) == pytest.approx(expected)
    paid = outcomes > 0
    assert weighted_rate(paid, np.ones(50)) == pytest.approx(paid.mean())
    assert weighted_rate_error(paid, np.ones(50)) == pytest.approx(
        np.std(outcomes > 0) / np.sqrt(50)
    )


def test_standard_error_is_that_of_repeated_draws() -> None:
    found = np.array([selection(seed, 0.1, rows=4_000)[:4] for seed in range(200)])
    assert found[:, 2].mean() == pytest.approx((found[:, 1] - found[:, 3]).std(), rel=0.25)
    assert weighted_rate([1, 0], [1e-310, 1]) == 1  # one over it is infinite
    half = np.arange(40_000) % 2, np.full(40_000, 0.5)
    half = [each.astype(np.float16) for each in half]  # sums of float16 overflow
    assert (weighted_rate(*half), weighted_rate_error(*half)) == pytest.approx((0.5, 0.5 / 200))
    with pytest.raises(ValueError, match="outcomes must differ"):  # it was 0, of one loan, too
        weighted_rate_error([1, 1, 1], [1, 1, 0.02])


@pytest.mark.parametrize("seed", range(5))
def test_examined_rate_is_the_poisson_estimate_with_offset(seed: int) -> None:
    rng = np.random.default_rng(seed)
    examination = 1 / np.arange(1, 6) ** rng.uniform(0, 2)
    items, positions = rng.integers(0, 4, 2_000), rng.integers(1, 6, 2_000)
    clicks = rng.random(2_000) < (0.2 + 0.1 * items) * examination[positions - 1]
    rates = examined_click_rates(items, positions, clicks, examination)
    fit = sm.GLM(
        clicks.astype(float),
        (items[:, None] == np.arange(4)).astype(float),
        family=sm.families.Poisson(),
        offset=np.log(examination[positions - 1]),
    ).fit()
    assert rates.to_numpy() == pytest.approx(np.exp(fit.params), rel=1e-5)
    assert rates.index.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_pages_give_examination_back(seed: int) -> None:
    rng = np.random.default_rng(seed)
    examination = np.array([1, 0.6, 0.5, 0.2])
    positions = np.tile(np.arange(1, 5), 20_000)
    clicks = rng.random(80_000) < 0.4 * examination[positions - 1]
    assert examination_rates(positions, clicks) == pytest.approx(examination, rel=0.1)


def test_examination_by_hand() -> None:
    positions, clicks = [1, 1, 2, 2, 2, 2, 3], [1, 1, 1, 0, 1, 0, 1]
    assert examination_rates(positions, clicks).tolist() == [1, 0.5, 1]
    assert examination_rates([1, 1, 2, 2], [1, 0, 1, 1]).tolist() == [1, 2]
    mixed = np.array([1, True, False], dtype=object)
    assert examination_rates([1, 2, 2], mixed).tolist() == [1, 0.5]
    rates = examined_click_rates(["b", "a", "b"], [1, 2, 2], [1, 1, 0], [1, 0.5], extra_looks=2)
    assert rates.to_dict() == {"a": pytest.approx(3 / 2.5), "b": pytest.approx(3 / 3.5)}
    rates = examined_click_rates(["b", "a", "b"], [1, 2, 2], [1, 1, 0], [1, 0.5, 0.1])
    assert rates.to_dict() == {"a": 2, "b": pytest.approx(1 / 1.5)}


def test_bad_input_is_named() -> None:
    scores = [0.2, 0.9, 0.5]
    names_bad_input(approve, scores=scores, threshold=0.5, exploration=0.1, seed=0,
                    allow=[("threshold", "negative"), ("threshold", "above one")], bounds={"seed": "[0, inf)", "exploration": "[0, 1]"})  # fmt: skip
    log = {"outcomes": [1, 0, 1], "propensities": [1, 0.1, 0.5]}
    names_bad_input(weighted_rate, **log, paired=list(log))
    names_bad_input(weighted_rate_error, **log, paired=list(log))
    log = {"positions": [1, 2, 1, 2], "clicks": [1, 1, 0, 1]}
    names_bad_input(examination_rates, **log, paired=list(log))
    log = {"items": ["a", "b", "b", "a"], **log}
    names_bad_input(examined_click_rates, **log, examination=[1, 0.5], extra_looks=20.0, paired=list(log))  # fmt: skip
    with pytest.raises(ValueError, match="at most 1"):
        weighted_rate([1, 0], [1, 1.01])
    with pytest.raises(ValueError, match="above 0"):
        weighted_rate([1, 0], [1, 0])
    for exploration in (-0.01, 1.01):
        with pytest.raises(ValueError, match="exploration"):
            approve(scores, 0.5, exploration, seed=0)
    with pytest.raises(ValueError, match="seed"):
        approve(scores, 0.5, 0.1, seed=-1)
    with pytest.raises(ValueError, match="positions"):
        examination_rates([[1, 2]], [[1, 1]])
    for positions in ([1.5, 2], [-1, 2], [1, 1e9]):
        with pytest.raises(ValueError, match="positions must be whole numbers"):
            examination_rates(positions, [1, 1])
    for positions, clicks in (([1, 3], [1, 1]), ([1, 2], [1, 0])):
        with pytest.raises(ValueError, match="clicks must hold one at every position"):
            examination_rates(positions, clicks)
    with pytest.raises(ValueError, match="clicks must hold 0 as well"):  # a log of clicks alone
        examination_rates([1, 2, 2], [1, 1, 1])
    for name, bad in {
        "items": ["a", None, "b", "a"],
        "positions": [0, 1, 1, 2],
        "clicks": [1, 2, 0, 1],
        "examination": [1, 0],
        "extra_looks": -1,
    }.items():
        with pytest.raises(ValueError, match=name):
            examined_click_rates(**{**log, "examination": [1, 0.5], name: bad})
    for examination in ([1], [1, -0.5], [[1, 0.5]], ["1", "2"], [1, np.inf]):
        with pytest.raises((TypeError, ValueError), match="examination"):
            examined_click_rates(**log, examination=examination)


def test_a_score_is_compared_in_its_own_precision() -> None:
    """0.7 in float32 lies below 0.7, and the model that returned it meant 0.7."""
    for kind in ("float16", "float32", "float64", "Float32", "object"):
        scores = pd.Series([0.7, 0.1]).astype(kind)
        assert approve(scores, 0.7, 0, seed=0)[1].tolist() == [1, 0]
    assert approve([1, 70_000], Fraction(1, 2), Fraction(0), seed=0)[1].tolist() == [1, 1]
    assert approve(np.float16([1]), 1e6, 0, seed=0)[1].tolist() == [0]  # beyond float16


def test_extra_looks_of_any_kind() -> None:
    log = {"items": ["a", "b"], "positions": [1, 2], "clicks": [1, 0], "examination": [1, 0.5]}
    rates = examined_click_rates(**log, extra_looks=Fraction(1, 2))
    assert rates.equals(examined_click_rates(**log, extra_looks=0.5))
