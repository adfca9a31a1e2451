"""Figure: twelve experiments without an effect, counted by visit and by user."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.beyond.compare_arms import compare_arms

TITLE = "Experiments without an effect, counted by visit and by user"


# --8<-- [start:figure]
KNOB = Knob(
    "Visits per user, mean",
    {f"{visits}": visits for visits in (1, 2, 3, 5, 10)},
    effect="10",
    null="1",
    says="{stop} visits per user, both arms alike: a test that counts visits finds an effect in "
    "{value:.0%} of the experiments, one that counts users in {user:.0%}.",
)
TASTES, OTHER_TASTES = (1.2, 2.8), (2.0, 1.5)


@cache
def experiments(
    seed: int, visits: int, unit: str, users: int, tastes: tuple[float, float], repeats: int
) -> np.ndarray:
    """Return the ends of the interval in each of several experiments with two equal arms."""
    rng, ends = np.random.default_rng(seed), []
    for _ in range(repeats):
        user = np.repeat(np.arange(users), rng.geometric(1 / visits, size=users))
        clicks = rng.random(user.size) < rng.beta(*tastes, size=users)[user]
        ids = user if unit == "user" else np.arange(user.size)
        arms = compare_arms(user % 2, clicks, ids)
        ends.append((arms["low"], arms["high"]))
    return np.array(ends)


def measure(
    seed: int, visits: int, unit: str = "visit", users: int = 400,
    tastes: tuple[float, float] = TASTES, repeats: int = 400,
) -> float:  # fmt: skip
    low, high = experiments(seed, visits, unit, users, tastes, repeats).T
    return np.mean((low > 0) | (high < 0))


def frame(axes: Axes) -> None:
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(-0.2, 0.2), ylim=(-1, 27), xlabel="treatment minus control, clicks per visit")
    axes.set_xticks([-0.2, -0.1, 0, 0.1, 0.2], ["-20 pt", "-10 pt", "0", "+10 pt", "+20 pt"])
    axes.set_yticks([5.5, 19.5], ["by\nuser", "by\nvisit"])


def draw(axes: Axes, visits: int) -> dict[str, float]:
    for base, unit in ((0, "user"), (14, "visit")):
        low, high = experiments(0, visits, unit, 400, TASTES, 400)[:12].T
        rows, false_alarm = np.arange(base, base + 12), (low > 0) | (high < 0)
        for part, colour, width in ((~false_alarm, SERIES[0], 1.5), (false_alarm, SERIES[1], 3.5)):
            if part.any():
                axes.hlines(rows[part], low[part], high[part], color=colour, linewidth=width)
    return {"user": measure(0, visits, "user")}


# --8<-- [end:figure]
