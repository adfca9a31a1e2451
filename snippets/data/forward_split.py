# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Cross-validation in time order, with a gap for labels that arrive late.

Page: docs/data/split-like-you-serve.md
Source: the expanding window of scikit-learn's TimeSeriesSplit, with times in place of row numbers
Task: cross-validate in time order, with labels that arrive late
Graduate to: sklearn.model_selection.TimeSeriesSplit
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def forward_splits(
    times: ArrayLike,
    n_splits: int = 5,
    gap: float = 0.0,
    units: ArrayLike | None = None,
    window: float | None = None,
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Test on one block of rows after the other, and train on what was known by then.

    Parameters
    ----------
    times : array-like of shape (n,)
        When each row was to be predicted, as numbers in any unit; the rows may stand in any order.
    n_splits : int
        Number of test blocks. They are the newest rows, in blocks of equal size.
    gap : float
        How long a label takes to arrive, in the unit of ``times``.
    units : array-like of shape (n,), optional
        Who or what each row belongs to. Training rows of a unit of the test block are left out,
        as if all units that the model will meet were new.
    window : float, optional
        How far training reaches back from the newest known label; without it, to the beginning.

    Returns
    -------
    list of (train, test)
        Row numbers in time order, for the ``cv`` argument of scikit-learn. Every training row
        is older than the first test row by more than ``gap``.

    Raises
    ------
    TypeError, ValueError
        If ``times`` holds anything but numbers, if there are fewer rows than blocks, or if no
        training row is left before a block.
    """
    single = str(getattr(times, "dtype", "")).lower() == "float32"
    times = _numbers("times", times)
    _whole("n_splits", n_splits, 1)
    if n_splits >= times.size:
        raise ValueError(f"n_splits must be below the rows of times, got {n_splits!r}")
    for name, value in (("gap", gap), ("window", 0 if window is None else window)):
        _at_least(name, value, 0)
    unit = np.arange(times.size) if units is None else _labels("units", units).astype(object)
    _same_rows(times=times, units=unit)
    code, order = pd.factorize(unit)[0], np.argsort(times, kind="stable")
    block, reach = times.size // (int(n_splits) + 1), np.inf if window is None else float(window)
    # What rounding leaves: 0.8 - 0.7 is above 0.1, and seconds since 1970 are rounded themselves.
    latest = np.abs(times).max()
    slack = float(4 * np.spacing(np.float32(latest)) if single else 64 * np.spacing(latest))
    splits = []
    for start in range(times.size - int(n_splits) * block, times.size, block):
        test = order[start : start + block]
        age = times[test[0]] - times[order]
        kept = (age > float(gap) + slack) & (age <= float(gap) + reach + slack)
        train = order[kept & ~np.isin(code[order], code[test])]
        if not train.size:
            raise ValueError("gap, n_splits, units or window leave a block nothing to train on")
        splits.append((train, test))
    return splits


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


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import KFold, TimeSeriesSplit, cross_val_score

    model = LogisticRegression()
    for rotation in (0, 45, 90, 135):
        rng = np.random.default_rng(0)
        day, features = rng.uniform(0, 420, 7_000), rng.normal(size=(7_000, 5))
        angle = np.deg2rad(rotation) * day / 360
        score = 2 * np.cos(angle) * features[:, 0] + 2 * np.sin(angle) * features[:, 1]
        label = score + rng.logistic(size=day.size) > 0

        past, labelled, future = day < 360, day < 360 - 30, day >= 360
        folds = KFold(5, shuffle=True, random_state=0), forward_splits(day[past], gap=30)
        shuffled, forward = (
            cross_val_score(model, features[past], label[past], cv=cv, scoring="roc_auc")
            for cv in folds
        )
        model.fit(features[labelled], label[labelled])
        served = roc_auc_score(label[future], model.decision_function(features[future]))
        print(
            f"rotation {rotation} degrees: AUC shuffled {shuffled.mean():.2f}, "
            f"forward {forward.mean():.2f}, newest block {forward[-1]:.2f}, served {served:.2f}"
        )
        #> rotation 0 degrees: AUC shuffled 0.87, forward 0.86, newest block 0.85, served 0.84
        #> rotation 45 degrees: AUC shuffled 0.86, forward 0.85, newest block 0.83, served 0.82
        #> rotation 90 degrees: AUC shuffled 0.83, forward 0.79, newest block 0.73, served 0.67
        #> rotation 135 degrees: AUC shuffled 0.78, forward 0.72, newest block 0.61, served 0.51
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rng, delay = np.random.default_rng(0), 30  # days until a label is known
    warnings = pd.DataFrame(
        {"machine": rng.integers(0, 50, 5_000), "day": rng.integers(0, 365, 5_000)}
    )
    for column in ("machine", "day"):
        when = warnings.sort_values(column, kind="stable")["day"].to_numpy()
        unknown = [
            np.mean(when[train] + delay >= when[test].min())
            for train, test in TimeSeriesSplit(5).split(when)
        ]
        print(f"sorted by {column}, labels unknown: " + ", ".join(f"{u:.0%}" for u in unknown))
        #> sorted by machine, labels unknown: 100%, 100%, 100%, 100%, 100%
        #> sorted by day, labels unknown: 51%, 23%, 16%, 13%, 10%
    left = [train.size for train, _ in forward_splits(warnings["day"], gap=delay)]
    print("forward_splits, rows to train on: " + ", ".join(f"{rows:,}" for rows in left))
    #> forward_splits, rows to train on: 413, 1,277, 2,094, 2,913, 3,744
    # --8<-- [end:solution]
