"""docs/story/5-fairness-and-reasons.py"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
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
    seed: int, gap: float, rows: int = 1_000, months: int = 8, forest: bool = False, C: float = 1.0
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, BaseEstimator]:
    """Fit on months zero to four without drift, and decide in the months that follow."""
    applications = loan_applications(rows, seed, drift=0.0, gap=gap)
    month = applications["month"]
    past, latest = applications[month < 5], applications[(month >= 5) & (month < 5 + months)]
    logarithm = FunctionTransformer(np.log1p, feature_names_out="one-to-one")
    prepare = make_column_transformer(
        (make_pipeline(logarithm, StandardScaler()), NUMERIC),
        (OneHotEncoder(sparse_output=False), ["region"]),
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    tree = RandomForestClassifier(20, min_samples_leaf=20, random_state=0)
    model = tree if forest else LogisticRegression(C=C)
    model.fit(prepare.fit_transform(past[COLUMNS]), past["default"])
    features = prepare.transform(latest[COLUMNS])
    return latest, features, model.predict_proba(features)[:, 1] < 1 / 7, model


@cache
def audit(seed: int, gap: float, **setting: object) -> pd.Series:
    latest, _, approved, _ = decided(seed, gap, **setting)
    return audit_groups(approved, latest["group"], reference="A", limit=0.9).loc["B"]


def undecided(seed: int) -> float:
    """Return the share of batches of a hundred applications that leave the audit undecided."""
    latest, _, approved, _ = decided(seed, 1.0)
    cuts = [slice(start, start + 100) for start in range(0, 2_500, 100)]
    verdicts = [
        audit_groups(approved[cut], latest["group"][cut], reference="A", limit=0.9).verdict["B"]
        for cut in cuts
    ]
    return np.mean([verdict == "undecided" for verdict in verdicts])


@cache
def income_first(seed: int, gap: float, own: bool = False, **setting: object) -> float:
    """Return how much more often income is the first reason in group B."""
    latest, features, approved, model = decided(seed, gap, **setting)
    rates = {}
    for name in ("A", "B"):
        group = (latest["group"] == name).to_numpy()
        reference = features[approved & group] if own else features[approved]
        shares = contributions(model, reference, features[~approved & group])
        rates[name] = (reason_codes(shares, most=2)[1] == "income").mean()
    return rates["B"] - rates["A"]


def test_without_the_column(claim: Claim) -> None:
    """Where group B has lower incomes and shorter histories, a model that never sees the group
    approves it less often than group A."""
    others = [{"rows": 1_500, "months": 1}, {"forest": True}]
    claim.effect(
        "ratio", lambda seed, **setting: audit(seed, **setting)["ratio"],
        knob="gap", on=1.0, off=0.0, below=0.85, off_above=0.9, off_below=1.1, also=others,
    )  # fmt: skip
    claim.effect(
        "interval ends", lambda seed, **setting: audit(seed, **setting)["ratio_high"],
        knob="gap", on=1.0, off=0.0, below=0.95, off_above=0.99, also=others,
    )  # fmt: skip
    claim.limit(
        "An audit of a hundred applications is mostly undecided: its interval holds the agreed limit.",
        "share of undecided hundreds", undecided, above=0.55,
    )  # fmt: skip


def test_first_reason(claim: Claim) -> None:
    """Where group B has lower incomes, a low income is the first reason more often among its
    declined than among those of group A."""
    claim.effect(
        "more often", income_first,
        knob="gap", on=1.0, off=0.0, above=0.1, off_above=-0.07, off_below=0.07,
        also=[{"rows": 1_300}, {"C": 0.01}],
    )  # fmt: skip
    claim.limit(
        "Compared with the approved of their own group, the groups get income as the first reason about as often.",
        "more often, own reference", lambda seed: abs(income_first(seed, 1.0, own=True)), below=0.1,
    )  # fmt: skip


def test_reasons_add_up() -> None:
    _, features, approved, model = decided(0, 1.0)
    shares = contributions(model, features[approved], features[~approved])
    odds = model.decision_function(features)
    expected = odds[~approved] - odds[approved].mean()
    assert shares.sum(axis=1).to_numpy() == pytest.approx(expected)
