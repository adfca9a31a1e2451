"""Figure: six monitors of one model while the relation turns and the inputs do not."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.base import ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.three_shifts import shift_signature

TITLE = "How far six monitors move while the relation turns and the inputs do not"


# --8<-- [start:figure]
KNOB = Knob(
    "Turn of the relation, degrees",
    {"0": 0, "15": 15, "30": 30, "45": 45, "60": 60},
    effect="60",
    null="0",
    says="At a turn of {stop} degrees, the accuracy has fallen by {value:z.2f} and AUC by {auc:z.2f}. "
    "The monitors without labels have moved by {unlabelled:.2f}.",
)
LOGISTIC = LogisticRegression(solver="newton-cholesky")


def population(rng: np.random.Generator, turn: float, rows: int) -> tuple[np.ndarray, np.ndarray]:
    side = np.where(rng.random(rows) < 0.2, 1, -1)
    features = rng.normal(size=(rows, 2)) + np.outer(side, [0.75, -0.5])
    angle = np.arctan2(-1, 1.5) + np.deg2rad(turn)
    effects = np.hypot(1.5, 1) * np.array([np.cos(angle), np.sin(angle)])
    return features, (features @ effects + np.log(0.25) > rng.logistic(size=rows)).astype(int)


@cache
def moved(
    seed: int, turn: float, rows: int = 10_000, model: ClassifierMixin = LOGISTIC
) -> dict[str, float]:
    """Return by how much each monitor differs from the one without a turn."""

    def signature(turn: float) -> dict[str, float]:
        rng = np.random.default_rng(seed)
        fitted = clone(model).fit(*population(rng, 0, rows))
        return shift_signature(fitted, population(rng, 0, rows)[0], *population(rng, turn, rows))

    turned, still = signature(turn), signature(0)
    return {name: turned[name] - still[name] for name in still}


def measure(seed: int, turn: float, **given) -> float:
    return -moved(seed, turn, **given)["accuracy"]


def frame(axes: Axes) -> None:
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    axes.axhline(2.5, color=INK, linewidth=1, linestyle=":")
    axes.text(-0.24, 1, "without labels", va="center")
    axes.text(0.1, 4, "with labels", va="center")
    axes.set(xlabel="moved by", xlim=(-0.25, 0.25), ylim=(5.5, -0.5))
    axes.set_xticks([-0.2, -0.1, 0, 0.1, 0.2], ["−0.2", "−0.1", "0", "0.1", "0.2"])
    axes.set_yticks(range(6), ["inputs", "score", "estimate", "accuracy", "AUC", "gap"])


def draw(axes: Axes, turn: float) -> dict[str, float]:
    found = np.array(list(moved(0, turn).values()))
    axes.hlines(range(6), 0, found, color=SERIES[0], linewidth=3)
    axes.plot(found, range(6), "o", color=SERIES[0], markersize=9)
    return {"auc": -found[4], "unlabelled": np.abs(found[:3]).max()}


# --8<-- [end:figure]
