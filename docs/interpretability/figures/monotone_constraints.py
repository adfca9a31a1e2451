"""Figure: the risk of one applicant by income, from a free and from a constrained forest."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.ensemble import RandomForestClassifier

from proof.figures import INK
from snippets.interpretability.monotone_violations import monotone_violations

TITLE = "The risk of one applicant by income, from a free and from a constrained forest"
SIZE = (5.6, 3.4)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def loans(rows, seed):
        rng = np.random.default_rng(seed)
        income, debt = rng.normal(3.0, 1.0, (2, rows))
        late, history = rng.poisson(0.6, rows), rng.gamma(2, 4, rows)
        columns = {"income": income, "debt": debt, "late": late, "history": history}
        log_odds = -0.7 - 0.8 * income + 0.7 * debt + 0.5 * late - 0.05 * history
        return pd.DataFrame(columns), (log_odds > rng.logistic(size=rows)).astype(int)

    incomes = np.linspace(1, 5, 201)
    one = pd.DataFrame({"income": incomes, "debt": 3.0, "late": 1, "history": 8.0})
    said = []
    for name, constraint, dash in (("free", None, "--"), ("constrained", [-1, 1, 0, 0], "-")):
        forest = RandomForestClassifier(
            50, min_samples_leaf=5, monotonic_cst=constraint, random_state=0
        ).fit(*loans(1_000, seed=0))

        def risk(table, forest=forest):
            return forest.predict_proba(table)[:, 1]

        inputs, _ = loans(2_000, seed=1)
        wrong = monotone_violations(risk, inputs, "income", step=0.25, direction=-1)
        word = "told" if constraint else "free"
        axes.plot(incomes, risk(one), linestyle=dash, marker="", label=f"{name} forest")
        said.append(f"From 1,000 rows, {word}: risk rises for {wrong:.0%}")
    truth = 1 / (1 + np.exp(0.7 + 0.8 * incomes - 0.7 * 3 - 0.5 + 0.05 * 8))
    axes.plot(incomes, truth, color=INK, linewidth=1, linestyle=":", marker="", label="truth")
    axes.set(xlabel="income, thousands a month", ylabel="risk of default", ylim=(0, 1))
    axes.set_xticks([1, 2, 3, 4, 5])
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.legend()
    return ". ".join(said) + "."


# --8<-- [end:figure]
