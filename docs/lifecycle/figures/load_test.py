"""Figure: the latency quantiles of one server, as two load tests report them."""

import numpy as np
from matplotlib.axes import Axes

from snippets.lifecycle.on_schedule import latencies_on_schedule

TITLE = "Latency quantiles of one stalling server, as two load tests report them"
SIZE = (6.4, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng = np.random.default_rng(0)
    calls = rng.uniform(4, 6, 20_000)
    calls[1_000::2_000] += 2_000
    tests = {"on schedule": latencies_on_schedule(calls, 10), "waits for each answer": calls}
    beyond, told = np.geomspace(0.5, 0.0005, 40), []
    for name, latencies in tests.items():
        axes.plot(1 / beyond, np.quantile(latencies, 1 - beyond), label=name, markevery=6)
        median, p99 = np.quantile(latencies, (0.5, 0.99))
        told.append(f"{name}: median {median:.0f} ms, p99 {p99:,.0f} ms")
    axes.set(xscale="log", yscale="log", xlabel="quantile", ylabel="latency, ms", ylim=(3, 6_000))
    axes.set_xticks([2, 10, 100, 1_000], ["p50", "p90", "p99", "p99.9"])
    axes.set_yticks([10, 100, 1_000], ["10", "100", "1,000"])
    axes.minorticks_off()
    axes.legend(loc="center right", title="load test", bbox_to_anchor=(1, 0.45))
    return "With stalls of 2,000 ms, " + "; ".join(told) + "."


# --8<-- [end:figure]
