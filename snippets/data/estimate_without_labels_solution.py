# /// script
# requires-python = ">=3.11"
# dependencies = ["scipy>=1.13"]
# ///
"""Solution: how many labels tell a label shift from a covariate shift.

Page: docs/data/estimate-without-labels.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    from scipy.stats import binom

    label_shift, covariate_shift, risk = 0.11, 0.32, 0.05
    rows = most = 0
    while binom.cdf(most, rows, covariate_shift) > risk:
        rows += 1
        most = int(binom.ppf(1 - risk, rows, label_shift))
    wrong = binom.sf(most, rows, label_shift), binom.cdf(most, rows, covariate_shift)
    print(f"BBSE {label_shift:.0%}, mean score {covariate_shift:.0%}: label {rows} random rows")
    #> BBSE 11%, mean score 32%: label 42 random rows
    print(f"label shift, if at most {most} positives: mistaken in {wrong[0]:.1%} or {wrong[1]:.1%}")
    #> label shift, if at most 8 positives: mistaken in 3.6% or 4.7%
    # --8<-- [end:demo]
