"""docs/story/2-split-by-time.py"""

from functools import cache
from time import process_time_ns

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.claims import Claim
from snippets.data.forward_split import forward_splits
from snippets.lifecycle.forest_comparisons import comparisons
from snippets.lifecycle.time_calls import time_calls
from snippets.story.loans import loan_applications

NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


@cache
def measured(
    seed: int, interaction: float = 0.0, rows: int = 400, trees: int = 20, cents: float = 0.0
) -> dict[str, float]:
    history = loan_applications(rows, seed, drift=0.0, interaction=interaction)
    wrong = np.random.default_rng(seed).random(len(history)) < cents
    history["income"] *= np.where(wrong, 100, 1)
    train, _ = forward_splits(history["month"], n_splits=12)[4]
    test = history.index[history["month"] > 4]
    assert history["month"][train].max() == 4
    prepare = make_column_transformer(
        (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), NUMERIC),
        (OneHotEncoder(), ["region"]),
    ).fit(history.loc[train, COLUMNS])
    known, asked = (prepare.transform(history.loc[part, COLUMNS]) for part in (train, test))
    forest = RandomForestClassifier(trees, min_samples_leaf=10, random_state=0)
    loss = {}
    for name, model in (("forest", forest), ("logistic", LogisticRegression())):
        model.fit(known, history["default"][train])
        loss[name] = log_loss(history["default"][test], model.predict_proba(asked)[:, 1])
    return {
        "loss": loss["forest"] - loss["logistic"],
        "work": comparisons(forest, asked[:400]).mean() / model.coef_.size,
    }


def lead(seed: int, **setting: float) -> float:
    """Return how much larger the log loss of the forest is."""
    return measured(seed, **setting)["loss"]


def work(seed: int, **setting: float) -> float:
    """Return comparisons of the forest for each weight of the logistic regression."""
    return measured(seed, **setting)["work"]


@cache
def seconds(seed: int, trees: int, rows: int) -> dict[str, float]:
    """Return the median CPU time of one row, of the logistic regression twice."""
    loans = loan_applications(rows, seed)
    calls = [loans.loc[[i], NUMERIC].to_numpy() for i in range(20)]
    models = {
        "forest": RandomForestClassifier(trees, random_state=0),
        "logistic": LogisticRegression(),
        "again": LogisticRegression(),
    }
    scale = StandardScaler().fit(loans[NUMERIC].to_numpy())
    medians = {}
    for name, model in models.items():
        model.fit(scale.transform(loans[NUMERIC].to_numpy()), loans["default"])
        medians[name] = float(
            np.median(time_calls(model.predict_proba, calls, clock=process_time_ns)[1])
        )
    return medians


def slower(seed: int, name: str, trees: int = 30, rows: int = 30) -> float:
    times = seconds(seed, trees, rows)
    return times[name] / times["logistic"]


def test_simple_and_cheap(claim: Claim) -> None:
    """Where risks only add up, the logistic regression beats the forest on the months after, at a
    small part of the work per row."""
    claim.effect(
        "log loss of the forest, more", lead,
        knob="interaction", on=0.0, off=2.0, above=0.005, off_below=-0.01,
        also=[{"rows": 500}, {"trees": 30}],
    )  # fmt: skip
    claim.effect(
        "comparisons a weight", work,
        knob="trees", on=20, off=1, above=12, off_below=2,
        also=[{"rows": 500}, {"interaction": 2.0}],
    )  # fmt: skip
    claim.effect(
        "time of one row", slower,
        knob="name", on="forest", off="again", above=5, off_below=2,
        also=[{"trees": 20}, {"rows": 60}],
    )  # fmt: skip
    claim.limit(
        "With one income in twenty in cents, the lead goes to the forest: the weights follow the wrong rows.",
        "log loss of the forest, more", lambda seed: lead(seed, cents=0.05), below=-0.001,
    )  # fmt: skip
