"""Figure: profit by the threshold, and by what a default loses."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.requirements.cost_threshold import break_even, total_cost
from snippets.story.loans import loan_applications

TITLE = "Profit by the threshold of a lender, by what a default loses"


# --8<-- [start:figure]
KNOB = Knob(
    "A default loses, for each euro that a repaid loan earns",
    {f"{n} euro{'s' * (n > 1)}": n / 10 for n in (1, 2, 3, 4, 6)},
    effect="6 euros",
    null="1 euro",
    says="If a default loses {stop}, break-even earns {own:.0f} euros an application, "
    "and one half keeps {value:.0%} of that.",
)
NUMERIC = ["amount", "income", "history", "late"]
COLUMNS = [*NUMERIC, "region"]


@cache
def scored(
    seed: int, rows: int = 1_000, family: str = "linear", weights: str | None = None
) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the risk of the applications of month five, and these."""
    applications = loan_applications(rows, seed)
    month = applications["month"]
    past, latest = applications[month < 5], applications[month == 5]
    models = {
        "linear": LogisticRegression(class_weight=weights),
        "forest": RandomForestClassifier(20, min_samples_leaf=20, random_state=0),
    }
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(FunctionTransformer(np.log1p), StandardScaler()), NUMERIC),
            (OneHotEncoder(), ["region"]),
        ),
        models[family],
    ).fit(past[COLUMNS], past["default"])
    return model.predict_proba(latest[COLUMNS])[:, 1], latest


@cache
def rules(seed: int, loss: float, **setting: object) -> dict[str, float]:
    """Return euros an application at one half and at break-even, and the accuracy that this loses."""
    risk, latest = scored(seed, **setting)
    amount, outcome = latest["amount"], latest["default"]
    costs = {"false_negative": loss * amount, "true_negative": -0.1 * amount}
    own = risk > break_even(0.0, **costs)
    return {
        "lost": np.mean((risk > 0.5) == outcome) - np.mean(own == outcome),
        "half": -total_cost(outcome, risk > 0.5, 0.0, **costs) / len(risk),
        "own": -total_cost(outcome, own, 0.0, **costs) / len(risk),
    }


def measure(seed: int, loss: float, **setting: object) -> float:
    earned = rules(seed, loss, **setting)
    return earned["half"] / earned["own"]


def frame(axes: Axes) -> None:
    axes.axhline(0, color=INK, linewidth=1, linestyle=":")
    axes.set(
        xlim=(0, 0.8), ylim=(-450, 650), xlabel="decline above this risk",
        ylabel="euros an application",
    )  # fmt: skip
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8], ["0%", "20%", "40%", "60%", "80%"])


def draw(axes: Axes, loss: float) -> dict[str, float]:
    risk, latest = scored(0)
    costs = {"false_negative": loss * latest["amount"], "true_negative": -0.1 * latest["amount"]}
    cuts = np.arange(0.02, 0.8, 0.04)
    profit = [-total_cost(latest["default"], risk > cut, 0.0, **costs) / len(risk) for cut in cuts]
    axes.plot(cuts, profit, color=SERIES[0], marker="")
    earned, cut = rules(0, loss), loss / (loss + 0.1)
    axes.plot([cut], [earned["own"]], "o", color=SERIES[2], markersize=8)
    axes.plot([0.5], [earned["half"]], "s", color=SERIES[1], markersize=8)
    return {"own": earned["own"]}


# --8<-- [end:figure]
