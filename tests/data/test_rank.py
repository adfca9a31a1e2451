"""docs/data/rank.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, t, ttest_1samp
from sklearn.metrics import ndcg_score

from docs.data.figures.logged_clicks import KNOB, measure, ranks_of
from proof.claims import Claim
from snippets.data.interleaving import preference, team_draft
from snippets.data.logged_dcg import logged_dcg
from snippets.data.ndcg_interval import mean_by_unit, ndcg_by_query
from tools.bad_input import INFINITE, NONE, TEXT, names_bad_input


def test_logged_clicks_prefer_the_old_ranker(claim: Claim) -> None:
    """If looks fall as one over the position and many items get clicks, clicks logged under the old
    ranker make a better new one look worse; clicks over looks do not."""
    others = [
        {"items": 20, "sessions": 30},
        {"blurs": (0.5, 0.3)},
        {"appeals": (0.02, 0.05, 0.1, 0.2), "sessions": 80, "blurs": (0.2, 0.05)},
    ]
    claim.effect(
        "gain by clicks", measure, knob="steepness", **KNOB.ends, below=-0.04, off_above=0.01,
        also=others,
    )  # fmt: skip
    claim.effect(
        "gain where looks fall as one over the place",
        lambda seed, **setting: measure(seed, 1.0, **setting),
        knob="by", on="weighted", off="clicks", above=0.005, off_below=-0.04, also=others,
    )  # fmt: skip

    def gain(seed: int, kind: str, assumed: float) -> float:
        rng = np.random.default_rng(seed)
        appeal, blurs = rng.choice([0.05, 0.1, 0.3, 0.6], (200, 10)), (0.3, 0.2)
        if kind == "one item":
            one = np.arange(10) == rng.integers(10, size=(200, 1))
            appeal, blurs = np.where(one, 0.6, 0.0), (1.0, 0.2)
        old, new = (ranks_of(appeal + blur * rng.normal(size=(200, 10))) for blur in blurs)
        query = np.repeat(np.arange(200), 50)
        clicks = rng.random((query.size, 10)) < (appeal / old)[query]
        looks = np.arange(1.0, 11) ** -assumed
        log = old[query].ravel(), clicks.ravel()
        session = np.repeat(np.arange(query.size), 10)
        dcg = [logged_dcg(session, *log, r[query].ravel(), looks) for r in (old, new)]
        return dcg[1].mean() / dcg[0].mean() - 1

    claim.limit(
        "Where one item of a query gets all clicks, the better ranker wins on biased clicks, too.",
        "gain by clicks", lambda seed: gain(seed, "one item", 0.0), above=0.03,
    )  # fmt: skip
    for sessions, trials, below in ((1_000, 60, 0.82), (4_000, 40, 0.88)):
        claim.limit(
            "The interval takes the looks for known: with a fifth as many shuffled pages as "
            "sessions, it misses the truth far too often.",
            f"share of 95% intervals that hold the gain, {sessions} sessions",
            lambda s, n=sessions, k=trials: interval_holds(s, n // 5, k, n), below=below,
        )  # fmt: skip
    assert interval_holds(0, 2_000) > 0.85
    assert interval_holds(0, 0) > 0.88
    claim.limit(
        "Where low positions got few clicks, the interval lies too low and misses the gain far too often.",
        "share of 95% intervals that hold the gain, looks known",
        lambda seed: interval_holds(seed, 0, steepness=2.0, rare=0.05), below=0.88,
    )  # fmt: skip
    claim.limit(
        "If looks fall faster than you assume, part of the bias stays: measure them on shuffled pages.",
        "gain by clicks over the root of the looks", lambda seed: gain(seed, "many", 0.5), below=-0.01,
    )  # fmt: skip

    def left_over(seed: int) -> float:
        """Gain by clicks over looks minus the true one; looks from shuffled pages, one click each."""
        rng = np.random.default_rng(seed)
        appeal = rng.choice([0.05, 0.1, 0.3, 0.6], (200, 10))
        old, new = (ranks_of(appeal + blur * rng.normal(size=(200, 10))) for blur in (0.3, 0.2))
        query, shuffled = np.repeat(np.arange(200), 50), rng.integers(200, size=20_000)

        def first_click(ranks: np.ndarray, chance: np.ndarray) -> np.ndarray:
            wanted = rng.random(ranks.shape) < chance
            return wanted & (ranks == np.where(wanted, ranks, 99).min(axis=1, keepdims=True))

        places = ranks_of(rng.random((20_000, 10)))
        seen = np.bincount(places[first_click(places, appeal[shuffled])], minlength=11)[1:]
        clicks, session = first_click(old[query], appeal[query]), np.repeat(np.arange(10_000), 10)
        log = session, old[query].ravel(), clicks.ravel()
        dcg = [logged_dcg(*log, r[query].ravel(), seen / seen[0]).mean() for r in (old, new)]
        true = [np.sum(appeal / np.log2(r + 1)) for r in (old, new)]
        return dcg[1] / dcg[0] - true[1] / true[0]

    claim.limit(
        "If people stop after a click, dividing by looks leaves part of the bias.",
        "gain by clicks over looks minus the true one", left_over, below=-0.015,
    )  # fmt: skip


def interval_holds(
    seed: int, shuffled: int, trials: int = 60, sessions: int = 1_000, steepness: float = 1.0,
    rare: float = 1.0,
) -> float:  # fmt: skip
    """Share of intervals that hold the gain, the looks measured on shuffled pages (0: known)."""
    rng, looks, held = np.random.default_rng(seed), np.arange(1.0, 11) ** -steepness, []
    for _ in range(trials):
        appeal = rng.choice([0.05, 0.1, 0.3, 0.6], (sessions, 10))
        old, new = (ranks_of(appeal + blur * rng.normal(size=appeal.shape)) for blur in (0.3, 0.2))
        appeal *= rare
        clicks = (rng.random(appeal.shape) < appeal * looks[old - 1]).ravel()
        counted = np.maximum(rng.binomial(shuffled, 0.2625 * looks), 0.5)
        measured = counted / counted[0] if shuffled else looks
        session = np.repeat(np.arange(sessions), 10)
        dcg = [logged_dcg(session, old.ravel(), clicks, r.ravel(), measured) for r in (old, new)]
        _, low, high = mean_by_unit(dcg[1] - dcg[0], np.arange(sessions))
        held.append(
            low < np.sum(appeal / np.log2(new + 1) - appeal / np.log2(old + 1)) / sessions < high
        )
    return float(np.mean(held))


@cache
def by_few_clicks(seed: int, sessions: int, blur: float = 0.3, items: int = 10) -> float:
    """True NDCG of ranking by clicks over looks, minus that of ranking by clicks."""
    rng = np.random.default_rng(seed)
    appeal = rng.choice([0.05, 0.1, 0.3, 0.6], (400, items))
    old = ranks_of(appeal + blur * rng.normal(size=appeal.shape))
    clicks = rng.binomial(sessions, appeal / old)
    query = np.repeat(np.arange(400), items)
    ndcg = [ndcg_by_query(query, appeal.ravel(), s.ravel()).mean() for s in (clicks * old, clicks)]
    return ndcg[0] - ndcg[1]


def test_weights_cost_noise(claim: Claim) -> None:
    """If an item has few clicks, ranking by clicks over looks is worse than ranking by clicks as
    they are; with many clicks, it is better."""
    claim.effect(
        "NDCG of clicks over looks minus clicks", by_few_clicks, knob="sessions", on=20, off=1_000,
        below=-0.003, off_above=0.003, also=[{"blur": 0.2}, {"items": 15}],
    )  # fmt: skip
    claim.limit(
        "Where the old order says nothing about the appeal, dividing pays even with few clicks.",
        "NDCG difference, twenty sessions on a random order",
        lambda seed: by_few_clicks(seed, 20, blur=1e6), above=0.003,
    )  # fmt: skip
    claim.limit(
        "Where it is nearly right, dividing hardly helps even with many.",
        "NDCG difference, a thousand sessions on a nearly perfect order",
        lambda seed: by_few_clicks(seed, 1_000, blur=0.05), below=0.002,
    )  # fmt: skip


def searches(
    rng: np.random.Generator, badly: float, users: int, each: int, k: int | None
) -> np.ndarray:
    """Return NDCG, a row for each user; half of the users are served badly."""
    blur = np.where(rng.random((users, 1, 1)) < 0.5, 0.8, badly)
    relevance = rng.choice([0, 0, 1, 2], (users, each, 5))
    relevance[..., 0] = 1  # no query without a relevant item
    scores = relevance + blur * rng.normal(size=relevance.shape)
    query = np.repeat(np.arange(users * each), 5)
    return (
        ndcg_by_query(query, relevance.ravel(), scores.ravel(), k).to_numpy().reshape(users, each)
    )


@cache
def population(badly: float, k: int | None) -> float:
    return float(searches(np.random.default_rng(10**6), badly, 20_000, 1, k).mean())


@cache
def held(
    seed: int, badly: float, users: int, each: int, k: int | None, trials: int
) -> dict[str, float]:
    """Share of 95% intervals that hold the NDCG of the population, by what is taken as a unit."""
    ndcg = searches(np.random.default_rng(seed), badly, users * trials, each, k)
    truth, user = population(badly, k), np.repeat(np.arange(users), each)
    shares = {}
    for name, unit in (("users", user), ("queries", np.arange(user.size))):
        ends = [mean_by_unit(part.ravel(), unit)[1:] for part in np.split(ndcg, trials)]
        shares[name] = float(np.mean([low < truth < high for low, high in ends]))
    return shares


def coverage(
    seed: int, badly: float, units: str, users: int = 20, each: int = 20, k: int | None = None,
    trials: int = 60,
) -> float:  # fmt: skip
    return held(seed, badly, users, each, k, trials)[units]


def test_users_are_the_units(claim: Claim) -> None:
    """If users ask several queries and some users are served worse, an interval over queries
    misses the truth more often than it says; one over users does not."""
    others = [{"k": 3}, {"users": 40, "trials": 40}]
    claim.effect(
        "share of 95% intervals over queries that hold the truth",
        lambda seed, **setting: coverage(seed, units="queries", **setting),
        knob="badly", on=6.0, off=0.8, below=0.8, off_above=0.84, also=others,
    )  # fmt: skip
    claim.effect(
        "share of 95% intervals that hold the truth",
        lambda seed, **setting: coverage(seed, 6.0, **setting),
        knob="units", on="users", off="queries", above=0.84, off_below=0.8, also=others,
    )  # fmt: skip
    claim.limit(
        "With three users, all may be of one kind, and the interval over users is too short.",
        "share of intervals that hold the truth, three users",
        lambda seed: coverage(seed, 6.0, "users", users=3, each=40, trials=100), below=0.91,
    )  # fmt: skip
    assert np.mean([coverage(seed, 6.0, "users") for seed in range(5)]) > 0.92

    def few_ask_most(seed: int) -> float:
        rng, held = np.random.default_rng(seed), []
        for _ in range(200):
            queries = np.maximum(1, (10 * rng.lognormal(0, 2, 20)).astype(int))
            if 10 * queries.max() > 7 * queries.sum():  # refused
                continue
            users = np.repeat(np.arange(20), queries)
            values = rng.normal(np.where(rng.random(20) < 0.5, -0.1, 0.1)[users], 0.2)
            _, low, high = mean_by_unit(values, users)
            held.append(low < 0 < high)
        return np.mean(held)

    claim.limit(
        "It is, too, where a few of twenty users ask most queries.",
        "share of intervals that hold the truth", few_ask_most, below=0.94,
    )  # fmt: skip

    @cache
    def shared_queries(seed: int) -> tuple[float, float]:
        """Values that depend on user and query: shares held by the wider interval, and by both added."""
        rng, held = np.random.default_rng(seed), []
        for _ in range(150):
            user, query = np.divmod(np.arange(900), 30)  # everyone asked everything
            values = rng.normal(size=30)[user] + rng.normal(size=30)[query]
            mean, _, high = np.transpose([mean_by_unit(values, units) for units in (user, query)])
            reach = high - mean
            held.append(abs(mean[0]) < np.array([reach.max(), np.hypot(*reach)]))
        return tuple(np.mean(held, axis=0))

    claim.limit(
        "Where users share queries, add the squared half-widths of the intervals over users and over "
        "queries: the wider one alone is too short.",
        "share of the wider intervals that hold the truth", lambda seed: shared_queries(seed)[0], below=0.9,
    )  # fmt: skip
    assert np.mean([shared_queries(seed)[1] for seed in range(3)]) > 0.92


def found(
    seed: int, design: str = "interleaving", better: float = 0.1, sessions: int = 500,
    items: int = 10, steepness: float = 1.0, lost: float = 0.0, trials: int = 40,
) -> float:  # fmt: skip
    """Share of tests that find the new ranker better, at two-sided five percent."""
    return found_once(seed, design, better, sessions, items, steepness, lost, trials)


@cache
def found_once(
    seed: int, design: str, better: float, sessions: int, items: int, steepness: float,
    lost: float, trials: int,
) -> float:  # fmt: skip
    rng, looks = np.random.default_rng(seed), np.arange(1, 7) ** -steepness

    def click(appeal: np.ndarray, shown: np.ndarray) -> np.ndarray:
        return rng.random(shown.shape, np.float32) < np.take_along_axis(appeal, shown, 1) * looks

    grades, size = np.array([0.05, 0.1, 0.3, 0.6], np.float32), (trials * sessions, items)
    appeal = grades[rng.integers(4, size=size, dtype=np.uint8)]
    old, new = (
        np.argsort(-appeal - np.float32(blur) * rng.standard_normal(size, np.float32), axis=1)[
            :, :6
        ]
        for blur in (0.3, better)
    )
    if lost:
        new = old
    if design == "interleaving":
        shown, by_new = team_draft(old, new, length=6, seed=seed)
        clicked = click(appeal, shown)
        parts = np.split(np.arange(len(shown)), trials)
        won = [preference(by_new[part], clicked[part], np.arange(sessions)) for part in parts]
        return float(np.mean([w["low"] > 0.5 or (lost > 0 and w["high"] < 0.5) for w in won]))
    stayed = rng.random(len(new)) >= lost
    arms = [
        clicked.reshape(trials, sessions)[:, arm::2]
        for arm, clicked in enumerate(
            (click(appeal, old).any(axis=1), click(appeal, new).any(axis=1) & stayed)
        )
    ]
    error = np.hypot(*[arm.std(axis=1) / arm.shape[1] ** 0.5 for arm in arms])
    z = (arms[1].mean(axis=1) - arms[0].mean(axis=1)) / error
    return float(np.mean((z > 1.96) | ((lost > 0) & (z < -1.96))))


def test_interleaving_is_more_sensitive(claim: Claim) -> None:
    """If two rankers differ in the order of items, interleaving finds the better one more often
    than an A/B test of clicked sessions does with as many sessions."""
    claim.effect(
        "better ranker found", found, knob="design", on="interleaving", off="A/B test", above=0.7,
        off_below=0.67, also=[{"items": 12}, {"better": 0.15, "sessions": 700}],
    )  # fmt: skip
    claim.effect(
        "ranker found better", found, knob="better", on=0.1, off=0.3, above=0.7, off_below=0.12,
        also=[{"items": 12}, {"sessions": 600}],
    )  # fmt: skip
    assert np.mean([found(seed, "A/B test", better=0.3) for seed in range(3)]) < 0.08
    claim.limit(
        "Interleaving cannot see what changes the page as a whole, such as a slower answer or a lost session.",
        "tests that see a tenth of sessions lost, interleaving minus A/B",
        lambda seed: found(seed, lost=0.1) - found(seed, "A/B test", lost=0.1), below=-0.15,
    )  # fmt: skip
    claim.limit(
        "Where nearly all looks go to the first place, interleaving is less sensitive.",
        "better ranker found, interleaving minus A/B, looks 1/place^4",
        lambda seed: found(seed, steepness=4.0) - found(seed, "A/B test", steepness=4.0), below=0.0,
    )  # fmt: skip

    def rotated(seed: int) -> float:
        """Share of the decided sessions that the ranker with a higher c wins, minus one half."""
        rng, old = np.random.default_rng(seed), np.tile([0, 1, 2], (20_000, 1))
        shown, by_new = team_draft(old, old[:, [1, 2, 0]], length=3, seed=seed)
        clicked = (shown == 2) & (rng.random(shown.shape) < 0.6 / np.arange(1, 4))
        return abs(preference(by_new, clicked, np.arange(20_000))["share"] - 0.5)

    claim.limit(
        "If only *c* is clicked, team draft sees no difference between *a, b, c* and *b, c, a*.",
        "share of sessions won, from one half", rotated, below=0.035,
    )  # fmt: skip


@pytest.mark.parametrize("k", [None, 1, 3, 10])
@pytest.mark.parametrize("tied", [False, True])
def test_ndcg_agrees_with_sklearn(k: int | None, tied: bool) -> None:
    rng = np.random.default_rng(0)
    sizes = rng.integers(2, 9, 50)
    query = np.repeat(np.arange(50), sizes)
    grade, score = rng.integers(0, 4, query.size), rng.normal(size=query.size)
    score = score.round() if tied else score
    shuffled = rng.permutation(query.size)
    names = np.array([f"q{n}" for n in query])
    ours = ndcg_by_query(names[shuffled], grade[shuffled], score[shuffled], k)
    for number in range(50):
        rows = query == number
        theirs = ndcg_score([grade[rows]], [score[rows]], k=k)
        if grade[rows].any():
            assert ours[f"q{number}"] == pytest.approx(theirs, abs=1e-12)
        else:
            assert theirs == 0
            assert np.isnan(ours[f"q{number}"])
    gains = ndcg_by_query(names, grade, score, k, exponential=True)
    plain = ndcg_by_query(names, 2**grade - 1, score, k)
    pd.testing.assert_series_equal(gains, plain)


def test_ndcg_by_hand() -> None:
    assert ndcg_by_query(["a"] * 3, [3, 2, 0], [1, 2, 3])["a"] == pytest.approx(
        (2 / np.log2(3) + 3 / 2) / (3 + 2 / np.log2(3))
    )
    assert ndcg_by_query(["a"], [1], [0.0])["a"] == 1  # one item: any order is perfect
    tied = ndcg_by_query(["a"] * 2, [1, 0], [5, 5])["a"]
    assert tied == pytest.approx((1 + 1 / np.log2(3)) / 2)
    with pytest.raises(ValueError, match="relevance must be 0 or above"):
        ndcg_by_query(["a"], [-1], [0.0])
    with pytest.raises(ValueError, match="relevance must be 0 or above"):
        ndcg_by_query(["a"], [61], [0.0], exponential=True)
    with pytest.raises(TypeError, match="exponential"):
        ndcg_by_query(["a"], [1], [0.0], exponential="linear")


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_one_query_a_user_is_the_t_interval(confidence: float) -> None:
    values = np.random.default_rng(0).normal(size=12)
    mean, low, high = mean_by_unit(values, list("abcdefghijkl"), confidence)
    theirs = ttest_1samp(values, 0).confidence_interval(confidence)
    assert (mean, low, high) == pytest.approx((values.mean(), theirs.low, theirs.high), abs=1e-12)
    for values, units, name in (
        ([0.5, 0.5, 0.5], [1, 2, 3], "values must differ"),
        ([0.1, 0.9], ["a", "a"], "units must be two or more"),
        ([0.0, 0.0], ["a", "b"], "values must differ"),
    ):
        with pytest.raises(ValueError, match=name):
            mean_by_unit(values, units)


def test_differences_that_few_users_show_give_no_interval() -> None:
    """Where one user of fifty differs or so, it missed the truth in four of ten; refused, seldom."""
    rng, missed, refused = np.random.default_rng(0), 0, 0
    for users in [50, 300] * 100:
        gain = np.where(rng.random(users) < 5 / users, rng.choice([0.2, -0.1], users), 0)
        try:
            _, low, high = mean_by_unit(gain, np.arange(users))
            missed += not low <= 0.05 * 5 / users <= high
        except ValueError as error:
            refused += "five of them" in str(error)
    assert 50 < refused < 150 and missed < 0.05 * 200


@pytest.mark.parametrize("heavy", [1, 2, 5])
def test_a_few_users_with_most_queries_are_few_users(heavy: int) -> None:
    """Two of a hundred users with most rows: 78% of the 95% intervals held the truth."""
    rows, held = np.full(100, 2), []
    rows[:heavy] = 300
    users = np.repeat(np.arange(100), rows)
    for seed in range(200):
        rng = np.random.default_rng(seed)
        values = rng.normal(size=100)[users] + rng.normal(size=users.size)
        mean, low, high = mean_by_unit(values, users)
        held.append(low <= 0 <= high)
    assert np.mean(held) > 0.92


def test_uneven_users_are_left_out_one_by_one() -> None:
    rng = np.random.default_rng(0)
    users = np.repeat(list("abcde"), [1, 2, 9, 3, 5])
    values = rng.normal(size=5)[np.unique(users, return_inverse=True)[1]] + rng.normal(size=20)
    mean, low, high = mean_by_unit(values, users)
    left = np.array([values[users != user].mean() for user in "abcde"])
    freedom = 20**2 / (1 + 4 + 81 + 9 + 25) - 1  # as many users of equal size, less one
    reach = t.ppf(0.975, freedom) * np.sqrt(4 / 5 * np.sum((left - left.mean()) ** 2))
    assert (mean, high - mean, mean - low) == pytest.approx((values.mean(), reach, reach))


def test_pairing_narrows_the_interval() -> None:
    rng = np.random.default_rng(0)
    hard = rng.beta(2, 2, 200)
    old, new = hard + 0.05 * rng.normal(size=200), hard + 0.02 + 0.05 * rng.normal(size=200)
    users = np.arange(200) // 2
    _, low, high = mean_by_unit(new - old, users)
    apart = [np.diff(mean_by_unit(v, users)[1:]).item() for v in (old, new)]
    assert high - low < 0.6 * np.hypot(*apart)


def test_logged_dcg_is_unbiased_and_its_cap_is_not() -> None:
    looks, appeal = 1 / np.arange(1, 6), np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    rng, sessions = np.random.default_rng(0), 20_000
    clicks = rng.random((sessions, 5)) < appeal * looks
    session, position = np.repeat(np.arange(sessions), 5), np.tile(np.arange(1, 6), sessions)
    rank = np.tile(np.arange(5, 0, -1), sessions)
    true = np.sum(appeal / np.log2(np.arange(5, 0, -1) + 1))
    log = session, position, clicks.ravel(), rank
    dcg = logged_dcg(*log, looks)
    assert dcg.mean() == pytest.approx(true, abs=5 * dcg.std() / sessions**0.5)
    capped = logged_dcg(*log, looks, cap=2.0)
    assert capped.std() < dcg.std()
    assert capped.mean() < true - 5 * capped.std() / sessions**0.5
    own = logged_dcg(session, position, clicks.ravel(), position, np.ones(5))
    assert own[0] == pytest.approx(np.sum(clicks[0] / np.log2(np.arange(2, 7))))
    with pytest.raises(ValueError, match="examination must be above 0 and reach to position 5"):
        logged_dcg(*log, looks[:4])
    with pytest.raises(ValueError, match="cap"):
        logged_dcg(*log, looks, cap=0)
    for twice in (
        (["a"] * 4, [1, 2, 1, 2], [1, 0, 1, 0], [1, 2, 1, 2]),
        (["a"] * 2, [1, 2], [1, 1], [1, 1]),
    ):
        with pytest.raises(ValueError, match="ranks must hold each rank once in a session"):
            logged_dcg(*twice, looks)  # a log joined with its double counted double
    assert logged_dcg(["a", "b"], [1, 1], [1, 0], [1, 1], looks).tolist() == [1, 0]
    clicked = clicks.ravel()  # without the rows that nobody clicked, the mean is far too high
    with pytest.raises(ValueError, match="clicks must hold 0 as well"):
        logged_dcg(*(part[clicked] for part in log), looks)


def test_team_draft_is_fair() -> None:
    old, new = np.tile([1, 2, 3, 4, 5, 6], (4_000, 1)), np.tile([4, 1, 7, 2, 8, 9], (4_000, 1))
    shown, by_new = team_draft(old, new, length=6, seed=1)
    assert all(len(set(row)) == 6 for row in shown[:200].tolist())
    assert (by_new[:, ::2] != by_new[:, 1::2]).all()  # each picks once a round
    assert by_new.mean(axis=0) == pytest.approx(np.full(6, 0.5), abs=0.04)
    assert np.mean(by_new[:, 0] == by_new[:, 2]) == pytest.approx(0.5, abs=0.04)  # a new coin
    coins = [team_draft(old, new, length=6, seed=seed)[1] for seed in (1, 2)]
    assert (coins[0] == by_new).all() and (coins[1] != by_new).any()
    assert set(shown[by_new[:, 0], 0]) == {4}
    assert set(shown[~by_new[:, 0], 0]) == {1}
    same, _ = team_draft(old, old, length=6)
    assert (same == old).all()
    for row, mine in zip(shown[:200].tolist(), by_new[:200].tolist(), strict=True):
        for slot, (item, new_turn) in enumerate(zip(row, mine, strict=True)):
            ranking = [4, 1, 7, 2, 8, 9] if new_turn else [1, 2, 3, 4, 5, 6]
            assert item == next(each for each in ranking if each not in row[:slot])
    with pytest.raises(ValueError, match="length"):
        team_draft(old, new[:, :3], length=4)
    with pytest.raises(ValueError, match="old must not hold an item twice"):
        team_draft([[1, 1]], [[1, 2]], length=2)


def test_preference_agrees_with_scipy() -> None:
    rng = np.random.default_rng(0)
    for sessions in (3, 40, 500):
        by_new, clicks = rng.random((2, sessions, 6)) < 0.5
        users = np.arange(sessions) // 2
        ours = preference(by_new, clicks, users, confidence=0.9)
        lead = pd.Series((clicks * np.where(by_new, 1, -1)).sum(axis=1)).groupby(users).sum()
        assert ours[["new", "old", "ties"]].tolist() == [
            (lead > 0).sum(),
            (lead < 0).sum(),
            (lead == 0).sum(),
        ]
        assert ours["share"] == ours["new"] / (ours["new"] + ours["old"])
        test = binomtest(int(ours["new"]), int(ours["new"] + ours["old"]))
        ends = test.proportion_ci(0.9)
        assert ours[["low", "high", "p_value"]].tolist() == pytest.approx(
            [ends.low, ends.high, test.pvalue], abs=1e-9
        )
    nothing = preference([[0, 1]], [[0, 0]], ["a"])
    assert nothing[["low", "high", "p_value"]].tolist() == [0, 1, 1]
    assert np.isnan(nothing["share"])
    clear = preference([[0, 1]] * 8, [[0, 1]] * 8, range(8))
    assert clear[["share", "high"]].tolist() == [1, 1]
    assert clear["p_value"] == pytest.approx(2 / 2**8)


def test_users_who_return_are_one_vote_each() -> None:
    alarms = []
    for seed in range(100):
        rng, user = np.random.default_rng(seed), np.repeat(np.arange(40), 10)
        old = np.tile([0, 1, 2], (400, 1))
        shown, by_new = team_draft(old, old[:, [1, 0, 2]], length=2, seed=seed)
        favourite = rng.random(40) < 0.5  # of each user, always the same item, one half each
        clicks = shown == favourite[user][:, None]
        alarms.append(
            [preference(by_new, clicks, unit)["p_value"] < 0.05 for unit in (user, range(400))]
        )
    by_user, by_session = np.mean(alarms, axis=0)
    assert by_user < 0.12
    assert by_session > 0.3


def test_a_report_from_a_log_of_returning_users() -> None:
    rng = np.random.default_rng(0)
    user, looks = rng.integers(0, 300, 3_000), 1 / np.arange(1, 9)
    appeal = rng.beta(1, 6, (3_000, 8))
    old, new = (ranks_of(appeal + blur * rng.normal(size=appeal.shape)) for blur in (0.2, 0.1))
    clicks = (rng.random(appeal.shape) < appeal * looks[old - 1]).ravel()
    session = np.repeat(np.arange(3_000), 8)
    true = np.mean(np.sum(appeal / np.log2(new + 1) - appeal / np.log2(old + 1), axis=1))

    def gain(cap: float) -> tuple[float, float, float]:
        dcg = [logged_dcg(session, old.ravel(), clicks, r.ravel(), looks, cap) for r in (old, new)]
        return mean_by_unit(dcg[1] - dcg[0], user)

    _, low, high = gain(np.inf)
    assert low < true < high
    log = pd.DataFrame({"session": session, "user": user[session], "clicked": clicks})
    log = log.assign(old=old.ravel(), new=new.ravel()).sample(frac=1, random_state=0)
    after, before = (
        logged_dcg(log["session"], log["old"], log["clicked"], log[ranks], looks)
        for ranks in ("new", "old")
    )
    users = log.groupby("session")["user"].first()[after.index]  # as the page says
    assert mean_by_unit(after - before, users)[1:] == pytest.approx((low, high))
    assert gain(3.0)[0] < 0.6 * true  # a cap favours the old ranker


def any_label(name: str) -> list[tuple[str, str]]:
    return [(name, fault) for fault in (TEXT, INFINITE)]


def test_two_items_above_float64_are_not_merged() -> None:
    with pytest.raises(ValueError, match=r"old must hold whole numbers of items, below 2\*\*53"):
        team_draft([[2**53 + 1, 1]], [[1, 2]], 2)


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    query, item = np.repeat(np.arange(10), 4), np.tile(np.arange(1, 5), 10)
    grade, score = rng.integers(0, 3, 40).astype(float), rng.normal(size=40).round(1)
    names_bad_input(
        ndcg_by_query, queries=query, relevance=grade, scores=score, k=3,
        allow=[("k", NONE), *any_label("queries")],
        paired=["queries", "relevance", "scores"], bounds={"k": "[1, inf)"},
    )  # fmt: skip
    names_bad_input(
        mean_by_unit, values=grade, units=query, paired=["values", "units"], allow=any_label("units"),
        bounds={"confidence": "(0, 1)"},
    )  # fmt: skip
    names_bad_input(
        logged_dcg, sessions=query, positions=item, clicks=grade > 1, ranks=5 - item,
        examination=1 / np.arange(1.0, 5), cap=3.0, paired=["sessions", "positions", "clicks", "ranks"],
        allow=[*any_label("sessions"), ("cap", INFINITE)],
    )  # fmt: skip
    lists = rng.permuted(np.tile(np.arange(5), (8, 1)), axis=1)
    names_bad_input(
        team_draft, old=lists, new=lists[::-1].copy(), length=3, paired=["old", "new"],
        bounds={"length": "[1, 5]", "seed": "[0, inf)"},
    )  # fmt: skip
    picked = (rng.random((8, 3)) < 0.5).astype(float)
    names_bad_input(
        preference, picked_by_new=picked, clicks=1 - picked, units=np.arange(8),
        paired=["picked_by_new", "clicks", "units"], allow=any_label("units"), bounds={"confidence": "(0, 1)"},
    )  # fmt: skip


def test_one_user_with_nearly_all_rows_is_refused() -> None:
    """With 10,000 of 10,010 rows, the interval was plus or minus 10**150."""
    rng = np.random.default_rng(0)
    for rows, fine in ([10_000] + [1] * 10, False), ([71, 20, 9], False), ([70, 20, 10], True), ([7, 3], True):  # fmt: skip
        units = np.repeat(np.arange(len(rows)), rows)
        values = rng.normal(size=units.size)
        if fine:
            assert 0 < mean_by_unit(values, units)[2] < 100
            continue
        with pytest.raises(ValueError, match="units must have seven rows of ten or fewer each"):
            mean_by_unit(values, units)
