# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""The share of good answers, from a judge's verdict on all of them and people's on a few.

Page: docs/beyond/trust-a-judge.md
Source: post-stratification with Jeffreys' limits; Rogan and Gladen's correction with the
    interval of Lang and Reiczigel, as the R package asht computes it
Task: report a pass rate that a language model or a crowd has judged
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtri


def judged_rate(
    people: ArrayLike, judge: ArrayLike, judge_only: ArrayLike, confidence: float = 0.95
) -> dict[str, float]:
    """Return the share of good answers, if the labelled ones are a random part of all.

    Right whatever the judge's errors are. Within the answers that the judge passes, and within
    those that it fails, people say how many are good; the judge says how many there are of each.

    Parameters
    ----------
    people, judge : array-like of shape (n,)
        Verdicts on the labelled answers: 1 or True for good. The people's count as the truth.
    judge_only : array-like of shape (m,)
        Verdicts of the judge on the answers that nobody labelled.
    confidence : float
        Share of intervals that hold the true rate, between 0 and 1.

    Returns
    -------
    dict
        ``rate`` and its interval from ``low`` to ``high``.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds anything but 0 and 1, or the lengths differ.
    """
    good, passed = _zero_one("people", people), _zero_one("judge", judge)
    rest = _zero_one("judge_only", judge_only)
    _same_rows(people=good, judge=passed)
    _between("confidence", confidence, 0, 1)
    level = float(confidence)
    share = _jeffreys(passed.sum() + rest.sum(), passed.size + rest.size, level)
    among_passed = _jeffreys(good[passed == 1].sum(), (passed == 1).sum(), level)
    among_failed = _jeffreys(good[passed == 0].sum(), (passed == 0).sum(), level)
    # Squares of the distances to the limits add up, each weighted by its part in the rate.
    parts = np.array([among_passed, among_failed, share])
    gap = among_passed[0] - among_failed[0]
    weights = np.array([share[0], 1 - share[0], gap])
    rate = share[0] * among_passed[0] + (1 - share[0]) * among_failed[0]
    down = np.where(weights >= 0, parts[:, 0] - parts[:, 1], parts[:, 2] - parts[:, 0])
    up = np.where(weights >= 0, parts[:, 2] - parts[:, 0], parts[:, 0] - parts[:, 1])
    low, high = rate - np.hypot.reduce(weights * down), rate + np.hypot.reduce(weights * up)
    return {"rate": float(rate), "low": float(max(low, 0)), "high": float(min(high, 1))}


def rogan_gladen_rate(
    people: ArrayLike, judge: ArrayLike, judge_only: ArrayLike, confidence: float = 0.95
) -> dict[str, float]:
    """Return the share of good answers, if the labelled ones come from somewhere else.

    Right if the judge passes the same share of the good answers here as there, and fails the
    same share of the bad ones. The labelled answers may have another share of good ones.

    Parameters
    ----------
    people, judge : array-like of shape (n,)
        Verdicts on the labelled answers: 1 or True for good.
    judge_only : array-like of shape (m,)
        Verdicts of the judge on the answers whose rate is wanted.
    confidence : float
        Share of intervals that hold the true rate, between 0 and 1.

    Returns
    -------
    dict
        ``rate`` and its interval from ``low`` to ``high``, which holds it, cut at 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds anything but 0 and 1, or the lengths differ; if the
        labelled answers hold fewer than five good or five bad ones, or do not show beyond chance
        that the judge tells them apart; or if no share of good answers explains the verdicts,
        so that the errors must have moved.
    """
    good, passed = _zero_one("people", people), _zero_one("judge", judge)
    rest = _zero_one("judge_only", judge_only)
    _same_rows(people=good, judge=passed)
    _between("confidence", confidence, 0, 1)
    z, goods, bads = ndtri((1 + float(confidence)) / 2), int(good.sum()), int((1 - good).sum())
    # One success and one failure more, against error rates of 0 that few labels cannot show.
    finds = (passed[good == 1].sum() + 1) / (goods + 2)
    rejects = ((1 - passed)[good == 0].sum() + 1) / (bads + 2)
    var_finds, var_rejects = finds * (1 - finds) / (goods + 2), rejects * (1 - rejects) / (bads + 2)
    skill = finds + rejects - 1
    if min(goods, bads) < 5 or skill <= z * np.sqrt(var_finds + var_rejects):
        raise ValueError("judge must tell good from bad beyond chance on the labels: label more")
    seen = (rest.sum() + z**2 / 2) / (rest.size + z**2)
    centre = (seen + rejects - 1) / skill
    spread = seen * (1 - seen) / (rest.size + z**2)
    spread += centre**2 * var_finds + (1 - centre) ** 2 * var_rejects
    middle = centre + 2 * z**2 * (centre * var_finds - (1 - centre) * var_rejects)
    low, high = middle + np.array([-z, z]) * np.sqrt(spread) / skill
    if high < 0 or low > 1:
        raise ValueError("judge_only fits no share of good answers: the judge's errors have moved")
    plain = passed[good == 1].mean() + (1 - passed)[good == 0].mean() - 1
    rate = (rest.mean() - passed[good == 0].mean()) / plain
    # Where the labels hold hardly any of one kind, the added ones can move it off the rate.
    rate, low, high = np.clip([rate, min(low, rate), max(high, rate)], 0, 1)
    return {"rate": float(rate), "low": float(low), "high": float(high)}


def _jeffreys(count: float, rows: float, confidence: float) -> tuple[float, float, float]:
    if not rows:
        return 0.5, 0.0, 1.0  # nobody looked: anything is possible
    low, high = betaincinv(
        count + 0.5, rows - count + 0.5, [(1 - confidence) / 2, (1 + confidence) / 2]
    )
    return count / rows, low if count else 0.0, high if count < rows else 1.0


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
    rng = np.random.default_rng(0)

    def judge(good):  # simulated: passes 90% of the good answers and 30% of the bad ones
        return rng.random(good.size) < np.where(good, 0.9, 0.3)

    good = rng.random(10_000) < 0.5  # what people would say; they look at the first 300
    verdicts, labels = judge(good), good[:300]
    print(f"good answers: {good.mean():.1%}; the judge alone passes {verdicts.mean():.1%}")
    #> good answers: 49.9%; the judge alone passes 59.4%
    both = judged_rate(labels, verdicts[:300], verdicts[300:])
    print(f"people and judge: {both['rate']:.1%} ({both['low']:.1%} to {both['high']:.1%})")
    #> people and judge: 47.0% (42.6% to 51.3%)

    better = rng.random(10_000) < 0.7  # next month, a better chatbot and no new labels
    next_month = rogan_gladen_rate(labels, verdicts[:300], judge(better))
    reach = f"{next_month['low']:.1%} to {next_month['high']:.1%}"
    print(f"next month, labels of this one: {next_month['rate']:.1%} ({reach})")
    #> next month, labels of this one: 69.2% (63.8% to 75.7%)
    # --8<-- [end:demo]
