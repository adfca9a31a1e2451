# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Accuracy, precision and recall of a calibrated binary classifier, estimated without a label.

Page: docs/data/estimate-without-labels.md
Source: the definition of Confidence-Based Performance Estimation (CBPE), NannyML's documentation
Task: estimate accuracy before the labels arrive
Graduate to: NannyML
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def confidence_based_estimate(probability: ArrayLike, threshold: float = 0.5) -> dict[str, float]:
    """Estimate performance from the probabilities alone, as if every one of them were true.

    Right if the probabilities are calibrated on these very rows: under a covariate shift to
    rows whose relation the model knows, not under concept drift or label shift.

    Parameters
    ----------
    probability : array-like of shape (n,)
        Calibrated probability of the positive class, one per row.
    threshold : float
        Rows at or above it are predicted positive, between 0 and 1.

    Returns
    -------
    dict
        ``accuracy``; ``standard_error``, the luck in the accuracy that these n rows will
        turn out to have; ``precision``, NaN if no row is predicted positive; ``recall``,
        NaN if no row can be positive, and approximate, a ratio of two expectations.

    Raises
    ------
    TypeError, ValueError
        If ``probability`` is not numeric, is empty or leaves 0 to 1, or ``threshold`` does.
    """
    given, probability = probability, _numbers("probability", probability)
    if not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError("probability must lie between 0 and 1, without NaN")
    _between("threshold", threshold, 0, 1)
    # 0.7 in float32 reaches 0.7, though it lies below
    positive = np.asarray(np.asarray(given) >= float(threshold), dtype=bool)
    correct = np.where(positive, probability, 1 - probability)
    hits = probability[positive].sum()
    return {
        "accuracy": float(correct.mean()),
        "standard_error": float(np.sqrt(np.sum(correct * (1 - correct))) / correct.size),
        "precision": float(hits / positive.sum()) if positive.any() else float("nan"),
        "recall": float(hits / probability.sum()) if probability.any() else float("nan"),
    }


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def world(seed, centre=2.0, swap=0.0, rows=20_000):
        rng = np.random.default_rng(seed)
        features = rng.normal([0, centre], 1, (rows, 2))
        swapped = rng.random(rows) < swap
        effect = np.where(swapped, features @ [-1.0, 1.5], features @ [1.5, -1.0])
        return features, effect > rng.logistic(size=rows)

    features, labels = world(seed=0)
    models = {seen: LogisticRegression().fit(features[:, :seen], labels) for seen in (1, 2)}
    for name, seen, change in (
        ("covariate shift to easier rows", 2, {"centre": 4}),
        ("covariate shift to harder rows", 2, {"centre": 0}),
        ("the same shift in a column unseen by the model", 1, {"centre": 0}),
        ("100% of the rows swapped", 2, {"swap": 1}),
    ):
        features, labels = world(seed=1, **change)
        probability = models[seen].predict_proba(features[:, :seen])[:, 1]
        estimate = confidence_based_estimate(probability)["accuracy"]
        actual = np.mean((probability >= 0.5) == labels)
        print(f"{name}: estimate {estimate:.1%}, actual {actual:.1%}")
        #> covariate shift to easier rows: estimate 94.6%, actual 94.7%
        #> covariate shift to harder rows: estimate 76.4%, actual 76.4%
        #> the same shift in a column unseen by the model: estimate 81.4%, actual 57.3%
        #> 100% of the rows swapped: estimate 83.9%, actual 13.7%
    # --8<-- [end:demo]

    # --8<-- [start:labels]
    def alarms(model, swap, rows, tolerated=0.0):
        features, labels = world(seed=2, swap=swap, rows=200 * rows)
        scores = model.predict_proba(features)[:, 1].reshape(200, rows)
        actual = ((scores >= 0.5) == labels.reshape(200, rows)).mean(axis=1)
        estimates = [confidence_based_estimate(sample) for sample in scores]
        return np.mean(
            [
                abs(one["accuracy"] - counted) > tolerated + 2 * one["standard_error"]
                for one, counted in zip(estimates, actual)
            ]
        )

    for swap in (0, 0.1, 0.25):
        print(f"200 labelled rows, {swap:.0%} swapped: {alarms(models[2], swap, 200):.0%} alarm")
        #> 200 labelled rows, 0% swapped: 4% alarm
        #> 200 labelled rows, 10% swapped: 78% alarm
        #> 200 labelled rows, 25% swapped: 100% alarm
    few = [LogisticRegression().fit(*world(seed, rows=100)) for seed in range(10, 30)]
    for tolerated in (0, 0.05):
        found = np.mean([alarms(model, 0, 1_000, tolerated) for model in few])
        print(f"model of 100 rows, gap of {tolerated:.0%} tolerated: {found:.0%} false alarms")
        #> model of 100 rows, gap of 0% tolerated: 41% false alarms
        #> model of 100 rows, gap of 5% tolerated: 0% false alarms
    # --8<-- [end:labels]
