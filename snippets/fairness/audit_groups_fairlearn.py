# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "fairlearn>=0.12"]
# ///
"""The same rates with fairlearn.

Page: docs/fairness/audit-groups.md
Source: fairlearn.metrics.MetricFrame
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from fairlearn.metrics import MetricFrame, count, selection_rate

    applicants = {"A": (900, 3_000), "B": (400, 2_000), "C": (8, 40), "D": (1_080, 4_000)}
    group = np.repeat(list(applicants), [rows for _, rows in applicants.values()])
    selected = np.concatenate([np.arange(rows) < chosen for chosen, rows in applicants.values()])
    frame = MetricFrame(
        metrics={"rows": count, "rate": selection_rate},
        y_true=selected,  # used by neither metric
        y_pred=selected,
        sensitive_features=group,
    )
    for name, line in frame.by_group.iterrows():
        print(f"fairlearn, group {name}: {line['rate']:.1%} of {line['rows']:,.0f} rows")
        #> fairlearn, group A: 30.0% of 3,000 rows
        #> fairlearn, group B: 20.0% of 2,000 rows
        #> fairlearn, group C: 20.0% of 40 rows
        #> fairlearn, group D: 27.0% of 4,000 rows
    print(f"fairlearn, lowest rate over highest: {frame.ratio()['rate']:.2f}")
    #> fairlearn, lowest rate over highest: 0.67
    # --8<-- [end:demo]
