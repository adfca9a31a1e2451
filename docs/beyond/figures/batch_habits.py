"""Figure: accuracy of three notebook habits and a pipeline, by rows in a request."""

from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.beyond.batch_habits import NOTEBOOK_HABITS, NotebookModel, served, shoppers

TITLE = "Accuracy of four models by the number of rows in a request"
SIZE = (4.6, 2.4)


# --8<-- [start:figure]
KNOB = Knob(
    "Rows in a request",
    {"1": 1, "5": 5, "20": 20, "120": 120},
    effect="1",
    null="120",
    says="In requests of {stop}, accuracy is {codes:.0%} for cat.codes, {dummies:.0%} for "
    "get_dummies and {scaled:.0%} for scale. cat.codes against the pipeline: {value:+.0%}.",
)


@cache
def fitted(seed: int, habit: str) -> Any:
    table, buys = shoppers(3_120, seed)
    if habit == "Pipeline":
        encode = make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), ["city"]), (StandardScaler(), ["income"])
        )
        model = make_pipeline(encode, DecisionTreeClassifier(max_depth=6, random_state=0))
    else:
        model = NotebookModel(NOTEBOOK_HABITS[habit])
    return model.fit(table[:3_000], buys[:3_000])


@cache
def accuracy(seed: int, size: int, habit: str) -> float:
    table, buys = shoppers(3_120, seed)
    return np.mean(served(fitted(seed, habit), table[3_000:], size).argmax(axis=1) == buys[3_000:])


def measure(seed: int, size: int, habit: str = "cat.codes") -> float:
    pipeline = accuracy(seed, 120, "Pipeline")  # the same in requests of any size
    return accuracy(seed, size, habit) - pipeline


def frame(axes: Axes) -> None:
    pipeline = accuracy(0, 120, "Pipeline")
    axes.axvline(pipeline, color=INK, linewidth=1, linestyle=":")
    axes.plot(pipeline, 0, "o", color=SERIES[0], markersize=9)
    axes.set(xlim=(0.5, 1), ylim=(3.5, -0.5), xlabel="accuracy on the same rows")
    axes.set_xticks([0.5, 0.6, 0.7, 0.8, 0.9, 1], ["50%", "", "70%", "", "90%", ""])
    axes.set_yticks(range(4), ["Pipeline", *NOTEBOOK_HABITS])


def draw(axes: Axes, size: int) -> dict[str, float]:
    shares = [accuracy(0, size, habit) for habit in NOTEBOOK_HABITS]
    axes.plot(shares, [1, 2, 3], "o", color=SERIES[1], markersize=9)
    return dict(zip(("codes", "dummies", "scaled"), shares, strict=True))


# --8<-- [end:figure]
