"""docs/requirements/model-scorecard.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from proof.claims import Claim
from snippets.requirements.model_scorecard import apply_gates, values_read
from snippets.requirements.weighted_sum import weighted_sum
from tools.bad_input import names_bad_input

MODELS = {
    "logistic": LogisticRegression(),
    "forest": RandomForestClassifier(12, max_depth=8, random_state=0),
}


@cache
def measured(seed: int, curve: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    inputs, amount = rng.normal(size=(7_000, 12)), rng.lognormal(4, 1, 7_000)
    logit = 1.5 * (inputs[:, 0] - inputs[:, 1]) + curve * inputs[:, 0] * inputs[:, 2] - 4
    fraud = rng.random(7_000) < 1 / (1 + np.exp(-logit))
    live, lost, bad, rows = inputs[3_000:], amount[3_000:], fraud[3_000:], {}
    for name, model in MODELS.items():
        review = model.fit(inputs[:3_000], fraud[:3_000]).predict_proba(live)[:, 1] * lost > 20
        loss = (20 * review.sum() + lost[bad & ~review].sum()) / 4_000
        rows[name] = {"loss": loss, "reads": values_read(model, live)}
    return pd.DataFrame(rows).T


def test_favourites_differ(claim: Claim) -> None:
    """Where the relation is curved, the model that engineering likes best costs management
    money."""

    def extra_loss(seed: int, curve: float) -> float:
        table = measured(seed, curve)
        return table["loss"][table["reads"].idxmin()] / table["loss"].min() - 1

    claim.holds("extra loss, curved", lambda seed: extra_loss(seed, 3), above=0.06)
    claim.null("extra loss, straight", lambda seed: extra_loss(seed, 0), below=0.03)


def test_a_hopeless_candidate_decides(claim: Claim) -> None:
    """A model that is worst in every column can change the winner of a weighted sum, and never
    that of gates."""

    def changed(seed: int, choose, tables: int) -> float:
        rng = np.random.default_rng(seed)
        changes = []
        for _ in range(tables):
            costs = pd.DataFrame(rng.lognormal(size=(4, 2)), columns=["loss", "reads"])
            hopeless = costs.max() * [1.01, 30]
            changes.append(choose(costs) != choose(pd.concat([costs, hopeless.to_frame("no").T])))
        return np.mean(changes)

    def by_sum(costs: pd.DataFrame):
        return weighted_sum(costs, {"loss": 0.5, "reads": 0.5}).idxmin()

    def by_gates(costs: pd.DataFrame):
        chosen = apply_gates(costs, {}, {"reads": 1.0}, "loss")["chosen"]
        return chosen.idxmax() if chosen.any() and chosen.idxmax() != "no" else None

    claim.holds("winner changed, weighted sum", lambda seed: changed(seed, by_sum, 40), above=0.1)
    claim.null("winner changed, gates", lambda seed: changed(seed, by_gates, 15), below=1e-9)


def test_gates_by_hand() -> None:
    table = pd.DataFrame(
        {"loss": [5.0, 4.0, 3.0, 4.0], "recall": [0.6, 0.5, 0.9, 0.7], "reads": [9, 100, 101, 50]},
        index=list("abcd"),
    )
    before = table.copy()
    card = apply_gates(table, {"recall": 0.5}, {"reads": 100}, "loss")
    assert card["failed"].tolist() == ["", "", "reads > 100", ""]
    assert card["chosen"].tolist() == [False, True, False, False]
    assert card[["loss", "recall", "reads"]].equals(before) and table.equals(before)
    strict = apply_gates(table, {"recall": 0.65}, {"reads": 10, "loss": 1}, "reads")
    assert strict["failed"]["b"] == "recall < 0.65, reads > 10, loss > 1"
    assert not strict["chosen"].any() and strict["chosen"].dtype == bool
    assert apply_gates(table, {}, {}, "loss")["chosen"].tolist() == [False, False, True, False]
    assert apply_gates(table, {}, {"loss": 4}, "recall")["chosen"]["b"]


@pytest.mark.parametrize("seed", range(5))
def test_reads_follow_every_path(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs, labels = rng.normal(size=(120, 5)), rng.integers(0, 3, 120)

    def splits(tree) -> float:
        total = 0
        for row in inputs.astype(np.float32):
            node = 0
            while tree.children_left[node] != -1:
                total += 1
                left = row[tree.feature[node]] <= tree.threshold[node]
                node = (tree.children_left if left else tree.children_right)[node]
        return total / len(inputs)

    tree = DecisionTreeClassifier(max_depth=4, random_state=seed).fit(inputs, labels)
    assert values_read(tree, inputs) == pytest.approx(splits(tree.tree_))
    forest = ExtraTreesClassifier(7, max_depth=5, random_state=seed).fit(inputs, labels)
    expected = sum(splits(one.tree_) for one in forest.estimators_)
    assert values_read(forest, inputs) == pytest.approx(expected)
    assert values_read(LogisticRegression().fit(inputs, labels), inputs) == 15
    near = KNeighborsClassifier(3, algorithm="brute").fit(inputs, labels)
    assert values_read(near, inputs) == 600


def test_weighted_sum_by_hand() -> None:
    costs = pd.DataFrame({"loss": [1.0, 3.0, 2.0], "reads": [7, 7, 7], "age": [30, 10, 20]})
    scores = weighted_sum(costs, {"age": 2, "loss": 0.5, "reads": 9})
    assert scores.tolist() == pytest.approx([2, 0.5, 1.25])
    scores = weighted_sum(costs, {"age": 0, "loss": 1, "reads": 0})  # a column may not count
    assert scores.tolist() == pytest.approx([0, 1, 0.5])


def test_bad_input_is_named() -> None:
    table = pd.DataFrame({"loss": [5.0, 4.0], "reads": [9, 100]}, index=["a", "b"])
    gates = {"at_least": {"loss": 1.0}, "at_most": {"reads": 50.0}}
    names_bad_input(apply_gates, measured=table, **gates, minimise="loss")
    names_bad_input(weighted_sum, costs=table, weights={"loss": 1.0, "reads": 1.0})
    inputs, labels = np.random.default_rng(0).normal(size=(30, 3)), [0, 1] * 15
    tree = DecisionTreeClassifier(max_depth=2).fit(inputs, labels)
    names_bad_input(values_read, model=tree, inputs=inputs)
    with pytest.raises(ValueError, match="inputs must have the 3 columns"):
        values_read(tree, inputs[:, :2])
    unsupported = (DecisionTreeClassifier(), StandardScaler().fit(inputs))
    default = KNeighborsClassifier(algorithm="kd_tree").fit(inputs, labels)
    for model in (*unsupported, default):
        with pytest.raises(TypeError, match="model must be a"):
            values_read(model, inputs)
    for name, wrong in (
        ("at_least", {"price": 1}),
        ("at_most", {"loss": "1"}),
        ("at_most", {"loss": np.nan}),
    ):
        with pytest.raises(ValueError, match=f"{name} must map columns to numbers"):
            apply_gates(table, **(gates | {name: wrong}), minimise="loss")
    for name in ("at_least", "at_most"):
        with pytest.raises(TypeError, match=f"{name} must map"):
            apply_gates(table, **(gates | {name: ["loss"]}), minimise="loss")
    with pytest.raises(ValueError, match="minimise must be a column"):
        apply_gates(table, **gates, minimise="price")
    twice = table.rename(index={"b": "a"})
    for wrong in (
        twice,
        table.rename(columns={"reads": "loss"}),
        table.astype(str),
        table * np.inf,
    ):
        with pytest.raises(ValueError, match="measured must"):
            apply_gates(wrong, {}, {}, "loss")
    some, one_more = {"loss": 1}, {"loss": 1, "reads": 1, "x": 1}
    for weights in (some, one_more, {"loss": 1, "reads": -1}, {"loss": 1, "reads": np.inf}, [1, 1]):
        with pytest.raises(ValueError, match="weights must"):
            weighted_sum(table, weights)
    for wrong in (table.astype(str), table * np.nan):
        with pytest.raises(ValueError, match="costs must"):
            weighted_sum(wrong, {"loss": 1, "reads": 1})
