"""Figure: the latency quantiles of one server, as two load tests report them."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.lifecycle.on_schedule import latencies_on_schedule

TITLE = "Latency quantiles of one stalling server, as two load tests report them"


# --8<-- [start:figure]
KNOB = Knob(
    "How long the server stalls, once in 2,000 calls",
    {"0 ms": 0, "50 ms": 50, "200 ms": 200, "500 ms": 500, "2,000 ms": 2_000},
    effect="2,000 ms",
    null="0 ms",
    says="With stalls of {stop}, a test that waits for each answer reports a p99 of {waits:,.0f} ms; "
    "users on schedule have {p99:,.0f} ms, a ratio of {value:,.0f}.",
)


def tests(
    seed: int, stall: float, interval: float = 10, varied: bool = False, every: int = 2_000
) -> tuple[np.ndarray, np.ndarray]:
    """Return the latencies of requests on schedule, and of a test that waits for each answer."""
    rng = np.random.default_rng(seed)
    calls = rng.gamma(25, 0.2, 20_000) if varied else rng.uniform(4, 6, 20_000)
    calls[every // 2 :: every] += stall
    return latencies_on_schedule(calls, interval), calls


def measure(seed: int, stall: float, **setting: float) -> float:
    return np.divide(*[np.quantile(latencies, 0.99) for latencies in tests(seed, stall, **setting)])


def frame(axes: Axes) -> None:
    axes.set(xscale="log", yscale="log", xlim=(1.6, 2_600), ylim=(3, 40_000))
    axes.set(xlabel="quantile", ylabel="latency, ms")
    axes.set_xticks([2, 10, 100, 1_000], ["p50", "p90", "p99", "p99.9"])
    axes.set_yticks([10, 100, 1_000], ["10", "100", "1,000"])
    axes.minorticks_off()
    for colour, style, name in zip(SERIES, ("o-", "s--"), ("on schedule", "waits for each answer")):
        axes.plot([], [], style, color=colour, label=name)
    axes.legend(loc="upper left")


def draw(axes: Axes, stall: float) -> dict[str, float]:
    beyond = np.geomspace(0.5, 0.0005, 11)
    found = tests(0, stall)
    for colour, style, latencies in zip(SERIES, ("o-", "s--"), found, strict=False):
        axes.plot(1 / beyond, np.quantile(latencies, 1 - beyond), style, color=colour, markersize=4)
    p99, waits = (np.quantile(latencies, 0.99) for latencies in found)
    return {"p99": p99, "waits": waits}


# --8<-- [end:figure]
