# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Solution: a constraint on one feature says nothing about another.

Page: docs/interpretability/monotone-constraints.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(0)
    income, debt = rng.normal(3.0, 1.0, (2, 3_000))
    late, history = rng.poisson(0.6, 3_000), rng.gamma(2, 4, 3_000)
    inputs = np.column_stack([income, debt, late, history])
    log_odds = inputs @ [-0.8, 0.7, 0.5, -0.05] - 0.7
    defaulted = log_odds > rng.logistic(size=3_000)
    forest = RandomForestClassifier(
        50, min_samples_leaf=5, monotonic_cst=[-1, 0, 0, 0], random_state=0
    ).fit(inputs[:1_000], defaulted[:1_000])
    before = forest.predict_proba(inputs[1_000:])[:, 1]
    for name, raised, direction in (("income", [1, 0, 0, 0], -1), ("debt", [0, 1, 0, 0], 1)):
        after = forest.predict_proba(inputs[1_000:] + 0.25 * np.array(raised))[:, 1]
        wrong = np.mean((after - before) * direction < -1e-9)
        print(f"one constraint of the two: violations by {name} {wrong:.0%}")
        #> one constraint of the two: violations by income 0%
        #> one constraint of the two: violations by debt 32%
    # --8<-- [end:demo]
