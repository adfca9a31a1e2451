# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Solution: what a copy of the best feature does to its permutation importance.

Page: docs/interpretability/read-importances.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(2_000, 3))
    target = (3 * inputs[:, 0] + inputs[:, 1] > rng.logistic(size=2_000)).astype(int)

    def drop(table, columns):
        train, test = table[:1_000], table[1_000:]
        forest = RandomForestClassifier(30, max_features=1, min_samples_leaf=5, random_state=0)
        forest.fit(train, target[:1_000])
        permuted = test.copy()
        permuted[:, columns] = test[rng.permutation(1_000)][:, columns]
        return forest.score(test, target[1_000:]) - forest.score(permuted, target[1_000:])

    twice = np.column_stack([inputs, inputs[:, 0]])
    print(f"best feature, without a copy: {drop(inputs, [0]):.2f}")
    #> best feature, without a copy: 0.29
    print(f"best feature, beside its copy: {drop(twice, [0]):.2f}")
    #> best feature, beside its copy: 0.13
    print(f"best feature and copy, permuted together: {drop(twice, [0, 3]):.2f}")
    #> best feature and copy, permuted together: 0.31
    # --8<-- [end:demo]
