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
from numpy.typing import ArrayLike


def confidence_based_estimate(probability: ArrayLike, threshold: float = 0.5) -> dict[str, float]:
    """Estimate performance from the probabilities alone, as if every one of them were true.

    Right if the probabilities are calibrated on these very rows: under covariate shift
    in columns that the model sees, not under concept drift or label shift.

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
    probability = np.asarray(probability)
    if probability.dtype.kind not in "iuf":
        raise TypeError(f"probability must hold numbers, got {probability.dtype}")
    if probability.ndim != 1 or not probability.size:
        raise ValueError("probability must be one-dimensional and not empty")
    if not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError("probability must lie between 0 and 1, without NaN")
    if not isinstance(threshold, Real) or not 0 < threshold < 1:
        raise ValueError(f"threshold must be between 0 and 1, got {threshold!r}")

    positive = probability >= threshold
    correct = np.where(positive, probability, 1 - probability)
    hits = probability[positive].sum()
    return {
        "accuracy": float(correct.mean()),
        "standard_error": float(np.sqrt(np.sum(correct * (1 - correct))) / correct.size),
        "precision": float(hits / positive.sum()) if positive.any() else float("nan"),
        "recall": float(hits / probability.sum()) if probability.any() else float("nan"),
    }


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

    train, train_labels = world(seed=0)
    models = {seen: LogisticRegression().fit(train[:, :seen], train_labels) for seen in (1, 2)}
    for name, seen, change in (
        ("no shift", 2, {}),
        ("covariate shift to easier rows", 2, {"centre": 4}),
        ("covariate shift to harder rows", 2, {"centre": 0}),
        ("the same shift in a column unseen by the model", 1, {"centre": 0}),
        ("concept drift, 25% of the rows swapped", 2, {"swap": 0.25}),
        ("concept drift, 100% of the rows swapped", 2, {"swap": 1}),
    ):
        features, labels = world(seed=1, **change)
        probability = models[seen].predict_proba(features[:, :seen])[:, 1]
        estimate = confidence_based_estimate(probability)["accuracy"]
        actual = np.mean((probability >= 0.5) == labels)
        print(f"{name}: estimate {estimate:.1%}, actual {actual:.1%}")
        #> no shift: estimate 83.9%, actual 83.9%
        #> covariate shift to easier rows: estimate 94.6%, actual 94.7%
        #> covariate shift to harder rows: estimate 76.4%, actual 76.4%
        #> the same shift in a column unseen by the model: estimate 81.4%, actual 57.3%
        #> concept drift, 25% of the rows swapped: estimate 83.9%, actual 66.5%
        #> concept drift, 100% of the rows swapped: estimate 83.9%, actual 13.7%

    features, labels = world(seed=1)
    odds = np.exp(models[2].decision_function(features))
    for power in (1, 2, 3):
        estimate = confidence_based_estimate(odds**power / (1 + odds**power))["accuracy"]
        print(f"no shift, odds to the power of {power}: estimate {estimate:.1%}")
        #> no shift, odds to the power of 1: estimate 83.9%
        #> no shift, odds to the power of 2: estimate 91.7%
        #> no shift, odds to the power of 3: estimate 94.5%

    for swap in (0, 0.1, 0.25):
        features, labels = world(seed=2, swap=swap, rows=200_000)
        probability = models[2].predict_proba(features)[:, 1]
        outside = []
        for scores, truth in zip(np.split(probability, 1_000), np.split(labels, 1_000)):
            report = confidence_based_estimate(scores)
            gap = report["accuracy"] - np.mean((scores >= 0.5) == truth)
            outside.append(abs(gap) > 2 * report["standard_error"])
        print(f"200 labelled rows, {swap:.0%} swapped: {np.mean(outside):.1%} alarm")
        #> 200 labelled rows, 0% swapped: 4.2% alarm
        #> 200 labelled rows, 10% swapped: 78.4% alarm
        #> 200 labelled rows, 25% swapped: 100.0% alarm
    # --8<-- [end:demo]
