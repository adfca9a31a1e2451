"""Figure: what a load test reports of a stalling server, by the number of virtual users."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.lifecycle.closed_loop import closed_loop
from snippets.lifecycle.on_schedule import latencies_on_schedule

TITLE = "Latency quantiles that a closed loop reports of one stalling server, by its virtual users"


# --8<-- [start:figure]
KNOB = Knob(
    "Virtual users, at 100 requests a second",
    {"1": 1, "3": 3, "10": 10, "30": 30, "200": 200},
    effect="1",
    null="200",
    says="Virtual users: {stop}. The test reports {found:.1%} of the requests above 100 ms; on "
    "schedule {true:.1%} are. It sees {value:.0%} of the slow requests.",
)


def calls(seed: int, stall: float = 1_000, varied: bool = False) -> np.ndarray:
    """Return 6,000 service times in ms; one call in two thousand meets a stall."""
    rng = np.random.default_rng(seed)
    times = rng.gamma(25, 0.12, 6_000) if varied else rng.uniform(2, 4, 6_000)
    times[1_000::2_000] += stall
    return times


def measure(seed: int, users: int, interval: float = 10, **setting: float) -> float:
    served = calls(seed, **setting)
    found = np.mean(closed_loop(served, interval, users) > 100)
    return found / np.mean(latencies_on_schedule(served, interval) > 100)


def frame(axes: Axes) -> None:
    beyond = np.geomspace(0.5, 0.0005, 11)
    scheduled = np.quantile(latencies_on_schedule(calls(0), 10), 1 - beyond)
    axes.plot(1 / beyond, scheduled, color=INK, linewidth=1, linestyle=":", label="on schedule")
    axes.plot([], [], "o-", color=SERIES[2], markersize=4, label="reported")
    axes.set(xscale="log", yscale="log", xlim=(1.6, 2_600), ylim=(2, 2_500))
    axes.set(xlabel="quantile", ylabel="latency, ms")
    axes.set_xticks([2, 10, 100, 1_000], ["p50", "p90", "p99", "p99.9"])
    axes.set_yticks([10, 100, 1_000], ["10", "100", "1,000"])
    axes.minorticks_off()
    axes.legend(loc="upper left")


def draw(axes: Axes, users: int) -> dict[str, float]:
    beyond = np.geomspace(0.5, 0.0005, 11)
    reported = closed_loop(calls(0), 10, users)
    axes.plot(1 / beyond, np.quantile(reported, 1 - beyond), "o-", color=SERIES[2], markersize=4)
    scheduled = latencies_on_schedule(calls(0), 10)
    return {"found": np.mean(reported > 100), "true": np.mean(scheduled > 100)}


# --8<-- [end:figure]
