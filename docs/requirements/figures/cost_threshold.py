"""Figure: what four rules cost, by how much a missed fraud costs."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from proof.figures import SERIES, SOFT
from proof.knobs import Knob
from snippets.requirements.cost_threshold import break_even, total_cost
from snippets.requirements.unweighted_probability import unweighted_probability

TITLE = "Cost of four rules, by what a missed fraud costs"


# --8<-- [start:figure]
KNOB = Knob(
    "What a missed fraud costs, in reviews",
    {"2": 2, "4": 4, "8": 8, "18": 18},
    effect="18",
    null="2",
    says="A missed fraud costs {stop} reviews: the break-even of {threshold:.0%} saves {value:.0%} of "
    "the bill of one half, and is right for {own:.0%} of the payments instead of {half:.0%}.",
)


@cache
def risks(
    seed: int, family: str, rare: float, weights: bool
) -> tuple[np.ndarray, np.ndarray, float]:
    inputs, fraud = make_classification(
        12_000, n_features=12, n_informative=6, weights=[rare], flip_y=0.02, random_state=seed
    )
    balanced = "balanced" if weights else None
    model = {
        "logistic": LogisticRegression(class_weight=balanced),
        "bayes": GaussianNB(priors=[0.5, 0.5] if weights else None),
        "tree": DecisionTreeClassifier(random_state=0),
        "forest": RandomForestClassifier(12, max_depth=8, class_weight=balanced, random_state=0),
    }[family].fit(inputs[:6_000], fraud[:6_000])
    return model.predict_proba(inputs[6_000:])[:, 1], fraud[6_000:], fraud[:6_000].mean()


@cache
def rules(
    seed: int, times: float = 18, spread: float = 1, family: str = "logistic", rare: float = 0.95,
    weights: bool = False, follows: int = 0,
) -> dict[str, dict[str, float]]:  # fmt: skip
    """Cost, accuracy and reviews of six rules; the mean amount is `times` a review of 5 euros.

    If amounts follow the risk, the riskiest are the largest (1) or the smallest (-1).
    """
    risk, bad, share = risks(seed, family, rare, weights)
    draw = np.random.default_rng(seed).normal(size=6_000)
    lost = 5 * times * np.exp(spread * draw - spread**2 / 2)
    if follows:
        lost = np.sort(lost)[::follows][np.argsort(np.argsort(risk, kind="stable"))]
    own = break_even(5, lost, 5)
    reviewed = {
        "nothing": risk > 1,
        "all": risk > -1,
        "half": risk > 0.5,
        "mean": risk > break_even(5, 5 * times, 5),
        "own": risk > own,
        "undone": unweighted_probability(risk, share) > own,
    }
    return {
        name: {"cost": total_cost(bad, rule, 5, lost, 5), "reviews": rule.mean(), "right": np.mean(rule == bad)}
        for name, rule in reviewed.items()
    }  # fmt: skip


def measure(seed: int, times: float, spread: float = 0, **setting: object) -> float:
    """Share of the cost of one half that the break-even of each payment saves."""
    found = rules(seed, times, spread, **setting)
    return 1 - found["own"]["cost"] / found["half"]["cost"]


def frame(axes: Axes) -> None:
    axes.set(xlim=(0, 6.6), ylim=(-0.6, 3.6), xlabel="cost of a payment, euros")
    axes.set_yticks(
        range(4), ["above\nbreak-even", "above\none half", "review all", "review\nnothing"]
    )
    axes.grid(axis="y", visible=False)


def draw(axes: Axes, times: float) -> dict[str, float]:
    found, colours = rules(0, times, spread=0), (SERIES[0], SERIES[1], SOFT, SOFT)
    for row, name in enumerate(("own", "half", "all", "nothing")):
        cost = found[name]["cost"] / 6_000
        axes.barh(row, cost, 0.6, color=colours[row])
        axes.text(cost + 0.1, row, f"{cost:.2f}", va="center")
    right = {name: found[name]["right"] for name in ("own", "half")}
    return {"threshold": float(break_even(5, 5 * times, 5)), **right}


# --8<-- [end:figure]
