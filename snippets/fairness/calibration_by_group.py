# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""Mean score against observed rate, by group and score bin, with intervals that hold together.

Page: docs/fairness/audit-without-the-attribute.md
Source: the exact interval of a rate by Clopper and Pearson, the error shared by all cells
Task: check whether a score is calibrated in each group
Graduate to: sklearn.calibration.calibration_curve
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta


def calibration_by_group(
    score: ArrayLike, outcome: ArrayLike, group: ArrayLike, bins: int = 3, confidence: float = 0.95
) -> pd.DataFrame:
    """Compare the mean score with the observed rate in every group, as a whole and by score bin.

    Parameters
    ----------
    score : array-like of shape (n,)
        Predicted probabilities of the event.
    outcome : array-like of shape (n,)
        1 where the event happened, else 0.
    group : array-like of shape (n,)
        The group of each row.
    bins : int
        Bins of the score, at its quantiles over all rows, at least 1; fewer if scores repeat.
    confidence : float
        Confidence that all rates of the table are in their intervals, between 0 and 1, if rows
        are independent.

    Returns
    -------
    DataFrame of shape (cells, 6)
        Indexed by ``group`` and ``bin``, where bin 0 is the whole group: ``rows``, ``mean_score``,
        ``observed_rate`` with its interval from ``low`` to ``high``, and ``verdict``: the score is
        "too high" or "too low" if the interval does not hold its mean, else "undecided".

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, missing, of another length or out of range; the message names it.
    """
    chance, event = _numbers("score", score), _flags("outcome", outcome)
    names = _labels("group", group)
    _same_rows(score=chance, outcome=event, group=names)
    _whole("bins", bins, 1)
    _between("confidence", confidence, 0, 1)
    if not ((chance >= 0) & (chance <= 1)).all():
        raise ValueError("score must lie between 0 and 1")
    inner = np.quantile(chance, np.linspace(0, 1, int(bins) + 1)[1:-1], method="lower")
    _, cell = np.unique(np.searchsorted(inner, chance, side="left"), return_inverse=True)
    rows = pd.DataFrame({"group": names, "bin": cell + 1, "score": chance, "event": event})
    cells = pd.concat([rows.assign(bin=0), rows]).groupby(["group", "bin"], observed=True)
    table = cells.agg(rows=("score", "size"), mean_score=("score", "mean"))
    hits = cells["event"].sum().to_numpy()
    table["observed_rate"] = hits / table["rows"]
    each = 1 - (1 - float(confidence)) / len(table)
    table["low"], table["high"] = _clopper_pearson(hits, table["rows"].to_numpy(), each)
    off = [table["mean_score"] > table["high"], table["mean_score"] < table["low"]]
    table["verdict"] = np.select(off, ["too high", "too low"], "undecided")
    return table


def _clopper_pearson(hits: NDArray[Any], rows: NDArray[Any], each: float) -> tuple[Any, Any]:
    tail = (1 - each) / 2  # C. J. Clopper and E. S. Pearson, 1934
    low, high = beta.ppf(tail, hits, rows - hits + 1), beta.isf(tail, hits + 1, rows - hits)
    return np.where(hits == 0, 0, low), np.where(hits == rows, 1, high)


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


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.linear_model import LogisticRegression

    rng, rows = np.random.default_rng(0), 40_000
    group, debt = np.where(rng.random(rows) < 0.3, "B", "A"), rng.normal(size=(rows, 1))
    tables = {}
    for effect in (-1, 0):
        log_odds = debt[:, 0] - 0.5 + effect * (group == "B")  # the score sees the debt only
        default = log_odds > rng.logistic(size=rows)
        model = LogisticRegression().fit(debt[:30_000], default[:30_000])
        score, outcome = model.predict_proba(debt)[30_000:, 1], default[30_000:]
        tables[effect] = calibration_by_group(score, outcome, group[30_000:])
        print(
            f"effect {effect}, all loans together: {score.mean():.0%} expected, "
            f"{outcome.mean():.0%} observed"
        )
        #> effect -1, all loans together: 34% expected, 34% observed
        #> effect 0, all loans together: 40% expected, 40% observed
    whole = pd.concat(tables).xs(0, level="bin")
    for (effect, name), line in whole.iterrows():
        print(
            f"effect {effect}, group {name}, all scores: {line.mean_score:.0%} expected, "
            f"{line.observed_rate:.0%} observed: {line.verdict}"
        )
        #> effect -1, group A, all scores: 34% expected, 40% observed: too low
        #> effect -1, group B, all scores: 34% expected, 21% observed: too high
        #> effect 0, group A, all scores: 40% expected, 40% observed: undecided
        #> effect 0, group B, all scores: 40% expected, 41% observed: undecided
    # --8<-- [end:demo]
