# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""The interval of a mean gain over splits that share rows, with seeds averaged first.

Page: docs/requirements/compare-models.md
Source: C. Nadeau and Y. Bengio, Inference for the Generalization Error, 2003: the corrected resampled t
Task: compare two methods over seeds and splits of one data set
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t


def gain_over_splits(
    gains: ArrayLike, train_rows: int, test_rows: int, confidence: float = 0.95
) -> dict[str, float]:
    """Return the mean gain of a method over repeated splits, with its interval.

    Parameters
    ----------
    gains : array-like of shape (splits,) or (splits, seeds)
        Score of the new method minus that of the old one, on the same split and seed.
    train_rows, test_rows : int
        Rows on either side of each split. For k folds, their ratio is k - 1.
    confidence : float
        Of the interval, between 0 and 1.

    Returns
    -------
    dict of str to float
        ``gain`` with its interval ``low`` to ``high``, and the two-sided ``p_value``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be, or all splits have one and the same gain
        that is not zero; the message names it.
    """
    plain = np.asarray(gains, dtype=None if hasattr(gains, "__array__") else object)
    runs = _numbers("gains", gains, 2 if plain.ndim == 2 else 1)
    _whole("train_rows", train_rows, 1)
    _whole("test_rows", test_rows, 1)
    _between("confidence", confidence, 0, 1)
    # Seeds of one split share its rows: they lower its noise, and add no rows of their own.
    splits = runs.reshape(len(runs), -1).mean(axis=1)
    if len(splits) < 2:
        raise ValueError("gains must be of two splits or more")
    mean, variance = float(splits.mean()), float(splits.var(ddof=1))
    rounding = 1e-12 * np.abs(runs).max()
    if np.ptp(splits) <= rounding:
        if abs(mean) > rounding:
            raise ValueError("gains must differ between splits: equal ones have no spread to use")
        return {"gain": 0.0, "low": 0.0, "high": 0.0, "p_value": 1.0}
    error = np.sqrt(variance * (1 / len(splits) + int(test_rows) / int(train_rows)))
    reach = t.ppf((1 + float(confidence)) / 2, len(splits) - 1) * error
    return {
        "gain": mean, "low": float(mean - reach), "high": float(mean + reach),
        "p_value": float(2 * t.sf(abs(mean) / error, len(splits) - 1)),
    }  # fmt: skip


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
    from scipy.stats import ttest_1samp

    def gain(inputs: NDArray[np.float64], seed: int) -> float:
        """Return by how much the last two columns predict better than the first two."""
        order = np.random.default_rng(seed).permutation(150)
        train, test = order[:120], order[120:]
        errors = []
        for columns in ([0, 1], [2, 3]):
            fit = np.linalg.lstsq(inputs[train][:, columns], inputs[train, 4])[0]
            errors.append(np.mean((inputs[test, 4] - inputs[test][:, columns] @ fit) ** 2))
        return errors[0] - errors[1]

    for splits in (10, 100):
        ordinary, corrected = [], []
        for study in range(100):
            inputs = np.random.default_rng([study, splits]).normal(size=(150, 5))
            inputs[:, 4] += 0.5 * inputs[:, :4].sum(axis=1)  # all four matter equally
            gains = [gain(inputs, seed) for seed in range(splits)]
            ordinary.append(ttest_1samp(gains, 0).pvalue < 0.05)
            corrected.append(gain_over_splits(gains, 120, 30)["p_value"] < 0.05)
        print(
            f"{splits} splits, equal methods: different in {np.mean(ordinary):.0%} "
            f"by the t-test, in {np.mean(corrected):.0%} corrected"
        )
        #> 10 splits, equal methods: different in 24% by the t-test, in 1% corrected
        #> 100 splits, equal methods: different in 75% by the t-test, in 2% corrected
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    runs = [  # a row for each split of 800 and 200 rows, a column for each seed
        [0.012, 0.018, 0.009], [0.004, -0.002, 0.006], [0.015, 0.011, 0.017],
        [-0.003, 0.002, -0.004], [0.010, 0.007, 0.013],
    ]  # fmt: skip
    p_value = ttest_1samp(np.ravel(runs), 0).pvalue
    print(f"t-test over {np.size(runs)} runs: p = {p_value:.3f}")
    #> t-test over 15 runs: p = 0.001
    found = gain_over_splits(runs, 800, 200)
    low, high = 100 * found["low"], 100 * found["high"]
    print(
        f"{len(runs)} splits, corrected: p = {found['p_value']:.2f}, from {low:.1f} to {high:.1f} points"
    )
    #> 5 splits, corrected: p = 0.17, from -0.5 to 2.1 points
    # --8<-- [end:solution]
