"""Figure: the probability of the own label, for members of the training data and for strangers."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import make_classification
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.beyond.membership import label_scores, membership_test

TITLE = (
    "What a forest says of its training rows and of rows it never saw, by the size of its leaves"
)


# --8<-- [start:figure]
KNOB = Knob(
    "Rows in each leaf, at least",
    {f"{leaf}": leaf for leaf in (1, 2, 5, 20, 50, 200)},
    effect="1",
    null="200",
    says="With leaves of {stop}, the forest is surer of a member than of a stranger in {value:.0%} "
    "of the pairs (a coin: 50%). Accuracy on strangers: {accuracy:.0%}.",
)
MODELS = {"forest": RandomForestClassifier, "extra trees": ExtraTreesClassifier}


@cache
def scores(
    seed: int, leaf: int, kind: str, rows: int, noise: float, sees: float | None
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the scores of members and of strangers, and the accuracy on strangers."""
    table, labels = make_classification(rows, 20, n_informative=8, flip_y=noise, random_state=seed)
    half, more = rows // 2, {} if sees is None else {"max_samples": sees}
    model = MODELS[kind](30, min_samples_leaf=leaf, random_state=0, **more)
    model.fit(table[:half], labels[:half])
    found = label_scores(model, table, labels)
    return found[:half], found[half:], model.score(table[half:], labels[half:])


def measure(
    seed: int, leaf: int, kind: str = "forest", rows: int = 2_000, noise: float = 0.1,
    sees: float | None = None,
) -> float:  # fmt: skip
    return membership_test(*scores(seed, leaf, kind, rows, noise, sees)[:2])["auc"]


def frame(axes: Axes) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 0.65), ylabel="share of the rows")
    axes.set(xlabel="probability that the forest gives to a row's own label")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_yticks([0, 0.2, 0.4, 0.6], ["0%", "20%", "40%", "60%"])
    for place, name, colour in ((0.57, "members", SERIES[1]), (0.49, "strangers", SERIES[0])):
        axes.text(0.03, place, name, color=colour, weight="bold")


def draw(axes: Axes, leaf: int) -> dict[str, float]:
    members, strangers, accuracy = scores(0, leaf, "forest", 2_000, 0.1, None)
    for sample, colour, dash in ((members, SERIES[1], "-"), (strangers, SERIES[0], "--")):
        shares = np.histogram(sample, np.linspace(0, 1 + 1e-9, 13))[0] / sample.size
        axes.stairs(shares, np.linspace(0, 1, 13), color=colour, linestyle=dash, linewidth=2)
    return {"accuracy": accuracy}


# --8<-- [end:figure]
