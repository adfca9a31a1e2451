# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: what changing the first reason would do.

Page: docs/interpretability/reason-codes.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    rng = np.random.default_rng(0)
    income, debt = rng.normal(3.0, 1.0, 5_000), rng.normal(3.0, 1.4, 5_000)
    late, history = rng.poisson(0.6, 5_000), rng.gamma(2, 4, 5_000)
    applicants = np.column_stack([income, debt, late, history])
    shares = (applicants - applicants.mean(axis=0)) * [-0.8, 0.7, 0.7, -0.1]
    odds = shares.sum(axis=1)
    cut = np.quantile(odds, 0.7)
    declined = odds > cut
    largest = np.sort(shares[declined], axis=1)[:, ::-1]
    for reasons in (1, 2, 3):
        after = odds[declined] - np.maximum(largest[:, :reasons], 0).sum(axis=1)
        print(f"first {reasons} reason(s) at the average: {np.mean(after <= cut):.0%} approved")
        #> first 1 reason(s) at the average: 69% approved
        #> first 2 reason(s) at the average: 95% approved
        #> first 3 reason(s) at the average: 100% approved
    # --8<-- [end:demo]
