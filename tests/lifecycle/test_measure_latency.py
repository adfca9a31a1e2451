"""docs/lifecycle/measure-latency.md"""

from functools import cache

import numpy as np
import pytest
from scipy.stats import quantile_test
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier

from proof.claims import Claim
from snippets.lifecycle.latency_quantiles import latency_quantile
from snippets.lifecycle.on_schedule import latencies_on_schedule
from snippets.lifecycle.time_calls import time_calls
from tools.bad_input import names_bad_input


def traffic(seed: int, slow_share: float, requests: int = 10_000) -> np.ndarray:
    rng = np.random.default_rng(seed)
    slow = rng.random(requests) < slow_share
    return np.where(slow, 1_000, 20) + rng.normal(0, 2, requests)


def test_mean_and_p99_hide_a_second(claim: Claim) -> None:
    """The mean and p99 look alike with and without one request in two hundred that takes a
    second."""

    def change(seed: int, statistic: str) -> float:
        samples = traffic(seed, 0.005), traffic(seed, 0)
        if statistic == "mean":
            return samples[0].mean() - samples[1].mean()
        return np.subtract(*(latency_quantile(s, float(statistic))[0] for s in samples))

    claim.holds("change of the mean, ms", lambda seed: change(seed, "mean"), below=8)
    claim.holds("change of p99, ms", lambda seed: change(seed, "0.99"), below=4)
    claim.holds("change of p99.9, ms", lambda seed: change(seed, "0.999"), above=900)
    claim.null("p99.9 without them", lambda s: latency_quantile(traffic(s, 0), 0.999)[0], below=40)


def test_interval_keeps_its_confidence(claim: Claim) -> None:
    """The interval holds the true quantile for latencies of any shape, if requests are
    independent."""

    def held(seed: int, together: int) -> float:
        rng = np.random.default_rng(seed)
        shares = []
        for draw, truth in (
            (rng.exponential, np.log(20)),
            (rng.random, 0.95),
            (rng.lognormal, np.exp(1.6448536)),
        ):
            hits = 0
            for _ in range(80):
                sample = np.repeat(draw(size=400 // together), together)
                _, low, high = latency_quantile(sample, 0.95, confidence=0.9)
                hits += low <= truth <= high
            shares.append(hits / 80)
        return min(shares)

    claim.holds(
        "smallest coverage of three shapes, for 90%", lambda seed: held(seed, 1), above=0.78
    )
    claim.null("the same if twenty are slow together", lambda seed: held(seed, 20), below=0.7)


def test_a_thousand_requests_do_not_bound_the_tail(claim: Claim) -> None:
    """A thousand requests put no upper bound on p99.9."""

    def bound(seed: int, requests: int) -> float:
        return latency_quantile(traffic(seed, 0.005, requests), 0.999)[2]

    claim.holds("upper bound, 1,000 requests", lambda seed: bound(seed, 1_000), above=1e300)
    claim.null("upper bound, 10,000 requests", lambda seed: bound(seed, 10_000), below=1_100)


def test_waiting_load_test_hides_a_stall(claim: Claim) -> None:
    """A load test that waits for each answer hides stalls that dominate p99 for users who come
    on schedule."""

    @cache
    def ratio(seed: int, stall: float) -> float:
        calls = np.random.default_rng(seed).uniform(4, 6, 10_000)
        calls[500::2_000] += stall
        return np.quantile(latencies_on_schedule(calls, 10), 0.99) / np.quantile(calls, 0.99)

    claim.holds("p99, on schedule to waiting", lambda seed: ratio(seed, 2_000), above=100)
    claim.null("the same without stalls", lambda seed: ratio(seed, 0), below=1.01)


def test_repeated_input_measures_the_cache(claim: Claim) -> None:
    """Behind a cache, timing one input again and again measures the cache instead of the model."""
    patients, outcome = load_breast_cancer(return_X_y=True)
    forest = RandomForestClassifier(n_estimators=20, random_state=0).fit(patients, outcome)

    def flattered(seed: int, cached: bool) -> float:
        def score(row: int) -> np.ndarray:
            return forest.predict_proba(patients[row : row + 1])

        scorer = cache(score) if cached else score
        rows = [int(row) for row in np.random.default_rng(seed).permutation(len(patients))[:40]]
        _, different = time_calls(scorer, rows)
        _, repeated = time_calls(scorer, rows[:1] * 40)
        return min(different) / min(repeated)  # noise only ever adds

    claim.holds("times faster, with a cache", lambda seed: flattered(seed, True), above=20)
    claim.null("times faster, without", lambda seed: flattered(seed, False), below=4)


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
    names_bad_input(time_calls, call=abs, inputs=range(12), bounds={"warm_up": "[0, 11]"})
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
