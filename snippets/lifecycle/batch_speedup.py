# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
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
from numbers import Integral
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike


def batch_speedup(
    predict: Callable[[np.ndarray], object],
    rows: ArrayLike,
    repeats: int = 20,
    clock: Callable[[], float] = perf_counter,
) -> float:
    """Divide the cost of a row that comes alone by the cost of a row in a batch.

    Parameters
    ----------
    predict : callable
        Takes rows of shape (m, features) for any m.
    rows : array-like of shape (n, features)
        Numeric rows; all of them are the batch, the first is the single row.
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
        If ``predict`` is no function, ``rows`` are not a numeric table without NaN, or
        ``repeats`` is below 1.
    """
    if not callable(predict):
        raise TypeError(f"predict must be a function, got {type(predict).__name__}")
    table = np.asarray(rows)
    if table.dtype.kind not in "iuf" or table.ndim != 2 or not table.size:
        raise ValueError("rows must hold numbers, in two dimensions, and not be empty")
    if not np.isfinite(table).all():
        raise ValueError("rows must be finite")
    if not isinstance(repeats, Integral) or repeats < 1:
        raise ValueError(f"repeats must be a whole number of at least 1, got {repeats!r}")
    fastest = []
    for batch in (table[:1], table):
        predict(batch)
        times = []
        for _ in range(repeats):
            start = clock()
            predict(batch)
            times.append(clock() - start)
        fastest.append(min(times) / len(batch))
    return fastest[0] / fastest[1]


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression, SGDClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    patients, outcome = load_breast_cancer(return_X_y=True)
    rows = np.tile(patients, (2, 1))[:1_000]
    models = {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression()),
        "forest of 30 trees": RandomForestClassifier(n_estimators=30, random_state=0),
    }
    for name, model in models.items():
        model.fit(patients, outcome)
        speedup = batch_speedup(model.predict, rows)
        print(f"{name}: a row is more than 20 times cheaper in a batch of 1,000: {speedup > 20}")
        #> logistic regression: a row is more than 20 times cheaper in a batch of 1,000: True
        #> forest of 30 trees: a row is more than 20 times cheaper in a batch of 1,000: True

    learner = SGDClassifier(random_state=0).fit(patients, outcome)

    def training_step(batch):
        learner.partial_fit(batch[:, :-1], batch[:, -1])

    speedup = batch_speedup(training_step, np.column_stack([rows, np.resize(outcome, 1_000)]))
    print(
        f"step of training: a row is more than 20 times cheaper in a batch of 1,000: {speedup > 20}"
    )
    #> step of training: a row is more than 20 times cheaper in a batch of 1,000: True

    def one_by_one(batch):
        return [model.predict(row[None]) for row in batch]

    speedup = batch_speedup(one_by_one, rows[:20], repeats=5)
    print(f"{name}, one call a row: a row is more than 2 times cheaper in a loop: {speedup > 2}")
    #> forest of 30 trees, one call a row: a row is more than 2 times cheaper in a loop: False
    # --8<-- [end:demo]
