"""docs/lifecycle/queue-and-tail.md"""

from collections.abc import Iterator
from math import factorial

import numpy as np
import pytest
import simpy
from scipy.stats import binom, expon

from docs.lifecycle.figures.queue_tail import KNOB, measure
from proof.claims import Claim
from snippets.lifecycle.fan_out import allowed_slow_answers, slow_requests
from snippets.lifecycle.hedged_requests import hedge
from snippets.lifecycle.queue_times import response_times, servers_needed
from tools.bad_input import NEGATIVE, names_bad_input


def test_a_busy_server_has_a_long_tail(claim: Claim) -> None:
    """At nine tenths of its capacity, a single server with random arrivals makes its slowest
    percent wait for over twenty service times."""
    claim.effect(
        "p99 in service times", measure, knob="busy", **KNOB.ends, above=18, off_below=8,
        also=[{"service": "gamma"}, {"service": "constant"}],
    )  # fmt: skip
    claim.effect(
        "p99 in service times, constant service",
        lambda seed, arrivals: measure(seed, 0.9, "constant", arrivals), knob="arrivals",
        on="random", off="even", above=18, off_below=1.001, only="nine tenths of its capacity",
    )  # fmt: skip
    # Constant service waits least: 21.9 in theory, and single simulations scatter by one or two.
    least = [measure(seed, 0.9, "constant", "random") - 1 for seed in range(5)]
    assert np.mean(least) > 20
    claim.limit(
        "Ten servers on one queue, as busy, keep their slowest percent to a few service times",
        "p99 in service times", lambda seed: measure(seed, 0.9, servers=10), below=9,
    )  # fmt: skip

    def rare_and_long(seed: int) -> float:
        rng = np.random.default_rng(seed)
        services = np.where(rng.random(40_000) < 0.01, 50, 0.5)
        arrivals = rng.exponential(services.mean() / 9, services.size).cumsum()
        waits = response_times(arrivals, services, 10) - services
        return np.quantile(waits, 0.99) / services.mean()

    claim.limit(
        "unless one request in a hundred is a hundred times as long.",
        "p99 of the waits, in service times", rare_and_long, above=20,
    )  # fmt: skip


def test_variation_makes_the_queue(claim: Claim) -> None:
    """At the same load, service of constant length has a much shorter tail than service that
    varies."""

    def tail(seed: int, service: str, busy: float = 0.8, arrivals: str = "random") -> float:
        return measure(seed, busy, service, arrivals) * (1 - busy)  # comparable over loads

    claim.effect(
        "p99 in service times, times the idle share", tail, knob="service",
        on="constant", off="varied", below=2.9, off_above=3.6,
        also=[{"busy": 0.6}, {"busy": 0.9}],
    )  # fmt: skip
    claim.limit(
        "Service that varies a little has nearly the tail of constant service",
        "p99, narrow to constant",
        lambda seed: tail(seed, "narrow") / tail(seed, "constant"), below=1.25,
    )  # fmt: skip
    claim.limit(
        "requests in bursts make a long tail for constant service, too.",
        "p99 in service times, times the idle share",
        lambda seed: tail(seed, "constant", arrivals="bursts"), above=6,
    )  # fmt: skip


def test_fan_out_makes_the_rare_common(claim: Claim) -> None:
    """A request that waits for a hundred independent servers is slow more often than not,
    although each server is slow once in a hundred answers."""

    def simulated(seed: int, parts: int, together: bool = False) -> float:
        rng = np.random.default_rng(seed)
        slow = rng.random((5_000, 1 if together else parts)) < 0.01
        return np.broadcast_to(slow, (5_000, parts)).any(axis=1).mean()

    claim.effect(
        "share of slow requests", simulated, knob="parts", on=100, off=1, above=0.58, below=0.68,
        off_below=0.03, only="a hundred independent servers",
    )  # fmt: skip
    claim.effect(
        "share of slow requests, by the formula", lambda seed, parts: slow_requests(0.01, parts),
        knob="parts", on=100, off=1, above=0.6, off_below=0.02, only="a hundred independent servers",
    )  # fmt: skip
    claim.limit(
        "If a common cause makes all servers slow together, requests are as rarely slow as one "
        "server.",
        "share of slow requests", lambda seed: simulated(seed, 100, together=True), below=0.03,
    )  # fmt: skip


def test_hedging_cuts_the_tail(claim: Claim) -> None:
    """If a replica rarely takes dozens of times its p95, independently of the other, asking a second
    one after that p95 cuts p99.9 by more than four fifths, for a twentieth more requests."""

    def hedged(
        seed: int,
        together: float,
        slow_share: float = 0.01,
        slow: float = 1_000,
        shape: str = "gamma",
    ) -> float:
        rng = np.random.default_rng(seed)
        strikes = rng.random((2, 50_000)) < slow_share
        usual = (
            20 * rng.gamma(20, 1 / 20, strikes.shape)
            if shape == "gamma"
            else rng.lognormal(3, {"lognormal": 0.3, "wide": 1.0}[shape], strikes.shape)
        )
        first, second = np.where(strikes, slow, usual)
        second = np.where(rng.random(50_000) < together, first, second)
        latencies, extra = hedge(first, second, np.quantile(first, 0.95))
        assert extra < 0.051 or slow_share > 0.05
        return np.quantile(latencies, 0.999) / np.quantile(first, 0.999)

    claim.effect(
        "p99.9, hedged to plain", hedged, knob="together", on=False, off=True,
        below=0.18, off_above=0.9,
        also=[{"slow": 500}, {"slow": 3_000}, {"shape": "lognormal"}, {"slow_share": 0.02},
              {"shape": "wide", "slow": 3_000}],
    )  # fmt: skip
    claim.limit(
        "If slow answers take only three times the usual, hedging cuts far less of p99.9.",
        "p99.9, hedged to plain", lambda seed: hedged(seed, False, slow=60), above=0.6,
    )  # fmt: skip
    claim.limit(
        "If fewer than one answer in a thousand is slow, hedging leaves p99.9 alone.",
        "p99.9, hedged to plain", lambda seed: hedged(seed, False, slow_share=0.0005), above=0.9,
    )  # fmt: skip
    claim.limit(
        "If both replicas are slow together more often than once in a thousand, p99.9 stays: one answer "
        "in twenty-five is slow, or one in a hundred, a fifth of them together.",
        "p99.9, hedged to plain",
        lambda seed: min(hedged(seed, False, slow_share=0.04), hedged(seed, 1 / 5)), above=0.9,
    )  # fmt: skip
    claim.limit(
        "If more than one in twenty is slow, so is p95, and hedging comes too late.",
        "p99.9, hedged to plain", lambda seed: hedged(seed, False, slow_share=0.06), above=0.95,
    )  # fmt: skip


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
    np.testing.assert_allclose(
        _many(arrivals, services / 3, 1), response_times(arrivals, services / 3)
    )
    for servers in (2, 3, 500):
        np.testing.assert_allclose(
            response_times(arrivals, services, servers), _many(arrivals, services, servers)
        )


def _many(arrivals: np.ndarray, services: np.ndarray, servers: int) -> list[float]:
    free, found = np.full(servers, -np.inf), []
    for arrival, service in zip(arrivals, services, strict=True):
        place = free.argmin()
        free[place] = max(free[place], arrival) + service
        found.append(free[place] - arrival)
    return found


def test_unsigned_times_do_not_wrap() -> None:
    arrivals, services = np.array([0, 10, 20], np.uint64), np.array([5, 5, 5], np.uint64)
    assert response_times(arrivals, services).tolist() == [5, 5, 5]
    with pytest.raises(ValueError, match="arrivals must be sorted"):
        response_times(np.array([5, 1], np.uint8), services[:2])
    assert hedge(np.array([250], np.uint8), np.array([10], np.uint8), np.uint8(250))[0] == [250]


def test_waits_of_several_servers_are_those_of_erlang() -> None:
    rng, load, servers = np.random.default_rng(0), 3.2, 4
    arrivals, services = rng.exponential(1 / load, 60_000).cumsum(), rng.exponential(1, 60_000)
    waits = response_times(arrivals, services, servers) - services
    full = load**servers / factorial(servers) * servers / (servers - load)
    busy = full / (sum(load**k / factorial(k) for k in range(servers)) + full)
    assert waits.mean() == pytest.approx(busy / (servers - load), rel=0.15)


def test_servers_needed_are_the_fewest() -> None:
    rng = np.random.default_rng(0)
    arrivals, services = rng.exponential(1, 3_000).cumsum(), rng.exponential(5, 3_000)
    for limit in (26, 40, 10_000):
        found = servers_needed(arrivals, services, limit)
        assert np.quantile(response_times(arrivals, services, found), 0.99) <= limit
        fewer = (
            np.quantile(response_times(arrivals, services, found - 1), 0.99)
            if found > 1
            else np.inf
        )
        assert fewer > limit
    assert servers_needed([0, 0, 0], [1, 1, 1], 1) == 3
    with pytest.raises(ValueError, match="limit must be above"):
        servers_needed(arrivals, services, 20)


def test_a_response_at_the_limit_keeps_it() -> None:
    """Ten requests each second: five waits of 0.02 end above 0.1, by the last bit."""
    arrivals, services = np.repeat(np.arange(300.0), 10), np.full(3_000, 0.02)
    for limit, servers in ((0.2, 1), (0.1, 2), (0.06, 4), (0.04, 5), (0.02, 10)):
        assert servers_needed(arrivals, services, limit) == servers
        if servers < 10:
            assert servers_needed(arrivals, services, limit - 1e-6) > servers
    pair = 1_764_000_000 + np.repeat(10 * np.arange(300.0), 2)  # seconds since 1970
    assert servers_needed(pair, np.full(600, 0.13), 0.13) == 2  # no number was enough
    assert response_times(pair, np.full(600, 0.02), 2) == pytest.approx(0.02, rel=1e-9)


def test_stamps_of_whole_seconds_and_of_the_end_mislead() -> None:
    """The page: spread the one within their second, subtract the duration from the other."""
    rng = np.random.default_rng(0)
    work = np.full(20_000, 0.03)
    even = rng.exponential(0.02, work.size).cumsum()
    spread = np.sort(np.floor(even) + rng.random(work.size))
    named = [servers_needed(times, work, 0.15) for times in (even, np.floor(even), spread)]
    assert named[0] == named[2] and named[1] > 3 * named[0]
    bursts = np.repeat(np.arange(1_000.0), 20)  # twenty at once, each second
    took = response_times(bursts, work, 2)
    assert servers_needed(np.sort(bursts + took), work, 0.15) == 2  # as many as it has today
    assert servers_needed(bursts, work, 0.15) == 4


def test_few_requests_name_too_few_servers() -> None:
    """The load of the exercise, where three servers are never enough."""
    for requests, low, high in ((1_000, 0.15, 0.7), (10_000, 0, 0.05)):
        few = []
        for seed in range(30 if requests < 10_000 else 10):
            rng = np.random.default_rng(seed)
            arrivals = rng.exponential(10 / 3, requests).cumsum()
            few.append(servers_needed(arrivals, rng.exponential(10, requests), 150) < 4)
        assert low <= np.mean(few) <= high


def test_ten_thousand_requests_are_few_for_a_busy_server() -> None:
    """At nine tenths of its capacity, where p99 is 461 and the limit 400."""
    for requests, low, high in ((10_000, 0.4, 0.8), (100_000, 0, 0.1)):
        enough = []
        for seed in range(20):
            rng = np.random.default_rng(seed)
            arrivals = rng.exponential(10 / 0.9, requests).cumsum()
            times = response_times(arrivals, rng.exponential(10, requests))
            enough.append(np.quantile(times, 0.99) <= 400)
        assert low <= np.mean(enough) <= high


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


def test_rare_slow_answers_and_another_quantile() -> None:
    assert slow_requests(1e-18, 10) == pytest.approx(1e-17, abs=0)  # 1 - 1e-18 is 1 in float64
    arrivals, services = np.zeros(10), np.ones(10)
    # Two servers answer half of the ten within 3 units; one within 5.
    assert servers_needed(arrivals, services, 3, 0.5) == 2
    assert servers_needed(arrivals, services, 3) == 4


def test_bad_input_is_named() -> None:
    sample = [1.0, 2.0, 3.0]
    names_bad_input(
        response_times,
        arrivals=sample,
        services=sample,
        paired=("arrivals", "services"),
        bounds={"servers": "[1, inf)"},
    )
    names_bad_input(
        servers_needed, arrivals=sample, services=[1.0, 1.0, 1.0], limit=2.0,
        paired=("arrivals", "services"), bounds={"quantile": "(0, 1)"},
        allow=[("arrivals", NEGATIVE)],
    )  # fmt: skip
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


@pytest.mark.parametrize("servers", [1, 4])
def test_response_times_are_those_of_simpy(servers: int) -> None:
    rng, requests = np.random.default_rng(servers), 2_000
    arrivals = rng.exponential(1 / servers / 0.8, requests).cumsum()
    services, answered = rng.exponential(1, requests), np.empty(requests)
    world = simpy.Environment()
    queue = simpy.Resource(world, servers)

    def request(place: int) -> Iterator[simpy.Event]:
        yield world.timeout(arrivals[place])
        with queue.request() as turn:
            yield turn
            yield world.timeout(services[place])
        answered[place] = world.now

    for place in range(requests):
        world.process(request(place))
    world.run()
    np.testing.assert_allclose(response_times(arrivals, services, servers), answered - arrivals)


def test_an_answer_at_the_end_of_the_patience_is_not_asked_again() -> None:
    """0.1 + 0.2 is above 0.3 by the last bit."""
    latencies, extra = hedge([0.1 + 0.2, 0.3, 0.3 + 1e-6], [1, 1, 1], 0.3)
    assert latencies.tolist() == [0.1 + 0.2, 0.3, 0.3 + 1e-6] and extra == pytest.approx(1 / 3)
