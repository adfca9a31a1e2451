"""Figure: what three estimates promise and what is served, while the rule turns."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.base import ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold, cross_val_score

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.forward_split import forward_splits

TITLE = "AUC that three estimates promise, and AUC in the next weeks, by how far the rule turns"


# --8<-- [start:figure]
KNOB = Knob(
    "Turn of the rule in 360 days, degrees",
    {"0": 0, "45": 45, "90": 90, "135": 135},
    effect="135",
    null="0",
    says="At a turn of {stop} degrees, the AUC served is {served:.2f}. Shuffled folds promise "
    "{value:.2f} more; the newest forward block says {newest:.2f}.",
)
LOGISTIC = LogisticRegression()


@cache
def forecasts(
    seed: int, rotation: float, rows: int = 7_000, columns: int = 5,
    model: ClassifierMixin = LOGISTIC,
) -> dict[str, float]:  # fmt: skip
    rng, model = np.random.default_rng(seed), clone(model)
    day, features = rng.uniform(0, 420, rows), rng.normal(size=(rows, columns))
    angle = np.deg2rad(rotation) * day / 360
    score = 2 * np.cos(angle) * features[:, 0] + 2 * np.sin(angle) * features[:, 1]
    label = score + rng.logistic(size=rows) > 0
    past, labelled, future = day < 360, day < 360 - 30, day >= 360
    shuffled, forward = (
        cross_val_score(model, features[past], label[past], cv=cv, scoring="roc_auc")
        for cv in (KFold(5, shuffle=True, random_state=0), forward_splits(day[past], gap=30))
    )
    model.fit(features[labelled], label[labelled])
    served = roc_auc_score(label[future], model.predict_proba(features[future])[:, 1])
    found = shuffled.mean(), forward.mean(), forward[-1], served
    return dict(zip(("shuffled", "forward", "newest", "served"), found, strict=True))


def measure(seed: int, rotation: float, **given) -> float:
    found = forecasts(seed, rotation, **given)
    return found["shuffled"] - found["served"]


def frame(axes: Axes) -> None:
    axes.set(xlabel="AUC", xlim=(0.47, 0.92), ylim=(2.5, -0.9))
    axes.set_xticks([0.5, 0.6, 0.7, 0.8, 0.9])
    axes.set_yticks(range(3), ["shuffled", "forward,\nmean", "forward,\nnewest"])


def draw(axes: Axes, rotation: float) -> dict[str, float]:
    *promised, served = forecasts(0, rotation).values()
    axes.plot([served, served], [-0.6, 2.5], color=INK, linestyle=":", marker="", linewidth=1)
    axes.text(served, -0.65, "served", ha="center")
    axes.hlines(range(3), served, promised, color=SERIES[1], linewidth=3)
    axes.plot(promised, range(3), "o", color=SERIES[0], markersize=9)
    return forecasts(0, rotation)


# --8<-- [end:figure]
