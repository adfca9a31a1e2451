"""docs/beyond/reproduce-and-persist.md"""

import hashlib
import pickle
import threading
import warnings
from functools import cache
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
import sklearn
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier
from sklearn.model_selection import cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from docs.beyond.figures.refit_report import KNOB, MODELS, SEEDS, made, measure
from proof.claims import Claim
from snippets.beyond.load_strictly import load_strictly
from snippets.beyond.refit_report import refit_report
from tools.bad_input import INFINITE, NAN, TEXT, names_bad_input

INPUTS, LABELS = load_breast_cancer(return_X_y=True)
INPUTS, LABELS = INPUTS[:200], LABELS[:200]


def forest(random_state) -> RandomForestClassifier:
    return RandomForestClassifier(3, random_state=random_state)


def test_an_object_is_another_model_again(claim: Claim) -> None:
    """A forest or a randomised tree whose seed is a RandomState object becomes another model when
    it is fitted again."""
    claim.effect(
        "different models in three fits", measure, knob="kind", **KNOB.ends, above=2.5,
        off_below=1.5, also=[{"model": "tree"}, {"model": "extra"}],
    )  # fmt: skip
    for seed in range(3):  # the function of the page says so too
        for kind, same in (("object", False), ("number", True), ("None", False)):
            assert refit_report(made(seed, kind), INPUTS, LABELS)["again"] is same

    def draws_nothing(seed: int) -> float:
        model = LogisticRegression(random_state=np.random.RandomState(seed))
        return not refit_report(make_pipeline(StandardScaler(), model), INPUTS, LABELS)["again"]

    claim.limit(
        "An estimator that draws nothing, such as a logistic regression with its default solver, "
        "is the same model again.",
        "another model again", draws_nothing, below=0.5,
    )  # fmt: skip

    def differ_on_training_rows(seed: int) -> float:
        model, answers = MODELS["extra"](np.random.RandomState(seed)), []
        for _ in range(2):
            answers.append(model.fit(INPUTS, LABELS).predict_proba(INPUTS))
        return float(np.abs(answers[0] - answers[1]).max())

    claim.limit(
        "On their training rows, fully grown trees without bootstrap give the same answers "
        "whatever their seed.",
        "largest difference on training rows", differ_on_training_rows, below=1e-12,
    )  # fmt: skip


def test_folds_share_the_numbers(claim: Claim) -> None:
    """A RandomState object gives the folds of a cross-validation the same random numbers, although
    it looks shared."""

    def first_seeds(model: BaseEstimator, cv: int = 4) -> list[int]:
        fits = cross_validate(model, INPUTS, LABELS, cv=cv, return_estimator=True)["estimator"]
        return [fit.estimators_[0].random_state for fit in fits]

    def distinct(seed: int, kind: str, model: str = "forest", cv: int = 4) -> float:
        return (len(set(first_seeds(MODELS[model](SEEDS[kind](seed)), cv))) - 1) / (cv - 1)

    claim.effect(
        "share of folds with a seed of their own", distinct, knob="kind", on="object", off="None",
        below=0.1, off_above=0.9, also=[{"model": "extra"}, {"cv": 3}],
    )  # fmt: skip

    def repeated(seed: int) -> bool:
        state, runs = np.random.get_state(), []
        for _ in range(2):
            np.random.seed(seed)
            runs.append(first_seeds(forest(None)))
        np.random.set_state(state)
        return runs[0] == runs[1]

    claim.limit(
        "`None` is repeatable in one process if `np.random.seed` is called before and nobody else "
        "draws from numpy's global generator.",
        "the same seeds again", repeated, above=0.5,
    )  # fmt: skip


def test_order_of_a_sum(claim: Claim) -> None:
    """In float32, adding numbers of both signs in another order often gives another sum."""

    def differ(seed: int, kind: type, draw: str = "normal", rows: int = 20_000) -> float:
        rng = np.random.default_rng(seed)
        values = (getattr(rng, draw)(size=rows) * 100).astype(kind)
        return np.mean([values.sum() != rng.permutation(values).sum() for _ in range(40)])

    claim.effect(
        "other orders with another sum", differ, knob="kind", on=np.float32, off=np.int64,
        above=0.3, off_below=0.01, also=[{"draw": "laplace"}, {"rows": 2_000}],
    )  # fmt: skip

    def whole(seed: int, largest: int = 790) -> float:
        rng = np.random.default_rng(seed)
        values = rng.integers(-largest, largest + 1, 20_000).astype(np.float32)
        assert (np.abs(values, dtype=float).sum() < 16e6) == (largest < 800)
        return np.mean([values.sum() != rng.permutation(values).sum() for _ in range(10)])

    claim.limit(
        "Whole numbers whose absolute values add up to less than sixteen million have one sum in "
        "each order.",
        "other orders with another sum", whole, below=0.01,
    )  # fmt: skip
    assert whole(0, 1_000_000) > 0.3  # each below the precision, their sum is not


@cache
def files(seed: int, model: str = "tree") -> tuple[BaseEstimator, bytes, bytes]:
    fitted = MODELS[model](seed).fit(INPUTS, LABELS)
    written, version = pickle.dumps(fitted), sklearn.__version__.encode()
    return fitted, written, written.replace(version, b"0" + version[1:])


def strictly(pickled: bytes):
    return load_strictly(pickled, hashlib.sha256(pickled).hexdigest())


class Own(BaseEstimator):
    """An estimator of the reader's own."""

    def fit(self, inputs: object, labels: object) -> "Own":
        return self


def test_another_version_is_refused(claim: Claim) -> None:
    """If a scikit-learn model of another version can still be unpickled, it loads with a warning
    only; loaded strictly, it is refused."""

    def warns_and_predicts(seed: int, version: str, model: str = "tree") -> bool:
        fitted, *written = files(seed, model)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            plain = pickle.loads(written[version == "other"])
        assert np.array_equal(plain.predict(INPUTS), fitted.predict(INPUTS))
        return any(isinstance(w.message, InconsistentVersionWarning) for w in caught)

    def refused(seed: int, version: str, model: str = "tree") -> bool:
        fitted, *written = files(seed, model)
        try:
            loaded = strictly(written[version == "other"])
        except ValueError as error:
            return "another version" in str(error)
        return type(loaded) is not type(fitted)

    for what, judged in (("warns", warns_and_predicts), ("refused", refused)):
        claim.effect(
            what, judged, knob="version", on="other", off="same", above=0.9, off_below=0.1,
            also=[{"model": "forest"}, {"model": "extra"}],
        )  # fmt: skip

    def own_class_refused(_: int) -> bool:
        written = pickle.dumps(Own())
        return not isinstance(strictly(written), Own) or sklearn.__version__.encode() in written

    claim.limit(
        "A class of your own carries no version in its pickle: changed code loads without a "
        "warning.",
        "refused, or carries a version", own_class_refused, below=0.5,
    )  # fmt: skip

    def loads_without_its_class(seed: int) -> bool:
        gone = files(seed)[1].replace(b"DecisionTreeClassifier", b"DecisionTreeGoneByNow_")
        try:
            return pickle.loads(gone) is not None
        except AttributeError:
            return False

    claim.limit(
        "A pickle of a class that is gone does not load at all.",
        "loads", loads_without_its_class, below=0.5,
    )  # fmt: skip


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
    apart = INPUTS + 1_000 * LABELS[:, None]  # every line between the classes gives these labels
    margin = make_pipeline(StandardScaler(), SGDClassifier())  # it has no probabilities
    assert refit_report(margin, apart, LABELS) == {"again": False, "clones": False}


class Threads(BaseEstimator):
    """An estimator whose answers differ by `apart` from one call to the next."""

    def __init__(self, apart: float) -> None:
        self.apart = apart

    def fit(self, inputs: np.ndarray, labels: np.ndarray) -> "Threads":
        return self

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        self.called_ = getattr(self, "called_", 0) + 1
        return inputs[:, 0] * (1 + self.apart * self.called_)


class Shifted(Threads):
    """The same, apart by a share of the largest answer, also where the answer is zero."""

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        self.called_ = getattr(self, "called_", 0) + 1
        largest = np.abs(inputs[:, 0]).max()
        return inputs[:, 0] + (largest * self.apart * self.called_).astype(inputs.dtype)


def test_report_forgives_rounding_only() -> None:
    assert refit_report(Threads(1e-15), INPUTS, LABELS)["again"]
    assert not refit_report(Threads(1e-8), INPUTS, LABELS)["again"]
    threads = RandomForestClassifier(30, min_samples_leaf=5, n_jobs=2, random_state=0)
    assert refit_report(threads, INPUTS, LABELS) == {"again": True, "clones": True}


def test_report_forgives_rounding_where_trees_cancel() -> None:
    """Trees that say 0.1 and -0.1 add up to 0 or to 1e-17, by the order in which they finish."""
    targets = np.where(LABELS == 1, 0.1, -0.1)
    threads = RandomForestRegressor(20, n_jobs=2, random_state=0)
    assert refit_report(threads, INPUTS, targets) == {"again": True, "clones": True}
    around_zero = INPUTS - 0.1 * np.round(10 * INPUTS)
    around_zero[::2, 0] = 0.0
    for kind, apart in ((np.float64, 1e-15), (np.float32, 1e-6)):
        assert refit_report(Shifted(apart), around_zero.astype(kind), LABELS)["again"]
        assert not refit_report(Shifted(100 * apart), around_zero.astype(kind), LABELS)["again"]


def test_report_takes_many_small_classes() -> None:
    """A split by class needs a row of each on either side: three classes of two had an error."""
    classes = np.arange(6) // 2
    assert refit_report(DecisionTreeClassifier(random_state=0), INPUTS[:6], classes)["again"]
    two_rows = np.arange(200) < 2  # one of them is in the fit, or a class is missing
    assert refit_report(LogisticRegression(max_iter=5_000), INPUTS[:, :3], two_rows)["again"]


@pytest.mark.parametrize(
    "model", [ExtraTreesClassifier(20), DecisionTreeClassifier(max_features=1)], ids=repr
)
def test_report_sees_what_training_rows_hide(model: BaseEstimator) -> None:
    assert refit_report(model, INPUTS, LABELS) == {"again": False, "clones": False}


def test_report_takes_what_scikit_learn_takes() -> None:
    table = pd.DataFrame({"age": INPUTS[:, 0], "city": np.where(INPUTS[:, 1] > 18, "A", "B")})
    table.loc[::7, "age"] = np.nan
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["age"]), (OneHotEncoder(), ["city"])
    )
    names = pd.Series(np.where(LABELS == 1, "benign", "malignant"), index=np.arange(200) // 2)
    for target in (names, names.tolist(), names.astype("category"), names.astype("string")):
        same = refit_report(make_pipeline(columns, forest(0)), table, target)
        assert same == {"again": True, "clones": True}
    assert refit_report(forest(0), csr_matrix(INPUTS), LABELS)["again"]
    assert not refit_report(forest(None), INPUTS.tolist(), LABELS.tolist())["again"]
    rare = np.arange(200) == 0  # one row of a class: nothing to stratify
    assert refit_report(forest(0), INPUTS, rare)["again"]
    with pytest.raises(ValueError, match="estimator cannot be fitted on inputs"):
        refit_report(forest(0), table, names)


@pytest.mark.parametrize(
    "file",
    [
        b"csklearn.compose._column_transformer\n_ClassOfAnotherVersion\n.",
        b"cno_such_module\nModel\n.",
        b"\x80\x04",
        b"not a pickle",
    ],
)
def test_what_cannot_be_unpickled_is_named(file: bytes) -> None:
    with pytest.raises(ValueError, match="pickled cannot be unpickled here"):
        strictly(file)


class Interrupted(BaseEstimator):
    """An estimator that lets another thread leave its block of warnings while it is unpickled."""

    leave = threading.Event()
    left = threading.Event()

    def __reduce__(self):
        return _interrupted, ()


def _interrupted() -> Interrupted:
    Interrupted.leave.set()
    assert Interrupted.left.wait(10)
    return Interrupted()


def test_another_thread_cannot_undo_the_refusal() -> None:
    """Filters of warnings are shared: a model of another version loaded beside a prediction."""
    entered, version = threading.Event(), sklearn.__version__.encode()
    Interrupted.leave.clear(), Interrupted.left.clear()

    def predict_elsewhere() -> None:
        with warnings.catch_warnings():
            entered.set()
            Interrupted.leave.wait(10)
        Interrupted.left.set()

    model = make_pipeline(Interrupted(), DecisionTreeClassifier())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = threading.Thread(target=predict_elsewhere)
        other.start()
        assert entered.wait(10)
        try:
            with pytest.raises(ValueError, match="another version: {'0"):
                strictly(pickle.dumps(model).replace(version, b"0" + version[1:]))
        finally:
            Interrupted.leave.set()
            other.join()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_versions_are_read_in_every_protocol(protocol: int) -> None:
    """The version may stand in the file already: a note, or another step, then refers to it."""
    steps = [Bomb(), StandardScaler(), forest(0).fit(INPUTS, LABELS)]
    steps[1].note = [sklearn.__version__, "_sklearn_version", 5]
    written, version = pickle.dumps(steps, protocol), sklearn.__version__.encode()
    Bomb.ran = False
    with pytest.raises(ValueError, match="another version"):
        strictly(written.replace(version, b"0" + version[1:]))
    assert not Bomb.ran
    with pytest.raises(TypeError, match="pickled must hold an estimator, got list"):
        strictly(written)
    Bomb.ran = False


def test_a_frame_between_key_and_version_hides_nothing() -> None:
    """A pickle of 64 kB or more is cut into frames, at any place between two steps."""
    version, cut = sklearn.__version__.encode(), False
    Bomb.ran = False
    for length in range(21_800, 21_920, 4):
        written = pickle.dumps([list(range(length)), Bomb(), StandardScaler()], 4)
        cut |= b"_sklearn_version\x94\x95" in written  # the key, and then a frame
        with pytest.raises(ValueError, match="another version"):
            strictly(written.replace(version, b"0" + version[1:]))
    assert cut and not Bomb.ran


def test_a_file_of_joblib_is_refused_by_name() -> None:
    import joblib

    file = BytesIO()
    joblib.dump(DecisionTreeClassifier().fit(INPUTS, LABELS), file)
    with pytest.raises(ValueError, match="joblib.dump"):
        strictly(file.getvalue())


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


def test_every_digit_of_the_checksum_counts() -> None:
    written = pickle.dumps(LinearRegression())
    right = hashlib.sha256(written).hexdigest()
    for place in (0, 31, 63):
        wrong = right[:place] + ("1" if right[place] == "0" else "0") + right[place + 1 :]
        with pytest.raises(ValueError, match="pickled is damaged"):
            load_strictly(written, wrong)


def test_bad_input_is_named() -> None:
    inputs, labels = INPUTS[:20], LABELS[:20]
    names_bad_input(
        refit_report, estimator=DecisionTreeClassifier(random_state=0), inputs=inputs, labels=labels,
        paired=("inputs", "labels"), allow=[("labels", TEXT), ("labels", INFINITE), ("inputs", NAN)],
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


def test_a_mask_is_named() -> None:
    rows = np.random.default_rng(0).normal(size=(30, 2))
    masked = np.ma.masked_array(rows, mask=rows > 1)
    with pytest.raises(ValueError, match="inputs and labels: it does not see a mask"):
        refit_report(LogisticRegression(), masked, [0, 1] * 15)


def test_an_answer_that_is_nan_twice_is_the_same() -> None:
    class Unsure(LogisticRegression):
        def predict_proba(self, inputs: np.ndarray) -> np.ndarray:
            return np.full((len(inputs), 2), np.nan)

    rows = np.random.default_rng(0).normal(size=(30, 2))
    assert refit_report(Unsure(), rows, [0, 1] * 15) == {"again": True, "clones": True}
    with pytest.raises(TypeError, match="estimator must be an estimator with fit and predict"):
        refit_report(StandardScaler(), rows, [0, 1] * 15)
