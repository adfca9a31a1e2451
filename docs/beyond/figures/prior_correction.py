"""Figure: reliability of a plain, an undersampled and a corrected model of rare events."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from proof.figures import INK
from snippets.beyond.prior_correction import correct_prior, payments

TITLE = "Mean score against the share of frauds, in ten equal bins of the score"
SIZE = (5.2, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    features, fraud = payments(60_000)
    train, test = slice(30_000), slice(30_000, None)
    events, others = np.flatnonzero(fraud[train]), np.flatnonzero(fraud[train] == 0)
    part = np.r_[events, others[: len(events)]]
    plain = LogisticRegression().fit(features[train], fraud[train])
    undersampled = LogisticRegression().fit(features[part], fraud[part])
    score = undersampled.predict_proba(features[test])[:, 1]
    scores = {
        "plain": plain.predict_proba(features[test])[:, 1],
        "undersampled": score,
        "corrected": correct_prior(score, 0.5, fraud[train].mean()),
    }
    for name, score in scores.items():
        bins = np.array_split(np.argsort(score), 10)[2:]
        mean, share = ([values[rows].mean() for rows in bins] for values in (score, fraud[test]))
        axes.plot(mean, share, label=name, linestyle="", markersize=9, fillstyle="none")
    axes.axline((0.01, 0.01), (0.1, 0.1), color=INK, linewidth=1)
    axes.text(0.25, 0.35, "honest", rotation=38, ha="center", va="center")
    axes.set(xscale="log", yscale="log", xlabel="mean score", ylabel="share of frauds")
    axes.set_xticks([0.01, 0.1, 1], ["1%", "10%", "100%"])
    axes.set_yticks([0.001, 0.01, 0.1, 1], ["0.1%", "1%", "10%", "100%"])
    axes.minorticks_off()
    axes.legend(loc="upper left")
    rate = fraud[train].mean()
    return f"With {rate:.1%} fraud, " + "; ".join(
        f"{name.replace('corrected', 'undersampled, corrected')}: mean score {score.mean():.1%}"
        for name, score in scores.items()
    ) + "."  # fmt: skip


# --8<-- [end:figure]
