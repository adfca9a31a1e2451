"""Figure: the scores of a weighted sum, before and after a hopeless candidate joins."""

import pandas as pd
from matplotlib.axes import Axes

from snippets.requirements.weighted_sum import weighted_sum

TITLE = "Weighted sums of three models, without and with a hopeless fourth"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    names = ["small", "large", "linear", "hopeless"]
    costs = pd.DataFrame({"loss": [5.0, 4.4, 5.4, 5.6], "reads": [60, 440, 12, 5_000]}, index=names)
    weights = {"loss": 0.5, "reads": 0.5}
    scores = [weighted_sum(table, weights) for table in (costs[:3], costs)]
    for name in names[:3]:
        axes.plot([0, 1], [score[name] for score in scores])
        axes.text(1.03, scores[1][name], name, va="center")
    axes.set(xlim=(-0.1, 1.25), ylim=(0, 0.6), ylabel="weighted sum, less is better")
    axes.set_xticks([0, 1], ["three models", "with hopeless"])
    return "; ".join(
        f"{label}: small {score['small']:.2f}, large {score['large']:.2f}"
        for label, score in zip(("three models", "with hopeless"), scores)
    )


# --8<-- [end:figure]
