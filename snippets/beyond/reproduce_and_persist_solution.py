# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Solution: independent seeds for folds and repeats, all of them from one number.

Page: docs/beyond/reproduce-and-persist.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedKFold

    inputs, labels = load_breast_cancer(return_X_y=True)

    def scores(seed):
        folds = StratifiedKFold(5, shuffle=True, random_state=seed).split(inputs, labels)
        seeds = np.random.SeedSequence(seed).generate_state(5)
        for (train, test), own in zip(folds, seeds):
            forest = RandomForestClassifier(10, random_state=int(own))
            forest.fit(inputs[train], labels[train])
            yield int(own), forest.score(inputs[test], labels[test])

    first, second = list(scores(7)), list(scores(7))
    print(f"seeds in 5 folds: {len({own for own, _ in first})}")
    #> seeds in 5 folds: 5
    print(f"the whole cross-validation again: the same scores: {first == second}")
    #> the whole cross-validation again: the same scores: True
    # --8<-- [end:demo]
