# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""How many times cheaper a row is in a batch than in a call of its own.

Page: docs/lifecycle/index.md
Source: scikit-learn, "Computational Performance"; the smallest of repeated timings, as in timeit
Task: measure what a batch saves per row
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable
from numbers import Integral, Real
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def batch_speedup(
    predict: Callable[[Any], object],
    rows: ArrayLike | pd.DataFrame,
    repeats: int = 20,
    clock: Callable[[], float] = perf_counter,
) -> float:
    """Divide the cost of a row that comes alone by the cost of a row in a batch.

    Parameters
    ----------
    predict : callable
        Takes rows of shape (m, features) for any m.
    rows : DataFrame or array-like of shape (n, features)
        All of them are the batch, the first is the single row. A DataFrame is handed over as it is,
        with text and NaN; anything else must be numbers, which are handed over as float64.
    repeats : int
        Timings of either call. The fastest counts: noise only ever adds.
    clock : callable
        Returns the time, in any unit.

    Returns
    -------
    float
        1 if a call costs nothing beside its rows, up to n if it costs nothing but the call.

    Raises
    ------
    TypeError, ValueError
        If ``predict`` is no function, ``rows`` are empty, or no DataFrame and not numeric,
        ``repeats`` is below 1, or ``clock`` stands still.
    """
    for name, function in (("predict", predict), ("clock", clock)):
        if not callable(function):
            raise TypeError(f"{name} must be a function, got {type(function).__name__}")
    framed = isinstance(rows, pd.DataFrame) and not rows.empty
    table: Any = rows if framed else _numbers("rows", rows, ndim=2)
    _whole("repeats", repeats, 1)
    fastest = []
    for batch in (table.iloc[:1] if framed else table[:1], table):
        predict(batch)
        times = []
        for _ in range(repeats):
            start = clock()
            predict(batch)
            times.append(clock() - start)
        if min(times) <= 0:
            raise ValueError("clock must tick during a call: take a finer one, or more rows")
        fastest.append(min(times) / len(batch))
    return fastest[0] / fastest[1]


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


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    now = 0.0  # a clock of our own, so that the numbers are the same on every machine

    def model(per_call, per_row):
        def predict(rows):
            global now
            now += per_call + per_row * len(rows)

        return predict

    rows = np.ones((1_000, 2))
    for per_call, per_row in ((5, 0.1), (5, 5), (0, 5)):
        speedup = batch_speedup(model(per_call, per_row), rows, clock=lambda: now)
        print(
            f"a call costs {per_call} ms, a row {per_row} ms: "
            f"a row is {speedup:.1f} times cheaper in a batch"
        )
        #> a call costs 5 ms, a row 0.1 ms: a row is 48.6 times cheaper in a batch
        #> a call costs 5 ms, a row 5 ms: a row is 2.0 times cheaper in a batch
        #> a call costs 0 ms, a row 5 ms: a row is 1.0 times cheaper in a batch
    # --8<-- [end:demo]
