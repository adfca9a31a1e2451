"""Figure: accuracy of forests that differ only in their seed, on three tests."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier

from proof.figures import INK, SERIES
from snippets.beyond.seed_spread import seed_spread

TITLE = "Accuracy of twelve forests that differ only in their seed, on three tests"
SIZE = (5.8, 2.6)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    pixels, digit = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(digit))
    train, held_out = order[:800], order[800:]
    pictures = pixels[held_out]
    moved = np.roll(pictures.reshape(-1, 8, 8), shift=1, axis=2).reshape(-1, 64)
    tests = {"held out": pictures, "dimmed": pictures * 0.6, "one pixel aside": moved}
    tests = {name: (rows, digit[held_out]) for name, rows in tests.items()}
    report = seed_spread(RandomForestClassifier(20), pixels[train], digit[train], tests)
    styles = zip(range(3), SERIES, "osD", strict=False)
    for (height, colour, marker), (_, row) in zip(styles, report.iterrows(), strict=True):
        place = np.array([row["lowest"], row["highest"]]) - row["accuracy"]
        axes.plot(place * 100, [height] * 2, marker, color=colour, linestyle="-", markersize=7)
        chance = 2 * row["chance"] * 100
        axes.fill_between([-chance, chance], height - 0.25, height + 0.25, color=INK, alpha=0.15)
        text = f"{row['lowest']:.0%} to {row['highest']:.0%}"
        axes.text(place[1] * 100 + 0.3, height, text, va="center")
    axes.set_yticks(range(3), [name.replace("one pixel", "one pixel\n") for name in report.index])
    axes.set(xlabel="accuracy, points around the mean of the seeds", ylim=(2.6, -0.6), xlim=(-6, 8))
    axes.set_xticks([-4, -2, 0, 2, 4])
    axes.grid(axis="y", visible=False)
    return "; ".join(
        f"{name}: accuracy {row['lowest']:.0%} to {row['highest']:.0%}, spread "
        f"{row['spread'] * 100:.1f} points, by chance {row['chance'] * 100:.1f}"
        for name, row in report.iterrows()
    )  # fmt: skip


# --8<-- [end:figure]
