# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13", "scikit-learn>=1.6"]
# ///
"""Solution: a changed correlation, seen by a classifier that tells old rows from new.

Page: docs/data/index.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from scipy.stats import ks_2samp
    from sklearn.model_selection import cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    rng = np.random.default_rng(0)
    then = rng.normal(size=(10_000, 2))
    is_new = np.repeat([0, 1], 10_000)
    for name, correlation in (("stable", 0.0), ("correlated", 0.7)):
        now = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], 10_000)
        distance = max(ks_2samp(*pair, method="asymp").statistic for pair in zip(then.T, now.T))
        old_from_new = DecisionTreeClassifier(min_samples_leaf=200, random_state=0)
        auc = cross_val_score(
            old_from_new, np.vstack([then, now]), is_new, scoring="roc_auc"
        ).mean()
        print(
            f"{name} rows: largest distance of a column {distance:.2f}, AUC of old from new {auc:.2f}"
        )
        #> stable rows: largest distance of a column 0.01, AUC of old from new 0.50
        #> correlated rows: largest distance of a column 0.01, AUC of old from new 0.70
    # --8<-- [end:demo]
