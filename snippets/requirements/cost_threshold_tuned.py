# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""One threshold for all rows, tuned on labelled rows by scikit-learn.

Page: docs/requirements/threshold-with-money.md
Source: TunedThresholdClassifierCV of scikit-learn
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import make_scorer
    from sklearn.model_selection import TunedThresholdClassifierCV

    def saved(fraud, reviewed):  # one cost for every missed fraud: scorers see no amounts
        return -5 * np.sum(reviewed) - 90 * np.sum((fraud == 1) & (reviewed == 0))

    print(f"break-even for a fraud of 90 euros: {5 / 90:.1%}")
    #> break-even for a fraud of 90 euros: 5.6%
    for seed in range(4):
        inputs, fraud = make_classification(
            6_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=seed
        )
        tuned = TunedThresholdClassifierCV(LogisticRegression(), scoring=make_scorer(saved))
        print(f"tuned threshold, sample {seed}: {tuned.fit(inputs, fraud).best_threshold_:.1%}")
        #> tuned threshold, sample 0: 11.1%
        #> tuned threshold, sample 1: 6.8%
        #> tuned threshold, sample 2: 9.1%
        #> tuned threshold, sample 3: 6.8%
    # --8<-- [end:demo]
