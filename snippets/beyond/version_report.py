# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Which embedding versions an index holds, and which ones its results come from.

Page: docs/beyond/retrieve.md
Source: shares of documents and results; modified Jeffreys interval with the effective sample size
Task: find out whether vectors of two embedding models are mixed
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv


def version_report(versions: ArrayLike, found: ArrayLike) -> pd.DataFrame:
    """Compare the versions of the documents with those of the results.

    Parameters
    ----------
    versions : array-like of shape (n,)
        Name of the embedding model and version of each document, as text or numbers.
    found : array-like of shape (q, k)
        Row numbers of the documents that the index returned for each of a random part of the
        queries; -1 where it found less.

    Returns
    -------
    DataFrame of shape (versions, 4)
        By version: ``documents``, its share of the index; ``results``, its share of what was
        returned, with a 95% interval from ``low`` to ``high`` over queries, which are independent.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or ``found`` holds a row that ``versions`` has not.
    """
    labels, ids = _labels("versions", versions), _numbers("found", found, 2)
    if not np.isin(ids, np.arange(-1, labels.size)).all() or not (ids >= 0).any():
        raise ValueError("found must hold row numbers of versions, or -1, and one hit or more")
    ids = ids[(ids >= 0).any(axis=1)]  # a query that found nothing says nothing about versions
    code, names = pd.factorize(labels.astype(object), sort=True)
    kinds = len(names)
    of_hit = np.where(ids >= 0, code[ids.astype(np.intp)], kinds)
    counts = np.stack([(of_hit == kind).sum(axis=1) for kind in range(kinds)], axis=1)
    sizes, results = counts.sum(axis=1, keepdims=True), counts.sum(axis=0) / counts.sum()
    typical = (sizes**2).sum() / sizes.sum()
    queries = sizes.sum() / typical  # a query with many results counts more (Kish)
    # The results of one query go together: count what they are worth, with one query more that
    # has no result of the version, and one that has no other.
    extra = (results**2 + (1 - results) ** 2) * typical**2
    squares = ((counts - results * sizes) ** 2).sum(axis=0) + extra
    spread = squares / max(queries - 1, 1) * queries / sizes.sum() ** 2
    worth = np.minimum(results * (1 - results) / spread, sizes.sum())
    worth = np.where(np.isin(results, (0, 1)), queries, worth)
    low, high = (
        betaincinv(results * worth + 0.5, (1 - results) * worth + 0.5, end)
        for end in (0.025, 0.975)
    )
    none = 1 - 0.025 ** (1 / queries)  # what that many queries without a hit leave possible
    columns = {
        "documents": np.bincount(code) / code.size,
        "results": results,
        "low": np.select([results == 0, results == 1], [0, 1 - none], low),
        "high": np.select([results == 1, results == 0], [1, none], high),
    }
    return pd.DataFrame(columns, index=pd.Index(names).infer_objects())


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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from scipy.linalg import orthogonal_procrustes
    from scipy.stats import ortho_group

    rng = np.random.default_rng(0)
    topics = rng.normal(size=(100, 32))
    about = rng.integers(100, size=5_200)  # simulated: 5,000 documents, then 200 queries
    first = topics[about] + rng.normal(size=(5_200, 32))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = first @ ortho_group.rvs(32, random_state=1)  # the new model: the old one, turned
    first, second, queries = first[:5_000], second[:5_000], second[5_000:]

    def ten_nearest(documents):
        scores = queries @ documents.T
        rows = np.argsort(-scores, axis=1)[:, :10]
        return rows, np.take_along_axis(scores, rows, axis=1).mean()

    def recall(found):
        return np.mean([np.isin(e, f).mean() for e, f in zip(exact, found, strict=True)])

    exact, before = ten_nearest(second)
    old = rng.random(5_000) < 0.5  # half of the documents were not embedded again
    found, score = ten_nearest(np.where(old[:, None], first, second))
    print(
        f"half old: recall {recall(found):.0%}, mean similarity {score:.2f} instead of {before:.2f}"
    )
    #> half old: recall 49%, mean similarity 0.61 instead of 0.64
    for version, row in version_report(np.where(old, "v1", "v2"), found).iterrows():
        of_hits = f"{row.results:.0%} of the results ({row.low:.0%} to {row.high:.0%})"
        print(f"{version}: {row.documents:.0%} of the documents, {of_hits}")
        #> v1: 51% of the documents, 14% of the results (11% to 16%)
        #> v2: 49% of the documents, 86% of the results (84% to 89%)

    pairs = np.flatnonzero(old)[:500]  # embedded in both versions
    back, _ = orthogonal_procrustes(first[pairs], second[pairs])
    mended, _ = ten_nearest(np.where(old[:, None], first @ back, second))
    print(f"old vectors turned by what 500 pairs say: recall {recall(mended):.0%}")
    #> old vectors turned by what 500 pairs say: recall 100%
    # --8<-- [end:demo]
