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

    found = []
    for sample in range(6):
        inputs, fraud = make_classification(
            9_000, n_features=12, n_informative=6, weights=[0.95], flip_y=0.02, random_state=sample
        )
        known, live = slice(0, 4_000), slice(4_000, None)
        tuned = TunedThresholdClassifierCV(LogisticRegression(), scoring=make_scorer(saved))
        tuned.fit(inputs[known], fraud[known])
        risk = tuned.estimator_.predict_proba(inputs[live])[:, 1]
        costs = [-saved(fraud[live], risk > cut) for cut in (tuned.best_threshold_, 5 / 90)]
        small = (risk > 0.04) & (risk < 0.08)
        found.append(
            [tuned.best_threshold_ > 5 / 90, costs[0] < costs[1], fraud[live][small].mean()]
        )
    higher, cheaper, share = np.transpose(found)
    print(f"predicted risk of 4% to 8%: {np.median(share):.1%} are fraud, in the median sample")
    #> predicted risk of 4% to 8%: 3.5% are fraud, in the median sample
    print(f"tuned threshold above the break-even of {5 / 90:.1%}: {higher.sum():.0f} of 6 samples")
    #> tuned threshold above the break-even of 5.6%: 5 of 6 samples
    print(f"tuned threshold cheaper on fresh rows: {cheaper.sum():.0f} of 6 samples")
    #> tuned threshold cheaper on fresh rows: 5 of 6 samples
    # --8<-- [end:demo]
