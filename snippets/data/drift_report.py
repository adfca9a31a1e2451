# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scipy>=1.13"]
# ///
"""Drift alarms for a whole table: an effect size next to every corrected p-value.

Page: docs/data/drift-threshold.md
Source: the two-sample Kolmogorov-Smirnov test of scipy.stats, Bonferroni's correction
Task: watch a whole table for drift, with effect sizes
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Real

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp


def drift_report(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    *,
    smallest_effect: float = 0.1,
    false_alarm_rate: float = 0.05,
) -> pd.DataFrame:
    """Compare every numeric column, and alarm only if a shift is both real and large.

    Parameters
    ----------
    reference, current : DataFrame of shape (n, features) and (m, features)
        The same numeric columns, then and now.
    smallest_effect : float
        Smallest Kolmogorov-Smirnov distance that matters to you, between 0 and 1:
        the largest gap between the two cumulative shares.
    false_alarm_rate : float
        Accepted chance of any false alarm in the whole table.

    Returns
    -------
    DataFrame of shape (features, 4)
        ``effect``; ``p_value`` of the feature alone; ``corrected`` for the number of
        features (Bonferroni); ``alarm`` if both the effect and the corrected p-value say so.

    Raises
    ------
    TypeError, ValueError
        If a table is no DataFrame, is empty or holds NaN or text, if the columns
        differ, or if a rate is out of range.
    """
    for name, table in (("reference", reference), ("current", current)):
        if not isinstance(table, pd.DataFrame):
            raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
        if table.empty or not all(kind.kind in "iuf" for kind in table.dtypes):
            raise ValueError(f"{name} must have rows, and numbers in every column")
        if not np.isfinite(table.to_numpy()).all():
            raise ValueError(f"{name} must not hold NaN or infinity")
    if list(reference.columns) != list(current.columns):
        raise ValueError("current must have the columns of reference, in the same order")
    rates = {"smallest_effect": smallest_effect, "false_alarm_rate": false_alarm_rate}
    for name, value in rates.items():
        if not isinstance(value, Real) or not 0 < value < 1:
            raise ValueError(f"{name} must be between 0 and 1, got {value!r}")

    tests = [ks_2samp(reference[name], current[name], method="asymp") for name in reference]
    report = pd.DataFrame(
        {"effect": [t.statistic for t in tests], "p_value": [t.pvalue for t in tests]},
        index=reference.columns,
    )
    report["corrected"] = (report["p_value"] * len(report)).clip(upper=1)
    report["alarm"] = (report["corrected"] < false_alarm_rate) & (
        report["effect"] >= smallest_effect
    )
    return report


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    for rows in (1_000, 10_000, 100_000, 300_000):
        then = pd.DataFrame({"income": rng.normal(0.00, 1, rows)})
        now = pd.DataFrame({"income": rng.normal(0.02, 1, rows)})
        income = drift_report(then, now).loc["income"]
        print(
            f"{rows:,} rows: effect {income.effect:.3f}, "
            f"significant: {income.corrected < 0.05}, alarm: {income.alarm}"
        )
        #> 1,000 rows: effect 0.059, significant: False, alarm: False
        #> 10,000 rows: effect 0.008, significant: False, alarm: False
        #> 100,000 rows: effect 0.011, significant: True, alarm: False
        #> 300,000 rows: effect 0.009, significant: True, alarm: False

    reports = [
        drift_report(*(pd.DataFrame(rng.normal(size=(500, 10))) for _ in range(2)))
        for _ in range(100)
    ]
    for column in ("p_value", "corrected"):
        flagged = np.mean([(report[column] < 0.05).any() for report in reports])
        print(f"10 stable features, {column} below 0.05 somewhere: {flagged:.0%} of tables")
        #> 10 stable features, p_value below 0.05 somewhere: 48% of tables
        #> 10 stable features, corrected below 0.05 somewhere: 4% of tables
    # --8<-- [end:demo]
