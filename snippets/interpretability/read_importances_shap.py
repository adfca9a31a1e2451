# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6", "shap>=0.47"]
# ///
"""Mean SHAP values of a model that has learned something, and of one that has not.

Page: docs/interpretability/read-importances.md
Source: LinearExplainer of shap
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    import shap
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    inputs, target = load_breast_cancer(return_X_y=True)
    inputs = StandardScaler().fit_transform(inputs)
    shuffled = np.random.default_rng(1).permutation(target)
    for name, labels in (("true labels", target), ("shuffled labels", shuffled)):
        train, test, known, new = train_test_split(inputs, labels, test_size=0.4, random_state=0)
        model = LogisticRegression().fit(train, known)
        masker = shap.maskers.Independent(train, max_samples=len(train))
        mean = np.abs(shap.LinearExplainer(model, masker).shap_values(test)).mean(axis=0)
        print(
            f"shap, {name}: accuracy {model.score(test, new):.0%}, "
            f"largest mean SHAP value {mean.max():.1f}"
        )
        #> shap, true labels: accuracy 98%, largest mean SHAP value 1.0
        #> shap, shuffled labels: accuracy 65%, largest mean SHAP value 0.6
    # --8<-- [end:demo]
