# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""How well a model's answers tell the rows it was trained on from rows it never saw.

Page: docs/beyond/membership.md
Source: S. Yeom et al., 2018, for the attack by the model's own confidence; Hanley and McNeil's
    variance of an area, inverted, raised to DeLong's where that is larger, for the interval
Task: see whether my model gives away who was in its training data
Graduate to: sklearn.metrics.roc_auc_score
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import sqrt
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import stdtrit
from scipy.stats import rankdata


def label_scores(model: Any, table: Any, labels: ArrayLike) -> NDArray[np.float64]:
    """Return the probability that a model gives to the label that each row really has.

    Parameters
    ----------
    model : classifier
        Fitted, with ``predict_proba`` and ``classes_``; a pipeline that ends in one, too.
    table : table with n rows
        Whatever the model takes, with text and NaN where it takes them.
    labels : array-like of shape (n,)
        The true label of each row.

    Returns
    -------
    ndarray of shape (n,)
        Probabilities between 0 and 1; members of the training data tend to have high ones.

    Raises
    ------
    TypeError, ValueError
        If ``model`` has no probabilities, cannot read ``table``, or does not know one of
        the ``labels``.
    """
    if not hasattr(model, "predict_proba") or not hasattr(model, "classes_"):
        raise TypeError(f"model must be fitted and have predict_proba, got {type(model).__name__}")
    if isinstance(model.classes_, list):
        raise TypeError("model must have one output, got a list of classes for each of several")
    truth = pd.Series(_labels("labels", labels)).infer_objects()
    truth = truth.astype(float) if truth.dtype.kind == "f" else truth  # float16 has no index
    if np.ndim(table) < 1:
        raise TypeError(f"table must have rows, got {type(table).__name__}")
    if isinstance(table, pd.DataFrame):
        _same_columns("table", table, model)
    places = pd.Index(model.classes_).get_indexer(pd.Index(truth))
    if (places < 0).any():
        raise ValueError(f"labels must be classes of the model: {list(model.classes_)}")
    try:
        probabilities = np.asarray(model.predict_proba(table), dtype=np.float64)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"table cannot be read by the model: {error}") from error
    _same_rows(table=probabilities, labels=truth)
    return probabilities[np.arange(len(truth)), places]


def membership_test(
    members: ArrayLike, strangers: ArrayLike, false_alarm_rate: float = 0.01, level: float = 0.95
) -> dict[str, float]:
    """Say how well a score tells members of the training data from strangers.

    Parameters
    ----------
    members : array-like of shape (n,)
        Scores of rows that the model was trained on; high means "looks like a member".
    strangers : array-like of shape (m,)
        Scores of rows of the same kind that it never saw. If those of one side went through
        float32, both are compared in that precision.
    false_alarm_rate : float
        Largest share of strangers that may be taken for members, between 0 and 1.
    level : float
        Confidence of the interval, between 0 and 1.

    Returns
    -------
    dict
        ``"auc"``, the chance that a member scores higher than a stranger (a tie counts one
        half), with the ends ``"low"`` and ``"high"``; and ``"found"``, the share of members
        above the score that at most ``false_alarm_rate`` of the strangers exceed.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    known, unknown = _numbers("members", members), _numbers("strangers", strangers)
    _between("false_alarm_rate", false_alarm_rate, 0, 1)
    _between("level", level, 0, 1)
    known, unknown = _same_precision(known, unknown)
    n, m = known.size, unknown.size
    ranks = rankdata(np.concatenate([known, unknown]))
    auc = float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))

    def variance(area: float) -> float:  # Hanley and McNeil: both groups are spread alike
        pairs = area / (2 - area) + 2 * area**2 / (1 + area) - 2 * area**2
        return (area * (1 - area) + ((n + m) / 2 - 1) * pairs) / (n * m)

    # DeLong: how much each score adds, which counts most for the smaller group.
    beaten = (ranks[:n] - rankdata(known)) / m, (ranks[n:] - rankdata(unknown)) / n
    parts = np.array([part.var() / max(part.size - 1, 1) for part in beaten])
    inner = min(max(auc, 1e-9), 1 - 1e-9)
    wider, freedom = max(1.0, parts.sum() / variance(inner)), float(min(n, m) - 1)
    if parts.any() and min(n, m) > 1:  # of one score, nobody knows the spread
        freedom = parts.sum() ** 2 / (parts**2 / np.maximum([n - 1, m - 1], 1)).sum()
    z = float(stdtrit(max(freedom, 1), (1 + float(level)) / 2)) * sqrt(wider)

    def outside(area: float) -> float:  # below 0: the area agrees with the scores
        return float(abs(area - auc) - z * sqrt(variance(area)))

    low = brentq(outside, 0, inner) if outside(0) > 0 else 0.0
    high = brentq(outside, inner, 1) if outside(1) > 0 else 1.0
    above = int(float(false_alarm_rate) * m + 1e-9)  # 0.29 of 100 strangers are 29, not 28
    limit = np.sort(unknown)[m - 1 - min(above, m - 1)]
    return {"auc": auc, "low": low, "high": high, "found": float(np.mean(known > limit))}


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


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _same_precision(*sides: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    # A copy that went through float32 has not moved: if one side did, all are compared in it.
    # 0.5 or 40 is the same in both, so a side of such numbers alone does not tell.
    with np.errstate(invalid="ignore", over="ignore"):
        short = [side.astype(np.float32).astype(np.float64) for side in sides]
        tells = [((side * 1024 % 1 > 0) | (np.abs(side) > 2**24)).any() for side in sides]
    pairs = zip(sides, short, tells, strict=True)
    copies = (tell and np.array_equal(a, b, equal_nan=True) for a, b, tell in pairs)
    return short if any(copies) else list(sides)


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier

    rows, labels = make_classification(2_000, 20, n_informative=8, flip_y=0.1, random_state=0)
    settings: dict[str, dict[str, Any]] = {
        "leaves of 1 row": {},
        "leaves of 1 row, no bootstrap": {"bootstrap": False},
        "leaves of 1 row, each tree sees 10%": {"max_samples": 0.1},
        "leaves of 20 rows": {"min_samples_leaf": 20},
        "leaves of 200 rows": {"min_samples_leaf": 200},
    }
    for name, setting in settings.items():
        forest = RandomForestClassifier(30, random_state=0, **setting)
        forest.fit(rows[:1_000], labels[:1_000])
        scores = label_scores(forest, rows, labels)
        test = membership_test(scores[:1_000], scores[1_000:])
        right = forest.score(rows[1_000:], labels[1_000:])
        print(f"{name}: AUC {test['auc']:.2f}, accuracy {right:.0%}, found {test['found']:.0%}")
        #> leaves of 1 row: AUC 0.79, accuracy 86%, found 0%
        #> leaves of 1 row, no bootstrap: AUC 0.97, accuracy 85%, found 0%
        #> leaves of 1 row, each tree sees 10%: AUC 0.56, accuracy 84%, found 0%
        #> leaves of 20 rows: AUC 0.58, accuracy 85%, found 1%
        #> leaves of 200 rows: AUC 0.54, accuracy 83%, found 1%
    # --8<-- [end:demo]

    # --8<-- [start:exposed]
    from sklearn.compose import make_column_transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    table = pd.DataFrame(rows, columns=[f"x{place}" for place in range(20)])
    rare = np.arange(2_000) % 25 == 0  # people whose employer nobody shares, members and strangers
    table["employer"] = np.where(rare, table.index.astype(str), "a large one")
    employer = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["employer"]), remainder="passthrough"
    )
    member = np.arange(2_000) < 1_000
    for strength in (1_000, 1, 0.01):  # weak regularisation first
        model = make_pipeline(employer, LogisticRegression(C=strength, max_iter=1_000))
        model.fit(table[member], labels[member])
        scores = label_scores(model, table, labels)
        everybody = membership_test(scores[member], scores[~member])["auc"]
        alone = membership_test(scores[member & rare], scores[~member & rare])
        ends = f"{alone['low']:.2f} to {alone['high']:.2f}"
        print(
            f"C = {strength:,}: AUC {everybody:.2f} over all, {alone['auc']:.2f} over the rare ({ends})"
        )
        #> C = 1,000: AUC 0.55 over all, 0.96 over the rare (0.87 to 0.99)
        #> C = 1: AUC 0.53 over all, 0.59 over the rare (0.46 to 0.71)
        #> C = 0.01: AUC 0.52 over all, 0.55 over the rare (0.42 to 0.67)
    # --8<-- [end:exposed]

    # --8<-- [start:reference]
    people, answers = make_classification(6_000, 20, n_informative=8, flip_y=0.1, random_state=0)
    seen, unseen, elsewhere = np.split(np.arange(6_000), [1_000, 2_000])

    def scores_of(trained_on: NDArray[Any], leaf: int, seed: int) -> NDArray[np.float64]:
        forest = RandomForestClassifier(30, min_samples_leaf=leaf, random_state=seed)
        forest.fit(people[trained_on], answers[trained_on])
        return label_scores(forest, people[:2_000], answers[:2_000])

    for leaf in (1, 20, 200):
        target = scores_of(seen, leaf, 0)
        usual = np.mean([scores_of(part, leaf, 1) for part in np.split(elsewhere, 4)], axis=0)
        plain = membership_test(target[seen], target[unseen])["auc"]
        second = membership_test((target - usual)[seen], (target - usual)[unseen])["auc"]
        print(f"leaves of {leaf}: AUC {plain:.2f}, minus what other forests say {second:.2f}")
        #> leaves of 1: AUC 0.77, minus what other forests say 0.84
        #> leaves of 20: AUC 0.56, minus what other forests say 0.64
        #> leaves of 200: AUC 0.53, minus what other forests say 0.53
    # --8<-- [end:reference]

    # --8<-- [start:solution]
    members = [0.97, 0.94, 0.91, 0.99, 0.88, 0.95, 0.90, 0.93, 0.86, 0.98, 0.92, 0.71]
    strangers = [0.62, 0.91, 0.55, 0.80, 0.74, 0.38, 0.89, 0.67, 0.59, 0.83, 0.70, 0.48]
    town = membership_test(members, strangers)
    print(f"the town: AUC {town['auc']:.2f}, {town['low']:.2f} to {town['high']:.2f}")
    #> the town: AUC 0.93, 0.70 to 0.98
    print(f"found above all others: {town['found']:.0%}")
    #> found above all others: 58%
    # --8<-- [end:solution]
