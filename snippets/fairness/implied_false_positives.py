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
    if base_rate in (0, 1) or precision == 0:
        raise ValueError("base_rate must be above 0 and below 1, and precision above 0")
    rate = base_rate / (1 - base_rate) * (1 - precision) / precision * recall
    if rate > 1:
        raise ValueError("precision is too low: so many false positives do not exist")
    return float(rate)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    people = {
        "A": rng.beta(2, 4, 100_000),
        "B": rng.beta(3, 3, 100_000),
        "C": rng.beta(3, 3, 100_000),
    }
    for name, score in people.items():
        truth, selected = rng.random(score.size) < score, score > 0.5
        precision, recall = truth[selected].mean(), selected[truth].mean()
        implied = implied_false_positive_rate(truth.mean(), precision, recall)
        print(
            f"group {name}: base rate {truth.mean():.0%}, "
            f"precision {precision:.0%}, recall {recall:.0%}, "
            f"false positive rate {selected[~truth].mean():.0%}, implied {implied:.0%}"
        )
        #> group A: base rate 33%, precision 61%, recall 34%, false positive rate 11%, implied 11%
        #> group B: base rate 50%, precision 65%, recall 66%, false positive rate 34%, implied 34%
        #> group C: base rate 50%, precision 66%, recall 66%, false positive rate 34%, implied 34%
    for precision in (0.7, 0.9, 1.0):
        rates = [implied_false_positive_rate(base, precision, 0.6) for base in (0.2, 0.5)]
        print(
            f"precision {precision:.0%}, recall 60%: "
            f"false positive rate {rates[0]:.1%} at a base rate of 20%, {rates[1]:.1%} at 50%"
        )
        #> precision 70%, recall 60%: false positive rate 6.4% at a base rate of 20%, 25.7% at 50%
        #> precision 90%, recall 60%: false positive rate 1.7% at a base rate of 20%, 6.7% at 50%
        #> precision 100%, recall 60%: false positive rate 0.0% at a base rate of 20%, 0.0% at 50%
    # --8<-- [end:demo]
