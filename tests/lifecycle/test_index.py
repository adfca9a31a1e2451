"""docs/lifecycle/index.md"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy.stats import linregress
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from proof.claims import Claim
from snippets.lifecycle.batch_speedup import batch_speedup
from snippets.lifecycle.delay_effect import delay_effect
from snippets.lifecycle.micro_batching import serve_in_batches
from tools.bad_input import NEGATIVE, names_bad_input


def effect(seed: int, confounded: bool, randomized: bool) -> float:
    rng = np.random.default_rng(seed)
    slow = rng.random(500_000) < 0.5
    natural = rng.gamma(4, 100, slow.size) + 400 * slow
    added = rng.choice([0, 400], slow.size) * randomized
    intent = np.where(slow, 0.17, 0.23) if confounded else 0.2
    converted = rng.random(slow.size) < intent * (1 - 0.004 * (natural + added) / 100)
    return delay_effect(added if randomized else natural, converted)[0]


def test_observed_delay_exaggerates(claim: Claim) -> None:
    """Where slow devices buy less, observed visits show several times the loss that the delay
    causes."""
    claim.holds("observed, confounded", lambda seed: effect(seed, True, False), below=-0.03)
    claim.holds("randomized, confounded", lambda seed: effect(seed, True, True), above=-0.012)
    claim.null("observed, not confounded", lambda seed: effect(seed, False, False), above=-0.012)


def test_a_batch_is_cheaper(claim: Claim) -> None:
    """A row in a batch of a thousand costs less than a twentieth of a row in a call of its own."""
    patients, outcome = load_breast_cancer(return_X_y=True)
    labelled = np.column_stack([patients, outcome])
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(patients, outcome)
    learner = SGDClassifier(random_state=0).fit(patients, outcome)

    def speedup(seed: int, predict: Callable, size: int) -> float:
        rows = np.random.default_rng(seed).choice(labelled, size)
        return batch_speedup(predict, rows if predict is train else rows[:, :-1], repeats=8)

    def train(rows: np.ndarray) -> None:
        learner.partial_fit(rows[:, :-1], rows[:, -1])

    def one_by_one(rows: np.ndarray) -> list[np.ndarray]:
        return [model.predict(row[None]) for row in rows]

    claim.holds("batch of 1,000", lambda seed: speedup(seed, model.predict, 1_000), above=20)
    claim.holds("batch of 1,000, training", lambda seed: speedup(seed, train, 1_000), above=20)
    claim.null("loop over 20 rows", lambda seed: speedup(seed, one_by_one, 20), below=3)


@cache
def served(seed: int, interval: float, window: float, fixed: float, per_row: float) -> tuple:
    arrivals = np.random.default_rng(seed).exponential(interval, 5_000).cumsum()
    delays, machine_time = serve_in_batches(arrivals, window, fixed, per_row)
    return np.median(delays), machine_time


def test_a_window_trades_delay_for_machine_time(claim: Claim) -> None:
    """Waiting for a batch saves machine time and costs delay, as long as a call has a fixed
    cost."""

    def saved(seed: int, fixed: float, per_row: float) -> float:
        return served(seed, 2, 50, fixed, per_row)[1] / served(seed, 2, 0, fixed, per_row)[1]

    claim.holds("machine time, fixed cost", lambda seed: saved(seed, 5, 0.1), below=0.25)
    claim.holds(
        "added median delay, ms",
        lambda seed: served(seed, 2, 50, 5, 0.1)[0] - served(seed, 2, 0, 5, 0.1)[0],
        above=15,
    )
    claim.null("machine time, no fixed cost", lambda seed: saved(seed, 0, 1.9), above=0.999)


def test_a_window_needs_traffic(claim: Claim) -> None:
    """When requests are rare, a window adds its length to the delay and saves little."""

    def saved(seed: int, interval: float) -> float:
        return 1 - served(seed, interval, 20, 5, 0.1)[1] / served(seed, interval, 0, 5, 0.1)[1]

    def added(seed: int) -> float:
        return served(seed, 200, 20, 5, 0.1)[0] - served(seed, 200, 0, 5, 0.1)[0]

    claim.holds("share saved, 5 requests/s", lambda seed: saved(seed, 200), below=0.15)
    claim.holds("added median delay, ms", added, above=18, below=21)
    claim.null("share saved, 500 requests/s", lambda seed: saved(seed, 2), above=0.5)


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
    value, half_width = delay_effect([0, 0, 0, 0, 200, 200, 200, 200], [1, 1, 1, 0, 1, 0, 0, 0])
    assert value == pytest.approx(-0.5)  # three in four, then one in four, around one half
    error = np.sqrt((0.75 * 0.25 + 0.75 * 0.25) / 4) / 2 / 0.5
    assert half_width == pytest.approx(1.96 * error)


@pytest.mark.parametrize(("fixed", "per_row"), [(100.0, 1.0), (0.0, 3.0), (7.0, 0.0)])
def test_speedup_by_a_clock_that_is_known(fixed: float, per_row: float) -> None:
    now, calls = [0.0], []

    def predict(rows: np.ndarray) -> None:
        calls.append(len(rows))
        now[0] += fixed + per_row * len(rows) + (1_000 if len(calls) % 3 == 1 else 0)

    speedup = batch_speedup(predict, np.ones((50, 2)), repeats=3, clock=lambda: now[0])
    assert speedup == pytest.approx((fixed + per_row) / (fixed / 50 + per_row))
    assert calls == [1] * 4 + [50] * 4


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


def test_bad_input_is_named() -> None:
    names_bad_input(
        batch_speedup,
        predict=len,
        rows=[[1.0, 2.0], [3.0, 4.0]],
        repeats=1,
        bounds={"repeats": "[1, inf)"},
    )
    names_bad_input(
        serve_in_batches, arrivals=[0.0, 1.0, 2.0], window=2.0, fixed=5.0, per_row=1.5, bounds={"window": "[0, inf)", "fixed": "[0, inf)", "per_row": "[0, inf)"}
    )  # fmt: skip
    names_bad_input(
        delay_effect, delays=[100.0, 200.0, 300.0], converted=[0, 1, 1],
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
    with pytest.raises(ValueError, match="delays"):
        delay_effect([5, 5], [0, 1])
