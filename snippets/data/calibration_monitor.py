# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6", "scipy>=1.13"]
# ///
"""A CUSUM on the calibration of a score, and the limit that gives it a false alarm rate.

Page: docs/data/calibration.md
Source: S. H. Steiner et al., Monitoring Surgical Performance Using Risk-Adjusted CUSUM Charts, 2000
Task: raise an alarm when a score loses its calibration
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def calibration_cusum(
    score: ArrayLike, outcome: ArrayLike, odds_ratio: float = 1.25, tolerated: float = 1.0
) -> NDArray[np.float64]:
    """Accumulate the evidence, row by row, that the true odds are a multiple of the score's.

    Parameters
    ----------
    score : array-like of shape (n,)
        Predicted probabilities of the event, in the order of time.
    outcome : array-like of shape (n,)
        1 or True where the event happened, else 0 or False.
    odds_ratio : float
        The error to find: above 1, more events than expected; below 1, fewer.
    tolerated : float
        The error to live with, from 1 towards `odds_ratio`, such as 1.1 if that is 1.25.

    Returns
    -------
    ndarray of shape (n,)
        Sum of the log-likelihood ratios of the two errors since the evidence was last zero.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds NaN, differs in length or is out of range.
    """
    score, outcome = _probabilities(score), _numbers("outcome", outcome)
    _same_rows(score=score, outcome=outcome)
    if not np.isin(outcome, (0, 1)).all():
        raise ValueError("outcome must be 0 or 1")
    no_event, event = _evidence(score, odds_ratio, tolerated)
    return _cusum(no_event + outcome * event)


def cusum_limit(
    score: ArrayLike,
    horizon: int,
    odds_ratio: float = 1.25,
    false_alarm_rate: float = 0.05,
    seed: int = 0,
    tolerated: float = 1.0,
) -> float:
    """Return the limit that tolerable scores exceed within a horizon at the given rate.

    Runs draw scores from yours, and outcomes from the scores at the tolerated odds. There are a
    thousand, or as many as it takes until fifty exceed the limit.

    Parameters
    ----------
    score : array-like of shape (n,)
        Recent predicted probabilities, as a sample of those to come.
    horizon : int
        Rows to watch, for example those of a year.
    odds_ratio : float
        That of ``calibration_cusum``.
    false_alarm_rate : float
        Accepted chance of an alarm within the horizon while the true odds are the tolerated ones
        and rows are independent: from 0.001, below 1.
    seed : int
        Seed of the simulation.
    tolerated : float
        That of ``calibration_cusum``.

    Returns
    -------
    float
        The value of ``calibration_cusum`` above which to alarm.

    Raises
    ------
    TypeError, ValueError
        If the scores are no probabilities or a parameter is out of range.
    """
    score = _probabilities(score)
    no_event, event = _evidence(score, odds_ratio, tolerated)
    _whole("horizon", horizon, 1)
    _whole("seed", seed, 0)
    _between("false_alarm_rate", false_alarm_rate, 0, 1)
    if false_alarm_rate < 0.001:
        raise ValueError(f"false_alarm_rate must be at least 0.001, got {false_alarm_rate!r}")
    rng, rate, borne = np.random.default_rng(seed), float(false_alarm_rate), float(tolerated)
    risk = borne * score / (1 - score + borne * score)
    peaks = []
    for _ in range(max(1_000, int(50 / rate))):
        rows = rng.integers(score.size, size=horizon)
        outcome = rng.random(horizon) < risk[rows]
        peaks.append(_cusum(no_event[rows] + outcome * event).max())
    # Sums of the same terms differ in their last bits: a tie with the limit is no alarm.
    return float(np.quantile(peaks, 1 - rate, method="higher")) + 1e-9


def _cusum(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.cumsum(weights)
    return total - np.minimum(np.minimum.accumulate(total), 0)


def _evidence(
    score: NDArray[np.float64], odds_ratio: float, tolerated: float
) -> tuple[NDArray[np.float64], float]:
    for name, value in (("odds_ratio", odds_ratio), ("tolerated", tolerated)):
        _between(name, value, 0, np.inf)
    ratio, borne = float(odds_ratio), float(tolerated)
    if not 1 <= borne < ratio and not ratio < borne <= 1:
        raise ValueError("odds_ratio must not be 1, and tolerated must lie between 1 and it")
    no_event = np.log1p(score * (borne - 1)) - np.log1p(score * (ratio - 1))
    return no_event, float(np.log(ratio / borne))


def _probabilities(values: ArrayLike) -> NDArray[np.float64]:
    score = _numbers("score", values)
    if not ((score >= 0) & (score <= 1)).all():
        raise ValueError("score must lie between 0 and 1")
    return score


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
    from scipy.special import expit

    rng = np.random.default_rng(0)
    month = np.repeat(np.arange(1, 14), 1_500)
    amount, income = rng.normal(size=(2, month.size))
    logit = 0.9 * amount - income - 2.2
    score = expit(logit)
    drift = 0.35 * np.clip(month - 6, 0, None)
    default = rng.random(month.size) < expit(logit + drift * amount)

    limit = cusum_limit(score[month <= 6], horizon=month.size)
    alarm = month[calibration_cusum(score, default) > limit][0]
    print(f"limit {limit:.1f}: 5% false alarms in {month.size:,} loans")
    #> limit 6.8: 5% false alarms in 19,500 loans
    print(f"alarm on a loan of month {alarm}; labels 3 months late: known in month {alarm + 3}")
    #> alarm on a loan of month 8; labels 3 months late: known in month 11
    # --8<-- [end:demo]

    # --8<-- [start:power]
    def years(odds, count):
        rows = rng.choice(score, size=(count, 12 * 500))
        return rows, rng.random(rows.shape) < odds * rows / (1 - rows + odds * rows)

    def largest_excess(rows, happens):  # of the twelve months, in standard errors
        excess, variance = (
            part.reshape(-1, 12, 500).sum(axis=2) for part in (happens - rows, rows * (1 - rows))
        )
        return (excess / np.sqrt(variance)).max(axis=1)

    corrected = np.quantile(largest_excess(*years(1, count=1_000)), 0.95)
    limit = cusum_limit(score, horizon=12 * 500)
    for odds in (1, 1.1, 1.2, 1.5):
        rows, happens = years(odds, count=300)
        excess = largest_excess(rows, happens)
        cusum = np.array([calibration_cusum(*year).max() for year in zip(rows, happens)])
        print(
            f"true odds x {odds}, years with an alarm: monthly test {np.mean(excess > 1.645):.0%}, "
            f"corrected {np.mean(excess > corrected):.0%}, CUSUM {np.mean(cusum > limit):.0%}"
        )
        #> true odds x 1, years with an alarm: monthly test 45%, corrected 7%, CUSUM 5%
        #> true odds x 1.1, years with an alarm: monthly test 90%, corrected 28%, CUSUM 50%
        #> true odds x 1.2, years with an alarm: monthly test 100%, corrected 84%, CUSUM 99%
        #> true odds x 1.5, years with an alarm: monthly test 100%, corrected 100%, CUSUM 100%
    # --8<-- [end:power]

    # --8<-- [start:tolerance]
    from sklearn.linear_model import LogisticRegression

    def applicants(count):
        features = rng.normal(size=(count, 2))
        return features, rng.random(count) < expit(features @ [0.9, -1.0] - 2.2)

    alarms: dict[float, list[bool]] = {1: [], 1.2: []}
    limits = {
        tolerated: cusum_limit(score, 10_000, odds_ratio=1.5, tolerated=tolerated)
        for tolerated in alarms
    }
    for _ in range(200):
        model = LogisticRegression().fit(*applicants(500))
        features, happens = applicants(10_000)
        risk = model.predict_proba(features)[:, 1]
        for tolerated, limit in limits.items():
            peak = calibration_cusum(risk, happens, 1.5, tolerated).max()
            alarms[tolerated].append(peak > limit)
    for tolerated, found in alarms.items():
        print(
            f"model of 500 rows, tolerated odds x {tolerated}: false alarm in {np.mean(found):.0%}"
        )
        #> model of 500 rows, tolerated odds x 1: false alarm in 23%
        #> model of 500 rows, tolerated odds x 1.2: false alarm in 4%
    # --8<-- [end:tolerance]
