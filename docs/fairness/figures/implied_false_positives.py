"""Figure: the false positive rate that a base rate implies at equal precision and recall."""

import numpy as np
from matplotlib.axes import Axes

from snippets.fairness.implied_false_positives import implied_false_positive_rate

TITLE = "False positive rate at one recall, by base rate and precision"
SIZE = (5.6, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    bases, told = np.array([0.1, 0.2, 0.3, 0.4, 0.5]), []
    for precision in (0.7, 0.8, 0.9, 1.0):
        rates = [implied_false_positive_rate(base, precision, 0.6) for base in bases]
        axes.plot(bases, rates)
        axes.text(0.51, rates[-1], f"precision {precision:.0%}", va="center")
        if precision in (0.7, 1.0):
            told.append(
                f"Precision {precision:.0%}, recall 60%: false "
                f"positive rate {rates[1]:.1%} at a base rate of 20%, {rates[-1]:.1%} at 50%"
            )
    axes.set(xlabel="base rate of the group", ylabel="false positive rate", xlim=(0.08, 0.66))
    axes.set_xticks(bases, [f"{base:.0%}" for base in bases])
    axes.set_yticks([0, 0.1, 0.2, 0.3], ["0%", "10%", "20%", "30%"])
    return ". ".join(told) + "."


# --8<-- [end:figure]
