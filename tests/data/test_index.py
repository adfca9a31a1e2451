"""docs/data/index.md"""

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import load_digits
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from docs.data.figures.concept_turn import KNOB, measure, moved
from proof.claims import Claim
from snippets.data.silent_faults import TEXTBOOK_PIPELINE, customers
from snippets.data.three_shifts import shift_signature
from tools.bad_input import NONE, names_bad_input

LOUD, HARD = (0.5, 0.75), (0.6, -0.4)  # along the boundary, and towards it
MODELS = {
    "logistic regression": LogisticRegression(solver="newton-cholesky"),
    "discriminant": LinearDiscriminantAnalysis(),
}
OTHERS = [{"model": "discriminant"}, {"rows": 4_000}]


def population(rng, prior=0.2, move=(0, 0), level=0, turn=0, rows=10_000, apart=1, strength=1):
    """`apart` moves the classes apart, and the log odds with them; `strength` moves these alone."""
    side = np.where(rng.random(rows) < prior, 1, -1)
    features = rng.normal(size=(rows, 2)) + np.outer(side, [0.75 * apart, -0.5 * apart]) + move
    angle = np.arctan2(-1, 1.5) + np.deg2rad(turn)
    effects = strength * apart * np.hypot(1.5, 1) * np.array([np.cos(angle), np.sin(angle)])
    log_odds = features @ effects + np.log(prior / (1 - prior)) + level
    return features, (log_odds > rng.logistic(size=rows)).astype(int)


@cache
def signature(
    seed: int, model: str = "logistic regression", rows: int = 10_000, trained: int = 10_000,
    prior: float = 0.2, move: tuple[float, float] = (0, 0), level: float = 0, turn: float = 0,
    apart: float = 1, strength: float = 1,
) -> dict[str, float]:  # fmt: skip
    rng = np.random.default_rng(seed)
    fitted = clone(MODELS[model]).fit(*population(rng, rows=trained, apart=apart))
    reference, _ = population(rng, rows=rows, apart=apart)
    current = population(rng, prior, move, level, turn, rows, apart, strength)
    return shift_signature(fitted, reference, *current)


def change(monitor: str, seed: int, given: dict, **shift) -> float:
    return signature(seed, **shift, **given)[monitor] - signature(seed, **given)[monitor]


def test_loud_and_harmless(claim: Claim) -> None:
    """A covariate shift can move the inputs far and leave the accuracy where it was."""

    def harmless(seed: int, move: tuple[float, float], **given) -> float:
        """Return the distance of the inputs, or 0 if the accuracy has moved."""
        moved = abs(change("accuracy", seed, given, move=move)) > 0.03
        return 0 if moved else signature(seed, move=move, **given)["inputs"]

    claim.effect(
        "distance of the inputs", harmless, knob="move", on=LOUD, off=(0, 0),
        above=0.2, off_below=0.08, also=OTHERS,
    )  # fmt: skip
    claim.limit(
        "Moved towards the boundary instead of along it, the inputs cost accuracy.",
        "loss of accuracy", lambda seed: -change("accuracy", seed, {}, move=HARD), above=0.025,
    )  # fmt: skip


def test_estimate_follows_a_covariate_shift(claim: Claim) -> None:
    """Where the model knows the relation, its estimate without labels follows the accuracy down."""

    def error(seed: int, turn: float, move: tuple[float, float] = HARD, **given) -> float:
        """Return how far the estimate lies off, or 1 if the accuracy has not fallen."""
        shifted = signature(seed, move=move, turn=turn, **given)
        fell = change("accuracy", seed, given, move=move, turn=turn) < -0.015
        return abs(shifted["estimate"] - shifted["accuracy"]) if fell else 1.0

    claim.effect(
        "error of the estimate", error, knob="turn", on=0, off=60, below=0.03, off_above=0.06,
        also=[{"model": "discriminant"}, {"move": (0.9, -0.6)}],
    )  # fmt: skip

    def bent(seed: int) -> float:
        rng = np.random.default_rng(seed)

        def draw(mean: float) -> tuple[np.ndarray, np.ndarray]:
            inputs = rng.normal(mean, 0.7, size=(4_000, 1))
            return inputs, (3 * (inputs[:, 0] ** 2 - 1) > rng.logistic(size=4_000)).astype(int)

        line = LogisticRegression().fit(*draw(1))
        held_out, moved = shift_signature(line, draw(1)[0], *draw(1)), draw(-1)
        assert abs(held_out["estimate"] - held_out["accuracy"]) < 0.05
        found = shift_signature(line, draw(1)[0], *moved)
        return found["estimate"] - found["accuracy"]

    claim.limit(
        "A straight line that fits a bent relation where it was trained is wrong, and sure of "
        "itself, where the inputs move to.",
        "estimate minus accuracy", bent, above=0.15,
    )  # fmt: skip


def test_ranking_hides_a_new_share(claim: Claim) -> None:
    """If the classes overlap, a new share of positives breaks the calibration and leaves the
    ranking almost alone."""

    def gap(seed: int, prior: float, **given) -> float:
        """Return the calibration gap, or 0 if the AUC has moved."""
        moved = abs(change("auc", seed, given, prior=prior)) > 0.04
        return 0 if moved else signature(seed, prior=prior, **given)["gap"]

    claim.effect(
        "calibration gap", gap, knob="prior", on=0.5, off=0.2, above=0.08, off_below=0.04,
        also=OTHERS,
    )  # fmt: skip
    claim.limit(
        "If the classes hardly overlap, a new share of positives leaves the calibration almost alone too.",
        "calibration gap", lambda seed: signature(seed, prior=0.5, apart=3)["gap"], below=0.02,
    )  # fmt: skip
    claim.limit(
        "On two hundred rows the calibration gap is large without any shift.",
        "gap, two hundred rows, nothing moved",
        lambda seed: np.mean([signature(10 * seed + draw, rows=200)["gap"] for draw in range(5)]),
        above=0.035,
    )  # fmt: skip


def test_concept_shift_is_silent(claim: Claim) -> None:
    """When the relation changes and the inputs do not, no monitor without labels moves while the
    accuracy falls."""

    claim.effect(
        "loss of accuracy", measure, knob="turn", **KNOB.ends, above=0.05, off_below=0.03,
        also=[{"model": MODELS["discriminant"]}, {"rows": 4_000}],
    )  # fmt: skip
    claim.limit(
        "A relation that grows stronger moves no monitor without labels either, and the accuracy rises.",
        "rise of the accuracy", lambda seed: change("accuracy", seed, {}, strength=2), above=0.01,
    )  # fmt: skip
    grown = {name: change(name, 0, {}, strength=2) for name in ("auc", "gap")}
    assert min(grown.values()) > 0.04  # the table on the page: gap, AUC up
    for name in WITHOUT_LABELS:  # they are functions of inputs that are the same
        claim.exact(name, moved(0, 60, model=MODELS["discriminant"])[name], 0)
    claim.limit(
        "If the inputs move together with the relation, the monitors move, and do not say how much "
        "accuracy is lost.",
        "error of the estimate",
        lambda seed: (
            signature(seed, turn=60, move=LOUD)["estimate"]
            - signature(seed, turn=60, move=LOUD)["accuracy"]
        ),
        above=0.05,
    )  # fmt: skip
    assert change("inputs", 0, {}, turn=60, move=LOUD) > 0.2


def test_a_new_correlation_costs_ranking_that_no_training_brings_back() -> None:
    """A row of the table: score and AUC move, inputs and gap do not."""

    def correlated(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        inputs, _ = population(rng)
        pair = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], len(inputs))
        ranks = pair.argsort(axis=0).argsort(axis=0)  # each column's values stay what they are
        inputs = np.take_along_axis(np.sort(inputs, axis=0), ranks, axis=0)
        log_odds = inputs @ [1.5, -1] + np.log(0.25)  # the relation of `population`
        return inputs, (log_odds > rng.logistic(size=len(inputs))).astype(int)

    for seed, model in enumerate(MODELS.values()):
        rng = np.random.default_rng(seed)
        old, again = (clone(model).fit(*draw) for draw in (population(rng), correlated(rng)))
        before = shift_signature(old, population(rng)[0], *population(rng))
        rows = correlated(rng)
        found, retrained = (shift_signature(m, population(rng)[0], *rows) for m in (old, again))
        assert max(found["inputs"], found["gap"]) < 0.03
        assert found["score"] < -0.04 and found["auc"] < before["auc"] - 0.08
        assert retrained["auc"] < found["auc"] + 0.03


WITHOUT_LABELS = ("inputs", "score", "estimate")
PIXELS = load_digits(return_X_y=True)
READERS = {
    "logistic regression": LogisticRegression(C=0.01, solver="newton-cholesky"),
    "neighbours": KNeighborsClassifier(5),
    "forest": RandomForestClassifier(50, random_state=0),
}


@cache
def digits(
    seed: int, moved: int, axis: int = 2, reader: str = "logistic regression", seen: bool = False
) -> dict[str, float]:
    pictures, names = PIXELS[0].reshape(-1, 8, 8), PIXELS[1]
    even, order = names % 2 == 0, np.random.default_rng(seed).permutation(len(names))
    train, held_out, new = order[:900], order[900:1_350], order[1_350:]
    known = [pictures[train], *([np.roll(pictures[train], 1, axis)] * seen)]
    model = clone(READERS[reader]).fit(
        np.concatenate(known).reshape(-1, 64), np.tile(even[train], len(known))
    )
    current = np.roll(pictures[new], moved, axis).reshape(-1, 64)
    return shift_signature(model, pictures[held_out].reshape(-1, 64), current, even[new])


def test_estimate_fails_on_unknown_inputs(claim: Claim) -> None:
    """On inputs unlike any it was trained on, a model can stay confident while its accuracy falls."""

    def confident_loss(seed: int, moved: int, **given) -> float:
        """Return how much accuracy is lost, or 0 if the model doubts itself."""
        found = digits(seed, moved, **given)
        lost = digits(seed, 0, **given)["accuracy"] - found["accuracy"]
        return lost if found["estimate"] > 0.8 else 0

    claim.effect(
        "loss of accuracy", confident_loss, knob="moved", on=1, off=0, above=0.1, off_below=0.05,
        also=[{"reader": "neighbours"}, {"axis": 1}],
    )  # fmt: skip
    claim.limit(
        "A model that has seen moved pictures in training keeps more of its accuracy.",
        "accuracy on moved pictures, seen less unseen",
        lambda seed: digits(seed, 1, seen=True)["accuracy"] - digits(seed, 1)["accuracy"],
        above=0.05,
    )  # fmt: skip
    claim.limit(
        "A random forest on the same pictures doubts itself: its estimate falls as well.",
        "fall of the estimate",
        lambda seed: (
            digits(seed, 0, reader="forest")["estimate"] - digits(seed, 1, reader="forest")["estimate"]
        ),
        above=0.1,
    )  # fmt: skip


class Given(BaseEstimator):
    """A classifier that finds its probability in the first column."""

    def predict_proba(self, inputs):
        score = np.asarray(inputs)[:, 0]
        return np.column_stack([1 - score, score])


def test_a_linear_classifier_misses_a_changed_correlation() -> None:
    """What the pitfall says; the solution on the page has a tree."""
    rng, auc = np.random.default_rng(0), {}
    old, new = rng.normal(size=(2, 4_000, 2))
    new[:, 1] = 0.7 * new[:, 0] + np.sqrt(1 - 0.7**2) * new[:, 1]
    rows, is_new = np.stack([old, new], axis=1).reshape(-1, 2), np.tile([0, 1], 4_000)
    for model in (LogisticRegression(), DecisionTreeClassifier(min_samples_leaf=100)):
        score = model.fit(rows[:4_000], is_new[:4_000]).predict_proba(rows[4_000:])[:, 1]
        auc[type(model).__name__] = roc_auc_score(is_new[4_000:], score)
    assert abs(auc["LogisticRegression"] - 0.5) < 0.04
    assert auc["DecisionTreeClassifier"] > 0.6


def test_a_text_of_many_values_hides_the_other_columns() -> None:
    rng, gained = np.random.default_rng(0), {}
    for kinds in (3, 300):
        old, new = (
            pd.DataFrame(
                {"score": rng.random(1_000), "shop": rng.integers(kinds, size=1_000)}
            ).astype({"shop": str})
            for _ in range(2)
        )
        moved = new.assign(score=new["score"] ** 2)
        still, found = (shift_signature(Given(), old, now)["inputs"] for now in (new, moved))
        gained[kinds] = found - still
        assert (still > 0.25) == (kinds == 300)
    assert gained[3] > 0.15 > 0.05 > gained[300]


class Answers(BaseEstimator):
    """A classifier that always gives the same answers."""

    def __init__(self, answers):
        self.answers = answers

    def predict_proba(self, inputs):
        return self.answers


@pytest.mark.parametrize("kind", [bool, float, "int8"])
def test_signature_takes_classes_of_any_number(kind) -> None:
    rng = np.random.default_rng(0)
    inputs, labels = population(rng, rows=500)
    plain = shift_signature(LogisticRegression().fit(inputs, labels), inputs, inputs, labels)
    model = LogisticRegression().fit(inputs, labels.astype(kind))
    assert shift_signature(model, inputs, inputs, labels) == pytest.approx(plain)


@pytest.mark.parametrize("seed", range(10))
def test_signature_agrees_with_scipy_and_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference, current = rng.uniform(size=(300, 3)), rng.uniform(size=(200, 3)) ** 1.2
    current[:2, 0] = 1, 0
    labels, score = rng.integers(0, 2, 200), current[:, 0]
    edges, gap = np.linspace(0, 1, 11), 0.0
    for low, high in pairwise(edges):
        inside = (score >= low) & ((score < high) | (high == 1))
        if inside.any():
            gap += inside.mean() * abs(score[inside].mean() - labels[inside].mean())
    expected = {
        "inputs": max(ks_2samp(reference[:, j], current[:, j]).statistic for j in range(3)),
        "score": score.mean() - reference[:, 0].mean(),
        "estimate": np.maximum(score, 1 - score).mean(),
        "accuracy": accuracy_score(labels, score > 0.5),
        "auc": roc_auc_score(labels, score),
        "gap": gap,
    }
    assert shift_signature(Given(), reference, current, labels) == pytest.approx(expected)
    without = {name: expected[name] for name in ("inputs", "score", "estimate")}
    assert shift_signature(Given(), reference, current) == pytest.approx(without)


def test_missing_numbers_count_in_the_signature() -> None:
    known = pd.DataFrame({"score": [0.2] * 4, "x": [1.0, 2, 3, 4]})
    gone = known.assign(x=[1.0, np.nan, np.nan, np.nan])  # smaller than any number
    assert shift_signature(Given(), known, gone)["inputs"] == 0.75
    assert shift_signature(Given(), gone, known)["inputs"] == 0.75
    towns = known.assign(x=["a", "a", "b", None])  # a missing text is a text
    assert shift_signature(Given(), towns, towns.assign(x=["a", None, None, None]))["inputs"] == 0.5
    half = known.assign(x=[4.0, 4, np.nan, np.nan])
    assert shift_signature(Given(), known, half)["inputs"] == 0.5


def test_signature_by_hand() -> None:
    found = shift_signature(Given(), [[0.1], [0.3]], [[0.5], [0.9], [1.0], [0.2]], [0, 1, True, 1])
    expected = {"inputs": 0.75, "score": 0.45, "estimate": 0.8, "accuracy": 0.75, "auc": 2 / 3}
    assert found == pytest.approx(expected | {"gap": (0.5 + 0.1 + 0.8) / 4})
    assert all(type(value) is float for value in found.values())
    last_bins = shift_signature(Given(), [[0.5]], [[0.85], [0.95], [1.0]], [1, 1, 0])
    assert last_bins["gap"] == pytest.approx((0.15 + 0.95) / 3)


def test_scores_that_are_equal_up_to_rounding_share_a_bin() -> None:
    """0.7 - 0.4 is below 0.3 by the last bit: of two rows with the same score, the gap was 0.5."""
    found = shift_signature(Given(), [[0.3]], [[0.3], [0.7 - 0.4]], [1, 0])
    assert found["gap"] == pytest.approx(0.2)
    short = shift_signature(Given(), [[0.7]], np.float32([[0.7], [0.75]]), [1, 0])
    assert short["gap"] == pytest.approx(0.225)  # float32 has 0.69999999
    apart = shift_signature(Given(), [[0.3]], [[0.3], [0.3 - 1e-6]], [1, 0])
    assert apart["gap"] == pytest.approx(0.5, abs=1e-5)


def test_signature_takes_tables_and_booleans() -> None:
    rng = np.random.default_rng(0)
    inputs, labels = population(rng, rows=500)
    table = pd.DataFrame(inputs, columns=["income", "debt"])
    model = LogisticRegression().fit(table, labels)
    plain = LogisticRegression().fit(inputs, labels)
    found = shift_signature(model, table[:200], table[200:], labels[200:] == 1)
    assert found == pytest.approx(shift_signature(plain, inputs[:200], inputs[200:], labels[200:]))
    with pytest.raises(ValueError, match="reference must have the columns of the model"):
        shift_signature(model, table[["debt", "income"]], table)


def test_signature_of_a_real_table() -> None:
    table, labels = customers(900)
    table["income"] = table["income"].where(np.arange(900) % 50 > 0)
    model = clone(TEXTBOOK_PIPELINE).fit(table[:300], labels[:300])
    moved = table[600:].assign(city="Nice")
    plain = shift_signature(model, table[300:600], moved, labels[600:])
    assert plain["inputs"] == pytest.approx((table["city"][300:600] != "Nice").mean())
    other = moved.astype({"city": "category", "age": "Int64", "income": "Float64"})
    twice = other.set_index(np.zeros(300, int))
    for kind in ("Int64", "boolean", "float16", "uint8"):
        found = shift_signature(model, table[300:600], twice, labels[600:].astype(kind))
        assert found == pytest.approx(plain)
    for name, bad in (("age", "ten"), ("city", 4), ("age", pd.Timestamp(0))):
        with pytest.raises((TypeError, ValueError), match="current"):
            shift_signature(model, table[300:600], moved.assign(**{name: bad}))
    doubled = pd.DataFrame(np.ones((4, 2)), columns=["a", "a"])
    with pytest.raises(ValueError, match="reference must have rows and columns, and no two"):
        shift_signature(Given(), doubled, doubled)


@pytest.mark.parametrize("kind", ["int8", "float16", "float32", "boolean", "Int64", "category"])
def test_distance_is_the_same_for_each_dtype(kind: str) -> None:
    rng = np.random.default_rng(0)
    then, now = (pd.DataFrame({"p": rng.integers(0, 2, 300)}) for _ in range(2))
    expected = ks_2samp(then["p"], now["p"]).statistic
    assert shift_signature(Given(), then.astype(kind), now)["inputs"] == pytest.approx(expected)
    assert shift_signature(Given(), then, now.astype(kind))["inputs"] == pytest.approx(expected)
    prices = pd.DataFrame({"p": [0.111, 0.222, 0.333, 0.441] * 50})
    if kind == "float32":
        assert shift_signature(Given(), prices, prices.astype(kind))["inputs"] == 0


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    inputs, labels = population(rng, rows=40)
    model = LogisticRegression().fit(inputs, labels)
    names_bad_input(
        shift_signature,
        model=model,
        reference=inputs[:20],
        current=inputs[20:],
        labels=labels[20:],
        paired=("current", "labels"),
        allow=[("labels", NONE)],
    )
    one_column = LogisticRegression().fit(inputs[:, :1], labels)
    with pytest.raises(ValueError, match="current must be a table that the model takes"):
        shift_signature(model, inputs, inputs[:, :1])
    with pytest.raises(ValueError, match="reference must be a table that the model takes"):
        shift_signature(one_column, inputs, inputs[:, :1])
    with pytest.raises(ValueError, match="current must have the 2 columns of reference"):
        shift_signature(Given(), inputs, inputs[:, :1])
    with pytest.raises(TypeError, match="model must have predict_proba"):
        shift_signature(LinearRegression().fit(inputs, labels), inputs, inputs)
    one = DummyClassifier().fit(inputs, np.ones(40))
    with pytest.raises(ValueError, match="model must tell two classes apart, got 1"):
        shift_signature(one, inputs, inputs)
    words = LogisticRegression().fit(inputs, np.where(labels == 1, "buys", "no"))
    with pytest.raises(ValueError, match="model must have classes that are numbers"):
        shift_signature(words, inputs, inputs, labels)
    for answers in (np.full(40, 0.5), np.full((40, 2), np.nan)):
        with pytest.raises(ValueError, match="model must tell two classes apart"):
            shift_signature(Answers(answers), inputs, inputs)
    three = LogisticRegression().fit(inputs, np.arange(40) % 3)
    with pytest.raises(ValueError, match="model must tell two classes apart, got 3"):
        shift_signature(three, inputs, inputs)
    for wrong in (np.zeros(40), np.ones(40), labels + 1, labels[:, None], labels.astype(str)):
        with pytest.raises((TypeError, ValueError), match="labels must"):
            shift_signature(model, inputs, inputs, wrong)
    for name, flat in (("reference", (inputs[:, 0], inputs)), ("current", (inputs, inputs[:, 0]))):
        with pytest.raises(ValueError, match=f"{name} must be two-dimensional"):
            shift_signature(model, *flat)


def test_a_mask_and_a_ragged_list_are_named() -> None:
    inputs, labels = population(np.random.default_rng(0), rows=40)
    model = LogisticRegression().fit(inputs, labels)
    for rows in (np.ma.masked_array(inputs, mask=inputs > 1), [[1.0, 2.0], [3.0]]):
        with pytest.raises(ValueError, match="current must"):
            shift_signature(model, inputs, rows)
        with pytest.raises(ValueError, match="reference must"):
            shift_signature(model, rows, inputs)
