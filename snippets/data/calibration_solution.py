# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: what a calibrated model seems to do while its loans are young.

Page: docs/data/calibration.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    rng = np.random.default_rng(0)
    score = rng.beta(1, 5, 50_000)
    default = rng.random(score.size) < score
    known_after = rng.uniform(0, 6, score.size)  # months until a default is known
    for age in (2, 4, 6):
        known = (default & (known_after < age)).sum()
        print(
            f"loans {age} months old: observed/expected {known / score.sum():.2f} so far, "
            f"{known / (score * age / 6).sum():.2f} against what is due by then"
        )
        #> loans 2 months old: observed/expected 0.33 so far, 0.99 against what is due by then
        #> loans 4 months old: observed/expected 0.66 so far, 0.99 against what is due by then
        #> loans 6 months old: observed/expected 1.00 so far, 1.00 against what is due by then
    # --8<-- [end:demo]
