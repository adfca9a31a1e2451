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
from collections.abc import Hashable
from numbers import Real
from typing import Any

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
        The group of each row, such as a text; not ``"all"``, which the result needs.

    Returns
    -------
    DataFrame of shape (groups + 1, 7)
        One line a group, sorted, and ``all``. Columns: ``rows``; ``base_rate``, the share
        with a truth of 1; ``accuracy``; ``selection_rate``, the share with a decision of 1;
        ``recall`` and ``false_positive_rate``, the share selected of those with a truth of 1
        and of 0; ``precision``. A share of no rows is NaN, where fairlearn says 0.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty or of another length, ``truth`` or ``decision`` is not 0 or 1,
        or a group is missing.
    """
    right, selected = _flags("truth", truth), _flags("decision", decision)
    names = _labels("group", group)
    _same_rows(truth=right, decision=selected, group=names)
    _free("group", "all", names)
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


def _flags(name: str, values: ArrayLike) -> NDArray[np.bool_]:
    array = _numbers(name, values)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold 0 and 1 only")
    return array == 1


def _numbers(name: str, values: ArrayLike, ndim: int = 1) -> NDArray[np.float64]:
    # A list goes through object, so that a ragged one, or a number beside text, is refused below.
    try:
        array = np.asarray(values, dtype=None if hasattr(values, "__array__") else object)
        mixed = array.dtype == object and all(isinstance(v, (Real, np.bool_)) for v in array.flat)
        if array.size and array.dtype.kind not in "biuf" and not mixed:
            raise TypeError(f"{name} must hold numbers, got {array.dtype}")
        array = array.astype(np.float64)  # before any arithmetic: uint8 wraps, float16 overflows
    except (OverflowError, ValueError) as error:  # 10**400, or arrays of several shapes
        raise ValueError(f"{name} must hold numbers: {error}") from error
    known = np.isfinite(array).all() and not np.ma.is_masked(values)  # numpy drops a mask
    if array.ndim != ndim or not array.size or not known:
        raise ValueError(f"{name} must have {ndim} dimension(s), rows, and no NaN or infinity")
    return array


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def accuracies(share=0.1, effect=-1.5, own_effects=False, rows=40_000):
        rng = np.random.default_rng(0)
        minority = rng.random(rows) < share
        features = rng.normal(size=(rows, 2))
        log_odds = np.where(minority, effect, 2.5) * features[:, 0] + features[:, 1]
        truth = (log_odds > rng.logistic(scale=0.5, size=rows)).astype(int)
        if own_effects:
            features = np.column_stack([features, features * minority[:, None]])
        model = LogisticRegression().fit(features[: rows // 2], truth[: rows // 2])
        test, names = slice(rows // 2, None), np.where(minority, "minority", "majority")
        return group_rates(truth[test], model.predict(features[test]), names[test])["accuracy"]

    for share in (0.50, 0.30, 0.10, 0.03):
        found = accuracies(share)
        print(
            f"minority of {share:.0%}: accuracy {found['all']:.0%} on average, "
            f"{found['minority']:.0%} in the minority"
        )
        #> minority of 50%: accuracy 64% on average, 62% in the minority
        #> minority of 30%: accuracy 71% on average, 43% in the minority
        #> minority of 10%: accuracy 84% on average, 34% in the minority
        #> minority of 3%: accuracy 88% on average, 34% in the minority
    print(f"same effects: accuracy {accuracies(effect=2.5)['minority']:.0%} in the minority")
    #> same effects: accuracy 89% in the minority
    own = accuracies(own_effects=True)["minority"]
    print(f"a model that knows the group: accuracy {own:.0%} in the minority")
    #> a model that knows the group: accuracy 86% in the minority
    # --8<-- [end:demo]
