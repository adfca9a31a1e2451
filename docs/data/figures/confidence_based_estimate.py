"""Figure: estimated against actual accuracy, by the share of rows whose relation has changed."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.confidence_based_estimate import confidence_based_estimate

TITLE = "Estimated accuracy against actual accuracy, by the share of rows with effects swapped"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows in which the effects of the two columns are swapped",
    {"0%": 0, "25%": 0.25, "50%": 0.5, "75%": 0.75, "100%": 1},
    effect="100%",
    null="0%",
    says="With {stop} of the rows swapped, the estimate is {estimate:.1%} and the actual accuracy "
    "{actual:.1%}: {value:z.0%} apart.",
)


def world(seed: int, centre: float = 2, swap: float = 0, rows: int = 20_000, strength: float = 1):
    rng = np.random.default_rng(seed)
    features = rng.normal([0, centre], 1, (rows, 2))
    swapped = rng.random(rows) < swap
    effect = np.where(swapped, features @ [-1.0, 1.5], features @ [1.5, -1.0])
    return features, strength * effect > rng.logistic(size=rows)


@cache
def model(seed: int, strength: float) -> LogisticRegression:
    return LogisticRegression().fit(*world(1_000 * seed, strength=strength))


@cache
def accuracies(seed: int, strength: float = 1, **change: float) -> tuple[float, float]:
    features, labels = world(1_000 * seed + 1, strength=strength, **change)
    probability = model(seed, strength).predict_proba(features)[:, 1]
    estimate = confidence_based_estimate(probability)["accuracy"]
    return np.mean((probability >= 0.5) == labels), estimate


def measure(seed: int, swap: float, **given: float) -> float:
    actual, estimate = accuracies(seed, swap=swap, **given)
    return estimate - actual


def frame(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", marker="")
    axes.text(0.47, 0.36, "estimate = actual")
    covariate = [accuracies(0, centre=centre) for centre in (4, 3, 2, 1, 0)]
    axes.plot(*zip(*covariate), "D", markersize=5, color=SERIES[2])
    axes.text(0.98, 0.62, "covariate shift", color=SERIES[2], ha="right")
    axes.text(0.02, 0.95, "concept drift", color=SERIES[0], va="center")
    axes.set(
        xlabel="actual accuracy", ylabel="estimate without labels", xlim=(0, 1), ylim=(0, 1.02)
    )
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])


def draw(axes: Axes, swap: float) -> dict[str, float]:
    actual, estimate = accuracies(0, swap=swap)
    axes.plot(
        [actual] * 2, [actual, estimate], color=SERIES[1], linestyle="-", marker="", linewidth=3
    )
    axes.plot(actual, estimate, "o", color=SERIES[0], markersize=10)
    return {"actual": actual, "estimate": estimate}


# --8<-- [end:figure]
