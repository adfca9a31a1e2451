"""Figure: how much held-out accuracy a planted fault costs, by the share of rows it touches."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.base import clone

from proof.figures import INK
from snippets.beyond.mutation_table import FAULTS, PIPELINE, applicants

TITLE = "Accuracy lost to two planted faults, by the share of customers they touch"
SIZE = (5.2, 3.2)
SHARES = (0.01, 0.1, 0.3)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    lost: dict[str, list[float]] = {"columns swapped": [], "half the debt": []}
    for share in SHARES:
        table, default = applicants(9_000, share)
        model = clone(PIPELINE).fit(table[:6_000], default[:6_000])
        held_out, truth = table[6_000:], default[6_000:]
        right = np.mean(model.predict(held_out) == truth)
        for name, points in lost.items():
            points.append(100 * (right - np.mean(model.predict(FAULTS[name](held_out)) == truth)))
    for name, points in lost.items():
        axes.plot(SHARES, points, label=name)
    noise = 200 * np.sqrt(right * (1 - right) / len(truth))
    axes.axhline(noise, color=INK, linewidth=1, linestyle=":")
    axes.text(0.3, noise + 0.2, "two standard errors", ha="right")
    axes.set(
        xscale="log",
        xlabel="customers who come through the partner",
        ylabel="points of accuracy lost",
    )
    axes.set_xticks(SHARES, [f"{share:.0%}" for share in SHARES])
    axes.minorticks_off()
    axes.legend(loc="upper left")
    return "; ".join(
        f"{share:.0%} partners, points lost: columns swapped {swapped:z.1f}, half the debt {half:z.1f}"
        for share, swapped, half in zip(SHARES, *lost.values(), strict=True)
    ) + "."  # fmt: skip


# --8<-- [end:figure]
