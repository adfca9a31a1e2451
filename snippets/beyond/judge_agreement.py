# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""How far a judge agrees with people beyond chance, and how many labels that is worth.

Page: docs/beyond/trust-a-judge.md
Source: Cohen's kappa and the phi coefficient, with intervals from Jeffreys' prior
Task: find out whether a judge agrees with people beyond chance
Graduate to: statsmodels.stats.inter_rater.cohens_kappa
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def judge_agreement(
    people: ArrayLike, judge: ArrayLike, confidence: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """Compare two sets of verdicts on the same answers, beyond what chance alone would give.

    Parameters
    ----------
    people, judge : array-like of shape (n,)
        Verdicts on the same answers: 1 or True for good. For the reference of any judge, pass
        the verdicts of two people; for its repeatability, those of two runs.
    confidence : float
        Confidence of the intervals, between 0 and 1.
    seed : int
        Seed of the tables behind the intervals, 20,000 under each of two priors.

    Returns
    -------
    DataFrame of shape (6, 3)
        ``value``, ``low`` and ``high`` of: ``agreement``, the share of equal verdicts; ``by
        chance``, the agreement of verdicts that pass as often and know nothing of each other;
        ``kappa``, the part of the rest that they reach; ``good passed`` and ``bad failed`` by
        the judge; and ``labels saved``, the squared correlation of the two, or 0 if it is
        negative. A value is NaN where the answers hold only one kind; its interval still says
        what is possible.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, holds anything but 0 and 1, or the lengths differ.
    """
    _between("confidence", confidence, 0, 1)
    _whole("seed", seed, 0)
    level = float(confidence)
    counts = _cells(people, judge)
    rng, value = np.random.default_rng(seed), _measures(counts / counts.sum())
    names = ["agreement", "by chance", "kappa", "good passed", "bad failed", "labels saved"]
    low = high = value  # at 0 and 1 the quantiles leave it out
    # Half an answer in each cell is one disagreement too many for two who hardly ever differ.
    for prior in (0.5, np.array([0.5, 0.25, 0.25, 0.5])):
        tables = rng.dirichlet(counts + prior, size=20_000)
        ends = np.quantile(_measures(tables.T), [(1 - level) / 2, (1 + level) / 2], axis=1)
        low, high = np.fmin(low, ends[0]), np.fmax(high, ends[1])
    unseen = np.isnan(value)  # nothing speaks against a judge who finds all of a kind
    low, high = np.where(unseen, np.minimum(low, 0), low), np.where(unseen, 1, high)
    return pd.DataFrame({"value": value, "low": low, "high": high}, index=names)


def labels_needed(
    half_width: float, people: ArrayLike, judge: ArrayLike, confidence: float = 0.95
) -> dict[str, int]:
    """Return how many answers people must label for an interval of plus or minus a half width.

    Parameters
    ----------
    half_width : float
        Of the interval of the pass rate, between 0 and 0.5.
    people, judge : array-like of shape (n,)
        Verdicts of a pilot on the same answers: 1 or True for good. The judge's verdicts on
        all further answers cost nothing.
    confidence : float
        Confidence of the interval, between 0 and 1.

    Returns
    -------
    dict
        ``people alone``; ``same answers``, people label a random part of what the judge
        judges; ``other answers``, the labels only tell the judge's errors. By the normal
        approximation, with half an answer added to each cell of the pilot; at least what the
        interval needs where the labels show no error, and for other answers ten of either kind.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable, or the judge does no better than chance in the pilot.
    """
    _between("half_width", half_width, 0, 0.5)
    _between("confidence", confidence, 0, 1)
    counts = _cells(people, judge) + 0.5
    _, _, _, finds, rejects, saved = _measures(counts / counts.sum())
    if finds + rejects <= 1:
        raise ValueError("judge must agree with people beyond chance in the pilot")
    rate, passed = (counts[[2, 1]] + counts[3]) / counts.sum()
    alone = rate * (1 - rate)
    errors = rate * finds * (1 - finds) + (1 - rate) * rejects * (1 - rejects)
    variances = {
        "people alone": alone,
        "same answers": alone * (1 - saved),
        "other answers": errors / (finds + rejects - 1) ** 2,
    }
    level, half = float(confidence), float(half_width)
    rows = (NormalDist().inv_cdf((1 + level) / 2) / half) ** 2
    # Where n labels show no error, the limit of Jeffreys is this over n away, among the passed and
    # among the failed, but neither counts for more than its share.
    reach, rarer = NormalDist().inv_cdf((3 + level) / 4) ** 2 / 2, min(passed, 1 - passed)
    least = {
        "people alone": reach / (2 * half),
        "same answers": reach / max(half, 2 * half - rarer),
        "other answers": max(reach / half, 10 / min(rate, 1 - rate)),
    }
    return {name: int(np.ceil(max(v * rows, least[name]))) for name, v in variances.items()}


def _cells(people: ArrayLike, judge: ArrayLike) -> NDArray[np.float64]:
    good, passed = _zero_one("people", people), _zero_one("judge", judge)
    _same_rows(people=good, judge=passed)
    return np.bincount((2 * good + passed).astype(int), minlength=4).astype(np.float64)


def _measures(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    bad_failed, bad_passed, good_failed, good_passed = shares
    good, passed = good_failed + good_passed, bad_passed + good_passed
    agreement, chance = bad_failed + good_passed, good * passed + (1 - good) * (1 - passed)
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = (agreement - chance) / (1 - chance)
        beyond = np.maximum(good_passed - good * passed, 0)
        saved = beyond**2 / (good * (1 - good) * passed * (1 - passed))
        finds, rejects = good_passed / good, bad_failed / (1 - good)
    return np.stack([agreement, chance, kappa, finds, rejects, saved])


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
    rng = np.random.default_rng(0)
    for share in (0.5, 0.8, 0.95):  # one simulated judge: right about 90% of either kind
        good = np.arange(2_000) < share * 2_000
        report = judge_agreement(good, good ^ (rng.random(2_000) < 0.1))["value"]
        print(
            f"{share:.0%} good: agreement {report['agreement']:.0%}, by chance "
            f"{report['by chance']:.0%}, kappa {report['kappa']:.2f}"
        )
        #> 50% good: agreement 90%, by chance 50%, kappa 0.79
        #> 80% good: agreement 90%, by chance 64%, kappa 0.71
        #> 95% good: agreement 89%, by chance 82%, kappa 0.42
    lazy = judge_agreement(good, np.ones(2_000))["value"]  # passes every answer
    print(f"a judge that passes all: agreement {lazy['agreement']:.0%}, kappa {lazy['kappa']:.2f}")
    #> a judge that passes all: agreement 95%, kappa 0.00

    # the pilot: 300 answers, half of them good; the judge passes 90% and 30%
    good = np.arange(300) < 150
    judge = np.where(good, np.arange(300) % 10 > 0, np.arange(300) % 10 < 3)
    saved = judge_agreement(good, judge).loc["labels saved"]
    print(f"labels saved: {saved.value:.0%} ({saved.low:.0%} to {saved.high:.0%})")
    #> labels saved: 38% (27% to 48%)
    need = labels_needed(0.05, good, judge)
    alone, here, elsewhere = need.values()
    print(f"labels to ±5%: people alone {alone}, beside the judge {here}, elsewhere {elsewhere}")
    #> labels to ±5%: people alone 385, beside the judge 243, elsewhere 655
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    counts = [92, 1, 5, 2]  # good passed, good failed, bad passed, bad failed
    people, judge = np.repeat([1, 1, 0, 0], counts), np.repeat([1, 0, 1, 0], counts)
    agreed, bad = np.sum(people == judge), np.sum(people == 0)
    print(
        f"of {people.size} answers, people call {people.sum()} good; the judge agrees on {agreed}"
    )
    #> of 100 answers, people call 93 good; the judge agrees on 94
    print(
        f"it passed {counts[0]} of the good answers, and failed {counts[3]} of the {bad} bad ones"
    )
    #> it passed 92 of the good answers, and failed 2 of the 7 bad ones
    table = judge_agreement(people, judge)
    for name in ("agreement", "by chance", "kappa", "bad failed"):
        row = table.loc[name]
        print(f"{name}: {row.value:.2f} ({row.low:.2f} to {row.high:.2f})")
        #> agreement: 0.94 (0.87 to 0.97)
        #> by chance: 0.90 (0.81 to 0.95)
        #> kappa: 0.37 (0.07 to 0.72)
        #> bad failed: 0.29 (0.06 to 0.66)
    # --8<-- [end:solution]
