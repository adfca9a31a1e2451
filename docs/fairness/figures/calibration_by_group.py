"""Figure: mean score and observed rate by group and score bin, by an effect the score can't see."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.fairness.calibration_by_group import calibration_by_group

TITLE = "Observed against expected defaults in two groups, by an effect that the score cannot see"


# --8<-- [start:figure]
KNOB = Knob(
    "Effect of group B on the log-odds, which the score does not see",
    {"0": 0.0, "-0.25": -0.25, "-0.5": -0.5, "-0.75": -0.75, "-1": -1.0},
    effect="-1",
    null="0",
    says="Effect {stop}: the mean score minus the observed rate is {value:+.1%} in group B "
    "and {whole:+.1%} over all loans.",
)
MODELS = {
    "logistic": LogisticRegression(),
    "boosting": HistGradientBoostingClassifier(max_iter=20, max_depth=3),
}


@cache
def table(
    seed: int, effect: float, share: float = 0.3, model: str = "logistic", rows: int = 20_000,
    slope: float = 1.0, bins: int = 5,
) -> pd.DataFrame:  # fmt: skip
    rng = np.random.default_rng(seed)
    small, debt = rng.random(rows) < share, rng.normal(size=(rows, 1))
    log_odds = np.where(small, slope, 1) * debt[:, 0] - 0.5 + effect * small
    default, train = log_odds > rng.logistic(size=rows), slice(0, rows // 2)
    score = MODELS[model].fit(debt[train], default[train]).predict_proba(debt)[rows // 2 :, 1]
    names = np.where(small, "B", "A")[rows // 2 :]
    return calibration_by_group(score, default[rows // 2 :], names, bins)


def too_many(found: pd.DataFrame) -> float:
    gap = found["mean_score"] - found["observed_rate"]
    return float(np.average(gap, weights=found["rows"]))


def measure(seed: int, effect: float, **setting: object) -> float:
    return too_many(table(seed, effect, **setting).loc[[("B", 0)]])


def frame(axes: Axes) -> None:
    axes.axline((0, 0), slope=1, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(0, 0.8), ylim=(0, 0.8), xlabel="mean score", ylabel="observed rate")
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8], ["0%", "20%", "40%", "60%", "80%"])
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8], ["0%", "20%", "40%", "60%", "80%"])
    for row, (name, colour, marker) in enumerate(zip("AB", SERIES, "os")):
        axes.plot(0.04, 0.74 - row * 0.08, marker, color=colour)
        axes.text(0.06, 0.72 - row * 0.08, f"group {name}")


def draw(axes: Axes, effect: float) -> dict[str, float]:
    found = table(0, effect)
    for name, colour, marker in zip("AB", SERIES, "os"):
        cells = found.loc[name].drop(0)
        axes.vlines(cells["mean_score"], cells["low"], cells["high"], color=colour, linewidth=2)
        axes.plot(cells["mean_score"], cells["observed_rate"], marker, color=colour)
    return {"whole": round(too_many(found.xs(0, level="bin")), 3) + 0.0}  # no "-0.0%"


# --8<-- [end:figure]
