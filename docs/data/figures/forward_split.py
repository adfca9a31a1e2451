"""Figure: what three estimates promise and what is served, while the rule turns."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold, cross_val_score

from snippets.data.forward_split import forward_splits

TITLE = "AUC that three estimates promise, and AUC in the next weeks, as the rule turns"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rotations, model, table = (0, 45, 90, 135), LogisticRegression(), []
    for rotation in rotations:
        rng = np.random.default_rng(0)
        day = rng.uniform(0, 420, 7_000)
        angle = np.deg2rad(rotation) * day / 360
        features = rng.normal(size=(day.size, 5))
        score = 2 * np.cos(angle) * features[:, 0] + 2 * np.sin(angle) * features[:, 1]
        label = score + rng.logistic(size=day.size) > 0
        past, labelled, future = day < 360, day < 360 - 30, day >= 360
        shuffled, forward = (
            cross_val_score(model, features[past], label[past], cv=cv, scoring="roc_auc")
            for cv in (KFold(5, shuffle=True, random_state=0), forward_splits(day[past], gap=30))
        )
        model.fit(features[labelled], label[labelled])
        served = roc_auc_score(label[future], model.decision_function(features[future]))
        table.append((shuffled.mean(), forward.mean(), forward[-1], served))
    names = ("shuffled", "forward, mean", "forward, newest", "served")
    for name, values in zip(names, zip(*table, strict=True), strict=True):
        axes.plot(rotations, values, label=name)
    axes.set(xlabel="rotation of the rule in 360 days, degrees", ylabel="AUC", ylim=(0.48, 0.9))
    axes.set_xticks(rotations)
    axes.set_yticks([0.5, 0.6, 0.7, 0.8, 0.9])
    axes.legend(loc="lower left")
    return "; ".join(
        f"rotation {rotation} degrees: AUC shuffled {row[0]:.2f}, forward {row[1]:.2f}, "
        f"newest block {row[2]:.2f}, served {row[3]:.2f}"
        for rotation, row in zip(rotations, table, strict=True)
    ) + ". The estimates agree while the rule stands still; they part as it turns."  # fmt: skip


# --8<-- [end:figure]
