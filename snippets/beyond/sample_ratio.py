# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Whether two arms hold as many users as planned: the sample-ratio test.

Page: docs/beyond/run-an-experiment.md
Source: the exact binomial test
Task: check that an experiment was split as planned
Graduate to: scipy.stats.chisquare
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
from scipy.stats import binomtest


def sample_ratio_p(control: int, treatment: int, planned: float = 0.5) -> float:
    """Return the p-value of the split of users between two arms.

    Parameters
    ----------
    control, treatment : int
        Users that arrived in the analysis, not rows.
    planned : float
        Share of the users that were to be treated, between 0 and 1.

    Returns
    -------
    float
        Chance of a split at least as unlikely, if the plan was kept. Below 0.001, look
        for the fault before the result.

    Raises
    ------
    ValueError
        If a count is not a whole number, both are 0, or ``planned`` is out of range.
    """
    _whole("control", control, 0)
    _whole("treatment", treatment, 0)
    _between("planned", planned, 0, 1)
    if control == treatment == 0:
        raise ValueError("control and treatment must hold users")
    return float(binomtest(int(treatment), int(control) + int(treatment), float(planned)).pvalue)


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
    for lost in (0, 0.02, 0.1):  # of the heavy users, in the treatment alone; no effect otherwise
        light, heavy = rng.multinomial(500_000, [0.8, 0.2], size=(200, 2)).transpose(2, 0, 1)
        heavy[:, 1] = rng.binomial(heavy[:, 1], 1 - lost)
        users, bought = light + heavy, rng.binomial(light, 0.06) + rng.binomial(heavy, 0.26)
        effect = np.mean(bought[:, 1] / users[:, 1] - bought[:, 0] / users[:, 0])
        seen = np.mean([sample_ratio_p(*split) < 0.001 for split in users.tolist()])
        print(
            f"{lost:.0%} of the heavy users lost: apparent effect {100 * effect:+.2f} points, "
            f"alarm in {seen:.0%}"
        )
        #> 0% of the heavy users lost: apparent effect +0.01 points, alarm in 0%
        #> 2% of the heavy users lost: apparent effect -0.07 points, alarm in 0%
        #> 10% of the heavy users lost: apparent effect -0.33 points, alarm in 100%
    # --8<-- [end:demo]
