"""Figure: accuracy of four retraining rules, by how fast the relation turns."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from snippets.data.retraining_cadence import backtest_cadence

TITLE = "Mean accuracy over two years of four retraining rules, by how fast the relation turns"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def turning_months(degrees, seed=0, months=25, rows=100):
        rng = np.random.default_rng(seed)
        month = np.repeat(np.arange(months), rows)
        inputs = rng.normal(size=(month.size, 10))
        angle = np.deg2rad(degrees * month)
        effect = 2 * np.cos(angle) * inputs[:, 0] + 2 * np.sin(angle) * inputs[:, 1]
        return inputs, (effect > rng.logistic(size=month.size)).astype(int), month

    rules = {
        "never": {"every": None, "window": 1},
        "last month": {"every": 1, "window": 1},
        "last quarter": {"every": 1, "window": 3},
        "all history": {"every": 1, "window": None},
    }
    model, turns, means = LogisticRegression(solver="newton-cholesky"), (0, 2, 5, 10), {}
    for name, rule in rules.items():
        means[name] = [
            backtest_cadence(model, *turning_months(degrees), **rule).mean() for degrees in turns
        ]
        axes.plot(turns, means[name], label=name)
    axes.set(xlabel="turn of the relation, degrees a month", ylabel="mean accuracy")
    axes.set_xticks(turns)
    axes.set_yticks([0.5, 0.6, 0.7, 0.8], ["50%", "60%", "70%", "80%"])
    axes.legend(loc="lower left")
    return ". ".join(
        f"{degrees}° a month: "
        + ", ".join(f"{name} {means[name][place]:.1%}" for name in rules)
        for place, degrees in enumerate(turns)
    ) + ". All history wins while nothing turns, and loses as soon as the turn is fast."  # fmt: skip


# --8<-- [end:figure]
