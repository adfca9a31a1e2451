# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Solution: the common recall that costs least, for normal scores.

Page: docs/fairness/mitigate.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from scipy.stats import norm

    share, base_rate = np.array([0.7, 0.3]), np.array([0.5, 0.35])
    print(f"base rates: {base_rate[0]:.0%} and {base_rate[1]:.0%}")
    #> base rates: 50% and 35%
    threshold = np.linspace(-2, 4, 601)[:, None]

    def value(recall, false_positive_rate):
        return 1_000 * share * (base_rate * recall - (1 - base_rate) * false_positive_rate)

    free = value(norm.sf(threshold - 1.5), norm.sf(threshold))
    common = free.sum(axis=1)
    best = common.argmax()
    print(
        f"each group at its own best threshold: value {free.max(axis=0).sum():.0f} per 1,000 rows"
    )
    #> each group at its own best threshold: value 234 per 1,000 rows
    print(
        f"best common recall: {norm.sf(threshold[best, 0] - 1.5):.0%}, "
        f"value {common[best]:.0f} per 1,000 rows"
    )
    #> best common recall: 74%, value 230 per 1,000 rows
    # --8<-- [end:demo]
