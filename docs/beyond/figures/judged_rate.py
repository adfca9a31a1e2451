"""Figure: what a judge, people, and both together report of one pass rate, by the judge's errors."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from scipy.stats import beta

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.beyond.judged_rate import judged_rate

TITLE = "The pass rate of one chatbot as the judge, 300 people's labels, and both report it"


# --8<-- [start:figure]
KNOB = Knob(
    "Bad answers that the judge passes",
    {"0%": 0.0, "10%": 0.1, "20%": 0.2, "30%": 0.3},
    effect="30%",
    null="0%",
    says="The judge passes {stop} of the bad answers: 10,000 verdicts are off by {value:+.1%}. "
    "People alone are within ±{alone:.1%}, people and judge within ±{both:.1%}.",
)


def verdicts(rng: np.random.Generator, good: np.ndarray, lenient: float) -> np.ndarray:
    return rng.random(good.size) < np.where(good, 1 - lenient / 3, lenient)


@cache
def reports(seed: int, lenient: float, repeats: int = 8) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows: dict[str, list[list[float]]] = {"judge": [], "people": [], "both": []}
    for _ in range(repeats):
        good = rng.random(10_000) < 0.5
        judge = verdicts(rng, good, lenient)
        rows["judge"].append([judge.mean()] * 3)
        found, missed = good[:300].sum(), 300 - good[:300].sum()
        rows["people"].append([found / 300, *beta(found + 0.5, missed + 0.5).interval(0.95)])
        rows["both"].append(list(judged_rate(good[:300], judge[:300], judge[300:]).values()))
    return {name: np.array(row) for name, row in rows.items()}


def measure(seed: int, lenient: float, share: float = 0.5, answers: int = 10_000) -> float:
    rng = np.random.default_rng(seed)
    good = rng.random(answers) < share
    return float(verdicts(rng, good, lenient).mean() - good.mean())


def frame(axes: Axes) -> None:
    axes.axvline(0.5, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(0.4, 0.7), ylim=(-0.6, 2.6), xlabel="reported pass rate; dotted, the true one")
    axes.set_yticks([0, 1, 2], ["people\nand judge", "300 labels\nof people", "judge\nalone"])
    axes.set_xticks([0.4, 0.5, 0.6, 0.7], ["40%", "50%", "60%", "70%"])


def draw(axes: Axes, lenient: float) -> dict[str, float]:
    found = reports(0, lenient)
    for row, (name, colour) in enumerate(zip(("both", "people", "judge"), SERIES, strict=False)):
        axes.plot(found[name][:, 0], row + np.linspace(-0.25, 0.25, 8), "o", color=colour)
    half = {name: np.mean(found[name][:, 2] - found[name][:, 1]) / 2 for name in found}
    return {"alone": half["people"], "both": half["both"]}


# --8<-- [end:figure]
