# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Approve by score, explore a few rejections at random, and log the chance that each one had.

Page: docs/data/explore-on-purpose.md
Source: epsilon-greedy exploration; the self-normalised inverse-propensity (Hajek) estimate
Task: explore a few rejections, and estimate without their bias
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def approve(
    scores: ArrayLike, threshold: float, exploration: float, seed: int
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Approve every score from the threshold on, and a random few of the others.

    Parameters
    ----------
    scores : array-like of shape (n,)
        One score an applicant; higher is better.
    threshold : float
        Smallest score that is approved anyway.
    exploration : float
        Chance of the others to be approved, from 0 to 1.
    seed : int
        Seed of the random draw. Take a new one for every batch.

    Returns
    -------
    approved : ndarray of shape (n,)
    propensities : ndarray of shape (n,)
        The chance that each applicant had, 1 or ``exploration``. Log it: it cannot be
        reconstructed once the scores change.

    Raises
    ------
    TypeError, ValueError
        If ``scores`` are no numbers, or a parameter is out of range.
    """
    given, scores = np.asarray(scores), _numbers("scores", scores)
    _between("threshold", threshold, -np.inf, np.inf)
    _zero_to_one("exploration", exploration)
    _whole("seed", seed, 0)
    with np.errstate(over="ignore"):  # 0.7 in float32 reaches 0.7, though it lies below
        reached = np.asarray(given >= float(threshold), dtype=bool)
    propensities = np.where(reached, 1.0, float(exploration))
    return np.random.default_rng(seed).random(scores.size) < propensities, propensities


def weighted_rate(outcomes: ArrayLike, propensities: ArrayLike) -> float:
    """Estimate the mean outcome of all applicants from the approved ones.

    Parameters
    ----------
    outcomes : array-like of shape (n,)
        What became of each approved applicant, such as 1 for repaid and 0 for not.
    propensities : array-like of shape (n,)
        The logged chances of the same applicants, above 0 and up to 1.

    Returns
    -------
    rate : float
        The mean outcome, each applicant standing for one over their propensity.
        Applicants whose chance was 0 are in nobody's place: the estimate is silent on them.

    Raises
    ------
    TypeError, ValueError
        If an argument is not numeric, is empty or holds NaN, or if the lengths differ.
    """
    outcomes, weights = _weighted(outcomes, propensities)
    return float(np.average(outcomes, weights=weights))


def weighted_rate_error(outcomes: ArrayLike, propensities: ArrayLike) -> float:
    """Return the standard error of `weighted_rate`.

    Parameters
    ----------
    outcomes, propensities : array-like of shape (n,)
        As in `weighted_rate`.

    Returns
    -------
    standard_error : float
        If applicants are independent; too small with a handful of explored ones.

    Raises
    ------
    TypeError, ValueError
        As in `weighted_rate`, and if all outcomes are equal: they cannot say how sure it is.
    """
    outcomes, weights = _weighted(outcomes, propensities)
    if (outcomes == outcomes[0]).all():
        raise ValueError("outcomes must differ: equal ones cannot say how sure the rate is")
    apart = outcomes - np.average(outcomes, weights=weights)
    return float(np.sqrt(np.sum((weights * apart) ** 2)) / weights.sum())


def _weighted(
    outcomes: ArrayLike, propensities: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    outcomes, propensities = _numbers("outcomes", outcomes), _numbers("propensities", propensities)
    _same_rows(outcomes=outcomes, propensities=propensities)
    if not ((propensities > 0) & (propensities <= 1)).all():
        raise ValueError("propensities must be above 0 and at most 1")
    return outcomes, propensities.min() / propensities  # a tiny chance does not overflow


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


def _zero_to_one(name: str, value: float) -> None:
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be between 0 and 1, both included, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    earned, lost = 45, 55  # euros, for a loan that is repaid and one that is not
    threshold = lost / (earned + lost)

    def lend(rate, start, exploration, run):  # a hundred applicants in each of 30 months
        rng, loans, repaid = np.random.default_rng(run), 5, start
        for month in range(30):
            scores = np.full(100, repaid / loans)
            approved, _ = approve(scores, threshold, exploration, seed=30 * run + month)
            loans += approved.sum()
            repaid += rng.binomial(approved.sum(), rate)
        return (loans - 5) / 3_000, earned * (repaid - start) - lost * (loans - 5 - repaid + start)

    profits = {}
    for rate, start, exploration in ((0.7, 1, 0), (0.7, 1, 0.02), (0.4, 1, 0.02), (0.7, 4, 0)):
        share, profit = np.mean([lend(rate, start, exploration, run) for run in range(20)], axis=0)
        profits[rate, start, exploration] = profit
        print(
            f"repays {rate:.0%}, start {start} of 5, exploring {exploration:.0%}: "
            f"approves {share:.0%}, {'earns' if profit >= 0 else 'costs'} {abs(profit):,.0f} euros"
        )
        #> repays 70%, start 1 of 5, exploring 0%: approves 0%, earns 0 euros
        #> repays 70%, start 1 of 5, exploring 2%: approves 74%, earns 33,249 euros
        #> repays 40%, start 1 of 5, exploring 2%: approves 2%, costs 904 euros
        #> repays 70%, start 4 of 5, exploring 0%: approves 100%, earns 46,025 euros
    gain, loss = profits[0.7, 1, 0.02], -profits[0.4, 1, 0.02]
    print(f"a fiftieth breaks even at a prior of {loss / (gain + loss):.1%}")
    #> a fiftieth breaks even at a prior of 2.6%
    # --8<-- [end:demo]

    # --8<-- [start:weights]
    rng = np.random.default_rng(0)
    features = rng.normal(size=(20_000, 2))
    chance = 1 / (1 + np.exp(0.5 - features @ [2, -1.5]))
    repays = rng.random(20_000) < chance
    for exploration in (0, 0.05):
        approved, propensities = approve(chance, 0.7, exploration, seed=0)
        seen = repays[approved], propensities[approved]
        print(
            f"exploring {exploration:.0%}: {repays[approved].mean():.0%} of the approved repay, "
            f"{weighted_rate(*seen):.0%} ± {2 * weighted_rate_error(*seen):.0%} weighted, {repays.mean():.0%} of all"
        )
        #> exploring 0%: 89% of the approved repay, 89% ± 1% weighted, 44% of all
        #> exploring 5%: 82% of the approved repay, 43% ± 3% weighted, 44% of all
    # --8<-- [end:weights]

    # --8<-- [start:solution]
    for exploration in (0.01, 0.02, 0.05):
        errors = []
        for seed in range(20):
            approved, propensities = approve(chance, 0.7, exploration, seed)
            errors.append(weighted_rate_error(repays[approved], propensities[approved]))
        rejected = (chance < 0.7).sum()
        price = (lost - (earned + lost) * chance[chance < 0.7]).mean()
        print(
            f"exploring {exploration:.0%}: ± {2 * np.mean(errors):.1%}, "
            f"costs {exploration * rejected * price:,.0f} euros"
        )
        #> exploring 1%: ± 5.6%, costs 4,230 euros
        #> exploring 2%: ± 4.0%, costs 8,461 euros
        #> exploring 5%: ± 2.5%, costs 21,152 euros
    # --8<-- [end:solution]
