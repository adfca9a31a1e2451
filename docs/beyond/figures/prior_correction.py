"""Figure: mean score of a plain, an undersampled and a corrected model, by the share of frauds."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.naive_bayes import GaussianNB

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.beyond.prior_correction import correct_prior, payments

TITLE = "Mean score of a plain, an undersampled and a corrected model, by the share of frauds"
SIZE = (4.6, 2.2)


# --8<-- [start:figure]
LEVELS = {40: -4.6, 12: -3.2, 5: -1.8, 3: -0.9, 2: 0.0}  # one payment in so many is a fraud
KNOB = Knob(
    "Share of frauds among the payments",
    {f"1 in {n}": level for n, level in LEVELS.items()},
    effect="1 in 40",
    null="1 in 2",
    says="With {share:.1%} fraud, the mean score is {plain:.1%} plain and {undersampled:.1%} "
    "undersampled, {value:.1f} times as much. Corrected: {corrected:.1%}.",
)


@cache
def scored(
    seed: int, level: float, how: str, model: str = "logistic"
) -> tuple[np.ndarray, np.ndarray, float]:
    features, fraud = payments(60_000, seed, level)
    (train, test), (labels, later) = np.split(features, 2), np.split(fraud, 2)
    events, others = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    equal = min(len(events), len(others))
    rows = np.r_[events[:equal], others[:equal]] if how == "undersampled" else slice(None)
    weight = "balanced" if how == "balanced" else None
    fitted = {
        "logistic": LogisticRegression(class_weight=weight),
        "leaves": RandomForestClassifier(
            8, min_samples_leaf=20, class_weight=weight, random_state=0
        ),
        "bayes": GaussianNB(),
    }[model].fit(train[rows], labels[rows])
    return fitted.predict_proba(test)[:, 1], later, labels.mean()


def measure(
    seed: int, level: float, how: str = "undersampled", metric: str = "mean", **more: str
) -> float:
    of = {"mean": lambda _, s: s.mean(), "brier": brier_score_loss, "AUC": roc_auc_score}[metric]
    (plain, later, _), (score, _, _) = (scored(seed, level, h, **more) for h in ("plain", how))
    return of(later, score) / of(later, plain)


def frame(axes: Axes) -> None:
    axes.set(xlim=(0, 0.6), ylim=(2.5, -0.6), xlabel="mean score; dotted: share of frauds")
    axes.set_xticks([0, 0.2, 0.4, 0.6], ["0%", "20%", "40%", "60%"])
    axes.set_yticks(range(3), ["plain", "undersampled", "corrected"])


def draw(axes: Axes, level: float) -> dict[str, float]:
    plain, later, rate = scored(0, level, "plain")
    score = scored(0, level, "undersampled")[0]
    scores = {"plain": plain, "undersampled": score, "corrected": correct_prior(score, 0.5, rate)}
    means = {name: values.mean() for name, values in scores.items()}
    axes.plot([later.mean()] * 2, [-0.5, 2.5], ":", color=INK, marker="", linewidth=1)
    for row, mean in enumerate(means.values()):
        axes.plot(mean, row, "o", color=SERIES[row % 2], markersize=9)
    return means | {"share": rate}


# --8<-- [end:figure]
