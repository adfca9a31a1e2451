# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Solution: what equal precision and recall mean for the negatives of two groups.

Page: docs/fairness/index.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np

    people, precision, recall = 10_000, 0.8, 0.7
    for name, base_rate in (("A", 0.1), ("B", 0.4)):
        positives = people * base_rate
        selected_positives = positives * recall
        selected = selected_positives / precision
        rate = (selected - selected_positives) / (people - positives)
        print(
            f"group {name}: {selected:,.0f} of {people:,} selected, "
            f"{np.round(selected - selected_positives):,.0f} of them wrongly: "
            f"false positive rate {rate:.1%}"
        )
        #> group A: 875 of 10,000 selected, 175 of them wrongly: false positive rate 1.9%
        #> group B: 3,500 of 10,000 selected, 700 of them wrongly: false positive rate 11.7%
    # --8<-- [end:demo]
