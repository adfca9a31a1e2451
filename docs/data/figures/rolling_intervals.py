"""Figure: the share of truths inside intervals of 90%, while the errors of a forecast grow."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.rolling_intervals import rolling_intervals

TITLE = "Share of truths inside a 90% interval, while the errors grow"


# --8<-- [start:figure]
KNOB = Knob(
    "Size of the errors at the end, in those of the start",
    {"no growth": 1.0, "1.5-fold": 1.5, "2-fold": 2.0, "2.5-fold": 2.5, "3-fold": 3.0},
    effect="3-fold",
    null="no growth",
    says="Errors, {stop}: of the last 500 truths, {value:.0%} lie in the interval calibrated once, "
    "and {latest:.0%} in the one of the latest 250 errors.",
)


@cache
def inside(
    seed: int, growth: float, calibrated: str, noise: str = "normal", runs: int = 20,
    window: int = 250,
) -> np.ndarray:  # fmt: skip
    """Return which truths of days 500 to 2,000 lie in the interval, a row for each series."""
    size, held = np.interp(np.arange(2_000), [500, 2_000], [1, growth]), []
    for run in range(runs):
        rng = np.random.default_rng(runs * seed + run)
        truth, forecast = size * getattr(rng, noise)(size=2_000), np.zeros(2_000)
        if calibrated == "once":
            interval = rolling_intervals(truth[:500], forecast[:501], window=500).iloc[-1:]
        else:
            interval = rolling_intervals(truth, forecast, window=window).iloc[500:]
        late = truth[500:]
        held.append((interval["lower"].to_numpy() <= late) & (late <= interval["upper"].to_numpy()))
    return np.array(held)


def measure(seed: int, growth: float, calibrated: str = "once", **setting: object) -> float:
    return float(inside(seed, growth, calibrated, **setting)[:, 1_000:].mean())


def frame(axes: Axes) -> None:
    axes.axhline(0.9, color=INK, linewidth=1, linestyle=":")
    axes.text(2_000, 0.915, "promised", ha="right")
    axes.text(520, 0.36, "calibrated once", color=SERIES[1])
    axes.text(520, 0.43, "on the latest 250 errors", color=SERIES[0])
    axes.set(xlim=(500, 2_000), ylim=(0.3, 1), xlabel="day", ylabel="truths inside")
    axes.set_yticks([0.4, 0.6, 0.8, 1], ["40%", "60%", "80%", "100%"])
    axes.set_xticks([500, 1_000, 1_500, 2_000], ["500", "1,000", "1,500", "2,000"])


def draw(axes: Axes, growth: float) -> dict[str, float]:
    middle = 550 + 100 * np.arange(15)
    for calibrated, colour, dash in (("once", SERIES[1], "--"), ("latest", SERIES[0], "-")):
        shares = inside(0, growth, calibrated).reshape(-1, 15, 100).mean(axis=(0, 2))
        axes.plot(middle, shares, dash, color=colour, marker="o", markersize=3)
    return {"latest": measure(0, growth, "latest")}


# --8<-- [end:figure]
