"""Figure: declined applicants whose first reason changes with the size of the reference."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from proof.figures import INK
from snippets.interpretability.reason_codes import contributions, reason_codes

TITLE = "Declined applicants who get another first reason when the reference changes"
SIZE = (5.6, 3.4)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def loans(rows=5_000):
        rng = np.random.default_rng(0)
        income = rng.normal(3.0, 1.0, rows)
        debt = rng.normal(6 - income, 1.0)
        late, history = rng.poisson(0.6, rows), rng.gamma(2, 4, rows)
        columns = {"income": income, "debt": debt, "late": late, "history": history}
        log_odds = -1.2 - 0.8 * income + 0.7 * debt + 0.7 * late - 0.1 * history
        return pd.DataFrame(columns), (log_odds > rng.logistic(size=rows)).astype(int)

    applicants, defaulted = loans()
    model = LogisticRegression(solver="newton-cholesky").fit(applicants, defaulted)
    odds = model.decision_function(applicants)
    declined = odds > np.quantile(odds, 0.7)
    first = reason_codes(contributions(model, applicants, applicants[declined]))[1]

    def changed(reference):
        other = reason_codes(contributions(model, reference, applicants[declined]))[1]
        return np.mean(other != first)

    sizes = (30, 100, 300, 1_000, 5_000)
    draws = [[changed(applicants.sample(n, random_state=s)) for s in range(30)] for n in sizes]
    means, approved = np.mean(draws, axis=1), changed(applicants[~declined])
    axes.plot(sizes, means, label="rows drawn from all 5,000, mean")
    axes.plot(sizes, np.max(draws, axis=1), label="the same, worst of 30 draws")
    axes.axhline(approved, color=INK, linewidth=1, linestyle=":")
    axes.text(5_000, approved + 0.004, "all approved", ha="right")
    axes.set(xscale="log", ylim=(-0.01, None), xlabel="rows of the reference")
    axes.set_ylabel("another first reason")
    axes.set_xticks(sizes, [f"{n:,}" for n in sizes])
    ticks = np.arange(0, np.max(draws) + 0.05, 0.1)
    axes.set_yticks(ticks, [f"{tick:.0%}" for tick in ticks])
    axes.minorticks_off()
    axes.legend()
    return "; ".join(
        f"against {rows:,} of the 5,000 applicants: another first reason for {mean:.1%}"
        for rows, mean in zip(sizes, means, strict=True)
    ) + f"; against the approved: another first reason for {approved:.1%}"  # fmt: skip


# --8<-- [end:figure]
