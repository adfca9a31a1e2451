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
    rng = np.random.default_rng(0)
    income = rng.normal(3.0, 1.0, 5_000)
    debt = rng.normal(6 - income, 1.0)
    late, history = rng.poisson(0.6, 5_000), rng.gamma(2, 4, 5_000)
    columns = {"income": income, "debt": debt, "late": late, "history": history}
    applicants = pd.DataFrame(columns)
    log_odds = -1.2 - 0.8 * income + 0.7 * debt + 0.7 * late - 0.1 * history
    defaulted = (log_odds > rng.logistic(size=5_000)).astype(int)
    model = LogisticRegression(solver="newton-cholesky").fit(applicants, defaulted)
    risk = pd.Series(model.decision_function(applicants))
    declined = applicants[risk > risk.quantile(0.7)]
    approved = applicants.loc[risk[risk <= risk.quantile(0.7)].sort_values().index]
    first = reason_codes(contributions(model, applicants, declined))[1]

    def changed(reference):
        return np.mean(reason_codes(contributions(model, reference, declined))[1] != first)

    sizes = (30, 100, 300, 1_000, 5_000)
    draws = [[changed(applicants.sample(n, random_state=s)) for s in range(30)] for n in sizes]
    means = np.mean(draws, axis=1)
    axes.plot(sizes, means, label="drawn at random, mean")
    axes.plot(sizes, np.max(draws, axis=1), label="drawn at random, worst of 30 draws")
    named = {"the approved": approved, "the 350 just above the cut": approved[-350:]}
    levels = {name: changed(group) for name, group in named.items()}
    for (name, level), side in zip(levels.items(), ("top", "bottom"), strict=True):
        axes.axhline(level, color=INK, linewidth=1, linestyle=":")
        axes.text(5_000, level, name, ha="right", va=side)
    axes.set(xscale="log", ylim=(-0.01, None), xlabel="rows of the reference")
    axes.set_ylabel("another first reason")
    axes.set_xticks(sizes, [f"{n:,}" for n in sizes])
    ticks = np.arange(0, np.max(draws) + 0.05, 0.1)
    axes.set_yticks(ticks, [f"{tick:.0%}" for tick in ticks])
    axes.minorticks_off()
    axes.legend()
    told = {"100 drawn at random": means[1], **levels}
    return ". ".join(
        f"Against {name}: another first reason for {level:.1%}" for name, level in told.items()
    ) + "."  # fmt: skip


# --8<-- [end:figure]
