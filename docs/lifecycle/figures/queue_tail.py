"""Figure: the p99 of a server against how busy it is."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK
from snippets.lifecycle.queue_times import response_times

TITLE = "The p99 of a server with a mean service time of 10 ms, by how busy it is"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng = np.random.default_rng(0)
    requests, mean = 400_000, 10
    shares = (0.05, 0.5, 0.8, 0.9, 0.2, 0.35, 0.65, 0.72, 0.86)
    varied, constant = rng.exponential(mean, requests), np.full(requests, mean)
    tails = []
    for busy in shares:
        random = rng.exponential(mean / busy, requests).cumsum()
        even = np.arange(requests) * mean / busy
        cases = ((random, varied), (random, constant), (even, constant))
        tails.append([np.quantile(response_times(*case), 0.99) for case in cases])
    names = ("varied service", "constant service", "constant, even arrivals")
    for name, values in zip(names, np.transpose(tails), strict=True):
        axes.plot(np.sort(shares), values[np.argsort(shares)], label=name)
    smooth = np.linspace(0.02, 0.92, 100)
    theory = mean * np.log(100) / (1 - smooth)
    axes.plot(
        smooth, theory, color=INK, linewidth=1, linestyle=":", marker="", label="theory, M/M/1"
    )
    axes.set(xlabel="share of the time that the server is busy", ylabel="p99, ms", ylim=(0, 500))
    axes.set_xticks(shares[:4], [f"{busy:.0%}" for busy in shares[:4]])
    axes.set_yticks([0, 100, 200, 300, 400, 500])
    axes.legend(loc="upper left")
    return ". ".join(
        f"p99 at {busy:.0%} busy: varied {row[0]:.0f} ms, "
        f"in theory {mean / (1 - busy) * np.log(100):.0f} ms, "
        f"constant {row[1]:.0f} ms, and even {row[2]:.0f} ms"
        for busy, row in zip(shares[:4], tails, strict=False)
    ) + "."  # fmt: skip


# --8<-- [end:figure]
