# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""The difference of two arms, counted by user, with or without the time before (CUPED).

Page: docs/beyond/run-an-experiment.md
Source: delta method for a ratio metric, by jackknife; A. Deng et al., 2013, for the covariate
Task: compare the two arms of an experiment by user
Graduate to: statsmodels.regression.linear_model.OLS
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit


def compare_arms(
    treated: ArrayLike,
    outcome: ArrayLike,
    user: ArrayLike,
    before: ArrayLike | None = None,
    level: float = 0.95,
) -> dict[str, float]:
    """Compare the mean outcome of a row between two arms, where whole users were assigned.

    Parameters
    ----------
    treated : array-like of shape (n,)
        1 or True for the rows of the treatment, otherwise 0; the same in all rows of a user.
    outcome : array-like of shape (n,)
        The metric of each row: a click, a duration, an amount. Rows are visits for a
        metric by visit; give one row a user for a metric by user.
    user : array-like of shape (n,)
        Who was assigned: an id of any kind.
    before : array-like of shape (n,), optional
        A covariate from before the experiment, which the treatment cannot have moved. Each user
        counts once, with the mean of all rows, whose number the treatment may have moved.
    level : float
        Confidence of the interval, between 0 and 1.

    Returns
    -------
    dict
        Means of ``"control"`` and ``"treatment"``; their ``"difference"`` (adjusted, if
        ``before`` is given) with the ends ``"low"`` and ``"high"``, and the ``"p_value"``.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, fewer than five users of an arm have an outcome other
        than its most common one, or ``before`` leaves nothing of it to chance; the message
        names the argument.
    """
    arms, y, ids = _numbers("treated", treated), _numbers("outcome", outcome), _labels("user", user)
    _same_rows(treated=arms, outcome=y, user=ids)
    _between("level", level, 0, 1)
    if not np.isin(arms, [0, 1]).all() or np.ptp(arms) == 0:
        raise ValueError("treated must hold 0 and 1, and both of them")
    arm, who = arms.astype(int), pd.factorize(ids)[0]
    unit = np.abs(y).max() or 1
    y = y / unit  # the square of 1e200, or of 1e-200, is no number
    rows, rows_of = np.bincount(arm), np.bincount(who)
    treated_rows = np.bincount(who, arm)
    if (treated_rows * (treated_rows - rows_of) != 0).any():
        raise ValueError("treated must be the same in all rows of a user")
    in_arm = (treated_rows > 0).astype(int)
    for side in (0, 1):
        typical = (np.bincount(who, y) / rows_of)[in_arm == side].round(12)  # 0.3 is not 3 × 0.1
        if typical.size - np.unique(typical, return_counts=True)[1].max() < 5:
            raise ValueError(
                "outcome must differ from its most common value for five users of either arm; "
                "for rarer events compare counts of users with an exact or a score interval"
            )

    means, users = np.bincount(arm, y) / rows, np.bincount(in_arm)
    share = rows_of / rows[in_arm]  # of the rows of the arm; and what each user adds to its mean
    parts = np.bincount(who, y - means[arm]) / rows[in_arm]
    difference, fitted = means[1] - means[0], 0
    if before is not None:
        x = _numbers("before", before)
        _same_rows(outcome=y, before=x)
        x = x / (np.abs(x).max() or 1)
        largest = np.bincount(who, np.abs(x)) / rows_of / users[in_arm]
        x = np.bincount(who, x) / rows_of  # by user: the treatment may have moved their rows
        mean_before = np.bincount(in_arm, x) / users
        parts_before = (x - mean_before[in_arm]) / users[in_arm]
        if (np.abs(parts_before) > 1e-12 * largest).any():  # else equal within either arm
            slope = float(parts_before @ parts / (parts_before @ parts_before))
            difference -= slope * (mean_before[1] - mean_before[0])
            parts, fitted = parts - slope * parts_before, 1
            noise = np.bincount(who, np.abs(y)) / rows[in_arm] + abs(slope) * largest
            if (np.abs(parts) <= 1e-12 * noise).all():
                raise ValueError("before must not tell the outcome of every user: is it the same?")
    # A user with many rows draws the mean to their own, so each is left out once (jackknife), and
    # uneven users are worth as many even ones as Kish counts.
    variances = np.bincount(in_arm, (parts / (1 - share)) ** 2) * (users - 1) / users
    worth = np.maximum(1 / np.bincount(in_arm, share**2), 2 + fitted)
    freedom = variances.sum() ** 2 / (variances**2 / (worth - 1)).sum()
    error = float(np.sqrt(variances.sum() * freedom / (freedom - fitted)))
    freedom -= fitted  # a small arm sets the slope, so the loss is counted in its users
    half = error * float(stdtrit(freedom, (1 + float(level)) / 2))
    return {
        "control": float(means[0] * unit),
        "treatment": float(means[1] * unit),
        "difference": float(difference * unit),
        "low": float((difference - half) * unit),
        "high": float((difference + half) * unit),
        "p_value": float(2 * stdtr(freedom, -abs(difference) / error)),
    }


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
    for mean_visits in (1, 2, 5, 10):
        rng, found = np.random.default_rng(0), {"visit": 0, "user": 0}
        for _ in range(600):  # two arms of 200 users, treated alike
            user = np.repeat(np.arange(400), rng.geometric(1 / mean_visits, size=400))
            clicks = rng.random(user.size) < rng.beta(1.2, 2.8, size=400)[user]
            for unit, ids in (("visit", np.arange(user.size)), ("user", user)):
                found[unit] += compare_arms(user % 2, clicks, ids)["p_value"] < 0.05
        by_visit, by_user = (found[unit] / 600 for unit in ("visit", "user"))
        print(
            f"{mean_visits} visits per user, no effect: found by visit in {by_visit:.0%}, "
            f"by user in {by_user:.0%}"
        )
        #> 1 visits per user, no effect: found by visit in 6%, by user in 6%
        #> 2 visits per user, no effect: found by visit in 9%, by user in 4%
        #> 5 visits per user, no effect: found by visit in 23%, by user in 5%
        #> 10 visits per user, no effect: found by visit in 39%, by user in 6%
    # --8<-- [end:demo]

    # --8<-- [start:cuped]
    rng = np.random.default_rng(0)
    spent_before = rng.gamma(2, 10, size=4_000)
    spent = 0.7 * spent_before + rng.gamma(2, 7, size=4_000)
    treated = rng.permutation(4_000) % 2
    for name, covariate in (("spending alone", None), ("with the month before", spent_before)):
        arms = compare_arms(treated, spent + 0.5 * treated, np.arange(4_000), covariate)
        half = (arms["high"] - arms["low"]) / 2
        print(f"{name}: effect {arms['difference']:+.2f}, give or take {half:.2f}")
        #> spending alone: effect +0.83, give or take 0.87
        #> with the month before: effect +0.44, give or take 0.61
    # --8<-- [end:cuped]

    # --8<-- [start:latency]
    rng = np.random.default_rng(0)
    calls, canary = np.arange(4_000), np.arange(4_000) % 2
    for fault, share, times in (
        ("all calls 10% slower", 1, 1.1), ("2% of calls ten times slower", 0.02, 10),
        ("no fault", 0, 1),
    ):  # fmt: skip
        seen = np.zeros(3)
        for _ in range(100):
            slower = np.where((rng.random(4_000) < share) & (canary == 1), times, 1)
            latency = 100 * (1 + rng.pareto(1.5, size=4_000)) * slower  # milliseconds
            metrics = latency, latency > 150, latency > 1_000
            seen += [compare_arms(canary, m, calls, level=0.9)["low"] > 0 for m in metrics]
        mean, bulk, tail = seen / 100
        print(f"{fault}: mean finds {mean:.0%}, above 150 ms {bulk:.0%}, above 1 s {tail:.0%}")
        #> all calls 10% slower: mean finds 23%, above 150 ms 100%, above 1 s 21%
        #> 2% of calls ten times slower: mean finds 37%, above 150 ms 9%, above 1 s 86%
        #> no fault: mean finds 5%, above 150 ms 8%, above 1 s 5%
    # --8<-- [end:latency]
