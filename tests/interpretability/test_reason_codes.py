"""docs/interpretability/reason-codes.md"""

import warnings
from functools import cache
from itertools import permutations
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from docs.interpretability.figures.reason_codes import KNOB, changed, declined, measure
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
    table = pd.DataFrame({"income": income, "debt": debt, "late": late, "history": history})
    log_odds = table.to_numpy() @ [-0.8, 0.7, 0.7, -0.1] + 0.2
    return table, (log_odds > rng.logistic(size=rows)).astype(int)


OUTWEIGHED = {"income_weight": 20.0}


def test_compared_with_whom(claim: Claim) -> None:
    """Compared with those just above the cut instead of all applicants, some of the declined get
    another first reason."""

    def share(seed: int, whom: str, **setting: float) -> float:
        return changed(seed, 350, whom, **setting).mean()

    claim.effect(
        "share with another first reason",
        share,
        knob="whom",
        on="just above the cut",
        off="all",
        above=0.067,
        off_below=0.055,
        also=[{"more": 4}, {"cut": 0.9}],
    )
    claim.limit(
        "If one feature outweighs all others together, hardly anybody gets another first reason.",
        "share with another first reason",
        lambda seed: share(seed, "just above the cut", **OUTWEIGHED),
        below=0.03,
    )
    claim.limit(
        "Where half are declined, those just above the cut change hardly more reasons than a random draw.",
        "share with another first reason, minus that of a random draw",
        lambda seed: share(seed, "just above the cut", cut=0.5) - share(seed, "all", cut=0.5),
        below=0.045,
    )


def test_background_of_a_hundred_rows(claim: Claim) -> None:
    """A background of a hundred rows gives some applicants another first reason than all rows do."""
    claim.effect(
        "share with another first reason",
        measure,
        knob="rows",
        **KNOB.ends,
        above=0.02,
        off_below=0.002,
        also=[{"more": 4}, {"cut": 0.9}],
    )
    claim.limit(
        "If one feature outweighs all others together, hardly anybody gets another first reason.",
        "share with another first reason",
        lambda seed: measure(seed, 100, **OUTWEIGHED),
        below=0.005,
    )


def test_formula_is_exact(claim: Claim) -> None:
    """Coefficient times distance from the mean is the exact interventional Shapley value of a linear
    score, and is wrong once two features multiply."""

    def error(
        seed: int, product: float = 0, features: int = 4, skewed: bool = False, curve: bool = False
    ) -> float:
        rng = np.random.default_rng(seed)
        background = rng.normal(size=(50, features))
        if skewed:
            background = np.exp(background + background[:, :1])  # and correlated
        effects, row = rng.normal(size=features), background.mean(axis=0) + 1

        def score(rows):
            linear = rows @ effects + product * rows[:, 0] * rows[:, 1]
            return 1 / (1 + np.exp(-2 * linear)) if curve else linear

        formula = effects * (row - background.mean(axis=0))
        found = exact_shapley(score, background, row)
        if curve:  # what each feature's share of the difference is
            return float(np.abs(found / found.sum() - formula / formula.sum()).max())
        return float(np.abs(exact_shapley(score, background, row) - formula).max())

    claim.effect(
        "largest error of the formula",
        error,
        knob="product",
        on=0,
        off=2,
        below=1e-9,
        off_above=0.1,
        also=[{"features": 6}, {"skewed": True}],
    )

    def conditional_error(seed: int, correlation: float) -> float:
        rng, effects = np.random.default_rng(seed), np.array([1.0, -0.5])
        rows = rng.normal(size=(2_000, 2))
        rows[:, 1] = correlation * rows[:, 0] + np.sqrt(1 - correlation**2) * rows[:, 1]
        rows -= rows.mean(axis=0)
        known = [  # the mean score, given one feature: its own part and what goes with it
            rows[:, one] * (rows[:, one] @ (rows @ effects)) / (rows[:, one] ** 2).sum()
            for one in (0, 1)
        ]
        first = (known[0] + rows @ effects - known[1]) / 2
        return float(np.abs(first - effects[0] * rows[:, 0]).mean())

    claim.limit(
        "Conditional Shapley values of a linear score differ from the formula as soon as the features are correlated.",
        "mean error at a correlation of 0.3 above that at 0",
        lambda seed: conditional_error(seed, 0.3) - conditional_error(seed, 0),
        above=0.05,
    )
    claim.limit(
        "In probabilities the formula is not exact: the curve is flat at the ends.",
        "largest error of a share",
        lambda seed: error(seed, curve=True),
        above=0.02,
    )


def test_copies_share_the_blame() -> None:
    applicants, defaulted = loans(0)
    leaders = []
    for table in (applicants, applicants.assign(copy=applicants["debt"])):
        model = LogisticRegression().fit(table, defaulted)
        worst = table[model.decision_function(table) > 0.5]
        leaders.append(
            reason_codes(contributions(model, table, worst), most=1)[1].eq("debt").mean()
        )
    assert leaders[1] < 0.6 * leaders[0]


@pytest.mark.parametrize("seed", range(3))
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


def test_exact_values_of_a_forest_are_those_of_tree_explainer() -> None:
    """With the whole background; by default it takes a sample, as the page says."""
    library, rng = shap(), np.random.default_rng(0)
    background = rng.normal(size=(150, 4))
    target = background[:, 0] * background[:, 1] + background[:, 2]
    forest = RandomForestRegressor(5, max_depth=4, random_state=0).fit(background, target)
    expected = exact_shapley(forest.predict, background, background[0])
    masker = library.maskers.Independent(background, max_samples=len(background))
    found = library.TreeExplainer(forest, masker).shap_values(background[:1])[0]
    assert found == pytest.approx(expected, abs=1e-6)
    sampled = library.TreeExplainer(forest, background)
    assert len(sampled.data) < len(background)
    assert np.abs(sampled.shap_values(background[:1])[0] - expected).max() > 0.005


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


def test_a_pipeline_as_the_page_does_it() -> None:
    """A table of one row as the reference, the first steps for both, and one share a question."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"income": rng.normal(3, 2, 500), "region": rng.choice(list("NSW"), 500)})
    defaulted = (table["income"] + (table["region"] == "N") > rng.logistic(3, size=500)).astype(int)
    columns = make_column_transformer(
        (StandardScaler(), ["income"]), (OneHotEncoder(sparse_output=False), ["region"])
    )
    pipeline = make_pipeline(columns, LogisticRegression()).set_output(transform="pandas")
    rows = pipeline.fit(table, defaulted)[:-1].transform(table)
    shares = contributions(pipeline[-1], rows.mean().to_frame().T, rows)
    assert shares.to_numpy() == pytest.approx(contributions(pipeline[-1], rows, rows).to_numpy())
    question = ["income", "region", "region", "region"]
    merged = shares.T.groupby(question).sum().T
    assert list(merged) == ["income", "region"] and len(merged) == 500
    odds = pipeline.decision_function(table)
    assert merged.sum(axis=1).to_numpy() == pytest.approx(odds - odds.mean())
    by_hand = shares.iloc[:, 1:].sum(axis=1)
    assert merged["region"].to_numpy() == pytest.approx(by_hand.to_numpy())
    assert reason_codes(merged)[1].dropna().isin(question).all()


def test_the_means_are_those_of_the_transformed_reference() -> None:
    """In this order on the page: the logarithm of a mean is not the mean of the logarithms."""
    applicants, defaulted = loans(0, rows=500)
    table = np.exp(applicants[["income"]])
    steps = make_pipeline(FunctionTransformer(np.log), LogisticRegression())
    steps.set_output(transform="pandas").fit(table, defaulted)
    reference = steps[:-1].transform(table)
    full = contributions(steps[-1], reference, reference)
    kept = contributions(steps[-1], reference.mean().to_frame().T, reference)
    assert kept.to_numpy() == pytest.approx(full.to_numpy())
    early = contributions(steps[-1], steps[:-1].transform(table.mean().to_frame().T), reference)
    assert np.abs(early - full).to_numpy().min() > 0.2


def test_other_linear_classifiers() -> None:
    applicants, defaulted = loans(0, rows=300)
    reference = applicants.iloc[:10]
    for model in (SGDClassifier(random_state=0), RidgeClassifier(), LinearSVC(random_state=0)):
        odds = model.fit(applicants, defaulted).decision_function(applicants)
        shares = contributions(model, reference, applicants)
        expected = (applicants - reference.mean()).to_numpy() * model.coef_.ravel()
        assert shares.to_numpy() == pytest.approx(expected)
        assert shares.sum(axis=1).to_numpy() == pytest.approx(odds - odds[:10].mean())


def test_rounding_is_that_of_each_applicant() -> None:
    shares = pd.DataFrame({"a": [1e6, 1e-8, 1.0, 0.0], "b": [-1.0, 2e-8, 1e-9, 0.0]})
    found = [["a", None], ["b", "a"], ["a", "b"], [None, None]]
    assert reason_codes(shares).to_numpy().tolist() == found


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
    nameless = LogisticRegression().fit(applicants.to_numpy(), defaulted)
    with pytest.raises(ValueError, match="reference must have the 4 columns of the model"):
        contributions(nameless, applicants[["income"]], applicants)
    other = applicants[["debt", "income", "late", "history"]]
    for name, tables in (("applicants", (applicants, other)), ("reference", (other, applicants))):
        with pytest.raises(ValueError, match=f"{name} must have the columns of the model"):
            contributions(model, *tables)
    assert contributions(nameless, other, other).columns.equals(other.columns)
    with pytest.raises(ValueError, match="applicants must have the columns of reference"):
        contributions(nameless, applicants, other)
    text = applicants.assign(late="two")
    for name, arguments in (("reference", (text, applicants)), ("applicants", (applicants, text))):
        with pytest.raises(TypeError, match=f"{name}: column 'late' must hold numbers"):
            contributions(model, *arguments)
    with pytest.raises(ValueError, match="shares: column 0 must have"):
        reason_codes(pd.DataFrame([[np.inf, 1]]))
    for answer in (np.zeros((3, 2)), np.zeros(2), ["high"] * 3):
        with pytest.raises((TypeError, ValueError), match="predict"):
            exact_shapley(lambda rows, answer=answer: answer, np.zeros((3, 2)), [1.0, 2])
    table = pd.DataFrame({"a": [1.0, 2], "b": [3.0, 4]})
    with pytest.raises(ValueError, match="row must have the columns of background"):
        exact_shapley(lambda rows: rows[:, 0], table, pd.Series({"b": 1, "a": 2}))


def test_columns_of_every_kind() -> None:
    """A bool, a small unsigned or a nullable column beside floats: the shares of float64."""
    table = pd.DataFrame({"income": [1.0, 2, 3, 4] * 5, "owner": [1, 0, 1, 0] * 5})
    model = LogisticRegression().fit(table, [0, 1, 0, 1] * 5)
    expected = contributions(model, table.astype(float), table.astype(float))
    for kind in (bool, np.uint8, np.int8, "Int64", "boolean", np.float16):
        given = table.astype({"owner": kind}).set_axis(["a", "b"] * 10)
        found = contributions(model, given, given)
        assert found.to_numpy() == pytest.approx(expected.to_numpy())
        assert found.index.tolist() == ["a", "b"] * 10
        assert reason_codes(found).to_numpy().tolist() == reason_codes(expected).to_numpy().tolist()


def test_a_value_at_the_mean_is_no_reason() -> None:
    """The mean of a constant column may miss it by a rounding, which must not become a reason."""
    shares = pd.DataFrame({"a": [1.5, -1.0], "constant": [2.8e-16, 2.8e-16], "c": [-0.5, 0.0]})
    codes = reason_codes(shares)
    assert codes.loc[0].tolist() == ["a", None, None]
    assert all(code is None for code in codes.loc[1])


def test_reasons_that_are_equal_up_to_rounding() -> None:
    """0.1 + 0.2 is above 0.3 by the last bit: of equals the first column is the reason."""
    shares = pd.DataFrame(
        {"one": [0.3, 3e-9], "other": [0.1 + 0.2, 1e-9 + 2e-9], "none": [0.7 - 0.4 - 0.3, 0]}
    )
    codes = reason_codes(shares, 3)
    assert codes[1].tolist() == ["one", "one"] and codes[2].tolist() == ["other", "other"]
    assert codes[3].isna().all()
