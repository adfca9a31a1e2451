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
    for name, value, least in (("rows", rows, 1), ("groups", groups, 2), ("seed", seed, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    if not isinstance(rate, Real) or not 0 < rate < 1:
        raise ValueError(f"rate must be between 0 and 1, got {rate!r}")
    counts = np.random.default_rng(seed).binomial(rows, rate, size=(20_000, groups))
    return float(np.mean(5 * counts.min(axis=1) < 4 * counts.max(axis=1)))


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    for rows in (50, 100, 200, 500, 1_000, 2_000):
        alarms = [four_fifths_alarms(rows, rate=0.3, groups=groups) for groups in (2, 4, 8)]
        print(
            f"{rows:,} rows a group: alarm in {alarms[0]:.0%} of audits of two groups alike, "
            f"{alarms[1]:.0%} of four, {alarms[2]:.0%} of eight"
        )
        #> 50 rows a group: alarm in 46% of audits of two groups alike, 87% of four, 99% of eight
        #> 100 rows a group: alarm in 30% of audits of two groups alike, 72% of four, 97% of eight
        #> 200 rows a group: alarm in 15% of audits of two groups alike, 45% of four, 82% of eight
        #> 500 rows a group: alarm in 2% of audits of two groups alike, 10% of four, 29% of eight
        #> 1,000 rows a group: alarm in 0% of audits of two groups alike, 1% of four, 3% of eight
        #> 2,000 rows a group: alarm in 0% of audits of two groups alike, 0% of four, 0% of eight
    # --8<-- [end:demo]
