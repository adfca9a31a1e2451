# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""The gain of one model over another on the same test rows, with an interval and a test.

Page: docs/requirements/real-gain.md
Source: McNemar's test by mid-p; the score interval of T. Tango for paired shares
Task: compare two models on the same test rows
Graduate to: statsmodels
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import binom, norm


def paired_gain(
    old_correct: ArrayLike, new_correct: ArrayLike, confidence: float = 0.95
) -> dict[str, float]:
    """Compare two models where they disagree; the rows they agree on say nothing.

    Parameters
    ----------
    old_correct, new_correct : array-like of shape (n,)
        1 or True where the model is right, for the same rows in the same order.
        The rows must be independent: ten pictures of one patient are not ten rows.
    confidence : float
        Share of intervals that hold the true gain, between 0 and 1.

    Returns
    -------
    dict
        ``gain`` in accuracy, from -1 to 1; its interval from ``low`` to ``high``;
        ``disagreement``, the share of rows that only one of the two has right;
        ``p_value`` of McNemar's test by mid-p, two-sided. The interval holds 0
        exactly if ``p_value`` is at least ``1 - confidence``.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds anything but 0 and 1, or the lengths differ.
    """
    old, new = _zero_one("old_correct", old_correct), _zero_one("new_correct", new_correct)
    _same_rows(old_correct=old, new_correct=new)
    _between("confidence", confidence, 0, 1)

    rows, won, lost = len(old), int(((new - old) > 0).sum()), int(((old - new) > 0).sum())
    gain, fewer, alarm = (won - lost) / rows, min(won, lost), 1 - float(confidence)
    deviate = norm.isf(alarm / 2)
    p_value = 2 * binom.cdf(fewer, won + lost, 0.5) - binom.pmf(fewer, won + lost, 0.5)
    if won == lost:
        p_value = 1.0

    def score(assumed: float, side: int) -> float:  # 0 where an assumed gain is just rejected
        total = won + lost - (2 * rows - won + lost) * assumed
        both = 8 * rows * lost * assumed * (1 - assumed)
        unfavourable = (total + np.sqrt(max(total**2 + both, 0))) / (4 * rows)
        variance = rows * (2 * unfavourable + assumed * (1 - assumed))
        return won - lost - rows * assumed + side * deviate * np.sqrt(max(variance, 0))

    low, high = (-1.0 if lost == rows else gain), (1.0 if won == rows else gain)
    if lost < rows and score(gain - 1e-12, -1) < 0:  # else nearer than brentq can tell
        low = brentq(score, -1, gain - 1e-12, (-1,))
    if won < rows and score(gain + 1e-12, 1) > 0:
        high = brentq(score, gain + 1e-12, 1, (1,))
    if p_value >= alarm:  # by a hair, the score may reject what mid-p does not
        low, high = min(low, 0.0), max(high, 0.0)
    elif won > lost:  # or the reverse, at a confidence such as 0.999
        low = max(low, float(np.nextafter(0, 1)))
    else:
        high = min(high, float(np.nextafter(0, -1)))
    return {
        "gain": gain,
        "low": float(low),
        "high": float(high),
        "disagreement": (won + lost) / rows,
        "p_value": float(p_value),
    }


def _zero_one(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = _numbers(name, values)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must be 0 or 1 everywhere")
    return array


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


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    def answers(rows, gain, disagreement, rng):
        won, lost = (disagreement + gain) / 2, (disagreement - gain) / 2
        counts = rng.multinomial(rows, [0.95 - lost, lost, won, 0.05 - won])
        return [np.repeat(right, counts) for right in ([1, 1, 0, 0], [1, 0, 1, 0])]

    old_right, new_right = (np.repeat(r, [9_800, 95, 105]) for r in ([1, 1, 0], [1, 0, 1]))
    found = paired_gain(old_right, new_right)
    print(f"105 rows won, 95 lost of 10,000: gain {100 * found['gain']:.1f} points,")
    #> 105 rows won, 95 lost of 10,000: gain 0.1 points,
    print(
        f"interval {100 * found['low']:.2f} to {100 * found['high']:.2f}, p = {found['p_value']:.2f}"
    )
    #> interval -0.18 to 0.38, p = 0.48

    for gain, disagreement in ((0.1, 0.1), (0.1, 2), (1, 2), (0, 2)):
        rng = np.random.default_rng(0)
        pairs = [answers(10_000, gain / 100, disagreement / 100, rng) for _ in range(1_000)]
        share = np.mean([paired_gain(*pair)["p_value"] < 0.05 for pair in pairs])
        print(
            f"10,000 rows, true gain {gain} points, disagreement {disagreement}%: "
            f"significant in {share:.0%}"
        )
        #> 10,000 rows, true gain 0.1 points, disagreement 0.1%: significant in 96%
        #> 10,000 rows, true gain 0.1 points, disagreement 2%: significant in 10%
        #> 10,000 rows, true gain 1 points, disagreement 2%: significant in 100%
        #> 10,000 rows, true gain 0 points, disagreement 2%: significant in 5%
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rows, won, lost = 5_000, 90, 65
    counts = [rows - won - lost, lost, won]
    old_right, new_right = np.repeat([1, 1, 0], counts), np.repeat([1, 0, 1], counts)
    for variants in (1, 12):
        found = paired_gain(old_right, new_right, confidence=1 - 0.05 / variants)
        print(
            f"best of {variants}: gain {100 * found['gain']:.1f} points, "
            f"from {100 * found['low']:.2f} to {100 * found['high']:.2f}"
        )
        #> best of 1: gain 0.5 points, from 0.01 to 1.00
        #> best of 12: gain 0.5 points, from -0.22 to 1.24
    print(f"p = {found['p_value']:.3f}; one of 12 is significant below {0.05 / 12:.4f}")
    #> p = 0.045; one of 12 is significant below 0.0042
    # --8<-- [end:solution]
