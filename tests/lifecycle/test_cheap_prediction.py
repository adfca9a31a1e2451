"""docs/lifecycle/cheap-prediction.md"""

from copy import copy
from functools import cache
from timeit import repeat

import numpy as np
import pytest
from onnxruntime import InferenceSession
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from proof.claims import Claim
from snippets.lifecycle.cascade import cascade_predict
from snippets.lifecycle.folded_pipeline import fold
from snippets.lifecycle.forest_comparisons import comparisons
from tools.bad_input import names_bad_input

PATIENTS, OUTCOME = load_breast_cancer(return_X_y=True)


def fitted(seed: int = 0, **options: bool) -> Pipeline:
    rows = np.random.default_rng(seed).choice(len(PATIENTS), 300, replace=False)
    model = make_pipeline(StandardScaler(**options), LogisticRegression(max_iter=5_000))
    return model.fit(PATIENTS[rows], OUTCOME[rows])


def fastest(function: object) -> float:
    return min(repeat(function, number=10, repeat=10))


def test_folded_is_the_same_and_faster(claim: Claim) -> None:
    """A folded pipeline gives the same probabilities, and answers one row more than twenty times
    faster."""

    def difference(seed: int) -> float:
        pipeline = fitted(seed)
        folded = [fold(pipeline)(row) for row in PATIENTS]
        return np.abs(folded - pipeline.predict_proba(PATIENTS)[:, 1]).max()

    def slower(seed: int, rows: int) -> float:
        pipeline, table = fitted(seed), np.resize(PATIENTS, (rows, PATIENTS.shape[1]))
        probability = fold(pipeline)
        plain = fastest(lambda: pipeline.predict_proba(table))
        return plain / fastest(lambda: [probability(row) for row in table])

    claim.holds("difference", difference, below=1e-12)
    claim.holds("times slower, one row", lambda seed: slower(seed, 1), above=20)
    claim.null("times slower, 500 rows", lambda seed: slower(seed, 500), below=4)


@cache
def digits_split(seed: int) -> list[np.ndarray]:
    digits, names = load_digits(return_X_y=True)
    return train_test_split(digits, names, test_size=0.4, stratify=names, random_state=seed)


@cache
def forests(seed: int) -> dict[int, RandomForestClassifier]:
    train, _, known, _ = digits_split(seed)
    found = {100: RandomForestClassifier(n_estimators=100, random_state=seed).fit(train, known)}
    for trees in (3, 10, 30):  # the first trees of the same forest: fitting them again takes time
        found[trees] = copy(found[100])
        found[trees].estimators_ = found[100].estimators_[:trees]
    return found


def test_last_trees_cost_most(claim: Claim) -> None:
    """Most of the comparisons of a large forest buy the last percent or two of accuracy."""

    def accuracy(seed: int, trees: int) -> float:
        return forests(seed)[trees].score(digits_split(seed)[1], digits_split(seed)[3])

    def work(seed: int, trees: int) -> float:
        return comparisons(forests(seed)[trees], digits_split(seed)[1]).mean()

    claim.holds("work, 100 trees to 30", lambda seed: work(seed, 100) / work(seed, 30), above=3)
    claim.holds("gain of the last 70", lambda s: accuracy(s, 100) - accuracy(s, 30), below=0.025)
    claim.null("gain of the first 7", lambda s: accuracy(s, 10) - accuracy(s, 3), above=0.05)


def test_cascade_keeps_the_accuracy(claim: Claim) -> None:
    """A cascade keeps nearly all of the large forest's accuracy and asks it for a part of the
    rows."""

    @cache
    def lost(seed: int, random: bool = False) -> tuple[float, float]:
        train, rows, known, truth = digits_split(seed)
        cheap = RandomForestClassifier(n_estimators=10, random_state=seed + 100).fit(train, known)
        large = forests(seed)[100]
        small, best = cheap.predict(rows), large.predict(rows)
        labels, passed_on = cascade_predict(cheap, large, rows, 0.55)
        answers = [labels]
        if random:
            rng = np.random.default_rng(seed)
            answers = [np.where(rng.permutation(passed_on), best, small) for _ in range(50)]
        return np.mean(best == truth) - np.mean(np.array(answers) == truth), passed_on.mean()

    claim.holds("accuracy lost", lambda seed: lost(seed)[0], below=0.01)
    claim.holds("share passed on", lambda seed: lost(seed)[1], below=0.3)
    claim.null("accuracy lost, as many at random", lambda s: lost(s, random=True)[0], above=0.012)


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


def test_cascade_at_its_ends() -> None:
    _, rows, _, _ = digits_split(0)
    cheap, large = forests(0)[3], forests(0)[30]
    labels, passed_on = cascade_predict(cheap, large, rows, 0)
    assert not passed_on.any()
    assert (labels == cheap.predict(rows)).all()
    labels, passed_on = cascade_predict(cheap, large, rows, 1)
    sure = (
        cheap.predict_proba(rows).max(axis=1) == 1
    )  # at the threshold itself the cheap one answers
    assert (passed_on == ~sure).all()
    assert (labels == np.where(sure, cheap.predict(rows), large.predict(rows))).all()
    words = np.array(list("abcdefghij"))
    train, _, known, _ = digits_split(0)
    named = RandomForestClassifier(n_estimators=3, random_state=0).fit(train, words[known])
    assert (cascade_predict(named, named, rows, 0.5)[0] == named.predict(rows)).all()


def test_bad_input_is_named() -> None:
    forest, other = (
        RandomForestClassifier(n_estimators=2, random_state=0).fit(PATIENTS, labels)
        for labels in (OUTCOME, OUTCOME + 1)
    )
    rows = PATIENTS[:4]
    names_bad_input(fold, pipeline=fitted())
    names_bad_input(comparisons, forest=forest, rows=rows)
    names_bad_input(
        cascade_predict,
        cheap=forest,
        expensive=forest,
        rows=rows,
        confidence=0.5,
        bounds={"confidence": "[0, 1]"},
    )
    with pytest.raises(ValueError, match="expensive"):
        cascade_predict(forest, other, rows, 0.5)
    with pytest.raises(TypeError, match="expensive"):
        cascade_predict(forest, StandardScaler(), rows, 0.5)
    with pytest.raises(TypeError, match="cheap"):
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
