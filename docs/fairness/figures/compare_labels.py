"""Figure: group B's share of the places, by label and by its access to care."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.base import clone
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeRegressor

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.fairness.compare_labels import compare_labels

TITLE = "Share of the places that go to group B, by the label that the model predicts"


# --8<-- [start:figure]
KNOB = Knob(
    "Care that group B gets for the same need",
    {"60%": 0.6, "70%": 0.7, "80%": 0.8, "90%": 0.9, "100%": 1.0},
    effect="60%",
    null="100%",
    says="With an access of {stop}, B gets {cost:.0%} of the places by cost and {need:.0%} by need: "
    "the label of cost takes away {value:.0%} of all places.",
)
MODELS = {
    "linear": LinearRegression(),
    "tree": DecisionTreeRegressor(min_samples_leaf=200, random_state=0),
}


@cache
def places(
    seed: int, access: float, share: float = 0.25, capacity: float = 0.03, family: str = "linear",
    sees: str = "need, spent", noise: float = 0.5,
) -> dict[str, float]:  # fmt: skip
    rng, rows = np.random.default_rng(seed), 50_000
    in_b = rng.random(rows) < share
    need = rng.gamma(2, size=rows) * np.where(in_b, 1.25, 1)
    spent, spend = (
        need * np.where(in_b, access, 1) * rng.lognormal(sigma=0.35, size=rows) for _ in range(2)
    )
    shown = {"need": need + rng.normal(scale=noise, size=rows), "spent": spent, "group": in_b}
    features = np.column_stack([shown[name] for name in sees.split(", ")])
    labels = pd.DataFrame({"cost": spend, "need": need})
    train, test = slice(0, rows // 2), slice(rows // 2, None)
    scores = pd.DataFrame()
    for name in labels:
        model = clone(MODELS[family]).fit(features[train], labels[name][train])
        scores[name] = model.predict(features[test])
    found = compare_labels(scores, np.where(in_b, "B", "A")[test], capacity).loc["B"].to_dict()
    cost, b = labels["cost"].to_numpy()[test], in_b[test]
    found["over"] = scores["cost"][b].mean() / cost[b].mean() - 1
    scores["corrected"] = scores["cost"].where(~b, scores["cost"] / (1 + found["over"]))
    corrected = compare_labels(scores[["corrected"]], np.where(b, "B", "A"), capacity)
    found["corrected"] = corrected.loc["B", "corrected"]
    found["fit"] = r2_score(cost, scores["cost"])
    return found


def measure(seed: int, access: float, **setting: object) -> float:
    found = places(seed, access, **setting)
    return found["need"] - found["cost"]


def frame(axes: Axes) -> None:
    axes.set(xlim=(0, 0.6), ylim=(-0.6, 2.6), xlabel="share of group B")
    axes.set_xticks([0, 0.25, 0.5], ["0%", "25%", "50%"])
    axes.set_yticks([0, 1, 2], ["places\nby cost", "places\nby need", "all\npatients"])


def draw(axes: Axes, access: float) -> dict[str, float]:
    found = places(0, access)
    shares = [found[name] for name in ("cost", "need", "all")]
    axes.barh([0, 1, 2], shares, 0.6, color=[SERIES[1], SERIES[0], INK])
    for height, share in enumerate(shares):
        axes.text(share + 0.01, height, f"{share:.0%}", va="center")
    return {"cost": found["cost"], "need": found["need"]}


# --8<-- [end:figure]
