# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Solution: two columns that give the group away only together.

Page: docs/fairness/what-the-label-means.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score

    rng = np.random.default_rng(0)
    columns = rng.normal(size=(2_000, 2))
    noise = rng.normal(scale=0.3, size=2_000)
    member = (columns[:, 0] * columns[:, 1] > noise).astype(int)
    forest = RandomForestClassifier(50, min_samples_leaf=10, random_state=0)
    for name, model in (("logistic regression", LogisticRegression()), ("forest", forest)):
        auc = cross_val_score(model, columns, member, cv=5, scoring="roc_auc").mean()
        print(f"{name} on both columns: tells the group with an AUC of {auc:.2f}")
        #> logistic regression on both columns: tells the group with an AUC of 0.50
        #> forest on both columns: tells the group with an AUC of 0.92
    # --8<-- [end:demo]
