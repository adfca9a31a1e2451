# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Solution: how many rows decide whether a ratio is below four fifths.

Page: docs/fairness/audit-groups.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from scipy.stats import norm

    rates = np.array([0.40, 0.28])
    print(f"the pilot selects {rates[0]:.0%} of the reference, {rates[1]:.0%} of the other group")
    #> the pilot selects 40% of the reference, 28% of the other group
    for rows in (50, 100, 200, 400, 800, 1_000):
        hits = rates * rows + 0.5
        reach = norm.isf(0.025) * np.sqrt(np.sum(1 / hits - 1 / (rows + 0.5)))
        low, high = hits[1] / hits[0] * np.exp([-reach, reach])
        verdict = "below" if high < 0.8 else "undecided"
        print(f"{rows:,} rows a group: ratio 0.70, {low:.2f} to {high:.2f}: {verdict}")
        #> 50 rows a group: ratio 0.70, 0.41 to 1.22: undecided
        #> 100 rows a group: ratio 0.70, 0.48 to 1.04: undecided
        #> 200 rows a group: ratio 0.70, 0.53 to 0.93: undecided
        #> 400 rows a group: ratio 0.70, 0.58 to 0.85: undecided
        #> 800 rows a group: ratio 0.70, 0.61 to 0.81: undecided
        #> 1,000 rows a group: ratio 0.70, 0.62 to 0.79: below
    # --8<-- [end:demo]
