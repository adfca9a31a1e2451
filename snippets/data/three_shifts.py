# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""What each monitor says about a binary classifier, before the labels arrive and after.

Page: docs/data/index.md
Source: Kolmogorov-Smirnov distance, AUC of sklearn.metrics, Bayes' rule
Task: tell which monitor sees which kind of shift
Graduate to: NannyML, evidently
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.metrics import roc_auc_score


def shift_signature(
    model: ClassifierMixin,
    reference: ArrayLike | pd.DataFrame,
    current: ArrayLike | pd.DataFrame,
    labels: ArrayLike | None = None,
) -> dict[str, float]:
    """Read six monitors of a binary classifier; a shift shows in which of them move.

    Parameters
    ----------
    model : classifier
        Fitted, with ``predict_proba`` of shape (n, 2). Its classes are numbers or booleans, the
        larger one is class 1.
    reference : array-like or DataFrame of shape (n, features)
        Inputs from before, which the model was not trained on: numbers, booleans, text or
        categories, missing values where the model takes them.
    current : array-like or DataFrame of shape (m, features)
        The same columns now.
    labels : array-like of shape (m,), optional
        The outcomes of ``current``, 0 or 1, both of them present.

    Returns
    -------
    dict
        Without labels: ``inputs``, the largest distance of any column (Kolmogorov-Smirnov
        for numbers, total variation for text); ``score``, the change of the mean probability
        of class 1; ``estimate``, the accuracy if every probability were true. With labels:
        ``accuracy`` at a threshold of 0.5; ``auc``; ``gap``, the mean distance between
        probability and observed share, in ten equally wide bins of the probability. All lie
        in 0 to 1, ``score`` in -1 to 1.

    Raises
    ------
    TypeError, ValueError
        If ``model`` gives no two probabilities or refuses a table, the columns differ, or
        ``labels`` are not 0 and 1, one per row of ``current``.
    """
    if not hasattr(model, "predict_proba"):
        raise TypeError(f"model must have predict_proba, got {type(model).__name__}")
    classes = np.asarray(getattr(model, "classes_", (0, 1)))
    if len(classes) == 2 and classes.dtype.kind not in "biuf":  # its columns are in another order
        raise ValueError(f"model must have classes that are numbers, got {classes.tolist()}")
    before, then = _answers("reference", reference, model)
    after, now = _answers("current", current, model)
    if list(then.columns) != list(now.columns):
        raise ValueError(f"current must have the {then.shape[1]} columns of reference")
    score = after[:, 1]
    distances = [_distance(name, then[name], now[name]) for name in then]
    signature = {
        "inputs": max(distances),
        "score": float(score.mean() - before[:, 1].mean()),
        "estimate": float(after.max(axis=1).mean()),
    }
    if labels is None:
        return signature

    truth = _numbers("labels", labels)
    if truth.shape != score.shape or set(truth) != {0, 1}:
        raise ValueError("labels must be 0 and 1, both present, one per row of current")
    bins = np.minimum(score * 10 * (1 + 1e-7), 9).astype(int)  # a float32 of 0.7 is 0.7
    return signature | {
        "accuracy": float(np.mean((score > 0.5) == truth)),
        "auc": float(roc_auc_score(truth, score)),
        "gap": float(np.abs(np.bincount(bins, score - truth)).sum() / score.size),
    }


def _answers(name: str, rows: Any, model: Any) -> tuple[NDArray[np.float64], pd.DataFrame]:
    try:
        table = rows if isinstance(rows, pd.DataFrame) else np.asarray(rows)
    except ValueError as error:
        raise ValueError(f"{name} must have rows of one length: {error}") from error
    if table.ndim != 2 or np.ma.is_masked(rows):
        raise ValueError(f"{name} must be two-dimensional, without a mask, got {table.ndim}")
    columns = _table(name, pd.DataFrame(table))
    if isinstance(rows, pd.DataFrame):
        _same_columns(name, rows, model)
    try:
        answers = np.asarray(model.predict_proba(table), np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a table that the model takes: {error}") from error
    if answers.ndim != 2 or answers.shape[1] != 2 or not np.isfinite(answers).all():
        got = "a NaN" if answers.shape[1:] == (2,) else (*answers.shape[1:], 1)[0]
        raise ValueError(f"model must tell two classes apart, got {got}")
    return answers, columns


def _distance(name: Any, reference: pd.Series, current: pd.Series) -> float:
    then = _numbers_or_text(f"reference: column {name!r}", reference)
    now = _numbers_or_text(f"current: column {name!r}", current)
    kinds = {v.dtype.kind for v, column in ((then, reference), (now, current)) if column.count()}
    if kinds == {"f", "O"}:
        raise TypeError(f"current: column {name!r} must hold the kind of reference")
    if "O" in kinds:
        codes, values = pd.factorize(np.concatenate([then, now]), use_na_sentinel=False)
    else:  # a missing number is smaller than any other
        both = np.concatenate(_same_precision(then, now))
        both = np.where(np.isnan(both), -np.inf, both)
        values, codes = np.unique(both, return_inverse=True)
    parts = codes[: len(then)], codes[len(then) :]
    shares = [np.bincount(part, minlength=len(values)) / len(part) for part in parts]
    gaps = shares[0] - shares[1]
    return float(np.abs(gaps).sum() / 2 if "O" in kinds else np.abs(np.cumsum(gaps)).max())


def _numbers_or_text(name: str, column: pd.Series) -> NDArray[Any]:
    if not column.count():
        return np.full(len(column), np.nan)
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object:
        column = column.astype(object).convert_dtypes()
    if pd.api.types.is_numeric_dtype(column) and column.dtype.kind != "c":
        numbers = column.to_numpy(np.float64, na_value=np.nan)
        if np.isinf(numbers).any():
            raise ValueError(f"{name} must not hold infinity")
        return numbers
    if not pd.api.types.is_string_dtype(column):
        raise TypeError(f"{name} must hold numbers or text, got {column.dtype}")
    return column.astype(object).to_numpy()


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


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _same_precision(*sides: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    # A copy that went through float32 has not moved: if one side did, all are compared in it.
    # 0.5 or 40 is the same in both, so a side of such numbers alone does not tell.
    with np.errstate(invalid="ignore", over="ignore"):
        short = [side.astype(np.float32).astype(np.float64) for side in sides]
        tells = [((side * 1024 % 1 > 0) | (np.abs(side) > 2**24)).any() for side in sides]
    pairs = zip(sides, short, tells, strict=True)
    copies = (tell and np.array_equal(a, b, equal_nan=True) for a, b, tell in pairs)
    return short if any(copies) else list(sides)


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def population(seed, prior=0.2, move=(0, 0), level=0, turn=0, rows=10_000):
        rng = np.random.default_rng(seed)
        side = np.where(rng.random(rows) < prior, 1, -1)
        features = rng.normal(size=(rows, 2)) + np.outer(side, [0.75, -0.5]) + move
        angle = np.arctan2(-1, 1.5) + np.deg2rad(turn)
        effects = np.hypot(1.5, 1) * np.array([np.cos(angle), np.sin(angle)])
        log_odds = features @ effects + np.log(prior / (1 - prior)) + level
        return features, (log_odds > rng.logistic(size=rows)).astype(int)

    model = LogisticRegression(solver="newton-cholesky").fit(*population(seed=0))
    reference, _ = population(seed=1)
    cases = {
        "no shift": (model, reference, *population(seed=2)),
        "covariate loud": (model, reference, *population(seed=3, move=(0.5, 0.75))),
        "covariate hard": (model, reference, *population(seed=4, move=(0.6, -0.4))),
        "label": (model, reference, *population(seed=8, prior=0.5)),
        "concept level": (model, reference, *population(seed=6, level=1)),
        "concept turn": (model, reference, *population(seed=7, turn=60)),
    }
    for name, case in cases.items():
        row = shift_signature(*case)
        print(
            f"{name}: inputs {row['inputs']:.2f}, score {row['score']:+z.2f}, "
            f"estimate {row['estimate']:.0%}, accuracy {row['accuracy']:.0%}, "
            f"AUC {row['auc']:.2f}, gap {row['gap']:.2f}"
        )
        #> no shift: inputs 0.02, score +0.00, estimate 87%, accuracy 87%, AUC 0.90, gap 0.01
        #> covariate loud: inputs 0.29, score +0.00, estimate 87%, accuracy 87%, AUC 0.89, gap 0.00
        #> covariate hard: inputs 0.22, score +0.14, estimate 81%, accuracy 82%, AUC 0.88, gap 0.01
        #> label: inputs 0.17, score +0.12, estimate 83%, accuracy 75%, AUC 0.90, gap 0.17
        #> concept level: inputs 0.01, score +0.00, estimate 87%, accuracy 80%, AUC 0.88, gap 0.10
        #> concept turn: inputs 0.02, score +0.00, estimate 87%, accuracy 76%, AUC 0.71, gap 0.11
    # --8<-- [end:demo]

    # --8<-- [start:digits]
    from sklearn.datasets import load_digits

    digits, names = load_digits(return_X_y=True)
    order, even = np.random.default_rng(0).permutation(len(names)), (names % 2 == 0).astype(int)
    train, held_out, new = order[:900], order[900:1_350], order[1_350:]
    reader = LogisticRegression(C=0.01, solver="newton-cholesky").fit(digits[train], even[train])
    moved = np.roll(digits[new].reshape(-1, 8, 8), shift=1, axis=2).reshape(-1, 64)
    for name, pixels in (("digits, stable", digits[new]), ("digits, pixel", moved)):
        row = shift_signature(reader, digits[held_out], pixels, even[new])
        print(
            f"{name}: inputs {row['inputs']:.2f}, estimate {row['estimate']:.0%}, "
            f"accuracy {row['accuracy']:.0%}"
        )
        #> digits, stable: inputs 0.08, estimate 92%, accuracy 91%
        #> digits, pixel: inputs 0.62, estimate 88%, accuracy 60%
    # --8<-- [end:digits]

    # --8<-- [start:solution]
    from sklearn.tree import DecisionTreeClassifier

    rng = np.random.default_rng(0)
    old, is_new = rng.normal(size=(5_000, 2)), np.repeat([0, 1], 2_500)
    for name, correlation in (("stable", 0.0), ("correlated", 0.7)):
        new_rows = rng.normal(size=(5_000, 2))
        new_rows[:, 1] *= np.sqrt(1 - correlation**2)
        new_rows[:, 1] += correlation * new_rows[:, 0]
        known, later = (np.vstack([old[half::2], new_rows[half::2]]) for half in (0, 1))
        old_from_new = DecisionTreeClassifier(min_samples_leaf=100, random_state=0).fit(
            known, is_new
        )
        inputs = shift_signature(old_from_new, old, new_rows)["inputs"]
        auc = shift_signature(old_from_new, known, later, is_new)["auc"]
        print(f"{name} rows: inputs {inputs:.2f}, AUC of old from new {auc:.2f}")
        #> stable rows: inputs 0.02, AUC of old from new 0.50
        #> correlated rows: inputs 0.02, AUC of old from new 0.69
    # --8<-- [end:solution]
