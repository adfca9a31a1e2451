# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Selection rates of groups, their ratio to a reference group, and what the numbers allow to say.

Page: docs/fairness/audit-groups.md
Source: interval of a ratio from those of its parts, A. Donner and G. Y. Zou, 2012; exact interval
Task: compare the selection rates of groups, with intervals
Graduate to: statsmodels.stats.proportion.confint_proportions_2indep
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Hashable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta


def ratio_interval(
    hits: ArrayLike,
    rows: ArrayLike,
    reference_hits: ArrayLike,
    reference_rows: ArrayLike,
    confidence: float = 0.95,
) -> NDArray[np.float64]:
    """Bound the ratio of two selection rates, from the exact interval of each.

    Parameters
    ----------
    hits, rows : array-like of shape (n,)
        How many were selected, of how many, in each of n groups.
    reference_hits, reference_rows : array-like of shape (n,)
        The same of the group that each is compared with.
    confidence : float
        Confidence of each interval, between 0 and 1.

    Returns
    -------
    array of shape (n, 2)
        Lower and upper end; 0 if nobody of the group was selected, infinite if nobody of the
        reference.

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, of another length or out of range; the message names it.
    """
    x, n = _numbers("hits", hits), _numbers("rows", rows)
    x0, n0 = _numbers("reference_hits", reference_hits), _numbers("reference_rows", reference_rows)
    _same_rows(hits=x, rows=n, reference_hits=x0, reference_rows=n0)
    for name, some, all_rows in (("hits", x, n), ("reference_hits", x0, n0)):
        if (some < 0).any() or (some > all_rows).any() or (all_rows <= 0).any():
            raise ValueError(f"{name} must be between 0 and its rows, and rows above 0")
    _between("confidence", confidence, 0, 1)
    (low, high), (low0, high0) = _exact(x, n, confidence), _exact(x0, n0, confidence)
    rate, rate0 = x / n, x0 / n0
    down, up = low * (2 * rate - low), high * (2 * rate - high)
    down0, up0 = low0 * (2 * rate0 - low0), high0 * (2 * rate0 - high0)
    both = rate * rate0
    with np.errstate(divide="ignore", invalid="ignore"):  # where nobody was selected
        least = down / (both + np.sqrt(np.maximum(both**2 - down * up0, 0)))
        most = (both + np.sqrt(np.maximum(both**2 - up * down0, 0))) / down0
    return np.column_stack([np.where(x == 0, 0, least), np.where(x0 == 0, np.inf, most)])


def audit_groups(
    selected: ArrayLike,
    group: ArrayLike,
    reference: Any,
    limit: float = 0.8,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare the selection rate of every group with that of one, and say what is known.

    Parameters
    ----------
    selected : array-like of shape (n,)
        1 for a favourable decision, 0 for none.
    group : array-like of shape (n,)
        The group of each row.
    reference : str, int or another label
        The group to compare with; choose it before looking at the rates.
    limit : float
        Limit for the ratio, between 0 and 1.
    confidence : float
        Confidence that the ratios of all groups are in their intervals, between 0 and 1. If you
        look several times, divide what is missing to one by the number of looks.

    Returns
    -------
    DataFrame of shape (groups, 8)
        ``rows``; ``rate`` from ``low`` to ``high``, each exact on its own; ``ratio`` to the
        reference from ``ratio_low`` to ``ratio_high``, together; ``verdict``: "undecided" if the
        interval of the ratio holds the limit, else "below" or "above".

    Raises
    ------
    TypeError, ValueError
        If an argument is empty, missing, of another length or out of range, or nobody of
        the reference was selected.
    """
    flags, names = _flags("selected", selected), _labels("group", group)
    _same_rows(selected=flags, group=names)
    _between("limit", limit, 0, 1)
    _between("confidence", confidence, 0, 1)
    counts = pd.Series(flags.astype(int)).groupby(names).agg(["sum", "size"])
    if not isinstance(reference, Hashable) or reference not in counts.index:
        raise ValueError(f"reference must be one of the groups, got {reference!r}")
    is_reference = counts.index == reference  # .loc[[True]] would be a mask, not a label
    hits, rows, first = counts["sum"], counts["size"], counts[is_reference].iloc[0]
    if not first["sum"]:
        raise ValueError(f"reference must be a group with somebody selected, got {reference!r}")

    report = pd.DataFrame({"rows": rows, "rate": hits / rows})
    report["low"], report["high"] = _exact(hits, rows, confidence)
    report["ratio"] = report["rate"] / (first["sum"] / first["size"])
    each = 1 - (1 - float(confidence)) / max(len(counts) - 1, 1)
    same = np.ones(len(counts))
    ends = ratio_interval(hits, rows, first["sum"] * same, first["size"] * same, each)
    report["ratio_low"], report["ratio_high"] = ends.T
    decided = [report["ratio_high"] < limit, report["ratio_low"] >= limit]
    report["verdict"] = np.select(decided, ["below", "above"], "undecided")
    report.loc[is_reference, ["ratio_low", "ratio_high"]] = 1.0
    report.loc[is_reference, "verdict"] = "reference"
    return report


def _exact(hits: Any, rows: Any, confidence: float) -> tuple[Any, Any]:
    tail = (1 - float(confidence)) / 2  # C. J. Clopper and E. S. Pearson, 1934
    low, high = beta.ppf(tail, hits, rows - hits + 1), beta.isf(tail, hits + 1, rows - hits)
    return np.where(hits == 0, 0, low), np.where(hits == rows, 1, high)


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


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    applicants = {"A": (900, 3_000), "B": (400, 2_000), "C": (8, 40), "D": (1_080, 4_000)}
    group = np.repeat(list(applicants), [rows for _, rows in applicants.values()])
    selected = np.concatenate([np.arange(rows) < chosen for chosen, rows in applicants.values()])
    report = audit_groups(selected, group, reference="A")
    for name, line in report.iterrows():
        print(
            f"group {name}: {line.rate:.0%} of {line.rows:,}, ratio {line.ratio:.2f} "
            f"({line.ratio_low:.2f} to {line.ratio_high:.2f}): {line.verdict}"
        )
        #> group A: 30% of 3,000, ratio 1.00 (1.00 to 1.00): reference
        #> group B: 20% of 2,000, ratio 0.67 (0.59 to 0.76): below
        #> group C: 20% of 40, ratio 0.67 (0.25 to 1.31): undecided
        #> group D: 27% of 4,000, ratio 0.90 (0.82 to 0.99): above
    # --8<-- [end:demo]

    # --8<-- [start:looks]
    rng, rates, looks = np.random.default_rng(0), np.array([[0.4], [0.5]]), 24
    hits = rng.binomial(100, rates[..., None], (2, 5_000, looks)).cumsum(axis=2)  # true ratio 0.8
    rows = np.broadcast_to(100 * np.arange(1, looks + 1), (5_000, looks)).ravel()
    for confidence in (0.95, 1 - 0.05 / looks):
        ends = ratio_interval(hits[0].ravel(), rows, hits[1].ravel(), rows, confidence)
        below = (ends[:, 1] < 0.8).reshape(-1, looks)
        print(
            f"confidence {confidence:.1%}: below in {below[:, -1].mean():.1%} with one look, "
            f"in {below.any(axis=1).mean():.1%} with {looks} looks"
        )
        #> confidence 95.0%: below in 2.7% with one look, in 11.6% with 24 looks
        #> confidence 99.8%: below in 0.2% with one look, in 0.7% with 24 looks
    # --8<-- [end:looks]

    # --8<-- [start:solution]
    rng, pilot = np.random.default_rng(3), np.array([0.28, 0.40])
    print(
        f"the pilot selects {pilot[1]:.0%} of the reference and {pilot[0]:.0%} of the other group"
    )
    #> the pilot selects 40% of the reference and 28% of the other group
    for size in (400, 1_000, 1_400, 1_800):
        hits, reference = rng.binomial(size, pilot[:, None], (2, 4_000))
        ends = ratio_interval(hits, np.full(4_000, size), reference, np.full(4_000, size))
        print(f"{size:,} rows a group: found below in {np.mean(ends[:, 1] < 0.8):.0%} of audits")
        #> 400 rows a group: found below in 25% of audits
        #> 1,000 rows a group: found below in 54% of audits
        #> 1,400 rows a group: found below in 69% of audits
        #> 1,800 rows a group: found below in 80% of audits
    # --8<-- [end:solution]
