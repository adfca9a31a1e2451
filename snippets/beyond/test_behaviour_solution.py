# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: a limit that was left behind for one channel, and the cases beside it.

Page: docs/beyond/test-behaviour.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    def approved(debt, limits):  # in each channel
        risk = 1 / (1 + np.exp(-0.1 * (debt - 40)))
        return risk < np.array(list(limits.values()))

    configurations = {
        "a limit of 0.2": {"branch": 0.2, "partner": 0.2},
        "the partner left at 0.5": {"branch": 0.2, "partner": 0.5},
    }
    cases = {"far from the limit": (0, 90), "beside the limit": (25, 28)}  # a yes, a no
    for name, limits in configurations.items():
        for where, (yes, no) in cases.items():
            wrong = ~approved(yes, limits) | approved(no, limits)
            print(f"{name}, cases {where}: {wrong.sum()} of {len(limits)} channels wrong")
            #> a limit of 0.2, cases far from the limit: 0 of 2 channels wrong
            #> a limit of 0.2, cases beside the limit: 0 of 2 channels wrong
            #> the partner left at 0.5, cases far from the limit: 0 of 2 channels wrong
            #> the partner left at 0.5, cases beside the limit: 1 of 2 channels wrong
    # --8<-- [end:demo]
