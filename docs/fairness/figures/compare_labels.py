"""Figure: group B's share of the places, by label and by its access to care."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.linear_model import LinearRegression

from snippets.fairness.compare_labels import compare_labels

TITLE = "Share of the places that go to group B, by the label that the model predicts"
SIZE = (5.6, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def patients(seed, access, rows=50_000):
        rng = np.random.default_rng(seed)
        in_b = rng.random(rows) < 0.25
        need = rng.gamma(2, size=rows) * np.where(in_b, 1.25, 1)
        spent, spend = (
            need * np.where(in_b, access, 1) * rng.lognormal(sigma=0.35, size=rows)
            for _ in range(2)
        )
        features = np.column_stack([need + rng.normal(scale=0.5, size=rows), spent])
        return features, pd.DataFrame({"cost": spend, "need": need}), np.where(in_b, "B", "A")

    levels, shares = (1.0, 0.9, 0.8, 0.7, 0.6), []
    for access in levels:
        features, labels, group = patients(0, access)
        train, test = slice(0, 25_000), slice(25_000, None)
        scores = {
            name: LinearRegression()
            .fit(features[train], labels[name][train])
            .predict(features[test])
            for name in labels
        }
        shares.append(compare_labels(pd.DataFrame(scores), group[test], 0.03).loc["B"])
    for label, name in (
        ("need", "model of need"),
        ("cost", "model of cost"),
        ("all", "all patients"),
    ):
        axes.plot(levels, [share[label] for share in shares])
        side = {"need": "center", "cost": "bottom", "all": "top"}[label]
        axes.text(0.59, shares[-1][label], name, va=side)
    axes.set(xlabel="care that group B gets for the same need", ylabel="share of group B")
    axes.set(xlim=(1.02, 0.42), ylim=(0.2, 0.52))
    axes.set_xticks(levels, [f"{access:.0%}" for access in levels])
    axes.set_yticks([0.2, 0.3, 0.4, 0.5], ["20%", "30%", "40%", "50%"])
    return ". ".join(
        f"Access {access:.0%}: B gets {share['cost']:.0%} of places by cost, {share['need']:.0%} by need"
        for access, share in zip(levels, shares, strict=True)
        if access in (1.0, 0.8, 0.6)
    ) + "."  # fmt: skip


# --8<-- [end:figure]
