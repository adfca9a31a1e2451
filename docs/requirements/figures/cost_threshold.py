"""Figure: cost and accuracy of one threshold for all rows, against the rule for each row."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

from proof.figures import SERIES
from snippets.requirements.cost_threshold import break_even, total_cost

TITLE = "Cost of reviewing above one threshold, and above each row's own break-even"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    inputs, fraud = make_classification(
        12_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=0
    )
    lost, review = np.random.default_rng(0).lognormal(4, 1, 12_000)[6_000:], 5.0
    model = LogisticRegression().fit(inputs[:6_000], fraud[:6_000])
    risk, bad = model.predict_proba(inputs[6_000:])[:, 1], fraud[6_000:]

    def cost(threshold):
        return total_cost(bad, risk > threshold, review, lost, review)

    thresholds = np.geomspace(0.01, 0.9, 40)
    axes.plot(thresholds, [cost(t) / 1_000 for t in thresholds], marker="", label="one threshold")
    axes.plot(0.5, cost(0.5) / 1_000, "D", label="one half", markersize=9)
    own = cost(break_even(review, lost, review))
    axes.axhline(own / 1_000, color=SERIES[1], linestyle="--", label="each row's own")
    axes.set(xscale="log", ylim=(0, 34), xlabel="threshold", ylabel="cost, thousand euros")
    axes.set_xticks([0.01, 0.05, 0.2, 0.5], ["1%", "5%", "20%", "50%"])
    axes.minorticks_off()
    axes.legend(loc="lower right")
    return (
        f"Varied amounts, review above one half: {cost(0.5):,.0f} euros. "
        f"Varied amounts, review above its own break-even: {own:,.0f} euros."
    )


# --8<-- [end:figure]
