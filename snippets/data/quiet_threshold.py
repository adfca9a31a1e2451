# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""An alarm threshold from one's own quiet windows, for any distance and for rows that depend.

Page: docs/data/drift-threshold.md
Source: the rank of a new value among exchangeable ones is uniform
Task: set a drift threshold from my own quiet days
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from math import ceil
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray


def quiet_threshold(distances: ArrayLike, false_alarm_rate: float = 0.01) -> float:
    """Return the distance that a further quiet window exceeds at most at the given rate.

    That holds for any distance and any dependence within a window, if the further window is
    exchangeable with the quiet ones: the same size, reference, seasons and weekdays.

    Parameters
    ----------
    distances : array-like of shape (windows,)
        Distance of each quiet window from the reference.
    false_alarm_rate : float
        Share of further quiet windows that may raise an alarm, between 0 and 1.

    Returns
    -------
    float
        The distance above which to alarm; one of `distances`.

    Raises
    ------
    TypeError, ValueError
        If ``distances`` are not numbers, or fewer than one over ``false_alarm_rate``, minus one.
    """
    quiet = np.sort(_numbers("distances", distances))[::-1]
    _between("false_alarm_rate", false_alarm_rate, 0, 1)
    above = int((quiet.size + 1) * float(false_alarm_rate) + 1e-9)  # 100 * 0.29 is below 29
    if not above:
        raise ValueError(
            f"distances must be of {ceil(1 / float(false_alarm_rate) - 1 - 1e-9)} quiet windows or more "
            f"for a false_alarm_rate of {false_alarm_rate}, got {quiet.size}"
        )
    return float(quiet[min(above, quiet.size) - 1])


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from scipy.stats import ks_2samp

    rng = np.random.default_rng(0)

    def day(number, moved=0.0):
        weekend = 0.3 * (number % 7 > 4)
        customers = rng.normal(weekend + moved, 0.7, size=50)
        return np.repeat(customers, 10) + rng.normal(0, 0.7, size=500)  # ten rows each

    reference = np.concatenate([day(number) for number in range(28)])
    quiet = [ks_2samp(reference, day(number)) for number in range(200)]
    threshold = quiet_threshold([test.statistic for test in quiet], 0.05)
    for name, moved in (("quiet days", 0), ("days moved by 0.5", 0.5)):
        tests = [ks_2samp(reference, day(number, moved)) for number in range(200)]
        rows = np.mean([test.pvalue < 0.05 for test in tests])
        days = np.mean([test.statistic > threshold for test in tests])
        print(f"{name}: p below 0.05 on {rows:.0%}, above the quiet threshold on {days:.0%}")
        #> quiet days: p below 0.05 on 65%, above the quiet threshold on 2%
        #> days moved by 0.5: p below 0.05 on 100%, above the quiet threshold on 74%
    # --8<-- [end:demo]
