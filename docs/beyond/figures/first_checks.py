"""Figure: which of four checks alarms, by what went wrong."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import scale

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.beyond.parity_report import parity_report
from snippets.data.drift_report import drift_report
from snippets.data.input_contract import check_contract, infer_contract
from snippets.data.reliability_table import reliability_table

TITLE = "Four checks on a served model, by what went wrong"


# --8<-- [start:figure]
KNOB = Knob(
    "What went wrong",
    {
        "Nothing": "nothing",
        "An input in another unit": "unit",
        "Inputs moved": "inputs",
        "The rate of events moved": "relation",
        "The server scales its batch": "server",
    },
    effect="The server scales its batch",
    null="Nothing",
    says="{stop}: the contract alarms in {contract:.0%} of the runs, drift in {drift:.0%}, "
    "calibration in {calibration:.0%}, parity in {value:.0%}.",
)
CHECKS = ("contract", "drift", "calibration", "parity")


class ScalesItsBatch(LogisticRegression):
    """Standardises each table that it is given by that table's own mean and spread."""

    def fit(self, table: pd.DataFrame, outcome: np.ndarray) -> "ScalesItsBatch":
        """Fit on the table, scaled by itself."""
        return super().fit(scale(table), outcome)

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        """Return the probabilities of the table, scaled by itself."""
        return super().predict_proba(scale(table))


def applicants(
    rng: np.random.Generator, rows: int, moved: float = 0.0, odds: float = 1.0
) -> tuple[pd.DataFrame, np.ndarray]:
    income, debt = rng.gamma(9, 4, size=rows) + 9 * moved, rng.gamma(2, size=rows)
    table = pd.DataFrame({"income": income, "debt": debt})
    logit = -1.2 - 0.08 * (income - 36) + 0.5 * (debt - 2) + np.log(odds)
    return table, rng.random(rows) < 1 / (1 + np.exp(-logit))


@cache
def model_of(seed: int, scales_its_batch: bool, trained: int) -> LogisticRegression:
    model = ScalesItsBatch() if scales_its_batch else LogisticRegression(max_iter=200)
    return model.fit(*applicants(np.random.default_rng(seed), trained))


@cache
def alarms(seed: int, cause: str, check: str, trained: int = 8_000, served: int = 4_000) -> bool:
    rng = np.random.default_rng(seed)
    reference, _ = applicants(rng, trained)
    table, outcome = applicants(
        rng, served, 0.5 * (cause == "inputs"), 1.5 if cause == "relation" else 1.0
    )
    table["income"] *= 12 if cause == "unit" else 1
    if check == "contract":
        return bool(check_contract(infer_contract(reference), table))
    if check == "drift":
        return bool(drift_report(reference, table)["alarm"].any())
    model = model_of(seed, cause == "server", trained)
    if check == "parity":
        return bool(parity_report(model, table.head(2)).loc["one at a time", "differ"] > 0)
    requests = [table[start : start + 1_000] for start in range(0, served, 1_000)]
    score = np.concatenate([model.predict_proba(request)[:, 1] for request in requests])
    rate = reliability_table(score, outcome, by=np.zeros(served), confidence=0.99).iloc[0]
    return not rate["low"] <= 1 <= rate["high"]


def measure(seed: int, cause: str, check: str = "parity", runs: int = 4, **setting: int) -> float:
    """Return the share of the runs in which a check alarms."""
    return np.mean([alarms(4 * seed + run, cause, check, **setting) for run in range(runs)])


def frame(axes: Axes) -> None:
    axes.axvline(1, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(-0.02, 1.05), ylim=(-0.6, 3.6), xlabel="runs with an alarm")
    axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.set_yticks(range(4), CHECKS[::-1])


def draw(axes: Axes, cause: str) -> dict[str, float]:
    shares = {check: measure(0, cause, check) for check in CHECKS}
    axes.plot(list(shares.values())[::-1], range(4), "o", color=SERIES[1], markersize=11)
    return {check: share for check, share in shares.items() if check != "parity"}


# --8<-- [end:figure]
