"""Figure: the AUC that a notebook promises, and what the next month keeps."""

from functools import cache

import pandas as pd
from matplotlib.axes import Axes
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.beyond.after_the_event import score_at_decision
from snippets.story.loans import loan_applications

TITLE = "The AUC of a model that knows the collection calls, offline and in the next month"


# --8<-- [start:figure]
KNOB = Knob(
    "Collection calls after a default, on average",
    {"0": 0.0, "0.2": 0.2, "0.5": 0.5, "1": 1.0, "2.5": 2.5},
    effect="2.5",
    null="0",
    says="With {stop} calls after a default, the notebook promises an AUC of {offline:.2f}, "
    "and the next month takes {value:.3f} of it back.",
)
COLUMNS = ["amount", "income", "history", "late", "region", "collection_calls"]


@cache
def scores(seed: int, calls: float, rows: int = 700, linear: bool = False) -> pd.Series:
    applications = loan_applications(rows, seed, calls=calls)
    history = applications[applications["month"] < 6]
    next_month = applications[applications["month"] == 6]
    train, test = train_test_split(history, test_size=0.3, random_state=0)
    forest = RandomForestClassifier(10, min_samples_leaf=10, random_state=0)
    model = make_pipeline(
        make_column_transformer((OneHotEncoder(), ["region"]), remainder=StandardScaler()),
        LogisticRegression(solver="newton-cholesky") if linear else forest,
    ).fit(train[COLUMNS], train["default"])
    now = score_at_decision(
        model, next_month[COLUMNS], next_month["default"], {"collection_calls": 0}
    )
    offline = roc_auc_score(test["default"], model.predict_proba(test[COLUMNS])[:, 1])
    return pd.Series(
        {
            "offline": offline,
            "stored": now.auc["stored"],
            "served": now.auc["served"],
            "not kept": offline - now.auc["served"],
            "found": now.found["served"],
        }
    )


def measure(seed: int, calls: float, **setting: object) -> float:
    return scores(seed, calls, **setting)["not kept"]


def frame(axes: Axes) -> None:
    axes.set(xlim=(0.7, 1), ylim=(-0.5, 2.5), xlabel="AUC")
    views = ["next month,\nas served", "next month,\nas stored", "offline"]
    axes.set_yticks([0, 1, 2], views)


def draw(axes: Axes, calls: float) -> dict[str, float]:
    found = scores(0, calls)
    three = [found["served"], found["stored"], found["offline"]]
    axes.plot([three[0], three[2]], [0, 0], color=SERIES[1], marker="", linestyle=":")
    axes.plot(three, [0, 1, 2], color=SERIES[0], marker="o", linestyle="")
    return {"offline": found["offline"]}


# --8<-- [end:figure]
