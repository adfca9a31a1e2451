# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: one false alarm a month over forty features, with uneven sample sizes.

Page: docs/data/drift-threshold.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    rng = np.random.default_rng(0)
    reference_rows, current_rows, bins = 5_000, 500, 10
    features, days = 40, 30
    shares = np.full(bins, 1 / bins)
    then = np.maximum(rng.multinomial(reference_rows, shares, 200_000) / reference_rows, 0.0001)
    now = np.maximum(rng.multinomial(current_rows, shares, 200_000) / current_rows, 0.0001)
    stable = np.sum((now - then) * np.log(now / then), axis=1)
    comparisons = features * days
    threshold = np.quantile(stable, 1 - 1 / comparisons)
    print(f"{comparisons:,} comparisons a month: alarm above {threshold:.2f}")
    #> 1,200 comparisons a month: alarm above 0.06
    # --8<-- [end:demo]
