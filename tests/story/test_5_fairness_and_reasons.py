"""docs/story/5-fairness-and-reasons.py"""

from functools import cache

import numpy as np
import pytest

from docs.story.figures.gap import KNOB, audit, decided, measure
from proof.claims import Claim
from snippets.fairness.audit_groups import audit_groups
from snippets.interpretability.reason_codes import contributions, reason_codes


def undecided(seed: int) -> float:
    """Return the share of batches of a hundred applications that leave the audit undecided."""
    latest, _, approved, _ = decided(seed, 1.0)
    cuts = [slice(start, start + 100) for start in range(0, 2_500, 100)]
    verdicts = [
        audit_groups(approved[cut], latest["group"][cut], reference="A", limit=0.9).verdict["B"]
        for cut in cuts
    ]
    return np.mean([verdict == "undecided" for verdict in verdicts])


@cache
def income_first(seed: int, gap: float, own: bool = False, **setting: object) -> float:
    """Return how much more often income is the first reason in group B."""
    latest, features, approved, model = decided(seed, gap, **setting)
    rates = {}
    for name in ("A", "B"):
        group = (latest["group"] == name).to_numpy()
        reference = features[approved & group] if own else features[approved]
        shares = contributions(model, reference, features[~approved & group])
        rates[name] = (reason_codes(shares, most=2)[1] == "income").mean()
    return rates["B"] - rates["A"]


def test_without_the_column(claim: Claim) -> None:
    """Where group B has lower incomes and shorter histories, a model that never sees the group
    approves it less often than group A."""
    others = [{"rows": 1_500, "months": 1}, {"forest": True}]
    claim.effect(
        "ratio", measure,
        knob="gap", **KNOB.ends, below=0.85, off_above=0.9, off_below=1.1, also=others,
    )  # fmt: skip
    claim.effect(
        "interval ends", lambda seed, gap, **setting: audit(seed, gap, **setting)["ratio_high"],
        knob="gap", on=1.0, off=0.0, below=0.94, off_above=0.97, also=others,
    )  # fmt: skip
    claim.limit(
        "An audit of a hundred applications is mostly undecided: its interval holds the agreed limit.",
        "share of undecided hundreds", undecided, above=0.55,
    )  # fmt: skip


def test_first_reason(claim: Claim) -> None:
    """Where group B has lower incomes, a low income is the first reason more often among its
    declined than among those of group A."""
    claim.effect(
        "more often", income_first,
        knob="gap", on=1.0, off=0.0, above=0.1, off_above=-0.07, off_below=0.07,
        also=[{"rows": 1_300}, {"C": 0.01}],
    )  # fmt: skip
    claim.limit(
        "Compared with the approved of their own group, the groups get income as the first reason about as often.",
        "more often, own reference", lambda seed: abs(income_first(seed, 1.0, own=True)), below=0.1,
    )  # fmt: skip


def test_reasons_add_up() -> None:
    _, features, approved, model = decided(0, 1.0)
    shares = contributions(model, features[approved], features[~approved])
    odds = model.decision_function(features)
    expected = odds[~approved] - odds[approved].mean()
    assert shares.sum(axis=1).to_numpy() == pytest.approx(expected)
