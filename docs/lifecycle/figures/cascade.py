"""Figure: accuracy of a cascade by the share of rows that it passes on."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

from proof.figures import INK
from snippets.lifecycle.cascade import cascade_predict

TITLE = "Accuracy of a cascade by the share of rows passed on to the large forest"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    digits, names = load_digits(return_X_y=True)
    train, rows, known, truth = train_test_split(
        digits, names, test_size=0.4, stratify=names, random_state=0
    )
    cheap = RandomForestClassifier(n_estimators=10, random_state=0).fit(train, known)
    expensive = RandomForestClassifier(n_estimators=100, random_state=1).fit(train, known)
    points, told = [], []
    for confidence in (0, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95):
        labels, passed_on = cascade_predict(cheap, expensive, rows, confidence)
        share, accuracy = passed_on.mean(), np.mean(labels == truth)
        chance = (1 - share) * cheap.score(rows, truth) + share * expensive.score(rows, truth)
        points.append((share, accuracy, chance))
        if confidence in (0, 0.55, 0.75, 0.95):
            told.append(
                f"confidence {confidence}: {share:.0%} passed on, {10 + 100 * share:.0f} trees a row, "
                f"accuracy {accuracy:.1%}, at random {chance:.1%}"
            )
    shares, unsure, random = np.transpose(points)
    axes.plot(shares, unsure, label="the unsure ones")
    axes.plot(shares, random, label="as many at random")
    alone = expensive.score(rows, truth)
    axes.axhline(alone, color=INK, linewidth=1, linestyle=":")
    axes.text(0.82, alone + 0.0008, "large forest alone", ha="right")
    axes.set(xlabel="rows passed on to the large forest", ylabel="accuracy", ylim=(0.943, 0.972))
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8], ["0%", "20%", "40%", "60%", "80%"])
    axes.set_yticks([0.945, 0.955, 0.965], ["94.5%", "95.5%", "96.5%"])
    axes.legend(title="passed on:", loc="lower right", bbox_to_anchor=(1, 0.1))
    return ". ".join(told) + "."


# --8<-- [end:figure]
