# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""The gain of one model over another on the same test rows, with an interval and a test.

Page: docs/requirements/real-gain.md
Source: McNemar's exact test; the interval of D. G. Bonett and R. M. Price for paired shares
Task: compare two models on the same test rows
Graduate to: statsmodels
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binomtest, norm


def paired_gain(
    old_correct: ArrayLike, new_correct: ArrayLike, confidence: float = 0.95
) -> dict[str, float]:
    """Compare two models where they disagree; the rows they agree on say nothing.

    Parameters
    ----------
    old_correct, new_correct : array-like of shape (n,)
        1 or True where the model is right, for the same rows in the same order.
    confidence : float
        Share of intervals that hold the true gain, between 0 and 1.

    Returns
    -------
    dict
        ``gain`` in accuracy, from -1 to 1; its interval from ``low`` to ``high``;
        ``disagreement``, the share of rows that one of the two has right; ``p_value``
        of McNemar's exact test.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds anything but 0 and 1, or the lengths differ.
    """
    correct = {"old_correct": np.asarray(old_correct), "new_correct": np.asarray(new_correct)}
    for name, values in correct.items():
        if values.dtype.kind not in "biuf":
            raise TypeError(f"{name} must hold 0 and 1, got {values.dtype}")
        if values.ndim != 1 or not values.size or not ((values == 0) | (values == 1)).all():
            raise ValueError(f"{name} must be one-dimensional, not empty, and 0 or 1 everywhere")
    old, new = (values.astype(bool) for values in correct.values())
    if old.size != new.size:
        raise ValueError("old_correct and new_correct must have the same length")
    if not isinstance(confidence, Real) or not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence!r}")

    won, lost, rows = int(np.sum(new & ~old)), int(np.sum(old & ~new)), old.size
    up, down = (won + 1) / (rows + 2), (lost + 1) / (rows + 2)
    reach = norm.isf((1 - confidence) / 2) * np.sqrt((up + down - (up - down) ** 2) / (rows + 2))
    return {
        "gain": (won - lost) / rows,
        "low": float(max(up - down - reach, -1)),
        "high": float(min(up - down + reach, 1)),
        "disagreement": (won + lost) / rows,
        "p_value": float(binomtest(won, won + lost).pvalue) if won + lost else 1.0,
    }


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    old_right = np.repeat([True, True, False, False], [9_400, 95, 105, 400])
    new_right = np.repeat([True, False, True, False], [9_400, 95, 105, 400])
    found = paired_gain(old_right, new_right)
    print(
        f"105 rows won, 95 lost of 10,000: gain {100 * found['gain']:.1f} points, "
        f"from {100 * found['low']:.2f} to {100 * found['high']:.2f}, p = {found['p_value']:.2f}"
    )
    #> 105 rows won, 95 lost of 10,000: gain 0.1 points, from -0.18 to 0.38, p = 0.52
    for rows in (10_000, 156_976):
        for gain in (0, 0.001):
            won, lost = (0.02 + gain) / 2, (0.02 - gain) / 2
            significant = []
            for _ in range(150):
                counts = rng.multinomial(rows, [0.94, lost, won, 0.04])
                old, new = (np.repeat(right, counts) for right in ([1, 1, 0, 0], [1, 0, 1, 0]))
                significant.append(paired_gain(old, new)["p_value"] < 0.05)
            print(
                f"{rows:,} rows, true gain {100 * gain:.1f} points: "
                f"significant in {np.mean(significant):.0%} of the comparisons"
            )
            #> 10,000 rows, true gain 0.0 points: significant in 3% of the comparisons
            #> 10,000 rows, true gain 0.1 points: significant in 12% of the comparisons
            #> 156,976 rows, true gain 0.0 points: significant in 3% of the comparisons
            #> 156,976 rows, true gain 0.1 points: significant in 77% of the comparisons
    # --8<-- [end:demo]
