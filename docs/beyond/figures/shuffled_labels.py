"""Figure: accuracy on pure noise, with columns selected before and inside the split."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK
from snippets.beyond.shuffled_labels import PROCEDURES, scores_on_shuffled_labels

TITLE = "Accuracy on noise, selecting columns before the split and inside it"
SIZE = (5.2, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng = np.random.default_rng(0)
    columns, labels = (20, 100, 500, 2_500), np.arange(100) % 2
    tables = [rng.normal(size=(100, number)) for number in columns]
    accuracy = {
        name: [scores_on_shuffled_labels(run, noise, labels, repeats=3).mean() for noise in tables]
        for name, run in PROCEDURES.items()
    }
    for name, shares in accuracy.items():
        axes.plot(columns, shares, label=f"selected {name}")
    axes.axhline(0.5, color=INK, linewidth=1, linestyle=":")
    axes.text(100, 0.52, "a guess", ha="center")
    axes.set(xscale="log", xlabel="columns of noise, of which 20 are kept", ylabel="accuracy")
    axes.set_xticks(columns, [f"{number:,}" for number in columns])
    axes.set(ylim=(0.35, 1))
    axes.set_yticks([0.5, 0.75, 1], ["50%", "75%", "100%"])
    axes.minorticks_off()
    axes.legend(loc="upper left")
    return "; ".join(
        f"{number:,} noise columns: accuracy {before:.0%} selecting before the split, {inside:.0%} inside"
        for number, before, inside in zip(columns, *accuracy.values(), strict=True)
    ) + "."  # fmt: skip


# --8<-- [end:figure]
