"""Figure: the scores of a weighted sum, by the reads of a hopeless candidate."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from proof.figures import SERIES, SOFT
from proof.knobs import Knob
from snippets.requirements.weighted_sum import weighted_sum

TITLE = "Weighted sums of three models, by the reads of a hopeless fourth"


# --8<-- [start:figure]
KNOB = Knob(
    "What the hopeless model reads (large: 440)",
    {"440": 1, "600": 600 / 440, "900": 900 / 440, "2,000": 2_000 / 440, "5,000": 5_000 / 440},
    effect="5,000",
    null="440",
    says="If hopeless reads {stop} values and large 440, {winner} wins. Among tables drawn at "
    "random, a candidate like hopeless changes the winner in {value:.0%}.",
)


def measure(
    seed: int, worst: float, models: int = 4, columns: int = 2, scaled: bool = True,
    best: bool = False, tables: int = 20,
) -> float:  # fmt: skip
    """Share of random tables in which a model that is worst in every column changes the winner."""
    rng, names = np.random.default_rng(seed), [f"c{place}" for place in range(columns)]
    weights, units = dict.fromkeys(names, 1 / columns), dict.fromkeys(names, 1.0)
    changes = []
    for _ in range(tables):
        costs = rng.lognormal(size=(models, columns))
        if best:  # one of them is better than all others everywhere
            costs[0] = costs.min(axis=0) / 2
        hopeless = costs.max(axis=0) * np.r_[np.ones(columns - 1), worst]
        both = [pd.DataFrame(t, columns=names) for t in (costs, np.vstack([costs, hopeless]))]
        found = [weighted_sum(t, weights, None if scaled else units).argmin() for t in both]
        changes.append(found[0] != found[1])
    return np.mean(changes)


def frame(axes: Axes) -> None:
    axes.set(xlim=(0, 0.66), ylim=(-0.6, 2.6), xlabel="weighted sum, less is better")
    axes.set_yticks(range(3), ["linear", "large", "small"])
    axes.grid(axis="y", visible=False)


def draw(axes: Axes, worst: float) -> dict[str, str]:
    names = ["small", "large", "linear", "hopeless"]
    reads = [60, 440, 12, 440 * worst]
    costs = pd.DataFrame({"loss": [5.0, 4.4, 5.4, 5.6], "reads": reads}, index=names)
    scores = weighted_sum(costs, {"loss": 0.5, "reads": 0.5})
    winner = scores.idxmin()
    for row, name in enumerate(("linear", "large", "small")):
        axes.barh(row, scores[name], 0.6, color=SERIES[0] if name == winner else SOFT)
        said = f"{scores[name]:.2f}" + (" wins" if name == winner else "")
        axes.text(scores[name] + 0.01, row, said, va="center")
    return {"winner": winner}


# --8<-- [end:figure]
