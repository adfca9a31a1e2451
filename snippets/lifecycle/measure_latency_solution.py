# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: the p99 of two replicas is not the mean of their p99.

Page: docs/lifecycle/measure-latency.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    rng = np.random.default_rng(0)
    busy, idle = 20 + rng.exponential(100, 90_000), 20 + rng.exponential(10, 10_000)
    tails = [np.quantile(replica, 0.99) for replica in (busy, idle)]
    together = np.quantile(np.concatenate([busy, idle]), 0.99)
    print(f"p99 of the busy replica {tails[0]:.0f} ms, of the idle one {tails[1]:.0f} ms")
    #> p99 of the busy replica 477 ms, of the idle one 66 ms
    print(f"mean of the two p99: {np.mean(tails):.0f} ms")
    #> mean of the two p99: 271 ms
    print(f"p99 of all requests: {together:.0f} ms")
    #> p99 of all requests: 468 ms
    # --8<-- [end:demo]
