"""Figure: ratios of two equal selection rates, by the number of people that are selected."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.fairness.four_fifths_alarms import four_fifths_alarms

TITLE = "Lower over higher selection rate in audits of two groups that have the same chance"


# --8<-- [start:figure]
KNOB = Knob(
    "People that each group expects to be selected, at a rate of 30%",
    {"15": 15, "30": 30, "60": 60, "120": 120, "240": 240, "600": 600},
    effect="15",
    null="600",
    says="With {stop} selected a group on average, {value:.0%} of the audits of two equal groups "
    "alarm, and {eight:.0%} of those of eight.",
)


def measure(seed: int, selected: float, groups: int = 2, rate: float = 0.3) -> float:
    return four_fifths_alarms(round(selected / rate), rate, groups, seed)


def frame(axes: Axes) -> None:
    axes.axvline(0.8, color=INK, linewidth=1, linestyle=":")
    axes.text(0.79, 0.77, "alarm", ha="right")
    axes.set(xlim=(0.4, 1), ylim=(0, 0.85), xlabel="lower rate over higher rate")
    axes.set_xticks([0.4, 0.6, 0.8, 1])
    axes.set_yticks([0, 0.25, 0.5, 0.75], ["0%", "25%", "50%", "75%"])
    axes.set_ylabel("share of audits")


def draw(axes: Axes, selected: int) -> dict[str, float]:
    rows = round(selected / 0.3)
    counts = np.random.default_rng(0).binomial(rows, 0.3, size=(20_000, 2))
    ratio = counts.min(axis=1) / counts.max(axis=1)
    shares, edges = np.histogram(ratio, np.arange(0.4, 1.01, 0.05) - 1e-9)
    for part, colour in ((slice(None, 8), SERIES[1]), (slice(8, None), SERIES[0])):
        some = edges[part.start : 9] if part.stop else edges[8:]
        axes.stairs(shares[part] / ratio.size, some, fill=True, color=colour)
    return {"eight": measure(0, selected, groups=8)}


# --8<-- [end:figure]
