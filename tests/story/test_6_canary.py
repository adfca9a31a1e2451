"""docs/story/6-canary.py"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.claims import Claim
from snippets.beyond.canary import canary_verdict
from snippets.beyond.shadow_churn import churn
from snippets.story.loans import loan_applications

NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


def fitted(rows: pd.DataFrame, *first_steps: SimpleImputer) -> Pipeline:
    steps = make_pipeline(*first_steps, FunctionTransformer(np.log1p), StandardScaler())
    prepare = make_column_transformer((steps, NUMERIC), (OneHotEncoder(), ["region"]))
    return make_pipeline(prepare, LogisticRegression()).fit(rows[COLUMNS], rows["default"])


@cache
def releases(seed: int) -> tuple[Pipeline, Pipeline, pd.DataFrame]:
    applications = loan_applications(seed=seed)
    month = applications["month"]
    in_service = fitted(applications[month < 5], SimpleImputer(strategy="median"))
    return in_service, fitted(applications[month < 6]), applications[month == 6]


@cache
def offline(seed: int) -> dict[str, float]:
    *models, live = releases(seed)
    old, new = (model.predict_proba(live[COLUMNS])[:, 1] for model in models)
    auc = [roc_auc_score(live["default"], risk) for risk in (old, new)]
    return {"lost": auc[0] - auc[1], **churn(old > 1 / 7, new > 1 / 7)}


@cache
def rollout(seed: int, holes: float) -> tuple[str, int]:
    without_history = np.random.default_rng([seed, 6]).random(1_500) < holes
    return canary_verdict(without_history, healthy=0.01, unacceptable=0.03)


def test_canary(claim: Claim) -> None:
    """A fault that no row of the history holds passes every offline test, and the canary rolls it
    back after a small part of the month."""
    claim.holds("AUC lost", lambda seed: offline(seed)["lost"], below=0.01)
    claim.holds("changed", lambda seed: offline(seed)["changed"], below=0.05)
    claim.holds("rolled back", lambda s: rollout(s, 0.05)[0] == "roll back", above=0.5)
    claim.holds("part of the month", lambda s: rollout(s, 0.05)[1] / 1_500, below=0.4)
    claim.null("rolled back, no holes", lambda s: rollout(s, 0.0)[0] == "roll back", below=0.5)


def test_a_row_with_a_hole_has_no_answer_without_the_imputer() -> None:
    in_service, tidy, live = releases(0)
    request = live[COLUMNS][:1].assign(history=np.nan)
    assert 0 < in_service.predict_proba(request)[0, 1] < 1
    with pytest.raises(ValueError, match="NaN"):
        tidy.predict_proba(request)
