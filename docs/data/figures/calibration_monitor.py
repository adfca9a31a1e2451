"""Figure: AUC holds still or rises while observed/expected climbs, by the size of the drift."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.reliability_table import reliability_table

TITLE = "AUC and observed/expected of thirteen months, by the size of the drift from month seven"


# --8<-- [start:figure]
KNOB = Knob(
    "Monthly growth of the amount's effect",
    {"0": 0, "0.1": 0.1, "0.2": 0.2, "0.35": 0.35, "0.5": 0.5},
    effect="0.35",
    null="0",
    says="With the effect growing by {stop} a month, month 13 has observed/expected {value:.2f}, "
    "AUC {auc:.2f} and a profit of {profit:+.0f}k.",
)


@cache
def loans(seed: int, drift: float, rows: int = 1_500, effect: float = 0.9) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    month = np.repeat(np.arange(1, 14), rows)
    amount, income = rng.normal(size=(2, month.size))
    logit = effect * amount - income - 2.2
    score, grown = expit(logit), drift * np.clip(month - 6, 0, None)
    default = rng.random(month.size) < expit(logit + grown * amount)
    gain = np.where(default, -0.6, 0.1) * np.exp(9 + 0.5 * amount)
    profit = np.where(score < 1 / 7, gain, 0)
    return pd.DataFrame({"month": month, "score": score, "default": default, "profit": profit})


def measure(seed: int, drift: float, **given: float) -> float:
    one = loans(seed, drift, **given)
    return reliability_table(one["score"], one["default"], by=one["month"])["ratio"][13]


def frame(axes: Axes) -> None:
    axes.axhline(1, color=INK, linewidth=1, linestyle=":")
    axes.axvline(6.5, color=INK, linewidth=1, linestyle=":")
    axes.text(6.3, 2.3, "drift from here", ha="right", va="top")
    axes.text(1, 0.5, "AUC", color=SERIES[1])
    axes.text(1, 1.35, "observed/expected", color=SERIES[0])
    axes.set(xlabel="month", xlim=(0.6, 13.4), ylim=(0.4, 2.4))
    axes.set_xticks([1, 4, 7, 10, 13])
    axes.set_yticks([0.5, 1, 1.5, 2])


def draw(axes: Axes, drift: float) -> dict[str, float]:
    one = loans(0, drift)
    table = reliability_table(one["score"], one["default"], by=one["month"])
    auc = [roc_auc_score(part["default"], part["score"]) for _, part in one.groupby("month")]
    axes.plot(table.index, table.ratio, "o-", color=SERIES[0])
    axes.plot(table.index, auc, "--", marker="", color=SERIES[1])
    return {"auc": auc[-1], "profit": one["profit"][one["month"] == 13].sum() / 1_000}


# --8<-- [end:figure]
