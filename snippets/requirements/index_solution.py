# /// script
# requires-python = ">=3.11"
# dependencies = ["scikit-learn>=1.6"]
# ///
"""Solution: how often two runs of one forest differ by as much as the reported gain.

Page: docs/requirements/index.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    from itertools import combinations

    from sklearn.datasets import load_digits
    from sklearn.ensemble import RandomForestClassifier

    inputs, labels = load_digits(return_X_y=True)
    scores = []
    for seed in range(20):
        forest = RandomForestClassifier(15, random_state=seed).fit(inputs[:1_297], labels[:1_297])
        scores.append(forest.score(inputs[1_297:], labels[1_297:]))
    gaps = [abs(one - other) for one, other in combinations(scores, 2)]
    share = sum(gap >= 0.005 for gap in gaps) / len(gaps)
    print(f"{share:.0%} of pairs of the same forest differ by 0.5 points or more")
    #> 64% of pairs of the same forest differ by 0.5 points or more
    # --8<-- [end:demo]
