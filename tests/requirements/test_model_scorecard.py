"""docs/requirements/model-scorecard.md"""

from fractions import Fraction
from functools import cache
from timeit import repeat

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import DBSCAN
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from docs.requirements.figures.weighted_sum import KNOB
from docs.requirements.figures.weighted_sum import measure as _measure
from proof.claims import Claim
from snippets.requirements.model_scorecard import apply_gates, values_read
from snippets.requirements.weighted_sum import weighted_sum
from tools.bad_input import NAN, names_bad_input

measure = cache(_measure)
MODELS = {
    "logistic": LogisticRegression(),
    "forest": RandomForestClassifier(12, max_depth=8, random_state=0),
    "tree": DecisionTreeClassifier(max_depth=6, min_samples_leaf=20, random_state=0),
    "products": make_pipeline(
        PolynomialFeatures(2, interaction_only=True), LogisticRegression(max_iter=2_000)
    ),
}


@cache
def measured(
    seed: int, joint: float, name: str, rows: int = 3_000, columns: int = 12
) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    inputs, amount = rng.normal(size=(rows + 4_000, columns)), rng.lognormal(4, 1, rows + 4_000)
    logit = 1.5 * (inputs[:, 0] - inputs[:, 1]) + joint * inputs[:, 0] * inputs[:, 2] - 4
    fraud = rng.random(rows + 4_000) < 1 / (1 + np.exp(-logit))
    live, lost, bad, model = inputs[rows:], amount[rows:], fraud[rows:], clone(MODELS[name])
    review = model.fit(inputs[:rows], fraud[:rows]).predict_proba(live)[:, 1] * lost > 20
    loss = (20 * review.sum() + lost[bad & ~review].sum()) / 4_000
    return {"loss": loss, "reads": values_read(model, live[:500])}


def test_favourites_differ(claim: Claim) -> None:
    """Where two features act together strongly, a logistic regression reads less than a forest and
    costs management money."""

    def extra_loss(seed: int, joint: float, rows: int = 3_000, columns: int = 12) -> float:
        names = ("logistic", "forest")
        found = {name: measured(seed, joint, name, rows, columns) for name in names}
        table = pd.DataFrame(found).T
        assert table["reads"].idxmin() == "logistic"
        return table["loss"]["logistic"] / table["loss"].min() - 1

    claim.effect(
        "extra loss", extra_loss, knob="joint", on=3, off=0, above=0.06, off_below=0.04,
        also=[{"rows": 4_000}, {"rows": 2_000}],
    )  # fmt: skip

    few = (
        "Where two features act together weakly, or are two of forty in two thousand rows, a logistic "
        "regression loses hardly more than a forest of a dozen trees."
    )
    claim.limit(few, "extra loss", lambda seed: extra_loss(seed, 1), below=0.03)
    claim.limit(
        few, "extra loss among forty", lambda seed: extra_loss(seed, 3, 2_000, 40), below=0.055
    )

    def tree_to_logistic(seed: int) -> float:
        tree, logistic = (measured(seed, 3, name) for name in ("tree", "logistic"))
        assert tree["reads"] < logistic["reads"]
        return tree["loss"] / logistic["loss"]

    claim.limit(
        "Where they act together strongly, a tree of depth six reads less than the logistic "
        "regression of twelve features and loses less.",
        "loss, tree to logistic", tree_to_logistic, below=0.97,
    )  # fmt: skip

    def products_to_forest(seed: int) -> float:
        return measured(seed, 3, "products")["loss"] / measured(seed, 3, "forest")["loss"]

    claim.limit(
        "Given the products of twelve features, a logistic regression loses less money than the "
        "forest; given those of forty, in two thousand rows at the default penalty, more than "
        "without them.",
        "loss, products to forest", products_to_forest, below=0.97,
    )  # fmt: skip

    def products_of_forty(seed: int) -> float:
        """Return the mean loss with the products, as a share of that without them."""
        ratios = []
        for draw in range(3 * seed, 3 * seed + 3):
            told, plain = (
                measured(draw, 3, n, 2_000, 40)["loss"] for n in ("products", "logistic")
            )
            ratios.append(told / plain)
        return float(np.mean(ratios))

    claim.limit(
        "Given the products of twelve features, a logistic regression loses less money than the "
        "forest; given those of forty, in two thousand rows at the default penalty, more than "
        "without them.",
        "loss among forty features, with products to without", products_of_forty, above=1,
    )  # fmt: skip

    def neighbours_to_forest(seed: int) -> float:
        rng = np.random.default_rng(seed)
        inputs, labels = rng.normal(size=(1_000, 12)), rng.integers(0, 2, 1_000)
        near = KNeighborsClassifier(50, algorithm="brute").fit(inputs, labels)
        forest = RandomForestClassifier(100, max_depth=1, random_state=0).fit(inputs, labels)
        assert values_read(near, inputs[:9]) > 100 * values_read(forest, inputs[:9])
        times = [
            min(repeat(lambda m=model: m.predict(inputs[:1]), number=1, repeat=5))
            for model in (near, forest)
        ]
        return times[0] / times[1]

    claim.limit(
        "Reads are not milliseconds: brute-force neighbours read far more than a forest of a "
        "hundred stumps, and answer sooner.",
        "time of one row, neighbours to forest", neighbours_to_forest, below=0.6,
    )  # fmt: skip


def test_a_hopeless_candidate_decides(claim: Claim) -> None:
    """Scaled from the best to the worst of the table, a model that is worst in every column can
    change the winner of a weighted sum; in fixed units it does not."""
    claim.effect(
        "winner changed", measure, knob="worst", **KNOB.ends, above=0.04, off_below=1e-9,
        also=[{"models": 7, "tables": 12}, {"columns": 3, "tables": 30}],
    )  # fmt: skip
    claim.effect(
        "winner changed", lambda seed, scaled: measure(seed, KNOB.ends["on"], scaled=scaled),
        knob="scaled", on=True, off=False, above=0.1, off_below=0.01,
        only="in fixed units it does not",
    )  # fmt: skip
    claim.limit(
        "If one model is the best in every column, it wins the weighted sum, whichever worse ones "
        "join.",
        "winner changed", lambda seed: measure(seed, 11, best=True, tables=10), below=0.01,
    )  # fmt: skip


def test_gates_do_not_look_at_the_others() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        costs = pd.DataFrame(rng.lognormal(size=(4, 2)), columns=["loss", "reads"])
        more = pd.concat([costs, (costs.max() * 2).to_frame("no").T])
        cards = [apply_gates(table, {}, {"reads": 1.0}, "loss") for table in (costs, more)]
        assert (cards[1]["failed"][:4] == cards[0]["failed"]).all()
        if cards[0]["chosen"].any():
            assert cards[1]["chosen"][:4].tolist() == cards[0]["chosen"].tolist()


def test_small_types_and_reserved_names() -> None:
    table = pd.DataFrame({"c": np.array([-30_000, 0, 30_000], np.int16)})
    assert weighted_sum(table, {"c": 1}).tolist() == [0, 0.5, 1]
    fixed = weighted_sum(pd.DataFrame({"c": np.array([2, 250], np.uint8)}), {"c": 2}, {"c": 10})
    assert fixed.tolist() == [0.4, 50]
    table = pd.DataFrame({"loss": pd.array([5, 4], "Int64"), "ok": [True, False]}, index=["a", "b"])
    assert apply_gates(table, {"ok": 1}, {}, "loss")["chosen"].tolist() == [True, False]
    for name in ("failed", "chosen"):
        with pytest.raises(ValueError, match="measured must not use the name"):
            apply_gates(pd.DataFrame({name: [1, 2]}), {}, {}, name)
    with pytest.raises(ValueError, match="units"):
        weighted_sum(pd.DataFrame({"c": [1, 2]}), {"c": 1}, {"c": 0})


def test_reads_of_pipelines_and_support_vectors() -> None:
    inputs, labels = np.random.default_rng(0).normal(size=(90, 4)), [0, 1] * 45
    table = pd.DataFrame(inputs, columns=list("abcd"))
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(table, labels)
    assert values_read(pipeline, table) == 4
    with pytest.raises(ValueError, match="inputs must have the columns of the model"):
        values_read(pipeline, table[list("dcba")])
    machine = SVC(kernel="linear").fit(inputs, labels)
    assert values_read(machine, inputs) == 4 * len(machine.support_vectors_)


def test_pipelines_of_one_step_and_steps_that_pass_through() -> None:
    inputs, labels = np.random.default_rng(0).normal(size=(90, 4)), [0, 1] * 45
    for steps in ([], [("a", "passthrough")], [("a", None), ("b", StandardScaler())]):
        model = Pipeline([*steps, ("model", LogisticRegression())]).fit(inputs, labels)
        assert values_read(model, inputs) == 4
        assert values_read(Pipeline([("outer", model)]), inputs) == 4
    for model in (
        make_pipeline(StandardScaler(), "passthrough").fit(inputs),
        DBSCAN(algorithm="brute").fit(inputs),
    ):
        with pytest.raises(TypeError, match="model must be a"):
            values_read(model, inputs)


@pytest.mark.parametrize("dtype", ["float16", "float32", "Float32", "float64", "Float64", "object"])
def test_a_value_at_the_limit_passes_in_any_precision(dtype: str) -> None:
    table = pd.DataFrame({"loss": [1.0, 2.0], "share": [0.1, 0.7]}).astype(dtype)
    card = apply_gates(table, {"share": 0.1}, {"share": 0.7}, "loss")
    assert card["failed"].tolist() == ["", ""]
    card = apply_gates(table, {"share": 0.7}, {"share": 0.1}, "loss")  # rounded the other way
    assert card["failed"].tolist() == ["share < 0.7", "share > 0.1"]
    card = apply_gates(table, {"share": 0.1001}, {"share": 0.6999}, "loss")
    assert card["failed"].tolist() == ["share < 0.1001", "share > 0.6999"]


def test_a_difference_at_the_limit_passes() -> None:
    """1 - 0.7 is above 0.3, and 0.7 - 0.6 below 0.1, by the last bit."""
    table = pd.DataFrame({"right": [0.7, 0.9, 0.8, 0.93, 0.999], "loss": 1})
    table["error"], table["gain"] = 1 - table["right"], table["right"] - 0.6
    for row, (error, gain) in enumerate([(0.3, 0.1), (0.1, 0.3), (0.2, 0.2), (0.07, 0.33), (0.001, 0.399)]):  # fmt: skip
        card = apply_gates(table, {"gain": gain, "error": error}, {"error": error, "gain": gain}, "loss")  # fmt: skip
        assert (card["failed"] == "").tolist() == [place == row for place in range(5)]
        near = table.assign(gain=table["gain"] - 1e-9, error=table["error"] + 1e-9)
        assert apply_gates(near, {"gain": gain}, {}, "loss")["failed"].iloc[row] == f"gain < {gain}"
        assert apply_gates(near, {}, {"error": error}, "loss")["failed"].iloc[row]


def test_a_difference_of_zero_is_at_a_limit_of_zero() -> None:
    """0.3 - (0.1 + 0.2) is below zero by the last bit: a model as good as the old one failed."""
    last_bit = 0.3 - (0.1 + 0.2)
    table = pd.DataFrame({"gain": [last_bit, 0.1, -1e-9], "extra": [-last_bit, 0, last_bit]})
    card = apply_gates(table, {"gain": 0}, {}, "extra")
    assert card["failed"].tolist() == ["", "", "gain < 0"]
    card = apply_gates(-table, {}, {"gain": 0.0}, "extra")
    assert card["failed"].tolist() == ["", "", "gain > 0.0"]
    for order in ([0, 1, 2], [1, 2, 0], [2, 0, 1]):  # of equals the first
        chosen = apply_gates(table.iloc[order], {}, {}, "extra")["chosen"]
        assert chosen.tolist() == [True, False, False]
    small = pd.DataFrame({"seconds": [3.001e-9, 3e-9, 1e9]})  # no equals
    assert apply_gates(small, {}, {}, "seconds")["chosen"].tolist() == [False, True, False]


def test_columns_that_look_alike() -> None:
    """The gates of 1 and "1" have one text, and one of the two was lost: b was chosen."""
    table = pd.DataFrame([[9, 9, 2], [1, 9, 1]], columns=[1, "1", "loss"], index=["a", "b"])
    card = apply_gates(table, {1: 5, "1": 5}, {}, "loss")
    assert card["failed"].tolist() == ["", "1 < 5"] and card["chosen"].tolist() == [True, False]
    deep = table.set_axis(pd.MultiIndex.from_product([["failed"], table.columns]), axis=1)
    with pytest.raises(ValueError, match="measured must have one name for each column"):
        apply_gates(deep, {}, {}, ("failed", "loss"))


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
    names_bad_input(values_read, model=tree, inputs=inputs, allow=[("inputs", NAN)])
    with pytest.raises(ValueError, match="inputs must be what the model takes"):
        values_read(tree, inputs[:, :2])
    pipeline = make_pipeline(StandardScaler(), LogisticRegression())
    unsupported = (DecisionTreeClassifier(), StandardScaler().fit(inputs), pipeline)
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
        with pytest.raises((TypeError, ValueError), match="^measured"):
            apply_gates(wrong, {}, {}, "loss")
    some, one_more = {"loss": 1}, {"loss": 1, "reads": 1, "x": 1}
    for weights in (some, one_more, {"loss": 1, "reads": -1}, {"loss": 1, "reads": np.inf}, [1, 1]):
        with pytest.raises(ValueError, match="weights must"):
            weighted_sum(table, weights)
    for wrong in (table.astype(str), table * np.nan):
        with pytest.raises((TypeError, ValueError), match="^costs"):
            weighted_sum(wrong, {"loss": 1, "reads": 1})


def test_a_mask_is_named() -> None:
    inputs, labels = np.random.default_rng(0).normal(size=(30, 3)), [0, 1] * 15
    masked = np.ma.masked_array(inputs, mask=inputs > 1)
    for model in (
        DecisionTreeClassifier(),
        LogisticRegression(),
        make_pipeline(StandardScaler(), SVC()),
    ):
        with pytest.raises(ValueError, match="inputs must have no mask"):
            values_read(model.fit(inputs, labels), masked)


def test_limits_of_any_kind() -> None:
    table = pd.DataFrame({"loss": [5.0, 4.0], "reads": [9, 100]})
    for limit in (Fraction(9, 2), np.longdouble(4.5), np.float16(4.5)):
        assert apply_gates(table, {"loss": limit}, {}, "reads")["chosen"].tolist() == [True, False]
    with pytest.raises(ValueError, match="minimise must be a column of measured"):
        apply_gates(table, {}, {}, ["loss"])


def test_costs_that_are_equal_up_to_rounding() -> None:
    """0.1 + 0.2 is above 0.3 by the last bit: scaled, that bit was all of the column's weight."""
    costs = pd.DataFrame({"money": [0.1 + 0.2, 0.3], "delay": [1.0, 1.5]}, index=["one", "other"])
    summed = weighted_sum(costs, {"money": 0.6, "delay": 0.4})
    assert summed.to_dict() == pytest.approx({"one": 0, "other": 0.4})
    assert weighted_sum(-costs, {"money": 1, "delay": 0}).tolist() == [0, 0]
    assert weighted_sum(costs - 0.3, {"money": 1, "delay": 0}).tolist() == [0, 0]
    for sign in (1, -1):  # of equals the first
        assert apply_gates(sign * costs[::sign], {}, {}, "money")["chosen"].tolist() == [
            True,
            False,
        ]
