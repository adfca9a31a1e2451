# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Base rate, precision and recall leave no choice about the false positive rate.

Page: docs/fairness/index.md
Source: A. Chouldechova, Fair Prediction with Disparate Impact, 2017
Task: derive the false positive rate from precision and recall
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np


def implied_false_positive_rate(base_rate: float, precision: float, recall: float) -> float:
    """Return the share of the negatives that is selected, which the other three rates fix.

    Parameters
    ----------
    base_rate : float
        Share of positives in the group, above 0 and below 1.
    precision : float
        Share of positives among the selected, above 0.
    recall : float
        Share of the positives that is selected.

    Returns
    -------
    float
        The false positive rate, between 0 and 1.

    Raises
    ------
    ValueError
        If a rate is out of range, or no decision can have the three together.
    """
    rates = {"base_rate": base_rate, "precision": precision, "recall": recall}
    for name, rate in rates.items():
        if not isinstance(rate, Real) or not 0 <= rate <= 1:
            raise ValueError(f"{name} must be between 0 and 1, got {rate!r}")
    base, right, found = (float(rate) for rate in rates.values())
    if base in (0, 1) or right == 0:
        raise ValueError("base_rate must be above 0 and below 1, and precision above 0")
    implied = base / (1 - base) * found * (1 - right) / right
    if implied > 1 + 1e-9:  # three rounded rates may imply a bit more than all
        raise ValueError("precision is too low: so many false positives do not exist")
    return min(implied, 1.0)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    scores = {
        "A": rng.beta(2, 4, 200_000),
        "B": rng.beta(3, 3, 200_000),
        "C, narrow": rng.beta(30, 30, 200_000),
    }
    for name, score in scores.items():
        truth, selected = rng.random(score.size) < score, score > 0.5  # calibrated by construction
        precision, recall = truth[selected].mean(), selected[truth].mean()
        print(
            f"group {name}: base rate {truth.mean():.0%}, recall {recall:.0%}, "
            f"false positives {selected[~truth].mean():.0%}, precision {precision:.0%}"
        )
        #> group A: base rate 33%, recall 34%, false positives 11%, precision 61%
        #> group B: base rate 50%, recall 66%, false positives 35%, precision 66%
        #> group C, narrow: base rate 50%, recall 55%, false positives 45%, precision 55%

    for precision in (0.7, 1.0):
        low, high = (implied_false_positive_rate(base, precision, 0.6) for base in (0.2, 0.5))
        print(
            f"precision {precision:.0%}, recall 60%: false positive rate {low:.1%} "
            f"at a base rate of 20%, {high:.1%} at 50%"
        )
        #> precision 70%, recall 60%: false positive rate 6.4% at a base rate of 20%, 25.7% at 50%
        #> precision 100%, recall 60%: false positive rate 0.0% at a base rate of 20%, 0.0% at 50%
    one, other = (base * 0.7 / (base * 0.7 + (1 - base) * 0.2) for base in (1 / 3, 1 / 2))
    print(f"recall 70%, false positives 20% in both: precision {one:.2f} and {other:.2f}")
    #> recall 70%, false positives 20% in both: precision 0.64 and 0.78
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    for name, base in (("A", 0.1), ("B", 0.4)):
        rate = implied_false_positive_rate(base, precision=0.8, recall=0.7)
        print(f"healthy people of group {name} who are worried: {rate:.1%}")
        #> healthy people of group A who are worried: 1.9%
        #> healthy people of group B who are worried: 11.7%
    # --8<-- [end:solution]
