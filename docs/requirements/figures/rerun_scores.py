"""Figure: accuracies of one model on one split, refitted with ten seeds."""

from functools import cache
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import load_breast_cancer, load_digits, make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.requirements.rerun_scores import rerun_scores

TITLE = "Test accuracy of one model on one split, refitted with ten seeds"


# --8<-- [start:figure]
KNOB = Knob(
    "What is refitted",
    {f"forest of {n} trees": f"forest {n}" for n in (5, 15, 45)}
    | {"logistic regression": "logistic"},
    effect="forest of 15 trees",
    null="logistic regression",
    says="Ten seeds of a {stop}: {value:.0%} of the pairs differ by 0.1 points or more, "
    "the lowest and the highest by {spread:.1f}.",
)


def data(name: str, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    if name == "bundled":
        return load_breast_cancer(return_X_y=True)
    if name == "digits":
        return load_digits(return_X_y=True)
    return make_classification(int(name), n_features=5, flip_y=0.1, random_state=seed)


@cache
def scores(
    seed: int, model: str, vary: str = "seed", table: str = "bundled", runs: int = 10
) -> np.ndarray:
    kind, *trees = model.split()
    fresh = {
        "forest": lambda: RandomForestClassifier(int(*trees)),
        "logistic": lambda: make_pipeline(StandardScaler(), LogisticRegression()),
        "neighbours": lambda: KNeighborsClassifier(),
    }[kind]()
    return rerun_scores(fresh, *data(table, seed), vary, runs, seed=100 * seed)


def measure(seed: int, model: str, **setting: object) -> float:
    """Share of the pairs of runs that differ by a tenth of a point or more."""
    pairs = combinations(scores(seed, model, **setting), 2)
    return np.mean([abs(one - other) >= 0.001 for one, other in pairs])


def frame(axes: Axes) -> None:
    axes.set(xlim=(91, 99), ylim=(10.6, 0.4), yticks=[1, 5, 10], ylabel="seed")
    axes.set_xlabel("accuracy on the same test rows, %")


def draw(axes: Axes, model: str) -> dict[str, float]:
    found = 100 * scores(0, model)
    axes.plot(found, range(1, 11), "o", color=SERIES[0], markersize=7)
    return {"spread": np.ptp(found)}


# --8<-- [end:figure]
