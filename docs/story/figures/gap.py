"""Figure: how often group B is approved, by how far its incomes lie below."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.base import BaseEstimator
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.figures import INK, SERIES, SOFT
from proof.knobs import Knob
from snippets.fairness.audit_groups import audit_groups
from snippets.story.loans import loan_applications

TITLE = "Approval rate of group B, divided by that of group A"


# --8<-- [start:figure]
KNOB = Knob(
    "Gap between the groups in income and history",
    {"0": 0.0, "0.25": 0.25, "0.5": 0.5, "0.75": 0.75, "1": 1.0},
    effect="1",
    null="0",
    says="At a gap of {stop}, group B is approved {value:.2f} times as often as group A; the "
    "interval ends at {high:.2f}, and the verdict is {verdict}.",
)
NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


@cache
def decided(
    seed: int, gap: float, rows: int = 1_000, months: int = 8, forest: bool = False, C: float = 1.0,
    draw: Callable[..., pd.DataFrame] = loan_applications,
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, BaseEstimator]:  # fmt: skip
    """Fit on months zero to four without drift, and decide in the months that follow."""
    applications = draw(rows, seed, drift=0.0, gap=gap)
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


def measure(seed: int, gap: float, **setting: object) -> float:
    return audit(seed, gap, **setting)["ratio"]


def frame(axes: Axes) -> None:
    stops = list(KNOB.stops.values())
    axes.plot(stops, [audit(0, stop)["ratio"] for stop in stops], color=SOFT, marker="", linestyle=":")
    axes.axhline(0.9, color=SERIES[1], linewidth=1.5, linestyle="--", label="agreed limit")
    axes.axhline(1, color=INK, linewidth=1, linestyle=":", label="as often as A")
    axes.set(xlim=(-0.1, 1.1), ylim=(0.6, 1.1), xlabel="gap", ylabel="ratio of the rates")
    axes.legend(loc="lower left")


def draw(axes: Axes, gap: float) -> dict[str, object]:
    line = audit(0, gap)
    ends = [line["ratio_low"], line["ratio_high"]]
    axes.plot([gap, gap], ends, color=SERIES[0], marker="_", linestyle="-")
    axes.plot([gap], [line["ratio"]], color=SERIES[0], marker="o")
    return {"high": line["ratio_high"], "verdict": line["verdict"]}


# --8<-- [end:figure]
