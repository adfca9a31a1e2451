"""Figure: accuracy of four retraining rules, by how fast the relation turns."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.retraining_cadence import backtest_cadence

TITLE = "Mean accuracy over two years of four retraining rules, by how fast the relation turns"


# --8<-- [start:figure]
KNOB = Knob(
    "Turn of the relation, degrees a month",
    {"0": 0, "1": 1, "2": 2, "5": 5, "10": 10},
    effect="10",
    null="0",
    says="At {stop}° a month, never retraining leaves {never:.1%} and the last month {month:.1%}: "
    "{value:+z.0%}. The last quarter reaches {quarter:.1%}, all history {history:.1%}.",
)
RULES = {  # every, window
    "never": (None, 1),
    "all history": (1, None),
    "last month": (1, 1),
    "last quarter": (1, 3),
}
LOGISTIC = LogisticRegression(solver="newton-cholesky")


@cache
def accuracy(
    seed: int, degrees: float, rule: str, rows: int = 100, model: ClassifierMixin = LOGISTIC
) -> float:
    rng = np.random.default_rng(seed)
    month = np.repeat(np.arange(25), rows)
    inputs, angle = rng.normal(size=(month.size, 10)), np.deg2rad(degrees * month)
    effect = 2 * np.cos(angle) * inputs[:, 0] + 2 * np.sin(angle) * inputs[:, 1]
    labels = (effect > rng.logistic(size=month.size)).astype(int)
    every, window = RULES[rule]
    return backtest_cadence(model, inputs, labels, month, every=every, window=window).mean()


def measure(seed: int, degrees: float, **given) -> float:
    monthly = accuracy(seed, degrees, "last month", **given)
    return monthly - accuracy(seed, degrees, "never", **given)


def frame(axes: Axes) -> None:
    axes.axvline(0.5, color=INK, linewidth=1, linestyle=":")
    axes.text(0.5, -0.6, "a coin", ha="center")
    axes.set(xlabel="mean accuracy", xlim=(0.42, 0.8), ylim=(3.5, -1))
    axes.set_xticks([0.5, 0.6, 0.7, 0.8], ["50%", "60%", "70%", "80%"])
    axes.set_yticks(range(4), RULES)


def draw(axes: Axes, degrees: float) -> dict[str, float]:
    found = [accuracy(0, degrees, rule) for rule in RULES]
    axes.hlines(range(4), 0.5, found, color=SERIES[0], linewidth=3)
    axes.plot(found, range(4), "o", color=SERIES[0], markersize=9)
    return dict(zip(("never", "history", "month", "quarter"), found, strict=True))


# --8<-- [end:figure]
