"""Figure: how much held-out accuracy a planted fault costs, by the share of rows it touches."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.base import clone

from snippets.beyond.mutation_table import FAULTS, PIPELINE, applicants
from tools.figures import INK

TITLE = "Accuracy lost to two planted faults, by the share of customers they touch"
SIZE = (5.2, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    shares = (0.01, 0.03, 0.1, 0.3)
    lost: dict[str, list[float]] = {"columns swapped": [], "half the debt": []}
    for share in shares:
        table, default = applicants(9_000, share)
        model = clone(PIPELINE).fit(table[:6_000], default[:6_000])
        held_out, truth = table[6_000:], default[6_000:]
        right = np.mean(model.predict(held_out) == truth)
        for name, points in lost.items():
            points.append(100 * (right - np.mean(model.predict(FAULTS[name](held_out)) == truth)))
    for name, points in lost.items():
        axes.plot(shares, points, label=name)
    noise = 200 * np.sqrt(right * (1 - right) / len(truth))
    axes.axhline(noise, color=INK, linewidth=1, linestyle=":")
    axes.text(0.01, noise * 1.1, "two standard errors")
    axes.set(xscale="log", xlabel="customers who come through the partner", ylabel="points lost")
    axes.set_xticks(shares, [f"{share:.0%}" for share in shares])
    axes.minorticks_off()
    axes.legend(loc="upper left")
    return "; ".join(
        f"{share:.0%} partners, points lost: "
        + ", ".join(f"{name} {points[row]:z.1f}" for name, points in lost.items())
        for row, share in enumerate(shares)
    ) + "."  # fmt: skip
# --8<-- [end:figure]
