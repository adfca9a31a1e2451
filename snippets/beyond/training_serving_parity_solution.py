# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: how many random rows notice a change that touches few of them.

Page: docs/beyond/training-serving-parity.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    touched, missed = 0.02, 0.05
    rows = int(np.ceil(np.log(missed) / np.log(1 - touched)))
    print(f"{rows} random rows notice it in {1 - (1 - touched) ** rows:.1%} of the cases")
    #> 149 random rows notice it in 95.1% of the cases
    # --8<-- [end:demo]
