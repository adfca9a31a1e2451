"""Figure: accuracy of a forest and of a linear model, by the strength of an interaction."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.interpretability.glass_box import price_of_glass_box

TITLE = "Accuracy of a forest and of two linear models, by how much a product decides"


# --8<-- [start:figure]
KNOB = Knob(
    "Share of the log-odds that is a product of two features",
    {"0%": 0.0, "50%": 0.5, "75%": 0.75, "100%": 1.0},
    effect="100%",
    null="0%",
    says="A product makes up {stop}: the linear model is right for {linear:.0%}, the forest for "
    "{forest:.0%}. The price is {value:.1f} points; told of products, {told:.1f}.",
)


@cache
def prices(
    seed: int, product: float, rows: int = 1_000, trees: int = 15, splits: int = 6
) -> pd.DataFrame:
    rng = np.random.default_rng(seed + 2)  # the first table is that of the demo
    inputs = rng.normal(size=(rows, 4))
    first, second = inputs[:, 0], inputs[:, 1]
    log_odds = 4 * (product * first * second + (1 - product) * (first + second))
    target = (log_odds > rng.logistic(size=rows)).astype(int)
    told = make_pipeline(
        PolynomialFeatures(interaction_only=True, include_bias=False), LogisticRegression()
    )
    models = {"linear": LogisticRegression(), "told": told}
    forest = RandomForestClassifier(trees, random_state=0)
    return 100 * price_of_glass_box(models, forest, inputs, target, splits=splits)


def measure(seed: int, product: float, model: str = "linear", **setting: int) -> float:
    return prices(seed, product, **setting)["price"][model]


def frame(axes: Axes) -> None:
    axes.axvline(50, color=INK, linewidth=1, linestyle=":")
    axes.text(51, 2.5, "a coin")
    axes.set(xlim=(40, 100), ylim=(-0.5, 2.9), xlabel="accuracy on held-out rows")
    axes.set_xticks([40, 60, 80, 100], ["40%", "60%", "80%", "100%"])
    axes.set_yticks([0, 1, 2], ["linear", "linear, told\nof products", "forest"])


def draw(axes: Axes, product: float) -> dict[str, float]:
    table = prices(0, product)
    scores = [*table["score"], table["black_box"].iloc[0]]
    for height, (score, colour) in enumerate(zip(scores, SERIES[:3], strict=True)):
        axes.plot(score, height, "o", color=colour, markersize=10)
    linear, _, forest = (score / 100 for score in scores)
    return {"linear": linear, "forest": forest, "told": measure(0, product, "told")}


# --8<-- [end:figure]
