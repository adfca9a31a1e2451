# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""A scorecard: gates that a model must pass, and one number to choose by among those that do.

Page: docs/requirements/model-scorecard.md
Source: choice by aspiration levels (satisficing), then by a single criterion
Task: choose a model by gates, then by one number
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Mapping
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator


def values_read(model: BaseEstimator, inputs: ArrayLike) -> float:
    """Count the values that the model reads for one row, on average.

    One for each split that a row passes in each tree, for each coefficient, or for each
    stored number of a nearest neighbour model with ``algorithm="brute"``.

    Parameters
    ----------
    model : fitted estimator of scikit-learn
        A tree, a forest, a linear model, or nearest neighbours.
    inputs : array-like of shape (n, features)
        Rows as production sees them: the paths depend on them.

    Returns
    -------
    float
        Values read for one row.

    Raises
    ------
    TypeError, ValueError
        If the model is of another kind or not fitted, or ``inputs`` are not what it takes.
    """
    inputs = np.asarray(inputs)
    if inputs.dtype.kind not in "iuf":
        raise TypeError(f"inputs must hold numbers, got {inputs.dtype}")
    if inputs.ndim != 2 or not inputs.size or not np.isfinite(inputs).all():
        raise ValueError("inputs must be two-dimensional, not empty and without NaN")
    features = getattr(model, "n_features_in_", None)
    if features is None:
        raise TypeError("model must be a fitted estimator of scikit-learn")
    if inputs.shape[1] != features:
        raise ValueError(f"inputs must have the {features} columns of the model")
    if hasattr(model, "decision_path"):
        path = model.decision_path(inputs)
        path, trees = (path[0], len(model.estimators_)) if isinstance(path, tuple) else (path, 1)
        return float(path.sum() / len(inputs) - trees)  # a leaf reads nothing
    if hasattr(model, "coef_"):
        return float(np.size(model.coef_))
    if getattr(model, "algorithm", None) == "brute":
        return float(model.n_samples_fit_ * features)
    raise TypeError(f"model must be a tree, forest, linear or brute-force model, got {model!r}")


def apply_gates(
    measured: pd.DataFrame,
    at_least: Mapping[str, float],
    at_most: Mapping[str, float],
    minimise: str,
) -> pd.DataFrame:
    """Strike out every model that fails a gate, and choose among the rest.

    Parameters
    ----------
    measured : DataFrame of shape (models, numbers)
        One row for each model, one numeric column for each thing measured.
    at_least, at_most : mapping from column to limit
        The gates; a value equal to the limit passes. May be empty.
    minimise : str
        The column that decides among the models that pass all gates.

    Returns
    -------
    DataFrame of shape (models, numbers + 2)
        ``failed`` names the gates that a model fails, empty if none; ``chosen`` is True
        for one model, or for none if all fail. Of equals the first is chosen.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be, or a gate names no column.
    """
    if not isinstance(measured, pd.DataFrame):
        raise TypeError(f"measured must be a DataFrame, got {type(measured).__name__}")
    if measured.empty or not measured.index.is_unique or not measured.columns.is_unique:
        raise ValueError("measured must have rows and columns, and no name twice")
    if not all(kind.kind in "iuf" for kind in measured.dtypes):
        raise ValueError("measured must hold a number everywhere")
    if not np.isfinite(measured.to_numpy()).all():
        raise ValueError("measured must not hold NaN or infinity: measure it, or leave it out")
    if not isinstance(minimise, str) or minimise not in measured:
        raise ValueError(f"minimise must be a column of measured, got {minimise!r}")
    for name, gates in (("at_least", at_least), ("at_most", at_most)):
        if not isinstance(gates, Mapping):
            raise TypeError(f"{name} must map columns to limits, got {gates!r}")
        for column, limit in gates.items():
            if column not in measured or not isinstance(limit, Real) or not np.isfinite(limit):
                raise ValueError(f"{name} must map columns to numbers, got {column!r}: {limit!r}")

    failures = {
        **{f"{name} < {limit}": measured[name] < limit for name, limit in at_least.items()},
        **{f"{name} > {limit}": measured[name] > limit for name, limit in at_most.items()},
    }
    report = measured.copy()
    report["failed"] = [
        ", ".join(gate for gate, fails in failures.items() if fails[model])
        for model in measured.index
    ]
    passing = report.loc[report["failed"] == "", minimise]
    report["chosen"] = report.index == (passing.idxmin() if len(passing) else None)
    return report


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    models = {
        "logistic": LogisticRegression(),
        "small forest": RandomForestClassifier(10, max_depth=6, random_state=0),
        "large forest": RandomForestClassifier(50, max_depth=8, random_state=0),
        "neighbours": KNeighborsClassifier(50, algorithm="brute"),
    }
    rng = np.random.default_rng(0)
    inputs, amount = rng.normal(size=(7_000, 12)), rng.lognormal(4, 1, 7_000)
    live, lost, rows = inputs[3_000:], amount[3_000:], {}
    for curve in (3, 0):
        logit = 1.5 * (inputs[:, 0] - inputs[:, 1]) + curve * inputs[:, 0] * inputs[:, 2] - 4
        fraud = rng.random(7_000) < 1 / (1 + np.exp(-logit))
        bad = fraud[3_000:]
        for name, model in models.items():
            risk = model.fit(inputs[:3_000], fraud[:3_000]).predict_proba(live)[:, 1]
            review = risk * lost > 20  # a review costs 20 euros, a missed fraud its amount
            rows[name] = {
                "loss": (20 * review.sum() + lost[bad & ~review].sum()) / 4_000,
                "caught": lost[bad & review].sum() / lost[bad].sum(),
                "stopped": review[~bad].mean(),
                "reads": values_read(model, live),
            }
        measured = pd.DataFrame(rows).T
        card = apply_gates(measured, {"caught": 0.5}, {"stopped": 0.1, "reads": 100}, "loss")
        for kind, row in card.iterrows():
            verdict = "chosen" if row.chosen else row.failed or "passes"
            print(
                f"curve {curve}, {kind}: loss {row.loss:.2f}, caught {row.caught:.0%}, "
                f"stopped {row.stopped:.1%}, reads {row.reads:,.0f}: {verdict}"
            )
            #> curve 3, logistic: loss 7.75, caught 57%, stopped 11.5%, reads 12: stopped > 0.1
            #> curve 3, small forest: loss 6.00, caught 70%, stopped 8.1%, reads 59: chosen
            #> curve 3, large forest: loss 5.82, caught 71%, stopped 8.0%, reads 384: reads > 100
            #> curve 3, neighbours: loss 6.60, caught 60%, stopped 7.2%, reads 36,000: reads > 100
            #> curve 0, logistic: loss 3.71, caught 70%, stopped 5.2%, reads 12: chosen
            #> curve 0, small forest: loss 4.20, caught 63%, stopped 5.7%, reads 59: passes
            #> curve 0, large forest: loss 4.18, caught 64%, stopped 6.0%, reads 384: reads > 100
            #> curve 0, neighbours: loss 4.52, caught 52%, stopped 4.1%, reads 36,000: reads > 100
    # --8<-- [end:demo]
