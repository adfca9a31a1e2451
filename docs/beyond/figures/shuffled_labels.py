"""Figure: accuracy on pure noise, with columns selected before the split and inside it."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.beyond.shuffled_labels import PROCEDURES, scores_on_shuffled_labels

TITLE = "Accuracy of a model on pure noise, by the number of columns to select from"


# --8<-- [start:figure]
KNOB = Knob(
    "Columns of pure noise to select 20 from",
    {"20": 20, "50": 50, "100": 100, "500": 500, "2,500": 2_500},
    effect="2,500",
    null="20",
    says="Select the best 20 of {stop} noise columns, then cross-validate: accuracy {value:.0%}. "
    "Select inside each fold: {inside:.0%}.",
)


@cache
def runs(seed: int, columns: int, selecting: str, rows: int = 100, repeats: int = 8) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(rows, columns))
    labels = np.arange(rows) % 2
    return scores_on_shuffled_labels(PROCEDURES[selecting], noise, labels, repeats, seed)


def measure(seed: int, columns: int, selecting: str = "before the split", **setting: int) -> float:
    return runs(seed, columns, selecting, **setting).mean()


def frame(axes: Axes) -> None:
    axes.axvline(0.5, color=INK, linewidth=1, linestyle=":")
    axes.text(0.5, 1.55, "a coin", ha="center")
    axes.set(xlim=(0.3, 1), ylim=(-0.5, 1.8), xlabel="cross-validated accuracy, one dot a run")
    axes.set_xticks([0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], ["40%", "", "60%", "", "80%", "", "100%"])
    axes.set_yticks([0, 1], ["selected\ninside", "selected\nbefore"])


def draw(axes: Axes, columns: int) -> dict[str, float]:
    for row, (selecting, colour) in enumerate(
        zip(reversed(PROCEDURES), SERIES[2::-2], strict=True)
    ):
        shares = runs(0, columns, selecting)
        axes.plot(shares, row + np.linspace(-0.2, 0.2, 8), "o", color=colour, markersize=6)
    return {"inside": measure(0, columns, "inside")}


# --8<-- [end:figure]
