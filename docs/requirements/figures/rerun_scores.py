"""Figure: accuracies of one forest and one logistic regression, run again."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from proof.figures import SERIES
from snippets.requirements.rerun_scores import rerun_scores

TITLE = "Test accuracy of two models, refitted with another seed or on another split"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    inputs, labels = load_breast_cancer(return_X_y=True)
    models = {
        "forest": RandomForestClassifier(15),
        "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    }
    rows, parts = [], []
    for colour, marker, (name, model) in zip(SERIES, "os", models.items()):
        for vary in ("seed", "split"):
            points = 100 * rerun_scores(model, inputs, labels, vary, runs=10)
            axes.scatter(points, [-len(rows)] * 10, s=70, color=colour, marker=marker, alpha=0.5)
            rows.append(f"{name},\nanother {vary}")
            parts.append(f"{rows[-1]}: spread {np.ptp(points):.1f}".replace("\n", " "))
    axes.set(xlabel="accuracy on the test rows, %", ylim=(-3.6, 0.6))
    axes.set_yticks([0, -1, -2, -3], rows)
    return "Largest minus smallest of ten accuracies, in points. " + "; ".join(parts) + " points."


# --8<-- [end:figure]
