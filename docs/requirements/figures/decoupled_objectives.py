"""Figure: what the list earns and how often it is clicked, by the weight on clicks."""

import numpy as np
from matplotlib.axes import Axes

from snippets.requirements.decoupled_objectives import rank_by_blend

TITLE = "Click-through, price and revenue of a list of items, by the weight on clicks"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng = np.random.default_rng(0)
    click = rng.beta(2, 8, 1_000)
    price = rng.lognormal(3, 0.6, 1_000) * (1.3 - click)
    weights = (0, 0.25, 0.5, 0.75, 1)
    lists = [rank_by_blend(click, price, weight, size=100) for weight in weights]
    columns = {
        "click-through": np.array([click[shown].mean() for shown in lists]),
        "mean price": np.array([price[shown].mean() for shown in lists]),
        "revenue": np.array([np.mean(click[shown] * price[shown]) for shown in lists]),
    }
    for name, values in columns.items():
        axes.plot(weights, 100 * values / values.max(), label=name)
    axes.set(xlabel="weight on clicks", ylabel="% of the best", ylim=(0, 108))
    axes.set_xticks([0, 0.5, 1], ["0\nsales", "0.5\nmanagement", "1\nproduct"])
    axes.legend(loc="lower center")
    return "; ".join(
        f"weight {weight} on clicks: revenue {revenue:.1f} a showing"
        for weight, revenue in zip(weights, columns["revenue"])
    )


# --8<-- [end:figure]
