"""Figure: impurity importance of two causes and two columns of random numbers, by leaf size."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.ensemble import RandomForestClassifier

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.interpretability.random_probe import importances_with_probe

TITLE = "Impurity importance of two causes and two random columns, by the size of the leaves"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows that a leaf holds at least",
    {"1": 1, "2": 2, "5": 5, "10": 10, "20": 20, "50": 50},
    effect="1",
    null="50",
    says="Leaves of {stop} or more: by impurity, the customer id has {id:.0%}, the owner, a cause, "
    "{owner:.0%}. The weaker random column leads the stronger cause by {value:+.2f}.",
)


def customers(seed: int, rows: int = 2_000, values: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Two causes, and an id of as many values as there are rows, or of `values`."""
    rng = np.random.default_rng(seed)
    owner, abroad = rng.random(rows) < 0.5, rng.random(rows) < 0.3
    number = rng.integers(0, values, rows) if values else rng.permutation(rows)
    columns = {"owner": owner * 1, "abroad": abroad * 1, "customer id": number}
    bought = rng.random(rows) < 0.3 + 0.3 * owner + 0.25 * abroad
    return pd.DataFrame(columns), bought.astype(int)


@cache
def probed(
    seed: int, leaf: int, family: type = RandomForestClassifier, rows: int = 2_000,
    values: int = 0, trees: int = 20,
) -> pd.DataFrame:  # fmt: skip
    forest = family(trees, min_samples_leaf=leaf, random_state=seed)
    return importances_with_probe(forest, *customers(seed, rows, values), repeats=2, seed=seed)


def measure(seed: int, leaf: int, column: str = "impurity", **setting: object) -> float:
    table = probed(seed, leaf, **setting)[column]
    return table.iloc[2:].min() - table.iloc[:2].max()


def frame(axes: Axes) -> None:
    axes.axhline(1.5, color=INK, linewidth=1, linestyle=":")
    axes.set_yticks(range(4), ["owner", "abroad", "customer\nid", "random\nprobe"])
    axes.set_xticks([0, 0.25, 0.5], ["0%", "25%", "50%"])
    axes.set(ylim=(3.6, -0.6), xlim=(0, 0.72), xlabel="impurity importance")


def draw(axes: Axes, leaf: int) -> dict[str, float]:
    impurity = probed(0, leaf)["impurity"]
    for part, colour in ((slice(2), SERIES[0]), (slice(2, 4), SERIES[1])):
        axes.barh(range(4)[part], impurity.iloc[part], 0.6, color=colour)
    for height, share in enumerate(impurity):
        axes.text(share + 0.01, height, f"{share:.0%}", va="center")
    return {"id": impurity["customer id"], "owner": impurity["owner"]}


# --8<-- [end:figure]
