"""Figure: what exploration earns if the rejected repay, and costs if they do not."""

import numpy as np
from matplotlib.axes import Axes

from snippets.data.selective_labels import approve

TITLE = "Profit from a group that is rejected at first, by share of rejections explored"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    shares, parts = (0, 0.01, 0.02, 0.05), []
    for rate in (0.7, 0.4):
        profits = []
        for exploration in shares:
            profit = []
            for run in range(20):
                rng, loans, repaid = np.random.default_rng(run), 5, 1
                for month in range(30):
                    scores = np.full(100, repaid / loans)
                    approved, _ = approve(scores, 55 / 100, exploration, seed=30 * run + month)
                    loans += approved.sum()
                    repaid += rng.binomial(approved.sum(), rate)
                profit.append(45 * (repaid - 1) - 55 * (loans - 5 - repaid + 1))
            profits.append(np.mean(profit))
            verb = "earns" if profits[-1] >= 0 else "costs"
            parts.append(f"{exploration:.0%} {verb} {abs(profits[-1]):,.0f} euros")
        axes.plot(shares, profits, label=f"group repays {rate:.0%}")
    axes.set(xlabel="share of rejections explored", ylabel="profit, euros")
    axes.set_xticks(shares, [f"{share:.0%}" for share in shares])
    axes.set_yticks([0, 20_000, 40_000], ["0", "20,000", "40,000"])
    axes.legend(loc="center right")
    return (
        f"Exploration of a group that repays 70%: {', '.join(parts[:4])}. "
        f"Of one that repays 40%: {', '.join(parts[4:])}."
    )


# --8<-- [end:figure]
