# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""How many of the top features two rankings share: over methods, or over resampled training sets.

Page: docs/interpretability/read-importances.md
Source: the overlap of sets
Task: count the top features that two rankings share
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral

import numpy as np
import pandas as pd


def top_overlap(importances: pd.DataFrame, top: int = 5) -> pd.DataFrame:
    """Count the features that each pair of rankings has in common at the top.

    Parameters
    ----------
    importances : DataFrame of shape (features, rankings)
        A column for each method or resampling; larger is more important.
    top : int
        How many features of each column are compared.

    Returns
    -------
    DataFrame of shape (rankings, rankings)
        Numbers of shared features, from 0 to ``top``, which is on the diagonal.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    if not isinstance(importances, pd.DataFrame) or importances.empty:
        raise TypeError("importances must be a DataFrame with rows")
    values = importances.to_numpy()
    if values.dtype.kind not in "biuf" or not np.isfinite(values).all():
        raise ValueError("importances must hold numbers, without NaN or infinity")
    if not isinstance(top, Integral) or not 1 <= top <= len(values):
        raise ValueError(f"top must be a whole number from 1 to {len(values)}, got {top!r}")
    order = np.argsort(-values, axis=0, kind="stable")
    chosen = np.zeros(values.shape, int)
    np.put_along_axis(chosen, order[:top], 1, axis=0)
    names = importances.columns
    return pd.DataFrame(chosen.T @ chosen, index=names, columns=names)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.inspection import permutation_importance
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    def five_causes(rows=569, seed=0):
        rng = np.random.default_rng(seed)
        inputs = rng.normal(size=(rows, 20))
        return inputs, (2 * inputs[:, :5].sum(axis=1) > rng.logistic(size=rows)).astype(int)

    def four_methods(inputs, target):
        inputs = StandardScaler().fit_transform(inputs)
        train, test, known, new = train_test_split(inputs, target, test_size=0.4, random_state=0)
        forest = RandomForestClassifier(15, random_state=0).fit(train, known)
        scores = ["accuracy", "neg_log_loss"]
        drops = permutation_importance(
            forest, test, new, scoring=scores, n_repeats=2, random_state=0
        )
        return pd.DataFrame(
            {
                "impurity": forest.feature_importances_,
                "accuracy": drops["accuracy"].importances_mean,
                "log loss": drops["neg_log_loss"].importances_mean,
                "coefficient": np.abs(LogisticRegression().fit(train, known).coef_[0]),
            }
        )

    def five_bootstraps(inputs, target):
        rng = np.random.default_rng(0)
        ranked = {}
        for number in range(5):
            drawn = rng.choice(len(target), len(target))
            forest = RandomForestClassifier(15, random_state=number)
            ranked[number] = forest.fit(inputs[drawn], target[drawn]).feature_importances_
        return pd.DataFrame(ranked)

    tables = {
        "breast cancer": load_breast_cancer(return_X_y=True),
        "five independent causes": five_causes(),
    }
    for name, table in tables.items():
        methods = top_overlap(four_methods(*table)).to_numpy()
        bootstraps = top_overlap(five_bootstraps(*table)).to_numpy()
        shared = methods[np.triu_indices(len(methods), 1)]
        span = " to ".join(str(count) for count in sorted({shared.min(), shared.max()}))
        again = bootstraps[np.triu_indices(len(bootstraps), 1)].mean()
        print(f"{name}: two methods share {span} of their top 5, two bootstraps {again:.1f}")
        #> breast cancer: two methods share 1 to 4 of their top 5, two bootstraps 3.2
        #> five independent causes: two methods share 5 of their top 5, two bootstraps 5.0
    # --8<-- [end:demo]
