"""Figure: healthy releases whose running failure rate passes a limit, by the first look."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES, SOFT
from proof.knobs import Knob

TITLE = "Running failure rate of ten healthy releases, and the looks at which a limit stops them"
SIZE = (4.6, 2.6)


# --8<-- [start:figure]
KNOB = Knob(
    "Request at which the looks begin, of 2,000",
    {"101": 101, "501": 501, "1,001": 1_001, "1,501": 1_501, "2,000": 2_000},
    effect="101",
    null="2,000",
    says="First look at request {stop}, last at 2,000: the limit rolls back {value:.1%} of the "
    "healthy releases, {drawn} of the 10 drawn here.",
)


@cache
def running(seed: int, rate: float = 0.01, releases: int = 4_000) -> np.ndarray:
    failed = np.random.default_rng(seed).random((releases, 2_000)) < rate
    return failed.cumsum(axis=1) / np.arange(1, 2_001)


def measure(
    seed: int, first: int, rate: float = 0.01, factor: float = 1.5, releases: int = 4_000
) -> float:
    return (running(seed, rate, releases)[:, first - 1 :] > rate * factor).any(axis=1).mean()


def frame(axes: Axes) -> None:
    seen = np.r_[100:500:20, 500:2_000:60]
    axes.plot(seen, running(0)[:10, seen - 1].T, "-", color=SOFT, marker="", linewidth=0.7)
    axes.axhline(0.015, color=INK, linewidth=1.5, linestyle="--")
    axes.text(2_000, 0.03, "dashed: the limit", ha="right")
    axes.set(xlim=(0, 2_060), ylim=(0, 0.04), xlabel="requests", ylabel="running failure rate")
    axes.set_xticks([100, 500, 1_000, 1_500, 2_000], ["100", "500", "1,000", "1,500", "2,000"])
    axes.set_yticks([0, 0.01, 0.02, 0.03, 0.04], ["0%", "1%", "2%", "3%", "4%"])


def draw(axes: Axes, first: int) -> dict[str, int]:
    axes.axvline(first, color=SERIES[0], linewidth=2)
    above = running(0)[:10, first - 1 :] > 0.015
    stopped = np.flatnonzero(above.any(axis=1))
    times = first - 1 + above[stopped].argmax(axis=1)
    axes.plot(times + 1, running(0)[stopped, times], "^", color=SERIES[1], markersize=8)
    return {"drawn": len(stopped)}


# --8<-- [end:figure]
