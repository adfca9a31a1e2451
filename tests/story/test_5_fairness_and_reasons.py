"""docs/story/5-fairness-and-reasons.py"""

from functools import cache, partial

import numpy as np
import pandas as pd
import pytest

from docs.story.figures.gap import KNOB, audit, decided, measure
from proof.claims import Claim
from snippets.fairness.audit_groups import audit_groups
from snippets.interpretability.reason_codes import contributions, reason_codes
from snippets.story.loans import loan_applications


def other_people(
    rows: int, seed: int, drift: float, gap: float, size: float = 1.0, late: int = 0
) -> pd.DataFrame:
    """Group B asks for other amounts, or half of it is late more often; risk is as it was."""
    loans = loan_applications(rows, seed, drift=drift, gap=gap)
    rng, of_b = np.random.default_rng([seed, 99]), loans["group"] == "B"
    loans["amount"] *= np.where(of_b, size, 1)
    loans["late"] += late * (of_b & (rng.random(len(loans)) < 0.5))
    risk = 1.8 * (np.log(loans["amount"]) - 9) - (np.log(loans["income"]) - 10.3) / 0.45 - 2.2
    risk += 0.7 * loans["late"] - 0.12 * loans["history"] + 0.3 * (loans["region"] == "west")
    return loans.assign(default=(rng.logistic(size=len(loans)) < risk).astype(int))


SMALLER, LATE = partial(other_people, size=2 / 3), partial(other_people, late=2)


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
    """Where group B has lower incomes and shorter histories, and is alike otherwise, a model that
    never sees the group approves it less often than group A."""
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
    claim.limit(
        "If group B asked for loans a third smaller, it would be approved about as often.",
        "ratio", lambda seed: measure(seed, 1.0, draw=SMALLER), above=0.9, below=1.15,
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
    claim.limit(
        "If half of group B had paid late twice more, income would come first no more often.",
        "more often", lambda seed: income_first(seed, 1.0, draw=LATE), below=0.06,
    )  # fmt: skip


def test_reasons_add_up() -> None:
    _, features, approved, model = decided(0, 1.0)
    shares = contributions(model, features[approved], features[~approved])
    odds = model.decision_function(features)
    expected = odds[~approved] - odds[approved].mean()
    assert shares.sum(axis=1).to_numpy() == pytest.approx(expected)
