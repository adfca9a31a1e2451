"""Figure: the risks of a month whose incomes arrive multiplied."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.input_contract import check_contract, infer_contract
from snippets.story.loans import loan_applications

TITLE = "The risks of a month, by the factor on its incomes"


# --8<-- [start:figure]
KNOB = Knob(
    "Incomes arrive multiplied by",
    {"1": 1.0, "1.1": 1.1, "3": 3.0, "10": 10.0, "100": 100.0},
    effect="100",
    null="1",
    says="Incomes times {stop}: {value:.0%} approved, AUC {auc:.2f}; the contract {says}.",
)
NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


@cache
def months(
    seed: int, rows: int = 700, interaction: float = 0.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    applications = loan_applications(rows, seed, interaction=interaction)
    month = applications["month"]
    return applications[month < 5], applications[month == 5]


@cache
def model(seed: int, raw: bool = False, **world: float) -> Pipeline:
    past, _ = months(seed, **world)
    logarithm = FunctionTransformer(None if raw else np.log1p)
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(logarithm, StandardScaler()), NUMERIC), (OneHotEncoder(), ["region"])
        ),
        LogisticRegression(),
    ).fit(past[COLUMNS], past["default"])


@cache
def batch(seed: int, factor: float, raw: bool = False, **world: float) -> dict[str, object]:
    past, latest = months(seed, **world)
    rows = latest[COLUMNS].assign(income=factor * latest["income"])
    risk = model(seed, raw, **world).predict_proba(rows)[:, 1]
    broken = check_contract(infer_contract(past[COLUMNS]), rows)
    return {
        "risk": risk,
        "auc": roc_auc_score(latest["default"], risk),
        "approved": np.mean(risk < 1 / 7),
        "named": sum(sentence.startswith("income: ") for sentence in broken),
        "broken": len(broken),
    }


def measure(seed: int, factor: float, **setting: object) -> float:
    return batch(seed, factor, **setting)["approved"]


def frame(axes: Axes) -> None:
    axes.axvline(1 / 7, color=INK, linewidth=1, linestyle=":")
    axes.set(xscale="log", xlim=(1e-6, 1), ylim=(0, 1.02), xlabel="risk", ylabel="applications")
    axes.set_xticks([1e-6, 1e-4, 1e-2, 1], ["0.0001%", "0.01%", "1%", "100%"])
    axes.minorticks_off()
    axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])


def draw(axes: Axes, factor: float) -> dict[str, object]:
    found, shares = batch(0, factor), np.linspace(0, 1, 21)
    axes.plot(np.quantile(found["risk"], shares), shares, color=SERIES[0], marker="", linestyle="-")
    axes.plot([1 / 7], [found["approved"]], color=SERIES[1], marker="o", linestyle="")
    return {"auc": found["auc"], "says": "names the income" if found["named"] else "says nothing"}


# --8<-- [end:figure]
