# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""A category encoded by the mean of its outcomes, before cross-validation and inside its folds.

Page: docs/data/join-as-of.md
Source: TargetEncoder of scikit-learn
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import TargetEncoder

    rng = np.random.default_rng(0)
    np.random.seed(0)  # for the folds of the encoder, whose random_state is deprecated
    coin, model = rng.integers(0, 2, 2_000), LogisticRegression()
    for levels in (2, 1_000):
        shop = rng.integers(0, levels, (2_000, 1))
        encoder = TargetEncoder()
        before = encoder.fit(shop, coin).transform(shop)
        inside = make_pipeline(encoder, model)
        for said, features, run in (("before", before, model), ("inside", shop, inside)):
            auc = cross_val_score(run, features, coin, scoring="roc_auc").mean()
            print(f"{levels:,} shops that say nothing, encoded {said} the folds: AUC {auc:.2f}")
            #> 2 shops that say nothing, encoded before the folds: AUC 0.50
            #> 2 shops that say nothing, encoded inside the folds: AUC 0.49
            #> 1,000 shops that say nothing, encoded before the folds: AUC 0.88
            #> 1,000 shops that say nothing, encoded inside the folds: AUC 0.52
    # --8<-- [end:demo]
