"""Figure: comparisons of two models, by how often the two disagree."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.requirements.paired_gain import paired_gain

TITLE = "Measured gains on 10,000 rows, by how often the two models disagree"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows on which only one of the two models is right",
    {"0.1%": 0.001, "0.2%": 0.002, "0.5%": 0.005, "1%": 0.01, "2%": 0.02, "5%": 0.05},
    effect="2%",
    null="0.1%",
    says="If the models disagree on {stop} of 10,000 rows, a true gain of 0.1 points is significant "
    "in {value:.0%} of the comparisons.",
)


@cache
def comparisons(
    seed: int, rows: int, gain: float, disagreement: float, old: float = 0.95, together: int = 1,
    count: int = 1_000,
) -> np.ndarray:  # fmt: skip
    """Return gain and p-value of each comparison; `together` rows share their answers."""
    rng, found = np.random.default_rng(seed), []
    won, lost = (disagreement + gain) / 2, (disagreement - gain) / 2
    for _ in range(count):
        counts = rng.multinomial(rows // together, [old - lost, lost, won, 1 - old - won])
        found.append(compared(*(together * counts[1:3]), together * counts.sum()))
    return np.array(found)


@cache
def compared(lost: int, won: int, rows: int) -> tuple[float, float]:
    """Return gain and p-value; where the models agree, it does not matter whether they are right."""
    counts = [rows - lost - won, lost, won]
    result = paired_gain(*(np.repeat(right, counts) for right in ([1, 1, 0], [1, 0, 1])))
    return result["gain"], result["p_value"]


def measure(
    seed: int, disagreement: float, rows: int = 10_000, gain: float = 0.001, **setting: float
) -> float:
    """Share of the comparisons that are significant."""
    return np.mean(comparisons(seed, rows, gain, disagreement, **setting)[:, 1] < 0.05)


def frame(axes: Axes) -> None:
    axes.axvline(0.1, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(-0.5, 0.75), ylim=(-6, 128), yticks=[], xlabel="measured gain, points")
    axes.text(0.12, 112, "true gain", va="bottom")
    axes.plot([], [], "o", color=SERIES[0], label="significant")
    axes.plot([], [], "o", color=SERIES[1], markerfacecolor="none", label="not")
    axes.legend(loc="upper left")


def draw(axes: Axes, disagreement: float) -> None:
    gains, p_values = comparisons(0, 10_000, 0.001, disagreement).T
    for found, style in ((p_values < 0.05, SERIES[0]), (p_values >= 0.05, "none")):
        shown = np.flatnonzero(found & (np.arange(gains.size) % 40 == 0))
        edge = SERIES[0] if style != "none" else SERIES[1]
        axes.plot(
            100 * gains[shown], shown / 10, "o", color=edge, markerfacecolor=style, markersize=5
        )


# --8<-- [end:figure]
