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
from math import ceil, floor, isclose, log2, sqrt
from numbers import Real

from scipy.stats import nbinom, norm


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
    _between("old", old, 0, 1)
    _between("new", new, 0, 1)
    old, new = float(old), float(new)
    if isclose(old, new):  # 0.1 + 0.2 is 0.3
        raise ValueError("new must differ from old: no number of rows shows a gain of zero")
    alarm, miss = _deviates(power, significance)
    mean = (old + new) / 2  # without a gain, both sets have one accuracy
    reach = alarm * sqrt(2 * mean * (1 - mean))
    reach += miss * sqrt(old * (1 - old) + new * (1 - new))
    return ceil((reach / (new - old)) ** 2)


def rows_shared(
    gain: float, disagreement: float, power: float = 0.8, significance: float = 0.05
) -> int:
    """Return the rows of one test set that both models answer.

    Parameters
    ----------
    gain : float
        Difference of the accuracies, above 0.
    disagreement : float
        Share of rows that only one of the two models has right, at least ``gain``.
    power, significance : float
        As in ``rows_separate``; the test is McNemar's by mid-p.

    Returns
    -------
    int
        Rows of the shared test set, by the normal approximation, and at least as many as the
        fewest wins that count need. Where only one model ever wins a row, a stated power of 0.8
        is one of about 0.9.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    _between("gain", gain, 0, 1)
    _between("disagreement", disagreement, 0, 1)
    gain, disagreement = float(gain), float(disagreement)
    if disagreement < gain * (1 - 1e-9):  # 0.8 - 0.7 is above 0.1
        raise ValueError(f"disagreement must be at least the gain, got {disagreement!r}")
    alarm, miss = _deviates(power, significance)
    disagreement = max(disagreement, gain)
    reach = alarm * sqrt(disagreement) + miss * sqrt(disagreement - gain**2)
    wins = floor(-log2(float(significance))) + 1  # so many to none are significant by mid-p
    least = wins + nbinom.ppf(float(power), wins, disagreement)  # rows until there are so many
    return max(ceil((reach / gain) ** 2), int(least))


def _deviates(power: float, significance: float) -> tuple[float, float]:
    _between("significance", significance, 0, 1)
    _between("power", power, 0, 1)
    if power <= significance:
        raise ValueError(f"power must be above significance, got {power!r}")
    return float(norm.isf(float(significance) / 2)), float(norm.ppf(float(power)))


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rows = rows_separate(0.95, 0.951)
    print(f"from 95.0% to 95.1%: {rows:,} rows in each of two test sets")
    #> from 95.0% to 95.1%: 738,575 rows in each of two test sets
    for gain in (0.001, 0.01):
        for disagreement in (0.02, 0.05):
            rows = rows_shared(gain, disagreement)
            print(f"{100 * gain:.1f} points, disagreement {disagreement:.0%}: {rows:,} shared rows")
            #> 0.1 points, disagreement 2%: 156,976 shared rows
            #> 0.1 points, disagreement 5%: 392,442 shared rows
            #> 1.0 points, disagreement 2%: 1,568 shared rows
            #> 1.0 points, disagreement 5%: 3,923 shared rows
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rows = rows_shared(gain=25 / 5_000, disagreement=155 / 5_000)
    print(f"one planned comparison: {rows:,} rows")
    #> one planned comparison: 9,731 rows
    rows = rows_shared(gain=25 / 5_000, disagreement=155 / 5_000, significance=0.05 / 12)
    print(f"one of twelve variants: {rows:,} rows")
    #> one of twelve variants: 17,036 rows
    # --8<-- [end:solution]
