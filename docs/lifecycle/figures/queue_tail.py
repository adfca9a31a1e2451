"""Figure: the p99 of four ways to serve, by how busy the servers are."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.lifecycle.queue_times import response_times

TITLE = "The p99 of servers with a mean service time of 10 ms, by how busy they are"


# --8<-- [start:figure]
KNOB = Knob(
    "Share of the time that the servers are busy",
    {"5%": 0.05, "30%": 0.3, "50%": 0.5, "80%": 0.8, "90%": 0.9},
    effect="90%",
    null="5%",
    says="At {stop} busy, p99 of a single server with varied service is {value:.0f} times the "
    "mean service; with ten servers on one queue, {shared:.0f} times.",
)


@cache
def measure(
    seed: int, busy: float, service: str = "varied", arrivals: str = "random", servers: int = 1
) -> float:
    """Simulate the p99 of response times; the unit of time is the mean service time."""
    rng = np.random.default_rng(seed)
    requests = 200_000
    gaps = {
        "random": lambda: rng.exponential(1, requests),
        "even": lambda: np.ones(requests),
        "bursts": lambda: np.where(np.arange(requests) % 10, 0, rng.exponential(10, requests)),
    }[arrivals]()
    work = {
        "varied": lambda: rng.exponential(1, requests),
        "constant": lambda: np.ones(requests),
        "gamma": lambda: rng.gamma(2, 0.5, requests),
        "narrow": lambda: rng.gamma(50, 0.02, requests),
    }[service]()
    return np.quantile(response_times(gaps.cumsum() / busy / servers, work, servers), 0.99)


def frame(axes: Axes) -> None:
    axes.set(xlim=(0, 540), ylim=(-0.6, 3.6), xlabel="p99, ms")
    axes.set_yticks(
        range(4),
        ["even arrivals,\nconstant", "ten servers,\none queue", "constant", "varied\nservice"],
    )
    axes.grid(axis="y", visible=False)


def draw(axes: Axes, busy: float) -> dict[str, float]:
    cases = (
        {"service": "constant", "arrivals": "even"}, {"servers": 10}, {"service": "constant"}, {},
    )  # fmt: skip
    tails = [10 * measure(0, busy, **case) for case in cases]
    for row, (tail, colour) in enumerate(zip(tails, SERIES[::-1], strict=True)):
        axes.barh(row, tail, 0.6, color=colour)
        axes.text(tail + 8, row, f"{tail:.0f}", va="center")
    return {"shared": tails[1] / 10}


# --8<-- [end:figure]
