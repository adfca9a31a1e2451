"""Figure: alarms of quiet weeks against the promised rate, by the rows of a customer."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.table_moves import table_moves

TITLE = "Share of quiet columns that alarm, by the promised rate"


# --8<-- [start:figure]
KNOB = Knob(
    "Rows of each customer in a week",
    {"1": 1, "2": 2, "5": 5, "10": 10, "20": 20},
    effect="10",
    null="1",
    says="Rows per customer: {stop}. Nothing moved; promised 5%. Permuting rows alarms in "
    "{value:.0%} of the columns, permuting customers in {customers:.0%}.",
)
KINDS = {
    "amount": lambda z: z,
    "plan": lambda z: np.array(["basic", "plus", "pro"])[np.digitize(z, [-0.5, 0.5])],
    "missing": lambda z: np.where(z > 1, np.nan, 1.0),
    "hour": lambda z: np.datetime64("2026-03-02", "s") + (43_200 + 14_400 * z).astype("m8[s]"),
}


@cache
def p_values(
    seed: int, rows: int, permute: str, kind: str, customers: int, shared: float, moved: float = 0.0
) -> np.ndarray:
    """P-values of thirty unrelated columns, each with a level per customer."""
    rng = np.random.default_rng(seed)

    def week(moved: float) -> pd.DataFrame:
        level = np.repeat(rng.normal(size=(customers, 30)), rows, axis=0)
        z = shared**0.5 * level + (1 - shared) ** 0.5 * rng.normal(size=level.shape) + moved
        table = pd.DataFrame({n: KINDS[kind](column) for n, column in enumerate(z.T)})
        return table.assign(customer=np.repeat(rng.integers(10**12, size=customers), rows))

    tables = week(0.0), week(moved)
    if permute == "rows":
        tables = [table.drop(columns="customer") for table in tables]
    report = table_moves(*tables, None if permute == "rows" else "customer", permutations=99)
    part = {"missing": "missing", "hour": "hour"}.get(kind, "values")
    return report["p_value"].xs(part, level="part").to_numpy()


def measure(
    seed: int, rows: int = 10, permute: str = "rows", kind: str = "amount", customers: int = 60,
    shared: float = 0.8, moved: float = 0.0,
) -> float:  # fmt: skip
    return np.mean(p_values(seed, rows, permute, kind, customers, shared, moved) <= 0.05)


def frame(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", marker="")
    axes.set(xlim=(0, 0.5), ylim=(0, 1), xlabel="promised rate of false alarms")
    axes.set(ylabel="quiet columns that alarm")
    axes.text(0.49, 0.13, "– – permuting rows", color=SERIES[1], ha="right")
    axes.text(0.49, 0.03, "— permuting customers", color=SERIES[0], ha="right")
    axes.set_xticks([0, 0.05, 0.25, 0.5], ["0", "5%", "25%", "50%"])
    axes.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])


def draw(axes: Axes, rows: int) -> dict[str, float]:
    rates = np.linspace(0, 0.5, 51)
    for permute, colour, dash in (("rows", SERIES[1], "--"), ("customers", SERIES[0], "-")):
        found = np.concatenate([p_values(s, rows, permute, "amount", 60, 0.8) for s in range(4)])
        kept = [(found <= rate + 1e-9).mean() for rate in rates]
        axes.plot(rates, kept, dash, color=colour, marker="")
    return {"customers": np.mean(p_values(0, rows, "customers", "amount", 60, 0.8) <= 0.05)}


# --8<-- [end:figure]
