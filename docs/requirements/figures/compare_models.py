"""Figure: the interval of a gain, from the same rows for both models and from separate ones."""

from collections.abc import Callable
from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.requirements.compare_models import paired_bootstrap

TITLE = "Intervals of a gain in F1 on 400 rows, by how alike the two models err"


# --8<-- [start:figure]
KNOB = Knob(
    "Correlation of the two models' errors",
    {"0": 0.0, "0.3": 0.3, "0.6": 0.6, "0.8": 0.8, "0.9": 0.9, "0.97": 0.97},
    effect="0.9",
    null="0",
    says="If the models' errors correlate by {stop}, the paired interval is {value:.0%} as wide as "
    "the one from separate draws, and leaves out zero in {found} of 6 samples.",
)


def f1(truth: np.ndarray, score: np.ndarray) -> float:
    hits, calls = truth @ (score > 1), np.sum(score > 1)
    return 2 * hits / (truth.sum() + calls)


def auc(truth: np.ndarray, score: np.ndarray) -> float:
    low, high = np.sort(score[truth == 0]), score[truth == 1]
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return below.mean() / 2 / low.size


def error(truth: np.ndarray, guess: np.ndarray) -> float:
    return np.sqrt(np.mean((truth - guess) ** 2))


def sample(rng: np.random.Generator, alike: float, metric: Callable, rows: int) -> list:
    """Return truth, old and new answers; the new model is better by construction."""
    common, *own = rng.normal(size=(3, rows))
    noise = [alike**0.5 * common + (1 - alike) ** 0.5 * each for each in own]
    if metric is error:
        return [np.zeros(rows), 1.05 * noise[0], noise[1]]
    truth = (rng.random(rows) < 0.3).astype(float)
    return [truth, 1.4 * truth + noise[0], 1.7 * truth + noise[1]]


@cache
def intervals(seed: int, alike: float, metric: Callable = f1, rows: int = 400) -> np.ndarray:
    """Return the ends of the paired interval and of that from separate draws, by sample."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(6):
        truth, old, new = sample(rng, alike, metric, rows)
        paired = paired_bootstrap(truth, old, new, metric, resamples=120)
        draws = rng.integers(0, rows, size=(120, 2, rows))
        apart = [metric(truth[j], new[j]) - metric(truth[i], old[i]) for i, j in draws]
        found.append([paired["low"], paired["high"], *np.quantile(apart, [0.025, 0.975])])
    return np.array(found)


def measure(seed: int, alike: float, metric: Callable = f1, rows: int = 400) -> float:
    """Width of the paired interval, as a share of the width from separate draws."""
    low, high, low_apart, high_apart = intervals(seed, alike, metric, rows).mean(axis=0)
    return (high - low) / (high_apart - low_apart)


def frame(axes: Axes) -> None:
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(-0.12, 0.44), ylim=(-0.7, 7.3), yticks=[], xlabel="gain in F1, six samples")
    axes.plot([], [], "-", color=SERIES[0], linewidth=3, label="same rows for both")
    axes.plot([], [], "--", color=SERIES[1], linewidth=1.5, label="separate draws")
    axes.legend(loc="upper right")


def draw(axes: Axes, alike: float) -> dict[str, int]:
    found = intervals(0, alike)
    for place, (low, high, low_apart, high_apart) in enumerate(found):
        axes.plot([low, high], [place + 0.15] * 2, "-", color=SERIES[0], linewidth=3)
        axes.plot([low_apart, high_apart], [place - 0.15] * 2, "--", color=SERIES[1], linewidth=1.5)
    return {"found": int(np.sum(found[:, 0] > 0))}


# --8<-- [end:figure]
