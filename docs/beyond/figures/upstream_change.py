"""Figure: what the repair of an input costs a model that has learned to live with its error."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from snippets.beyond.upstream_change import replay_change

TITLE = "Accuracy before and after the repair of an input, by the size of its error"
SIZE = (5.8, 3.0)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def applicants(error, seed=0, rows=10_000):
        rng = np.random.default_rng(seed)
        income, freelance = rng.normal(size=rows), (rng.random(rows) < 0.3).astype(float)
        repaid = 3 * income > rng.logistic(size=rows)
        estimate = income + rng.normal(scale=0.3, size=rows) - error * freelance
        return pd.DataFrame({"income": estimate, "freelance": freelance}), repaid

    errors, found = [0, 0.5, 1, 1.5], []
    old, new = slice(0, 5_000), slice(5_000, None)
    fixed, repaid = applicants(error=0)
    again = LogisticRegression().fit(fixed[old], repaid[old]).score(fixed[new], repaid[new])
    for error in errors:
        faulty, _ = applicants(error)
        model = LogisticRegression().fit(faulty[old], repaid[old])
        report = replay_change(model, faulty[new], fixed[new], repaid[new])
        found.append([report["accuracy_before"], report["accuracy_after"]])
    names = ("before the fix", "with the fix, not retrained")
    for name, line in zip(names, np.array(found).T, strict=True):
        axes.plot(errors, line, label=name)
    axes.set(xlabel="error for freelancers, in SD of income", ylabel="accuracy", ylim=(0.7, 0.83))
    axes.set_xticks(errors, [f"{error}" for error in errors])
    axes.set_yticks([0.7, 0.75, 0.8], ["70%", "75%", "80%"])
    axes.legend(loc="lower left")
    before, after = found[errors.index(1)]
    return (
        f"Not retrained: accuracy {before:.1%}, with the fix {after:.1%}; "
        f"retrained with the fix: accuracy {again:.1%}. The larger the error, the larger the loss."
    )


# --8<-- [end:figure]
