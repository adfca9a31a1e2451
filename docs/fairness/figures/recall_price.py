"""Figure: what closing the recall gap changes in value, from either side."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.fairness.recall_thresholds import recall_thresholds, threshold_price

TITLE = "Value gained while the recall gap closes, by lifting one group or lowering the other"


# --8<-- [start:figure]
KNOB = Knob(
    "Share of B that repays; of A it is half",
    {"35%": 0.35, "40%": 0.4, "45%": 0.45, "50%": 0.5},
    effect="35%",
    null="50%",
    says="Where B repays {stop}, giving B the recall of A changes the value by {value:+.1f} per 1,000 "
    "applicants; giving A that of B, by {lowered:+.1f}.",
)
WAYS = {"B lifted": (True, False), "A lowered": (False, True)}  # moved and goal: is it B?
MODELS = {"logistic": LogisticRegression(), "naive Bayes": GaussianNB()}


@cache
def scored(
    seed: int, base_rate: float, shift: float = 0.8, share: float = 0.3, family: str = "logistic",
    sees: bool = False,
) -> tuple:  # fmt: skip
    """Return outcome, score and membership of B of the rows to choose on, and of the rows to test on."""
    rng, sets, model = np.random.default_rng(seed), [], None
    for rows in (5_000, 20_000, 20_000):
        in_b = rng.random(rows) < share
        truth = (rng.random(rows) < np.where(in_b, base_rate, 0.5)).astype(int)
        features = rng.normal(np.column_stack([1.5 * truth - shift * in_b, truth]))
        features = np.column_stack([features, in_b]) if sees else features
        model = model or clone(MODELS[family]).fit(features, truth)
        sets.append((truth, model.predict_proba(features)[:, 1], in_b))
    return tuple(sets[1:])


@cache
def prices(
    seed: int, base_rate: float, way: str, part: float = 1, one: float = 0.5, **setting: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Price on new rows before and after closing a part of the recall gap."""
    (truth, score, in_b), test = scored(seed, base_rate, **setting)
    moved, goal = WAYS[way]
    now, then = (np.mean(score[(truth == 1) & (in_b == g)] >= one) for g in (moved, goal))
    own = recall_thresholds(truth, score, in_b, min(now + part * (then - now), 0.99))[moved]
    all_alike = {False: one, True: one}
    return threshold_price(*test, all_alike), threshold_price(*test, all_alike | {moved: own})


def gain(seed: int, base_rate: float, way: str, part: float = 1, **setting: object) -> float:
    """Value gained on new rows by closing a part of the recall gap."""
    before, after = prices(seed, base_rate, way, part, **setting)
    return after["value"] - before["value"]


def measure(seed: int, base_rate: float, way: str = "B lifted", **setting: object) -> float:
    return float(np.mean([gain(4 * seed + n, base_rate, way, **setting) for n in range(4)]))


def frame(axes: Axes) -> None:
    axes.axhline(0, color=INK, linewidth=1, linestyle=":")
    axes.text(0.02, -29, "dotted: one threshold for all")
    axes.set(xlim=(0, 1.42), ylim=(-31, 9), xlabel="part of the recall gap that is closed")
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.set_yticks([-30, -20, -10, 0])
    axes.set_ylabel("value gained per 1,000")


def draw(axes: Axes, base_rate: float) -> dict[str, float]:
    parts = [0, 0.25, 0.5, 0.75, 1]
    for way, colour, dash in zip(WAYS, SERIES[::2], ("o-", "D--"), strict=False):
        gains = [np.mean([gain(n, base_rate, way, part) for n in range(4)]) for part in parts]
        axes.plot(parts, gains, dash, color=colour)
        axes.text(1.04, gains[-1], way, va="center")
    return {"lowered": measure(0, base_rate, "A lowered")}


# --8<-- [end:figure]
