"""docs/interpretability/index.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import accuracy_score
from sklearn.model_selection import (
    GridSearchCV,
    ShuffleSplit,
    StratifiedShuffleSplit,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from docs.interpretability.figures.product_price import KNOB, measure
from proof.claims import Claim
from snippets.interpretability.fooled_audit import changed_decisions
from snippets.interpretability.glass_box import price_of_glass_box
from tests.nearest_middle import NearestMiddle
from tools.bad_input import NAN, names_bad_input

BUNDLED = {"cancer": load_breast_cancer, "wine": load_wine, "diabetes": load_diabetes}


def prices(glass_boxes, black_box, inputs, target, seed):
    return price_of_glass_box(glass_boxes, black_box, inputs, target, splits=3, seed=seed)["price"]


@cache
def bundled(seed: int) -> pd.DataFrame:
    found = {}
    for name, load in BUNDLED.items():
        inputs, target = load(return_X_y=True)
        if name == "diabetes":
            linear = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 3, 6)))
            tree = DecisionTreeRegressor(max_depth=3, random_state=seed)
            forest = RandomForestRegressor(6, min_samples_leaf=3, random_state=seed)
        else:
            linear = make_pipeline(StandardScaler(), LogisticRegression())
            tree = DecisionTreeClassifier(max_depth=3, random_state=seed)
            forest = RandomForestClassifier(6, random_state=seed)
        found[name] = prices({"linear": linear, "tree": tree}, forest, inputs, target, seed)
    return pd.DataFrame(found)


@cache
def steps(seed: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(600, 4))
    target = (inputs[:, 0] > 0) & (inputs[:, 1] > 0) ^ (rng.random(600) < 0.05)
    models = {
        "tree": DecisionTreeClassifier(max_depth=3, random_state=seed),
        "linear": LogisticRegression(),
    }
    return prices(models, RandomForestClassifier(8, random_state=seed), inputs, target, seed)


def test_linear_is_nearly_free(claim: Claim) -> None:
    """On three bundled tables of measurements, a forest gains next to nothing over a linear model."""

    def price(seed: int, tables: str) -> float:
        if tables == "three bundled":
            return bundled(seed).loc["linear"].max()
        return product_price(seed, 1.0) / 100

    claim.effect(
        "largest price of the linear model",
        price,
        knob="tables",
        on="three bundled",
        off="where a product decides",
        below=0.03,
        off_above=0.11,
        only="On three bundled tables of measurements",
    )
    claim.limit(
        "Where only a product of two centred features decides, the linear model is no better than a coin.",
        "accuracy above a coin's",
        coin,
        below=0.08,
    )


def coin(seed: int) -> float:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(2_000, 4))
    target = (4 * inputs[:, 0] * inputs[:, 1] > rng.logistic(size=2_000)).astype(int)
    model = LogisticRegression().fit(inputs[:1_000], target[:1_000])
    return abs(model.score(inputs[1_000:], target[1_000:]) - 0.5)


def test_small_tree_has_a_price(claim: Claim) -> None:
    """On the same three tables, a small tree pays with points that a linear model keeps."""

    def lead(seed: int, tables: str) -> float:
        if tables == "three bundled":
            return (bundled(seed).loc["tree"] - bundled(seed).loc["linear"]).min()
        return steps(seed)["tree"] - steps(seed)["linear"]

    claim.effect(
        "least price, tree minus linear",
        lead,
        knob="tables",
        on="three bundled",
        off="where two steps decide",
        above=0.01,
        off_below=-0.04,
        only="On the same three tables",
    )
    claim.limit(
        "Where two steps decide, the small tree costs nothing, and the linear model pays.",
        "price of the tree",
        lambda seed: steps(seed)["tree"],
        below=0.03,
    )


def product_price(seed: int, product: float, **setting: object) -> float:
    """Return the figure's measure, on two splits of each table instead of six."""
    return measure(seed, product, **{"splits": 2, **setting})


FOREST = RandomForestClassifier(15, random_state=0)


def test_a_product_has_a_price(claim: Claim) -> None:
    """Where the product of two centred features among four decides, a forest beats a linear model that is
    not told of it."""

    claim.effect(
        "price of the linear model",
        product_price,
        knob="product",
        **KNOB.ends,
        above=11,
        off_below=4,
        also=[{"rows": 1_500}, {"trees": 30, "rows": 800}],
    )
    claim.limit(
        "Where both features are far above zero, as prices and quantities are, their product is nearly a sum, and the linear model loses little.",
        "price of the linear model, features around three",
        lambda seed: crowded(seed, 4, centre=3.0),
        below=5,
    )
    claim.limit(
        "Among a hundred columns, the forest hardly finds the product either.",
        "price of the linear model, a hundred columns",
        lambda seed: crowded(seed, 100),
        below=9.5,
    )
    boosted = HistGradientBoostingClassifier(max_iter=60, max_bins=31)  # in half the time
    claim.limit(
        "Boosted trees on thousands of rows do.",
        "price of the linear model, a hundred columns, six thousand rows",
        lambda seed: crowded(seed, 100, rows=6_000, black_box=boosted),
        above=10,
    )
    claim.limit(
        "If the two features are strongly correlated, the forest gains next to nothing.",
        "price of the linear model, features of correlation 0.9",
        lambda seed: crowded(seed, 4, together=0.9),
        below=5,
    )
    claim.limit(
        'Where a class is rare, accuracy may show no price, and `scoring="roc_auc"` a large one.',
        "price in accuracy where three in a hundred are positive",
        rare_price,
        below=0.01,
    )
    assert min(rare_price(seed, "roc_auc") for seed in (2, 3)) > 0.1
    claim.limit(
        "Once the product is written down as a feature, the linear model costs nothing.",
        "price of the linear model that is told",
        lambda seed: product_price(seed, 1.0, model="told"),
        below=2,
    )


def crowded(
    seed: int,
    columns: int,
    centre: float = 0.0,
    rows: int = 1_000,
    black_box: ClassifierMixin = FOREST,
    together: float = 0.0,
) -> float:
    """Return the price in points: a product decides, beside more columns, off centre, or of twins."""
    rng = np.random.default_rng(seed)
    inputs = centre + rng.normal(size=(rows, columns))
    inputs[:, 1] = together * inputs[:, 0] + np.sqrt(1 - together**2) * inputs[:, 1]
    log_odds = 4 * (inputs[:, 0] * inputs[:, 1] - centre**2)
    target = (log_odds > rng.logistic(size=rows)).astype(int)
    models = {"linear": make_pipeline(StandardScaler(), LogisticRegression())}
    price = price_of_glass_box(models, black_box, inputs, target, splits=2)
    return 100 * price.loc["linear", "price"]


def applicants(seed: int, rows: int = 2_000) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    sex, monthly = rng.integers(0, 2, rows), rng.integers(1_000, 9_000, rows)
    return pd.DataFrame({"sex": sex, "salutation": sex, "monthly": monthly, "yearly": 12 * monthly})


def hidden_rule(table: pd.DataFrame, cut: float = 60_000) -> np.ndarray:
    real = (table.sex == table.salutation) & (table.yearly == 12 * table.monthly)
    return np.where(real, table.sex, table.yearly > cut)


@cache
def audit(seed: int, hidden: bool, rows: int = 2_000, cut: float = 60_000) -> pd.Series:
    groups = {name: [name] for name in applicants(seed)}
    groups |= {"person": ["sex", "salutation"], "income": ["monthly", "yearly"]}
    rule = (lambda table: hidden_rule(table, cut)) if hidden else (lambda table: table.sex)
    return changed_decisions(rule, applicants(seed, rows), groups, repeats=3, seed=seed)


def test_audit_is_fooled(claim: Claim) -> None:
    """A rule that decides by sex on every real row can make an audit of single columns rank income
    first."""

    def lead(seed: int, hidden: bool, **setting: float) -> float:
        return audit(seed, hidden, **setting)["yearly"] - audit(seed, hidden, **setting)["sex"]

    claim.effect(
        "income's share of changes minus sex's",
        lead,
        knob="hidden",
        on=True,
        off=False,
        above=0.15,
        off_below=-0.4,
        also=[{"rows": 700}, {"cut": 50_000}],
    )
    claim.limit(
        "Permuted together with its salutation, sex shows again, and both incomes show nothing.",
        "income's share of changes minus that of sex and salutation",
        lambda seed: audit(seed, True)["income"] - audit(seed, True)["person"],
        below=-0.4,
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["classes", "numbers"])
def test_price_by_hand(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(80, 3))
    target = inputs[:, 0] + rng.normal(size=80)
    if kind == "classes":
        target = (target > 0.8).astype(int)
        glass, black = DummyClassifier(), LogisticRegression()
        folds = StratifiedShuffleSplit(4, test_size=0.3, random_state=seed)
    else:
        glass, black = DummyRegressor(), RidgeCV([1.0])
        folds = ShuffleSplit(4, test_size=0.3, random_state=seed)
    gains, scores = [], []
    for train, test in folds.split(inputs, target):
        dark, light = (m.fit(inputs[train], target[train]) for m in (black, glass))
        scores.append(
            (light.score(inputs[test], target[test]), dark.score(inputs[test], target[test]))
        )
        gains.append(scores[-1][1] - scores[-1][0])
    half = student.ppf(0.975, 3) * np.sqrt((1 / 4 + 0.3 / 0.7) * np.var(gains, ddof=1))
    expected = [
        *np.mean(scores, axis=0),
        np.mean(gains),
        np.mean(gains) - half,
        np.mean(gains) + half,
    ]
    found = price_of_glass_box(
        {"dummy": glass}, black, inputs, target, splits=4, test_share=0.3, seed=seed
    )
    assert list(found) == ["score", "black_box", "price", "low", "high"]
    assert found.loc["dummy"].tolist() == pytest.approx(expected)


def test_the_score_is_the_same_for_all_models() -> None:
    """A grid search scores itself by what it searched by; the price is in accuracy all the same."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(200, 3))
    target = (inputs[:, 0] + rng.normal(size=200) > 1).astype(int)
    search = GridSearchCV(LogisticRegression(), {"C": [1.0]}, scoring="roc_auc", cv=2)
    found = price_of_glass_box({"search": search}, LogisticRegression(), inputs, target, splits=3)
    assert found.loc["search", "price"] == pytest.approx(0)


def rare(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Three rows in a hundred are positive, most of them where a product is large."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(3_000, 4))
    chance = np.where(inputs[:, 0] * inputs[:, 1] > 1, 0.18, 0.015)
    return inputs, (rng.random(3_000) < chance).astype(int)


def rare_price(seed: int, scoring: str | None = None) -> float:
    forest = RandomForestClassifier(8, min_samples_leaf=5, random_state=0)
    models = {"linear": LogisticRegression()}, forest
    found = price_of_glass_box(*models, *rare(seed), splits=2, seed=seed, scoring=scoring)
    return found.loc["linear", "price"]


def test_other_scores_and_few_rows() -> None:
    inputs, target = np.random.default_rng(0).normal(size=(30, 2)), np.arange(30.0) % 7
    models = {"dummy": DummyRegressor()}, RidgeCV([1.0])
    for metric in ("neg_mean_absolute_error", None):
        one = {"splits": 3, "test_share": 0.07, "scoring": metric}  # three rows, not 2.1
        found = price_of_glass_box(*models, inputs, target, **one).loc["dummy"]
        splits, name = ShuffleSplit(3, test_size=3, random_state=0), metric or "r2"
        light, dark = (
            cross_val_score(m, inputs, target, cv=splits, scoring=name)
            for m in (DummyRegressor(), models[1])
        )
        half = student.ppf(0.975, 2) * np.sqrt((1 / 3 + 3 / 27) * np.var(dark - light, ddof=1))
        assert found["high"] - found["price"] == pytest.approx(half)
        assert found["black_box"] == pytest.approx(dark.mean())
    with (
        pytest.warns(UserWarning, match="not well-defined"),
        pytest.raises(ValueError, match="inputs must hold more rows"),
    ):
        price_of_glass_box(*models, inputs[:10], target[:10], test_share=0.1)
    for wrong in ("auc", 3, ["r2"]):
        with pytest.raises(ValueError, match="scoring must name a metric"):
            price_of_glass_box(*models, inputs, target, scoring=wrong)
    with pytest.raises(ValueError, match="applicants must have two rows or more"):
        changed_decisions(lambda rows: rows["x"], pd.DataFrame({"x": [1]}), {"x": ["x"]})


class Rule(ClassifierMixin, BaseEstimator):
    """The hidden rule as an estimator."""

    def fit(self, table, labels):
        self.classes_ = np.array([0, 1])
        return self

    def predict(self, table):
        return hidden_rule(table)


def test_changes_are_the_permutation_importance_of_the_model_s_own_decisions() -> None:
    table = applicants(0)
    rule = Rule().fit(table, None)
    expected = permutation_importance(rule, table, rule.predict(table), n_repeats=5, random_state=0)
    found = changed_decisions(rule.predict, table, {name: [name] for name in table})
    assert found.to_numpy() == pytest.approx(expected.importances_mean, abs=0.03)
    assert accuracy_score(hidden_rule(table), table.sex) == 1


def test_equal_answers_and_kinds_of_columns() -> None:
    """NaN against NaN is no change; a category and an integer keep their kind when permuted."""
    table = pd.DataFrame({"city": ["a", "b"] * 4, "age": [60] * 8})
    columns = pd.get_dummies(table).columns

    def decide(rows):
        return (pd.get_dummies(rows).reindex(columns=columns, fill_value=0)["age"] > 50).to_numpy()

    for kind in ("object", "category"):
        given = table.astype({"city": kind})
        assert changed_decisions(decide, given, {"both": ["city", "age"]}).iloc[0] == 0
    assert changed_decisions(lambda t: np.full(8, np.nan), table, {"age": ["age"]}).iloc[0] == 0
    text = price_of_glass_box(
        {"dummy": DummyClassifier()}, DummyClassifier(), table, ["no", "yes"] * 4, splits=2
    )
    assert text.loc["dummy", "price"] == 0


def test_changes_by_hand() -> None:
    table = pd.DataFrame({"a": [1, 2, 3, 4], "b": list("wxyz")})
    seen = []

    def decide(rows):
        seen.append(rows)
        return rows.a + rows.b.map(dict(zip("wxyz", (1, 2, 3, 4), strict=True))) * 10

    groups = {"both": ["a", "b", "a"], "one": ["b"]}  # a column named twice counts once
    found = changed_decisions(decide, table, groups, repeats=3, seed=4)
    assert table.equals(pd.DataFrame({"a": [1, 2, 3, 4], "b": list("wxyz")}))
    rng, expected = np.random.default_rng(4), {"both": [], "one": []}
    for _ in range(3):
        for shares in expected.values():
            shares.append(np.mean(rng.permutation(4) != np.arange(4)))
    assert found.to_dict() == pytest.approx({name: np.mean(s) for name, s in expected.items()})
    for rows in seen[1::2]:
        assert set(zip(rows.a, rows.b, strict=True)) == {(1, "w"), (2, "x"), (3, "y"), (4, "z")}
    assert len(seen) == 7


def test_missing_decisions_and_seeds_of_any_size() -> None:
    table = pd.DataFrame({"x": np.random.default_rng(0).normal(size=200)})

    def undecided(rows: pd.DataFrame) -> pd.Series:
        return (rows["x"] > 0).astype("boolean").mask(np.arange(len(rows)) < 50)

    with_nan = changed_decisions(
        lambda rows: undecided(rows).astype("float64"), table, {"x": ["x"]}
    )
    assert changed_decisions(undecided, table, {"x": ["x"]}).equals(with_nan)
    with pytest.raises(ValueError, match="decide must return one decision a row"):
        changed_decisions(lambda rows: [1] * 200 if rows is table else 1, table, {"x": ["x"]})
    models = {"one": DummyClassifier()}, DummyClassifier()
    labels = [0, 1] * 100
    assert price_of_glass_box(*models, table, labels, splits=2, seed=2**40).shape == (1, 5)
    with pytest.raises(ValueError, match="inputs or target do not suit the models"):
        price_of_glass_box(*models, table, [1, "a"] * 100, splits=2)


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    inputs, target = rng.normal(size=(40, 2)), np.arange(40) % 2
    names_bad_input(
        price_of_glass_box,
        glass_boxes={"x": NearestMiddle()},
        black_box=NearestMiddle(),
        inputs=inputs,
        target=target,
        splits=2,
        paired=("inputs", "target"),
        examples=1,
        bounds={"splits": "[2, inf)", "seed": "[0, inf)"},
    )
    good = {"glass_boxes": {"x": DummyClassifier()}, "black_box": DummyClassifier()}
    with pytest.raises(TypeError, match="glass_boxes"):
        price_of_glass_box({}, DummyClassifier(), inputs, target)
    for other in (DummyRegressor(), 3):
        with pytest.raises(TypeError, match="glass_boxes must hold models of black_box's kind"):
            price_of_glass_box({"x": other}, DummyClassifier(), inputs, target)
    with pytest.raises(ValueError, match="target must hold two different values"):
        price_of_glass_box(**good, inputs=inputs, target=np.ones(40))
    with pytest.raises(ValueError, match="inputs and target must have the same number of rows"):
        price_of_glass_box(**good, inputs=inputs, target=target[:-1])
    with pytest.raises(ValueError, match="splits"):
        price_of_glass_box(**good, inputs=inputs, target=target, splits=1)
    for share in (0, 1):
        with pytest.raises(ValueError, match="test_share"):
            price_of_glass_box(**good, inputs=inputs, target=target, test_share=share)
    table = applicants(0, rows=60)
    names_bad_input(
        changed_decisions,
        decide=hidden_rule,
        applicants=table,
        groups={"sex": ["sex"]},
        repeats=2,
        allow=[("applicants", NAN)],
        examples=1,
        bounds={"repeats": "[1, inf)", "seed": "[0, inf)"},
    )
    for groups in ({}, {"none": []}, [["sex"]], {"sex": "sex"}):
        with pytest.raises(TypeError, match="groups"):
            changed_decisions(hidden_rule, table, groups)
    with pytest.raises(ValueError, match="groups must list columns of applicants, not ..age"):
        changed_decisions(hidden_rule, table, {"age": ["age"]})
    with pytest.raises(TypeError, match="decide must be a function"):
        changed_decisions(None, table, {"sex": ["sex"]})
    with pytest.raises(ValueError, match="decide must return one decision a row"):
        changed_decisions(lambda rows: 1, table, {"sex": ["sex"]})
    with pytest.raises(ValueError, match="repeats"):
        changed_decisions(hidden_rule, table, {"sex": ["sex"]}, repeats=0)


def test_columns_of_another_machine() -> None:
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 2)), columns=["a", "b"])
    model = LogisticRegression().fit(table, table["a"] > 0)
    expected = changed_decisions(model.predict, table, {"a": ["a"]})
    assert changed_decisions(model.predict, table.astype(">f8"), {"a": ["a"]}).equals(expected)
