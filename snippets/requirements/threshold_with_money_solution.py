# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: the break-even risk of a loan, with and without a fixed cost.

Page: docs/requirements/threshold-with-money.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    for fee in (0, 20):
        for amount in (100, 500, 5_000):
            margin, loss = 0.10 * amount - fee, 0.60 * amount + fee
            risk = np.clip(margin / (margin + loss), 0, 1)  # declining forgoes the margin
            print(f"fixed cost of {fee} euros, loan of {amount:,}: decline above {risk:.1%}")
            #> fixed cost of 0 euros, loan of 100: decline above 14.3%
            #> fixed cost of 0 euros, loan of 500: decline above 14.3%
            #> fixed cost of 0 euros, loan of 5,000: decline above 14.3%
            #> fixed cost of 20 euros, loan of 100: decline above 0.0%
            #> fixed cost of 20 euros, loan of 500: decline above 8.6%
            #> fixed cost of 20 euros, loan of 5,000: decline above 13.7%
    # --8<-- [end:demo]
