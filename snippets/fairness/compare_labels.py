# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Who gets a place, by each label that a model might be asked to predict.

Page: docs/fairness/what-the-label-means.md
Source: Z. Obermeyer et al., Dissecting Racial Bias in an Algorithm, Science, 2019
Task: see who gets a place under each label that a model could predict
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def compare_labels(labels: pd.DataFrame, group: ArrayLike, capacity: float) -> pd.DataFrame:
    """Compare the groups' shares of the places that each label would give away.

    Parameters
    ----------
    labels : DataFrame of shape (n, labels)
        Candidate labels, or scores that predict them: the largest get a place.
    group : array-like of shape (n,)
        The group of each row.
    capacity : float
        Share of the rows that gets a place, between 0 and 1; at least one row does.

    Returns
    -------
    DataFrame of shape (groups, labels + 1)
        ``all``, the share of each group in all rows, then its share of the places by label.
        Ties at the last place go to the earlier row.

    Raises
    ------
    TypeError, ValueError
        If ``labels`` is no table of finite numbers, a group is missing, the lengths differ,
        or ``capacity`` is out of range.
    """
    if not isinstance(labels, pd.DataFrame):
        raise TypeError(f"labels must be a DataFrame, got {type(labels).__name__}")
    if labels.empty or not all(kind.kind in "iuf" for kind in labels.dtypes):
        raise ValueError("labels must have rows, and numbers in every column")
    if not np.isfinite(labels.to_numpy()).all():
        raise ValueError("labels must not hold NaN or infinity")
    names = np.asarray(group)
    if names.shape != (len(labels),) or pd.isna(names).any():
        raise ValueError("group must name a group for every row of labels")
    if not isinstance(capacity, Real) or not 0 < capacity < 1:
        raise ValueError(f"capacity must be between 0 and 1, got {capacity!r}")
    places = max(1, round(capacity * len(labels)))
    chosen = {"all": slice(None)} | {
        name: np.argsort(-column.to_numpy(), kind="stable")[:places]
        for name, column in labels.items()
    }
    shares = {
        name: pd.Series(names[rows]).value_counts(normalize=True) for name, rows in chosen.items()
    }
    return pd.DataFrame(shares).fillna(0.0).sort_index()


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LinearRegression

    def patients(seed, access, rows=50_000):
        rng = np.random.default_rng(seed)
        in_b = rng.random(rows) < 0.25
        need = rng.gamma(2, size=rows) * np.where(in_b, 1.25, 1)
        spent, spend = (
            need * np.where(in_b, access, 1) * rng.lognormal(sigma=0.35, size=rows)
            for _ in range(2)
        )
        features = np.column_stack([need + rng.normal(scale=0.5, size=rows), spent])
        return features, pd.DataFrame({"cost": spend, "need": need}), np.where(in_b, "B", "A")

    for access in (1.0, 0.8, 0.6):
        features, labels, group = patients(seed=0, access=access)
        train, test = slice(0, 25_000), slice(25_000, None)
        models = {
            name: LinearRegression().fit(features[train], label[train])
            for name, label in labels.items()
        }
        scores = pd.DataFrame({name: m.predict(features[test]) for name, m in models.items()})
        share = compare_labels(scores, group[test], capacity=0.03).loc["B"]
        fit = models["cost"].score(features[test], labels["cost"][test])
        print(
            f"access {access:.0%}, B {share['all']:.0%} of all: "
            f"{share['cost']:.0%} of places by cost, "
            f"{share['need']:.0%} by need; R2 of cost {fit:.2f}"
        )
        #> access 100%, B 25% of all: 46% of places by cost, 46% by need; R2 of cost 0.66
        #> access 80%, B 25% of all: 40% of places by cost, 42% by need; R2 of cost 0.65
        #> access 60%, B 25% of all: 27% of places by cost, 39% by need; R2 of cost 0.62
    # --8<-- [end:demo]
