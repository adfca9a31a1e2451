# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""The rates of a yes-or-no decision for every group, and for all rows together.

Page: docs/fairness/index.md
Source: the confusion matrix; fairlearn.metrics.MetricFrame computes the same
Task: compute the error rates of every group
Graduate to: fairlearn.metrics.MetricFrame
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def group_rates(truth: ArrayLike, decision: ArrayLike, group: ArrayLike) -> pd.DataFrame:
    """Take an average apart.

    Parameters
    ----------
    truth, decision : array-like of shape (n,)
        What was right and what was decided, 0 or 1.
    group : array-like of shape (n,)
        The group of each row, such as a text. ``"all"`` is taken.

    Returns
    -------
    DataFrame of shape (groups + 1, 7)
        One line a group, sorted, and ``all``. Columns: ``rows``; ``base_rate``, the share
        with a truth of 1; ``accuracy``; ``selection_rate``, the share with a decision of 1;
        ``recall`` and ``false_positive_rate``, the share selected of those with a truth of 1
        and of 0; ``precision``. A share of no rows is NaN.

    Raises
    ------
    ValueError
        If an argument is empty or of another length, ``truth`` or ``decision`` is not 0 or 1,
        or a group is missing.
    """
    right, selected = _binary("truth", truth), _binary("decision", decision)
    names = np.asarray(group)
    if names.shape != right.shape or pd.isna(names).any() or (names == "all").any():
        raise ValueError("group must name a group, and not 'all', for every row of truth")
    if selected.shape != right.shape:
        raise ValueError("decision must have one value per row of truth")
    lines = {
        name: _rates(right[rows], selected[rows])
        for name, rows in pd.Series(names).groupby(names).indices.items()
    }
    return pd.DataFrame({**lines, "all": _rates(right, selected)}).T.astype({"rows": int})


def _rates(truth: NDArray[np.bool_], selected: NDArray[np.bool_]) -> dict[str, float]:
    return {
        "rows": truth.size,
        "base_rate": _share(truth),
        "accuracy": _share(truth == selected),
        "selection_rate": _share(selected),
        "recall": _share(selected[truth]),
        "false_positive_rate": _share(selected[~truth]),
        "precision": _share(truth[selected]),
    }


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if flags.size else float("nan")


def _binary(name: str, values: ArrayLike) -> NDArray[np.bool_]:
    array = np.asarray(values)
    if array.dtype.kind not in "biuf" or array.ndim != 1 or not array.size:
        raise ValueError(f"{name} must be a list of 0 and 1, not empty")
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold 0 and 1 only")
    return array.astype(bool)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def population(seed, share=0.1, effect=-1.5, rows=40_000):
        rng = np.random.default_rng(seed)
        minority = rng.random(rows) < share
        features = rng.normal(size=(rows, 2))
        log_odds = np.where(minority, effect, 2.5) * features[:, 0] + features[:, 1]
        return features, (log_odds > rng.logistic(scale=0.5, size=rows)).astype(int), minority

    def rates(own_effects=False, **knobs):
        features, truth, minority = population(seed=0, **knobs)
        if own_effects:
            features = np.column_stack([features, features * minority[:, None]])
        train, test = slice(0, 20_000), slice(20_000, None)
        model = LogisticRegression().fit(features[train], truth[train])
        groups = np.where(minority[test], "minority", "majority")
        return group_rates(truth[test], model.predict(features[test]), groups)["accuracy"]

    for share in (0.50, 0.30, 0.10, 0.03):
        accuracy = rates(share=share)
        print(
            f"minority of {share:.0%}: accuracy {accuracy['all']:.0%} on average, "
            f"{accuracy['majority']:.0%} in the majority, {accuracy['minority']:.0%} in the minority"
        )
        #> minority of 50%: accuracy 64% on average, 66% in the majority, 62% in the minority
        #> minority of 30%: accuracy 71% on average, 83% in the majority, 43% in the minority
        #> minority of 10%: accuracy 84% on average, 89% in the majority, 34% in the minority
        #> minority of 3%: accuracy 88% on average, 90% in the majority, 34% in the minority
    same, own = rates(effect=2.5), rates(own_effects=True)
    print(f"the same effects in both groups: {same['minority']:.0%} accuracy in the minority")
    #> the same effects in both groups: 89% accuracy in the minority
    print(f"a model with effects of its own: {own['minority']:.0%} accuracy in the minority")
    #> a model with effects of its own: 86% accuracy in the minority
    # --8<-- [end:demo]
