# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Wait until the labels are in before a model is called worse.

Page: docs/beyond/symptom-to-cause.md
Source: observed over expected events; the exact interval of Clopper and Pearson
Task: tell a decayed model from labels that are still on their way
Graduate to: scipy.stats.binomtest
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]

from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta


def label_wait(age: ArrayLike, delay: ArrayLike, share: float = 0.95) -> float:
    """Return how old a prediction must be until a share of its events has been reported.

    Parameters
    ----------
    age : array-like of shape (n,)
        Of each reported event: how long ago its prediction was made, in any unit, such as
        days: ``(now - made) / pd.Timedelta(days=1)``.
    delay : array-like of shape (n,)
        Of the same events: how long after the prediction the report came.
    share : float
        Share of the events that must be in, between 0 and 1.

    Returns
    -------
    float
        A quantile of the delays, in the same unit. It is taken from predictions that are as old
        as the longest delay: younger ones would show their short delays only. A history shorter
        than the slowest reports gives too short a wait.

    Raises
    ------
    TypeError, ValueError
        If the arguments differ in length or are no numbers, a delay is negative or longer than
        its age, or fewer than fifty events are old enough.
    """
    age, delay = _numbers("age", age), _numbers("delay", delay)
    _same_rows(age=age, delay=delay)
    _between("share", share, 0, 1)
    if (delay < 0).any() or (delay > age * (1 + 1e-9)).any():
        raise ValueError("delay must be at least zero and at most the age of its row")
    old = age * (1 + 1e-9) >= delay.max()  # 0.7 - 0.4 is 0.3
    if old.sum() < 50:
        raise ValueError(f"age must reach the longest delay in 50 events, got {old.sum()}")
    place = np.ceil(round(float(share) * (old.sum() - 1), 9))  # 0.55 * 100 is above 55
    return float(np.sort(delay[old])[int(place)])


def observed_by_age(
    age: ArrayLike, event: ArrayLike, score: ArrayLike, wait: float, width: float
) -> pd.DataFrame:
    """Compare reported with expected events, by the age of the predictions.

    Parameters
    ----------
    age : array-like of shape (n,)
        How long ago each prediction was made, in any unit.
    event : array-like of shape (n,)
        1 where an event was reported by now, else 0.
    score : array-like of shape (n,)
        The predicted probabilities of the event.
    wait : float
        Age from which a row counts as complete, such as that of `label_wait`.
    width : float
        Width of the age groups, in the unit of ``age``.

    Returns
    -------
    DataFrame of shape (groups, 5)
        For each age group, youngest first: its ``rows``, the ``ratio`` of reported to expected
        events with its 95 % interval from ``low`` to ``high``, and whether all of it is
        ``complete``. The index is the age at which the group begins.

    Raises
    ------
    TypeError, ValueError
        If an argument is no number, out of its range, or of another length.
    """
    age, event, score = _numbers("age", age), _numbers("event", event), _numbers("score", score)
    _same_rows(age=age, event=event, score=score)
    _at_least("wait", wait, 0)
    _between("width", width, 1e-8, np.inf)  # groups are rounded to 1e-9
    wait, width = float(wait), float(width)
    if (age < 0).any():
        raise ValueError("age must not be negative")
    if not np.isin(event, (0, 1)).all():
        raise ValueError("event must be 0 or 1")
    if ((score <= 0) | (score >= 1)).any():
        raise ValueError("score must lie between 0 and 1")
    begins = np.floor(np.round(age / width, 9)) * width  # 0.3 / 0.1 is a little below three
    table = pd.DataFrame({"group": begins.round(9), "event": event, "score": score})
    groups = table.groupby("group")
    rows, events, expected = groups.size(), groups["event"].sum(), groups["score"].sum()
    low = np.nan_to_num(beta.ppf(0.025, events, rows - events + 1), nan=0.0)
    high = np.nan_to_num(beta.ppf(0.975, events + 1, rows - events), nan=1.0)
    return pd.DataFrame(
        {
            "rows": rows,
            "ratio": events / expected,
            "low": low * rows / expected,
            "high": high * rows / expected,
            "complete": rows.index >= np.round(wait, 9),  # rounded like the groups
        }
    )


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    age = rng.integers(0, 140, 40_000)  # days
    score = rng.beta(2, 18, age.size)

    def reported(true):  # by now, and after how many days
        delay = rng.gamma(2, 10, age.size)
        return true & (delay <= age), delay

    event, delay = reported(rng.random(age.size) < score)  # the scores are right
    wait = label_wait(age[event], delay[event])
    print(f"95% of the events are reported after {wait:.0f} days")
    #> 95% of the events are reported after 49 days
    for begins, row in observed_by_age(age, event, score, wait, width=20).iterrows():
        said = "complete" if row.complete else "reports still to come"
        days = f"{begins:.0f} to {begins + 20:.0f} days old"
        print(f"{days}: observed/expected {row.ratio:.2f}, {said}")
        #> 0 to 20 days old: observed/expected 0.23, reports still to come
        #> 20 to 40 days old: observed/expected 0.73, reports still to come
        #> 40 to 60 days old: observed/expected 0.99, reports still to come
        #> 60 to 80 days old: observed/expected 1.08, complete
        #> 80 to 100 days old: observed/expected 0.96, complete
        #> 100 to 120 days old: observed/expected 1.02, complete
        #> 120 to 140 days old: observed/expected 1.00, complete
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    worse = np.where(age < 90, 1.5, 1) * score  # for ninety days, the event has been more frequent
    event, _ = reported(rng.random(age.size) < worse)
    table = observed_by_age(age, event, score, wait, width=20)
    for begins in (0, 20, 60, 100):
        low, high = table.loc[begins, ["low", "high"]]
        print(f"{begins} to {begins + 20} days old: observed/expected {low:.2f} to {high:.2f}")
        #> 0 to 20 days old: observed/expected 0.30 to 0.40
        #> 20 to 40 days old: observed/expected 1.08 to 1.25
        #> 60 to 80 days old: observed/expected 1.32 to 1.50
        #> 100 to 120 days old: observed/expected 0.93 to 1.09
    # --8<-- [end:solution]
