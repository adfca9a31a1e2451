"""docs/interpretability/read-importances.md"""

from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from proof.claims import Claim
from snippets.interpretability.grouped_importance import correlated_groups, grouped_importance
from snippets.interpretability.random_probe import importances_with_probe
from snippets.interpretability.top_overlap import top_overlap
from tools.bad_input import names_bad_input


def customers(seed: int, rows: int = 2_000) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    owner, abroad = rng.random(rows) < 0.5, rng.random(rows) < 0.3
    columns = {"owner": owner * 1, "abroad": abroad * 1, "customer id": rng.permutation(rows)}
    bought = rng.random(rows) < 0.3 + 0.3 * owner + 0.25 * abroad
    return pd.DataFrame(columns), bought.astype(int)


@cache
def probed(seed: int, leaf: int = 1) -> pd.DataFrame:
    forest = RandomForestClassifier(10, min_samples_leaf=leaf, random_state=seed)
    return importances_with_probe(forest, *customers(seed), repeats=2, seed=seed)


def cancer() -> tuple[pd.DataFrame, pd.Series]:
    return load_breast_cancer(return_X_y=True, as_frame=True)


@cache
def largest(seed: int) -> dict[str, float]:
    inputs, target = cancer()
    together = correlated_groups(inputs)
    found = {}
    for name, columns in (("all", list(inputs)), ("one each", [names[0] for names in together])):
        split = train_test_split(inputs[columns], target, test_size=0.4, random_state=seed)
        forest = RandomForestClassifier(10, random_state=seed).fit(split[0], split[2])
        singles = [[column] for column in columns]
        drops = grouped_importance(forest, split[1], split[3], singles, repeats=1, seed=seed)
        found[name] = drops.max()
        if name == "all":
            found["accuracy"] = forest.score(split[1], split[3])
            drops = grouped_importance(forest, split[1], split[3], together, repeats=1, seed=seed)
            found["groups"] = drops.max()
    return found


@cache
def tables(seed: int, causes: int) -> tuple[np.ndarray, np.ndarray]:
    if not causes:
        inputs, target = load_breast_cancer(return_X_y=True)
        return StandardScaler().fit_transform(inputs), target
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(1_000, 12))
    return inputs, (2 * inputs[:, :causes].sum(axis=1) > rng.logistic(size=1_000)).astype(int)


def mean_shared(importances: pd.DataFrame) -> float:
    shared = top_overlap(importances)
    return np.mean([shared.loc[pair] for pair in combinations(shared, 2)])


@cache
def methods(seed: int, causes: int) -> float:
    inputs, target = tables(seed, causes)
    train, test, known, new = train_test_split(inputs, target, test_size=0.4, random_state=seed)
    forest = RandomForestClassifier(12 if causes else 8, random_state=seed)
    forest.fit(train, known)
    scores = ["accuracy", "neg_log_loss"]
    drops = permutation_importance(
        forest, test, new, scoring=scores, n_repeats=1 + bool(causes), random_state=seed
    )
    ranked = {name: drops[name].importances_mean for name in scores}
    ranked["impurity"] = forest.feature_importances_
    ranked["coefficient"] = np.abs(LogisticRegression().fit(train, known).coef_[0])
    return mean_shared(pd.DataFrame(ranked))


@cache
def bootstraps(seed: int, causes: int) -> float:
    inputs, target = tables(seed, causes)
    rng, ranked = np.random.default_rng(seed), {}
    for number in range(3):
        drawn = rng.choice(len(target), len(target))
        forest = RandomForestClassifier(10, random_state=number)
        ranked[number] = forest.fit(inputs[drawn], target[drawn]).feature_importances_
    return mean_shared(pd.DataFrame(ranked))


def test_random_columns_lead(claim: Claim) -> None:
    """In a forest with full trees, a customer id and a random column each get more impurity
    importance than two real causes of two values."""

    def lead(seed: int, column: str, leaf: int = 1) -> float:
        table = probed(seed, leaf)[column]
        return table.iloc[2:].min() - table.iloc[:2].max()

    claim.holds("lead by impurity", lambda seed: lead(seed, "impurity"), above=0.1)
    claim.null("lead with large leaves", lambda seed: lead(seed, "impurity", 50), below=-0.1)
    claim.null("lead by permutation", lambda seed: lead(seed, "permutation"), below=0)


def test_correlation_hides(claim: Claim) -> None:
    """When features repeat each other, an accurate forest can have no single important feature,
    and an important group."""
    claim.holds("accuracy", lambda seed: largest(seed)["accuracy"], above=0.88)
    claim.holds("largest of single features", lambda seed: largest(seed)["all"], below=0.13)
    claim.holds("largest of groups", lambda seed: largest(seed)["groups"], above=0.25)
    claim.null("largest with one feature a group", lambda s: largest(s)["one each"], above=0.15)


def test_methods_disagree(claim: Claim) -> None:
    """On correlated features, four sensible methods disagree about the top five."""
    claim.holds("features shared by two methods", lambda seed: methods(seed, 0), below=3.5)
    claim.null("with five independent causes", lambda seed: methods(seed, 5), above=4)


def test_importances_are_unstable(claim: Claim) -> None:
    """On correlated features, the top five change when the training rows are drawn again."""
    claim.holds("features shared by two bootstraps", lambda seed: bootstraps(seed, 0), below=3.8)
    claim.null("with five independent causes", lambda seed: bootstraps(seed, 5), above=4.3)


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

    groups = [["a", "b"], ["c"]]
    found = grouped_importance(Model(), table, table.b, groups, repeats=2, seed=1)
    rng = np.random.default_rng(1)
    expected = np.mean([np.mean(rng.permutation(4) != np.arange(4)) for _ in range(2)])
    assert found.to_dict() == pytest.approx({"a + b": expected, "c": 0})
    assert all((rows.b == 10 * rows.a).all() for rows in seen)
    assert table.a.tolist() == [1, 2, 3, 4] and len(seen) == 5
    assert seen[-1].a.tolist() == [1, 2, 3, 4]


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
        "one": [2, 1, 2],
        "two": [1, 2, 1],
        "tied": [2, 1, 2],
    }
    assert top_overlap(table, 4).to_numpy().tolist() == [[4] * 3] * 3
    assert list(top_overlap(table, 1).index) == list(table)


def test_bad_input_is_named() -> None:
    inputs, target = customers(0, rows=60)
    tree = DecisionTreeClassifier(max_depth=2, random_state=0).fit(inputs, target)
    names_bad_input(
        importances_with_probe,
        model=DecisionTreeClassifier(random_state=0),
        inputs=inputs,
        target=target,
        paired=("inputs", "target"),
        bounds={"repeats": "[2, inf)", "seed": "[0, inf)"},
    )
    names_bad_input(
        grouped_importance,
        model=tree,
        inputs=inputs,
        target=target,
        groups=[["owner"], ["abroad"]],
        paired=("inputs", "target"),
        bounds={"repeats": "[1, inf)", "seed": "[0, inf)"},
    )
    names_bad_input(correlated_groups, inputs=inputs, bounds={"correlation": "(0, 1)"})
    names_bad_input(top_overlap, importances=inputs, bounds={"top": "[1, inf)"})
    with pytest.raises(TypeError, match="inputs must be a DataFrame"):
        importances_with_probe(tree, inputs.assign(**{"random probe": 1}), target)
    for least, function in ((2, importances_with_probe), (1, grouped_importance)):
        more = {} if least == 2 else {"groups": [["owner"]]}
        with pytest.raises(ValueError, match=f"repeats must be a whole number of at least {least}"):
            function(tree, inputs, target, **more, repeats=least - 1)
    for groups in ([], [[]], {"owner": ["owner"]}):
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
        with pytest.raises(ValueError, match="top must be a whole number from 1 to 60"):
            top_overlap(inputs, top)
