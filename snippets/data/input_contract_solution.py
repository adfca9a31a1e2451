# /// script
# requires-python = ">=3.11"
# dependencies = ["scipy>=1.13"]
# ///
"""Solution: clean days that a strict range rejects, and the rows that a contract allows.

Page: docs/data/input-contract.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    from scipy.stats import betabinom

    trained, batch, features = 20_000, 500, 40
    # The two extremes of all rows are in the training table: choose two of them there.
    total = trained + batch
    inside = trained * (trained - 1) / (total * (total - 1))
    print(f"strict range, one feature: rejects {1 - inside:.1%} of clean days")
    #> strict range, one feature: rejects 4.8% of clean days
    print(f"strict range, {features} features: rejects {1 - inside**features:.0%} of clean days")
    #> strict range, 40 features: rejects 86% of clean days
    most = betabinom.isf(0.01 / features, batch, 2, trained - 1)
    print(f"allow {most:.0f} rows outside the range for 1% of clean days")
    #> allow 2 rows outside the range for 1% of clean days
    # --8<-- [end:demo]
