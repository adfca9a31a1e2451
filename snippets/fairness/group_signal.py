# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""How well the features give away a group that is not among them.

Page: docs/fairness/what-the-label-means.md
Source: AUC of a cross-validated logistic regression of scikit-learn
Task: measure how well the features give a group away
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def group_signal(features: pd.DataFrame, member: ArrayLike) -> pd.Series:
    """Predict the group from each feature, and from all of them.

    Parameters
    ----------
    features : DataFrame of shape (n, features)
        The numeric inputs of the model that is to ignore the group.
    member : array-like of shape (n,)
        1 for the rows of the group, 0 for the others; at least five of each.

    Returns
    -------
    Series of shape (features + 1,)
        The AUC, in five folds, of each feature and of ``all features``: 0.5 tells nothing
        about the group, 1 gives it away.

    Raises
    ------
    TypeError, ValueError
        If ``features`` is no table of finite numbers, the lengths differ, or ``member`` does
        not hold 0 and 1, five of each.
    """
    if not isinstance(features, pd.DataFrame):
        raise TypeError(f"features must be a DataFrame, got {type(features).__name__}")
    if features.empty or not all(kind.kind in "biuf" for kind in features.dtypes):
        raise ValueError("features must have rows, and numbers in every column")
    if not np.isfinite(features.to_numpy(float)).all():
        raise ValueError("features must not hold NaN or infinity")
    flags = np.asarray(member)
    if flags.dtype.kind not in "biuf" or flags.shape != (len(features),):
        raise ValueError("member must be 0 or 1, one per row of features")
    if not np.isin(flags, (0, 1)).all() or min((flags == 0).sum(), (flags == 1).sum()) < 5:
        raise ValueError("member must hold 0 and 1, at least five of each")
    model = make_pipeline(StandardScaler(), LogisticRegression())
    how = {"cv": 5, "method": "predict_proba"}
    sets = {str(name): [name] for name in features} | {"all features": list(features)}
    return pd.Series(
        {
            name: roc_auc_score(
                flags, cross_val_predict(model, features[names], flags, **how)[:, 1]
            )
            for name, names in sets.items()
        }
    )


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def decisions(seed, bias=1.0, proxy=1.5, rows=10_000):
        rng = np.random.default_rng(seed)
        member = (rng.random(rows) < 0.4).astype(int)
        features = pd.DataFrame(
            {
                "skill": rng.normal(size=rows),
                "district": rng.normal(proxy * member),
                "group": member,
            }
        )
        accepted = features["skill"] - bias * member > rng.logistic(scale=0.5, size=rows)
        return features, accepted.astype(int)

    def selection_ratio(columns, **knobs):
        (train, accepted), (test, _) = decisions(seed=0, **knobs), decisions(seed=1, **knobs)
        selected = LogisticRegression().fit(train[columns], accepted).predict(test[columns])
        rates = pd.Series(selected).groupby(test["group"]).mean()
        return rates[1] / rates[0]

    cases = {"biased history": {}, "fair history": {"bias": 0}, "no proxy": {"proxy": 0}}
    for case, knobs in cases.items():
        print(
            f"{case}: selection ratio {selection_ratio(['skill', 'district', 'group'], **knobs):.2f} "
            f"with the group, {selection_ratio(['skill', 'district'], **knobs):.2f} without, "
            f"{selection_ratio(['skill'], **knobs):.2f} by skill alone"
        )
        #> biased history: selection ratio 0.32 with the group, 0.69 without, 1.00 by skill alone
        #> fair history: selection ratio 0.99 with the group, 0.98 without, 0.98 by skill alone
        #> no proxy: selection ratio 0.32 with the group, 1.00 without, 1.00 by skill alone

    features, _ = decisions(seed=0)
    for name, auc in group_signal(features[["skill", "district"]], features["group"]).items():
        print(f"{name}: tells the group with an AUC of {auc:.2f}")
        #> skill: tells the group with an AUC of 0.49
        #> district: tells the group with an AUC of 0.85
        #> all features: tells the group with an AUC of 0.85
    # --8<-- [end:demo]
