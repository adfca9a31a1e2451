# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""What a ranker would have earned on logged clicks, each divided by the looks at its position.

Page: docs/data/rank.md
Source: T. Joachims and others, Unbiased Learning-to-Rank with Biased Feedback, IJCAI 2018
Task: judge a new ranker on clicks that were logged under another one
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def logged_dcg(
    sessions: ArrayLike,
    positions: ArrayLike,
    clicks: ArrayLike,
    ranks: ArrayLike,
    examination: ArrayLike,
    cap: float = np.inf,
) -> pd.Series:
    """Estimate the DCG of a ranker in each session of a log that another ranker wrote.

    A row is an item that was shown. If a click is a look times the item's appeal, the mean over
    sessions estimates the DCG of the appeals without bias, as long as all items had looks.

    Parameters
    ----------
    sessions : array-like of shape (n,)
        Label of the session.
    positions : array-like of shape (n,)
        Where the item was shown, from 1 on.
    clicks : array-like of shape (n,)
        1 if it was clicked, else 0.
    ranks : array-like of shape (n,)
        Where the ranker to judge puts the item, from 1 on, each rank once in a session. The
        logged positions judge the old ranker.
    examination : array-like of shape (positions,)
        How much each position is looked at, above 0, in units of the first one's. Ones count
        clicks as they are.
    cap : float
        No click counts for more than this, above 0: less noise, more bias.

    Returns
    -------
    Series of shape (sessions,)
        Sum of weighted clicks, each over the logarithm of its rank, by session.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    session, click = _labels("sessions", sessions), _numbers("clicks", clicks)
    position, rank = _places("positions", positions), _places("ranks", ranks)
    looks = _numbers("examination", examination)
    _same_rows(sessions=session, positions=position, clicks=click, ranks=rank)
    if not np.isin(click, (0, 1)).all():
        raise ValueError("clicks must be 0 or 1")
    if looks.size < position.max() or not (looks > 0).all():
        raise ValueError(f"examination must be above 0 and reach to position {position.max()}")
    if cap != np.inf:
        _between("cap", cap, 0, np.inf)
    weight = np.minimum(1 / looks[position - 1], float(cap))
    code, names = pd.factorize(session)
    if pd.Series(code * 10**6 + rank).duplicated().any():
        raise ValueError("ranks must hold each rank once in a session: a tie, or a row twice")
    if click.all():  # sessions without a click would be missing
        raise ValueError("clicks must hold 0 as well: log what was shown and not clicked, too")
    names = names.astype(np.float64) if names.dtype == np.float16 else names  # no such index
    dcg = np.bincount(code, click * weight / np.log2(rank + 1.0), minlength=len(names))
    return pd.Series(dcg, index=pd.Index(names, name="session"), name="dcg")


def _places(name: str, values: ArrayLike) -> NDArray[np.int64]:
    places = _numbers(name, values)
    if not ((places >= 1) & (places == np.rint(places)) & (places < 1e6)).all():
        raise ValueError(f"{name} must be whole numbers from 1 on, below a million")
    return places.astype(np.int64)


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng, place = np.random.default_rng(0), np.arange(1, 11)
    appeal = rng.choice([0.05, 0.1, 0.3, 0.6], (200, 10))  # 200 queries, 10 items

    def ranks_of(scores):
        return 1 + np.argsort(np.argsort(-scores, axis=1), axis=1)

    old, new = (ranks_of(appeal + blur * rng.normal(size=(200, 10))) for blur in (0.3, 0.2))
    true = [np.sum(appeal / np.log2(ranks + 1)) for ranks in (old, new)]
    query = np.repeat(np.arange(200), 50)  # 50 sessions each
    session, chance = np.repeat(np.arange(query.size), 10), rng.random((query.size, 10))
    for looks, examination in (("equal", np.ones(10)), ("falling", 1 / place)):
        clicks = chance < appeal[query] * examination[old[query] - 1]
        shares = []
        for assumed in (np.ones(10), examination):
            log = old[query].ravel(), clicks.ravel()
            mean = [
                logged_dcg(session, *log, ranks[query].ravel(), assumed).mean()
                for ranks in (old, new)
            ]
            shares.append(mean[1] / mean[0] - 1)
        print(
            f"looks {looks}: the new ranker earns {shares[0]:+.1%} by clicks, "
            f"{shares[1]:+.1%} by clicks over looks"
        )
        #> looks equal: the new ranker earns +4.0% by clicks, +4.0% by clicks over looks
        #> looks falling: the new ranker earns -17.4% by clicks, +4.2% by clicks over looks
    print(f"by the true appeal, the new ranker earns {true[1] / true[0] - 1:+.1%}")
    #> by the true appeal, the new ranker earns +3.8%
    # --8<-- [end:demo]

    # --8<-- [start:few]
    def dcg_of(scores):
        return np.sum(appeal / np.log2(ranks_of(scores) + 1))

    for sessions in (20, 100, 1_000):
        clicks = rng.binomial(sessions, appeal / old)  # looks fall as one over the place
        by_clicks, over_looks = (
            dcg_of(scores) / dcg_of(appeal) for scores in (clicks, clicks * old)
        )
        print(
            f"{sessions:,} sessions a query: NDCG {by_clicks:.3f} ranked by clicks, "
            f"{over_looks:.3f} ranked by clicks over looks"
        )
        #> 20 sessions a query: NDCG 0.961 ranked by clicks, 0.946 ranked by clicks over looks
        #> 100 sessions a query: NDCG 0.976 ranked by clicks, 0.990 ranked by clicks over looks
        #> 1,000 sessions a query: NDCG 0.977 ranked by clicks, 1.000 ranked by clicks over looks
    # --8<-- [end:few]
