"""Figure: which monitor moves under which shift."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from proof.figures import INK, SERIES, SOFT
from snippets.data.three_shifts import shift_signature

TITLE = "Six monitors under five shifts: filled where the monitor has moved"
SIZE = (5.6, 4.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def population(seed, prior=0.2, move=(0, 0), level=0, turn=0, rows=10_000):
        rng = np.random.default_rng(seed)
        side = np.where(rng.random(rows) < prior, 1, -1)
        features = rng.normal(size=(rows, 2)) + np.outer(side, [0.75, -0.5]) + move
        angle = np.arctan2(-1, 1.5) + np.deg2rad(turn)
        effects = np.hypot(1.5, 1) * np.array([np.cos(angle), np.sin(angle)])
        log_odds = features @ effects + np.log(prior / (1 - prior)) + level
        return features, (log_odds > rng.logistic(size=rows)).astype(int)

    model = LogisticRegression(solver="newton-cholesky").fit(*population(seed=0))
    reference, _ = population(seed=1)
    shifts = {
        "no shift": {"seed": 2},
        "covariate loud": {"seed": 3, "move": (0.5, 0.75)},
        "covariate hard": {"seed": 4, "move": (0.6, -0.4)},
        "label": {"seed": 8, "prior": 0.5},
        "concept level": {"seed": 6, "level": 1},
        "concept turn": {"seed": 7, "turn": 60},
    }
    formats = {"inputs": ".2f", "score": "+z.2f", "estimate": ".0%"}
    formats |= {"accuracy": ".0%", "auc": ".2f", "gap": ".2f"}
    columns, told, stable = ["inputs", "score", "estimate", "accuracy", "AUC", "gap"], [], {}
    for height, (name, change) in enumerate(shifts.items()):
        row = shift_signature(model, reference, *population(**change))
        stable = stable or row
        texts = [format(row[key], form) for key, form in formats.items()]
        for place, (key, text) in enumerate(zip(formats, texts, strict=True)):
            moved = abs(row[key] - stable[key]) > 0.03
            colour = SERIES[0 if place < 3 else 1]
            face = colour if moved else "none"
            edge = colour if moved else SOFT
            axes.plot(place, height, "os"[place > 2], markersize=13, mfc=face, mec=edge)
            axes.text(place, height + 0.44, text.replace("0.", "."), ha="center", va="center")
        told.append(f"{name}: " + ", ".join(map(" ".join, zip(columns, texts, strict=True))))
    axes.axvline(2.5, color=INK, linewidth=1, linestyle=":")
    axes.text(1, -0.75, "without labels", ha="center", weight="bold")
    axes.text(4, -0.75, "with labels", ha="center", weight="bold")
    axes.set(xlim=(-0.5, 5.5), ylim=(5.75, -1.05))
    axes.set_xticks(range(6), columns)
    axes.set_yticks(range(6), [name.replace(" ", "\n") for name in shifts])
    axes.tick_params(length=0)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    return ". ".join(told) + ". Filled: moved by more than 0.03 from the row without a shift."


# --8<-- [end:figure]
