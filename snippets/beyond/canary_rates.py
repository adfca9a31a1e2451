# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""What a canary with a deadline really promises, computed without simulation.

Page: docs/beyond/roll-out.md
Source: Wald's sequential probability ratio test, truncated; binomial recursion
Task: find the true error rates of a canary with a deadline
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import log
from numbers import Integral, Real

import numpy as np


def canary_rates(
    rate: float,
    limit: int,
    healthy: float = 0.01,
    unacceptable: float = 0.02,
    alpha: float = 0.01,
    beta: float = 0.05,
) -> dict[str, float]:
    """Return how often `canary_verdict` with a limit gives each verdict at a failure rate.

    Parameters
    ----------
    rate : float
        Failure rate of the release, between 0 and 1; requests fail independently.
    limit : int
        Number of requests after which the likelier rate wins.
    healthy, unacceptable, alpha, beta : float
        As for `canary_verdict`, between 0 and 1.

    Returns
    -------
    dict
        Chance of ``"roll back"`` and of ``"promote"``, chance that neither line is crossed
        before the limit (``"open at the limit"``), and the mean number of ``"requests"``.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    for name, share in (
        ("rate", rate), ("healthy", healthy), ("unacceptable", unacceptable), ("alpha", alpha),
        ("beta", beta),
    ):  # fmt: skip
        _between(name, share, 0, 1)
    _whole("limit", limit, 1)
    if healthy >= unacceptable:
        raise ValueError("unacceptable must be above healthy")
    if alpha + beta >= 1:
        raise ValueError("alpha and beta must be below 1 together")
    limit, rate, good, bad = int(limit), float(rate), float(healthy), float(unacceptable)
    upper = log((1 - float(beta)) / float(alpha)) - 1e-9  # four times log(2) is log(16)
    lower = log(float(beta) / (1 - float(alpha))) + 1e-9
    failure, success = log(bad) - log(good), log((1 - bad) / (1 - good))
    first, going = 0, np.ones(1)  # chance of first, first + 1, … failures, while undecided
    rolled_back, promoted, requests = 0.0, 0.0, 0.0
    for request in range(1, limit + 1):
        requests += going.sum()
        going = np.convolve(going, (1 - rate, rate))
        failures = first + np.arange(len(going))
        evidence = failures * failure + (request - failures) * success
        above, below = evidence >= upper, evidence <= lower
        rolled_back += going[above].sum()
        promoted += going[below].sum()
        first += below.sum()
        going, evidence = going[~above & ~below], evidence[~above & ~below]
        if going.sum() < 1e-30:  # all are decided, however far the limit
            break
    return {
        "roll back": float(rolled_back + going[evidence > 1e-9].sum()),
        "promote": float(promoted + going[evidence <= 1e-9].sum()),
        "open at the limit": float(going.sum()),
        "requests": float(requests),
    }


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
    for limit in (1_000, 2_000, 4_000):
        good, bad = canary_rates(0.01, limit), canary_rates(0.02, limit)
        print(
            f"deadline {limit:,}: rolls back {good['roll back']:.1%} of the healthy, "
            f"promotes {bad['promote']:.1%} of the bad"
        )
        #> deadline 1,000: rolls back 8.0% of the healthy, promotes 11.0% of the bad
        #> deadline 2,000: rolls back 3.0% of the healthy, promotes 5.9% of the bad
        #> deadline 4,000: rolls back 0.9% of the healthy, promotes 5.0% of the bad
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    plan = {"healthy": 0.005, "unacceptable": 0.01, "alpha": 0.001, "beta": 0.01}
    a_day = 400_000 * 0.02
    for days in (0.5, 1, 2):
        good, bad = (canary_rates(rate, int(days * a_day), **plan) for rate in (0.005, 0.01))
        print(f"{days} days: false rollbacks {good['roll back']:.2%}, missed {bad['promote']:.1%}")
        #> 0.5 days: false rollbacks 3.32%, missed 3.1%
        #> 1 days: false rollbacks 0.41%, missed 1.2%
        #> 2 days: false rollbacks 0.08%, missed 1.0%
    for rate in (0.005, 0.007, 0.01):
        hours = canary_rates(rate, 40_000, **plan)["requests"] / a_day * 24
        print(f"failure rate {rate:.1%}: {hours:.0f} hours on average")
        #> failure rate 0.5%: 9 hours on average
        #> failure rate 0.7%: 27 hours on average
        #> failure rate 1.0%: 11 hours on average
    # --8<-- [end:solution]
