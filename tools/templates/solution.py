# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: how good the best of fifty guessing models looks on a thousand rows.

Page: docs/my_section/my-page.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    models, rows = 50, 1_000
    right = np.random.default_rng(0).binomial(rows, 0.5, size=models)
    print(f"the best of {models} guessing models is right in {right.max() / rows:.0%}")
    # --8<-- [end:demo]
