# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""Selection rates of groups when the group is known for a random sample and a proxy for all.

Page: docs/fairness/audit-without-the-attribute.md
Source: post-stratification of the sample by proxy and decision; interval by draws
Task: audit groups through a proxy and a sample of true groups
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def audit_with_sample(
    decision: ArrayLike,
    proxy: ArrayLike,
    group: ArrayLike,
    reference: Any,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Estimate the selection rate of each group from a sample whose group is known.

    The sample tells how the groups are mixed among rows of one proxy and one decision; the table
    tells how many such rows there are. The proxy may err in any way, also with the decision.

    Parameters
    ----------
    decision : array-like of shape (n,)
        1 for a favourable decision, 0 for none.
    proxy : array-like of shape (n,)
        What is known of each row: a guess of its group, a region, a band of probabilities.
    group : array-like of shape (n,)
        The true group where it is known, missing elsewhere. The known rows must be a random sample,
        of all rows or of those of one proxy and decision.
    reference : str, int or another label
        The group to compare with.
    confidence : float
        Confidence of each interval, between 0 and 1.
    seed : int
        Seed of the draws behind the intervals, at least 0.

    Returns
    -------
    DataFrame of shape (groups, 8)
        ``known`` rows, ``rate_by_proxy`` of the rows whose proxy is the group's name (NaN if there
        are none), ``rate`` from ``low`` to ``high``, and its ``difference`` to the reference from
        ``difference_low`` to ``difference_high``.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, of another length or out of range, or if fewer than five groups are
        known among the rows of one proxy and decision; the message names it.
    """
    flags, places = _flags("decision", decision), _labels("proxy", proxy)
    if np.asarray(group, dtype=object).ndim != 1:  # a ragged list is refused below
        raise ValueError("group must be one-dimensional")
    told = pd.Series(group).reset_index(drop=True)
    known = told.notna().to_numpy()
    _same_rows(decision=flags, proxy=places, group=told)
    names = pd.Series(_labels("group", told[known]))
    groups = names.groupby(names, observed=True).size().index
    _between("confidence", confidence, 0, 1)
    _whole("seed", seed, 0)
    asked = isinstance(reference, Hashable) and reference in groups
    if not asked or reference not in list(groups):  # "2026" is in an index of dates, and no date
        raise ValueError(f"reference must be a group that is known of some row, got {reference!r}")

    first = [list(groups).index(reference)]
    place, proxies = pd.factorize(places)
    cell, cells = 2 * place + flags, 2 * len(proxies)  # one cell a proxy and decision
    size = np.bincount(cell, minlength=cells)
    mixed = np.zeros((cells, len(groups)))
    np.add.at(mixed, (cell[known], groups.get_indexer(pd.Index(names))), 1)
    for number in np.flatnonzero(mixed.sum(axis=1) < np.minimum(size, 5)):
        raise ValueError(
            "group must be known for at least five rows of each proxy and decision, got "
            f"{mixed[number].sum():.0f} of proxy {proxies[number // 2]!r}, decision {number % 2}"
        )

    def rates(weight: NDArray[Any], mix: NDArray[Any]) -> NDArray[np.float64]:
        people = weight[..., None] * mix / mix.sum(axis=-1, keepdims=True)
        return people[..., 1::2, :].sum(axis=-2) / people.sum(axis=-2)

    rate = rates(size, np.where(size[:, None] > 0, mixed, 1))
    rng, each = np.random.default_rng(seed), 1 / len(proxies)
    # A posterior. The proxies share each prior, or many bands would outweigh a rare group. Two
    # known rows less: the mix of five rows alone varies less than samples of five rows do.
    told_mix = mixed * (1 - 2 / np.maximum(mixed.sum(axis=1, keepdims=True), 4))
    parts = []
    for part in np.array_split(np.arange(4_000), 1 + mixed.size // 1_000):  # to spare memory
        weight = rng.standard_gamma(size + each, (len(part), cells))
        mix = rng.standard_gamma(told_mix + each / 2, (len(part), *mixed.shape))
        parts.append(rates(weight, np.maximum(mix, 1e-300)))
    drawn = np.concatenate(parts)
    tails = [(1 - float(confidence)) / 2, (1 + float(confidence)) / 2]
    report = pd.DataFrame({"known": mixed.sum(axis=0).astype(int)}, index=groups)
    by_proxy = pd.Series(flags.astype(float)).groupby(places).mean().to_dict()
    report["rate_by_proxy"] = [by_proxy.get(name, np.nan) for name in groups]
    report["rate"] = rate
    low, high = np.quantile(drawn, tails, axis=0)  # a rate of zero lies below all draws
    report["low"], report["high"] = np.minimum(low, rate), np.maximum(high, rate)
    report["difference"] = difference = rate - rate[first]
    low, high = np.quantile(drawn - drawn[:, first], tails, axis=0)
    report["difference_low"] = np.minimum(low, difference)
    report["difference_high"] = np.maximum(high, difference)
    return report


def _flags(name: str, values: ArrayLike) -> NDArray[np.bool_]:
    array = _numbers(name, values)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold 0 and 1 only")
    return array == 1


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


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


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
    rng, rows = np.random.default_rng(0), 20_000
    group = np.where(rng.random(rows) < 0.3, "B", "A")
    asked = rng.permutation(rows) < 1_000
    for gap, errors in ((0.2, "at random"), (0.2, "with the decision"), (0, "with the decision")):
        approved = rng.random(rows) < np.where(group == "B", 0.6 - gap, 0.6)
        follows = np.where((group == "B") == approved, 0.65, 0.95)
        right = rng.random(rows) < (0.8 if errors == "at random" else follows)
        proxy = np.where(right, group, np.where(group == "B", "A", "B"))
        known = pd.Series(group).where(asked)
        report = audit_with_sample(approved, proxy, known, reference="A")
        seen = report.rate_by_proxy["A"] - report.rate_by_proxy["B"]
        true = approved[group == "A"].mean() - approved[group == "B"].mean()
        line = -report.loc[["B"]].iloc[0, -3:].to_numpy(np.float64)  # A minus B
        print(
            f"errors {errors}, gap {true:.0%}: proxy {seen:.0%}, {asked.sum():,} true groups "
            f"{line[0]:.0%} ({line[2]:.0%} to {line[1]:.0%})"
        )
        #> errors at random, gap 19%: proxy 11%, 1,000 true groups 18% (12% to 23%)
        #> errors with the decision, gap 21%: proxy 43%, 1,000 true groups 18% (13% to 23%)
        #> errors with the decision, gap 1%: proxy 32%, 1,000 true groups -1% (-6% to 5%)
    # --8<-- [end:demo]
