"""docs/lifecycle/cheap-prediction.md"""

import tracemalloc
from copy import copy
from importlib.metadata import version
from timeit import repeat
from typing import Any

import numpy as np
import pandas as pd
import pytest
from onnxruntime import InferenceSession
from scipy.sparse import coo_matrix, csr_matrix
from skl2onnx import to_onnx
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, make_classification
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from docs.lifecycle.figures.cascade import KNOB, cascade, digits_split, forest_of, measure
from proof.claims import Claim
from snippets.beyond.golden_rows import check_golden, golden_rows, write_golden
from snippets.beyond.parity_report import parity_report
from snippets.lifecycle.cascade import cascade_predict
from snippets.lifecycle.folded_pipeline import fold
from snippets.lifecycle.forest_comparisons import comparisons
from tools.bad_input import NAN, names_bad_input

PATIENTS, OUTCOME = load_breast_cancer(return_X_y=True)


def fitted(seed: int = 0, **options: bool) -> Pipeline:
    rows = np.random.default_rng(seed).choice(len(PATIENTS), 300, replace=False)
    model = make_pipeline(StandardScaler(**options), LogisticRegression(max_iter=5_000))
    return model.fit(PATIENTS[rows], OUTCOME[rows])


def fastest(function: object) -> float:
    return min(repeat(function, number=4, repeat=5))


def test_folded_is_the_same_and_faster(claim: Claim) -> None:
    """A folded pipeline gives the same probabilities, and answers one row more than twenty times
    faster."""

    def slower(seed: int, rows: int, columns: int = 30) -> float:
        inputs, labels = make_classification(500, columns, n_informative=3, random_state=seed)
        pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(inputs, labels)
        probability, table = fold(pipeline), inputs[:rows]
        folded = [probability(row) for row in table]
        assert np.abs(folded - pipeline.predict_proba(table)[:, 1]).max() < 1e-12
        plain = fastest(lambda: pipeline.predict_proba(table))
        return plain / fastest(lambda: [probability(row) for row in table])

    claim.effect(
        "times slower than folded", slower, knob="rows", on=1, off=500, above=20, off_below=1,
        also=[{"columns": 5}, {"columns": 100}],
    )  # fmt: skip

    def lost(seed: int) -> float:
        return np.isnan(fold(fitted(seed))(np.where(np.arange(30) == seed, np.nan, PATIENTS[0])))

    claim.limit(
        "The folded function checks nothing of the values: a missing value in gives a missing "
        "value out.",
        "missing", lost, above=0.5,
    )  # fmt: skip


def first(trees: int, seed: int, **setting: Any) -> RandomForestClassifier:
    """Return the first trees of a forest of a hundred: what a smaller forest would have grown."""
    forest = copy(forest_of(100, seed, **setting))
    forest.estimators_ = forest.estimators_[:trees]
    return forest


def test_last_trees_cost_most(claim: Claim) -> None:
    """On handwritten digits, more than tripling the comparisons of a forest buys much accuracy for
    three trees and little for thirty."""

    def bought(seed: int, trees: int, **setting: Any) -> float:
        _, rows, _, truth = digits_split(seed, setting.get("noise", 0))
        small, large = (first(count, seed, **setting) for count in (trees, {3: 10, 30: 100}[trees]))
        if not seed:
            work = [comparisons(forest, rows[:9]).mean() for forest in (small, large)]
            assert work[1] > 3 * work[0]
        return large.score(rows, truth) - small.score(rows, truth)

    claim.effect(
        "accuracy gained", bought, knob="trees", on=30, off=3, below=0.045, off_above=0.065,
        also=[{"kind": ExtraTreesClassifier}, {"noise": 2}],
    )  # fmt: skip

    def time_ratio(seed: int) -> float:
        train, rows, known, _ = digits_split(seed)
        shallow = RandomForestClassifier(100, max_depth=2, random_state=seed).fit(train, known)
        full = first(30, seed)
        assert comparisons(shallow, rows[:200]).mean() < comparisons(full, rows[:200]).mean()
        times = np.array([
            repeat(lambda m=model: m.predict(rows[:1]), number=1, repeat=1)[0]
            for _ in range(12)  # in turns: a busy moment meets both
            for model in (shallow, full)
        ])  # fmt: skip
        return times[::2].min() / times[1::2].min()

    claim.limit(
        "Comparisons are not milliseconds: a hundred trees of depth two compare less than thirty "
        "full trees, and take longer.",
        "time of one row, shallow to full", time_ratio, above=1.3,
    )  # fmt: skip


def test_cascade_keeps_the_accuracy(claim: Claim) -> None:
    """For ten classes, a cascade with a confidence above one half keeps most of the large forest's
    lead over the cheap one and asks it for a part of the rows."""
    claim.effect(
        "share of the lead lost", measure, knob="random", **KNOB.ends, below=0.4, off_above=0.45,
        also=[{"confidence": 0.65}, {"trees": 5}, {"noise": 2}],
    )  # fmt: skip
    assert max(cascade(seed, 0, 0.65)[0] for seed in range(2)) < 0.65  # a part of the rows
    claim.limit(
        "With a confidence of a quarter, the cascade passes on too little and loses most of the lead.",
        "share of the lead lost", lambda seed: measure(seed, 0, confidence=0.25), above=0.7,
    )  # fmt: skip

    def passed(seed: int, classes: int, noise: float = 0) -> float:
        train, rows, known, _ = digits_split(seed, noise)
        cheap = RandomForestClassifier(10, random_state=seed).fit(train, known % classes)
        return cascade_predict(cheap, cheap, rows, 0.55)[1].mean()

    claim.limit(
        "With two well separated classes, a confidence just above one half passes on hardly any row.",
        "share passed on", lambda seed: passed(seed, 2), below=0.1,
    )  # fmt: skip
    assert passed(0, 2, noise=12) > 0.14  # of two classes that it hardly tells apart
    claim.limit(
        "If the cheap forest is seldom sure, the cascade passes on nearly all rows and costs more than "
        "the large one.",
        "trees a row, in hundreds", lambda seed: 0.1 + passed(seed, 10, noise=10), above=1.03,
    )  # fmt: skip
    claim.limit(
        "If the cheap model is sure of its mistakes, as a full-grown tree is, it passes "
        "nothing on.",
        "share passed on",
        lambda seed: cascade_predict(tree(seed), forest_of(100, seed), digits_split(seed)[1], 1)[1].mean(),
        below=1e-9,
    )  # fmt: skip


class Sure:
    def __init__(self, classes: np.ndarray) -> None:
        self.classes_ = classes

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return np.full(len(rows), 7)


def tree(seed: int) -> DecisionTreeClassifier:
    train, _, known, _ = digits_split(seed)
    return DecisionTreeClassifier(random_state=seed).fit(train, known)


class Voting:
    """Soft voting of three members: the mean of 0.6, 0.7 and 0.8 is below 0.7 by the last bit."""

    classes_ = np.arange(2)

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        mean = np.mean([0.6, 0.7, 0.8])
        return np.tile([1 - mean, mean], (len(rows), 1))


def test_a_row_at_the_confidence_is_not_passed_on() -> None:
    rows, large = np.zeros((2, 1)), Sure(np.arange(2))
    assert np.mean([0.6, 0.7, 0.8]) < 0.7
    assert not cascade_predict(Voting(), large, rows, 0.7)[1].any()
    assert cascade_predict(Voting(), large, rows, 0.70001)[1].all()


def test_a_multinomial_model_of_two_classes_is_refused() -> None:
    """Before scikit-learn 1.8, it doubled the log odds, and the folded probability was another."""
    pipeline = fitted()
    pipeline[1].multi_class = "multinomial"
    with pytest.raises(ValueError, match="pipeline must not be multinomial"):
        fold(pipeline)


def test_sparse_coefficients_fold() -> None:
    """After `sparsify()`, each answer of the folded pipeline was a TypeError of numpy."""
    pipeline = fitted()
    expected = pipeline.predict_proba(PATIENTS[:5])[:, 1]
    pipeline[1].sparsify()
    assert [fold(pipeline)(row) for row in PATIENTS[:5]] == pytest.approx(expected, abs=1e-12)


def test_tables_pass_in_the_models_order() -> None:
    table = pd.DataFrame(PATIENTS, columns=[f"c{i}" for i in range(30)])
    forest = RandomForestClassifier(3, random_state=0).fit(table, OUTCOME)
    expected, _ = cascade_predict(forest, forest, table, 0.9)
    assert (expected == forest.predict(table)).all()
    assert comparisons(forest, table).shape == (569,)
    shuffled = table[table.columns[::-1]]
    for call in (
        lambda: cascade_predict(forest, forest, shuffled, 0.9),
        lambda: comparisons(forest, shuffled),
    ):
        with pytest.raises(ValueError, match="rows must have the columns of the model"):
            call()


def test_folded_looks_at_the_names_of_a_row() -> None:
    table = pd.DataFrame(PATIENTS, columns=[f"c{i}" for i in range(30)])
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(table, OUTCOME)
    row, expected = table.iloc[19], pipeline.predict_proba(table[19:20])[0, 1]
    probability = fold(pipeline)
    for given in (row, row.to_dict(), row.astype("Float64"), row.to_numpy(), row.tolist()):
        assert probability(given) == pytest.approx(expected, abs=1e-12)
    for wrong in (row[::-1], row[::-1].to_dict(), row.rename({"c3": "c4"})):
        with pytest.raises(ValueError, match="row must have the columns of training"):
            probability(wrong)
    nameless = fold(make_pipeline(StandardScaler(), LogisticRegression()).fit(PATIENTS, OUTCOME))
    assert nameless(row) == pytest.approx(expected, abs=1e-12)


def test_folded_is_more_precise_than_a_pipeline_of_float32() -> None:
    single = PATIENTS.astype(np.float32)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(single, OUTCOME)
    folded = [fold(pipeline)(row) for row in single]
    assert 1e-9 < np.abs(folded - pipeline.predict_proba(single)[:, 1]).max() < 1e-6


def test_a_time_stamp_survives_onnx_without_its_start() -> None:
    seconds = np.random.default_rng(0).uniform(0, 3_600, 300)
    differ = []
    for start in (0.0, 1.7e9):
        table = np.column_stack([PATIENTS[:300, :2], start + seconds])
        forest = make_pipeline(StandardScaler(), RandomForestClassifier(20, random_state=0))
        forest.fit(table, seconds > seconds.mean())
        rows = table.astype(np.float32)
        file = to_onnx(forest, rows[:1], options={"zipmap": False}).SerializeToString()
        session = InferenceSession(file, providers=["CPUExecutionProvider"])
        differ.append(np.mean(session.run(None, {"X": rows})[0] != forest.predict(table)))
    assert differ[0] == 0 < differ[1]


def test_mixed_columns_convert_from_float32_and_text() -> None:
    rng = np.random.default_rng(0)
    numbers, city = rng.normal(size=(80, 2)).astype(np.float32), rng.choice(["a", "b"], 80)
    table = pd.DataFrame(numbers, columns=["x", "z"]).assign(city=city)
    encode = make_column_transformer((StandardScaler(), ["x", "z"]), (OneHotEncoder(), ["city"]))
    model = make_pipeline(encode, LogisticRegression()).fit(table, numbers[:, 0] > (city == "a"))
    file = to_onnx(model, table[:1], options={"zipmap": False}).SerializeToString()
    session = InferenceSession(file, providers=["CPUExecutionProvider"])
    asked = {name: table[[name]].to_numpy() for name in table}
    gap = session.run(None, asked)[1] - model.predict_proba(table)
    assert np.abs(gap).max() < 1e-6


class Converted:
    def __init__(self, file: bytes, shift: float = 0) -> None:
        self.session, self.shift = InferenceSession(file), np.float32(shift)

    def predict_proba(self, rows: pd.DataFrame) -> Any:
        return self.session.run(None, {"X": rows.to_numpy(np.float32) + self.shift})[1]


def test_golden_rows_check_a_converted_model() -> None:
    """Not `parity_report`: a session cannot be pickled, which is one of its five ways."""
    table = pd.DataFrame(PATIENTS[:, :3], columns=list("abc"))
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(table, OUTCOME)
    rows = PATIENTS[:1, :3].astype(np.float32)
    file = to_onnx(model, rows, options={"zipmap": False}).SerializeToString()
    golden = write_golden(model, table.iloc[golden_rows(table)])
    assert check_golden(Converted(file), golden, 1e-5) == []
    assert check_golden(Converted(file, 0.1), golden, 1e-5)
    assert parity_report(Converted(file), table[:2])["raised"]["saved and loaded"] == "TypeError"


def test_histogram_boosting_does_not_convert_beside_a_new_protobuf() -> None:
    model = HistGradientBoostingClassifier(max_iter=2).fit(PATIENTS[:100], OUTCOME[:100])
    try:
        converted = bool(to_onnx(model, PATIENTS[:1].astype(np.float32)))
    except ValueError as error:
        converted = "Unable to create node" not in str(error)
    assert converted == (int(version("protobuf").split(".")[0]) < 7)  # if not, say so on the page


def test_folded_keeps_time_stamps() -> None:
    rng = np.random.default_rng(0)
    table = np.column_stack([1.7e9 + rng.uniform(0, 10, 200), rng.normal(size=200)])
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(
        table, table[:, 0] > 1.7e9 + 5
    )
    folded = [fold(pipeline)(row) for row in table]
    assert np.abs(folded - pipeline.predict_proba(table)[:, 1]).max() < 1e-12


@pytest.mark.parametrize("with_mean", [True, False])
@pytest.mark.parametrize("with_std", [True, False])
def test_folded_follows_the_options_of_the_scaler(with_mean: bool, with_std: bool) -> None:
    pipeline = fitted(with_mean=with_mean, with_std=with_std)
    probability = fold(pipeline)
    expected = pipeline.predict_proba(PATIENTS[:50])[:, 1]
    assert [probability(row) for row in PATIENTS[:50]] == pytest.approx(expected, abs=1e-12)
    assert probability(PATIENTS[0].tolist()) == pytest.approx(expected[0], abs=1e-12)


def test_folded_survives_extremes() -> None:
    probability = fold(fitted())
    assert probability(np.full(30, 1e7)) in (0.0, 1.0)
    assert probability(np.full(30, -1e7)) in (0.0, 1.0)
    with pytest.raises(ValueError):
        probability([1.0, 2.0])


@pytest.mark.parametrize("seed", range(3))
def test_onnx_agrees(seed: int) -> None:
    rows = PATIENTS.astype(np.float32)
    forest = RandomForestClassifier(n_estimators=10, random_state=seed).fit(rows, OUTCOME)
    for model in (forest, fitted(seed)):
        file = to_onnx(model, rows[:1], options={"zipmap": False}).SerializeToString()
        session = InferenceSession(file, providers=["CPUExecutionProvider"])
        labels, probabilities = session.run(None, {"X": rows})
        assert np.mean(labels == model.predict(rows)) == 1
        np.testing.assert_allclose(probabilities, model.predict_proba(rows), atol=1e-5)


@pytest.mark.parametrize("kind", [RandomForestClassifier, ExtraTreesClassifier])
def test_comparisons_by_walking_the_trees(kind: type) -> None:
    forest = kind(n_estimators=5, max_depth=4, random_state=0).fit(PATIENTS, OUTCOME)
    expected = []
    for row in PATIENTS[:40].astype(np.float32):
        count = 0
        for tree in (estimator.tree_ for estimator in forest.estimators_):
            node = 0
            while tree.children_left[node] != -1:
                count += 1
                left = row[tree.feature[node]] <= tree.threshold[node]
                node = (tree.children_left if left else tree.children_right)[node]
        expected.append(count)
    assert comparisons(forest, PATIENTS[:40]).tolist() == expected


def test_many_rows_are_counted_in_little_memory() -> None:
    """As decision paths, these 2,276 rows took 78 MB, and 20,000 rows of another forest 1.6 GB."""
    forest = RandomForestClassifier(100, random_state=0).fit(PATIENTS, OUTCOME)
    rows = np.repeat(PATIENTS, 4, axis=0)
    tracemalloc.start()
    counts = comparisons(forest, rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counts[::4].tolist() == comparisons(forest, PATIENTS).tolist()
    assert peak < 4 * rows.shape[0] * 100 * 8


def test_cascade_at_its_ends() -> None:
    _, rows, _, _ = digits_split(0)
    cheap, large = forest_of(3, 0), forest_of(30, 0)
    labels, passed_on = cascade_predict(cheap, large, rows, 0)
    assert not passed_on.any()
    assert (labels == cheap.predict(rows)).all()
    labels, passed_on = cascade_predict(cheap, large, rows, 1)
    sure = (
        cheap.predict_proba(rows).max(axis=1) == 1
    )  # at the threshold itself the cheap one answers
    assert (passed_on == ~sure).all()
    assert (labels == np.where(sure, cheap.predict(rows), large.predict(rows))).all()
    far = np.full((2, 64), 1e200)  # no density is left: naive Bayes answers NaN
    bayes = GaussianNB().fit(rows, cheap.predict(rows))
    with np.errstate(all="ignore"):
        labels, passed_on = cascade_predict(bayes, Sure(bayes.classes_), far, 0.5)
    assert passed_on.all() and (labels == 7).all()
    words = np.array(list("abcdefghij"))
    train, _, known, _ = digits_split(0)
    named = RandomForestClassifier(n_estimators=3, random_state=0).fit(train, words[known])
    assert (cascade_predict(named, named, rows, 0.5)[0] == named.predict(rows)).all()


@pytest.mark.parametrize("kind", [csr_matrix, coo_matrix])
def test_a_sparse_table_passes(kind: type) -> None:
    """The forests take one, and it was refused as not what the models take."""
    _, rows, _, _ = digits_split(0)
    cheap, large = forest_of(3, 0), forest_of(30, 0)
    dense, sparse = (cascade_predict(cheap, large, table, 0.6) for table in (rows, kind(rows)))
    assert (dense[0] == sparse[0]).all() and (dense[1] == sparse[1]).all()


def test_a_constant_column_folds() -> None:
    inputs = np.c_[np.random.default_rng(0).normal(size=(80, 2)), np.full(80, 3.0)]
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(inputs, inputs[:, 0] > 0)
    expected = pipeline.predict_proba(inputs[:5])[:, 1]
    assert [fold(pipeline)(row) for row in inputs[:5]] == pytest.approx(expected)


def test_bad_input_is_named() -> None:
    forest, other = (
        RandomForestClassifier(n_estimators=2, random_state=0).fit(PATIENTS, labels)
        for labels in (OUTCOME, OUTCOME + 1)
    )
    rows = PATIENTS[:4]
    names_bad_input(fold, pipeline=fitted())
    names_bad_input(comparisons, forest=forest, rows=rows, allow=[("rows", NAN)])
    names_bad_input(
        cascade_predict,
        cheap=forest,
        expensive=forest,
        rows=rows,
        confidence=0.5,
        allow=[("rows", NAN)],  # a forest takes it
        bounds={"confidence": "[0, 1]"},
    )
    with pytest.raises(ValueError, match="expensive"):
        cascade_predict(forest, other, rows, 0.5)
    with pytest.raises(TypeError, match="expensive"):
        cascade_predict(forest, StandardScaler(), rows, 0.5)
    with pytest.raises(TypeError, match="cheap .* predict_proba and classes_"):
        cascade_predict(RandomForestClassifier(), forest, rows, 0.5)
    for confidence in (-0.1, 1.1, "0.5"):
        with pytest.raises(ValueError, match="confidence"):
            cascade_predict(forest, forest, rows, confidence)
    unfitted = make_pipeline(StandardScaler(), LogisticRegression())
    with pytest.raises(ValueError, match="pipeline"):
        fold(unfitted)
    with pytest.raises(ValueError, match="forest"):
        comparisons(RandomForestClassifier(), rows)
    with pytest.raises(TypeError, match="pipeline"):
        fold(make_pipeline(LogisticRegression()).fit(PATIENTS / 1e3, OUTCOME))
    three = unfitted.fit(PATIENTS[:90], np.arange(90) % 3)
    with pytest.raises(ValueError, match="pipeline"):
        fold(three)


def test_a_mask_and_a_ragged_list_are_named() -> None:
    forest = RandomForestClassifier(n_estimators=2, random_state=0).fit(PATIENTS, OUTCOME)
    masked = np.ma.masked_array(PATIENTS[:4], mask=PATIENTS[:4] > 1)
    for rows in (masked, [[1.0, 2.0], [3.0]]):
        with pytest.raises(ValueError, match="rows must be what the models take"):
            cascade_predict(forest, forest, rows, 0.5)
        with pytest.raises(ValueError, match="rows must be what the forest takes"):
            comparisons(forest, rows)
