# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6", "mapie>=1.3"]
# ///
"""The same sets with mapie.

Page: docs/beyond/honest-probabilities.md
Source: SplitConformalClassifier of mapie, with its score "lac"
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from mapie.classification import SplitConformalClassifier
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    pictures, digits = load_digits(return_X_y=True)
    fitting, rest, fitting_digits, rest_digits = train_test_split(
        pictures, digits, test_size=0.6, random_state=0
    )
    held_out, test = np.array_split(np.arange(len(rest)), 2)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
    model.fit(fitting, fitting_digits)
    conformal = SplitConformalClassifier(
        model, confidence_level=0.95, conformity_score="lac", prefit=True, random_state=0
    ).conformalize(rest[held_out], rest_digits[held_out])
    sets = conformal.predict_set(rest[test])[1][:, :, 0]
    covered = sets[np.arange(len(test)), rest_digits[test]].mean()
    size = sets.sum(axis=1).mean()
    print(f"mapie, no shift, promised 95%: covered {covered:.1%}, {size:.2f} digits a set")
    #> mapie, no shift, promised 95%: covered 96.5%, 0.99 digits a set
    # --8<-- [end:demo]
