# /// script
# requires-python = ">=3.11"
# dependencies = ["pandas>=2.2.2"]
# ///
"""Solution: what each limit on the work costs management.

Page: docs/requirements/model-scorecard.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import pandas as pd

    measured = pd.DataFrame(
        {"loss": [7.0, 6.1, 5.8, 5.7], "reads": [12, 60, 400, 4_000]},
        index=["linear", "10 trees", "50 trees", "500 trees"],
    )
    for row in measured.itertuples():
        print(f"{row.Index}: loss {row.loss} euros a payment, reads {row.reads:,}")
        #> linear: loss 7.0 euros a payment, reads 12
        #> 10 trees: loss 6.1 euros a payment, reads 60
        #> 50 trees: loss 5.8 euros a payment, reads 400
        #> 500 trees: loss 5.7 euros a payment, reads 4,000
    previous = None
    for limit in (20, 100, 1_000, 10_000):
        passing = measured[measured["reads"] <= limit]
        model, loss = passing["loss"].idxmin(), passing["loss"].min()
        saved = "" if previous is None else f", saves {1_000 * (previous - loss):,.0f} euros a day"
        print(f"at most {limit:,} reads: {model}{saved}")
        #> at most 20 reads: linear
        #> at most 100 reads: 10 trees, saves 900 euros a day
        #> at most 1,000 reads: 50 trees, saves 300 euros a day
        #> at most 10,000 reads: 500 trees, saves 100 euros a day
        previous = loss
    # --8<-- [end:demo]
