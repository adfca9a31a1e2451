"""Figure: what the repair of an input costs a model that has learned to live with its error."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.beyond.upstream_change import replay_change

TITLE = "Accuracy before and after the repair of an input, by the size of its error"
SIZE = (4.6, 2.2)


# --8<-- [start:figure]
KNOB = Knob(
    "Error of the estimate for freelancers, in standard deviations of income",
    {"0": 0, "0.25": 0.25, "0.5": 0.5, "1": 1, "1.5": 1.5},
    effect="1",
    null="0",
    says="With an error of {stop}, the fix lowers accuracy by {value:z.1%} if nobody retrains, and "
    "by {retrained:z.1%} if somebody does.",
)
MODELS = {
    "logistic": LogisticRegression,
    "tree": lambda: DecisionTreeClassifier(max_depth=6, min_samples_leaf=30),
    "bayes": LinearDiscriminantAnalysis,
    "naive": GaussianNB,
    "one split": lambda: DecisionTreeClassifier(max_depth=1),
}


def applicants(error: float, seed: int, rows: int = 10_000) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    income, freelance = rng.normal(size=rows), (rng.random(rows) < 0.3).astype(float)
    repaid = 3 * income > rng.logistic(size=rows)
    estimate = income + rng.normal(scale=0.3, size=rows) - error * freelance
    return pd.DataFrame({"income": estimate, "freelance": freelance}), repaid


@cache
def accuracies(seed: int, error: float, kind: str, told: bool) -> dict[str, float]:
    (faulty, repaid), (fixed, _) = applicants(error, seed), applicants(0, seed)
    columns = ["income", "freelance"] if told else ["income"]
    faulty, fixed = faulty[columns], fixed[columns]
    old, new = slice(0, 5_000), slice(5_000, None)
    model = MODELS[kind]().fit(faulty[old], repaid[old])
    report = replay_change(model, faulty[new], fixed[new], repaid[new])
    again = MODELS[kind]().fit(fixed[old], repaid[old]).score(fixed[new], repaid[new])
    return {
        "before": report["accuracy_before"], "after": report["accuracy_after"], "again": again
    }  # fmt: skip


def measure(
    seed: int, error: float = 1, retrained: bool = False, kind: str = "logistic", told: bool = True
) -> float:
    found = accuracies(seed, error, kind, told)
    return found["before"] - found["again" if retrained else "after"]


def frame(axes: Axes) -> None:
    axes.set(xlim=(0.69, 0.83), ylim=(2.5, -0.5), xlabel="accuracy on the same applicants")
    axes.set_xticks([0.7, 0.74, 0.78, 0.82], ["70%", "74%", "78%", "82%"])
    axes.set_yticks(range(3), ["before the fix", "fixed, not\nretrained", "fixed,\nretrained"])


def draw(axes: Axes, error: float) -> dict[str, float]:
    found = accuracies(0, error, "logistic", True)
    axes.plot([found["before"]] * 2, [0, 1], ":", color=INK, marker="", linewidth=1)
    axes.plot([found["before"], found["after"]], [1, 1], "-", color=SERIES[1], marker="")
    for row, colour in enumerate((SERIES[0], SERIES[1], SERIES[0])):
        axes.plot(list(found.values())[row], row, "o", color=colour, markersize=9)
    return {"retrained": measure(0, error, retrained=True)}


# --8<-- [end:figure]
