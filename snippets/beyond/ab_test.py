# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Size of an A/B test, and boundaries that pay for looking more than once.

Page: docs/beyond/roll-out.md
Source: normal approximation for two proportions; boundaries of Pocock and of O'Brien and Fleming
Task: size an A/B test, and pay for every look at it
Graduate to: statsmodels
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from functools import cache
from math import ceil, sqrt
from numbers import Integral, Real

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import norm


def rows_per_arm(
    baseline: float,
    lift: float,
    false_alarm_rate: float = 0.05,
    power: float = 0.8,
    looks: int = 1,
    shape: str = "obrien-fleming",
) -> int:
    """Return how many rows each arm needs to see a relative change of a rate.

    Parameters
    ----------
    baseline : float
        Rate of the control, between 0 and 1.
    lift : float
        Smallest relative change that matters: 0.02 for 2% more than the baseline, -0.02 for
        2% less.
    false_alarm_rate, power : float
        Chance of an alarm without a change (two-sided), and with it; between 0 and 1.
    looks, shape : int, str
        Number of looks and the boundary, as for `look_boundary`.

    Returns
    -------
    int
        Rows per arm until the last look, rounded up.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _between("baseline", baseline, 0, 1)
    before = float(baseline)
    _between("lift", lift, -np.inf, np.inf)
    gap = before * float(lift)  # its square must not be zero
    if abs(gap) < 1e-100 or not -1 < lift < 1 / before - 1:
        raise ValueError(f"lift must not be 0 and leave a rate between 0 and 1, got {lift!r}")
    boundary = look_boundary(looks, false_alarm_rate, shape)
    number = isinstance(power, Real)
    if not number or not false_alarm_rate < power < 1:
        raise ValueError(f"power must be above false_alarm_rate and below 1, got {power!r}")
    after = before * (1 + float(lift))
    middle = (before + after) / 2
    alarm, miss = norm.isf(float(false_alarm_rate) / 2), norm.ppf(float(power))
    spread = sqrt(before * (1 - before) + after * (1 - after))
    rows = (alarm * sqrt(2 * middle * (1 - middle)) + miss * spread) ** 2 / gap**2
    if looks > 1:  # how far the z-score must drift by the last look, against one look
        drift = brentq(lambda z: _crossed(boundary, z) - float(power), 0, alarm + miss + 9)
        rows *= (drift / (alarm + miss)) ** 2
    return ceil(rows)


def look_boundary(
    looks: int, false_alarm_rate: float = 0.05, shape: str = "obrien-fleming"
) -> NDArray[np.float64]:
    """Return the z-score to exceed at each look, so that any look does at the given rate.

    Parameters
    ----------
    looks : int
        How often the result is looked at, after equal numbers of rows, the last time included;
        at most 200.
    false_alarm_rate : float
        Chance of any alarm without a difference (two-sided), between 0 and 1.
    shape : str
        ``"obrien-fleming"``: high at first, close to one look at the end.
        ``"pocock"``: the same at every look.

    Returns
    -------
    ndarray of shape (looks,)
        Stop at the first absolute z-score above its entry.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _whole("looks", looks, 1)
    if looks > 200:
        raise ValueError(f"looks must be at most 200, got {looks!r}")
    _between("false_alarm_rate", false_alarm_rate, 0, 1)
    shapes = {"obrien-fleming": 0.5, "pocock": 0.0}
    if shape not in shapes:
        raise ValueError(f"shape must be one of {list(shapes)}, got {shape!r}")
    form = (int(looks) / np.arange(1, int(looks) + 1)) ** shapes[shape]
    rate = float(false_alarm_rate)
    once = norm.isf(rate / 2)  # the answer lies between one look and a share for each look
    return form * brentq(
        lambda z: _crossed(z * form) - rate, once / 2, norm.isf(rate / 2 / looks) + 1
    )


_grid = cache(np.polynomial.legendre.leggauss)


def _crossed(boundary: NDArray[np.float64], drift: float = 0.0) -> float:
    """Return the chance that a z-score, which drifts to `drift` by the last look, gets outside."""
    shift, ends = drift / sqrt(len(boundary)), boundary * np.sqrt(np.arange(1, len(boundary) + 1))
    # The nodes must stand closer than the increment of one look, whose standard deviation is one.
    nodes, weights = _grid(max(101, ceil(4 * ends.max())))
    sums = nodes * ends[0]  # of the increments of one look each, inside so far
    inside = norm.pdf(sums - shift) * weights * ends[0]
    crossed = ndtr(-ends[0] - shift) + ndtr(shift - ends[0])  # norm.cdf, without its checks
    for end in ends[1:]:
        crossed += inside @ (ndtr(-end - shift - sums) + ndtr(shift + sums - end))
        step = nodes[:, None] * end - (sums + shift)
        near = np.abs(step) < 30  # the rest is below 1e-195, and what underflows is slow
        moved = np.exp(-0.5 * (step * near) ** 2) * near
        inside = moved @ inside / sqrt(2 * np.pi) * weights * end
        sums = nodes * end
    return float(crossed if crossed < 0.5 else 1 - inside.sum())  # a small share, not by difference


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    plans = {
        "1 look": (1, "pocock"),
        "30 looks, Pocock": (30, "pocock"),
        "30 looks, O'Brien-Fleming": (30, "obrien-fleming"),
    }
    for name, (looks, shape) in plans.items():
        rows = rows_per_arm(0.05, 0.1, looks=looks, shape=shape)
        print(f"a lift of 10% on 5%, {name}: {rows:,} rows per arm")
        #> a lift of 10% on 5%, 1 look: 31,234 rows per arm
        #> a lift of 10% on 5%, 30 looks, Pocock: 43,558 rows per arm
        #> a lift of 10% on 5%, 30 looks, O'Brien-Fleming: 32,806 rows per arm

    # --8<-- [end:demo]

    # --8<-- [start:simulation]
    from scipy.stats import binom

    days, daily, rng = 30, 1_042, np.random.default_rng(1)  # as many rows as one look needs
    limits = {name: look_boundary(looks, shape=shape) for name, (looks, shape) in plans.items()}
    limits["30 looks, 1.96 each"] = np.full(days, 1.96)
    for name, rate in (("no lift", 0.05), ("a lift of 10%", 0.055)):
        # by the distribution function: what rng.binomial draws depends on numpy's version
        chances = (binom.cdf(np.arange(daily), daily, one) for one in (rate, 0.05))
        drawn = [np.searchsorted(ends, rng.random((10_000, days))) for ends in chances]
        new, old = np.cumsum(drawn, axis=2)
        seen = daily * np.arange(1, days + 1)
        share = (old + new) / (2 * seen)
        scores = np.abs(new - old) / np.sqrt(2 * seen * share * (1 - share))
        for plan, limit in limits.items():
            passed = scores[:, -len(limit) :] > limit
            found, day = passed.any(axis=1), passed.argmax(axis=1) + 1 + days - len(limit)
            lift = np.abs(new / old - 1)[found, day[found] - 1]
            print(
                f"{name}, {plan}: found in {found.mean():.0%}, "
                f"median day {np.median(day[found]):.0f}, lift shown {np.median(lift):.0%}"
            )
            #> no lift, 1 look: found in 5%, median day 30, lift shown 8%
            #> no lift, 30 looks, Pocock: found in 5%, median day 7, lift shown 21%
            #> no lift, 30 looks, O'Brien-Fleming: found in 5%, median day 24, lift shown 10%
            #> no lift, 30 looks, 1.96 each: found in 28%, median day 5, lift shown 18%
            #> a lift of 10%, 1 look: found in 80%, median day 30, lift shown 11%
            #> a lift of 10%, 30 looks, Pocock: found in 64%, median day 15, lift shown 15%
            #> a lift of 10%, 30 looks, O'Brien-Fleming: found in 78%, median day 20, lift shown 12%
            #> a lift of 10%, 30 looks, 1.96 each: found in 90%, median day 9, lift shown 15%
    # --8<-- [end:simulation]
