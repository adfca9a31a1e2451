# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Solution: sort by date, then drop the training rows whose labels had not arrived.

Page: docs/data/split-like-you-serve.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    import pandas as pd
    from sklearn.model_selection import TimeSeriesSplit

    rng = np.random.default_rng(0)
    days = pd.to_timedelta(rng.integers(0, 365, 5_000), unit="D")
    warnings = pd.DataFrame(
        {"machine": rng.integers(0, 50, 5_000), "date": pd.Timestamp("2025-01-01") + days}
    )
    delay = np.timedelta64(30, "D")
    for column in ("machine", "date"):
        date = warnings.sort_values(column, kind="stable")["date"].to_numpy()
        unknown = [
            np.mean(date[train] + delay >= date[test].min())
            for train, test in TimeSeriesSplit(5).split(date)
        ]
        print(f"sorted by {column}, labels unknown: " + ", ".join(f"{u:.0%}" for u in unknown))
        #> sorted by machine, labels unknown: 100%, 100%, 100%, 100%, 100%
        #> sorted by date, labels unknown: 48%, 25%, 17%, 13%, 10%
    purged = [
        (train[date[train] + delay < date[test].min()], test)
        for train, test in TimeSeriesSplit(5).split(date)
    ]
    print("rows left to train on: " + ", ".join(f"{train.size:,}" for train, _ in purged))
    #> rows left to train on: 434, 1,250, 2,083, 2,917, 3,738
    # --8<-- [end:demo]
