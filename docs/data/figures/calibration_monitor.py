"""Figure: AUC and mean score hold still while observed/expected climbs."""

import numpy as np
from matplotlib.axes import Axes
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from proof.figures import INK
from snippets.data.reliability_table import reliability_table

TITLE = "AUC, mean score and observed/expected of thirteen months, with drift from month seven"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng = np.random.default_rng(0)
    month = np.repeat(np.arange(1, 14), 1_500)
    amount, income = rng.normal(size=(2, month.size))
    logit = 0.9 * amount - income - 2.2
    score, drift = expit(logit), 0.35 * np.clip(month - 6, 0, None)
    default = rng.random(month.size) < expit(logit + drift * amount)

    table = reliability_table(score, default, by=month)
    auc = [roc_auc_score(default[month == name], score[month == name]) for name in table.index]
    (line,) = axes.plot(table.index, table.ratio, label="observed/expected")
    axes.fill_between(table.index, table.low, table.high, color=line.get_color(), alpha=0.2)
    axes.plot(table.index, auc, label="AUC")
    axes.plot(table.index, table.mean_score, label="mean score")
    axes.axvline(6.5, color=INK, linewidth=1, linestyle=":")
    axes.text(6.6, 2.3, "drift", va="top")
    axes.set(xlabel="month", ylim=(0, 2.35))
    axes.set_xticks([1, 4, 7, 10, 13])
    axes.set_yticks([0, 0.5, 1, 1.5, 2])
    axes.legend(loc="upper left")
    return " ".join(
        f"In month {row.Index}, AUC is {auc[row.Index - 1]:.2f}, "
        f"mean score {row.mean_score:.1%}, observed/expected {row.ratio:.2f}."
        for row in table.loc[[1, 5, 9, 13]].itertuples()
    ) + " AUC and mean score stay near their level; observed/expected climbs from month seven."  # fmt: skip


# --8<-- [end:figure]
