"""docs/interpretability/read-importances.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.base import BaseEstimator, clone
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from docs.interpretability.figures.random_probe import KNOB, customers, measure, probed
from proof.claims import Claim
from snippets.interpretability.grouped_importance import correlated_groups, grouped_importance
from snippets.interpretability.random_probe import importances_with_probe
from snippets.interpretability.top_overlap import top_overlap
from tools.bad_input import NAN, names_bad_input


@cache
def cancer() -> tuple[pd.DataFrame, pd.Series]:
    return load_breast_cancer(return_X_y=True, as_frame=True)


@cache
def twins(seed: int, copies: int, rows: int = 600) -> tuple[pd.DataFrame, np.ndarray]:
    """Five causes, each with noisy copies, among twenty columns; the rest is noise."""
    rng = np.random.default_rng(seed)
    causes = rng.normal(size=(rows, 5))
    noisy = np.tile(causes, copies) + rng.normal(scale=0.1, size=(rows, 5 * copies))
    rest = rng.normal(size=(rows, 15 - 5 * copies))
    target = 2 * causes.sum(axis=1) > rng.logistic(size=rows)
    return pd.DataFrame(np.hstack([causes, noisy, rest])), target.astype(int)


def copies(seed: int, rows: int = 600) -> tuple[pd.DataFrame, np.ndarray]:
    """Return twenty noisy copies of one cause, and five columns of noise."""
    rng = np.random.default_rng(seed)
    cause = rng.normal(size=(rows, 1))
    table = np.hstack([cause + rng.normal(scale=0.1, size=(rows, 20)), rng.normal(size=(rows, 5))])
    return pd.DataFrame(table), (6 * cause[:, 0] > rng.logistic(size=rows)).astype(int)


def mean_shared(importances: pd.DataFrame) -> float:
    shared = top_overlap(importances)
    return float(shared.to_numpy()[np.triu_indices(len(shared), 1)].mean())


def test_random_columns_lead(claim: Claim) -> None:
    """In a forest with full trees, a customer id and a random column can each get more impurity
    importance than two real causes of two values."""

    def lead(seed: int, leaf: int, **setting: object) -> float:
        return measure(seed, leaf, trees=10, **setting)

    claim.effect(
        "lead of the random columns by impurity",
        lead,
        knob="leaf",
        **KNOB.ends,
        above=0.1,
        off_below=-0.1,
        also=[{"family": ExtraTreesClassifier}, {"rows": 1_000}],
    )
    claim.limit(
        "By permutation on held-out rows, the random columns do not lead, not even with full trees.",
        "lead by permutation",
        lambda seed: lead(seed, 1, column="permutation"),
        below=0,
    )

    def lead_over_strong(seed: int) -> float:
        """Lead of the id over an owner that raises the chance by seven tenths."""
        rng, (table, _) = np.random.default_rng(seed + 1_000), customers(seed)
        bought = rng.random(len(table)) < 0.1 + 0.7 * table["owner"] + 0.2 * table["abroad"]
        forest = RandomForestClassifier(10, random_state=seed)
        found = importances_with_probe(forest, table, bought.astype(int), repeats=2)["impurity"]
        return found["customer id"] - found["owner"]

    claim.limit(
        "A strong cause leads even in full trees: random columns overtake the weak and the moderate ones.",
        "lead of the id over a strong owner",
        lead_over_strong,
        below=-0.05,
    )

    def few_values(seed: int) -> float:
        table = probed(seed, 1, values=2, trees=10)["impurity"]
        return table["customer id"] - table["owner"]

    claim.limit(
        "A customer id of two values gets no more impurity importance than the causes: it takes many places to cut.",
        "lead of an id of two values over the owner",
        few_values,
        below=0.02,
    )


@cache
def grouped(data: str, seed: int) -> tuple[pd.DataFrame, np.ndarray, list[list[str]]]:
    inputs, target = cancer() if data == "breast cancer" else copies(seed)
    inputs = inputs.rename(columns=str)
    return inputs, target, correlated_groups(inputs)


@cache
def accurate(
    seed: int, one_a_group: bool, data: str, family: type
) -> tuple[BaseEstimator, pd.DataFrame, np.ndarray]:
    """An accurate forest, on all columns or on the first of each group, and what it has not seen."""
    inputs, target, groups = grouped(data, 0 if data == "breast cancer" else seed)
    columns = [names[0] for names in groups] if one_a_group else list(inputs)
    split = train_test_split(inputs[columns], target, test_size=0.4, random_state=seed)
    forest = family(7, random_state=seed).fit(split[0], split[2])
    assert forest.score(split[1], split[3]) > 0.75
    return forest, split[1], split[3]


@cache
def largest(
    seed: int, permuted: str, data: str = "breast cancer", family: type = RandomForestClassifier
) -> float:
    """Largest importance of an accurate forest; columns permuted singly or in groups."""
    forest, inputs, target = accurate(seed, permuted == "one a group", data, family)
    together = [[name] for name in inputs]
    if permuted == "in groups":
        together = grouped(data, 0 if data == "breast cancer" else seed)[2]
    return grouped_importance(forest, inputs, target, together, repeats=1, seed=seed).max()


def test_correlation_hides(claim: Claim) -> None:
    """When features repeat each other, an accurate forest can have no single important feature,
    and an important group."""
    claim.effect(
        "largest importance",
        largest,
        knob="permuted",
        on="singly",
        off="in groups",
        below=0.22,
        off_above=0.3,
        also=[{"family": ExtraTreesClassifier}, {"data": "copies"}],
    )
    claim.limit(
        "With one feature a group, permuting singly is enough.",
        "largest importance",
        lambda seed: largest(seed, "one a group"),
        above=0.12,
    )


@cache
def methods(
    seed: int, copies: int, rows: int = 600, family: type = RandomForestClassifier
) -> float:
    table, target = twins(seed, copies, rows)
    inputs = table.to_numpy()
    half = rows // 2
    forest = family(8, random_state=seed).fit(inputs[:half], target[:half])
    drops = permutation_importance(
        forest, inputs[half:], target[half:], n_repeats=1, random_state=seed
    )
    linear = LogisticRegression().fit(inputs[:half], target[:half])
    return mean_shared(
        pd.DataFrame(
            {
                "permutation": drops.importances_mean,
                "impurity": forest.feature_importances_,
                "coefficient": np.abs(linear.coef_[0]),
            }
        )
    )


def test_methods_disagree(claim: Claim) -> None:
    """Where features repeat each other, three sensible methods disagree about the top five."""
    claim.effect(
        "top features shared by two methods",
        methods,
        knob="copies",
        on=3,
        off=0,
        below=3.0,
        off_above=3.3,
        also=[{"family": ExtraTreesClassifier}, {"rows": 1_200}],
    )
    claim.limit(
        "With fifty rows, the methods disagree about independent causes too.",
        "top features shared by two methods, 50 rows, mean of three tables",
        lambda seed: np.mean([methods(seed + 100 * more, 0, rows=50) for more in range(3)]),
        below=3,
    )


@cache
def trees_of(seed: int, data: str, depth: int, rows: int, grown: int) -> np.ndarray:
    """Importances by each of so many trees on the same rows."""
    if data == "noise":
        rng = np.random.default_rng(seed)
        inputs, target = rng.normal(size=(200, 30)), rng.integers(0, 2, 200)
    elif data == "five causes":
        inputs, target = twins(seed, 0)
    else:
        inputs, target = (np.asarray(part)[:rows] for part in cancer())
    fitted = RandomForestClassifier(grown, max_depth=depth, random_state=seed).fit(inputs, target)
    return np.array([tree.tree_.compute_feature_importances() for tree in fitted.estimators_])


def forests(
    seed: int, trees: int, data: str = "breast cancer", depth: int = 3, rows: int = 569,
    grown: int = 120,
) -> float:  # fmt: skip
    """Top features that two forests on the same rows share: parts of a large one, without overlap."""
    parts = trees_of(seed, data, depth, rows, grown).reshape(grown // trees, trees, -1)[:24]
    return mean_shared(pd.DataFrame(parts.mean(axis=1).T))


def test_small_forests_are_unstable(claim: Claim) -> None:
    """The top five of a small forest change with its seed alone, on the same rows."""
    claim.effect(
        "top features shared by two seeds",
        forests,
        knob="trees",
        on=3,
        off=30,
        below=2.38,
        off_above=2.55,
        also=[{"depth": 2}, {"rows": 300}],
    )
    claim.limit(
        "Where five causes lead by far, ten trees settle them.",
        "top features shared by two seeds, five causes",
        lambda seed: forests(seed, 10, "five causes", depth=8, grown=60),
        above=4.7,
    )
    claim.limit(
        "Where no feature stands out, ten times the trees do not settle the top five.",
        "top features shared by two seeds, labels of noise",
        lambda seed: forests(seed, 30, "noise"),
        below=3.1,
    )


def test_probe_is_scikit_learns_importance() -> None:
    inputs, target = customers(3, rows=200)
    forest = RandomForestClassifier(5, random_state=0)
    found = importances_with_probe(forest, inputs, target, repeats=3, seed=3)
    table = inputs.assign(**{"random probe": np.random.default_rng(3).normal(size=200)})
    train, test, known, new = train_test_split(table, target, test_size=0.5, random_state=3)
    fitted = clone(forest).fit(train, known)
    drop = permutation_importance(fitted, test, new, n_repeats=3, random_state=3)
    assert list(found.index) == ["owner", "abroad", "customer id", "random probe"]
    assert found["impurity"].tolist() == fitted.feature_importances_.tolist()
    assert found["permutation"].tolist() == drop.importances_mean.tolist()
    assert found["spread"].tolist() == drop.importances_std.tolist()
    assert not hasattr(forest, "estimators_")
    assert list(inputs) == ["owner", "abroad", "customer id"]


def test_single_columns_are_the_permutation_importance_of_scikit_learn() -> None:
    inputs, target = customers(0)
    tree = DecisionTreeClassifier(max_depth=2, random_state=0).fit(inputs, target)
    expected = permutation_importance(tree, inputs, target, n_repeats=10, random_state=0)
    found = grouped_importance(tree, inputs, target, [[name] for name in inputs], repeats=10)
    assert list(found.index) == list(inputs)
    assert found.to_numpy() == pytest.approx(expected.importances_mean, abs=0.012)


def test_a_group_is_permuted_together() -> None:
    table = pd.DataFrame({"a": [1, 2, 3, 4], "b": [10, 20, 30, 40], "c": [0, 0, 0, 1]})
    seen = []

    class Model:
        def score(self, inputs, target):
            seen.append(inputs.copy())
            return (inputs.b == target).mean()

    groups = [["a", "b", "a"], ["c"]]  # a column named twice counts once
    found = grouped_importance(Model(), table, table.b, groups, repeats=2, seed=1)
    rng = np.random.default_rng(1)
    expected = np.mean([np.mean(rng.permutation(4) != np.arange(4)) for _ in range(2)])
    assert found.to_dict() == pytest.approx({"a + b": expected, "c": 0})
    assert all((rows.b == 10 * rows.a).all() for rows in seen)
    assert table.a.tolist() == [1, 2, 3, 4] and len(seen) == 5
    assert seen[-1].a.tolist() == [1, 2, 3, 4]


def test_what_a_pipeline_takes_passes() -> None:
    """Text, a missing number and a category, permuted as they are; labels of text."""
    table = pd.DataFrame({"city": ["a", "b"] * 20, "age": [1.0, np.nan] * 20})
    table["size"] = pd.Series(["s", "l"] * 20, dtype="category")
    target = pd.Series(["yes", "no"] * 20)
    first = make_column_transformer((OneHotEncoder(), ["city", "size"]), (SimpleImputer(), ["age"]))
    model = make_pipeline(first, LogisticRegression()).fit(table, target)
    found = grouped_importance(model, table, target, [["city"], ["city", "size", "age"]])
    assert found["city + size + age"] > 0.3
    mixed = pd.DataFrame({"income": [1.0, 2, 3, 4] * 10, "owner": [True, False] * 20})
    assert importances_with_probe(RandomForestClassifier(5), mixed, target).shape == (3, 3)


def test_groups_by_hand() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=(300, 2))
    table = pd.DataFrame(
        {"x": base[:, 0], "y": base[:, 1], "up": np.exp(base[:, 0]), "down": -base[:, 1]}
    )
    assert sorted(correlated_groups(table)) == [["x", "up"], ["y", "down"]]
    noisy = pd.DataFrame({"x": base[:, 0], "y": base[:, 0] + base[:, 1]})
    rho = spearmanr(noisy.x, noisy.y).statistic
    assert len(correlated_groups(noisy, rho - 0.01)) == 1
    assert len(correlated_groups(noisy, rho + 0.01)) == 2
    assert sorted(name for names in correlated_groups(cancer()[0]) for name in names) == sorted(
        cancer()[0]
    )


def test_overlap_by_hand() -> None:
    table = pd.DataFrame({"one": [3, 2, 1, 0], "two": [0.0, 3, 2, 1], "tied": [1, 1, 1, 1]})
    assert top_overlap(table, 2).to_dict("list") == {
        "one": [2, 1, 1],
        "two": [1, 2, 1],
        "tied": [1, 1, 2],
    }
    assert top_overlap(table, 4).to_numpy().tolist() == [[4] * 3] * 3
    assert list(top_overlap(table, 1).index) == list(table)


def test_ties_do_not_follow_the_order_of_the_rows() -> None:
    """Two rankings that agree on nothing shared four of five features, because zeros tie."""
    rng, zeros = np.random.default_rng(0), [0.0] * 6
    table = pd.DataFrame({"one": [0.3, 0.0, *zeros], "other": [0.0, 0.2, *zeros]})
    noisy = table + rng.uniform(-1e-17, 1e-17, table.shape)  # what is left of a mean of drops
    noisy.iloc[:2] = table.iloc[:2]
    found = top_overlap(table).loc["one", "other"]
    assert found == pytest.approx(2 * 4 / 7 + 6 * (4 / 7) ** 2)  # four places for seven zeros
    for other in (table[::-1], table.iloc[rng.permutation(8)], noisy):
        assert top_overlap(other).loc["one", "other"] == pytest.approx(found)


def test_rows_that_tell_nothing_are_refused() -> None:
    """One row has no other to swap with; a half of one class teaches nothing. All were zero."""
    inputs, target = customers(0, rows=60)
    rare = np.arange(60) == 3
    with pytest.raises(ValueError, match="target must hold two different values .* in both halves"):
        importances_with_probe(RandomForestClassifier(3), inputs, rare)
    with pytest.raises(ValueError, match="target must hold two different values .* in both halves"):
        importances_with_probe(RandomForestRegressor(3), inputs[:3], [1.0, 2.0, 3.0])
    tree = DecisionTreeClassifier(random_state=0).fit(inputs, target)
    with pytest.raises(ValueError, match="inputs must have two rows or more"):
        grouped_importance(tree, inputs[:1], target[:1], [["owner"]])


class Cut(BaseEstimator):
    """A model of one cut, whose score costs nothing and reads columns and target."""

    def fit(self, inputs: pd.DataFrame, target: np.ndarray) -> "Cut":
        self.feature_names_in_, self.classes_ = np.array(inputs.columns), np.unique(target)
        self.feature_importances_ = inputs.to_numpy(float).std(axis=0)
        self.cut_ = inputs.to_numpy(float).mean(axis=0)
        return self

    def score(self, inputs: pd.DataFrame, target: np.ndarray) -> float:
        return float(np.mean((inputs.to_numpy(float) > self.cut_) * np.asarray(target)[:, None]))


def test_what_the_model_cannot_read_is_named() -> None:
    table = pd.DataFrame({"x": np.arange(40.0), "y": [1.0, 2.0] * 20})
    forest = RandomForestClassifier(3, random_state=0)
    with pytest.raises(ValueError, match="inputs or target do not suit the model"):
        importances_with_probe(forest, table, [1, "a"] * 20)
    fitted = forest.fit(table, [0, 1] * 20)
    for spoiled, target in ((table.assign(x="text"), [0, 1] * 20), (table, [1, "a"] * 20)):
        with pytest.raises(ValueError, match="inputs or target do not suit the model"):
            grouped_importance(fitted, spoiled, target, [["x"]])
    large = importances_with_probe(forest, table, [0, 1] * 20, seed=2**32 + 7)  # no raw refusal
    assert large.shape == (3, 3)


@pytest.mark.parametrize(("middle", "far", "joined"), [(0.7, 0.4, True), (0.6, 0.3, False)])
def test_a_feature_joins_a_pair_by_its_average(middle: float, far: float, joined: bool) -> None:
    """Neither by the nearer of the two nor by the farther one."""
    alike = [[1, 0.9, far], [0.9, 1, middle], [far, middle, 1]]
    rows = np.random.default_rng(0).multivariate_normal(np.zeros(3), alike, 3_000)
    found = correlated_groups(pd.DataFrame(rows, columns=list("abc")))
    assert found == ([["a", "b", "c"]] if joined else [["a", "b"], ["c"]])


def test_a_negative_importance_is_a_small_one() -> None:
    importances = pd.DataFrame({"one": [3.0, 1, -9], "other": [1.0, 2, 0]})
    assert top_overlap(importances, 2).to_numpy().tolist() == [[2, 2], [2, 2]]


def test_bad_input_is_named() -> None:
    inputs, target = customers(0, rows=60)
    tree = DecisionTreeClassifier(max_depth=2, random_state=0).fit(inputs, target)
    names_bad_input(
        importances_with_probe,
        model=Cut(),
        inputs=inputs[["owner", "customer id"]],
        repeats=2,
        target=target,
        paired=("inputs", "target"),
        bounds={"repeats": "[2, inf)", "seed": "[0, inf)"},
        examples=1,
    )
    names_bad_input(
        grouped_importance,
        model=Cut().fit(inputs, target),
        inputs=inputs,
        target=target,
        groups=[["owner"], ["abroad"]],
        repeats=1,
        paired=("inputs", "target"),
        allow=[("inputs", NAN)],  # the model's own business
        examples=1,
        bounds={"repeats": "[1, inf)", "seed": "[0, inf)"},
    )
    names_bad_input(
        correlated_groups,
        inputs=inputs,
        bounds={"correlation": "(0, 1)"},
        allow=[("inputs", "columns in another order")],  # which is that of the groups
    )
    names_bad_input(top_overlap, importances=inputs, bounds={"top": "[1, inf)"})
    with pytest.raises(ValueError, match="inputs must not use the name 'random probe'"):
        importances_with_probe(tree, inputs.assign(**{"random probe": 1}), target)
    with pytest.raises(TypeError, match="model must have feature_importances_"):
        importances_with_probe(LogisticRegression(), inputs, target)
    with pytest.raises(ValueError, match="inputs must have the columns of the model"):
        grouped_importance(tree, inputs[["abroad", "owner", "customer id"]], target, [["owner"]])
    with pytest.raises(ValueError, match="groups must not name the same columns twice"):
        grouped_importance(tree, inputs, target, [["owner"], ["owner"]])
    for least, function in ((2, importances_with_probe), (1, grouped_importance)):
        more = {} if least == 2 else {"groups": [["owner"]]}
        with pytest.raises(ValueError, match=f"repeats must be a whole number from {least}"):
            function(tree, inputs, target, **more, repeats=least - 1)
    for groups in ([], [[]], ["owner"], {"owner": ["owner"]}):
        with pytest.raises(TypeError, match="groups"):
            grouped_importance(tree, inputs, target, groups)
    with pytest.raises(ValueError, match="groups must list columns of inputs, not ..age"):
        grouped_importance(tree, inputs, target, [["age"]])
    for wrong in (inputs[["owner"]], inputs.assign(owner=1)):
        with pytest.raises(
            ValueError, match="inputs must have two columns or more, and no constant"
        ):
            correlated_groups(wrong)
    for correlation in (0, 1):
        with pytest.raises(ValueError, match="correlation"):
            correlated_groups(inputs, correlation)
    for top in (0, 61):
        with pytest.raises(ValueError, match="top must be a whole number"):
            top_overlap(inputs, top)


def test_a_random_column_beside_text_and_gaps() -> None:
    """The page: for a model without feature_importances_, by a group for each column."""
    rng, rows = np.random.default_rng(0), 2_000
    table = pd.DataFrame({"city": rng.choice(["a", "b"], rows), "age": pd.array(rng.integers(18, 90, rows), "Int64")})  # fmt: skip
    target = np.where((table["city"] == "a") ^ (rng.random(rows) < 0.2), "Y", "N")
    table.loc[::7, "age"] = pd.NA
    table["random"] = rng.normal(size=rows)
    codes = make_column_transformer(
        (OneHotEncoder(), ["city"]), (SimpleImputer(), ["age", "random"])
    )
    model = make_pipeline(codes, HistGradientBoostingClassifier(max_iter=10))
    plain = table.astype({"age": "float64"})
    assert not hasattr(model.fit(plain[:1_000], target[:1_000]), "feature_importances_")
    found = grouped_importance(model, plain[1_000:], target[1_000:], [[name] for name in table])
    assert found["city"] > 0.2 and abs(found[["age", "random"]]).max() < 0.02


def test_columns_of_another_machine() -> None:
    inputs = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 2)), columns=["a", "b"])
    target, foreign = (inputs["a"] > 0).astype(int), inputs.astype(">f8")
    tree = DecisionTreeClassifier(random_state=0)
    model = tree.fit(inputs, target)
    drops = grouped_importance(model, foreign, target, [["a"]])
    assert drops.equals(grouped_importance(model, inputs, target, [["a"]]))
    report = importances_with_probe(tree, foreign, target)
    assert report.equals(importances_with_probe(tree, inputs, target))


def test_importances_that_are_equal_up_to_rounding() -> None:
    """0.1 + 0.2 and 0.3 are tied, and each has half of the first place."""
    table = pd.DataFrame({"one": [0.3, 0.1 + 0.2, 0.1], "other": [0.3, 0.3, 0.1]})
    assert top_overlap(table, 1).loc["one", "other"] == 0.5
