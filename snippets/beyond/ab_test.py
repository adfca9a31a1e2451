# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Size of an A/B test, and the boundary that pays for looking more than once.

Page: docs/beyond/roll-out.md
Source: normal approximation for two proportions; Pocock's constant boundary, simulated
Task: size an A/B test, and pay for every look at it
Graduate to: statsmodels
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import ceil, sqrt
from numbers import Integral, Real

import numpy as np
from scipy.stats import norm


def rows_per_arm(
    baseline: float, lift: float, false_alarm_rate: float = 0.05, power: float = 0.8
) -> int:
    """Return how many rows each arm needs to see a relative lift of a rate, at one look.

    Parameters
    ----------
    baseline : float
        Rate of the control, between 0 and 1.
    lift : float
        Smallest relative lift that matters: 0.02 for 2% more than the baseline.
    false_alarm_rate, power : float
        Chance of an alarm without a lift (two-sided), and with it; between 0 and 1.

    Returns
    -------
    int
        Rows per arm, rounded up.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    for name, rate in (
        ("baseline", baseline), ("false_alarm_rate", false_alarm_rate), ("power", power),
    ):  # fmt: skip
        _share(name, rate)
    if not isinstance(lift, Real) or not 0 < lift < 1 / baseline - 1:
        raise ValueError(f"lift must be above 0 and leave a rate below 1, got {lift!r}")
    raised = baseline * (1 + lift)
    middle = (baseline + raised) / 2
    alarm = norm.isf(false_alarm_rate / 2) * sqrt(2 * middle * (1 - middle))
    miss = norm.ppf(power) * sqrt(baseline * (1 - baseline) + raised * (1 - raised))
    return ceil((alarm + miss) ** 2 / (raised - baseline) ** 2)


def look_boundary(looks: int, false_alarm_rate: float = 0.05, seed: int = 0) -> float:
    """Return the z-score that any of several evenly spaced looks exceeds at the given rate.

    Parameters
    ----------
    looks : int
        How often the result is looked at, the last time included.
    false_alarm_rate : float
        Chance of any alarm without a difference (two-sided), between 0 and 1.
    seed : int
        Seed of the hundred thousand simulated tests.

    Returns
    -------
    float
        Stop at the first absolute z-score above it.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    for name, value, least in (("looks", looks, 1), ("seed", seed, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    _share("false_alarm_rate", false_alarm_rate)
    rng = np.random.default_rng(seed)
    walk, highest = np.zeros(100_000), np.zeros(100_000)
    for look in range(1, looks + 1):
        walk += rng.normal(size=walk.size)
        highest = np.maximum(highest, np.abs(walk) / sqrt(look))
    return float(np.quantile(highest, 1 - false_alarm_rate))


def _share(name: str, value: float) -> None:
    if not isinstance(value, Real) or not 0 < value < 1:
        raise ValueError(f"{name} must be between 0 and 1, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from scipy.stats import binom

    for lift in (0.01, 0.02, 0.05, 0.1):
        print(f"a lift of {lift:.0%} on a rate of 5%: {rows_per_arm(0.05, lift):,} rows per arm")
        #> a lift of 1% on a rate of 5%: 2,996,698 rows per arm
        #> a lift of 2% on a rate of 5%: 752,703 rows per arm
        #> a lift of 5% on a rate of 5%: 122,124 rows per arm
        #> a lift of 10% on a rate of 5%: 31,234 rows per arm

    rng = np.random.default_rng(0)
    days, daily, tests = 30, 1_000, 4_000
    scores = {}
    for name, rate in (("no lift", 0.05), ("real lift", 0.055)):
        luck = rng.random((2, tests, days))
        control, treated = binom.ppf(luck, daily, [[[0.05]], [[rate]]]).cumsum(axis=2)
        rows = daily * np.arange(1, days + 1)
        pooled = (control + treated) / (2 * rows)
        scores[name] = np.abs(treated - control) / np.sqrt(2 * rows * pooled * (1 - pooled))

    for looks in (1, 2, 5, 10, 30):
        seen = scores["no lift"][:, days // looks - 1 :: days // looks]
        boundary = look_boundary(looks)
        plain, paid = ((seen > limit).any(axis=1).mean() for limit in (1.96, boundary))
        often = "1 look" if looks == 1 else f"{looks} looks"
        print(
            f"no lift, {often}: usual 1.96 alarms in {plain:.1%}, "
            f"boundary {boundary:.2f} in {paid:.1%}"
        )
        #> no lift, 1 look: usual 1.96 alarms in 5.3%, boundary 1.96 in 5.3%
        #> no lift, 2 looks: usual 1.96 alarms in 8.6%, boundary 2.18 in 5.7%
        #> no lift, 5 looks: usual 1.96 alarms in 14.2%, boundary 2.41 in 5.3%
        #> no lift, 10 looks: usual 1.96 alarms in 19.1%, boundary 2.55 in 5.2%
        #> no lift, 30 looks: usual 1.96 alarms in 28.1%, boundary 2.73 in 5.1%

    lifted = scores["real lift"]
    passed = lifted > look_boundary(days)
    found, stopped = passed.any(axis=1), passed.argmax(axis=1) + 1
    at_the_end = (lifted[:, -1] > 1.96).mean()
    print(f"real lift of 10%, judged at the end: found in {at_the_end:.0%} of tests")
    #> real lift of 10%, judged at the end: found in 79% of tests
    print(f"real lift of 10%, judged daily: found in {found.mean():.0%} of tests")
    #> real lift of 10%, judged daily: found in 64% of tests
    print(f"where judged daily and found: a median of {np.median(stopped[found]):.0f} days")
    #> where judged daily and found: a median of 15 days
    # --8<-- [end:demo]
