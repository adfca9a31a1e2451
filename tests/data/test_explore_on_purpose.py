"""docs/data/explore-on-purpose.md"""

from functools import cache

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.weightstats import DescrStatsW

from proof.claims import Claim
from snippets.data.position_bias import examination_rates, examined_click_rates
from snippets.data.selective_labels import approve, weighted_rate
from tools.bad_input import names_bad_input


@cache
def lending(rate: float, start: int, exploration: float, seed: int) -> tuple[float, float]:
    """Return the share approved and the profit of a group, averaged over ten runs."""
    granted, profit = [], []
    for run in range(10 * seed, 10 * seed + 10):
        rng, loans, repaid = np.random.default_rng(run), 5, start
        for month in range(30):
            scores = np.full(100, repaid / loans)
            approved, _ = approve(scores, 55 / 100, exploration, seed=30 * run + month)
            loans += approved.sum()
            repaid += rng.binomial(approved.sum(), rate)
        granted.append(loans - 5)
        profit.append(45 * (repaid - start) - 55 * (loans - 5 - repaid + start))
    return np.mean(granted) / 3_000, np.mean(profit)


def test_exploration_finds_the_group_that_repays(claim: Claim) -> None:
    """Greedy approval never learns that a group repays whose first loans went badly; exploring
    a fiftieth of the rejections does."""
    claim.holds("approved, greedy", lambda seed: lending(0.7, 1, 0, seed)[0], below=0.001)
    claim.holds("approved, explored", lambda seed: lending(0.7, 1, 0.02, seed)[0], above=0.4)
    claim.null("approved after a lucky start", lambda seed: lending(0.7, 4, 0, seed)[0], above=0.9)


def test_exploration_costs_and_earns(claim: Claim) -> None:
    """Exploring a group that does not repay costs money, several times less than a group that
    does repay earns once it is found."""

    def cost(seed: int, exploration: float) -> float:
        return -lending(0.4, 1, exploration, seed)[1]

    claim.holds("cost, euros", lambda seed: cost(seed, 0.05), above=1_000)
    claim.holds(
        "earned per euro of cost",
        lambda seed: lending(0.7, 1, 0.05, seed)[1] / cost(seed, 0.05),
        above=8,
    )
    claim.null("cost of no exploration", lambda seed: cost(seed, 0), above=-1, below=1)


@cache
def selection(threshold: float, exploration: float, seed: int) -> tuple[float, float, float]:
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(10_000, 2))
    chance = 1 / (1 + np.exp(0.5 - features @ [2, -1.5]))
    repays = rng.random(10_000) < chance
    approved, propensities = approve(chance, threshold, exploration, seed=seed)
    weighted = weighted_rate(repays[approved], propensities[approved])
    return repays[approved].mean(), weighted, repays.mean()


def test_propensities_recover_the_rate(claim: Claim) -> None:
    """The repay rate of the approved is far above that of all applicants; weighted by the
    logged propensities, it is close to it."""

    def excess(column: int, threshold: float = 0.7):
        def measure(seed: int) -> float:
            one = selection(threshold, 0.05, seed)
            return abs(one[column] - one[2])

        return measure

    claim.holds("approved - all", excess(0), above=0.25)
    claim.holds("weighted - all", excess(1), below=0.1)
    claim.null("approved - all, everyone approved", excess(0, threshold=0), below=0.001)


@cache
def ranking(falling: bool, seed: int) -> tuple[int, int]:
    """Return the position of the best item by clicks and by examined click rate."""
    appeal = np.array([0.30, 0.28, 0.26, 0.24, 0.22, 0.20, 0.18, 0.16, 0.14, 0.45])
    place, rng = np.arange(1, 11), np.random.default_rng(seed)
    pages, shuffled = np.tile(np.arange(10), (50_000, 1)), np.arange(50_000) % 50 == 0
    pages[shuffled] = rng.permuted(pages[shuffled], axis=1)
    clicks = np.zeros(pages.shape, dtype=int)
    for day in np.split(np.arange(50_000), 25):
        total = np.bincount(pages[: day[0]].ravel(), clicks[: day[0]].ravel(), minlength=10)
        order = np.argsort(-total, kind="stable")
        pages[day] = order[pages[day]]
        examination = 1 / place if falling else np.full(10, 0.5)
        clicks[day] = rng.random((day.size, 10)) < appeal[pages[day]] * examination
    positions = np.broadcast_to(place, pages.shape)
    measured = examination_rates(positions[shuffled].ravel(), clicks[shuffled].ravel())
    rates = examined_click_rates(pages.ravel(), positions.ravel(), clicks.ravel(), measured)
    repaired = rates.sort_values(ascending=False).index
    return 1 + order.tolist().index(9), 1 + repaired.tolist().index(9)


def test_best_item_is_stuck(claim: Claim) -> None:
    """Ranked by clicks, the best item stays below a worse one; ranked by examined click rate,
    it comes first."""
    claim.holds("position by clicks", lambda seed: ranking(True, seed)[0], above=1.5)
    claim.holds("position by examined click rate", lambda seed: ranking(True, seed)[1], below=1.5)
    claim.null("position by clicks, equal looks", lambda seed: ranking(False, seed)[0], below=1.5)


def test_threshold_is_approved() -> None:
    approved, propensities = approve([0.54, 0.55, 0.56], 0.55, 0, seed=1)
    assert approved.tolist() == [False, True, True]
    assert propensities.tolist() == [0, 1, 1]
    assert approve([0, 1], 2, 1, seed=0)[0].all()


def test_lot_keeps_its_share_and_its_seed() -> None:
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
    assert weighted_rate(outcomes > 0, np.ones(50)) == pytest.approx(np.mean(outcomes > 0))


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
    assert examination_rates([1, 2], np.array([1, True], dtype=object)).tolist() == [1, 1]
    rates = examined_click_rates(["b", "a", "b"], [1, 2, 2], [1, 1, 0], [1, 0.5, 0.1])
    assert rates.to_dict() == {"a": 2, "b": pytest.approx(1 / 1.5)}


def test_bad_input_is_named() -> None:
    scores = [0.2, 0.9, 0.5]
    names_bad_input(approve, scores=scores, threshold=0.5, exploration=0.1, seed=0,
                    allow=[("threshold", "negative"), ("threshold", "above one")], bounds={"seed": "[0, inf)", "exploration": "[0, 1]"})  # fmt: skip
    names_bad_input(weighted_rate, outcomes=[1, 0, 1], propensities=[1, 0.1, 0.5],
                    paired=["outcomes", "propensities"])  # fmt: skip
    log = {"positions": [1, 2, 1, 2], "clicks": [1, 1, 0, 1]}
    names_bad_input(examination_rates, **log, paired=list(log))
    log = {"items": ["a", "b", "b", "a"], **log}
    names_bad_input(examined_click_rates, **log, examination=[1, 0.5], paired=list(log))
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
    for positions, clicks in (([1, 3], [1, 1]), ([1, 2], [1, 0])):
        with pytest.raises(ValueError, match="clicks must hold one at every position"):
            examination_rates(positions, clicks)
    for name, bad in {
        "items": ["a", None, "b", "a"],
        "positions": [0, 1, 1, 2],
        "clicks": [1, 2, 0, 1],
        "examination": [1, 0],
    }.items():
        with pytest.raises(ValueError, match=name):
            examined_click_rates(**{**log, "examination": [1, 0.5], name: bad})
    for examination in ([1], [1, -0.5], [[1, 0.5]], ["1", "2"], [1, np.inf]):
        with pytest.raises(ValueError, match="examination"):
            examined_click_rates(**log, examination=examination)
