"""docs/story/7-drift.py"""

from functools import cache

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from docs.story.figures.silent import KNOB, Lender, measure, table, watched
from proof.claims import Claim
from snippets.data.drift_report import drift_report
from snippets.data.retraining_cadence import backtest_cadence

DRIFT = KNOB.ends["on"]
# First month, last month of the first period, and the rule: only the last three months count.
RULES: dict[str, tuple[int, int, dict[str, int | None]]] = {
    "never": (0, 5, {"every": None}),
    "all history": (0, 9, {"every": 1, "window": None}),
    "last quarter": (7, 7, {"every": 1, "window": 3}),
}


def alarms(seed: int, growth: float = 1.0) -> int:
    """Count the alarms of the inputs, months seven to twelve."""
    inputs, _, month = table(seed, DRIFT, growth=growth)
    past = pd.DataFrame(inputs[month < 6])
    moved = [drift_report(past, pd.DataFrame(inputs[month == m])) for m in range(7, 13)]
    return sum(report["alarm"].sum() for report in moved)


@cache
def profits(seed: int, drift: float, rows: int = 1_500, family: str = "linear") -> dict[str, float]:
    """Return what each rule earns in the last quarter."""
    inputs, outcomes, month = table(seed, drift, rows)
    earned = {}
    for name, (first, known, rule) in RULES.items():
        some, period = month >= first, np.maximum(month, known)
        scores = backtest_cadence(
            Lender(family), inputs[some], outcomes[some], period[some], **rule
        )
        earned[name] = scores[-3:].sum()
    return earned


def late(seed: int) -> float:
    """Return what the last quarter earns with models of the quarter before."""
    inputs, outcomes, month = table(seed, DRIFT)
    earned = 0.0
    for now in (10, 11, 12):
        past, today = (month >= now - 6) & (month < now - 3), month == now
        lender = Lender().fit(inputs[past], outcomes[past])
        earned += lender.score(inputs[today], outcomes[today])
    return earned


def history_ahead(seed: int, rows: int, draws: int = 6) -> float:
    """Return in which share of draws all of history earns more in month twelve."""
    ahead = []
    for draw in range(draws):
        inputs, outcomes, month = table(draws * seed + draw, DRIFT, rows)
        now = month == 12
        quarter, everything = (
            Lender().fit(inputs[past], outcomes[past]).score(inputs[now], outcomes[now])
            for past in (~now & (month > 8), ~now)
        )
        ahead.append(everything > quarter)
    return float(np.mean(ahead))


def profit_left(seed: int, drift: float) -> float:
    """Return which part of its profit without drift the old model earns in the last quarter."""
    earned = {}
    for rate in (drift, 0.0):
        inputs, outcomes, month = table(seed, rate)
        lender = Lender().fit(inputs[month < 6], outcomes[month < 6])
        earned[rate] = lender.score(inputs[month > 9], outcomes[month > 9])
    return earned[drift] / earned[0.0]


def auc_lost(seed: int, before: float) -> float:
    """Return the AUC that a drift of the amount's effect takes from a model fitted before it."""
    rng, found = np.random.default_rng(seed), []
    model = LogisticRegression()
    for effect in (before, before, before + 2.1):  # the rows to fit on, calm ones, drifted ones
        amount, wealth = rng.normal(size=(2, 10_000))
        default = rng.logistic(size=10_000) < -2.2 + effect * amount - wealth
        table = np.column_stack([amount, wealth])
        model = model if found else model.fit(table, default)
        found.append(roc_auc_score(default, model.decision_function(table)))
    return found[1] - found[2]


def test_silent_monitors(claim: Claim) -> None:
    """When large loans, the riskier ones already, become harder to repay, inputs and mean score stay
    where they were and the AUC is as high as without the change, while more borrowers default than
    expected and the profit is gone."""
    others = [{"rows": 1_000}, {"family": "tree"}]
    claim.effect(
        "observed/expected in month twelve", measure,
        knob="drift", **KNOB.ends, above=1.4, off_below=1.25, also=others,
    )  # fmt: skip
    for name, bounds in {
        "low": {"above": 1.2, "off_below": 1.1},
        "profit": {"below": 0.07, "off_above": 0.135},
    }.items():
        claim.effect(
            f"{name} in month twelve",
            lambda seed, drift, name=name, **setting: watched(seed, drift, **setting)[name],
            knob="drift", on=DRIFT, off=0.0, also=others, **bounds,
        )  # fmt: skip
    for seed in range(5):
        assert alarms(seed) == 0
        assert watched(seed, DRIFT)["score moved"] < 0.02
        assert watched(seed, DRIFT)["auc"] > watched(seed, 0.0)["auc"] - 0.005
    claim.limit(
        "Where the amount did not matter before, the AUC falls as well.",
        "AUC that the drift takes", lambda seed: auc_lost(seed, 0.0), above=0.04,
    )  # fmt: skip
    assert auc_lost(0, 0.9) < 0
    claim.limit(
        "When the amounts themselves grow by a third, the inputs raise alarms.",
        "alarms", lambda seed: alarms(seed, growth=4 / 3), above=0.5,
    )  # fmt: skip


def test_the_old_order_is_not_the_best_but_defaults_are_easier_to_rank() -> None:
    """The reason that the chapter gives for an AUC that holds still."""
    for seed in range(5):
        best = {}
        for drift in (0.0, DRIFT):  # what a model of the same months can reach, by other people
            inputs, outcomes, month = table(seed, drift)
            others, theirs, _ = table((seed + 1) % 5, drift)
            last = month > 9
            fresh = Lender().fit(others[last], theirs[last])
            best[drift] = roc_auc_score(outcomes[last], fresh.risk(inputs[last]))
        assert watched(seed, DRIFT)["auc"] < best[DRIFT] - 0.03
        assert watched(seed, 0.0)["auc"] > best[0.0] - 0.01
        assert best[DRIFT] > best[0.0] + 0.04


def test_retraining(claim: Claim) -> None:
    """While one effect grows fast month by month, retraining on the last quarter keeps most of the
    profit that the model in service loses, and all of history keeps less."""

    def more(seed: int, drift: float, than: str = "never", **setting: object) -> float:
        """Return what the last quarter earns more, as a part of the profit without drift."""
        earned, still = profits(seed, drift, **setting), profits(seed, 0.0, **setting)
        return (earned["last quarter"] - earned[than]) / still["never"]

    def kept(seed: int) -> float:
        lost = profits(seed, 0.0)["never"] - profits(seed, DRIFT)["never"]
        return (profits(seed, DRIFT)["last quarter"] - profits(seed, DRIFT)["never"]) / lost

    def kept_late(seed: int) -> float:
        never = profits(seed, DRIFT)["never"]
        return (late(seed) - never) / (profits(seed, 0.0)["never"] - never)

    others = [{"rows": 800}, {"family": "tree"}]
    claim.effect(
        "more than never retrained", more,
        knob="drift", on=DRIFT, off=0.0, above=0.34, off_below=0.25, also=others,
    )  # fmt: skip
    claim.effect(
        "more than all of history",
        lambda seed, **setting: more(seed, than="all history", **setting),
        knob="drift", on=DRIFT, off=0.0, above=0.12, off_below=0.11, also=others,
    )  # fmt: skip
    assert all(kept(seed) > 0.6 for seed in range(5)), "most of what is lost"
    claim.limit(
        "With fifty applications a month, all of history often earns more.",
        "share of draws", lambda seed: history_ahead(seed, 50), above=0.2,
    )  # fmt: skip
    assert max(history_ahead(seed, 500, draws=2) for seed in range(2)) < 0.2
    claim.limit(
        "Where the effect grows a third as fast, the old model keeps most of its profit.",
        "part of the profit", lambda seed: profit_left(seed, DRIFT / 3), above=0.6,
    )  # fmt: skip
    assert max(profit_left(seed, DRIFT) for seed in range(5)) < 0.4
    claim.limit(
        "With outcomes a quarter late, retraining on the last known quarter keeps less than half of the lost profit.",
        "part kept, late", kept_late, below=0.5,
    )  # fmt: skip
