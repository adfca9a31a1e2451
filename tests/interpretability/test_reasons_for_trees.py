"""docs/interpretability/reasons-for-trees.md"""

import warnings
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import sklearn
from packaging.version import parse
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeRegressor

from docs.interpretability.figures.shapley_by_player import KNOB, interventional, measure
from proof.claims import Claim
from snippets.interpretability.cheapest_changes import cheapest_changes
from snippets.interpretability.exact_shapley import exact_shapley
from snippets.interpretability.shapley_by_player import shapley_by_player
from tools.bad_input import names_bad_input


@cache
def shap() -> ModuleType:
    """Import shap without compiling: on Python 3.11 it would spend seconds on numba."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(action="ignore"):
        patch.setenv("NUMBA_DISABLE_JIT", "1")
        import shap

        return shap


@cache
def twins(seed: int, copy: bool) -> float:
    """Mean size of the value of the income, with or without a near copy of it in the model."""
    rng = np.random.default_rng(seed)
    income, debt, noise, chance = rng.normal(size=(4, 1_000))
    table = pd.DataFrame({"income": income, "debt": debt, "wage": income + 0.05 * noise})
    table = table if copy else table[["income", "debt"]]
    forest = ExtraTreesClassifier(20, min_samples_leaf=10, max_features=1, random_state=0)
    forest.fit(table, debt - income > chance)
    found = shapley_by_player(
        lambda asked: forest.predict_proba(asked)[:, 1], table[:40], table[40:70]
    )
    return found["income"].abs().mean()


def test_values_that_follow_correlations(claim: Claim) -> None:
    """Values that follow the correlations give a share to a feature that the model does not use, if
    it is correlated with one that the model uses; interventional values give it zero."""
    claim.effect(
        "mean size of the value of the unused age, in points of risk",
        measure,
        knob="correlation",
        **KNOB.ends,
        above=4,
        off_below=1,
        also=[{"model": "forest"}, {"model": "logistic"}],
    )
    claim.exact("interventional value of the age", interventional(0, 0.9)["age"].abs().max(), 0)
    claim.limit(
        "Zero for the model is not zero in the world, and half is not half: of two near copies that a forest uses, each gets less than one alone would.",
        "value of the income with a near copy, over its value alone",
        lambda seed: twins(seed, True) / twins(seed, False),
        below=0.93,
    )


@cache
def dummies_gap(
    seed: int,
    depth: int,
    model: str = "boosting",
    rows: int = 800,
    raw: bool = True,
    trees: int = 8,
) -> float:
    """Largest distance of the sum over the dummies from the one player, over its mean size."""
    rng = np.random.default_rng(seed)
    city, effect = rng.integers(0, 4, rows), 1.5 * rng.normal(size=4)
    table = pd.get_dummies(
        pd.DataFrame({"income": rng.normal(size=rows), "city": city.astype(str)}), dtype=float
    )
    default = effect[city] * (1 - table["income"]) > rng.logistic(size=rows)
    fitted = {
        "forest": RandomForestClassifier(3, max_depth=depth, random_state=0),
        "boosting": GradientBoostingClassifier(n_estimators=trees, max_depth=depth, random_state=0),
    }[model].fit(table, default)
    # Boosting adds up log-odds, the others probabilities.
    score = getattr(fitted, "decision_function" if raw else "", None) or (
        lambda rows: fitted.predict_proba(rows)[:, 1]
    )
    dummies = list(table.columns[1:])
    alone = shapley_by_player(score, table[:15], table[20:35])
    one = shapley_by_player(score, table[:15], table[20:35], {"city": dummies})["city"]
    return (alone[dummies].sum(axis=1) - one).abs().max() / one.abs().mean()


def test_dummies_do_not_add_up(claim: Claim) -> None:
    """If a tree asks about three columns or more on one path, the dummies of a city need not add up to
    the city as one player; with two they do, on the scale on which the trees are added."""
    claim.effect(
        "largest distance of the sum from the one player, over its mean size",
        dummies_gap,
        knob="depth",
        on=6,
        off=2,
        above=0.01,
        off_below=1e-6,
        also=[{"rows": 1_200}, {"model": "forest"}],
    )
    claim.limit(
        "In probabilities, the dummies of a boosted model need not add up, even if each tree asks about two columns.",
        "largest distance in probabilities, over the mean size of the city's value",
        lambda seed: dummies_gap(seed, 2, raw=False, trees=40),
        above=1e-3,
    )


@cache
def lender(seed: int, weight: float, model: str, rows: int) -> tuple:
    """Two models of one kind, fitted to halves of one table, and whom the first declines."""
    rng, columns = np.random.default_rng(seed), ["income", "savings", "tenure", "age"]
    table = pd.DataFrame(rng.normal(size=(rows, 4)), columns=columns)
    default = table @ np.array([1, 1, 1, weight]) < rng.logistic(size=rows)
    blank = {
        "boosting": lambda: GradientBoostingClassifier(
            n_estimators=15, learning_rate=0.3, random_state=0
        ),
        "forest": lambda: RandomForestClassifier(8, min_samples_leaf=10, random_state=0),
        "logistic": LogisticRegression,
    }[model]
    half = np.arange(rows) < rows // 2
    old, new = (blank().fit(table[part].to_numpy(), default[part]) for part in (half, ~half))
    return old, new, table[old.predict_proba(table.to_numpy())[:, 1] > 0.5]


@dataclass(frozen=True)
class Advice:
    """Share told to be older, without answer, refused after a refit; mean cost, risk and refit."""

    older: float
    without: float
    refused: float
    cost: float
    worse: float


STEPS = np.array([0, 0.5, 1, 1.5])


@cache
def advice(
    seed: int, weight: float = 1.0, limit: float = 0.5, allowed: int = 4, model: str = "boosting",
    rows: int = 2_000, price: float = 1.0, people: int = 150,
) -> Advice:  # fmt: skip
    """Search for all people at once; the first two must get what `cheapest_changes` says."""
    old, new, declined = lender(seed, weight, model, rows)
    people_are = declined.to_numpy()[:people]
    codes = np.indices([len(STEPS)] * allowed).reshape(allowed, -1).T
    cost = STEPS[codes] @ np.array([1, 1, 1, price])[:allowed]
    asked = np.repeat(people_are[:, None], len(codes), axis=1)
    asked[:, :, :allowed] += STEPS[codes]
    risk = old.predict_proba(asked.reshape(-1, 4))[:, 1].reshape(len(asked), -1)
    unpaid = np.where(risk <= limit, cost, np.inf)
    moved = np.broadcast_to((codes > 0).sum(axis=1), risk.shape)
    best = np.lexsort((risk, moved, unpaid))[:, 0]  # the cheapest, the fewest moves, the least risk
    everybody = np.arange(len(asked))
    has = np.isfinite(unpaid[everybody, best])
    for number in range(2):
        person = declined[number : number + 1]
        options = {
            c: {person[c].iloc[0] + step: step * (price if c == "age" else 1) for step in STEPS[1:]}
            for c in declined.columns[:allowed]
        }
        found = cheapest_changes(
            lambda t: old.predict_proba(t.to_numpy())[:, 1], person, options, limit, 1
        )
        expected = [*asked[number, best[number], :allowed], cost[best[number]]]
        assert len(found) == has[number]
        assert not len(found) or np.allclose(found.drop(columns="score").iloc[0], expected)
    told, chosen = everybody[has], best[has]
    again = new.predict_proba(asked[told, chosen])[:, 1]
    return Advice(
        (codes[chosen, -1] > 0).mean(), 1 - has.mean(), (again > 0.5).mean(),
        cost[chosen].mean(), again.mean() - risk[told, chosen].mean(),
    )  # fmt: skip


def advised(seed: int, limit: float, **setting: float) -> Advice:
    """Advice on all columns but the age."""
    return advice(seed, limit=limit, allowed=3, **setting)


def test_cheapest_change_is_to_be_older(claim: Claim) -> None:
    """If the age weighs most in a model, and changing it is neither forbidden nor dearer, the cheapest
    change is often to be older."""
    claim.effect(
        "share that is told to be older",
        lambda seed, price, **setting: advice(seed, weight=3.0, price=price, **setting).older,
        knob="price",
        on=1.0,
        off=30.0,
        above=0.7,
        off_below=0.58,
        also=[{"model": "forest"}, {"rows": 1_500}],
    )
    claim.limit(
        "With the age frozen, some have no answer among their steps: say so, and invent none.",
        "share without an answer",
        lambda seed: advice(seed, weight=3.0, allowed=3).without,
        above=0.1,
    )


def test_advice_at_the_limit_fails_a_refit(claim: Claim) -> None:
    """Advice that just reaches the limit of a boosted model is often refused by the same model fitted to
    other rows; a large enough margin spares most people that."""
    claim.effect(
        "share of the advice that is refused after a refit",
        lambda seed, limit, **setting: advised(seed, limit, **setting).refused,
        knob="limit",
        on=0.5,
        off=0.1,
        above=0.33,
        off_below=0.2,
        also=[{"weight": 2.0}, {"rows": 3_000}],
    )
    dearer = "A margin makes the advice dearer, and leaves more people without any."
    claim.limit(
        dearer,
        "mean cost with the margin, over that without",
        lambda seed: advised(seed, 0.1).cost / advised(seed, 0.5).cost,
        above=1.2,
    )
    claim.limit(
        dearer,
        "share without advice, with the margin minus without",
        lambda seed: advised(seed, 0.1).without - advised(seed, 0.5).without,
        above=0.15,
    )
    claim.limit(
        "Where the model hardly errs, the search finds no luck: for a logistic regression in a world of its own form, the risk is nearly the same after a refit.",
        "risk of the advice after a refit, minus before",
        lambda seed: abs(advice(seed, model="logistic", rows=30_000).worse),
        below=0.04,
    )
    for seed in range(3):
        assert advised(seed, 0.5).worse > 0.045


def mixed(seed: int = 0, rows: int = 300) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"income": rng.normal(size=rows), "late": rng.poisson(1, rows)})
    table["city"] = rng.choice(["Graz", "Lyon", "Metz"], rows)
    bins = pd.cut(rng.normal(40, 10, rows), [-np.inf, 30, 50, np.inf], labels=list("abc"))
    table = table.join(pd.get_dummies(pd.Series(bins), prefix="age"))
    late = table["late"] - table["income"] * (table["city"] == "Graz") - 2 * table["age_a"]
    return table, (late > rng.logistic(size=rows)).to_numpy()


TREES = [
    GradientBoostingClassifier(n_estimators=20, max_depth=4, random_state=0),
    RandomForestClassifier(8, max_depth=5, random_state=0),
    DecisionTreeRegressor(max_depth=6, random_state=0),
]


@pytest.mark.parametrize("model", TREES, ids=lambda model: type(model).__name__)
def test_agrees_with_tree_explainer(model) -> None:
    table, target = mixed()
    table = table.drop(columns="city").astype(float)
    model.fit(table, target)
    explainer = shap().TreeExplainer(model, table[:50], feature_perturbation="interventional")
    theirs = explainer.shap_values(table[50:70], check_additivity=False)
    score = getattr(model, "decision_function", None) or (
        (lambda rows: model.predict_proba(rows)[:, 1]) if theirs.ndim == 3 else model.predict
    )
    ours = shapley_by_player(score, table[:50], table[50:70])
    assert np.allclose(ours, theirs[..., 1] if theirs.ndim == 3 else theirs, atol=1e-6)
    assert np.allclose(ours.sum(axis=1), score(table[50:70]) - score(table[:50]).mean())


@pytest.mark.parametrize("model", TREES, ids=lambda model: type(model).__name__)
def test_shap_misses_whole_numbers_of_nine_digits(model) -> None:
    """It rounds each cut to single precision, which has nothing between two of them."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame((1e8 + 30 * rng.normal(size=(300, 4))).round(), columns=list("abcd"))
    target = table["a"] * 1.0 + rng.normal(0, 30, 300) > 1e8
    model.fit(table, target)
    tree = shap().TreeExplainer(model, table[:50], feature_perturbation="interventional")
    theirs = tree.shap_values(table[50:80], check_additivity=False)
    score = getattr(model, "decision_function", None) or (
        (lambda rows: model.predict_proba(rows)[:, 1]) if theirs.ndim == 3 else model.predict
    )
    found = (theirs[..., 1] if theirs.ndim == 3 else theirs).sum(axis=1)
    assert np.abs(found - score(table[50:80]) + score(table[:50]).mean()).max() > 0.05


def test_shap_misses_histogram_boosting() -> None:
    """It rounds each cut to single precision, and scikit-learn cuts at values of the training rows
    from some version on, 1.9 at the latest; 1.6 cuts these between them."""
    missed, on_a_cut = [], False
    for seed in range(3):
        rng = np.random.default_rng(seed)
        table = pd.DataFrame(rng.normal(size=(600, 4)), columns=list("abcd"))
        target = table["a"] * table["b"] + table["c"] > rng.logistic(size=600)
        new = pd.DataFrame(rng.normal(size=(60, 4)), columns=list("abcd"))
        model = HistGradientBoostingClassifier(max_iter=20).fit(table, target)
        nodes = np.concatenate([trees[0].nodes for trees in model._predictors])
        nodes = nodes[nodes["is_leaf"] == 0]
        cuts = [nodes["num_threshold"][nodes["feature_idx"] == place] for place in range(4)]
        on = np.any([table[c].isin(cut) for c, cut in zip(table, cuts)], axis=0)
        on_a_cut |= on[:60].any()

        def off(rows: pd.DataFrame, model: HistGradientBoostingClassifier = model) -> float:
            """Compare shap's sums on ten rows, against fifty others, with what they must be."""
            tree = shap().TreeExplainer(model, rows[:50], feature_perturbation="interventional")
            theirs = tree.shap_values(rows[50:60], check_additivity=False).sum(axis=1)
            right = model.decision_function(rows[50:60]) - model.decision_function(rows[:50]).mean()
            ours = shapley_by_player(model.decision_function, rows[:50], rows[50:60])
            assert np.allclose(ours.sum(axis=1), right)
            return np.abs(theirs - right).max()

        missed.append(off(table))
        assert off(table[~on]) < 1e-6 and off(new) < 1e-6
    assert max(missed) > 0.1 if on_a_cut else max(missed) < 1e-6
    assert on_a_cut or parse(sklearn.__version__) < parse("1.9")


def test_agrees_with_exact_shapley() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(30, 4)), columns=list("abcd"))

    def score(rows) -> np.ndarray:
        a, b, c, d = np.asarray(rows).T
        return a * b * c + np.maximum(c, d)

    for number in (0, 7):
        ours = shapley_by_player(score, table, table[number : number + 1])
        assert np.allclose(ours, exact_shapley(score, table, table.iloc[number]))


def test_one_player_is_the_raw_column() -> None:
    """A pipeline's raw column, missing values included, has the value of its dummies as one player."""
    table, target = mixed()
    table.loc[::7, "city"] = None
    encoder = make_column_transformer(
        (OneHotEncoder(), ["city"]), remainder="passthrough", verbose_feature_names_out=False
    ).set_output(transform="pandas")
    encoder.set_params(onehotencoder__sparse_output=False)
    forest = RandomForestClassifier(8, max_depth=6, random_state=0)
    pipeline = make_pipeline(encoder, forest).fit(table, target)
    rows, background = table[:20], table[20:50]
    bins = [c for c in table if c.startswith("age_")]
    raw = shapley_by_player(
        lambda asked: pipeline.predict_proba(asked)[:, 1], background, rows, {"age": bins}
    )
    encoded = encoder.transform(rows)
    dummies = [c for c in encoded if c.startswith("city_")]
    grouped = shapley_by_player(
        lambda asked: forest.predict_proba(asked)[:, 1], encoder.transform(background), encoded,
        {"city": dummies, "age": bins},
    )  # fmt: skip
    assert len(dummies) == 4 and np.allclose(raw[grouped.columns], grouped)
    assert (rows.index == raw.index).all()


def test_unused_columns_get_zero() -> None:
    table, _ = mixed()
    found = shapley_by_player(lambda asked: asked["late"] ** 2, table[:30], table[30:40])
    assert (found.drop(columns="late") == 0).all(axis=None) and (found["late"] != 0).any()


def test_players_are_checked() -> None:
    table, _ = mixed()
    one = {"background": table[:5], "rows": table[5:7]}
    for players in ({"a": ["none"]}, {"a": []}, {"a": "city"}, {"a": None}, {"a": ["city"], "b": ["city", "late"]},
                    {"late": ["city"]}):  # fmt: skip
        with pytest.raises(ValueError, match="players"):
            shapley_by_player(lambda asked: asked["late"], players=players, **one)
    wide = pd.DataFrame(np.zeros((3, 13)))
    with pytest.raises(ValueError, match="players"):
        shapley_by_player(lambda asked: asked[0], wide, wide)
    for players in ({"a": [["city"]]}, {"a": ["city", "city"]}, {"a": [["city"], "late"]}):
        with pytest.raises(ValueError, match="players"):
            shapley_by_player(lambda asked: asked["late"], players=players, **one)
    two = {"a": (c for c in ["city", "late"]), "b": pd.Index(["income"])}
    found = shapley_by_player(lambda asked: asked["late"], players=two, **one)
    assert list(found)[:2] == ["b", "a"]
    with pytest.raises(ValueError, match="rows"):
        shapley_by_player(lambda asked: asked["late"], table[:5], table[["late"]])
    with pytest.raises(ValueError, match="predict"):
        shapley_by_player(lambda asked: [1.0], **one)


def score_of(table: pd.DataFrame) -> pd.Series:
    return 2.0 - table["income"] - 0.5 * table["savings"] - (table["home"] == "owns")


def test_cheapest_changes_known_values() -> None:
    person = pd.DataFrame({"income": [0], "savings": [0.0], "home": ["rents"], "age": [50]}, [7])
    homes = pd.CategoricalDtype(["rents", "owns"])
    person = person.astype({"home": homes})
    options = {"income": {0.5: 1, 1.0: 2}, "savings": {1.0: 1}, "home": {"owns": 5}}
    found = cheapest_changes(score_of, person, options, 0.5)
    assert found.to_numpy().tolist() == [
        [1.0, 1.0, "rents", 3.0, 0.5],
        [0.0, 1.0, "owns", 6.0, 0.5],
        [0.5, 0.0, "owns", 6.0, 0.5],
    ]
    assert cheapest_changes(score_of, person, options, -1).empty
    already = cheapest_changes(score_of, person, options, 2)
    assert already["cost"].tolist() == [0] and already["income"].tolist() == [0]
    small = person.astype({"income": "int8"})
    again = cheapest_changes(score_of, small, options, 0.5)
    assert again.to_numpy().tolist() == found.to_numpy().tolist()
    with pytest.raises(ValueError, match="options must be categories of row: .'own'"):
        cheapest_changes(score_of, small, options | {"home": {"own": 5}}, 0.5)


def test_a_misspelt_text_is_refused_and_a_category_stays_one() -> None:
    """Of plain text, "ownz" was advised; a category came to `predict` as text."""
    person = pd.DataFrame({"income": [0.0], "home": ["rents"]})
    for text in ("object", "string", None):
        plain = person.astype({"home": text}) if text else person
        with pytest.raises(TypeError, match="row must hold 'home' as a pandas category"):
            cheapest_changes(lambda t: t["income"], plain, {"home": {"ownz": 1}}, 1.0)
    homes, seen = pd.CategoricalDtype(["owns", "rents"]), []

    def predict(table: pd.DataFrame) -> pd.Series:
        seen.append(table["home"].dtype)
        return (table["home"] == "rents") * 1.0

    found = cheapest_changes(predict, person.astype({"home": homes}), {"home": {"owns": 1}}, 0.5)
    assert found["home"].tolist() == ["owns"] and seen == [homes]


def test_cheapest_changes_against_all_combinations() -> None:
    rng = np.random.default_rng(0)
    table, target = (
        pd.DataFrame(rng.normal(size=(300, 3)), columns=list("abc")),
        rng.random(300) < 0.5,
    )
    model = RandomForestClassifier(5, random_state=0).fit(table, target)

    def risk(asked: pd.DataFrame) -> np.ndarray:
        return model.predict_proba(asked)[:, 1]

    for number in range(5):
        person = table[number : number + 1]
        steps = {c: dict(zip(rng.normal(size=2), rng.random(2))) for c in "ab"}
        found = cheapest_changes(risk, person, steps, 0.4, most=100)
        choices = [[(person[c].iloc[0], 0.0), *steps[c].items()] for c in "ab"]
        costs = [
            one[1] + two[1]
            for one in choices[0]
            for two in choices[1]
            if risk(person.assign(a=one[0], b=two[0]))[0] <= 0.4
        ]
        assert len(found) == 0 if not costs else found["cost"].iloc[0] == min(costs)
        assert found["cost"].is_monotonic_increasing


def test_options_are_checked() -> None:
    person = pd.DataFrame({"income": [0.0], "cost": [0.0]})
    for options in ({}, {"age": {1: 1}}, {"income": {}}, {"income": {1: 0}}, {"income": {1: "x"}},
                    {"cost": {1: 1}}, {"income": dict.fromkeys(range(100000), 1)}):  # fmt: skip
        with pytest.raises((ValueError, TypeError), match="options"):
            cheapest_changes(lambda t: t["income"], person, options, 1.0)
    with pytest.raises(ValueError, match="row"):
        cheapest_changes(lambda t: t["income"], person.loc[[0, 0]], {"income": {1: 1}}, 1.0)


def test_solution() -> None:
    """More than the limit asks survives the refit of the exercise; what just reaches it does not."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        rng.normal(size=(4_000, 4)), columns=["income", "savings", "tenure", "age"]
    )
    default = table @ np.array([1, 1, 1, 3]) < rng.logistic(size=4_000)
    blank = {"n_estimators": 25, "learning_rate": 0.2, "random_state": 0}
    old, new = (
        GradientBoostingClassifier(**blank).fit(table[half], default[half])
        for half in (np.arange(4_000) < 2_000, np.arange(4_000) >= 2_000)
    )
    person = table[old.predict_proba(table)[:, 1] > 0.5][12:13]
    options = {
        c: {person[c].iloc[0] + s: s for s in (0.5, 1.0, 1.5)} for c in ("savings", "tenure")
    }
    for limit, survives in ((0.5, False), (0.3, True)):
        found = cheapest_changes(lambda t: old.predict_proba(t)[:, 1], person, options, limit)
        assert len(found) == 1
        advised = person.assign(**found.iloc[0][["savings", "tenure"]])
        assert (new.predict_proba(advised)[0, 1] <= 0.5) == survives


def test_order_of_the_cheapest_changes() -> None:
    person = pd.DataFrame({"a": [0], "b": [0], "c": [0]})

    def found(score, options, **given) -> list[list[float]]:
        return cheapest_changes(score, person, options, 0.5, **given).to_numpy().tolist()

    # One answer a set of columns: 2 is dearer than 1, and changes the same column.
    assert found(lambda t: 0.5 * (t["a"] == 0) + 0.4, {"a": {1: 1, 2: 2}}) == [[1, 1, 0.4]]
    # The cost comes before the number of changes, and the score breaks ties.
    dear = {"a": {1: 5}, "b": {1: 1}, "c": {1: 1}}
    assert found(lambda t: 1.0 * ((t["a"] == 0) & (t["b"] + t["c"] < 2)), dear) == [
        [0, 1, 1, 2, 0],
        [1, 0, 0, 5, 0],
    ]
    even = {name: {1: 1} for name in "abc"}

    def any_of(table: pd.DataFrame) -> pd.Series:
        return 1 - 0.6 * table["a"] - 0.8 * table["b"] - 0.7 * table["c"]

    assert [row[:3] for row in found(any_of, even)] == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert len(found(any_of, even, most=2)) == 2


def test_bad_input_is_named() -> None:
    table = mixed(rows=13)[0][["income", "late"]]

    def risk(asked: pd.DataFrame) -> np.ndarray:
        income, late = asked[["income", "late"]].to_numpy(np.float64).T
        return np.nan_to_num(late - income + np.maximum(income, late))

    names_bad_input(
        shapley_by_player, predict=risk, background=table[:10], rows=table[10:13], players=None,
        allow=[("background", "nan"), ("rows", "nan")], examples=1,
    )  # fmt: skip
    names_bad_input(
        cheapest_changes, predict=risk, row=table[:1], allow=[("row", "nan"), ("limit", "negative"), ("limit", "above one")], options={"income": {3.0: 1.0}}, limit=0.5,
        most=3, bounds={"most": "[1, inf)"}, examples=1,
    )  # fmt: skip


def test_changes_whose_costs_are_equal_up_to_rounding() -> None:
    """0.1 + 0.7 is below 0.8 by the last bit: two changes came before one of the same cost."""
    row = pd.DataFrame({"a": [0.0], "b": [0.0]})
    options = {"a": {0.5: 0.1, 1.0: 0.8}, "b": {0.5: 0.7}}
    answers = cheapest_changes(lambda table: 1 - (table["a"] + table["b"]), row, options, 0.0)
    assert answers["a"].tolist() == [1.0] and answers["cost"].tolist() == [0.8]


def test_a_price_that_forbids_does_not_merge_the_others() -> None:
    """Rounded beside 1e13, costs of 1 and 3 were equal, and the dearer came first."""
    row = pd.DataFrame({"a": [0.0], "b": [0.0], "age": [50.0]})
    options = {"a": {1.0: 1}, "b": {1.0: 3}, "age": {60.0: 1e13}}
    found = cheapest_changes(lambda t: 1 - t["a"] - 2 * t["b"] - t["age"] // 60, row, options, 0.0)
    assert found["cost"].tolist() == [1, 3, 1e13]


def test_a_score_at_the_limit_turns_the_decision() -> None:
    """0.1 + 0.2 is above 0.3 by the last bit: there was no answer."""
    row = pd.DataFrame({"a": [0.0]})
    for score, limit in ((0.1 + 0.2, 0.3), (-0.3, -(0.1 + 0.2)), (0.1 + 0.7, np.float64(0.8))):
        for sign in (0, 1e-6):  # a little more is too much
            found = cheapest_changes(
                lambda t, score=score + sign: np.where(t["a"] > 0, score, 9),
                row,
                {"a": {1: 1}},
                limit,
            )
            assert len(found) == (sign == 0)
