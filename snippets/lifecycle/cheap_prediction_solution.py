# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: a cascade lowers the mean and the median, and raises the tail.

Page: docs/lifecycle/cheap-prediction.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    cheap, expensive = 2, 20
    passed_on = np.random.default_rng(0).random(100_000) < 0.15
    latencies = cheap + expensive * passed_on
    median, p99 = np.quantile(latencies, (0.5, 0.99))
    print(
        f"cascade, {passed_on.mean():.0%} passed on: mean {latencies.mean():.0f} ms, "
        f"median {median:.0f} ms, p99 {p99:.0f} ms"
    )
    #> cascade, 15% passed on: mean 5 ms, median 2 ms, p99 22 ms
    print(f"expensive model alone: {expensive} ms for everybody")
    #> expensive model alone: 20 ms for everybody
    print(f"the mean breaks even with {1 - cheap / expensive:.0%} passed on")
    #> the mean breaks even with 90% passed on
    # --8<-- [end:demo]
