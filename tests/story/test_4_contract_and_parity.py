"""docs/story/4-contract-and-parity.py"""

from functools import cache

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler, scale
from sklearn.tree import DecisionTreeClassifier

from docs.story.figures.cents import COLUMNS, KNOB, NUMERIC, batch, measure, months
from proof.claims import Claim
from snippets.beyond.parity_report import parity_report

SCALINGS = {
    "scale": FunctionTransformer(scale),
    "StandardScaler": StandardScaler(),
}


@cache
def fitted(seed: int, scaling: str, family: str = "linear", rows: int = 700) -> Pipeline:
    past, _ = months(seed, rows)
    families = {
        "linear": LogisticRegression(),
        "bayes": GaussianNB(),
        "tree": DecisionTreeClassifier(max_leaf_nodes=8, random_state=0),
    }
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(FunctionTransformer(np.log1p), SCALINGS[scaling]), NUMERIC),
            (OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["region"]),
        ),
        families[family],
    )
    return model.fit(past[COLUMNS], past["default"])


@cache
def parity(
    seed: int, scaling: str, family: str = "linear", rows: int = 700, asked: int = 2
) -> pd.Series:
    model, (_, latest) = fitted(seed, scaling, family, rows), months(seed, rows)
    return parity_report(model, latest[COLUMNS][:asked])["differ"]


def differ_alone(seed: int, scaling: str, **setting: object) -> float:
    return parity(seed, scaling, **setting)[["one at a time", "one at a time, as JSON"]].min()


def test_alone(claim: Claim) -> None:
    """Preprocessing that looks at the table at hand gives every application another score when it
    comes alone; fitted preprocessing gives it the same one."""
    claim.effect(
        "rows that differ alone", differ_alone,
        knob="scaling", on="scale", off="StandardScaler", above=0.9, off_below=0.1,
        also=[{"rows": 400}, {"family": "bayes"}],
    )  # fmt: skip
    claim.limit(
        "A tree gives some applications the score of the average applicant anyway: those do not differ.",
        "rows that differ alone, tree",
        lambda seed: differ_alone(seed, "scale", family="tree", asked=12), below=0.9,
    )  # fmt: skip
    for seed in range(5):
        assert parity(seed, "StandardScaler").max() < 1e-9, "nor in the other ways"
        latest = months(seed)[1]
        risks = [fitted(seed, name).predict_proba(latest[COLUMNS])[:, 1] for name in SCALINGS]
        auc = [roc_auc_score(latest["default"], risk) for risk in risks]
        assert abs(auc[0] - auc[1]) < 0.005, "as one table, the two cannot be told apart"


def test_cents(claim: Claim) -> None:
    """To a model that is linear in logarithms, incomes in cents leave the AUC as it was and approve
    nearly everybody; no error is raised, and the contract names the column."""
    others = [{"rows": 500}, {"interaction": 1.0}]
    claim.effect(
        "approved", measure,
        knob="factor", **KNOB.ends, above=0.95, off_below=0.8, also=others,
    )  # fmt: skip
    for name in ("named", "broken"):
        claim.effect(
            f"sentences of the contract, {name}",
            lambda seed, factor, name=name, **setting: batch(seed, factor, **setting)[name],
            knob="factor", on=100, off=1, above=0.5, below=1.5, off_below=0.4, also=others,
        )  # fmt: skip

    def auc_moved(seed: int, raw: bool = False) -> float:
        return abs(batch(seed, 100, raw)["auc"] - batch(seed, 1, raw)["auc"])

    assert all(auc_moved(seed) < 0.005 for seed in range(5))
    claim.limit(
        "On the euros themselves, without the logarithm, incomes in cents lower the AUC too.",
        "AUC moved, no logarithm", lambda seed: auc_moved(seed, raw=True), above=0.05,
    )  # fmt: skip
    claim.limit(
        "Incomes that are a quarter too high stay inside the ranges of the contract, and it says nothing.",
        "violations", lambda seed: batch(seed, 1.25)["broken"], below=0.5,
    )  # fmt: skip
