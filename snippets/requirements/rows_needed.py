# /// script
# requires-python = ">=3.11"
# dependencies = ["scipy>=1.13"]
# ///
"""How many test rows a gain needs, on separate test sets and on a shared one.

Page: docs/requirements/real-gain.md
Source: the normal approximation to the power of the two-sample and of McNemar's test
Task: compute the test rows that a gain needs
Graduate to: statsmodels
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import ceil, sqrt
from numbers import Real

from scipy.stats import norm


def rows_separate(old: float, new: float, power: float = 0.8, significance: float = 0.05) -> int:
    """Return the rows of each of two test sets that tell two accuracies apart.

    Parameters
    ----------
    old, new : float
        The two accuracies, between 0 and 1 and not equal.
    power : float
        Chance to find the gain if it is there, above ``significance``.
    significance : float
        Chance to find one, in either direction, if there is none.

    Returns
    -------
    int
        Rows of each test set.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    _shares(old=old, new=new, power=power, significance=significance)
    if old == new:
        raise ValueError("new must differ from old: no number of rows shows a gain of zero")
    alarm, miss = _deviates(power, significance)
    variance = old * (1 - old) + new * (1 - new)
    return ceil((alarm + miss) ** 2 * variance / (new - old) ** 2)


def rows_shared(
    gain: float, disagreement: float, power: float = 0.8, significance: float = 0.05
) -> int:
    """Return the rows of one test set that both models answer.

    Parameters
    ----------
    gain : float
        Difference of the accuracies, above 0.
    disagreement : float
        Share of rows that one of the two models has right, at least ``gain``.
    power, significance : float
        As in ``rows_separate``.

    Returns
    -------
    int
        Rows of the shared test set.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    _shares(gain=gain, disagreement=disagreement, power=power, significance=significance)
    if disagreement < gain:
        raise ValueError(f"disagreement must be at least the gain, got {disagreement!r}")
    alarm, miss = _deviates(power, significance)
    reach = alarm * sqrt(disagreement) + miss * sqrt(disagreement - gain**2)
    return ceil((reach / gain) ** 2)


def _deviates(power: float, significance: float) -> tuple[float, float]:
    if power <= significance:
        raise ValueError(f"power must be above significance, got {power!r}")
    return norm.isf(significance / 2), norm.ppf(power)


def _shares(**shares: float) -> None:
    for name, value in shares.items():
        if not isinstance(value, Real) or not 0 < value < 1:
            raise ValueError(f"{name} must be between 0 and 1, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    for old in (0.80, 0.90, 0.95, 0.99):
        rows = rows_separate(old, old + 0.001)
        print(f"from {old:.1%} to {old + 0.001:.1%}: {rows:,} rows in each of two test sets")
        #> from 80.0% to 80.1%: 2,506,925 rows in each of two test sets
        #> from 90.0% to 90.1%: 1,406,512 rows in each of two test sets
        #> from 95.0% to 95.1%: 738,572 rows in each of two test sets
        #> from 99.0% to 99.1%: 147,709 rows in each of two test sets
    for disagreement in (0.02, 0.05, 0.1):
        rows = rows_shared(0.001, disagreement)
        print(f"0.1 points, disagreement {disagreement:.0%}: {rows:,} rows in a shared test set")
        #> 0.1 points, disagreement 2%: 156,976 rows in a shared test set
        #> 0.1 points, disagreement 5%: 392,442 rows in a shared test set
        #> 0.1 points, disagreement 10%: 784,886 rows in a shared test set
    for gain in (0.002, 0.005, 0.01):
        rows = rows_shared(gain, 0.05)
        print(f"{100 * gain:.1f} points, disagreement 5%: {rows:,} rows in a shared test set")
        #> 0.2 points, disagreement 5%: 98,109 rows in a shared test set
        #> 0.5 points, disagreement 5%: 15,696 rows in a shared test set
        #> 1.0 points, disagreement 5%: 3,923 rows in a shared test set
    # --8<-- [end:demo]
