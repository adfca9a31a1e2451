"""docs/interpretability/reason-codes.md"""

import warnings
from functools import cache
from itertools import permutations
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, SGDClassifier

from proof.claims import Claim
from snippets.interpretability.exact_shapley import exact_shapley
from snippets.interpretability.reason_codes import contributions, reason_codes
from tools.bad_input import names_bad_input


@cache
def shap() -> ModuleType:
    """Import shap without compiling: on Python 3.11 it would spend seconds on numba."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(action="ignore"):
        patch.setenv("NUMBA_DISABLE_JIT", "1")
        import shap

        return shap


def loans(seed: int, rows: int = 5_000) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    income = rng.normal(3.0, 1.0, rows)
    debt = rng.normal(6 - income, 1.0)
    late, history = rng.poisson(0.6, rows), rng.gamma(2, 4, rows)
    columns = {"income": income, "debt": debt, "late": late, "history": history}
    log_odds = -1.2 - 0.8 * income + 0.7 * debt + 0.7 * late - 0.1 * history
    return pd.DataFrame(columns), (log_odds > rng.logistic(size=rows)).astype(int)


@cache
def declined(seed: int) -> tuple[LogisticRegression, pd.DataFrame, np.ndarray]:
    applicants, defaulted = loans(seed)
    model = LogisticRegression(solver="newton-cholesky").fit(applicants, defaulted)
    odds = model.decision_function(applicants)
    return model, applicants, odds > np.quantile(odds, 0.7)


def changed(seed: int, references: list[pd.DataFrame]) -> float:
    model, applicants, worst = declined(seed)
    first, *others = (
        reason_codes(contributions(model, reference, applicants[worst]), most=1)[1]
        for reference in (applicants, *references)
    )
    return np.mean([other != first for other in others])


def draws(seed: int, rows: int) -> list[pd.DataFrame]:
    applicants = declined(seed)[1]
    return [applicants.sample(rows, random_state=number) for number in range(6)]


def test_formula_is_exact(claim: Claim) -> None:
    """Coefficient times distance from the mean is the exact Shapley value of a linear score, and
    of no other."""

    def error(seed: int, product: float) -> float:
        rng = np.random.default_rng(seed)
        background, row, effects = (
            rng.normal(size=(50, 4)),
            rng.normal(size=4) + 1,
            rng.normal(size=4),
        )

        def score(rows):
            return rows @ effects + product * rows[:, 0] * rows[:, 1]

        formula = effects * (row - background.mean(axis=0))
        return np.abs(exact_shapley(score, background, row) - formula).max()

    claim.holds("largest error of the formula", lambda seed: error(seed, 0), below=1e-9)
    claim.null("the same with a product", lambda seed: error(seed, 2), above=0.1)


def test_background_of_a_hundred_rows(claim: Claim) -> None:
    """A background of a hundred rows gives some applicants another first reason than all rows do."""
    claim.holds("share changed", lambda seed: changed(seed, draws(seed, 100)), above=0.015)
    claim.null("share with all rows", lambda seed: changed(seed, draws(seed, 5_000)), below=1e-9)


def test_compared_with_whom(claim: Claim) -> None:
    """Compared with the approved instead of all applicants, some of the declined get another first
    reason."""

    def approved(seed: int) -> float:
        _, applicants, worst = declined(seed)
        return changed(seed, [applicants[~worst]])

    claim.holds("share changed", approved, above=0.03)
    claim.null("against as many at random", lambda s: changed(s, draws(s, 3_500)), below=0.012)


@pytest.mark.parametrize("seed", range(5))
def test_contributions_are_shaps_with_the_full_background(seed: int) -> None:
    library, (model, applicants, worst) = shap(), declined(seed)
    background = library.maskers.Independent(applicants, max_samples=len(applicants))
    explainer = library.LinearExplainer(model, background)
    found = contributions(model, applicants, applicants[worst])
    assert found.to_numpy() == pytest.approx(explainer.shap_values(applicants[worst]))
    odds = model.decision_function(applicants)
    assert explainer.expected_value == pytest.approx(odds.mean())
    assert found.sum(axis=1).to_numpy() == pytest.approx(odds[worst] - odds.mean())
    assert found.columns.equals(applicants.columns)
    assert found.index.equals(applicants.index[worst])


@pytest.mark.parametrize("seed", range(3))
def test_exact_values_are_shaps(seed: int) -> None:
    library, rng = shap(), np.random.default_rng(seed)
    features = int(rng.integers(2, 6))
    background, row = rng.normal(size=(20, features)), rng.normal(size=features)

    def score(rows):
        return (
            np.sin(rows[:, 0] * rows[:, -1]) + np.maximum(rows, 0).prod(axis=1) + rows.max(axis=1)
        )

    masker = library.maskers.Independent(background, max_samples=len(background))
    explained = library.ExactExplainer(score, masker)(row[None])
    found = exact_shapley(score, background, row)
    assert found == pytest.approx(explained.values[0], abs=1e-6)
    assert found.sum() == pytest.approx(score(row[None])[0] - score(background).mean())


@pytest.mark.parametrize("features", [1, 2, 4])
def test_exact_values_are_mean_gains_over_all_orders(features: int) -> None:
    rng = np.random.default_rng(features)
    background, row = rng.normal(size=(5, features)), rng.normal(size=features)

    def score(rows):
        return np.exp(rows).prod(axis=1) + rows[:, 0]

    expected, orders = np.zeros(features), list(permutations(range(features)))
    for order in orders:
        rows, before = background.copy(), score(background).mean()
        for feature in order:
            rows[:, feature] = row[feature]
            after = score(rows).mean()
            expected[feature] += (after - before) / len(orders)
            before = after
    assert exact_shapley(score, background, row) == pytest.approx(expected)


def test_twelve_features_and_no_more() -> None:
    found = exact_shapley(lambda rows: rows.sum(axis=1), np.zeros((1, 12)), np.arange(12))
    assert found == pytest.approx(np.arange(12))
    with pytest.raises(ValueError, match="row must have at most 12 features, got 13"):
        exact_shapley(lambda rows: rows.sum(axis=1), np.zeros((1, 13)), np.arange(13))


def test_reasons_by_hand() -> None:
    shares = pd.DataFrame(
        [[0.5, -1.0, 2.0], [-1.0, 0.0, -2.0], [1.0, 1.0, 0.25]],
        index=[7, 8, 9],
        columns=list("abc"),
    )
    found = reason_codes(shares)
    assert list(found) == [1, 2, 3]
    assert found.index.tolist() == [7, 8, 9]
    rows = [["c", "a", None], [None] * 3, ["a", "b", "c"]]
    assert found.astype(object).where(found.notna(), None).to_numpy().tolist() == rows
    assert list(reason_codes(shares, most=1)) == [1]
    assert reason_codes(shares, most=2).loc[9].tolist() == ["a", "b"]
    wide = pd.DataFrame([[1.0, 2, 3, 4, 5]], columns=list("abcde"))
    assert reason_codes(wide).loc[0].tolist() == list("edcb")


def test_other_linear_classifiers() -> None:
    applicants, defaulted = loans(0, rows=300)
    model = SGDClassifier(random_state=0).fit(applicants, defaulted)
    reference = applicants.iloc[:10]
    expected = (applicants - reference.mean()).to_numpy() * model.coef_
    assert contributions(model, reference, applicants).to_numpy() == pytest.approx(expected)


def test_bad_input_is_named() -> None:
    applicants, defaulted = loans(0, rows=50)
    model = LogisticRegression(solver="newton-cholesky").fit(applicants, defaulted)
    names_bad_input(contributions, model=model, reference=applicants, applicants=applicants)
    names_bad_input(reason_codes, shares=applicants, bounds={"most": "[1, inf)"})
    names_bad_input(
        exact_shapley, predict=lambda rows: rows[:, 0], background=[[1.0, 2]], row=[1.0, 3]
    )
    with pytest.raises(ValueError, match="most"):
        reason_codes(applicants, most=0)
    with pytest.raises(TypeError, match="predict"):
        exact_shapley(None, [[1.0]], [1.0])
    with pytest.raises(ValueError, match="row must have the 2 features of background"):
        exact_shapley(sum, [[1.0, 2]], [1.0])
    with pytest.raises(ValueError, match="row must have the 1 features of background"):
        exact_shapley(sum, [[1.0]], [1.0, 2])
    three = LogisticRegression(solver="newton-cholesky").fit(applicants, np.arange(50) % 3)
    for wrong in (three, LogisticRegression()):
        with pytest.raises(TypeError, match="model must be a fitted linear classifier"):
            contributions(wrong, applicants, applicants)
    with pytest.raises(ValueError, match="reference must have the 4 columns of the model"):
        contributions(model, applicants[["income"]], applicants)
    with pytest.raises(ValueError, match="applicants must have the columns of reference"):
        contributions(model, applicants, applicants[["debt", "income", "late", "history"]])
    text = applicants.assign(late="two")
    for name, arguments in (("reference", (text, applicants)), ("applicants", (applicants, text))):
        with pytest.raises(TypeError, match=f"{name} must hold numbers"):
            contributions(model, *arguments)
    with pytest.raises(ValueError, match="shares must not hold NaN or infinity"):
        reason_codes(pd.DataFrame([[np.inf, 1]]))
