# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""How often groups that are treated alike fail the four-fifths rule by chance.

Page: docs/fairness/audit-groups.md
Source: 29 CFR 1607.4(D) for the rule; binomial counts
Task: know how often equal groups fail the four-fifths rule by chance
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np


def four_fifths_alarms(rows: int, rate: float, groups: int = 2, seed: int = 0) -> float:
    """Simulate twenty thousand audits in which every group has the same chance.

    Parameters
    ----------
    rows : int
        Rows in each group.
    rate : float
        Chance of being selected, the same for all, between 0 and 1.
    groups : int
        Number of groups that the audit compares, at least 2.
    seed : int
        Seed of the simulation.

    Returns
    -------
    float
        Share of the audits whose lowest selection rate is below four fifths of the highest.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _whole("rows", rows, 1)
    _whole("groups", groups, 2)
    _whole("seed", seed, 0)
    _between("rate", rate, 0, 1)
    counts = np.random.default_rng(seed).binomial(rows, float(rate), size=(20_000, groups))
    return float(np.mean(5.0 * counts.min(axis=1) < 4.0 * counts.max(axis=1)))  # int64 would wrap


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
    for rate in (0.3, 0.02):
        for rows in (50, 200, 2_000):
            two, eight = (four_fifths_alarms(rows, rate, groups) for groups in (2, 8))
            print(
                f"rate {rate:.0%}, {rows:,} rows a group: alarm in {two:.0%} of audits of two "
                f"groups, {eight:.0%} of eight"
            )
            #> rate 30%, 50 rows a group: alarm in 46% of audits of two groups, 99% of eight
            #> rate 30%, 200 rows a group: alarm in 15% of audits of two groups, 82% of eight
            #> rate 30%, 2,000 rows a group: alarm in 0% of audits of two groups, 0% of eight
            #> rate 2%, 50 rows a group: alarm in 69% of audits of two groups, 100% of eight
            #> rate 2%, 200 rows a group: alarm in 74% of audits of two groups, 100% of eight
            #> rate 2%, 2,000 rows a group: alarm in 31% of audits of two groups, 97% of eight
    # --8<-- [end:demo]
