# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Population stability index (PSI), and the alarm threshold that its sample size deserves.

Page: docs/data/drift-threshold.md
Source: B. Yurdakul, Statistical Properties of Population Stability Index, 2018
Task: set a drift threshold for the rows that I compare
Graduate to: scipy.stats.entropy
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def population_stability_index(reference: ArrayLike, current: ArrayLike, bins: int = 10) -> float:
    """Compare two samples of one numeric feature in quantile bins of the reference.

    Parameters
    ----------
    reference, current : array-like of shape (n,) and (m,)
        The feature then and now, in the same unit.
    bins : int
        Number of bins; each holds an equal share of the reference.

    Returns
    -------
    float
        Zero for equal shares. An empty bin counts as a share of 0.0001.

    Raises
    ------
    TypeError, ValueError
        If a sample is not numeric, is empty or holds NaN, or ``bins`` is below 2.
    """
    reference, current = _sample("reference", reference), _sample("current", current)
    _at_least(2, "bins", bins)
    edges = np.quantile(reference, np.arange(1, bins) / bins)
    counts = [
        np.bincount(np.searchsorted(edges, sample), minlength=bins)
        for sample in (reference, current)
    ]
    return float(_divergence(counts[0] / reference.size, counts[1] / current.size))


def drift_threshold(
    reference_size: int,
    current_size: int,
    bins: int = 10,
    false_alarm_rate: float = 0.01,
    seed: int = 0,
) -> float:
    """Return the PSI that stable data exceeds at the given rate.

    Ten thousand pairs of samples are drawn from equal bin shares. Quantile bins make
    the shares equal for every continuous feature, so the result needs no data.

    Parameters
    ----------
    reference_size, current_size : int
        Rows on either side of the comparison.
    bins : int
        Number of bins of the monitor.
    false_alarm_rate : float
        Share of stable comparisons that may raise an alarm, between 0 and 1.
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
    _at_least(1, "reference_size", reference_size)
    _at_least(1, "current_size", current_size)
    _at_least(2, "bins", bins)
    _at_least(0, "seed", seed)
    if not isinstance(false_alarm_rate, Real) or not 0 < false_alarm_rate < 1:
        raise ValueError(f"false_alarm_rate must be between 0 and 1, got {false_alarm_rate!r}")
    rng = np.random.default_rng(seed)
    shares = [
        rng.multinomial(size, np.full(bins, 1 / bins), 10_000) / size
        for size in (reference_size, current_size)
    ]
    return float(np.quantile(_divergence(*shares), 1 - false_alarm_rate))


def _divergence(then: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    then, now = np.maximum(then, 0.0001), np.maximum(now, 0.0001)
    return np.sum((now - then) * np.log(now / then), axis=-1)


def _sample(name: str, values: ArrayLike) -> np.ndarray:
    sample = np.asarray(values)
    if sample.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold numbers, got {sample.dtype}")
    if sample.ndim != 1 or not sample.size or not np.isfinite(sample).all():
        raise ValueError(f"{name} must be one-dimensional, not empty and without NaN")
    return sample


def _at_least(least: int, name: str, value: int) -> None:
    if not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    for rows in (50, 100, 200, 500, 1_000):
        stable = np.array(
            [
                population_stability_index(rng.normal(size=rows), rng.normal(size=rows))
                for _ in range(1_000)
            ]
        )
        print(
            f"{rows:,} rows, no drift: PSI {stable.mean():.3f} on average, "
            f"above 0.1 in {(stable > 0.1).mean():.1%}, above 0.25 in {(stable > 0.25).mean():.1%}"
        )
        #> 50 rows, no drift: PSI 0.486 on average, above 0.1 in 97.9%, above 0.25 in 75.3%
        #> 100 rows, no drift: PSI 0.187 on average, above 0.1 in 83.7%, above 0.25 in 20.6%
        #> 200 rows, no drift: PSI 0.090 on average, above 0.1 in 33.9%, above 0.25 in 0.5%
        #> 500 rows, no drift: PSI 0.037 on average, above 0.1 in 0.3%, above 0.25 in 0.0%
        #> 1,000 rows, no drift: PSI 0.019 on average, above 0.1 in 0.0%, above 0.25 in 0.0%
    for rows in (50, 100, 200, 500, 1_000):
        print(f"{rows:,} rows, alarm above {drift_threshold(rows, rows):.3f} for 1% false alarms")
        #> 50 rows, alarm above 1.661 for 1% false alarms
        #> 100 rows, alarm above 0.494 for 1% false alarms
        #> 200 rows, alarm above 0.223 for 1% false alarms
        #> 500 rows, alarm above 0.087 for 1% false alarms
        #> 1,000 rows, alarm above 0.044 for 1% false alarms
    # --8<-- [end:demo]
