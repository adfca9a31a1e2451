"""Figure: accuracy of majority, average and minority, by what a feature means in the minority."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.tree import DecisionTreeClassifier

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.fairness.group_rates import group_rates

TITLE = "Accuracy of majority, average and minority, by the effect of a feature in the minority"


# --8<-- [start:figure]
KNOB = Knob(
    "Effect of the feature in the minority; in the majority it is 2.5",
    {"-1.5": -1.5, "-0.5": -0.5, "0.5": 0.5, "1.5": 1.5, "2.5": 2.5},
    effect="-1.5",
    null="2.5",
    says="Effect {stop} in the minority: accuracy {average:.0%} on average, "
    "{value:.0%} in the minority.",
)
MINORITY = 0.1
MODELS = {
    "logistic": LogisticRegression(),
    "ridge": RidgeClassifier(),
    "tree": DecisionTreeClassifier(max_depth=6, min_samples_leaf=50, random_state=0),
}


@cache
def accuracy(
    seed: int, effect: float = -1.5, share: float = MINORITY, family: str = "logistic",
    own: bool = False, rows: int = 40_000, noise: float = 0.5,
) -> pd.Series:  # fmt: skip
    rng = np.random.default_rng(seed)
    minority = rng.random(rows) < share
    features = rng.normal(size=(rows, 2))
    log_odds = np.where(minority, effect, 2.5) * features[:, 0] + features[:, 1]
    truth = (log_odds > rng.logistic(scale=noise, size=rows)).astype(int)
    if own:
        features = np.column_stack([features, features * minority[:, None]])
    train, test = slice(0, rows // 2), slice(rows // 2, None)
    decision = MODELS[family].fit(features[train], truth[train]).predict(features[test])
    groups = np.where(minority[test], "minority", "majority")
    return group_rates(truth[test], decision, groups)["accuracy"]


def measure(seed: int, effect: float, **setting: object) -> float:
    return accuracy(seed, effect, **setting)["minority"]


def frame(axes: Axes) -> None:
    axes.axvline(0.5, color=INK, linewidth=1, linestyle=":")
    axes.text(0.51, 2.55, "a coin")
    axes.set(xlim=(0.2, 1), ylim=(-0.5, 2.9), xlabel="accuracy on held-out rows")
    axes.set_xticks([0.25, 0.5, 0.75, 1], ["25%", "50%", "75%", "100%"])
    axes.set_yticks(
        [0, 1, 2], [f"minority,\n{MINORITY:.0%}", "average", f"majority,\n{1 - MINORITY:.0%}"]
    )


def draw(axes: Axes, effect: float) -> dict[str, float]:
    found = accuracy(0, effect)
    axes.plot(
        found[["minority", "all", "majority"]], [0, 1, 2], "o", color=SERIES[0], markersize=10
    )
    return {"average": found["all"]}


# --8<-- [end:figure]
