"""Figure: the PSI that stable data exceeds in one comparison of a hundred, by sample size."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK
from snippets.data.drift_threshold import drift_threshold

TITLE = "Alarm threshold for 1% false alarms against the two folklore thresholds"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    sizes = np.array([50, 100, 200, 500, 1_000, 2_000, 5_000])
    for bins in (20, 10, 5):
        thresholds = [drift_threshold(rows, rows, bins=bins) for rows in sizes]
        axes.plot(sizes, thresholds, label=f"{bins} bins")
    for folklore in (0.1, 0.25):
        axes.axhline(folklore, color=INK, linewidth=1, linestyle=":")
        axes.text(5_000, folklore * 1.06, f"{folklore}", ha="right")
    axes.set(xscale="log", yscale="log", xlabel="rows on either side", ylabel="PSI")
    axes.set_xticks(sizes, [f"{rows:,}" for rows in sizes])
    axes.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    axes.minorticks_off()
    axes.legend(title="1 in 100 stable pairs exceeds")
    at = {rows: drift_threshold(rows, rows) for rows in (50, 100, 200, 500, 1_000)}
    return "With ten bins the alarm threshold for 1% false alarms is " + ", ".join(
        f"with {rows:,} rows {threshold:.3f}" for rows, threshold in at.items()
    ) + ". It falls as one over the number of rows; 0.1 and 0.25 stay where they are."  # fmt: skip


# --8<-- [end:figure]
