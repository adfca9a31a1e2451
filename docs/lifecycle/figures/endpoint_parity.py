"""Figure: probabilities of a notebook and of its endpoint, by the steps left behind."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from pydantic import create_model
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.lifecycle.endpoint import ask, model_app, serving

TITLE = "Probabilities of a notebook and of its endpoint, by the preprocessing left in the notebook"


# --8<-- [start:figure]
KNOB = Knob(
    "Preprocessing left in the notebook",
    {"nothing": "", "the cap": "cap", "the log": "log", "the scaler": "scaler"},
    effect="the scaler",
    null="nothing",
    says="Left in the notebook: {stop}. The endpoint answers 200 to every row, {value:.0%} of the "
    "decisions differ, and {wrong} of 5 golden rows are wrong.",
)


def applicants(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    age, income = rng.uniform(18, 90, 1_000), rng.lognormal(10, 0.6, 1_000)
    score = (age - 54) / 20 - (np.log(income) - 10) / 0.6
    return pd.DataFrame({"age": age, "income": income}), score + rng.logistic(size=1_000) > 0


@cache
def answers(
    seed: int, left: str, data: str = "applicants", tree: bool = False, rows: int = 30
) -> np.ndarray:
    """Return the probabilities of new rows: the notebook's, and those the endpoint sends."""
    rng = np.random.default_rng(seed)
    if data == "cancer":
        table, labels = load_breast_cancer(as_frame=True, return_X_y=True)
        order, table = rng.permutation(len(table)), table.iloc[:, :5]
        table, labels = table.iloc[order], labels.iloc[order]
    else:
        table, labels = applicants(rng)
    most = table[30:].quantile(0.9)
    model = DecisionTreeClassifier(max_depth=4, random_state=0) if tree else LogisticRegression()
    steps = {
        "cap": FunctionTransformer(lambda rows: rows.clip(upper=most, axis=1)),
        "log": FunctionTransformer(np.log1p),
        "scaler": StandardScaler().set_output(transform="pandas"),
        "model": model,
    }
    notebook = Pipeline(list(steps.items())).fit(table[30:], labels[30:])
    served = Pipeline([(name, step) for name, step in notebook.steps if name != left])
    schema = create_model("Row", **dict.fromkeys(table, (float, ...)))
    with serving(model_app(served, schema)) as url:
        sent = [ask(url, "/predict", row) for row in table[:rows].to_dict("records")]
    here = notebook.predict_proba(table[:rows])[:, 1]
    return np.array([here, [said["answer"][1] for _, said in sent]])  # each has an answer


def measure(seed: int, left: str, **setting: object) -> float:
    notebook, endpoint = answers(seed, left, **setting)
    return np.mean((notebook > 0.5) != (endpoint > 0.5))


def frame(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", marker="")
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.06, 1.06), xlabel="probability in the notebook")
    axes.set(ylabel="from the endpoint", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])


def draw(axes: Axes, left: str) -> dict[str, int]:
    notebook, endpoint = answers(0, left)
    axes.plot(notebook, endpoint, "o", color=SERIES[2 if left else 0], markersize=4)
    return {"wrong": int((np.abs(notebook - endpoint)[:5] > 1e-6).sum())}


# --8<-- [end:figure]
