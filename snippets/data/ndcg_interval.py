# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""NDCG of each query, and a mean with an interval that leaves out one user at a time.

Page: docs/data/rank.md
Source: scikit-learn, documentation of ndcg_score; the delete-one-group jackknife
Task: report NDCG with an interval, or the difference of two rankers
Graduate to: sklearn.metrics.ndcg_score
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t


def ndcg_by_query(
    queries: ArrayLike,
    relevance: ArrayLike,
    scores: ArrayLike,
    k: int | None = None,
    exponential: bool = False,
) -> pd.Series:
    """Return the NDCG of each query, from a table with a row for each item.

    Parameters
    ----------
    queries : array-like of shape (n,)
        Label of the query that each item was ranked for; rows in any order.
    relevance : array-like of shape (n,)
        Grade of the item, 0 or above.
    scores : array-like of shape (n,)
        What the ranker says; higher comes first. Tied items share their places.
    k : int, optional
        Count the first k places only. None: all.
    exponential : bool
        Count a grade g as 2**g - 1, the default of LightGBM, and not as g, as scikit-learn does.

    Returns
    -------
    Series of shape (queries,)
        NDCG between 0 and 1 by query. NaN where no item is relevant: any order is as good.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    query = _labels("queries", queries)
    grade, score = _numbers("relevance", relevance), _numbers("scores", scores)
    _same_rows(queries=query, relevance=grade, scores=score)
    if k is not None:
        _whole("k", k, 1)
    if not isinstance(exponential, (bool, np.bool_)):
        raise TypeError(f"exponential must be True or False, got {exponential!r}")
    if (grade < 0).any() or (exponential and (grade > 60).any()):
        raise ValueError("relevance must be 0 or above, and at most 60 if it is exponential")
    gain = 2**grade - 1 if exponential else grade
    code, names = pd.factorize(query)
    names = names.astype(np.float64) if names.dtype == np.float16 else names  # no such index

    def total(order: NDArray[np.float64]) -> NDArray[np.float64]:
        rows = np.lexsort((-order, code))
        starts = np.r_[True, np.diff(code[rows]) != 0]
        place = np.arange(code.size) - np.flatnonzero(starts)[np.cumsum(starts) - 1]
        weight = np.where(place < (k or code.size), 1 / np.log2(place + 2.0), 0.0)
        tied = np.cumsum(starts | np.r_[True, np.diff(order[rows]) != 0]) - 1
        mean = np.bincount(tied, gain[rows]) / np.bincount(tied)
        sums = np.bincount(code[rows], weight * mean[tied], minlength=len(names))
        return sums.astype(np.float64)

    ideal = total(gain)
    ndcg = np.divide(total(score), ideal, out=np.full(len(names), np.nan), where=ideal > 0)
    return pd.Series(ndcg, index=pd.Index(names, name="query"), name="ndcg")


def mean_by_unit(
    values: ArrayLike, units: ArrayLike, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Return a mean and its interval, if only the units are independent.

    The jackknife leaves out one unit after the other, with all its rows. For two rankers, give
    it the difference of each query.

    Parameters
    ----------
    values : array-like of shape (n,)
        One value a query, such as its NDCG.
    units : array-like of shape (n,)
        Whose query it was: rows of one user may resemble each other, users do not.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of (mean, low, high)
        In the unit of the values; the ends use Student's t with one degree less than the units
        of equal size that would say as much (Kish).

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, if there is one unit only, or if fewer than five units (of
        fewer than six: all but one) differ from the most common mean, such as a difference of zero, or if one
        unit has more than seven rows of ten: such data cannot say how sure it is.
    """
    value, unit = _numbers("values", values), _labels("units", units)
    _same_rows(values=value, units=unit)
    _between("confidence", confidence, 0, 1)
    code, names = pd.factorize(unit)
    many = len(names)
    if many < 2:
        raise ValueError("units must be two or more")
    sums, rows = np.bincount(code, value), np.bincount(code)
    typical = (sums / rows / (np.abs(value).max() or 1)).round(12)  # 0.1 + 0.1 + 0.1 is not 3 × 0.1
    if many - np.unique(typical, return_counts=True)[1].max() < min(5, many - 1):
        raise ValueError("values must differ between units, five of them from the most common mean")
    if 10 * rows.max() > 7 * value.size:  # an interval of a hundred digits is no answer
        raise ValueError("units must have seven rows of ten or fewer each")
    left = (sums.sum() - sums) / (value.size - rows)
    error = np.sqrt((many - 1) / many * np.sum((left - left.mean()) ** 2))
    worth = value.size**2 / (rows.astype(np.float64) ** 2).sum()  # units, if all were equal
    mean, reach = value.mean(), error * t.ppf((1 + float(confidence)) / 2, worth - 1)
    return float(mean), float(mean - reach), float(mean + reach)


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
    rng = np.random.default_rng(0)

    def searches(users, each):
        user, item = np.repeat(np.arange(users), each * 8), np.tile(np.arange(8), users * each)
        relevance = rng.choice([0, 0, 1, 2], item.size)
        blur = np.where(rng.random(users) < 0.5, 0.2, 6)[user]  # served well, served badly
        return user, relevance, relevance + blur * rng.normal(size=(2, item.size))

    for each in (1, 10):
        user, relevance, (old, new) = searches(40, each)
        query = np.arange(user.size) // 8
        table = pd.DataFrame({"user": user[::8], "old": ndcg_by_query(query, relevance, old)})
        table["new"] = ndcg_by_query(query, relevance, new + relevance)
        table = table.dropna()
        for name, unit in (("queries", table.index), ("users", table["user"])):
            mean, low, high = mean_by_unit(table["old"], unit)
            print(f"{each} a user, {name} as units: NDCG {mean:.3f}, {low:.3f} to {high:.3f}")
            #> 1 a user, queries as units: NDCG 0.856, 0.804 to 0.908
            #> 1 a user, users as units: NDCG 0.856, 0.804 to 0.908
            #> 10 a user, queries as units: NDCG 0.881, 0.865 to 0.897
            #> 10 a user, users as units: NDCG 0.881, 0.842 to 0.921
    gain, low, high = mean_by_unit(table["new"] - table["old"], table["user"])
    print(f"new minus old, users as units: {gain:.3f}, {low:.3f} to {high:.3f}")
    #> new minus old, users as units: 0.017, 0.001 to 0.033
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    user, relevance, (old, new) = searches(60, 5)
    query = np.arange(user.size) // 8
    lead = ndcg_by_query(query, relevance, new, k=3) - ndcg_by_query(query, relevance, old, k=3)
    owner = pd.Series(user[::8], index=lead.index)
    decided = lead.dropna()
    for name, unit in (("queries", decided.index), ("users", owner[decided.index])):
        mean, low, high = mean_by_unit(decided, unit)
        print(f"{name} as units: lead {mean:+.3f}, {low:+.3f} to {high:+.3f}")
        #> queries as units: lead -0.016, -0.049 to +0.017
        #> users as units: lead -0.016, -0.051 to +0.020
    # --8<-- [end:solution]
