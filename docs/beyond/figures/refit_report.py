"""Figure: which random numbers a forest gets when it is fitted again, and in five folds."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.base import BaseEstimator
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.model_selection import cross_validate
from sklearn.tree import DecisionTreeClassifier

from proof.figures import INK, SERIES
from proof.knobs import Knob

TITLE = "Random numbers of a forest that is fitted again and cross-validated, by kind of seed"
SIZE = (4.6, 1.9)


# --8<-- [start:figure]
KNOB = Knob(
    "What is passed as random_state",
    {"an integer": "number", "a RandomState": "object", "None": "None"},
    effect="a RandomState",
    null="an integer",
    says="With {stop}, different models in 3 fits: {value:.0f}; different seeds in 5 folds: {folds}.",
)
SEEDS = {"object": np.random.RandomState, "number": int, "None": lambda _: None}
MODELS = {
    "forest": lambda seed: RandomForestClassifier(3, random_state=seed),
    "tree": lambda seed: DecisionTreeClassifier(max_features=1, random_state=seed),
    "extra": lambda seed: ExtraTreesClassifier(3, random_state=seed),
}
INPUTS, LABELS = load_breast_cancer(return_X_y=True)
np.random.seed(0)  # what None draws from


def made(seed: int, kind: str, model: str = "forest") -> BaseEstimator:
    return MODELS[model](SEEDS[kind](seed))


@cache
def measure(seed: int, kind: str, model: str = "forest") -> int:
    one = made(seed, kind, model)
    fits = [one.fit(INPUTS[::2], LABELS[::2]).predict_proba(INPUTS) for _ in range(3)]
    return len({fit.tobytes() for fit in fits})


def frame(axes: Axes) -> None:
    axes.set(xlim=(-0.6, 4.6), ylim=(1.6, -0.6))
    axes.set_xticks([])
    axes.set_yticks([0, 1], ["fitted\nthree times", "in five folds"])
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.grid(visible=False)


def draw(axes: Axes, kind: str) -> dict[str, int]:
    again, forest = made(0, kind), made(0, kind)
    fits = [again.fit(INPUTS, LABELS) and again.estimators_[0].random_state for _ in range(3)]
    folds = cross_validate(forest, INPUTS, LABELS, cv=5, return_estimator=True)["estimator"]
    trees = [fold.estimators_[0].random_state for fold in folds]
    for row, seeds in enumerate((fits, trees)):
        letters = {tree: "ABCDE"[rank] for rank, tree in enumerate(dict.fromkeys(seeds))}
        for place, letter in enumerate(letters[tree] for tree in seeds):
            colour = SERIES[0] if letter == "A" else SERIES[1]
            ring = {"markersize": 22, "markerfacecolor": "none", "markeredgewidth": 2}
            axes.plot(place, row, "o", markeredgecolor=colour, **ring)
            axes.text(place, row, letter, color=INK, ha="center", va="center")
    return {"folds": len(set(trees))}


# --8<-- [end:figure]
