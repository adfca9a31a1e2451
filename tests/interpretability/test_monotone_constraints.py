"""docs/interpretability/monotone-constraints.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from proof.claims import Claim
from snippets.interpretability.monotone_violations import monotone_violations
from tools.bad_input import names_bad_input


def loans(rows: int, seed: int, bend: float = 0.0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    income, debt = rng.normal(3.0, 1.0, (2, rows))
    late, history = rng.poisson(0.6, rows), rng.gamma(2, 4, rows)
    columns = {"income": income, "debt": debt, "late": late, "history": history}
    log_odds = -0.7 - 0.8 * income + 0.7 * debt + 0.5 * late - 0.05 * history
    log_odds += bend * np.maximum(income - 3, 0)
    return pd.DataFrame(columns), (log_odds > rng.logistic(size=rows)).astype(int)


@cache
def measured(
    seed: int, constrained: bool, rows: int = 1_000, leaf: int = 5, bend: float = 0.0
) -> tuple[float, float]:
    """Return the share of violations by income, and the AUC."""
    forest = RandomForestClassifier(
        25,
        min_samples_leaf=leaf,
        monotonic_cst=[-1, 1, 0, 0] if constrained else None,
        random_state=seed,
    ).fit(*loans(rows, seed, bend))
    inputs, defaulted = loans(1_500, seed + 1_000, bend)

    def risk(table):
        return forest.predict_proba(table)[:, 1]

    wrong = monotone_violations(risk, inputs, "income", step=0.25, direction=-1)
    return wrong, roc_auc_score(defaulted, risk(inputs))


def test_free_forest_breaks_the_rule(claim: Claim) -> None:
    """A forest of small leaves raises the risk of many applicants who earn a little more, unless it
    is told not to."""
    claim.holds("share of violations, free", lambda seed: measured(seed, False)[0], above=0.2)
    claim.null("share, constrained", lambda seed: measured(seed, True)[0], below=1e-9)


def test_more_rows_do_not_cure(claim: Claim) -> None:
    """More rows do not cure a forest of small leaves; larger leaves do."""

    def share(seed: int, leaf: int) -> float:
        return measured(seed, False, rows=3_000, leaf=leaf)[0]

    claim.holds("share at 3,000 rows", lambda seed: share(seed, 5), above=0.2)
    claim.null("share in leaves of 200", lambda seed: share(seed, 200), below=0.1)


def test_a_false_rule_costs(claim: Claim) -> None:
    """A constraint that contradicts the truth costs AUC; one that agrees with it does not."""

    def cost(seed: int, bend: float) -> float:
        return measured(seed, False, bend=bend)[1] - measured(seed, True, bend=bend)[1]

    claim.holds("AUC lost, bent truth", lambda seed: cost(seed, 2.4), above=0.02)
    claim.null("AUC lost, true rule", lambda seed: cost(seed, 0.0), below=0.012)


@pytest.mark.parametrize("direction", [-1, 1])
def test_share_is_that_of_a_loop(direction: int) -> None:
    rng = np.random.default_rng(5)
    inputs = pd.DataFrame(rng.normal(size=(60, 2)), columns=["a", "b"], index=range(7, 67))

    def risk(table):
        return np.sin(3 * table["a"]) * table["b"]

    wrong = 0
    for a, b in inputs.to_numpy():
        wrong += (np.sin(3 * (a + 0.5)) * b - np.sin(3 * a) * b) * direction < 0
    kept = inputs.copy()
    found = monotone_violations(risk, inputs, "a", 0.5, direction)
    assert found == wrong / 60
    assert 0 < found < 1
    assert inputs.equals(kept)
    assert monotone_violations(lambda t: t["b"], inputs, "a", 0.5, direction) == 0


def test_linear_model_obeys_its_coefficient() -> None:
    applicants, defaulted = loans(300, 0)
    model = LogisticRegression(solver="newton-cholesky").fit(applicants, defaulted)
    for feature, coefficient in zip(applicants, model.coef_[0], strict=True):
        sign = int(np.sign(coefficient))
        arguments = (lambda rows: model.predict_proba(rows)[:, 1], applicants, feature, 1)
        assert monotone_violations(*arguments, direction=sign) == 0
        assert monotone_violations(*arguments, direction=-sign) == 1


def test_rounding_is_not_counted() -> None:
    inputs = pd.DataFrame({"a": [0, 1, 2], "flag": [True, False, True]})
    for slope, share in ((1e-10, 0), (1e-8, 1)):
        assert monotone_violations(lambda t, s=slope: t["a"] * s, inputs, "a", 1, -1) == share
    steps = pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0]})
    found = monotone_violations(lambda t: (t["a"] >= 2).astype(float), steps, "a", 1, -1)
    assert found == 0.25


def test_bad_input_is_named() -> None:
    inputs = loans(20, 0)[0]

    def risk(table):
        return table["income"].to_numpy()

    good = {"predict": risk, "inputs": inputs, "feature": "income", "step": 2.0, "direction": 1}
    names_bad_input(monotone_violations, **good, bounds={"step": "(0, inf)"})
    faults = {
        "predict": [None, lambda t: t.to_numpy(), lambda t: t["late"], lambda t: t["income"] * np.nan],
        "inputs": [inputs.to_numpy(), inputs.assign(late="two"), inputs.assign(late=np.inf)],
        "feature": ["wage", 0],
        "step": [0, -1, np.inf, np.nan, "1"],
        "direction": [0, 2, "1", None],
    }  # fmt: skip
    for name, values in faults.items():
        for value in values:
            with pytest.raises((TypeError, ValueError), match=f"^{name} must"):
                monotone_violations(**{**good, name: value})
