# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Solution: how many first loans a new segment needs, and what they cost if it is a bad one.

Page: docs/data/explore-on-purpose.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from scipy.stats import binom

    earned, lost = 45, 55
    threshold = lost / (earned + lost)
    price = lost * 0.6 - earned * 0.4
    for loans in (5, 10, 20, 40, 60):
        repaid = np.arange(loans + 1)
        locked_out = binom.pmf(repaid[repaid / loans < threshold], loans, 0.7).sum()
        print(
            f"{loans} first loans: a good segment is locked out in {locked_out:.1%}, "
            f"a bad one costs {price * loans:,.0f} euros"
        )
        #> 5 first loans: a good segment is locked out in 16.3%, a bad one costs 75 euros
        #> 10 first loans: a good segment is locked out in 15.0%, a bad one costs 150 euros
        #> 20 first loans: a good segment is locked out in 4.8%, a bad one costs 300 euros
        #> 40 first loans: a good segment is locked out in 1.5%, a bad one costs 600 euros
        #> 60 first loans: a good segment is locked out in 0.5%, a bad one costs 900 euros
    # --8<-- [end:demo]
