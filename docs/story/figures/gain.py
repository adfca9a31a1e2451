"""Figure: what a retrained model earns more than the old one, with its interval."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.figures import INK, SERIES, SOFT
from proof.knobs import Knob
from snippets.requirements.compare_models import paired_bootstrap
from snippets.story.loans import loan_applications

TITLE = "What the retrained model earns more than the old one"


# --8<-- [start:figure]
KNOB = Knob(
    "Drift, how much more the amount matters each month",
    {"0": 0.0, "0.1": 0.1, "0.2": 0.2, "0.35": 0.35, "0.5": 0.5},
    effect="0.35",
    null="0",
    says="At a drift of {stop}, the retrained model earns {difference:+.0f} euros an application, "
    "from {value:+.0f} to {high:+.0f}.",
)
NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


def fitted(rows: pd.DataFrame, forest: bool) -> Pipeline:
    numbers = make_pipeline(FunctionTransformer(np.log1p), StandardScaler())
    prepare = make_column_transformer((numbers, NUMERIC), (OneHotEncoder(), ["region"]))
    trees = RandomForestClassifier(10, min_samples_leaf=20, random_state=0)
    model = make_pipeline(prepare, trees if forest else LogisticRegression(solver="newton-cholesky"))
    return model.fit(rows[COLUMNS], rows["default"])


@cache
def decisions(
    seed: int, drift: float, rows: int = 1_500, forest: bool = False,
    draw: Callable[..., pd.DataFrame] = loan_applications,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Return what each loan of month twelve earns, and whom the two models approve."""
    loans = draw(rows, seed, drift=drift)
    month = loans["month"]
    latest = loans[month == 12]
    approved = [
        fitted(loans[part], forest).predict_proba(latest[COLUMNS])[:, 1] < 1 / 7
        for part in (month < 6, (month > 8) & (month < 12))
    ]
    earns = latest["amount"] * np.where(latest["default"] == 1, -0.6, 0.1)
    return earns.to_numpy(), *approved


def profit(earns: np.ndarray, approved: np.ndarray) -> float:
    return float(np.mean(earns * approved))


def gain(seed: int, drift: float, asked: slice = slice(None), **setting: object) -> dict[str, float]:
    three = (part[asked] for part in decisions(seed, drift, **setting))
    return paired_bootstrap(*three, profit, resamples=200)


def measure(seed: int, drift: float, **setting: object) -> float:
    """Return the lower end of the interval, in euros an application."""
    return gain(seed, drift, **setting)["low"]


def frame(axes: Axes) -> None:
    stops = list(KNOB.stops.values())
    axes.plot(stops, [gain(0, stop)["difference"] for stop in stops], color=SOFT, marker="", linestyle=":")
    axes.axhline(0, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(-0.05, 0.55), ylim=(-100, 800), xlabel="drift", ylabel="euros an application")


def draw(axes: Axes, drift: float) -> dict[str, float]:
    found = gain(0, drift)
    axes.plot([drift] * 2, [found["low"], found["high"]], color=SERIES[0], marker="_", linestyle="-")
    axes.plot([drift], [found["difference"]], color=SERIES[0], marker="o")
    return {name: found[name] for name in ("difference", "high")}


# --8<-- [end:figure]
