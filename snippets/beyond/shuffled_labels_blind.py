# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""A leak that uses no labels, and that shuffled labels therefore do not see.

Page: docs/beyond/hunt-leakage.md
Source: leave-one-group-out validation with features centred by group
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_score

    rng = np.random.default_rng(0)
    centre, ill = np.repeat(np.arange(10), 30), rng.integers(0, 2, 300)
    signal = rng.normal(size=(300, 3)) + 0.8 * ill[:, None]
    raw = signal + rng.normal(scale=5, size=(10, 3))[centre]  # each centre has its own level
    means = np.array([raw[centre == one].mean(axis=0) for one in range(10)])
    tables = {"raw": raw, "less the centre's own mean": raw - means[centre]}
    for name, labels in (("real labels", ill), ("shuffled labels", rng.permutation(ill))):
        for what, table in tables.items():
            score = cross_val_score(
                LogisticRegression(), table, labels, cv=LeaveOneGroupOut(), groups=centre
            ).mean()
            print(f"{name}, {what}: accuracy on a new centre {score:.0%}")
            #> real labels, raw: accuracy on a new centre 52%
            #> real labels, less the centre's own mean: accuracy on a new centre 75%
            #> shuffled labels, raw: accuracy on a new centre 56%
            #> shuffled labels, less the centre's own mean: accuracy on a new centre 53%
    # --8<-- [end:demo]
