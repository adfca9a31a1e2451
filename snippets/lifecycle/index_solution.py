# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: how large a batch makes the fixed cost small, and how long it takes to collect.

Page: docs/lifecycle/index.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    fixed, per_row, requests_per_ms = 5, 0.1, 0.5
    rows = np.arange(1, 2_000)
    fixed_share = fixed / (fixed + per_row * rows)
    smallest = rows[fixed_share <= 0.10].min()
    wait = (smallest - 1) / requests_per_ms
    print(f"fixed cost at most 10%: batches of {smallest} rows, collected in {wait:.0f} ms")
    #> fixed cost at most 10%: batches of 450 rows, collected in 898 ms
    million = 1_000_000
    for batch in (1, smallest):
        seconds = million / batch * (fixed + per_row * batch) / 1_000
        print(f"a job of {million:,} rows in batches of {batch}: {seconds:,.0f} s of the machine")
        #> a job of 1,000,000 rows in batches of 1: 5,100 s of the machine
        #> a job of 1,000,000 rows in batches of 450: 111 s of the machine
    # --8<-- [end:demo]
