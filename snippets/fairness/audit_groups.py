# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Selection rates of groups, and their ratios to a reference group, with intervals.

Page: docs/fairness/audit-groups.md
Source: E. B. Wilson's interval, 1927; for the ratio the log scale, halves added
Task: compare the selection rates of groups, with intervals
Graduate to: fairlearn.metrics.MetricFrame
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm


def audit_groups(
    selected: ArrayLike,
    group: ArrayLike,
    reference: str,
    limit: float = 0.8,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare the selection rate of every group with that of one, and say what is known.

    Parameters
    ----------
    selected : array-like of shape (n,)
        1 for a favourable decision, 0 for none.
    group : array-like of shape (n,)
        The group of each row, as text.
    reference : str
        The group to compare with, named before looking at the rates.
    limit : float
        The smallest ratio that you accept, between 0 and 1.
    confidence : float
        Confidence of each interval, between 0 and 1.

    Returns
    -------
    DataFrame of shape (groups, 8)
        One line a group: ``rows``; ``rate`` from ``low`` to ``high``; ``ratio`` to the
        reference from ``ratio_low`` to ``ratio_high``; ``verdict``, which is "undecided"
        while the interval of the ratio holds the limit, else "below" or "above".

    Raises
    ------
    ValueError
        If an argument is empty, missing, of another length or out of range, or nobody of
        the reference was selected.
    """
    flags, names = np.asarray(selected), np.asarray(group)
    if flags.dtype.kind not in "biuf" or flags.ndim != 1 or not flags.size:
        raise ValueError("selected must be a list of 0 and 1, not empty")
    if not np.isin(flags, (0, 1)).all():
        raise ValueError("selected must hold 0 and 1 only")
    if names.shape != flags.shape or pd.isna(names).any():
        raise ValueError("group must name a group for every row of selected")
    for name, share in (("limit", limit), ("confidence", confidence)):
        if not isinstance(share, Real) or not 0 < share < 1:
            raise ValueError(f"{name} must be between 0 and 1, got {share!r}")
    counts = pd.Series(flags).groupby(names).agg(["sum", "size"]).astype(int)
    if reference not in counts.index or counts["sum"][reference] == 0:
        raise ValueError(f"reference must be a group with somebody selected, got {reference!r}")

    report = pd.DataFrame({"rows": counts["size"], "rate": counts["sum"] / counts["size"]})
    report["low"], report["high"] = _wilson(counts["sum"], counts["size"], confidence)
    report["ratio"] = report["rate"] / report["rate"][reference]
    hits, rows = counts["sum"] + 0.5, counts["size"] + 0.5  # keeps a group of no hits finite
    centre = np.log(hits / rows) - np.log(hits / rows)[reference]
    variance = 1 / hits - 1 / rows
    reach = norm.isf((1 - confidence) / 2) * np.sqrt(variance + variance[reference])
    report["ratio_low"], report["ratio_high"] = np.exp(centre - reach), np.exp(centre + reach)
    decided = [report["ratio_high"] < limit, report["ratio_low"] >= limit]
    report["verdict"] = np.select(decided, ["below", "above"], "undecided")
    report.loc[reference, ["ratio_low", "ratio_high"]] = 1.0
    report.loc[reference, "verdict"] = "reference"
    return report


def _wilson(hits: pd.Series, rows: pd.Series, confidence: float) -> tuple[pd.Series, pd.Series]:
    share, z = hits / rows, norm.isf((1 - confidence) / 2)
    centre = share + z**2 / (2 * rows)
    reach = z * np.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    return (centre - reach) / (1 + z**2 / rows), (centre + reach) / (1 + z**2 / rows)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    applicants = {"A": (900, 3_000), "B": (400, 2_000), "C": (8, 40), "D": (540, 2_000)}
    group = np.repeat(list(applicants), [rows for _, rows in applicants.values()])
    selected = np.concatenate([np.arange(rows) < chosen for chosen, rows in applicants.values()])
    report = audit_groups(selected, group, reference="A")
    for name, line in report.iterrows():
        print(
            f"group {name}: {line.rate:.1%} of {line.rows:,} rows, "
            f"{line.low:.1%} to {line.high:.1%}; ratio {line.ratio:.2f} "
            f"in {line.ratio_low:.2f} to {line.ratio_high:.2f}: {line.verdict}"
        )
        #> group A: 30.0% of 3,000 rows, 28.4% to 31.7%; ratio 1.00 in 1.00 to 1.00: reference
        #> group B: 20.0% of 2,000 rows, 18.3% to 21.8%; ratio 0.67 in 0.60 to 0.74: below
        #> group C: 20.0% of 40 rows, 10.5% to 34.8%; ratio 0.67 in 0.38 to 1.27: undecided
        #> group D: 27.0% of 2,000 rows, 25.1% to 29.0%; ratio 0.90 in 0.82 to 0.99: above

    rejected = audit_groups(~selected, group, reference="A")
    print(f"rejections instead, group B: ratio {1 / rejected.ratio['B']:.2f}")
    #> rejections instead, group B: ratio 0.87
    # --8<-- [end:demo]
