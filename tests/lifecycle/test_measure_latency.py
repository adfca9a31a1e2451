"""docs/lifecycle/measure-latency.md"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import quantile_test
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from docs.lifecycle.figures.load_test import KNOB, measure
from proof.claims import Claim
from snippets.lifecycle.latency_quantiles import latency_quantile, requests_needed
from snippets.lifecycle.on_schedule import latencies_on_schedule
from snippets.lifecycle.queue_times import response_times
from snippets.lifecycle.time_calls import time_calls
from tools.bad_input import names_bad_input


def traffic(
    seed: int, slow_share: float, requests: int = 10_000, slow: float = 1_000, shape: str = "normal"
) -> np.ndarray:
    rng = np.random.default_rng(seed)
    usual = {
        "normal": lambda: rng.normal(20, 2, requests),
        "gamma": lambda: rng.gamma(20, 1, requests),
        "wide": lambda: rng.lognormal(3, 0.7, requests),
    }[shape]()
    return np.where(rng.random(requests) < slow_share, slow, usual)


def test_p99_hides_what_the_mean_shows(claim: Claim) -> None:
    """If one request in two hundred takes dozens of times the usual, p99 hides it and the mean shows
    it."""

    def rise_of_the_mean(seed: int, slow_share: float, **setting: Any) -> float:
        sample = np.sort(traffic(seed, slow_share, **setting))
        return sample.mean() / sample[: int(0.99 * sample.size)].mean()

    def rise_of_p99(seed: int, slow_share: float, **setting: Any) -> float:
        sample = traffic(seed, slow_share, **setting)
        return latency_quantile(sample, 0.99)[0] / np.median(sample)

    other = [{"shape": "gamma"}, {"requests": 50_000, "slow": 500}]
    claim.effect(
        "mean, times that of the fastest 99%", rise_of_the_mean,
        knob="slow_share", on=0.005, off=0, above=1.07, off_below=1.04, also=other,
    )  # fmt: skip
    claim.effect(
        "p99, times the median", rise_of_p99,
        knob="slow_share", on=0.005, off=0.02, below=3, off_above=15, also=other,
    )  # fmt: skip

    def shown(seed: int) -> float:
        samples = [rise_of_p99(80 * seed + place, 0.009, requests=1_000) for place in range(80)]
        return np.mean(np.array(samples) > 3)

    claim.limit(
        "With nine slow requests in a thousand, chance decides whether the p99 of a thousand "
        "requests shows them.",
        "share of samples whose p99 shows them", shown, above=0.1, below=0.6,
    )  # fmt: skip
    claim.limit(
        "If the slow requests take only three times the usual, or are one in ten thousand, the mean "
        "hides them as well.",
        "mean, times that of the fastest 99%",
        lambda seed: max(
            rise_of_the_mean(seed, 0.005, slow=60),
            rise_of_the_mean(seed, 0.0001, requests=50_000),
        ),
        below=1.04,
    )  # fmt: skip
    claim.limit(
        "If the usual times vary several-fold, p99 moves too.",
        "p99 with the slow requests, to that without",
        lambda seed: np.divide(
            *(np.quantile(traffic(seed, share, 50_000, 480, "wide"), 0.99) for share in (0.005, 0))
        ),
        above=1.1,
    )  # fmt: skip
    claim.limit(
        "The mean cannot tell a few slow requests from all being a little slower: report both.",
        "difference of the means, as a share",
        lambda seed: abs(traffic(seed, 0.005, 50_000).mean() / (1.245 * traffic(seed, 0).mean()) - 1),
        below=0.08,
    )  # fmt: skip


def test_a_thousand_requests_do_not_bound_the_tail(claim: Claim) -> None:
    """A thousand requests are too few to bound p99.9 from above."""

    def bounded(seed: int, requests: int, quantile: float = 0.999, **setting: Any) -> float:
        return np.isfinite(latency_quantile(traffic(seed, 0.005, requests, **setting), quantile)[2])

    claim.effect(
        "upper bound found", bounded, knob="requests", on=1_000, off=requests_needed(0.999),
        below=0.5, off_above=0.9, only="A thousand requests",
    )  # fmt: skip
    for shape in ("normal", "gamma"):
        assert not bounded(0, requests_needed(0.999) - 1, shape=shape)
    claim.limit(
        "A thousand requests bound p99 from above.",
        "upper bound found", lambda seed: bounded(seed, 1_000, 0.99), above=0.9,
    )  # fmt: skip


def coverage(
    sample_of: Callable[[np.random.Generator], np.ndarray], truth: float, seed: int
) -> float:
    rng = np.random.default_rng(seed)
    ends = [latency_quantile(sample_of(rng), 0.95, confidence=0.9)[1:] for _ in range(300)]
    return np.mean([low <= truth <= high for low, high in ends])


def test_interval_keeps_its_confidence(claim: Claim) -> None:
    """The interval holds the true quantile for latencies of any shape, if requests are
    independent."""

    def held(seed: int, together: int, shape: str = "exponential") -> float:
        truth = {"exponential": np.log(20), "random": 0.95, "lognormal": np.exp(1.6448536)}[shape]
        return coverage(
            lambda rng: np.repeat(getattr(rng, shape)(size=400 // together), together), truth, seed
        )

    claim.effect(
        "coverage, for 90%", held, knob="together", on=1, off=20,
        above=0.86, off_below=0.7, also=[{"shape": "random"}, {"shape": "lognormal"}],
    )  # fmt: skip

    def in_a_queue(seed: int) -> float:
        def sample(rng: np.random.Generator) -> np.ndarray:
            arrivals = rng.exponential(1 / 0.8, 1_500).cumsum()
            return response_times(arrivals, rng.exponential(1, 1_500))[500:]

        return coverage(sample, np.log(20) / 0.2, seed)

    claim.limit(
        "In a queue, slow requests come together, and the interval of one run misses the true "
        "quantile too often.",
        "coverage at 80% busy, for 90%", in_a_queue, below=0.6,
    )  # fmt: skip


def test_waiting_load_test_hides_a_stall(claim: Claim) -> None:
    """A load test that waits for each answer hides rare stalls that dominate p99 for users who come
    on schedule."""
    claim.effect(
        "p99, on schedule to waiting", measure, knob="stall", **KNOB.ends,
        above=50, off_below=1.2, also=[{"interval": 20}, {"varied": True}],
    )  # fmt: skip
    claim.limit(
        "A stall that is over before the next request is due delays nobody else.",
        "p99, on schedule to waiting", lambda seed: measure(seed, 13, interval=20), below=1.05,
    )  # fmt: skip
    claim.limit(
        "Stalls in more than one call in a hundred show in both tests.",
        "p99, on schedule to waiting", lambda seed: measure(seed, 100, every=50), below=1.05,
    )  # fmt: skip
    claim.limit(
        "On a server that is nearly always busy, users queue without stalls.",
        "p99, on schedule to waiting",
        lambda seed: measure(seed, 0, interval=5.5, varied=True), above=1.15,
    )  # fmt: skip


def test_callers_at_random_wait_longer_than_on_a_schedule() -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        served = rng.uniform(0.5, 1.5, 20_000)
        even = latencies_on_schedule(served, 1.25)
        at_random = response_times(rng.exponential(1.25, served.size).cumsum(), served)
        assert np.quantile(at_random, 0.99) > 3 * np.quantile(even, 0.99)
        evenly_spaced = response_times(1.25 * np.arange(served.size), served)
        assert even == pytest.approx(evenly_spaced)


def test_repeated_input_measures_the_cache(claim: Claim) -> None:
    """Behind a cache, timing one input again and again measures the cache instead of the model."""
    patients, outcome = load_breast_cancer(return_X_y=True)
    models = {
        "forest": RandomForestClassifier(n_estimators=10, random_state=0),
        "tree": DecisionTreeClassifier(random_state=0),
        "neighbours": KNeighborsClassifier(),
    }

    def flattered(seed: int, holds: int, kind: str = "forest", cycle: int = 1) -> float:
        def score(row: int) -> np.ndarray:
            return models[kind].predict_proba(patients[row : row + 1])

        models[kind].fit(patients, outcome)
        scorer = lru_cache(holds)(score) if holds else score
        rows = [int(row) for row in np.random.default_rng(seed).permutation(len(patients))[:40]]
        _, different = time_calls(scorer, rows)
        _, repeated = time_calls(scorer, rows[:cycle] * (40 // cycle))
        return min(different) / min(repeated)  # noise only ever adds

    claim.effect(
        "times faster", flattered, knob="holds", on=1_000, off=0, above=20, off_below=4,
        also=[{"kind": "tree"}, {"kind": "neighbours"}],
    )  # fmt: skip
    claim.limit(
        "If the test cycles through more inputs than the cache holds, it measures the model.",
        "times faster", lambda seed: flattered(seed, 5, "tree", cycle=20), below=4,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_interval_is_that_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sample = rng.gamma(2, 10, int(rng.integers(30, 3_000)))
    quantile, confidence = rng.choice([0.1, 0.5, 0.9, 0.99]), rng.choice([0.8, 0.95, 0.99])
    estimate, low, high = latency_quantile(sample, quantile, confidence)
    assert estimate == np.quantile(sample, quantile)
    expected = quantile_test(sample, p=quantile).confidence_interval(confidence)
    assert low == (0 if np.isnan(expected.low) else expected.low)
    assert high == (np.inf if np.isnan(expected.high) else expected.high)


def test_schedule_by_hand() -> None:
    assert latencies_on_schedule([3, 25, 3, 3, 3], 10).tolist() == [3, 25, 18, 11, 4]
    assert latencies_on_schedule([10.0, 10.0, 10.0], 10.0).tolist() == [10, 10, 10]
    assert latencies_on_schedule([7], 2).tolist() == [7]
    small = np.array([3, 25, 3], np.uint8)  # unsigned differences would wrap
    assert latencies_on_schedule(small, np.uint8(10)).tolist() == [3, 25, 18]


def test_quantiles_of_small_types_and_ties() -> None:
    values = [20.0] * 90 + [200.0] * 10
    for kind in (np.uint8, np.int16, np.float16, np.float32):
        assert latency_quantile(np.array(values, kind), 0.5) == latency_quantile(values, 0.5)
    assert latency_quantile([0.0, 0.0], 0.5) == (0, 0, np.inf)


def test_calls_by_a_clock_that_is_known() -> None:
    now, seen = [0], []

    def work(duration: int) -> None:
        seen.append(duration)
        now[0] += duration

    def clock() -> int:
        now[0] += 1_000_000  # whatever happens between two calls is not theirs
        return now[0]

    first, steady = time_calls(work, [9, 8, 7, 6, 5], warm_up=2, clock=clock)
    assert seen == [9, 8, 7, 6, 5]
    assert (first - 1_000_000).tolist() == [9, 8]
    assert (steady - 1_000_000).tolist() == [7, 6, 5]
    first, steady = time_calls(work, [4], warm_up=0, clock=clock)
    assert (first.size, steady.size) == (0, 1)
    assert len(time_calls(work, range(11), clock=clock)[1]) == 1
    seconds = iter([0.0, 0.25, 1.0, 1.5])
    assert time_calls(abs, [1, 2], warm_up=1, clock=lambda: next(seconds))[1].tolist() == [0.5]


def test_numbers_of_other_types_and_whole_results() -> None:
    sample = np.arange(100_001.0)
    for kind in (np.float16, np.float32):  # in float16, 100,000 rows overflowed to NaN
        assert latency_quantile(sample, kind(0.99)) == latency_quantile(sample, float(kind(0.99)))
    whole = {requests_needed(q, 1 - 2 * q**n): n for q, n in ((0.1, 1), (0.2, 2), (0.01, 2))}
    assert all(got == needed for got, needed in whole.items())


def test_requests_needed_are_those_of_the_interval() -> None:
    assert requests_needed(0.01) == 1 and latency_quantile([5.0], 0.01)[2] == 5
    assert requests_needed(0.99) == 368  # 0.99 ** 367 is above 2.5%
    for rows, known in ((367, False), (368, True)):
        assert np.isfinite(latency_quantile(np.arange(rows), 0.99)[2]) == known


def test_a_chance_of_just_the_confidence_is_enough() -> None:
    """Of two requests, both lie below p40 in 16%: 68% leave that on a side, and the end was inf."""
    for quantile, confidence in ((0.4, 0.68), (0.8, 0.1808), (0.7, 1 - 2 * 0.7**14)):
        rows = requests_needed(quantile, confidence)
        assert latency_quantile(np.arange(rows) + 1.0, quantile, confidence)[2] == rows
    assert latency_quantile([1, 2, 3, 4, 5], 0.5, 1 - 2 / 2**5) == (3, 1, 5)  # the low end was 0


def test_the_estimate_lies_in_its_interval() -> None:
    """Of two requests of 10 and 20 ms, p99 was 19.9 ms, from 20 ms to infinity."""
    assert latency_quantile([10, 20], 0.99) == (20, 20, np.inf)
    assert latency_quantile([10, 20], 0.1, 0.5) == (10, 0, 10)
    for rows in (2, 10, 25, 26):
        estimate, low, high = latency_quantile(np.arange(rows) + 1.0, 0.999)
        assert low <= estimate <= high


def test_bad_input_is_named() -> None:
    names_bad_input(
        latency_quantile,
        latencies=[10.0, 20.0, 30.0],
        quantile=0.5,
        bounds={"quantile": "(0, 1)", "confidence": "(0, 1)"},
    )
    names_bad_input(
        latencies_on_schedule,
        service_times=[10.0, 20.0, 30.0],
        interval=15.0,
        bounds={"interval": "(0, inf)"},
    )
    names_bad_input(
        requests_needed, quantile=0.99, bounds={"quantile": "(0, 1)", "confidence": "(0, 1)"}
    )
    columnar = type("Table", (list,), {"columns": ["x"]})  # polars, arrow: rows long, by column
    for table in (pd.DataFrame({"x": [1, 2]}), pd.Series([1, 2]), columnar([1, 2]), {1: 2}, {1, 2}):
        with pytest.raises(
            TypeError, match=r"inputs must be a sequence; of a table, \[table.iloc\[\[i\]\] for"
        ):
            time_calls(abs, table, warm_up=0)
    names_bad_input(
        time_calls, call=abs, inputs=range(12), clock=lambda: 0.0, allow=[("clock", "none")],
        bounds={"warm_up": "[0, 11]"},
    )  # fmt: skip
    for values in ([-1.0, 2.0], []):
        with pytest.raises((TypeError, ValueError), match="latencies"):
            latency_quantile(values, 0.5)
        with pytest.raises((TypeError, ValueError), match="service_times"):
            latencies_on_schedule(values, 1.0)
    for share in (0, 1):
        with pytest.raises(ValueError, match="quantile"):
            latency_quantile([1.0], share)
    with pytest.raises(ValueError, match="interval"):
        latencies_on_schedule([1.0], 0)
    with pytest.raises(TypeError, match="call"):
        time_calls("abs", [1], warm_up=0)
    with pytest.raises(ValueError, match="inputs"):
        time_calls(abs, [], warm_up=0)
    with pytest.raises(ValueError, match="warm_up"):
        time_calls(abs, [1, 2], warm_up=2)
