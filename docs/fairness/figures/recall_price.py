"""Figure: the value of the decisions while the recall gap closes, from either side."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from snippets.fairness.recall_thresholds import recall_thresholds, threshold_price

TITLE = "Value per 1,000 rows against the recall gap, lifting one group or lowering the other"
SIZE = (5.6, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def applicants(seed, rows=20_000):
        rng = np.random.default_rng(seed)
        in_b = rng.random(rows) < 0.3
        truth = (rng.random(rows) < np.where(in_b, 0.35, 0.5)).astype(int)
        centre = np.column_stack([1.5 * truth - 0.5 * in_b, truth])
        return rng.normal(centre), truth, np.where(in_b, "B", "A")

    features, truth, _ = applicants(seed=0, rows=5_000)
    model = LogisticRegression().fit(features, truth)
    sets = []
    for seed in (1, 2):
        features, truth, group = applicants(seed)
        sets.append((truth, model.predict_proba(features)[:, 1], group))
    (truth, score, group), test = sets
    recall = {name: np.mean(score[(truth == 1) & (group == name)] >= 0.5) for name in "AB"}
    ways = {"B lifted to A": ("B", "A"), "A lowered to B": ("A", "B")}
    told, ends = [], []
    for way, (moved, goal) in ways.items():
        prices = [threshold_price(*test, {"A": 0.5, "B": 0.5})]
        for step in (0.25, 0.5, 0.75, 1):
            target = recall[moved] + step * (recall[goal] - recall[moved])
            own = recall_thresholds(truth, score, group, target)
            prices.append(threshold_price(*test, {"A": 0.5, "B": 0.5} | {moved: own[moved]}))
        axes.plot([p["recall gap"] for p in prices], [p["value"] for p in prices], label=way)
        ends.append((way, prices[-1]))
        told = [("one threshold", prices[0]), *ends]
    axes.set(xlabel="recall gap", ylabel="value per 1,000 rows", xlim=(0.148, -0.004))
    axes.set_xticks([0.12, 0.08, 0.04, 0], ["12%", "8%", "4%", "0%"])
    axes.set_yticks([260, 265, 270, 275])
    axes.legend()
    return "; ".join(
        f"B repays 35%, {policy}: recall gap {price['recall gap']:.1%}, value {price['value']:.0f}"
        for policy, price in told
    ) + "."  # fmt: skip


# --8<-- [end:figure]
