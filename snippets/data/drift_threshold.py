# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Population stability index (PSI), and the alarm threshold that its sample size deserves.

Page: docs/data/drift-threshold.md
Source: B. Yurdakul, Statistical Properties of Population Stability Index, 2018; between its order
    statistics a continuous sample leaves masses that have a Dirichlet distribution
Task: set a drift threshold for the rows that I compare
Graduate to: scipy.stats.entropy
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def population_stability_index(reference: ArrayLike, current: ArrayLike, bins: int = 10) -> float:
    """Compare two samples of one numeric feature in quantile bins of the reference.

    Parameters
    ----------
    reference, current : array-like of shape (n,) and (m,)
        The feature then and now, in the same unit. If all values of one went through
        float32, both are compared in that precision; a copy in float16 counts as drift.
    bins : int
        Number of bins; each holds an equal share of the reference. A value with more than
        that share, such as a zero or a cap, gets a bin of its own.

    Returns
    -------
    float
        Zero for equal shares. An empty bin counts as a share of 0.0001.

    Raises
    ------
    TypeError, ValueError
        If a sample is not numeric, is empty or holds NaN, or ``bins`` is below 2.
    """
    then, now = _numbers("reference", reference), _numbers("current", current)
    _whole("bins", bins, 2)
    then, now = _same_precision(then, now)
    edges = _edges(then, bins)
    return float(_divergence(_counts(then, edges), _counts(now, edges)))


def drift_threshold(
    reference_size: int,
    current_size: int,
    bins: int = 10,
    false_alarm_rate: float = 0.01,
    seed: int = 0,
) -> float:
    """Return the PSI that stable data exceeds at the given rate, if values do not repeat.

    The rows are independent. Bins at quantiles hold the same number of reference rows
    whatever the distribution of a continuous feature, so the result needs no data.

    Parameters
    ----------
    reference_size, current_size : int
        Rows on either side of the comparison; of the reference as many as bins, or more.
    bins : int
        Number of bins of the monitor.
    false_alarm_rate : float
        Share of stable comparisons that may raise an alarm, between 0.0001 and 1. The
        simulation goes on until a hundred draws exceed the threshold.
    seed : int
        Seed of the simulation.

    Returns
    -------
    float
        The PSI above which to alarm.

    Raises
    ------
    ValueError
        If a parameter is out of range; the message names it.
    """
    _whole("bins", bins, 2)
    _whole("reference_size", reference_size, int(bins))
    ends = [_up_to(place, reference_size, bins) for place in range(int(bins) + 1)]
    return _exceeded(np.diff(ends), current_size, false_alarm_rate, seed)


def threshold_for_reference(
    reference: ArrayLike,
    current_size: int,
    bins: int = 10,
    false_alarm_rate: float = 0.01,
    seed: int = 0,
) -> float:
    """Return the PSI that stable data exceeds at the given rate, from the reference's own shares.

    For values that repeat too: a zero, a cap, a flag. The rows are independent. A reference of
    a single value has the threshold zero.

    Parameters
    ----------
    reference : array-like of shape (n,)
        The feature then; as many rows as bins, or more.
    current_size : int
        Rows now.
    bins : int
        Number of bins of the monitor.
    false_alarm_rate : float
        Share of stable comparisons that may raise an alarm, between 0.0001 and 1.
    seed : int
        Seed of the simulation.

    Returns
    -------
    float
        The PSI above which to alarm.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    then = _numbers("reference", reference)
    _whole("bins", bins, 2)
    if then.size < bins:
        raise ValueError(f"reference must have {bins} rows or more, one a bin, got {then.size}")
    return _exceeded(_counts(then, _edges(then, bins)), current_size, false_alarm_rate, seed)


def _up_to(place: int, size: int, bins: int) -> int:
    return -(-place * int(size) // int(bins))  # rounded up in whole numbers: 0.55 * 100 is not 55


def _edges(reference: NDArray[Any], bins: int) -> NDArray[Any]:
    values, repeats = np.unique(reference, return_counts=True)
    last = np.cumsum(repeats)  # place of the last row with each value
    places = [_up_to(place, reference.size, bins) for place in range(1, bins)]
    own = values[repeats > max(1, reference.size / bins)]
    quantiles = values[np.searchsorted(last, places)]
    return np.unique(np.concatenate([quantiles, own, np.nextafter(own, -np.inf)]))


def _counts(sample: NDArray[Any], edges: NDArray[Any]) -> NDArray[np.intp]:
    return np.bincount(np.searchsorted(edges, sample), minlength=edges.size + 1)


def _exceeded(counts: NDArray[np.intp], current_size: int, rate: float, seed: int) -> float:
    _whole("current_size", current_size, 1)
    _between("false_alarm_rate", rate, 0.0001, 1)
    _whole("seed", seed, 0)
    rng, left, stable = np.random.default_rng(seed), max(10_000, round(100 / float(rate))), []
    spacings = counts + (np.arange(counts.size) == np.flatnonzero(counts)[-1])
    while left > 0:  # in parts, to spare memory
        masses = rng.standard_gamma(spacings, (min(left, 10_000), counts.size))
        now = rng.multinomial(current_size, masses / masses.sum(axis=1, keepdims=True))
        stable.append(_divergence(counts, now))
        left -= 10_000
    return float(np.quantile(np.concatenate(stable), 1 - float(rate)))


def _divergence(then: NDArray[np.intp], now: NDArray[np.intp]) -> NDArray[np.float64]:
    shares = [np.maximum(n / n.sum(axis=-1, keepdims=True), 0.0001) for n in (then, now)]
    return np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0]), axis=-1)


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


def _same_precision(*sides: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    # A copy that went through float32 has not moved: if one side did, all are compared in it.
    # 0.5 or 40 is the same in both, so a side of such numbers alone does not tell.
    with np.errstate(invalid="ignore", over="ignore"):
        short = [side.astype(np.float32).astype(np.float64) for side in sides]
        tells = [((side * 1024 % 1 > 0) | (np.abs(side) > 2**24)).any() for side in sides]
    pairs = zip(sides, short, tells, strict=True)
    copies = (tell and np.array_equal(a, b, equal_nan=True) for a, b, tell in pairs)
    return short if any(copies) else list(sides)


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
    for rows in (100, 500, 1_000):
        pairs = np.random.default_rng(0).normal(size=(1_000, 2, rows))
        stable = np.array([population_stability_index(then, now) for then, now in pairs])
        watch, act = np.mean(stable > 0.1), np.mean(stable > 0.25)
        keeps = drift_threshold(rows, rows)
        print(
            f"{rows:,} rows, no drift: above 0.1 in {watch:.1%}, above 0.25 in {act:.1%}; "
            f"alarm above {keeps:.3f}"
        )
        #> 100 rows, no drift: above 0.1 in 85.1%, above 0.25 in 20.9%; alarm above 0.537
        #> 500 rows, no drift: above 0.1 in 0.1%, above 0.25 in 0.0%; alarm above 0.088
        #> 1,000 rows, no drift: above 0.1 in 0.0%, above 0.25 in 0.0%; alarm above 0.044
    # --8<-- [end:demo]

    # --8<-- [start:ties]
    then, now = np.arange(500) < 150, np.arange(500) < 210  # 30% and 42% have a loan
    shares = f"{then.mean():.0%} to {now.mean():.0%}"
    print(f"a flag from {shares}: PSI {population_stability_index(then, now):.3f}")
    #> a flag from 30% to 42%: PSI 0.063
    print(f"alarm above {drift_threshold(500, 500):.3f} as if its values did not repeat")
    #> alarm above 0.088 as if its values did not repeat
    print(f"alarm above {threshold_for_reference(then, 500):.3f} from its own shares")
    #> alarm above 0.027 from its own shares
    # --8<-- [end:ties]

    # --8<-- [start:solution]
    features, days = 40, 30
    comparisons = features * days
    threshold = drift_threshold(5_000, 500, bins=10, false_alarm_rate=1 / comparisons)
    print(f"one false alarm in {comparisons:,}: alarm above {threshold:.2f}")
    #> one false alarm in 1,200: alarm above 0.06
    # --8<-- [end:solution]
