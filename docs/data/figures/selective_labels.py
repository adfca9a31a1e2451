"""Figure: what exploration earns if the rejected repay, and costs if they do not."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.selective_labels import approve

TITLE = "Profit from a group that is rejected at first, by share of rejections explored"
SIZE = (4.6, 2.0)


# --8<-- [start:figure]
KNOB = Knob(
    "Share of rejections explored",
    {"0%": 0, "1%": 0.01, "2%": 0.02, "5%": 0.05},
    effect="2%",
    null="0%",
    says="If a rejected group repays 40%, exploring {stop} costs {cost:,.0f} euros. If it repays "
    "70%, exploring {stop} earns {earned:,.0f} euros and approves {value:.0%} of it.",
)


@cache
def lend(
    seed: int, exploration: float, rate: float = 0.7, threshold: float = 0.55,
    applicants: int = 100, runs: int = 20,
) -> tuple[float, np.ndarray]:  # fmt: skip
    """Return the share approved, and the profit by month, means of twenty runs."""
    lost = round(100 * threshold)  # euros, of a hundred at stake
    share, profit = 0, np.zeros(31)
    for run in range(runs * seed, runs * (seed + 1)):
        rng, loans, repaid = np.random.default_rng(run), 5, 1
        for month in range(1, 31):
            scores = np.full(applicants, repaid / loans)
            approved, _ = approve(scores, threshold, exploration, seed=30 * run + month - 1)
            loans += approved.sum()
            repaid += rng.binomial(approved.sum(), rate)
            profit[month] += 100 * (repaid - 1) - lost * (loans - 5)
        share += (loans - 5) / (30 * applicants) / runs
    return share, profit / runs


def measure(seed: int, exploration: float, **given) -> float:
    return lend(seed, exploration, **given)[0]


def frame(axes: Axes) -> None:
    axes.axhline(0, color=INK, linewidth=1, linestyle=":")
    axes.text(1, 34_000, "group repays 70%", color=SERIES[0])
    axes.text(30, -6_500, "group repays 40%", color=SERIES[1], ha="right", va="center")
    axes.set(xlabel="month", ylabel="profit so far, euros", xlim=(0, 31), ylim=(-10_000, 45_000))
    axes.set_xticks([0, 10, 20, 30])
    axes.set_yticks([0, 20_000, 40_000], ["0", "20,000", "40,000"])


def draw(axes: Axes, exploration: float) -> dict[str, float]:
    good, bad = (lend(0, exploration, rate)[1] for rate in (0.7, 0.4))
    axes.plot(good, "-", marker="", linewidth=3, color=SERIES[0])
    axes.plot(bad, "--", marker="", linewidth=3, color=SERIES[1])
    return {"earned": good[-1], "cost": abs(bad[-1])}


# --8<-- [end:figure]
