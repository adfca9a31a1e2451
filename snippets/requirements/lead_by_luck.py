# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""The lead that the best of many equally good models has by luck alone.

Page: docs/requirements/real-gain.md
Source: the expected maximum of independent binomial counts
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
        Lead in accuracy, from 0 to 1. Entrants that err on the same rows
        lead by less: this is the upper end of what luck explains on average.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.
    """
    if not isinstance(accuracy, Real) or not 0 < accuracy < 1:
        raise ValueError(f"accuracy must be between 0 and 1, got {accuracy!r}")
    for name, value in (("rows", rows), ("entrants", entrants)):
        if not isinstance(value, Integral) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    best_at_most = binom.cdf(np.arange(rows), rows, accuracy) ** entrants
    return float(np.sum(1 - best_at_most) / rows - accuracy)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import make_classification

    for entrants in (1, 2, 10, 50):
        lead = 100 * lead_by_luck(0.85, rows=500, entrants=entrants)
        print(f"{entrants} equal entrants, 500 rows: the best leads by {lead:.1f} points of luck")
        #> 1 equal entrants, 500 rows: the best leads by 0.0 points of luck
        #> 2 equal entrants, 500 rows: the best leads by 0.9 points of luck
        #> 10 equal entrants, 500 rows: the best leads by 2.4 points of luck
        #> 50 equal entrants, 500 rows: the best leads by 3.5 points of luck

    leads: dict[int, list[list[float]]] = {}
    for competition in range(20):
        inputs, labels = make_classification(
            21_500, n_informative=8, flip_y=0.1, class_sep=0.8, random_state=competition
        )
        signs, rng = 2 * labels - 1, np.random.default_rng(competition)
        chosen = [rng.choice(1_500, 400, replace=False) for _ in range(50)]
        weights = np.transpose([np.linalg.lstsq(inputs[i], signs[i])[0] for i in chosen])
        correct = (inputs @ weights > 0) == (signs[:, None] > 0)
        fresh = correct[11_500:].mean(axis=0)
        for rows in (500, 2_000, 10_000):
            public = correct[1_500 : 1_500 + rows].mean(axis=0)
            winner = public.argmax()
            leads.setdefault(rows, []).append(
                [public[winner] - public.mean(), fresh[winner] - fresh.mean()]
            )
    for rows, pairs in leads.items():
        public, fresh = 100 * np.mean(pairs, axis=0)
        print(
            f"{rows:,} public rows: the winner of 50 leads by {public:.1f} points there, "
            f"by {fresh:.1f} on fresh rows"
        )
        #> 500 public rows: the winner of 50 leads by 2.6 points there, by 0.3 on fresh rows
        #> 2,000 public rows: the winner of 50 leads by 1.7 points there, by 1.0 on fresh rows
        #> 10,000 public rows: the winner of 50 leads by 1.4 points there, by 1.3 on fresh rows
    # --8<-- [end:demo]
