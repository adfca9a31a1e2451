# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Solution: a glass box that is told about the interaction.

Page: docs/interpretability/index.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures

    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(600, 4))
    target = (4 * inputs[:, 0] * inputs[:, 1] > rng.logistic(size=600)).astype(int)
    products = PolynomialFeatures(interaction_only=True, include_bias=False)
    models = {
        "linear": LogisticRegression(),
        "linear with products": make_pipeline(products, LogisticRegression()),
        "forest": RandomForestClassifier(20, random_state=0),
    }
    for name, model in models.items():
        print(f"{name}: accuracy {cross_val_score(model, inputs, target).mean():.0%}")
        #> linear: accuracy 48%
        #> linear with products: accuracy 80%
        #> forest: accuracy 76%
    largest = make_pipeline(products, LogisticRegression()).fit(inputs, target)
    names = products.fit(inputs).get_feature_names_out(list("abcd"))
    effects = largest[-1].coef_[0]
    place = np.abs(effects).argmax()
    print(f"largest coefficient: {names[place]}, {effects[place]:.1f}")
    #> largest coefficient: a b, 3.8
    # --8<-- [end:demo]
