# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Replay history: how a model would have scored, had it been retrained by a given rule.

Page: docs/data/retraining-cadence.md
Source: evaluation on the next period after training (rolling-origin, or prequential)
Task: choose how often to retrain by replaying history
Graduate to: sklearn.model_selection.TimeSeriesSplit
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.metrics import check_scoring


def backtest_cadence(
    model: BaseEstimator,
    inputs: ArrayLike | pd.DataFrame,
    labels: ArrayLike,
    period: ArrayLike,
    *,
    every: int | None = 1,
    window: int | None = None,
    delay: int = 0,
    start: int = 1,
    scoring: str | Callable[..., float] | None = None,
) -> NDArray[np.float64]:
    """Score each period with the model that a retraining rule would have had in service.

    Parameters
    ----------
    model : estimator
        Cloned before each training; it has ``fit``, and ``score`` or what ``scoring`` needs.
    inputs : array-like or DataFrame of shape (n, features)
        Whatever the model reads, rows in any order; a table stays a table.
    labels : array-like of shape (n,)
        Outcomes, numbers or text.
    period : array-like of shape (n,)
        Whole number of the period of each row, such as 202611. Gaps do not count.
    every : int, optional
        Retrain after so many periods. None: only once, on the first labels.
    window : int, optional
        Train on so many of the latest labelled periods, fewer at the start. None: on all.
    delay : int
        Labels of a period are known so many periods after its end.
    start : int
        Labelled periods before the first training. Give all rules one that fills the longest
        window: a first model of few rows would count against a rule that keeps it for long.
    scoring : str or callable, optional
        A scorer of scikit-learn, or its name. None: ``model.score``.

    Returns
    -------
    array of shape (periods - start - delay,)
        The score of each period from the first that has a trained model.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or the model refuses a period: it fails to be trained
        on labels of one class, for example. The message names the argument.
    """
    if not hasattr(model, "fit"):
        raise TypeError(f"model must have fit, got {type(model).__name__}")
    try:
        score = check_scoring(model, scoring=scoring)
    except (TypeError, ValueError) as error:
        raise ValueError(f"model must have score, or scoring suit it: {error}") from error
    try:
        rows = _table("inputs", inputs) if isinstance(inputs, pd.DataFrame) else np.asarray(inputs)
    except ValueError as error:
        raise ValueError(f"inputs must have rows of one length: {error}") from error
    if rows.ndim != 2 or not rows.size or np.ma.is_masked(inputs):
        raise ValueError("inputs must have 2 dimensions, rows and columns, and no mask")
    truth = pd.Series(_labels("labels", labels)).infer_objects()
    number = pd.api.types.is_numeric_dtype(truth)
    outcomes = _numbers("labels", truth) if number else truth.to_numpy(object)
    when = _numbers("period", period)
    _same_rows(inputs=rows, labels=outcomes, period=when)
    periods, position = np.unique(when, return_inverse=True)
    for name, value in (("every", every), ("window", window)):
        if value is not None:
            _whole(name, value, 1)
    _whole("delay", delay, 0)
    _whole("start", start, 1)
    first = int(start) + int(delay)
    if (when % 1).any() or len(periods) <= first:
        raise ValueError("period must hold whole numbers, more different ones than start and delay")

    def take(chosen: NDArray[np.bool_]) -> tuple[Any, NDArray[Any]]:
        return rows[chosen], outcomes[chosen]

    scores = list[float]()
    for now in range(first, len(periods)):
        known = now - int(delay)
        try:
            if now == first or (every and (now - first) % int(every) == 0):
                past = (position < known) & (position >= known - int(window or known))
                in_service = clone(model).fit(*take(past))
            scores.append(float(score(in_service, *take(position == now))))
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(
                "scoring, inputs or labels do not suit the model at period "
                f"{periods[now]:.0f}: {error}"
            ) from error
    return np.array(scores)


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


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    def turning_months(degrees, seed=0, months=25, rows=100):
        rng = np.random.default_rng(seed)
        month = np.repeat(np.arange(months), rows)
        inputs = rng.normal(size=(month.size, 10))
        angle = np.deg2rad(degrees * month)
        effect = 2 * np.cos(angle) * inputs[:, 0] + 2 * np.sin(angle) * inputs[:, 1]
        return inputs, (effect > rng.logistic(size=month.size)).astype(int), month

    rules = {  # every, window
        "never": (None, 1),
        "last month": (1, 1),
        "last quarter": (1, 3),
        "all history": (1, None),
    }
    model = LogisticRegression(solver="newton-cholesky")
    for degrees in (0, 5, 10):
        history = turning_months(degrees)
        mean = {
            name: backtest_cadence(model, *history, every=every, window=window).mean()
            for name, (every, window) in rules.items()
        }
        print(f"{degrees}° a month: " + ", ".join(f"{name} {mean[name]:.1%}" for name in rules))
        #> 0° a month: never 74.0%, last month 73.6%, last quarter 76.8%, all history 77.3%
        #> 5° a month: never 58.0%, last month 73.7%, last quarter 75.4%, all history 70.7%
        #> 10° a month: never 44.6%, last month 72.0%, last quarter 74.4%, all history 56.5%
    # --8<-- [end:demo]

    # --8<-- [start:histories]
    for degrees in (1, 3):
        wins = 0
        for seed in range(10):
            history = turning_months(degrees, seed, months=13)
            quarter = backtest_cadence(model, *history, window=3)
            wins += bool(backtest_cadence(model, *history).mean() > quarter.mean())
        print(f"{degrees}° a month: all history beats the last quarter in {wins} of 10 years")
        #> 1° a month: all history beats the last quarter in 7 of 10 years
        #> 3° a month: all history beats the last quarter in 2 of 10 years
    histories = [turning_months(5, seed) for seed in range(10)]
    for every in (1, 3, 12):
        means = [
            backtest_cadence(model, *history, every=every, window=3, start=3).mean()
            for history in histories
        ]
        mean = np.mean(means)
        print(f"last quarter, 5° a month, {every}-month cadence: accuracy {mean:.1%}")
        #> last quarter, 5° a month, 1-month cadence: accuracy 76.4%
        #> last quarter, 5° a month, 3-month cadence: accuracy 75.5%
        #> last quarter, 5° a month, 12-month cadence: accuracy 69.7%
    # --8<-- [end:histories]

    # --8<-- [start:solution]
    for degrees in (0, 5):
        for late in (0, 3, 6):
            history = turning_months(degrees, seed=1)
            scores = backtest_cadence(model, *history, window=3, delay=late)[-16:]
            print(f"{degrees}° a month, labels {late} months late: accuracy {scores.mean():.1%}")
            #> 0° a month, labels 0 months late: accuracy 75.2%
            #> 0° a month, labels 3 months late: accuracy 75.2%
            #> 0° a month, labels 6 months late: accuracy 76.5%
            #> 5° a month, labels 0 months late: accuracy 77.5%
            #> 5° a month, labels 3 months late: accuracy 75.2%
            #> 5° a month, labels 6 months late: accuracy 69.6%
    # --8<-- [end:solution]
