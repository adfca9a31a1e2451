"""docs/lifecycle/index.md"""

from functools import cache
from itertools import count
from typing import Any
from warnings import catch_warnings

import numpy as np
import pandas as pd
import pytest
from scipy.stats import linregress, t
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from docs.lifecycle.figures.delay_effect import KNOB, measure
from proof.claims import Claim
from snippets.lifecycle.batch_speedup import batch_speedup
from snippets.lifecycle.delay_effect import delay_effect
from snippets.lifecycle.micro_batching import serve_in_batches
from tools.bad_input import NEGATIVE, names_bad_input


def test_observed_delay_exaggerates(claim: Claim) -> None:
    """Where slow devices buy clearly less, observed visits show several times the loss that the delay
    causes."""
    other = [{"slow_share": 0.3, "rows": 200_000}, {"jitter": "uniform", "rows": 200_000}]
    claim.effect(
        "change per 100 ms, observed", measure, knob="slow_rate", **KNOB.ends,
        below=-0.025, off_above=-0.015, also=other,
    )  # fmt: skip
    claim.effect(
        "change per 100 ms", lambda seed, randomized, **given: measure(seed, 0.17, randomized=randomized, **given),
        knob="randomized", on=False, off=True, below=-0.025, off_above=-0.015, also=other,
    )  # fmt: skip
    claim.limit(
        "Within one kind of device, observed visits show the true loss: if you know what slows a "
        "visit, compare within it.",
        "change per 100 ms, observed, slow devices",
        lambda seed: measure(seed, 0.17, only_slow=True), above=-0.015, below=0.007,
    )  # fmt: skip


def test_a_batch_is_cheaper(claim: Claim) -> None:
    """For a linear model or a small forest, a row in a batch of a thousand costs less than a
    twentieth of a row in a call of its own."""
    patients, outcome = load_breast_cancer(return_X_y=True)
    labelled = np.column_stack([patients, outcome])
    linear = make_pipeline(StandardScaler(), LogisticRegression()).fit(patients, outcome)
    forest = RandomForestClassifier(n_estimators=10, random_state=0).fit(patients, outcome)
    learner = SGDClassifier(random_state=0).fit(patients, outcome)
    noise = np.random.default_rng(0)
    curved = SVC(gamma=1.0).fit(noise.normal(size=(700, 30)), noise.integers(0, 2, 700))
    calls = {
        "linear": lambda rows: linear.predict(rows[:, :-1]),
        "forest": lambda rows: forest.predict(rows[:, :-1]),
        "training": lambda rows: learner.partial_fit(rows[:, :-1], rows[:, -1]),
        "curved": lambda rows: curved.predict(rows[:, :-1]),
    }

    def speedup(seed: int, size: int, kind: str = "linear", repeats: int = 8) -> float:
        rows = np.random.default_rng(seed).choice(labelled, size)
        return batch_speedup(calls[kind], rows, repeats)

    def wide(seed: int) -> float:
        rows = np.random.default_rng(seed).random((1_000, 5_000))
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1))
        with catch_warnings(action="ignore"):  # one step will do: its speed is all that counts
            model.fit(rows[:4], [0, 1, 0, 1])
        return batch_speedup(model.predict, rows, repeats=2)

    claim.effect(
        "times cheaper in a batch", speedup, knob="size", on=1_000, off=2, above=20, off_below=8,
        also=[{"kind": "forest"}, {"kind": "training"}],
    )  # fmt: skip
    claim.limit(
        "A model that computes much for each row, such as a support vector machine with a curved "
        "kernel, gains little from a batch.",
        "times cheaper in a batch", lambda seed: speedup(seed, 1_000, "curved", 2), below=10,
    )  # fmt: skip
    claim.limit(
        "On thousands of columns, a linear model gains far less than on thirty.",
        "times cheaper in a batch, over that on thirty columns",
        lambda seed: wide(seed) / speedup(seed, 1_000), below=0.3,
    )  # fmt: skip


@cache
def served(
    seed: int, window: float, fixed: float = 5, interval: float = 2, per_row: float = 0.1,
    largest: int = 10_000, bursts: bool = False,
) -> tuple[float, float]:  # fmt: skip
    rng = np.random.default_rng(seed)
    arrivals = rng.exponential(interval, 5_000).cumsum()
    if bursts:  # ten requests within a few milliseconds, then nothing for long
        arrivals = np.sort(np.repeat(arrivals[::10], 10) + rng.uniform(0, 15, 5_000))
    delays, machine_time = serve_in_batches(arrivals, window, fixed, per_row, largest)
    return np.median(delays), machine_time


def test_a_window_trades_delay_for_machine_time(claim: Claim) -> None:
    """Waiting for a batch saves machine time and costs delay, as long as a call has a fixed
    cost."""

    def kept(seed: int, fixed: float, **setting: Any) -> float:
        return served(seed, 50, fixed, **setting)[1] / served(seed, 0, fixed, **setting)[1]

    def delay(seed: int, window: float, **setting: Any) -> float:
        return served(seed, window, **setting)[0]

    other = [{"interval": 4}, {"per_row": 0.5}]
    claim.effect(
        "machine time with a window, as a share", kept, knob="fixed", on=5, off=0,
        below=0.5, off_above=0.999, also=other,
    )  # fmt: skip
    claim.effect(
        "median delay, ms", delay, knob="window", on=50, off=0, above=25, off_below=20, also=other
    )
    claim.limit(
        "A server that is busy all the time makes batches out of its queue, and a window saves "
        "little.",
        "machine time with a window, as a share", lambda seed: kept(seed, 5, interval=0.11),
        above=0.9,
    )  # fmt: skip
    claim.limit(
        "Where requests come faster than calls end, a window much shorter than a call changes "
        "little.",
        "change of delay or machine time by a window of 1 ms, as a share",
        lambda seed: max(
            abs(np.divide(served(seed, 1, interval=gap), served(seed, 0, interval=gap)) - 1).max()
            for gap in (2, 4)
        ),
        below=0.1,
    )  # fmt: skip
    claim.limit(
        "A largest batch that fills early takes back most of the delay of a long window, and gives up "
        "part of the saving.",
        "median delay, as a share of that without a largest batch",
        lambda seed: delay(seed, 50, largest=8) / delay(seed, 50), below=0.5,
    )  # fmt: skip
    for seed in range(3):  # "part of the saving"
        plain, long, full = (served(seed, *rule)[1] for rule in ((0,), (50,), (50, 5, 2, 0.1, 8)))
        assert 0.1 < (full - long) / (plain - long) < 0.5


def test_a_window_needs_traffic(claim: Claim) -> None:
    """When a window seldom catches a second request, it adds its length to the delay and saves
    little."""

    def saved(
        seed: int, interval: float, window: float = 20, fixed: float = 5, bursts: bool = False
    ) -> float:
        plain = served(seed, 0, fixed, interval, bursts=bursts)
        return 1 - served(seed, window, fixed, interval, bursts=bursts)[1] / plain[1]

    def added(seed: int, interval: float, window: float = 20, fixed: float = 5) -> float:
        return (
            served(seed, window, fixed, interval)[0] - served(seed, 0, fixed, interval)[0]
        ) / window

    other = [{"window": 10}, {"fixed": 8}]
    claim.effect(
        "share saved", saved, knob="interval", on=200, off=2, below=0.15, off_above=0.3, also=other
    )
    claim.effect(
        "added delay, in windows", added, knob="interval", on=200, off=2, above=0.9, below=1.05,
        off_below=0.7, also=other,
    )  # fmt: skip
    for seed in range(2):  # rare requests, in bursts longer than a call
        assert saved(seed, 200, bursts=True) > 0.3

    def by_a_short_window(seed: int) -> float:
        first = np.random.default_rng(seed).exponential(60, 2_000).cumsum()
        pairs = np.sort(np.r_[first, first + 1])
        plain, waited = (serve_in_batches(pairs, window, 5, 0.1) for window in (0, 1))
        return max(np.median(waited[0]) / np.median(plain[0]), waited[1] / plain[1])

    claim.limit(
        "If requests come in bursts much shorter than a call, a window of their length saves machine "
        "time and delay.",
        "delay or machine time with a window, as a share", by_a_short_window, below=0.9,
    )  # fmt: skip


def test_interval_of_users_who_come_again() -> None:
    """Randomized by user, eleven visits each: by visit it covers too little, by user 95%."""

    def coverage(
        people: int, by_user: bool, runs: int = 200, treated: int = 0, heavy: int = 0,
        rates: tuple[float, float] = (2, 6),
    ) -> float:  # fmt: skip
        rng, held = np.random.default_rng(0), []
        for _ in range(runs):
            visits = 11 if treated else np.maximum(rng.poisson(11, people), 1)
            if heavy:  # they make most of the visits
                visits = np.where(np.arange(people) < heavy, 90, 3)
            users = np.repeat(np.arange(people), visits)
            order = np.arange(people) if heavy else rng.permutation(people)
            delays = 400 * (order < treated if treated else order % 2)[users]
            converted = rng.random(users.size) < rng.beta(*rates, people)[users]
            change, half_width = delay_effect(delays, converted, users if by_user else None)
            held.append(abs(change) < half_width)
        return np.mean(held)

    assert coverage(400, by_user=False) < 0.85
    assert 0.91 < coverage(400, by_user=True) < 0.98
    assert 0.91 < coverage(100, by_user=True) < 0.99
    assert 0.94 < coverage(30, by_user=True, runs=600) < 0.98  # 0.91 with the quantile of many
    assert 0.92 < coverage(200, by_user=True, runs=500, treated=11) < 0.98  # few with the delay
    # Where few make most of the visits; 0.88, and 0.79 if few of them buy nearly all.
    assert 0.91 < coverage(100, by_user=True, runs=300, heavy=14) < 0.98
    assert 0.82 < coverage(100, by_user=True, runs=300, heavy=14, rates=(0.3, 3)) < 0.91


def test_a_small_share_with_a_delay_must_hold_ten_of_either() -> None:
    """With ten the interval misses seldom more than it says; with four, once in ten."""

    def missed(visits: int, runs: int = 150) -> float:
        rng = np.random.default_rng(0)
        slow = np.arange(visits) < visits // 50
        bought = rng.random((runs, visits)) < 0.02
        return np.mean([abs(e) > h for e, h in (delay_effect(400 * slow, row) for row in bought)])

    assert missed(40_000) < 0.11  # sixteen are expected among the delayed visits
    with pytest.raises(ValueError, match="ten of either among the rarer delays"):
        missed(10_000)  # four
    people = np.repeat(np.arange(1_000), 20)
    few, some = (np.where(people < treated, 400, 0) for treated in (5, 15))
    bought = np.random.default_rng(0).random(people.size) < 0.3
    assert delay_effect(some, bought, people)[1] < 20  # percent of the conversion, per 100 ms
    with pytest.raises(ValueError, match="users must be thirty or more, ten of them"):
        delay_effect(few, bought, people)


@pytest.mark.parametrize("seed", range(10))
def test_effect_is_the_slope_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    delays = rng.gamma(4, 100, 5_000)
    converted = rng.random(5_000) < 0.3 - 0.0001 * delays
    fit = linregress(delays, converted)
    value, half_width = delay_effect(delays, converted)
    assert value == pytest.approx(100 * fit.slope / converted.mean())
    assert half_width == pytest.approx(196 * fit.stderr / converted.mean(), rel=0.1)


def test_effect_by_hand() -> None:
    delays, converted = [0, 0, 0, 0, 200, 200, 200, 200] * 5, [1, 1, 1, 0, 1, 0, 0, 0] * 5
    value, half_width = delay_effect(delays, converted)
    assert value == pytest.approx(-0.5)  # three in four, then one in four, around one half
    # by the delta method: 2 (b - a) / (a + b) per 200 ms, of two independent shares
    error = np.sqrt(0.75 * 0.25 / 20 * (1.5**2 + 0.5**2)) * 0.5 / 0.5
    # each visit is one of the twenty that draw its share; forty even ones have 39 degrees
    assert half_width == pytest.approx(t.ppf(0.975, 39) * error / (1 - 1 / 20), rel=0.001)
    alone = delay_effect(delays, converted, [f"user {i}" for i in range(40)])
    assert alone == pytest.approx((value, half_width))
    small = delay_effect(np.array(delays, np.uint8), np.array(converted, bool))
    assert small == (value, half_width)


@pytest.mark.parametrize(("fixed", "per_row"), [(100.0, 1.0), (0.0, 3.0), (7.0, 0.0)])
def test_speedup_by_a_clock_that_is_known(fixed: float, per_row: float) -> None:
    now, calls = [0.0], []

    def predict(rows: np.ndarray) -> None:
        calls.append(len(rows))
        now[0] += fixed + per_row * len(rows) + (1_000 if len(calls) % 3 == 1 else 0)

    speedup = batch_speedup(predict, np.ones((50, 2)), repeats=3, clock=lambda: now[0])
    assert speedup == pytest.approx((fixed + per_row) / (fixed / 50 + per_row))
    assert calls == [1] * 4 + [50] * 4


def test_a_mixed_table_reaches_the_model_as_it_is() -> None:
    table, seen = pd.DataFrame({"city": ["a", None, "b"], "n": [1.5, np.nan, 2]}, [2.0, 0, 0]), []
    batch_speedup(seen.append, table, repeats=1, clock=count(1).__next__)
    assert [len(batch) for batch in seen] == [1, 1, 3, 3]
    pd.testing.assert_frame_equal(seen[0], table.iloc[:1])
    pd.testing.assert_frame_equal(seen[2], table)
    with pytest.raises(ValueError, match="rows"):
        batch_speedup(len, table.iloc[:0])


def test_batches_by_hand() -> None:
    arrivals = [0, 1, 9, 30, 31]
    delays, machine_time = serve_in_batches(arrivals, 0, 10, 1)
    # 0 alone until 11; 1 and 9 until 23; 30 alone until 41; 31 until 52.
    assert delays.tolist() == [11, 22, 14, 11, 21]
    assert machine_time == pytest.approx((11 + 12 + 11 + 11) / 5)
    delays, machine_time = serve_in_batches(arrivals, 5, 10, 1)
    # 0 and 1 from 5 to 17; 9 from 17 to 28; 30 and 31 from 35 to 47.
    assert delays.tolist() == [17, 16, 19, 17, 16]
    assert machine_time == pytest.approx((12 + 11 + 12) / 5)
    assert serve_in_batches([0, 5], 5, 1, 0)[0].tolist() == [6, 1]  # who comes at the start is in
    assert serve_in_batches([-3.0], 2, 0, 1)[0].tolist() == [3.0]
    delays, machine_time = serve_in_batches([0, 1, 2, 3], 10, 5, 0, largest=3)
    assert delays.tolist() == [7, 6, 5, 15]  # the third fills the batch; the fourth waits alone
    assert serve_in_batches([0, 0, 0], 0, 1, 0, largest=2)[0].tolist() == [1, 1, 2]


def test_who_comes_at_the_very_start_of_a_batch_is_in_it() -> None:
    """One request in 0.1 ms: some came after 0.7 + 0.1, and a batch more than needed was paid."""
    for window in range(1, 6):
        delays, work = serve_in_batches(np.arange(600.0), window, 0.01, 0)
        for times in (np.arange(600) / 10, np.arange(600) * 0.1):
            short, less = serve_in_batches(times, window / 10, 0.001, 0)
            assert less == pytest.approx(work / 10)
            assert short == pytest.approx(delays / 10)
        for midnight in (8.64e7, 1.7e12):  # of a log in ms, late in the day, or since 1970
            assert serve_in_batches(midnight + times, window / 10, 0.001, 0)[1] == pytest.approx(
                less
            )


def test_the_first_row_is_the_single_one() -> None:
    seen, ticks = [], count()
    batch_speedup(
        lambda rows: seen.append(rows[:, 0].tolist()), [[7.0], [8.0]], 1, lambda: next(ticks)
    )
    assert seen == [[7.0]] * 2 + [[7.0, 8.0]] * 2


def test_bad_input_is_named() -> None:
    names_bad_input(
        batch_speedup,
        clock=count(1).__next__,
        predict=len,
        rows=[[1.0, 2.0], [3.0, 4.0]],
        repeats=1,
        bounds={"repeats": "[1, inf)"},
    )
    names_bad_input(
        serve_in_batches, arrivals=[0.0, 1.0, 2.0], window=2.0, fixed=5.0, per_row=1.5, bounds={"window": "[0, inf)", "fixed": "[0, inf)", "per_row": "[0, inf)", "largest": "[1, inf)"}
    )  # fmt: skip
    names_bad_input(
        delay_effect, delays=[100.0, 200.0, 300.0] * 25, converted=[0, 1, 1] * 24 + [0, 1, 0],
        paired=("delays", "converted"), allow=[("delays", NEGATIVE)],
    )  # fmt: skip
    for repeats in (0, -1, 1.5):
        with pytest.raises(ValueError, match="repeats"):
            batch_speedup(len, [[1.0]], repeats=repeats)
    with pytest.raises(TypeError, match="predict"):
        batch_speedup("len", [[1.0]])
    with pytest.raises(ValueError, match="arrivals"):
        serve_in_batches([1, 0], 0, 1, 1)
    with pytest.raises(ValueError, match="fixed and per_row"):
        serve_in_batches([0, 1], 0, 0, 0)
    for outcome in ([0, 0], [0, 2], [0.5, 1]):
        with pytest.raises(ValueError, match="converted"):
            delay_effect([1, 2], outcome)
    for delays, converted in (
        ([5] * 40, [0, 1] * 20),
        ([0, 100] * 20, [0, 1] * 20),
        ([0, 100], [0, 1]),
    ):
        with pytest.raises(ValueError, match="delays|converted"):
            delay_effect(delays, converted)
    with pytest.raises(ValueError, match="users"):
        delay_effect([0, 100] * 20, [0, 1, 1, 0] * 10, [None] * 40)
    for few in (["ann"] * 40, list(range(20)) * 2):  # an interval of width 0, or nearly
        with pytest.raises(ValueError, match="users must be thirty or more"):
            delay_effect([0, 100] * 20, [0, 1, 1, 0] * 10, few)
    with pytest.raises(ValueError, match="clock must tick"):
        batch_speedup(len, np.ones((4, 2)), clock=lambda: 7)
