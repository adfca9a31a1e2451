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
from collections.abc import Hashable, Mapping
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline


def values_read(model: BaseEstimator, inputs: Any) -> float:
    """Count the values that the model reads for one row, on average.

    One for each split that a row passes in each tree, for each coefficient, or for each
    stored number of a support vector machine or of nearest neighbours by ``"brute"``. Of a
    pipeline, the last step is counted. It is a count of work, not of time.

    Parameters
    ----------
    model : fitted estimator of scikit-learn
        A tree, a forest, a linear model, support vectors, nearest neighbours, or a
        pipeline that ends in one.
    inputs : DataFrame or array-like of shape (n, features)
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
    if np.ma.is_masked(inputs):
        raise ValueError("inputs must have no mask: the model does not see it")
    if isinstance(model, Pipeline):
        if isinstance(inputs, pd.DataFrame):
            _same_columns("inputs", inputs, model)
        try:
            for _, step in model.steps[:-1]:
                inputs = inputs if step in (None, "passthrough") else step.transform(inputs)
        except NotFittedError as error:
            raise TypeError("model must be a fitted estimator of scikit-learn") from error
        except (TypeError, ValueError) as error:
            raise ValueError(f"inputs must be what the model takes: {error}") from error
        return values_read(model[-1], inputs)
    features = getattr(model, "n_features_in_", None)
    if features is None:
        raise TypeError("model must be a fitted estimator of scikit-learn")
    if isinstance(inputs, pd.DataFrame):
        _same_columns("inputs", inputs, model)
    try:
        if hasattr(model, "decision_path"):
            trees = getattr(model, "estimators_", [model])
            leaves = model.apply(inputs).reshape(-1, len(trees))
            # A leaf reads nothing.
            depths = (tree.tree_.compute_node_depths() - 1 for tree in trees)
            reads = (depth[leaf].mean() for depth, leaf in zip(depths, leaves.T, strict=True))
            return float(sum(reads))
        if np.ndim(inputs) != 2 or np.shape(inputs)[1] != features:
            raise ValueError(f"a table of {features} columns")
    except (TypeError, ValueError) as error:
        raise ValueError(f"inputs must be what the model takes: {error}") from error
    if hasattr(model, "support_vectors_"):
        return float(model.support_vectors_.shape[0] * features)
    if hasattr(model, "coef_"):
        return float(np.size(model.coef_))
    if getattr(model, "algorithm", None) == "brute" and hasattr(model, "n_samples_fit_"):
        return float(model.n_samples_fit_ * features)
    raise TypeError(f"model must be a tree, forest, linear or brute-force model, got {model!r}")


def apply_gates(
    measured: pd.DataFrame,
    at_least: Mapping[str, float],
    at_most: Mapping[str, float],
    minimise: Hashable,
) -> pd.DataFrame:
    """Strike out every model that fails a gate, and choose among the rest.

    Parameters
    ----------
    measured : DataFrame of shape (models, numbers)
        One row for each model, one numeric column for each thing measured.
    at_least, at_most : mapping from column to limit
        The gates; a value equal to the limit, up to rounding and in the precision of its
        column, passes. May be empty.
    minimise : column of ``measured``
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
    if measured.columns.nlevels > 1:
        raise ValueError("measured must have one name for each column, not one for each level")
    for taken in ("failed", "chosen"):
        _free("measured", taken, measured.columns)
    numbers = _numeric("measured", measured)
    if not isinstance(minimise, Hashable) or minimise not in measured.columns:
        raise ValueError(f"minimise must be a column of measured, got {minimise!r}")
    for name, gates in (("at_least", at_least), ("at_most", at_most)):
        if not isinstance(gates, Mapping):
            raise TypeError(f"{name} must map columns to limits, got {gates!r}")
        for column, limit in gates.items():
            number = isinstance(limit, Real) and -np.inf < limit < np.inf
            if column not in measured or not number:
                raise ValueError(f"{name} must map columns to numbers, got {column!r}: {limit!r}")

    def above(name: Hashable, limit: float) -> pd.Series:  # 0.1 of float32 is above 0.1
        kind = str(measured[name].dtype).lower()
        at = float(np.dtype(kind).type(limit) if kind in ("float16", "float32") else limit)
        gap = numbers[name] - at
        return gap.where(gap.abs() > _rounding(at), 0.0)  # 1 - 0.7 is not above 0.3

    failures = [  # no dict: the columns 1 and "1" have one text
        *((f"{name} < {at}", above(name, at) < 0) for name, at in at_least.items()),
        *((f"{name} > {at}", above(name, at) > 0) for name, at in at_most.items()),
    ]
    report = measured.copy()
    report["failed"] = [
        ", ".join(gate for gate, fails in failures if fails.iloc[place])
        for place in range(len(measured))
    ]
    passing = np.where(report["failed"] == "", numbers[minimise], np.inf)
    least = passing.min() + _rounding(passing.min())  # 0.1 + 0.2 is no more than 0.3
    first = np.arange(len(passing)) == (passing <= least).argmax()
    report["chosen"] = np.isfinite(passing) & first
    return report


def _rounding(value: float) -> float:
    """Return how far a value may be off; next to zero, 0.3 - (0.1 + 0.2) is zero."""
    return 1e-12 * (abs(value) if abs(value) > 1e-12 else 1.0)


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


def _numeric(name: str, table: pd.DataFrame) -> pd.DataFrame:
    columns = {column: _numbers(f"{name}: column {column!r}", table[column]) for column in table}
    return pd.DataFrame(columns, index=table.index)


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


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
    for world, joint in (("joint", 3), ("additive", 0)):  # features act together, or not
        logit = 1.5 * (inputs[:, 0] - inputs[:, 1]) + joint * inputs[:, 0] * inputs[:, 2] - 4
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
                f"{world}, {kind}: loss {row.loss:.2f}, caught {row.caught:.0%}, "
                f"stopped {row.stopped:.1%}, reads {row.reads:,.0f}: {verdict}"
            )
            #> joint, logistic: loss 7.75, caught 57%, stopped 11.5%, reads 12: stopped > 0.1
            #> joint, small forest: loss 6.00, caught 70%, stopped 8.1%, reads 59: chosen
            #> joint, large forest: loss 5.82, caught 71%, stopped 8.0%, reads 384: reads > 100
            #> joint, neighbours: loss 6.60, caught 60%, stopped 7.2%, reads 36,000: reads > 100
            #> additive, logistic: loss 3.71, caught 70%, stopped 5.2%, reads 12: chosen
            #> additive, small forest: loss 4.20, caught 63%, stopped 5.7%, reads 59: passes
            #> additive, large forest: loss 4.18, caught 64%, stopped 6.0%, reads 384: reads > 100
            #> additive, neighbours: loss 4.52, caught 52%, stopped 4.1%, reads 36,000: reads > 100
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    offers = pd.DataFrame(
        {"loss": [7.0, 6.1, 5.8, 5.7], "reads": [12, 60, 400, 4_000]},
        index=["linear", "10 trees", "50 trees", "500 trees"],
    )
    before = 7.0  # euros a payment, at a limit of twenty reads
    for limit in (100, 1_000, 10_000):
        card = apply_gates(offers, {}, {"reads": limit}, "loss")
        best = card[card["chosen"]].iloc[0]
        print(
            f"at most {limit:,} reads: {best.name}, saves {1_000 * (before - best.loss):,.0f} euros"
        )
        #> at most 100 reads: 10 trees, saves 900 euros
        #> at most 1,000 reads: 50 trees, saves 300 euros
        #> at most 10,000 reads: 500 trees, saves 100 euros
        before = best.loss
    # --8<-- [end:solution]
