"""docs/story/1-notebook.py"""

from functools import cache

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from proof.claims import Claim
from snippets.beyond.after_the_event import score_at_decision
from snippets.beyond.leak_suspects import leak_suspects
from snippets.story.loans import loan_applications

HONEST = ["amount", "income", "history", "late", "region"]
COLUMNS = [*HONEST, "collection_calls"]


@cache
def scores(seed: int, calls: float) -> pd.Series:
    applications = loan_applications(700, seed, calls=calls)
    history = applications[applications["month"] < 6]
    next_month = applications[applications["month"] == 6]
    train, test = train_test_split(history, test_size=0.3, random_state=0)
    forest = make_pipeline(
        make_column_transformer((OneHotEncoder(), ["region"]), remainder="passthrough"),
        RandomForestClassifier(20, min_samples_leaf=10, random_state=0),
    ).fit(train[COLUMNS], train["default"])
    now = score_at_decision(
        forest, next_month[COLUMNS], next_month["default"], {"collection_calls": 0}
    )
    offline = roc_auc_score(test["default"], forest.predict_proba(test[COLUMNS])[:, 1])
    return pd.Series(
        {
            "offline": offline,
            "stored": now.auc["stored"],
            "not kept": offline - now.auc["served"],
            "found": now.found["served"],
        }
    )


@cache
def suspects(seed: int, calls: float) -> pd.DataFrame:
    applications = loan_applications(700, seed, calls=calls)
    history = applications[applications["month"] < 6]
    return leak_suspects(history[COLUMNS], history["default"], believable=0.9)


def test_the_promise_is_not_kept(claim: Claim) -> None:
    """The notebook counts on a column that is still empty on the day of the decision, and the next
    month takes back what it promised."""
    claim.holds("AUC offline", lambda seed: scores(seed, 2.5)["offline"], above=0.95)
    claim.holds("AUC as stored", lambda seed: scores(seed, 2.5)["stored"], above=0.95)
    claim.holds("AUC not kept", lambda seed: scores(seed, 2.5)["not kept"], above=0.12)
    claim.holds("defaults found", lambda seed: scores(seed, 2.5)["found"], below=0.1)
    claim.holds("suspects", lambda seed: suspects(seed, 2.5)["suspect"].sum(), above=0.5, below=1.5)
    claim.null("AUC not kept, no calls", lambda seed: scores(seed, 0.0)["not kept"], below=0.09)
    claim.null("defaults found, no calls", lambda seed: scores(seed, 0.0)["found"], above=0.15)
    claim.null("suspects, no calls", lambda seed: suspects(seed, 0.0)["suspect"].sum(), below=0.5)


def test_the_suspect_is_the_column_from_the_future() -> None:
    for seed in range(5):
        assert suspects(seed, 2.5).index[0] == "collection_calls"
