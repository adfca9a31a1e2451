# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""The population stability index in two calls of scipy's entropy.

Page: docs/data/drift-threshold.md
Source: scipy.stats.entropy; PSI is the Kullback-Leibler divergence, taken in both directions
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from scipy.stats import entropy

    rng = np.random.default_rng(0)
    reference, current = rng.normal(size=5_000), rng.normal(0.3, 1, size=5_000)
    edges = [-np.inf, *np.quantile(reference, np.arange(1, 10) / 10), np.inf]
    then, now = np.histogram(reference, edges)[0], np.histogram(current, edges)[0]
    psi = entropy(then, now) + entropy(now, then)
    print(f"PSI of a shift by 0.3 standard deviations: {psi:.3f}")
    #> PSI of a shift by 0.3 standard deviations: 0.108
    # --8<-- [end:demo]
