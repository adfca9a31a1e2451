# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""The lead that the best of many equally good models has by luck alone.

Page: docs/requirements/real-gain.md
Source: the largest and the second largest of independent binomial counts
Task: know the lead that the best of many models has by luck
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
from scipy.stats import binom


def lead_by_luck(accuracy: float, rows: int, entrants: int) -> float:
    """Return the expected lead of the best entrant over the true accuracy of all.

    Parameters
    ----------
    accuracy : float
        True accuracy of every entrant, between 0 and 1.
    rows : int
        Rows of the test set that picks the best.
    entrants : int
        Models, or runs, or configurations, of which the best is reported.

    Returns
    -------
    float
        Lead in accuracy, from 0 to 1, if entrants err independently. Entrants that
        err on the same rows lead by less on average.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    counts, at_most, _ = _counts(accuracy, rows, entrants, 1)
    lead = counts[0] + np.sum(1 - at_most[:-1] ** int(entrants))
    return float(lead / int(rows) - float(accuracy))


def chance_of_lead(lead: float, accuracy: float, rows: int, entrants: int) -> float:
    """Return the chance that the best entrant leads the second by so much, by luck alone.

    Parameters
    ----------
    lead : float
        Accuracy of the best minus that of the second on the test set, above 0.
    accuracy : float
    rows : int
    entrants : int
        As in ``lead_by_luck``, with at least two entrants.

    Returns
    -------
    float
        Chance of this lead or a larger one if all are equally good and err independently.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    counts, _, chance = _counts(accuracy, rows, entrants, 2)
    _between("lead", lead, 0, 1)
    rows_ahead = max(1, np.ceil(float(lead) * int(rows) - 1e-9))  # 0.006 of 500 rows is 3, not 4
    behind = counts - rows_ahead
    others = binom.cdf(behind, int(rows), float(accuracy)) ** (int(entrants) - 1)
    return float(int(entrants) * np.sum(chance * others))


def _counts(
    accuracy: float, rows: int, entrants: int, least: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the counts of right rows that occur, and their distribution."""
    _between("accuracy", accuracy, 0, 1)
    _whole("rows", rows, 1)
    _whole("entrants", entrants, least)
    low, high = binom.ppf([1e-14, 1 - 1e-15], int(rows), float(accuracy))
    counts = np.arange(max(low, 0), min(high + 1, int(rows)) + 1)
    law = binom(int(rows), float(accuracy))
    return counts, law.cdf(counts), law.pmf(counts)


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
    from sklearn.datasets import make_classification

    lead = 100 * lead_by_luck(0.85, rows=500, entrants=50)
    print(
        f"50 entrants of accuracy 0.85, 500 rows: the best leads the average by {lead:.1f} points"
    )
    #> 50 entrants of accuracy 0.85, 500 rows: the best leads the average by 3.5 points
    for lead in (0.006, 0.016):
        chance = chance_of_lead(lead, 0.85, rows=500, entrants=50)
        print(f"and {100 * lead:.1f} points or more above the second in {chance:.0%} of contests")
        #> and 0.6 points or more above the second in 45% of contests
        #> and 1.6 points or more above the second in 7% of contests

    for rows in (500, 10_000):
        leads = []
        for contest in range(20):
            inputs, labels = make_classification(
                21_500, n_informative=8, flip_y=0.1, class_sep=0.8, random_state=contest
            )
            signs, rng = 2 * labels - 1, np.random.default_rng(contest)
            fits = [rng.choice(1_500, 400, replace=False) for _ in range(50)]
            weights = np.transpose([np.linalg.lstsq(inputs[i], signs[i])[0] for i in fits])
            right = (inputs @ weights > 0) == (signs[:, None] > 0)
            public, fresh = right[1_500 : 1_500 + rows].mean(axis=0), right[11_500:].mean(axis=0)
            best = public.argmax()
            leads.append([public[best] - public.mean(), fresh[best] - fresh.mean()])
        public, fresh = 100 * np.mean(leads, axis=0)
        print(
            f"{rows:,} public rows: the winner leads by {public:.1f}, on fresh rows by {fresh:.1f}"
        )
        #> 500 public rows: the winner leads by 2.6, on fresh rows by 0.3
        #> 10,000 public rows: the winner leads by 1.4, on fresh rows by 1.3
    # --8<-- [end:demo]
