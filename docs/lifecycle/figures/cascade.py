"""Figure: accuracy of a cascade by the share of rows that it passes on."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.lifecycle.cascade import cascade_predict

TITLE = "Accuracy of a cascade by the share of rows passed on to the large forest"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows passed on that are drawn at random",
    {"none": 0, "a quarter": 0.25, "half": 0.5, "three quarters": 0.75, "all": 1},
    effect="none",
    null="all",
    says="Of the {share:.0%} passed on, {stop} are drawn at random: the accuracy is "
    "{accuracy:.1%}, and {value:.0%} of the large forest's lead is lost.",
)


@cache
def digits_split(seed: int, noise: float = 0) -> list[np.ndarray]:
    digits, names = load_digits(return_X_y=True)
    digits = digits + np.random.default_rng(seed).normal(0, noise, digits.shape)
    return train_test_split(digits, names, train_size=600, stratify=names, random_state=seed)


def forest_of(
    trees: int, seed: int, kind: type = RandomForestClassifier, noise: float = 0
) -> RandomForestClassifier:
    return _forest_of(trees, seed, kind, noise)


@cache
def _forest_of(trees: int, seed: int, kind: type, noise: float) -> RandomForestClassifier:
    train, _, known, _ = digits_split(seed, noise)
    return kind(n_estimators=trees, random_state=seed + trees).fit(train, known)


@cache
def right(
    trees: int, seed: int, kind: type = RandomForestClassifier, noise: float = 0
) -> np.ndarray:
    _, rows, _, truth = digits_split(seed, noise)
    return forest_of(trees, seed, kind, noise).predict(rows) == truth


@cache
def routed(seed: int, confidence: float, trees: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    rows = digits_split(seed, noise)[1]
    cheap, large = forest_of(trees, seed, noise=noise), forest_of(100, seed, noise=noise)
    return cascade_predict(cheap, large, rows, confidence)


def cascade(
    seed: int, random: float, confidence: float = 0.55, trees: int = 10, noise: float = 0
) -> tuple[float, float, float]:
    """Return the share passed on, the accuracy, and the share of the large forest's lead lost."""
    _, rows, _, truth = digits_split(seed, noise)
    small, best = right(trees, seed, noise=noise), right(100, seed, noise=noise)
    cheap = forest_of(trees, seed, noise=noise)
    unsure = cheap.predict_proba(rows).max(axis=1).argsort(kind="stable")
    labels, passed_on = routed(seed, confidence, trees, noise)
    count = passed_on.sum()
    by_doubt, others = np.split(unsure, [round((1 - random) * count)])
    drawn = (count - by_doubt.size) / others.size  # each of the others with this chance
    correct = best[by_doubt].sum() + (drawn * best[others] + (1 - drawn) * small[others]).sum()
    accuracy = correct / truth.size if random else np.mean(labels == truth)
    return passed_on.mean(), accuracy, (best.mean() - accuracy) / (best.mean() - small.mean())


def measure(seed: int, random: float, **setting: float) -> float:
    return cascade(seed, random, **setting)[2]


def frame(axes: Axes) -> None:
    _, rows, _, truth = digits_split(0)
    axes.axhline(100 * forest_of(100, 0).score(rows, truth), color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(-3, 83), ylim=(89, 95.5), ylabel="accuracy, %")
    axes.set_xlabel("rows passed on to the large forest")
    axes.set_xticks([0, 20, 40, 60, 80], ["0%", "20%", "40%", "60%", "80%"])


def draw(axes: Axes, random: float) -> dict[str, float]:
    confidences = (0, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85)
    points = [cascade(0, random, confidence)[:2] for confidence in confidences]
    axes.plot(*100 * np.transpose(points), "o-", color=SERIES[0])
    share, accuracy, _ = cascade(0, random)
    return {"share": share, "accuracy": accuracy}


# --8<-- [end:figure]
