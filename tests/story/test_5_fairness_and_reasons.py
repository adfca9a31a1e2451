"""docs/story/5-fairness-and-reasons.py"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.claims import Claim
from snippets.fairness.audit_groups import audit_groups
from snippets.interpretability.reason_codes import contributions, reason_codes
from snippets.story.loans import loan_applications

NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


@cache
def decided(
    seed: int, gap: float
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, LogisticRegression]:
    applications = loan_applications(seed=seed, gap=gap)
    past = applications[applications["month"] < 5]
    latest = applications[applications["month"] == 5]
    logarithm = FunctionTransformer(np.log1p, feature_names_out="one-to-one")
    prepare = make_column_transformer(
        (make_pipeline(logarithm, StandardScaler()), NUMERIC),
        (OneHotEncoder(sparse_output=False), ["region"]),
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    model = LogisticRegression().fit(prepare.fit_transform(past[COLUMNS]), past["default"])
    features = prepare.transform(latest[COLUMNS])
    return latest, features, model.predict_proba(features)[:, 1] < 1 / 7, model


@cache
def audit(seed: int, gap: float) -> pd.Series:
    latest, _, approved, _ = decided(seed, gap)
    return audit_groups(approved, latest["group"], reference="A", limit=0.9).loc["B"]


@cache
def income_first(seed: int, gap: float) -> float:
    """Return how much more often income is the first reason in group B."""
    latest, features, approved, model = decided(seed, gap)
    shares = contributions(model, features[approved], features[~approved])
    by_income = reason_codes(shares, most=2)[1] == "income"
    rates = by_income.groupby(latest["group"][~approved]).mean()
    return rates["B"] - rates["A"]


def test_without_the_column(claim: Claim) -> None:
    """The model never sees the group, and still approves group B less often than group A."""
    claim.holds("ratio", lambda seed: audit(seed, 1.0)["ratio"], below=0.85)
    claim.holds("interval ends", lambda seed: audit(seed, 1.0)["ratio_high"], below=0.95)
    claim.null("ratio, no gap", lambda seed: audit(seed, 0.0)["ratio"], above=0.9, below=1.1)
    claim.null("interval ends, no gap", lambda seed: audit(seed, 0.0)["ratio_high"], above=0.99)


def test_first_reason(claim: Claim) -> None:
    """Among the declined, a low income is the first reason more often in group B than in group A."""
    claim.holds("more often", lambda seed: income_first(seed, 1.0), above=0.08)
    claim.null("more often, no gap", lambda seed: abs(income_first(seed, 0.0)), below=0.15)


def test_reasons_add_up() -> None:
    _, features, approved, model = decided(0, 1.0)
    shares = contributions(model, features[approved], features[~approved])
    odds = model.decision_function(features)
    expected = odds[~approved] - odds[approved].mean()
    assert shares.sum(axis=1).to_numpy() == pytest.approx(expected)
