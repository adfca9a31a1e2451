"""Figure: failures of single releases between the two lines of the sequential test."""

from math import log

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from snippets.beyond.canary import canary_verdict

TITLE = "Failures of three releases a rate, until one of two lines is crossed"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng, told = np.random.default_rng(0), []
    looks = zip((0.01, 0.02, 0.05), SERIES, ("-", "-", ":"), "o^^", strict=False)
    for rate, colour, dash, end in looks:
        releases = rng.random((1_000, 10_000)) < rate
        verdicts, requests = zip(*map(canary_verdict, releases), strict=True)
        told.append(
            f"failure rate {rate:.1%}: rolls back {verdicts.count('roll back') / 1_000:.1%}, "
            f"median {np.median(requests):,.0f} requests"
        )
        for release, stop in zip(releases[:3], requests[:3], strict=True):
            times = [0, *np.flatnonzero(release[:stop]) + 1, stop]
            failures = [*range(len(times) - 1), len(times) - 2]
            axes.plot(times, failures, color=colour, marker="", linestyle=dash, linewidth=1)
            axes.plot(stop, failures[-1], end, color=colour)
        axes.plot([], [], end, linestyle=dash, color=colour, label=f"{rate:.0%} fail")
    count = np.array([0, 1_400])
    failure, success = log(0.02 / 0.01), log(0.98 / 0.99)
    for name, bound, height in (("roll back", 0.95 / 0.01, 25), ("promote", 0.05 / 0.99, 6)):
        line = (log(bound) - count * success) / (failure - success)
        axes.plot(count, line, color=INK, marker="", linewidth=1.5, linestyle="--")
        axes.text(1_150, height, name, ha="center")
    axes.set(xlabel="requests", ylabel="failures", xlim=(0, 1_400), ylim=(0, 32))
    axes.set_xticks([0, 500, 1_000], ["0", "500", "1,000"])
    axes.set_yticks([0, 10, 20, 30])
    axes.legend(loc="upper left")
    return "; ".join(told) + ". The lines are parallel; between them the test goes on."


# --8<-- [end:figure]
