# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Time single calls: one input each, the first calls apart.

Page: docs/lifecycle/measure-latency.md
Source: time.perf_counter_ns of the standard library
Task: time single predictions
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral
from time import perf_counter_ns

import numpy as np
from numpy.typing import NDArray


def time_calls(
    call: Callable[[object], object],
    inputs: Sequence[object],
    warm_up: int = 10,
    clock: Callable[[], float] = perf_counter_ns,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Call once per input and time every call by itself.

    Parameters
    ----------
    call : callable
        Takes one input, such as the features of one request.
    inputs : sequence
        One input per call; more of them than ``warm_up``, and different ones. Of a table, a
        pipeline takes tables of one row: ``[table.iloc[[i]] for i in range(len(table))]``.
    warm_up : int
        How many of the first calls to keep apart.
    clock : callable
        Returns the time, in any unit; nanoseconds by default.

    Returns
    -------
    first, steady : array of shape (warm_up,) and (n - warm_up,)
        The time of each call, in the order of the inputs.

    Raises
    ------
    TypeError, ValueError
        If ``call`` is no function, ``inputs`` is no sequence such as a list, or
        ``warm_up`` leaves no input to time.
    """
    if not callable(call):
        raise TypeError(f"call must be a function, got {type(call).__name__}")
    table = hasattr(inputs, "iloc") or hasattr(inputs, "columns")  # which may iterate by column
    if not hasattr(inputs, "__getitem__") or isinstance(inputs, Mapping) or table:
        raise TypeError(
            "inputs must be a sequence; of a table, [table.iloc[[i]] for i in range(len(table))]"
        )
    if not len(inputs):
        raise ValueError("inputs must not be empty")
    whole = isinstance(warm_up, Integral)
    if not whole or not 0 <= warm_up < len(inputs):
        raise ValueError(
            f"warm_up must be a whole number from 0 to {len(inputs) - 1}, got {warm_up!r}"
        )
    times = np.empty(len(inputs))
    for place, value in enumerate(inputs):
        start = clock()
        call(value)
        times[place] = clock() - start
    return times[:warm_up], times[warm_up:]


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from functools import cache

    from sklearn.datasets import load_digits
    from sklearn.ensemble import RandomForestClassifier

    digits, names = load_digits(return_X_y=True)
    forest = RandomForestClassifier(n_estimators=20, random_state=0).fit(digits, names)
    ran: list[int] = []

    @cache
    def score(row):
        ran.append(row)  # counts how often the model runs
        return forest.predict_proba(digits[row : row + 1])

    for name, rows in (("the same row", [0] * 60), ("different rows", range(100, 160))):
        ran.clear()
        first, steady = time_calls(score, rows)
        print(
            f"{name}: {len(first)} first calls and {len(steady)} more; the model ran {len(ran)} times"
        )
        #> the same row: 10 first calls and 50 more; the model ran 1 times
        #> different rows: 10 first calls and 50 more; the model ran 60 times
    # --8<-- [end:demo]
