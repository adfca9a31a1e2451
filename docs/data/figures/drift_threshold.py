"""Figure: the PSI of a thousand pairs of samples that have not drifted, by sample size."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.drift_threshold import drift_threshold, population_stability_index

TITLE = "PSI of samples that have not drifted, by rows on either side"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows on either side, no drift",
    {f"{rows:,}": rows for rows in (50, 100, 200, 500, 1_000)},
    effect="100",
    null="1,000",
    says="With {stop} rows a side and no drift, {value:.1%} of the comparisons pass 0.1. "
    "For 1% false alarms, alarm above {threshold:.3f}.",
)


@cache
def stable_psi(seed: int, rows: int, draw: str, bins: int, repeats: int) -> np.ndarray:
    pairs = getattr(np.random.default_rng(seed), draw)(size=(repeats, 2, rows))
    return np.array([population_stability_index(then, now, bins) for then, now in pairs])


def measure(
    seed: int, rows: int, draw: str = "normal", bins: int = 10, repeats: int = 1_000
) -> float:
    return np.mean(stable_psi(seed, rows, draw, bins, repeats) > 0.1)


def frame(axes: Axes) -> None:
    for folklore in (0.1, 0.25):
        axes.axvline(folklore, color=INK, linewidth=1, linestyle=":")
    axes.set(xscale="log", xlim=(0.004, 2), ylim=(0, 0.27))
    axes.set(xlabel="PSI of two samples, nothing moved", ylabel="share of comparisons")
    axes.set_xticks([0.01, 0.1, 0.25, 1], ["0.01", "0.1", "0.25", "1"])
    axes.set_yticks([0, 0.1, 0.2], ["0%", "10%", "20%"])
    axes.minorticks_off()


def draw(axes: Axes, rows: int) -> dict[str, float]:
    edges = 0.1 * 1.2 ** np.arange(-18, 18)
    heights, _ = np.histogram(stable_psi(0, rows, "normal", 10, 1_000), edges)
    for part, colour in ((edges[:-1] < 0.1, SERIES[0]), (edges[:-1] >= 0.1, SERIES[1])):
        axes.stairs(np.where(part, heights / 1_000, 0), edges, fill=True, color=colour)
    return {"threshold": drift_threshold(rows, rows)}


# --8<-- [end:figure]
