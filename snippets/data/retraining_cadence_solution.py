# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "scikit-learn>=1.6"]
# ///
"""Solution: what late labels cost when the relation turns.

Page: docs/data/retraining-cadence.md
Source: the exercise on that page
"""
# SPDX-License-Identifier: MIT

if __name__ == "__main__":
    # --8<-- [start:demo]
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    month = np.repeat(np.arange(25), 100)
    inputs = rng.normal(size=(month.size, 10))
    model = LogisticRegression(solver="newton-cholesky")
    for degrees in (0, 5):
        angle = np.deg2rad(degrees * month)
        effect = 2 * np.cos(angle) * inputs[:, 0] + 2 * np.sin(angle) * inputs[:, 1]
        labels = (effect > np.random.default_rng(1).logistic(size=month.size)).astype(int)
        for late in (0, 3, 6):
            scores = []
            for now in range(9, 25):
                past = (month < now - late) & (month >= now - late - 3)
                model.fit(inputs[past], labels[past])
                scores.append(model.score(inputs[month == now], labels[month == now]))
            accuracy = np.mean(scores)
            print(f"{degrees}° a month, labels {late} months late: accuracy {accuracy:.1%}")
            #> 0° a month, labels 0 months late: accuracy 76.6%
            #> 0° a month, labels 3 months late: accuracy 77.1%
            #> 0° a month, labels 6 months late: accuracy 77.2%
            #> 5° a month, labels 0 months late: accuracy 77.1%
            #> 5° a month, labels 3 months late: accuracy 75.1%
            #> 5° a month, labels 6 months late: accuracy 68.7%
    # --8<-- [end:demo]
