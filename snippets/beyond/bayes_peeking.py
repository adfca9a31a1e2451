# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""How often a posterior probability is wrong when somebody looks until it is high.

Page: docs/beyond/run-an-experiment.md
Source: two arms with a flat prior each, Beta posteriors by their normal approximation
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from scipy.stats import norm

    rng = np.random.default_rng(0)
    for looks in (1, 5, 20, 100):
        users = 10_000 // looks * np.arange(1, looks + 1)
        bought = rng.binomial(10_000 // looks, 0.1, size=(10_000, 2, looks)).cumsum(axis=2)
        mean = (bought + 1) / (users + 2)
        variance = mean * (1 - mean) / (users + 3)
        better = norm.cdf((mean[:, 1] - mean[:, 0]) / np.sqrt(variance.sum(axis=1)))
        wrong = ((better > 0.95) | (better < 0.05)).any(axis=1).mean()
        print(f"{looks} looks, stop above 95% either way: {wrong:.0%} of the equal arms differ")
        #> 1 looks, stop above 95% either way: 10% of the equal arms differ
        #> 5 looks, stop above 95% either way: 26% of the equal arms differ
        #> 20 looks, stop above 95% either way: 42% of the equal arms differ
        #> 100 looks, stop above 95% either way: 58% of the equal arms differ
    # --8<-- [end:demo]
