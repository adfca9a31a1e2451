# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scipy>=1.13"]
# ///
"""Whether a suite of cases that pass only sometimes has changed, and what it could show.

Page: docs/beyond/trust-a-judge.md
Source: a paired t interval over the cases, with the two cases that Bonett and Price add
Task: tell whether my evaluation suite passes more often than before
Graduate to: scipy.stats.ttest_rel
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit


def suite_change(before: ArrayLike, after: ArrayLike, confidence: float = 0.95) -> dict[str, float]:
    """Compare two versions on the same cases, each run several times.

    Parameters
    ----------
    before, after : array-like of shape (cases, runs)
        Results from 0 to 1, such as 1 or True for a pass. The cases are the same, in the same
        order, and independent of each other; the numbers of runs may differ. Of a table with a
        row for each run, ``log.pivot(index="case", columns="run", values="passed")``.
    confidence : float
        Share of intervals that hold the true change, between 0 and 1.

    Returns
    -------
    dict
        ``change`` of the pass rate, from -1 to 1, with its interval from ``low`` to ``high``,
        for the cases that the suite might have had; and ``case_spread``, the standard
        deviation over the cases of how much their own rates changed: 0 if runs explain it all,
        and NaN with a single run.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a table of results from 0 to 1, or the cases differ in number.
    """
    old, new = _results("before", before), _results("after", after)
    if len(old) != len(new) or len(old) < 2:
        raise ValueError("before and after must have the same cases, two or more")
    _between("confidence", confidence, 0, 1)
    moves, runs = new.mean(axis=1) - old.mean(axis=1), min(old.shape[1], new.shape[1])
    # A case more that is mended and one that breaks: the next may change though none of these did.
    padded = np.append(moves, [1, -1])
    width = stdtrit(moves.size - 1, (1 + float(confidence)) / 2)
    middle, half = padded.mean(), width * padded.std() / np.sqrt(padded.size)
    change = moves.mean()
    low, high = max(min(middle - half, change), -1), min(max(middle + half, change), 1)
    spread = np.nan
    if runs > 1:
        luck = sum(t.var(axis=1, ddof=1).mean() / t.shape[1] for t in (old, new))
        spread = np.sqrt(max(moves.var(ddof=1) - luck, 0))
    return {
        "change": float(change),
        "low": float(low),
        "high": float(high),
        "case_spread": float(spread),
    }


def visible_change(
    before: ArrayLike, cases: int, runs: int, case_spread: float,
    power: float = 0.8, confidence: float = 0.95,
) -> float:  # fmt: skip
    """Return the smallest change that a suite of this size shows with the given power.

    Parameters
    ----------
    before : array-like of shape (pilot cases, pilot runs)
        Results from 0 to 1 of one version, with two runs of each case or more. The next one is
        taken to be as steady: if it makes steady cases flaky, it has less power.
    cases, runs : int
        Size of the suite in question; both versions run it.
    case_spread : float
        Standard deviation over the cases of how much their own rates change, as
        `suite_change` estimates it from a change like the next one; 0 if all change alike.
    power : float
        Share of such changes whose interval leaves out 0, between 0 and 1.
    confidence : float
        Of that interval, between 0 and 1.

    Returns
    -------
    float
        In parts of 1, by the approximation with t quantiles.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    pilot = _results("before", before)
    if pilot.shape[1] < 2:
        raise ValueError("before must have two runs of each case, or more")
    _whole("cases", cases, 2)
    _whole("runs", runs, 1)
    _zero_to_one("case_spread", case_spread)
    _between("power", power, 0, 1)
    _between("confidence", confidence, 0, 1)
    luck = (pilot.var(axis=1, ddof=1).sum() + 0.25) / (len(pilot) + 1)  # one case more, a coin
    moves = int(cases) * (2 * luck / int(runs) + float(case_spread) ** 2)
    width = stdtrit(int(cases) - 1, (1 + float(confidence)) / 2)
    reach = width * np.sqrt(moves + 2) + ndtri(float(power)) * np.sqrt(moves)  # 2: the cases added
    return float(min(reach / int(cases), 1))


def _results(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = _numbers(name, values, 2)
    if not ((array >= 0) & (array <= 1)).all():
        raise ValueError(f"{name} must hold results from 0 to 1")
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
    rng = np.random.default_rng(0)

    def suite(rates, runs):  # simulated: each case passes at a rate of its own
        return rng.random((rates.size, runs)) < rates[:, None]

    rates = rng.beta(0.7, 0.3, size=100)
    better = 1 - (1 - rates) * (1 - 0.08 / 0.3)  # every case fails less often: 8 points in all
    for runs in (1, 3, 10):
        pairs = [suite_change(suite(rates, runs), suite(better, runs)) for _ in range(500)]
        found = np.mean([pair["low"] > 0 for pair in pairs])
        visible = visible_change(suite(rates, 10), 100, runs, case_spread=0.09)
        print(f"runs of each case {runs}: 8 points found in {found:.0%}, visible {visible:.1%}")
        #> runs of each case 1: 8 points found in 37%, visible 13.4%
        #> runs of each case 3: 8 points found in 80%, visible 8.0%
        #> runs of each case 10: 8 points found in 100%, visible 5.7%

    means = [suite(rates[:50], 3).mean(axis=0) for _ in range(1_000)]
    apart = np.mean([np.ptp(three).round(9) >= 0.08 for three in means])
    print(f"nothing changed, 50 cases: three runs differ by 8 points in {apart:.0%}")
    #> nothing changed, 50 cases: three runs differ by 8 points in 46%
    runs = suite(rates, 3)
    one, all_three, any_of = runs.mean(), runs.all(axis=1).mean(), runs.any(axis=1).mean()
    print(f"one run passes {one:.0%}, all of three {all_three:.0%}, any of three {any_of:.0%}")
    #> one run passes 67%, all of three 52%, any of three 79%
    # --8<-- [end:demo]
