# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""A canary that decides request by request: roll back, promote, or go on.

Page: docs/beyond/roll-out.md
Source: Wald's sequential probability ratio test
Task: decide request by request whether to roll a canary back
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import log
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike


def canary_verdict(
    failed: ArrayLike,
    healthy: float = 0.01,
    unacceptable: float = 0.02,
    alpha: float = 0.01,
    beta: float = 0.05,
) -> tuple[str, int]:
    """Judge a release by its requests, in the order in which they came.

    Parameters
    ----------
    failed : array-like of shape (n,)
        1 or True for each request that failed, otherwise 0.
    healthy, unacceptable : float
        Failure rate to promote, and the higher one to roll back; between 0 and 1.
    alpha, beta : float
        Stated chances of rolling back at ``healthy`` and of promoting at ``unacceptable``.

    Returns
    -------
    tuple of (str, int)
        ``"roll back"``, ``"promote"`` or ``"undecided"``, and the requests that it took.

    Raises
    ------
    ValueError
        If ``failed`` is empty or not 0 and 1, or a rate is out of range.
    """
    outcomes = np.asarray(failed)
    if outcomes.ndim != 1 or not outcomes.size or not np.isin(outcomes, [0, 1]).all():
        raise ValueError("failed must be one-dimensional, not empty, and hold 0 and 1 only")
    for name, rate in (
        ("healthy", healthy), ("unacceptable", unacceptable), ("alpha", alpha), ("beta", beta),
    ):  # fmt: skip
        if not isinstance(rate, Real) or not 0 < rate < 1:
            raise ValueError(f"{name} must be between 0 and 1, got {rate!r}")
    if healthy >= unacceptable:
        raise ValueError("unacceptable must be above healthy")
    if alpha + beta >= 1:
        raise ValueError("alpha and beta must be below 1 together")
    failure, success = log(unacceptable / healthy), log((1 - unacceptable) / (1 - healthy))
    evidence = np.cumsum(np.where(outcomes == 1, failure, success))
    roll_back = evidence >= log((1 - beta) / alpha)
    decided = roll_back | (evidence <= log(beta / (1 - alpha)))
    if not decided.any():
        return "undecided", outcomes.size
    first = int(decided.argmax())
    return "roll back" if roll_back[first] else "promote", first + 1


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    for rate in (0.01, 0.02, 0.05, 0.015):
        releases = rng.random((1_000, 10_000)) < rate
        verdicts, requests = zip(*map(canary_verdict, releases))
        print(
            f"failure rate {rate:.1%}: rolled back {verdicts.count('roll back') / 1_000:.1%}, "
            f"promoted {verdicts.count('promote') / 1_000:.1%}, "
            f"after a median of {np.median(requests):,.0f} requests"
        )
        #> failure rate 1.0%: rolled back 0.5%, promoted 99.5%, after a median of 710 requests
        #> failure rate 2.0%: rolled back 94.2%, promoted 5.8%, after a median of 922 requests
        #> failure rate 5.0%: rolled back 100.0%, promoted 0.0%, after a median of 173 requests
        #> failure rate 1.5%: rolled back 51.8%, promoted 47.9%, after a median of 1,542 requests

    releases = rng.random((1_000, 2_000)) < 0.01
    running = releases.cumsum(axis=1) / np.arange(1, 2_001)
    once, always = running[:, -1] > 0.015, (running[:, 100:] > 0.015).any(axis=1)
    print(f"healthy, running rate limited, one look after 2,000: rolled back {once.mean():.1%}")
    #> healthy, running rate limited, one look after 2,000: rolled back 1.3%
    print(f"healthy, running rate limited, all looks after 100: rolled back {always.mean():.1%}")
    #> healthy, running rate limited, all looks after 100: rolled back 56.9%
    # --8<-- [end:demo]
