# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""A guardrail that must exclude the harm you would not accept, and the rows that it takes.

Page: docs/beyond/run-an-experiment.md
Source: R. G. Newcombe's hybrid score interval for a difference of two rates
Task: let a release pass only if a harm that matters is excluded
Graduate to: statsmodels.stats.proportion.confint_proportions_2indep
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import ceil, hypot, sqrt
from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy.special import ndtri


def guardrail(
    failed_control: int,
    control: int,
    failed_canary: int,
    canary: int,
    margin: float,
    alpha: float = 0.05,
) -> dict[str, Any]:
    """Judge a release by failures in two arms that ran side by side.

    Parameters
    ----------
    failed_control, control : int
        Users (or independent calls) of the control that failed, and all of them.
    failed_canary, canary : int
        The same for the canary, which ran at the same time.
    margin : float
        Rise of the failure rate that you would not accept, between 0 and 1.
    alpha : float
        Chance of a wrong verdict at either end of the interval, between 0 and 0.5. It is kept
        about, in arms of much the same size.

    Returns
    -------
    dict
        ``"difference"`` of the failure rates with its one-sided bounds ``"low"`` and
        ``"high"``, and the ``"verdict"``: ``"pass"`` if the margin is excluded, else
        ``"roll back"`` if a rise is shown, else ``"undecided"``.

    Raises
    ------
    ValueError
        If a count or a rate is out of range; the message names it.
    """
    bounds = []
    _between("margin", margin, 0, 1)
    _between("alpha", alpha, 0, 0.5)
    z = -float(ndtri(float(alpha)))
    for name, failed, size in (
        ("control", failed_control, control), ("canary", failed_canary, canary),
    ):  # fmt: skip
        _whole(name, size, 1)
        _whole(f"failed_{name}", failed, 0)
        if failed > size:
            raise ValueError(f"failed_{name} must be at most {name}, got {failed} of {size}")
        rate, n = int(failed) / int(size), int(size)
        centre = (rate + z * z / (2 * n)) / (1 + z * z / n)  # Wilson's interval, also at 0 and 1
        half = z / (1 + z * z / n) * sqrt(rate * (1 - rate) / n + (z / (2 * n)) ** 2)
        bounds.append((rate, centre - half, centre + half))
    (old, old_low, old_high), (new, new_low, new_high) = bounds
    low = new - old - hypot(new - new_low, old_high - old)
    high = new - old + hypot(new_high - new, old - old_low)
    verdict = "pass" if high < margin else "roll back" if low > 0 else "undecided"
    return {"difference": new - old, "low": low, "high": high, "verdict": verdict}


def units_per_arm(margin: float, spread: float, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return the users or calls per arm with which a harmless release passes its guardrail.

    Parameters
    ----------
    margin : float
        Harm that you would not accept, in the unit of the metric; above 0.
    spread : float
        Standard deviation of the metric between users or calls; above 0. For a rate p, it
        is the root of p(1 - p); for a p below the margin, take the margin as p. For a metric
        by visit, it is that of each user's sum less visits times the mean, over the mean visits.
    alpha : float
        Chance that a harm of ``margin`` passes, between 0 and 0.5. To find an effect of
        ``margin`` with an interval of 95%, 0.025.
    power : float
        Chance that a release without harm passes, between 0.5 and 1.

    Returns
    -------
    int
        Size of each arm, by the normal approximation.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    _between("margin", margin, 0, float("inf"))
    _between("spread", spread, 0, float("inf"))
    _between("alpha", alpha, 0, 0.5)
    _between("power", power, 0.5, 1)
    z = ndtri(float(power)) - ndtri(float(alpha))
    return max(2, ceil(2 * (z * float(spread) / float(margin)) ** 2))


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
    rng = np.random.default_rng(0)
    for users in (200, 1_000, 5_000, 10_000):  # failures go from 10% to 12%: the whole margin
        failed = rng.binomial(users, [0.10, 0.12], size=(2_000, 2))
        judged = [guardrail(old, users, new, users, margin=0.02) for old, new in failed.tolist()]
        silent = np.mean([report["low"] <= 0 for report in judged])
        passed = np.mean([report["verdict"] == "pass" for report in judged])
        print(f"{users:,} users per arm: no significant rise {silent:.0%}, passes {passed:.0%}")
        #> 200 users per arm: no significant rise 83%, passes 5%
        #> 1,000 users per arm: no significant rise 57%, passes 5%
        #> 5,000 users per arm: no significant rise 7%, passes 6%
        #> 10,000 users per arm: no significant rise 0%, passes 4%
    users = units_per_arm(margin=0.02, spread=sqrt(0.1 * 0.9))
    print(f"a harmless release passes in 80%: {users:,} users per arm")
    #> a harmless release passes in 80%: 2,783 users per arm
    # --8<-- [end:demo]

    # --8<-- [start:canary]
    rng = np.random.default_rng(0)
    calls, margin = 4_000, 0.01
    for trend, harm in ((1.0, 0.0), (1.2, 0.0), (0.7, 0.015)):
        last_week = rng.binomial(calls, 0.05, size=2_000)
        beside = rng.binomial(calls, 0.05 * trend, size=2_000)
        canary = rng.binomial(calls, 0.05 * trend + harm, size=2_000)
        shares = [
            np.mean([guardrail(a, calls, b, calls, margin)["low"] > 0 for a, b in pairs])
            for pairs in (
                zip(last_week.tolist(), canary.tolist()),
                zip(beside.tolist(), canary.tolist()),
            )
        ]
        print(
            f"everywhere {trend - 1:+.0%}, canary {100 * harm:+.1f} points: "
            f"worse than last week {shares[0]:.0%}, than beside {shares[1]:.0%}"
        )
        #> everywhere +0%, canary +0.0 points: worse than last week 5%, than beside 5%
        #> everywhere +20%, canary +0.0 points: worse than last week 64%, than beside 5%
        #> everywhere -30%, canary +1.5 points: worse than last week 5%, than beside 95%
    # --8<-- [end:canary]

    # --8<-- [start:solution]
    slow, margin, spread, more = 0.05, 0.01, 0.8, 0.02
    calls = units_per_arm(margin, sqrt(slow * (1 - slow)))
    print(f"slow calls, {slow:.0%} may become {slow + margin:.0%}: {calls:,} calls per arm")
    #> slow calls, 5% may become 6%: 5,874 calls per arm
    dear = units_per_arm(more, spread)
    print(f"cost per call, a spread of {spread:.0%} and {more:.0%} more: {dear:,} calls per arm")
    #> cost per call, a spread of 80% and 2% more: 19,785 calls per arm
    verdict = guardrail(297, 5_880, 331, 5_874, margin)
    low, high = 100 * verdict["low"], 100 * verdict["high"]
    print(f"then {low:+.1f} to {high:+.1f} points, {verdict['verdict']}")
    #> then -0.1 to +1.3 points, undecided
    # --8<-- [end:solution]
