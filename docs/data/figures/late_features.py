"""Figure: AUC that is promised, served, and served after training as served, by the delay."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.data.as_of_join import as_of_join
from snippets.data.late_features import late_features

TITLE = "AUC of a model whose balances arrive late, as promised and as served"


# --8<-- [start:figure]
KNOB = Knob(
    "From a balance to its arrival",
    {"0 days": 0, "1 day": 1, "3 days": 3, "7 days": 7, "14 days": 14},
    effect="7 days",
    null="0 days",
    says="Balances {stop} late: joined on their day, the model serves AUC {served:.2f}, {value:.2f} "
    "below its promise. Joined as of the decision, it serves {honest:.2f}.",
)
JOINS = {
    "promised": ("about", "about"),
    "served": ("about", "written"),
    "honest": ("written", "written"),
}
MODELS = {
    "logistic": LogisticRegression(),
    "forest": RandomForestClassifier(10, min_samples_leaf=20, random_state=0),
    "full-grown": RandomForestClassifier(10, random_state=0),
}


@cache
def aucs(seed: int, delay: float, memory: float, model: str, customers: int) -> dict[str, float]:
    requests, history = late_features(delay, memory, customers, seed)
    columns = ["income", "balance"]
    early, default = requests["asked"] < 70, requests["default"]
    joined = {
        time: as_of_join(requests, history, "customer", "asked", time)[columns]
        for time in ("about", "written")
    }
    fitted = {
        time: clone(MODELS[model]).fit(table[early], default[early])
        for time, table in joined.items()
    }
    return {
        said: roc_auc_score(
            default[~early], fitted[trained].predict_proba(joined[tested][~early])[:, 1]
        )
        for said, (trained, tested) in JOINS.items()
    }


def measure(
    seed: int, delay: float, memory: float = 0.9, model: str = "logistic", customers: int = 400
) -> float:
    found = aucs(seed, delay, memory, model, customers)
    return found["promised"] - found["served"]


def frame(axes: Axes) -> None:
    axes.set(xlim=(0.48, 0.95), ylim=(-0.5, 2.5), xlabel="AUC, one dot a simulated lender")
    axes.set_yticks([2, 1, 0], ["promised", "served", "joined as of\nthe decision"])


def draw(axes: Axes, delay: float) -> dict[str, float]:
    lenders = [aucs(seed, delay, 0.9, "logistic", 400) for seed in range(8)]
    for row, (said, colour) in enumerate(
        zip(reversed(JOINS), (SERIES[2], *SERIES[1::-1]), strict=True)
    ):
        dots = [lender[said] for lender in lenders]
        axes.plot(dots, row + np.linspace(-0.2, 0.2, 8), "o", color=colour, markersize=6)
    return aucs(0, delay, 0.9, "logistic", 400)


# --8<-- [end:figure]
