"""docs/beyond/reproduce-and-persist.md"""

import hashlib
import pickle
import warnings
from functools import cache

import numpy as np
import pytest
import sklearn
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from proof.claims import Claim
from snippets.beyond.load_strictly import load_strictly
from snippets.beyond.refit_report import refit_report
from tools.bad_input import TEXT, names_bad_input

INPUTS, LABELS = load_breast_cancer(return_X_y=True)
INPUTS, LABELS = INPUTS[:200], LABELS[:200]


def forest(random_state) -> RandomForestClassifier:
    return RandomForestClassifier(3, random_state=random_state)


def test_an_object_is_another_model_again(claim: Claim) -> None:
    """A forest whose seed is a RandomState object becomes another model when it is fitted again."""

    def again(seed) -> bool:
        return refit_report(forest(seed), INPUTS, LABELS)["again"]

    claim.holds("same again, object", lambda seed: again(np.random.RandomState(seed)), below=0.5)
    claim.null("same again, whole number", again, above=0.5)


def test_folds_share_the_numbers(claim: Claim) -> None:
    """A RandomState object gives every fold of a cross-validation the same random numbers, although
    it looks like an object that is shared."""

    def first_trees(random_state) -> int:
        folds = cross_validate(forest(random_state), INPUTS, LABELS, cv=5, return_estimator=True)
        return len({fold.estimators_[0].random_state for fold in folds["estimator"]})

    claim.holds("seeds in the folds", lambda s: first_trees(np.random.RandomState(s)), below=1.5)
    claim.null("seeds in the folds, None", lambda _: first_trees(None), above=4.5)


def test_order_of_a_sum(claim: Claim) -> None:
    """The same numbers, added in another order, have another float32 sum."""

    def equal(seed: int, kind: type) -> bool:
        values = (np.random.default_rng(seed).normal(size=1_000_000) * 10).astype(kind)
        return values.sum() == np.sort(values).sum()

    claim.holds("equal sums, float32", lambda seed: equal(seed, np.float32), below=0.5)
    claim.null("equal sums, whole numbers", lambda seed: equal(seed, np.int64), above=0.5)


@cache
def files(seed: int) -> tuple[DecisionTreeClassifier, bytes, bytes]:
    model = DecisionTreeClassifier(random_state=seed).fit(INPUTS, LABELS)
    written, version = pickle.dumps(model), sklearn.__version__.encode()
    return model, written, written.replace(version, b"0" + version[1:])


def strictly(pickled: bytes):
    return load_strictly(pickled, hashlib.sha256(pickled).hexdigest())


def test_another_version_is_refused(claim: Claim) -> None:
    """A model of another version loads with a warning, and predicts; loaded strictly, it is
    refused."""

    def warns_and_predicts(seed: int) -> bool:
        model, _, older = files(seed)
        with pytest.warns(InconsistentVersionWarning):
            plain = pickle.loads(older)
        return np.array_equal(plain.predict(INPUTS), model.predict(INPUTS))

    def refused(seed: int, which: int) -> bool:
        try:
            return not isinstance(strictly(files(seed)[which]), DecisionTreeClassifier)
        except ValueError as error:
            return "another version" in str(error)

    claim.holds("warns and predicts", warns_and_predicts, above=0.5)
    claim.holds("refused, older version", lambda seed: refused(seed, 2), above=0.5)
    claim.null("refused, same version", lambda seed: refused(seed, 1), below=0.5)


@pytest.mark.parametrize(
    ("model", "again", "clones"),
    [
        (LinearRegression(), True, True),
        (DecisionTreeRegressor(max_features=2, random_state=3), True, True),
        (forest(None), False, False),
        (make_pipeline(StandardScaler(), forest(np.random.RandomState(0))), False, True),
    ],
)
def test_report_of_other_estimators(model, again: bool, clones: bool) -> None:
    before = repr(model)
    assert refit_report(model, INPUTS, LABELS) == {"again": again, "clones": clones}
    assert repr(model) == before and not hasattr(model, "n_features_in_")
    assert refit_report(model, INPUTS, LABELS) == {"again": again, "clones": clones}


def test_report_compares_probabilities_and_takes_text() -> None:
    names = np.where(LABELS == 1, "benign", "malignant")
    assert refit_report(forest(0), INPUTS, names) == {"again": True, "clones": True}
    nearly = RandomForestClassifier(5, min_samples_leaf=100, random_state=np.random.RandomState(0))
    assert not refit_report(nearly, INPUTS, LABELS)["again"]


def test_strict_loading() -> None:
    model, written, _ = files(0)
    assert np.array_equal(strictly(written).predict(INPUTS), model.predict(INPUTS))
    load_strictly(written, hashlib.sha256(written).hexdigest().upper())
    for damaged in (written[:-1], written + b"\n", b""):
        with pytest.raises(ValueError, match="pickled is damaged"):
            load_strictly(damaged, hashlib.sha256(written).hexdigest())
    with pytest.raises(TypeError, match="pickled must hold an estimator, got dict"):
        strictly(pickle.dumps({"model": 1}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="another version"):
            strictly(files(0)[2])


class Bomb:
    """An object whose pickle runs code."""

    ran = False

    def __reduce__(self):
        return _explode, ()


def _explode() -> str:
    Bomb.ran = True
    return "boom"


def test_the_checksum_comes_before_the_pickle() -> None:
    with pytest.raises(ValueError, match="pickled is damaged"):
        load_strictly(pickle.dumps(Bomb()), "0" * 64)
    assert not Bomb.ran
    with pytest.raises(TypeError, match="pickled must hold an estimator, got str"):
        strictly(pickle.dumps(Bomb()))
    assert Bomb.ran


def test_bad_input_is_named() -> None:
    inputs, labels = INPUTS[:20], LABELS[:20]
    names_bad_input(
        refit_report, estimator=forest(0), inputs=inputs, labels=labels,
        paired=("inputs", "labels"), allow=[("labels", TEXT)],
    )  # fmt: skip
    for wrong in (RandomForestClassifier, StandardScaler, "forest"):
        with pytest.raises(TypeError, match="estimator must be an estimator"):
            refit_report(wrong, inputs, labels)
    _, written, _ = files(0)
    names_bad_input(load_strictly, pickled=written, sha256=hashlib.sha256(written).hexdigest())
    for wrong in ("0" * 63, "0" * 65, b"0" * 64):
        with pytest.raises(ValueError, match="sha256 must be 64 hexadecimal digits"):
            load_strictly(written, wrong)
    with pytest.raises(TypeError, match="pickled must be bytes, got str"):
        load_strictly("model", "0" * 64)
