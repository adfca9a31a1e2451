"""Figure: click rates by position, before and after they are divided by examination."""

import numpy as np
from matplotlib.axes import Axes

from snippets.data.position_bias import examination_rates, examined_click_rates

TITLE = "Click rate and examined click rate of ten items, by position"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    appeal = np.array([0.30, 0.28, 0.26, 0.24, 0.22, 0.20, 0.18, 0.16, 0.14, 0.45])
    place, rng = np.arange(1, 11), np.random.default_rng(0)
    pages, shuffled = np.tile(np.arange(10), (50_000, 1)), np.arange(50_000) % 50 == 0
    pages[shuffled] = rng.permuted(pages[shuffled], axis=1)
    clicks = np.zeros(pages.shape, dtype=int)
    for day in np.split(np.arange(50_000), 25):
        past = slice(0, day[0])
        total = np.bincount(pages[past].ravel(), clicks[past].ravel(), minlength=10)
        ranking = np.argsort(-total, kind="stable")
        pages[day] = ranking[pages[day]]
        clicks[day] = rng.random((day.size, 10)) < appeal[pages[day]] / place

    positions = np.broadcast_to(place, pages.shape)
    measured = examination_rates(positions[shuffled].ravel(), clicks[shuffled].ravel())
    rates = examined_click_rates(pages.ravel(), positions.ravel(), clicks.ravel(), measured)
    plain = np.array([clicks[pages == item].mean() for item in ranking])
    axes.plot(place, appeal[ranking], label="appeal")
    axes.plot(place, rates[ranking], label="examined click rate")
    axes.plot(place, plain, label="click rate")
    axes.set(xlabel="position when ranked by clicks", ylabel="rate", ylim=(0, 0.5))
    axes.set_xticks([1, 2, 3, 4, 6, 8, 10])
    axes.set_yticks([0, 0.1, 0.2, 0.3, 0.4], ["0", "0.1", "0.2", "0.3", "0.4"])
    axes.legend()
    return "; ".join(
        f"position {position}: click rate {plain[position - 1]:.2f}, examined click rate "
        f"{rates[item]:.2f}, appeal {appeal[item]:.2f}"
        for position, item in zip(place[:4], ranking, strict=False)
    ) + ". Click rates fall with the position, whatever the appeal."  # fmt: skip


# --8<-- [end:figure]
