"""Figure: which random numbers a forest gets when it is fitted again, and in five folds."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_validate

from proof.figures import INK, SERIES
from snippets.beyond.refit_report import refit_report

TITLE = "Random numbers of a forest that is fitted again and cross-validated, by kind of seed"
SIZE = (5.8, 2.5)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    inputs, labels = load_breast_cancer(return_X_y=True)
    kinds = {
        "whole number": lambda: 0,
        "None": lambda: None,
        "RandomState": lambda: np.random.RandomState(0),
    }
    told = []
    for height, (name, seed) in enumerate(kinds.items()):
        again = RandomForestClassifier(10, random_state=seed())
        fits = [again.fit(inputs, labels).estimators_[0].random_state for _ in range(3)]
        forest = RandomForestClassifier(10, random_state=seed())
        same = refit_report(forest, inputs, labels)["again"]
        folds = cross_validate(forest, inputs, labels, cv=5, return_estimator=True)["estimator"]
        trees = [fold.estimators_[0].random_state for fold in folds]
        told.append(
            f"{name}: fitted again {'same' if same else 'other'}, "
            f"seeds in 5 folds: {len(set(trees))}"
        )
        for places, seeds in (([0, 1, 2], fits), ([4, 5, 6, 7, 8], trees)):
            letters = {tree: "ABCDE"[rank] for rank, tree in enumerate(dict.fromkeys(seeds))}
            for place, tree in zip(places, seeds, strict=True):
                first = letters[tree] == "A"
                colour = SERIES[0] if first else SERIES[1]
                circle = {"markersize": 21, "markerfacecolor": "none", "markeredgewidth": 2}
                axes.plot(place, height, "o", markeredgecolor=colour, **circle)
                axes.text(place, height, letters[tree], color=INK, ha="center", va="center")
    axes.set_yticks(range(3), [name.replace(" ", "\n") for name in kinds])
    axes.set_xticks([1, 6], ["fitted three times", "five folds"])
    axes.set(xlim=(-0.7, 8.7), ylim=(2.6, -0.6))
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.grid(visible=False)
    return "; ".join(told) + "."


# --8<-- [end:figure]
