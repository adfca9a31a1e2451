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
def measured(seed: int, interaction: float) -> dict[str, float]:
    history = loan_applications(800, seed, drift=0.0, interaction=interaction)
    train, _ = forward_splits(history["month"], n_splits=12)[4]
    test = history.index[history["month"] > 4]
    assert history["month"][train].max() == 4
    prepare = make_column_transformer(
        (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), NUMERIC),
        (OneHotEncoder(), ["region"]),
    ).fit(history.loc[train, COLUMNS])
    known, asked = (prepare.transform(history.loc[part, COLUMNS]) for part in (train, test))
    forest = RandomForestClassifier(20, min_samples_leaf=10, random_state=0)
    loss = {}
    for name, model in (("forest", forest), ("logistic", LogisticRegression())):
        model.fit(known, history["default"][train])
        loss[name] = log_loss(history["default"][test], model.predict_proba(asked)[:, 1])
    return {
        "loss": loss["forest"] - loss["logistic"],
        "work": comparisons(forest, asked).mean() / model.coef_.size,
    }


@cache
def seconds(seed: int) -> dict[str, float]:
    """Return the median CPU time of one row, of the logistic regression twice."""
    rows = loan_applications(30, seed)
    calls = [rows.loc[[i], NUMERIC].to_numpy() for i in range(40)]
    models = {
        "forest": RandomForestClassifier(30, random_state=0),
        "logistic": LogisticRegression(),
        "again": LogisticRegression(),
    }
    scale = StandardScaler().fit(rows[NUMERIC].to_numpy())
    medians = {}
    for name, model in models.items():
        model.fit(scale.transform(rows[NUMERIC].to_numpy()), rows["default"])
        medians[name] = float(
            np.median(time_calls(model.predict_proba, calls, clock=process_time_ns)[1])
        )
    return medians


def slower(seed: int, name: str) -> float:
    return seconds(seed)[name] / seconds(seed)["logistic"]


def test_simple_and_cheap(claim: Claim) -> None:
    """Where risks only add up, the logistic regression beats the forest on the months after, at a
    small part of the work per row."""
    claim.holds("log loss of the forest", lambda s: measured(s, 0.0)["loss"], above=0.005)
    claim.holds("comparisons a weight", lambda s: measured(s, 0.0)["work"], above=12)
    claim.holds("time of the forest", lambda s: slower(s, "forest"), above=5)
    claim.null("log loss, interaction", lambda s: measured(s, 2.0)["loss"], below=-0.02)
    claim.null("time, the same model", lambda s: slower(s, "again"), below=5)
