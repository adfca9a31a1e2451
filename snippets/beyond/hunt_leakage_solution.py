# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Solution: rows copied before the split, with labels that mean nothing.

Page: docs/beyond/hunt-leakage.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.metrics import recall_score
    from sklearn.model_selection import StratifiedKFold
    from sklearn.tree import DecisionTreeClassifier

    rng = np.random.default_rng(0)
    features, fraud = rng.normal(size=(2_000, 5)), np.arange(2_000) % 20 == 0
    tree = DecisionTreeClassifier(random_state=0)

    def copied(rows: np.ndarray) -> np.ndarray:
        return np.r_[rows, np.repeat(rows[fraud[rows]], 18)]

    everything = copied(np.arange(2_000))
    for order in ("copied, then split", "split, then copied"):
        rows = everything if order == "copied, then split" else np.arange(2_000)
        found = []
        for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(
            rows, fraud[rows]
        ):
            train, test = rows[train], rows[test]
            train = train if rows is everything else copied(train)
            tree.fit(features[train], fraud[train])
            found.append(recall_score(fraud[test], tree.predict(features[test])))
        print(f"{order}: {np.mean(found):.0%} of the frauds found")
        #> copied, then split: 100% of the frauds found
        #> split, then copied: 4% of the frauds found
    # --8<-- [end:demo]
