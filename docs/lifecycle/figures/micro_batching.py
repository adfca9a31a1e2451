"""Figure: what a waiting window saves in machine time, and what it costs in delay."""

import numpy as np
from matplotlib.axes import Axes

from snippets.lifecycle.micro_batching import serve_in_batches

TITLE = "Machine time per request against median delay, for four waiting windows"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    cases = {
        "500/s": {"interval": 2, "fixed": 5, "per_row": 0.1},
        "5/s": {"interval": 200, "fixed": 5, "per_row": 0.1},
        "500/s, no fixed cost": {"interval": 2, "fixed": 0, "per_row": 1.9},
    }
    windows, told = (0, 5, 20, 50), []
    for name, case in cases.items():
        arrivals = np.random.default_rng(0).exponential(case["interval"], 20_000).cumsum()
        points = []
        for window in windows:
            delays, machine_time = serve_in_batches(
                arrivals, window, case["fixed"], case["per_row"]
            )
            points.append((machine_time, np.median(delays)))
            told.append(
                f"{name}, window {window} ms: machine {machine_time:.2f} ms a request, "
                f"median delay {np.median(delays):.0f} ms"
            )
        axes.plot(*zip(*points, strict=True), label=name)
        if name == "500/s":
            for place in (0, 2, 3):
                axes.annotate(
                    f"{windows[place]} ms", points[place], (-3, -5), textcoords="offset points",
                    ha="left" if place == 0 else "right", va="top",
                )  # fmt: skip
    axes.set(xlabel="machine time per request, ms", ylabel="median delay, ms")
    axes.set(xscale="log", xlim=(0.2, 7), ylim=(0, 100), yticks=[0, 25, 50, 75, 100])
    axes.set_xticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5"])
    axes.minorticks_off()
    axes.legend(loc="upper left", title="cheaper: left; faster: down")
    return ". ".join(told) + "."


# --8<-- [end:figure]
