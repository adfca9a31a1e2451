"""Figure: conversion by the delay that happened, over all visits and by device."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import SERIES
from snippets.lifecycle.delay_effect import delay_effect

TITLE = "Conversion by the delay that happened, over all visits and by device"
SIZE = (5.8, 3.0)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    rng = np.random.default_rng(0)
    slow_device = rng.random(2_000_000) < 0.5
    delay = rng.gamma(4, 100, slow_device.size) + 400 * slow_device
    chance = np.where(slow_device, 0.17, 0.23) * (1 - 0.004 * delay / 100)
    bought = rng.random(delay.size) < chance
    group = np.digitize(delay, np.arange(200, 1_201, 200))
    groups = {
        "fast devices": (~slow_device, range(4), "o-"),
        "all visits": (np.full(delay.size, True), range(6), "s--"),
        "slow devices": (slow_device, range(2, 6), "^-."),
    }
    for colour, (name, (rows, bins, style)) in zip(SERIES, groups.items(), strict=False):
        shares = [100 * bought[rows & (group == number)].mean() for number in bins]
        middles = [200 * number + 100 for number in bins]
        axes.plot(middles, shares, style, color=colour, label=name)
    axes.set(xlabel="delay of the visit, ms", ylabel="conversion", ylim=(14, 25), xlim=(0, 1_200))
    axes.set_xticks([0, 400, 800, 1_200], ["0", "400", "800", "1,200"])
    axes.set_yticks([15, 20, 25], ["15%", "20%", "25%"])
    axes.legend(loc="upper right")
    return (
        "Within each kind of device the line is nearly level; over all visits it falls. If slow "
        f"devices buy less, observed: conversion {delay_effect(delay, bought)[0]:+.1%} per 100 ms."
    )


# --8<-- [end:figure]
