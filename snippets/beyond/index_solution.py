# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Solution: a near-copy of a column takes half of its weight, and the accuracy stays.

Page: docs/beyond/index.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    income, debt = rng.normal(size=(2, 2_000))
    repaid = 1.5 * income - debt > rng.logistic(size=2_000)
    alone = np.column_stack([income, debt])
    copies = np.column_stack([alone, income + rng.normal(scale=0.01, size=2_000)])
    first = LogisticRegression().fit(alone, repaid)
    second = LogisticRegression().fit(copies, repaid)
    weights = first.coef_[0, 0], second.coef_[0, 0]
    print(f"weight of income: {weights[0]:.2f} alone, {weights[1]:.2f} beside its copy")
    #> weight of income: 1.44 alone, 0.72 beside its copy
    accuracy = first.score(alone, repaid), second.score(copies, repaid)
    print(f"accuracy: {accuracy[0]:.1%} alone, {accuracy[1]:.1%} beside its copy")
    #> accuracy: 74.0% alone, 73.9% beside its copy
    copies[:, 2] = 0
    print(f"accuracy, copy switched off: {second.score(copies, repaid):.1%}")
    #> accuracy, copy switched off: 73.1%
    # --8<-- [end:demo]
