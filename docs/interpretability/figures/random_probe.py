"""Figure: two importances of two causes and two columns of random numbers."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.ensemble import RandomForestClassifier

from proof.figures import INK, SERIES
from snippets.interpretability.random_probe import importances_with_probe

TITLE = "Impurity importance of two causes and two random columns"
SIZE = (5.6, 3.0)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng = np.random.default_rng(0)
    rows = 2_000
    owner, abroad = rng.random(rows) < 0.5, rng.random(rows) < 0.3
    customers = pd.DataFrame(
        {"owner": owner * 1, "abroad": abroad * 1, "customer id": rng.permutation(rows)}
    )
    bought = (rng.random(rows) < 0.3 + 0.3 * owner + 0.25 * abroad).astype(int)
    told = []
    for place, leaf in enumerate((1, 50)):
        forest = RandomForestClassifier(20, min_samples_leaf=leaf, random_state=0)
        impurity = importances_with_probe(forest, customers, bought)["impurity"]
        heights, colour = np.arange(4) + 0.4 * place - 0.2, SERIES[place]
        face, hatch = ("none", "//") if place else (colour, "")
        axes.barh(
            heights, impurity, 0.36, facecolor=face, edgecolor=colour, hatch=hatch,
            label=f"leaves of {leaf} or more",
        )  # fmt: skip
        for height, (name, share) in zip(heights, impurity.items(), strict=True):
            axes.text(share + 0.01, height, f"{share:.0%}", va="center")
            told.append(f"leaves of {leaf} or more, {name}: impurity {share:.0%}")
    axes.axhline(1.5, color=INK, linewidth=1, linestyle=":")
    axes.set_yticks(range(4), ["owner", "abroad", "customer id", "random probe"])
    axes.set_xticks([0, 0.25, 0.5], ["0", "25%", "50%"])
    axes.set(ylim=(4.5, -0.6), xlim=(0, 0.75), xlabel="impurity importance")
    axes.grid(False)
    axes.legend(loc="lower right")
    return ". ".join(told)


# --8<-- [end:figure]
