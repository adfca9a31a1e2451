"""Figure: what a column that tells the month is worth, promised and delivered."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.preprocessing import scale

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.forward_split import forward_splits
from snippets.story.loans import loan_applications

TITLE = "What a column with the month gains, in shuffled folds and in the months after"


# --8<-- [start:figure]
KNOB = Knob(
    "The levels of risk of the months spread by",
    {"0": 0.0, "0.25": 0.25, "0.5": 0.5, "0.75": 0.75, "1": 1.0},
    effect="0.75",
    null="0",
    says="Spread {stop}: the column gains {promised:.3f} of log loss in shuffled folds and {kept:.3f} "
    "in the months after; the promise is {value:.3f} too much.",
)


LOGISTIC = LogisticRegression(solver="newton-cholesky")
BOOSTED = HistGradientBoostingClassifier(
    max_iter=8, max_depth=3, learning_rate=0.4, max_bins=31, random_state=0
)


def log_loss(outcome: np.ndarray, risk: np.ndarray) -> float:
    right = np.where(outcome == 1, risk, 1 - risk)
    return -float(np.log(np.maximum(right, 1e-16)).mean())


@cache
def gained(
    seed: int, swing: float, rows: int = 400, trees: bool = False, number: bool = False
) -> tuple[float, list[float]]:
    """Return what the column takes off the log loss, in shuffled folds and in each month after."""
    loans = loan_applications(rows, seed, drift=0.0, swing=swing)
    numeric = np.log1p(loans[["amount", "income", "history", "late"]].to_numpy(float))
    plain = np.column_stack([scale(numeric), pd.get_dummies(loans["region"], dtype=float)])
    month = loans["month"] / 12 if number else pd.get_dummies(loans["month"], dtype=float)
    default = loans["default"].to_numpy()

    def loss(inputs: np.ndarray, train: np.ndarray, test: np.ndarray) -> float:
        model = clone(BOOSTED if trees else LOGISTIC).fit(inputs[train], default[train])
        return log_loss(default[test], model.predict_proba(inputs[test])[:, 1])

    told = np.column_stack([plain, month])
    shuffled = KFold(3, shuffle=True, random_state=0).split(plain)
    after = forward_splits(loans["month"], n_splits=12)[-5:]
    promised, kept = (
        [loss(plain, *split) - loss(told, *split) for split in splits]
        for splits in (shuffled, after)
    )
    return float(np.mean(promised)), kept


def measure(seed: int, swing: float, **setting: float) -> float:
    promised, kept = gained(seed, swing, **setting)
    return promised - float(np.mean(kept))


def frame(axes: Axes) -> None:
    axes.axhline(0, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(7.5, 12.5), ylim=(-0.12, 0.1), xlabel="month", ylabel="log loss, gained")


def draw(axes: Axes, swing: float) -> dict[str, float]:
    promised, kept = gained(0, swing)
    axes.plot([7.5, 12.5], [promised] * 2, color=SERIES[1], marker="", linestyle="-")
    axes.plot(range(8, 13), kept, color=SERIES[0], marker="o", linestyle="")
    return {"promised": promised, "kept": round(float(np.mean(kept)), 3) + 0.0}


# --8<-- [end:figure]
