"""docs/story/4-contract-and-parity.py"""

from functools import cache

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler, scale

from proof.claims import Claim
from snippets.beyond.parity_report import parity_report
from snippets.data.input_contract import check_contract, infer_contract
from snippets.story.loans import loan_applications

NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]
SCALINGS = {"scale": FunctionTransformer(scale), "StandardScaler": StandardScaler()}


@cache
def months(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    applications = loan_applications(seed=seed)
    month = applications["month"]
    return applications[month < 5], applications[month == 5]


@cache
def fitted(seed: int, scaling: str) -> Pipeline:
    past, _ = months(seed)
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(FunctionTransformer(np.log1p), SCALINGS[scaling]), NUMERIC),
            (OneHotEncoder(handle_unknown="ignore"), ["region"]),
        ),
        LogisticRegression(),
    )
    return model.fit(past[COLUMNS], past["default"])


@cache
def parity(seed: int, scaling: str) -> pd.Series:
    return parity_report(fitted(seed, scaling), months(seed)[1][COLUMNS][:6])["differ"]


def test_alone(claim: Claim) -> None:
    """Preprocessing that looks at the table at hand gives every application another score when it
    comes alone; fitted preprocessing gives it the same one."""
    alone = ["one at a time", "one at a time, as JSON"]
    claim.holds("differ alone", lambda seed: parity(seed, "scale")[alone].min(), above=0.99)
    claim.null("differ, fitted", lambda seed: parity(seed, "StandardScaler").max(), below=1e-9)
    for seed in range(5):
        latest = months(seed)[1]
        risks = [fitted(seed, name).predict_proba(latest[COLUMNS])[:, 1] for name in SCALINGS]
        auc = [roc_auc_score(latest["default"], risk) for risk in risks]
        assert abs(auc[0] - auc[1]) < 0.005, "as one table, the two cannot be told apart"


@cache
def batch(seed: int, factor: int) -> dict[str, float]:
    past, latest = months(seed)
    rows = latest[COLUMNS].assign(income=factor * latest["income"])
    risk = fitted(seed, "StandardScaler").predict_proba(rows)[:, 1]
    broken = check_contract(infer_contract(past[COLUMNS]), rows)
    return {
        "auc": roc_auc_score(latest["default"], risk),
        "approved": np.mean(risk < 1 / 7),
        "named": sum(sentence.startswith("income: ") for sentence in broken),
        "broken": len(broken),
    }


def test_cents(claim: Claim) -> None:
    """Incomes in cents leave the AUC as it was and approve nearly everybody; no error is raised,
    and the contract names the column."""

    def auc_moved(seed: int) -> float:
        return abs(batch(seed, 100)["auc"] - batch(seed, 1)["auc"])

    claim.holds("AUC moved", auc_moved, below=0.005)
    claim.holds("approved", lambda seed: batch(seed, 100)["approved"], above=0.95)
    claim.holds("named", lambda seed: batch(seed, 100)["named"], above=0.5)
    claim.holds("broken", lambda seed: batch(seed, 100)["broken"], below=1.5)
    claim.null("approved, euros", lambda seed: batch(seed, 1)["approved"], below=0.75)
    claim.null("broken, euros", lambda seed: batch(seed, 1)["broken"], below=0.5)
