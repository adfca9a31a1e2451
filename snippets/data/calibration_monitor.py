# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
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

import numpy as np
from numpy.typing import ArrayLike, NDArray


def calibration_cusum(
    score: ArrayLike, outcome: ArrayLike, odds_ratio: float = 1.25
) -> NDArray[np.float64]:
    """Accumulate the evidence, row by row, that the true odds are a multiple of the score's.

    Parameters
    ----------
    score : array-like of shape (n,)
        Predicted probabilities of the event, in the order of time.
    outcome : array-like of shape (n,)
        1 or True where the event happened, else 0 or False.
    odds_ratio : float
        The error to look for: above 1, more events than expected; below 1, fewer.

    Returns
    -------
    ndarray of shape (n,)
        Sum of the log-likelihood ratios since the evidence was last zero.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds NaN, differs in length or is out of range.
    """
    score, outcome = _probabilities(score), np.asarray(outcome)
    if outcome.dtype.kind not in "biuf":
        raise TypeError(f"outcome must hold numbers, got {outcome.dtype}")
    if outcome.shape != score.shape or not np.isin(outcome, (0, 1)).all():
        raise ValueError("outcome must be 0 or 1, one for each score")
    _positive_not_one(odds_ratio)
    return _cusum(outcome * np.log(odds_ratio) - np.log1p(score * (odds_ratio - 1)))


def cusum_limit(
    score: ArrayLike,
    horizon: int,
    odds_ratio: float = 1.25,
    false_alarm_rate: float = 0.05,
    seed: int = 0,
) -> float:
    """Return the limit that calibrated scores exceed within a horizon at the given rate.

    A thousand runs draw scores from yours, and outcomes from the scores.

    Parameters
    ----------
    score : array-like of shape (n,)
        Recent predicted probabilities, as a sample of those to come.
    horizon : int
        Rows to watch, for example those of a year.
    odds_ratio : float
        That of ``calibration_cusum``.
    false_alarm_rate : float
        Accepted chance of an alarm within the horizon without drift.
    seed : int
        Seed of the simulation.

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
    _positive_not_one(odds_ratio)
    for name, value, least in (("horizon", horizon, 1), ("seed", seed, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    if not isinstance(false_alarm_rate, Real) or not 0 < false_alarm_rate < 1:
        raise ValueError(f"false_alarm_rate must be between 0 and 1, got {false_alarm_rate!r}")
    rng = np.random.default_rng(seed)
    no_event, event = -np.log1p(score * (odds_ratio - 1)), np.log(odds_ratio)
    peaks = []
    for _ in range(1_000):
        rows = rng.integers(score.size, size=horizon)
        outcome = rng.random(horizon) < score[rows]
        peaks.append(_cusum(no_event[rows] + outcome * event).max())
    return float(np.quantile(peaks, 1 - false_alarm_rate))


def _cusum(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.cumsum(weights)
    return total - np.minimum(np.minimum.accumulate(total), 0)


def _probabilities(score: ArrayLike) -> NDArray[np.float64]:
    score = np.asarray(score)
    if score.dtype.kind not in "iuf":
        raise TypeError(f"score must hold numbers, got {score.dtype}")
    if score.ndim != 1 or not score.size or not ((score >= 0) & (score <= 1)).all():
        raise ValueError("score must be one-dimensional, not empty and between 0 and 1")
    return score


def _positive_not_one(odds_ratio: float) -> None:
    if not isinstance(odds_ratio, Real) or not 0 < odds_ratio < np.inf or odds_ratio == 1:
        raise ValueError(f"odds_ratio must be positive, finite and not 1, got {odds_ratio!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from scipy.special import expit
    from scipy.stats import norm

    rng = np.random.default_rng(0)
    month = np.repeat(np.arange(1, 14), 1_500)
    amount, income = rng.normal(size=(2, month.size))
    logit = 0.9 * amount - income - 2.2
    score = expit(logit)
    drift = 0.35 * np.clip(month - 6, 0, None)
    default = rng.random(month.size) < expit(logit + drift * amount)

    limit = cusum_limit(score[month <= 6], horizon=month.size)
    alarm = month[calibration_cusum(score, default) > limit][0]
    print(f"limit {limit:.1f} for 5% false alarms in {month.size:,} loans")
    #> limit 6.8 for 5% false alarms in 19,500 loans
    print(f"alarm on a loan of month {alarm}; labels 3 months late: known in month {alarm + 3}")
    #> alarm on a loan of month 8; labels 3 months late: known in month 11

    limit = cusum_limit(score, horizon=6_000)
    for odds in (1.0, 1.1, 1.2, 1.5):
        alarms = np.zeros(3)
        for _ in range(300):
            year = rng.choice(score, size=(12, 500))
            default = rng.random(year.shape) < odds * year / (1 - year + odds * year)
            excess = (default - year).sum(axis=1) / np.sqrt((year * (1 - year)).sum(axis=1))
            cusum = calibration_cusum(year.ravel(), default.ravel())
            alarms += [
                excess.max() > norm.isf(0.05),
                excess.max() > norm.isf(0.05 / 12),
                cusum.max() > limit,
            ]
        monthly, corrected, by_cusum = alarms / 300
        print(
            f"true odds x {odds}, years with an alarm: "
            f"monthly test {monthly:.0%}, corrected test {corrected:.0%}, CUSUM {by_cusum:.0%}"
        )
        #> true odds x 1.0, years with an alarm: monthly test 50%, corrected test 7%, CUSUM 5%
        #> true odds x 1.1, years with an alarm: monthly test 89%, corrected test 33%, CUSUM 51%
        #> true odds x 1.2, years with an alarm: monthly test 100%, corrected test 78%, CUSUM 97%
        #> true odds x 1.5, years with an alarm: monthly test 100%, corrected test 100%, CUSUM 100%
    # --8<-- [end:demo]
