# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Holm's correction of the p-values of many models against one baseline.

Page: docs/requirements/compare-models.md
Source: S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979
Task: compare many models with one baseline
Graduate to: statsmodels.stats.multitest.multipletests
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return p-values that may be compared with one level, however many there are.

    Parameters
    ----------
    p_values : array-like of shape (n,)
        One for each model that was compared, also for those that were dropped.

    Returns
    -------
    array of shape (n,)
        Corrected p-values, in the order given. Those below 0.05 are significant; the chance
        of one or more false ones among them is at most 5%, however the models are related.

    Raises
    ------
    TypeError, ValueError
        If ``p_values`` are not numbers from 0 to 1; the message names them.
    """
    found = _numbers("p_values", p_values)
    if found.min() < 0 or found.max() > 1:
        raise ValueError("p_values must lie between 0 and 1")
    order = np.argsort(found, kind="stable")
    corrected = np.empty(found.size)
    corrected[order] = np.maximum.accumulate(found[order] * np.arange(found.size, 0, -1))
    return np.minimum(corrected, 1)


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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from scipy.stats import ttest_1samp

    rng = np.random.default_rng(0)
    for models in (1, 5, 50):
        found = np.zeros(2)
        for _ in range(300):
            baseline, rivals = rng.normal(size=300), rng.normal(size=(models, 300))
            p_values = ttest_1samp(rivals - baseline, 0, axis=1).pvalue
            found += [p_values.min() < 0.05, holm(p_values).min() < 0.05]
        print(
            f"{models} equal models: a false finding in {found[0] / 300:.1%} one by one, "
            f"in {found[1] / 300:.1%} with Holm"
        )
        #> 1 equal models: a false finding in 4.3% one by one, in 4.3% with Holm
        #> 5 equal models: a false finding in 22.0% one by one, in 4.7% with Holm
        #> 50 equal models: a false finding in 63.7% one by one, in 1.7% with Holm
    # --8<-- [end:demo]
