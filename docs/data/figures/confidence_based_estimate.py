"""Figure: estimated against actual accuracy, under covariate shift and under concept drift."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from proof.figures import INK
from snippets.data.confidence_based_estimate import confidence_based_estimate

TITLE = "Estimated accuracy against actual accuracy: covariate shift and concept drift"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def world(seed, centre=2.0, swap=0.0, rows=20_000):
        rng = np.random.default_rng(seed)
        features = rng.normal([0, centre], 1, (rows, 2))
        swapped = rng.random(rows) < swap
        effect = np.where(swapped, features @ [-1.0, 1.5], features @ [1.5, -1.0])
        return features, effect > rng.logistic(size=rows)

    def point(**change):
        features, labels = world(seed=1, **change)
        probability = model.predict_proba(features)[:, 1]
        estimate = confidence_based_estimate(probability)["accuracy"]
        return np.mean((probability >= 0.5) == labels), estimate

    model = LogisticRegression().fit(*world(seed=0))
    covariate = [point(centre=centre) for centre in (4, 3, 2, 1, 0)]
    concept = [point(swap=swap) for swap in (0, 0.25, 0.5, 0.75, 1)]
    axes.plot(*zip(*covariate), label="covariate shift")
    axes.plot(*zip(*concept), label="concept drift")
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", marker="")
    axes.text(0.42, 0.37, "estimate = actual")
    axes.text(concept[-1][0], 0.88, "all swapped", ha="center")
    axes.text(concept[1][0], 0.88, "25% swapped", ha="center")
    axes.set(xlabel="actual accuracy", ylabel="estimate without labels", xlim=(0, 1), ylim=(0, 1))
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.legend(loc="lower right")
    return (
        "Under covariate shift the points lie on the diagonal, from harder rows, estimate "
        f"{covariate[-1][1]:.1%}, actual {covariate[-1][0]:.1%}, to easier rows, estimate "
        f"{covariate[0][1]:.1%}, actual {covariate[0][0]:.1%}. Under concept drift they leave it: "
        f"with 25% of the rows swapped estimate {concept[1][1]:.1%}, actual {concept[1][0]:.1%}; "
        f"with 100% swapped estimate {concept[-1][1]:.1%}, actual {concept[-1][0]:.1%}."
    )


# --8<-- [end:figure]
