"""Figure: conversion by the delay that happened, over all visits and by device."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.lifecycle.delay_effect import delay_effect

TITLE = "Conversion by the delay that happened, over all visits and by device"


# --8<-- [start:figure]
KNOB = Knob(
    "Conversion of slow devices (fast ones: 23%)",
    {"23%": 0.23, "21%": 0.21, "19%": 0.19, "17%": 0.17},
    effect="17%",
    null="23%",
    says="Slow devices buy in {stop} of visits, fast ones in 23%: observed visits show {value:+.1%} "
    "of conversion per 100 ms, and the delay causes -0.4%.",
)


@cache
def visits(
    seed: int, slow_rate: float, randomized: bool = False, slow_share: float = 0.5,
    jitter: str = "gamma", rows: int = 500_000,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Return delay, conversion and device of synthetic visits; 100 ms cost 0.4% of conversion."""
    rng = np.random.default_rng(seed)
    slow = rng.random(rows) < slow_share
    usual = rng.gamma(4, 100, rows) if jitter == "gamma" else rng.uniform(100, 700, rows)
    natural, added = usual + 400 * slow, rng.choice([0, 400], rows) * randomized
    chance = np.where(slow, slow_rate, 0.23) * (1 - 0.004 * (natural + added) / 100)
    return added if randomized else natural, rng.random(rows) < chance, slow


@cache
def measure(seed: int, slow_rate: float, only_slow: bool = False, **setting: object) -> float:
    delay, bought, slow = visits(seed, slow_rate, **setting)
    kept = slow if only_slow else slow | True
    return delay_effect(delay[kept], bought[kept])[0]


def frame(axes: Axes) -> None:
    axes.set(xlabel="delay of the visit, ms", ylabel="conversion", ylim=(14, 25), xlim=(0, 1_200))
    axes.set_xticks([0, 400, 800, 1_200], ["0", "400", "800", "1,200"])
    axes.set_yticks([15, 20, 25], ["15%", "20%", "25%"])
    for colour, style, name in zip(SERIES, ("o-", "s--", "^-."), ("fast", "all visits", "slow")):
        axes.plot([], [], style, color=colour, label=name)
    axes.legend(loc="lower left")


def draw(axes: Axes, slow_rate: float) -> None:
    delay, bought, slow = visits(0, slow_rate)
    group = np.digitize(delay, np.arange(200, 1_201, 200))
    groups = ((~slow, range(4), "o-"), (slow | True, range(6), "s--"), (slow, range(2, 6), "^-."))
    for colour, (rows, bins, style) in zip(SERIES, groups, strict=False):
        shares = [100 * bought[rows & (group == number)].mean() for number in bins]
        axes.plot([200 * number + 100 for number in bins], shares, style, color=colour)


# --8<-- [end:figure]
