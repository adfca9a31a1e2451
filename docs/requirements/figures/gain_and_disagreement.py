"""Figure: the test rows that a gain needs, by how often the two models disagree."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK
from snippets.requirements.rows_needed import rows_shared

TITLE = "Shared test rows that find a gain in four cases of five, by disagreement"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    told = []
    for gain in (0.001, 0.002, 0.005, 0.01):
        disagreements = np.geomspace(max(gain, 0.001), 0.1, 9)
        rows = [rows_shared(gain, disagreement) for disagreement in disagreements]
        axes.plot(disagreements, rows, label=f"{100 * gain:.1f} points")
        if gain in (0.001, 0.01):
            told += [
                f"{100 * gain:.1f} points, disagreement {d:.0%}: {rows_shared(gain, d):,} shared rows"
                for d in (0.02, 0.05)
            ]
    axes.axhline(10_000, color=INK, linewidth=1, linestyle=":")
    axes.text(0.1, 11_500, "10,000 rows", ha="right")
    axes.set(xscale="log", yscale="log", ylabel="shared test rows", ylim=(300, 2_000_000))
    axes.set_xlabel("rows that only one of the models has right")
    axes.set_xticks([0.001, 0.005, 0.02, 0.1], ["0.1%", "0.5%", "2%", "10%"])
    axes.set_yticks(
        [1_000, 10_000, 100_000, 1_000_000], ["1,000", "10,000", "100,000", "1,000,000"]
    )
    axes.minorticks_off()
    axes.legend(title="true gain", loc="upper left")
    return ". ".join(told) + "."


# --8<-- [end:figure]
