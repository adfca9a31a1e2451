"""docs/lifecycle/queue-and-tail.md"""

from functools import cache

import numpy as np
import pytest
from scipy.stats import binom, expon

from proof.claims import Claim
from snippets.lifecycle.fan_out import allowed_slow_answers, slow_requests
from snippets.lifecycle.hedged_requests import hedge
from snippets.lifecycle.queue_times import response_times
from tools.bad_input import names_bad_input


@cache
def p99(seed: int, busy: float, varied: bool = True, random: bool = True) -> float:
    """Simulate a server; the unit of time is the mean service time."""
    rng = np.random.default_rng(seed)
    requests = 200_000
    gaps = rng.exponential(1 / busy, requests) if random else np.full(requests, 1 / busy)
    services = rng.exponential(1, requests) if varied else np.ones(requests)
    return np.quantile(response_times(gaps.cumsum(), services), 0.99)


def test_a_busy_server_has_a_long_tail(claim: Claim) -> None:
    """At nine tenths of its capacity, a server makes its slowest percent wait for dozens of
    service times."""
    claim.holds("p99 in service times, 90% busy", lambda seed: p99(seed, 0.9), above=30)
    claim.null("p99, 5% busy", lambda seed: p99(seed, 0.05), below=6)
    claim.null("p99, nothing random", lambda seed: p99(seed, 0.9, False, False), below=1.001)


def test_variation_makes_the_queue(claim: Claim) -> None:
    """At the same load, service of constant length has a much shorter tail than service that
    varies."""

    def ratio(seed: int, varied: bool, other: int = 0) -> float:
        return p99(seed + other, 0.8, varied) / p99(seed, 0.8, True)

    claim.holds("p99, constant to varied", lambda seed: ratio(seed, False), below=0.65)
    claim.null("p99, varied to varied", lambda seed: ratio(seed, True, other=100), above=0.75)


def test_fan_out_makes_the_rare_common(claim: Claim) -> None:
    """A request that waits for a hundred servers is slow more often than not, although each server
    is slow once in a hundred answers."""

    def simulated(seed: int, parts: int, together: bool = False) -> float:
        rng = np.random.default_rng(seed)
        slow = rng.random((5_000, 1 if together else parts)) < 0.01
        return np.broadcast_to(slow, (5_000, parts)).any(axis=1).mean()

    claim.holds("share slow, 100 parts", lambda seed: simulated(seed, 100), above=0.58, below=0.68)
    claim.exact("formula, 100 parts", slow_requests(0.01, 100), 1 - 0.99**100)
    claim.null("share slow, 1 part", lambda seed: simulated(seed, 1), below=0.03)
    claim.null("slow together", lambda seed: simulated(seed, 100, together=True), below=0.03)


def test_hedging_cuts_the_tail(claim: Claim) -> None:
    """Asking a second replica after the first p95 cuts p99.9 by far more than half, for a
    twentieth more requests."""

    @cache
    def hedged(seed: int, together: bool) -> tuple[float, float]:
        rng = np.random.default_rng(seed)
        slow = rng.random((2, 50_000)) < 0.01
        first, second = np.where(slow, 1_000, rng.gamma(20, 1, slow.shape))
        latencies, extra = hedge(first, first if together else second, np.quantile(first, 0.95))
        return np.quantile(latencies, 0.999) / np.quantile(first, 0.999), extra

    claim.holds("p99.9, hedged to plain", lambda seed: hedged(seed, False)[0], below=0.2)
    claim.holds("sent twice", lambda seed: hedged(seed, False)[1], below=0.055)
    claim.null("the same if both are slow together", lambda s: hedged(s, True)[0], above=0.99)


@pytest.mark.parametrize("busy", [0.2, 0.5, 0.8])
def test_simulation_agrees_with_the_theory_of_one_server(busy: float) -> None:
    rng = np.random.default_rng(1)
    arrivals, services = rng.exponential(1 / busy, 400_000).cumsum(), rng.exponential(1, 400_000)
    times = response_times(arrivals, services)
    theory = expon(scale=1 / (1 - busy))
    assert times.mean() == pytest.approx(theory.mean(), rel=0.06)
    for quantile in (0.1, 0.5, 0.9, 0.99):
        assert np.quantile(times, quantile) == pytest.approx(theory.ppf(quantile), rel=0.1)
    waits = response_times(arrivals, np.ones(400_000)) - 1
    assert waits.mean() == pytest.approx(busy / (1 - busy) / 2, rel=0.06)  # Pollaczek and Khinchine


@pytest.mark.parametrize("seed", range(10))
def test_recursion_step_by_step(seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrivals, services = rng.exponential(10, 200).cumsum(), rng.exponential(9, 200)
    free, expected = 0.0, []
    for arrival, service in zip(arrivals, services, strict=True):
        free = max(free, arrival) + service
        expected.append(free - arrival)
    np.testing.assert_allclose(response_times(arrivals, services), expected)
    assert response_times([5], [2]).tolist() == [2]
    assert response_times([0, 0], [2, 3]).tolist() == [2, 5]


@pytest.mark.parametrize("parts", [1, 7, 100, 5_000])
@pytest.mark.parametrize("share", [1e-9, 0.01, 0.3])
def test_fan_out_is_the_binomial(parts: int, share: float) -> None:
    assert slow_requests(share, parts) == pytest.approx(binom.sf(0, parts, share), rel=1e-9)
    assert slow_requests(allowed_slow_answers(share, parts), parts) == pytest.approx(share)


def test_hedge_by_hand() -> None:
    latencies, extra = hedge([5, 20, 10, 30], [1, 4, 1, 50], 10)
    assert latencies.tolist() == [5, 14, 10, 30]
    assert extra == 0.5
    assert hedge([5.0], [1.0], 0)[0].tolist() == [1.0]


def test_bad_input_is_named() -> None:
    sample = [1.0, 2.0, 3.0]
    names_bad_input(
        response_times, arrivals=sample, services=sample, paired=("arrivals", "services")
    )
    names_bad_input(
        slow_requests,
        slow_answers=0.01,
        parts=10,
        bounds={"slow_answers": "(0, 1)", "parts": "[1, inf)"},
    )
    names_bad_input(
        allowed_slow_answers,
        slow_requests=0.01,
        parts=10,
        bounds={"slow_requests": "(0, 1)", "parts": "[1, inf)"},
    )
    names_bad_input(
        hedge,
        first=sample,
        second=sample,
        patience=2.0,
        paired=("first", "second"),
        bounds={"patience": "[0, inf)"},
    )
    with pytest.raises(ValueError, match="arrivals"):
        response_times([2, 1], [1, 1])
    with pytest.raises(ValueError, match="services"):
        response_times([1, 2], [1, -1])
    for name in ("first", "second"):
        with pytest.raises(ValueError, match=name):
            hedge(**{"first": [1.0], "second": [1.0], "patience": 1} | {name: [-1.0]})
    for share in (0, 1):
        with pytest.raises(ValueError, match="slow_answers"):
            slow_requests(share, 1)
        with pytest.raises(ValueError, match="slow_requests"):
            allowed_slow_answers(share, 1)
    with pytest.raises(ValueError, match="parts"):
        slow_requests(0.5, 0)
