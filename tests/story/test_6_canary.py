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

from docs.story.figures.holes import KNOB, measure, rollout
from proof.claims import Claim
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


def test_canary(claim: Claim) -> None:
    """A fault that meets one application in twenty, and no row of the history, passes the comparison
    offline and in shadow, and the canary rolls it back after a small part of the month."""
    claim.effect(
        "part of the month spared", measure,
        knob="holes", **KNOB.ends, above=0.6, off_below=0.1,
        also=[{"requests": 3_000}, {"unacceptable": 0.02}],
    )  # fmt: skip
    claim.limit(
        "A fault that begins after the verdict is promoted.",
        "part spared, fault after 400 requests", lambda seed: measure(seed, 0.05, first=400),
        below=0.1,
    )  # fmt: skip
    claim.limit(
        "With a hundred applications a month, the month mostly ends before the canary has decided.",
        "share of 50 releases undecided",
        lambda seed: np.mean([rollout(50 * seed + i, 0.05, 100)[0] == "undecided" for i in range(50)]),
        above=0.4,
    )  # fmt: skip
    claim.limit(
        "A fault that meets one application in two hundred is promoted: the team has called that healthy.",
        "share of 50 releases rolled back",
        lambda seed: np.mean([measure(50 * seed + i, 0.005) > 0 for i in range(50)]), below=0.1,
    )  # fmt: skip
    for seed in range(5):  # the fault has no part in these: no row of the month has a hole
        assert offline(seed)["lost"] < 0.01
        assert offline(seed)["changed"] < 0.05


def test_a_row_with_a_hole_has_no_answer_without_the_imputer() -> None:
    in_service, tidy, live = releases(0)
    request = live[COLUMNS][:1].assign(history=np.nan)
    assert 0 < in_service.predict_proba(request)[0, 1] < 1
    with pytest.raises(ValueError, match="NaN"):
        tidy.predict_proba(request)
