# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""The recall of any approximate index against exact search, with an interval over the queries.

Page: docs/beyond/retrieve.md
Source: modified Jeffreys interval with the effective sample size of clustered answers
Task: measure the recall of my index, and pick its probes or its ef
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable, Mapping
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv


def recall_table(
    exact: ArrayLike, found: Mapping[Hashable, ArrayLike], confidence: float = 0.95
) -> pd.DataFrame:
    """Compare what an index found, at each of its settings, with exact search.

    Parameters
    ----------
    exact : array-like of shape (q, k)
        Row numbers of the nearest vectors of each query, by exact search, without repeats.
        -1 where a filter leaves fewer than ``k``. Of other ids, numbers or text, they are
        ``pd.Index(ids_of_all).get_indexer(exact.ravel()).reshape(exact.shape)``.
    found : mapping of setting to array-like of shape (q, m)
        What the index returned for the same queries, by setting, such as the number of probes
        or ``ef``; -1 where it found less.
    confidence : float
        Confidence of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame of shape (settings, 4)
        ``recall``, the share of the exact ones that were found, with its interval from ``low``
        to ``high`` for queries like these, which are independent of each other; and ``worst``,
        the recall that nine queries of ten reach. With fewer than 200 queries, ``low`` is too
        high if one list in twenty is ten times as long as the others and found less often.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, ids repeat or a query has no exact neighbour; the message
        names the argument.
    """
    true = _ids("exact", exact)
    _between("confidence", confidence, 0, 1)
    if not isinstance(found, Mapping) or not found:
        raise TypeError("found must map each setting to what it found")
    if not (true >= 0).any(axis=1).all():
        raise ValueError("exact must hold one neighbour or more for each query")
    rows = {}
    for setting, ids in found.items():
        got = _ids(f"found: {setting!r}", ids)
        if len(got) != len(true):
            raise ValueError(f"found: {setting!r} must have the queries of exact, {len(true)}")
        hits = ((true[:, :, None] == got[:, None, :]) & (true >= 0)[:, :, None]).any(axis=2)
        rows[setting] = _interval(hits.sum(axis=1), (true >= 0).sum(axis=1), float(confidence))
    names = ["recall", "low", "high", "worst"]
    return pd.DataFrame(
        list(rows.values()), index=pd.Index(list(rows), dtype=object), columns=names
    )


def _interval(
    hits: NDArray[np.int64], sizes: NDArray[np.int64], confidence: float
) -> tuple[float, float, float, float]:
    recall, typical = hits.sum() / sizes.sum(), (sizes**2).sum() / sizes.sum()
    queries = sizes.sum() / typical  # a query with a long list counts more (Kish)
    # Ten neighbours of one query are found or missed together: count what they are worth, with
    # one query more that is missed whole, and one that is found whole.
    squares = ((hits - recall * sizes) ** 2).sum() + (recall**2 + (1 - recall) ** 2) * typical**2
    spread = squares / max(queries - 1, 1) * queries / sizes.sum() ** 2
    worth = queries if recall in (0, 1) else min(recall * (1 - recall) / spread, sizes.sum())
    ends = [(1 - confidence) / 2, (1 + confidence) / 2]
    low, high = betaincinv(recall * worth + 0.5, (1 - recall) * worth + 0.5, ends)
    least = ends[0] ** (1 / queries)  # exact, where all are found or none
    low, high = {0: (0.0, 1 - least), 1: (least, 1.0)}.get(recall, (low, high))
    worst = np.sort(hits / sizes)[len(hits) // 10]  # one in ten may fall below
    return float(recall), float(low), float(high), float(worst)


def _ids(name: str, values: ArrayLike) -> NDArray[np.int64]:
    array = _numbers(name, values, 2)
    if (array < -1).any() or (array != np.rint(array)).any() or (array >= 2**53).any():
        raise ValueError(f"{name} must hold row numbers, or -1")
    ordered = np.sort(array, axis=1)
    if ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any():
        raise ValueError(f"{name} must not repeat a row number within a query")
    return array.astype(np.int64)


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
    from sklearn.datasets import load_digits
    from sklearn.decomposition import PCA
    from sklearn.neighbors import NearestNeighbors

    def ten_nearest(images, queries):
        return NearestNeighbors(n_neighbors=10).fit(images).kneighbors(queries)[1]

    # 1,497 images of digits; the setting is how many of the main components are compared
    images, queries = np.split(load_digits().data, [1_497])
    exact, settings = ten_nearest(images, queries), (8, 16, 32)
    axes = PCA().fit(images)
    images, queries = axes.transform(images), axes.transform(queries)
    found = {size: ten_nearest(images[:, :size], queries[:, :size]) for size in settings}
    tune, check = slice(0, 150), slice(150, None)  # pick on some queries, report on others
    table = recall_table(exact[tune], {size: ids[tune] for size, ids in found.items()})
    for size, row in table.iterrows():
        reach = f"{row.recall:.0%} ({row.low:.0%} to {row.high:.0%})"
        print(f"{size} components: recall {reach}; nine queries of ten reach {row.worst:.0%}")
        #> 8 components: recall 57% (54% to 61%); nine queries of ten reach 30%
        #> 16 components: recall 79% (77% to 81%); nine queries of ten reach 60%
        #> 32 components: recall 92% (90% to 94%); nine queries of ten reach 80%
    fewest = table.index[table["low"] >= 0.9][0]
    other = recall_table(exact[check], {fewest: found[fewest][check]}).loc[fewest]
    print(
        f"other queries, {fewest} components: {other.recall:.0%} ({other.low:.0%} to {other.high:.0%})"
    )
    #> other queries, 32 components: 92% (90% to 94%)
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    promise = 0.99
    for asked in (50, 500):
        exact = np.arange(asked)[:, None] * 10 + np.arange(10)
        row = recall_table(exact, {"index": exact}).iloc[0]
        verdict = "holds" if row.low > promise else "is open"
        least = f"recall at least {row.low:.1%}, so a promise of {promise:.0%} {verdict}"
        print(f"{asked} queries, nothing missed: {least}")
        #> 50 queries, nothing missed: recall at least 92.9%, so a promise of 99% is open
        #> 500 queries, nothing missed: recall at least 99.3%, so a promise of 99% holds
    # --8<-- [end:solution]
