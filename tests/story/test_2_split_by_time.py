"""docs/story/2-split-by-time.py"""

from functools import cache

import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from snippets.data.forward_split import forward_splits
from snippets.lifecycle.forest_comparisons import comparisons
from snippets.lifecycle.time_calls import time_calls
from snippets.story.loans import loan_applications
from tools.claims import Claim

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
    loss, time = {}, {}
    for name, model in (("forest", forest), ("logistic", LogisticRegression())):
        model.fit(known, history["default"][train])
        loss[name] = log_loss(history["default"][test], model.predict_proba(asked)[:, 1])
        calls = [asked[i : i + 1] for i in range(40)]
        times = [time_calls(model.predict_proba, calls)[1] for _ in range(2)]
        time[name] = np.median(times[0])
    return {
        "loss": loss["forest"] - loss["logistic"],
        "work": comparisons(forest, asked).mean() / model.coef_.size,
        "time": time["forest"] / time["logistic"],
        "time again": np.median(times[1]) / time["logistic"],
    }


def test_simple_and_cheap(claim: Claim) -> None:
    """Where risks only add up, the logistic regression beats the forest on the months after, at a
    small part of the work per row."""
    claim.holds("log loss of the forest", lambda s: measured(s, 0.0)["loss"], above=0.005)
    claim.holds("comparisons a weight", lambda s: measured(s, 0.0)["work"], above=12)
    claim.holds("time of the forest", lambda s: measured(s, 0.0)["time"], above=5)
    claim.null("log loss, interaction", lambda s: measured(s, 2.0)["loss"], below=-0.02)
    claim.null("time, the same model", lambda s: measured(s, 0.0)["time again"], below=4)
