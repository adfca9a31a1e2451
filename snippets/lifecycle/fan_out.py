# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Fan-out: how often a request is slow that waits for several answers.

Page: docs/lifecycle/queue-and-tail.md
Source: J. Dean and L. A. Barroso, The Tail at Scale, 2013
Task: know how often a request is slow that waits for many answers
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np


def slow_requests(slow_answers: float, parts: int) -> float:
    """Share of slow requests, each waiting for all of its independent parts.

    Parameters
    ----------
    slow_answers : float
        Share of the answers that are slow, between 0 and 1.
    parts : int
        Answers that a request waits for.

    Returns
    -------
    float
        Share of requests with at least one slow answer.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _between("slow_answers", slow_answers, 0, 1)
    _whole("parts", parts, 1)
    return float(-np.expm1(int(parts) * np.log1p(-float(slow_answers))))


def allowed_slow_answers(slow_requests: float, parts: int) -> float:
    """Share of slow answers that keeps the share of slow requests; the inverse.

    Parameters
    ----------
    slow_requests : float
        Share of requests that may be slow, between 0 and 1.
    parts : int
        Answers that a request waits for.

    Returns
    -------
    float
        Share of the answers that may be slow.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _between("slow_requests", slow_requests, 0, 1)
    _whole("parts", parts, 1)
    return float(-np.expm1(np.log1p(-float(slow_requests)) / int(parts)))


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
    for parts in (1, 10, 100):
        slow = rng.random((20_000, parts)) < 0.01
        together = rng.random(20_000) < 0.01
        print(
            f"fan-out {parts}: {slow_requests(0.01, parts):.0%} of requests slow, simulated "
            f"{slow.any(axis=1).mean():.0%}, if all are slow together {together.mean():.0%}"
        )
        #> fan-out 1: 1% of requests slow, simulated 1%, if all are slow together 1%
        #> fan-out 10: 10% of requests slow, simulated 10%, if all are slow together 1%
        #> fan-out 100: 63% of requests slow, simulated 63%, if all are slow together 1%
    allowed = allowed_slow_answers(0.01, 100)
    print(f"for 1% slow requests with fan-out 100: 1 slow answer in {1 / allowed:,.0f}")
    #> for 1% slow requests with fan-out 100: 1 slow answer in 9,950
    # --8<-- [end:demo]
