"""Figure: the accuracies of models that only guess, by the rows of the test set."""

import numpy as np
from matplotlib.axes import Axes

from proof.knobs import Knob
from snippets.my_section.my_page import best_of_guesses

TITLE = "The best of many guessing models looks better than a coin"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows of the test set",
    {"100": 100, "300": 300, "1,000": 1_000, "10,000": 10_000},
    effect="100",
    null="10,000",
    says="Of 100 guessing models on {stop} rows, the best is right in {value:.0%}.",
)


def measure(seed: int, rows: int, models: int = 100) -> float:
    return best_of_guesses(models, rows, seed)


def frame(axes: Axes) -> None:
    axes.set(xlim=(0.3, 0.7), ylim=(0, 1), xlabel="accuracy", yticks=[])


def draw(axes: Axes, rows: int) -> None:
    rng = np.random.default_rng(0)
    axes.plot(rng.binomial(rows, 0.5, size=100) / rows, rng.uniform(0.1, 0.9, size=100), "o")


# --8<-- [end:figure]
