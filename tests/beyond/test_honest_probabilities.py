"""docs/beyond/honest-probabilities.md"""

from functools import cache

import numpy as np
import pytest
import sklearn
from packaging.version import parse
from scipy.special import expit, logit
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits, make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from docs.beyond.figures.prior_correction import KNOB, LEVELS, measure, scored
from proof.claims import Claim
from snippets.beyond.prior_correction import correct_prior, payments
from snippets.beyond.split_conformal import conformal_sets
from tools.bad_input import names_bad_input


def moved_auc(seed: int) -> float:
    """How far undersampling moves the AUC of a forest that is fitted on a few dozen frauds."""
    features, fraud = payments(11_400, seed)
    train, test = slice(0, 1_400), slice(1_400, None)
    events, others = (np.flatnonzero(fraud[train] == one) for one in (1, 0))
    found = []
    for rows in (np.arange(1_400), np.r_[events, others[: len(events)]]):
        forest = RandomForestClassifier(10, min_samples_leaf=5, random_state=0)
        forest.fit(features[rows], fraud[rows])
        found.append(roc_auc_score(fraud[test], forest.predict_proba(features[test])[:, 1]))
    return abs(found[1] - found[0])


@cache
def of_few_frauds(seed: int) -> tuple[float, float]:
    """Mean of an undersampled, corrected model over that of the plain one, and the share of
    decisions that a balanced one shares: a logistic regression of twenty columns."""
    features, fraud = payments(7_400, seed)
    noise = np.random.default_rng(seed + 1_000).normal(size=(len(features), 16))
    features, train, test = np.column_stack([features, noise]), slice(0, 1_400), slice(1_400, None)
    events, others = (np.flatnonzero(fraud[train] == one) for one in (1, 0))
    part, rate = np.r_[events, others[: len(events)]], fraud[train].mean()
    plain, few, balanced = (
        LogisticRegression(class_weight=weight).fit(features[rows], fraud[rows]).predict_proba(features[test])[:, 1]
        for rows, weight in ((train, None), (part, None), (train, "balanced"))
    )  # fmt: skip
    corrected = correct_prior(few, 0.5, rate)
    return corrected.mean() / plain.mean(), np.mean((plain > rate) == (balanced > 0.5))


@cache
def recalibrated(seed: int, method: str) -> tuple[float, float]:
    """Log loss added by recalibrating on a hundred labels, and the share of predicted classes moved."""
    table, label = make_classification(
        3_000, 8, n_informative=4, n_redundant=0, n_classes=3, flip_y=0.2, random_state=seed
    )
    forest = RandomForestClassifier(30, min_samples_leaf=5, random_state=0)
    forest.fit(table[:500], label[:500])
    model = CalibratedClassifierCV(FrozenEstimator(forest), method=method)
    model.fit(table[500:600], label[500:600])
    before, after = (one.predict_proba(table[600:]) for one in (forest, model))
    after /= after.sum(axis=1, keepdims=True)  # of isotonic, which rounds
    added = log_loss(label[600:], after) - log_loss(label[600:], before)
    return added, np.mean(before.argmax(axis=1) != after.argmax(axis=1))


@cache
def on_a_skewed_column(seed: int, logarithm: bool = False) -> tuple[float, float]:
    """How far balanced weights move the AUC, and the share of decisions that stay."""
    rng = np.random.default_rng(seed)
    size, other = rng.normal(size=(2, 30_000))
    fraud = rng.logistic(size=30_000) < 1.5 * size - other - 5
    features = np.column_stack([size if logarithm else np.exp(1.5 * size) / 3, other])
    plain, balanced = (
        LogisticRegression(class_weight=weight).fit(features, fraud).predict_proba(features)[:, 1]
        for weight in (None, "balanced")
    )
    moved = abs(roc_auc_score(fraud, balanced) - roc_auc_score(fraud, plain))
    return moved, np.mean((plain > fraud.mean()) == (balanced > 0.5))


def test_balancing_multiplies(claim: Claim) -> None:
    """With rare events, hundreds of them in training, and a model whose form fits the data,
    undersampling or balanced weights multiply the mean score and the Brier score, and hardly move
    the AUC."""
    others = [{"how": "balanced"}, {"model": "bayes"}]
    for metric, least in (("mean", 7), ("brier", 3)):
        claim.effect(
            f"{metric}, times", lambda seed, m=metric, **s: measure(seed, metric=m, **s),
            knob="level", **KNOB.ends, above=least, off_above=0.9, off_below=1.1, also=others,
        )  # fmt: skip
    claim.effect(
        "times", lambda seed, **s: measure(seed, -4.6, **s), knob="metric", on="mean", off="AUC",
        above=7, off_above=0.99, off_below=1.01, also=others,
    )  # fmt: skip
    claim.limit(
        "Where the risk follows the logarithm of a skewed column, and a logistic regression gets the "
        "column itself, balancing moves the AUC by points.",
        "AUC that moves", lambda seed: on_a_skewed_column(seed)[0], above=0.015,
    )  # fmt: skip
    assert all(on_a_skewed_column(seed, True)[0] < 0.002 for seed in range(3))
    claim.limit(
        "With three dozen frauds in training, undersampling moves the AUC of a small forest by "
        "more than a point.",
        "AUC that moves, mean over three draws",
        lambda seed: np.mean([moved_auc(3 * seed + k) for k in range(3)]), above=0.01,
    )  # fmt: skip
    claim.limit(
        "With a hundred held-out labels of three classes, `isotonic` worsens the log loss of a "
        "forest, and sigmoid does not.",
        "log loss added by isotonic", lambda seed: recalibrated(seed, "isotonic")[0], above=0.15,
    )  # fmt: skip
    assert np.mean([recalibrated(seed, "sigmoid")[0] for seed in range(3)]) < 0.01
    assert recalibrated(0, "sigmoid")[1] > 0
    if parse(sklearn.__version__) >= parse("1.8"):
        assert recalibrated(0, "temperature")[1] == 0


def off_by(
    seed: int, corrected: bool, metric: str = "mean", level: float = -4.6, **more: str
) -> float:
    """How far the score is from that of the plain model, as a share of it."""
    more = {"how": "undersampled"} | more
    (plain, later, rate), (score, _, _) = scored(seed, level, "plain"), scored(seed, level, **more)
    score = correct_prior(score, 0.5, rate) if corrected else score
    if metric == "mean":
        return abs(score.mean() / plain.mean() - 1)
    return abs(brier_score_loss(later, score) / brier_score_loss(later, plain) - 1)


def test_correction_restores(claim: Claim) -> None:
    """If the model is calibrated on new rows like those that it was shown, one line with the two
    shares of events restores mean score and Brier score."""
    claim.effect(
        "off by", off_by, knob="corrected", on=True, off=False, below=0.15, off_above=2.0,
        also=[{"how": "balanced"}, {"metric": "brier"}, {"level": -3.5}],
    )  # fmt: skip

    def forest(seed: int) -> float:
        score, later, rate = scored(seed, -4.6, "balanced", "leaves")
        return correct_prior(score, 0.5, rate).mean() / later.mean()

    claim.limit(
        "A random forest with balanced weights and small leaves is not calibrated on what it was "
        "shown: corrected, its mean score is far below the share of events.",
        "corrected mean over share of events", forest, below=0.82,
    )  # fmt: skip
    claim.limit(
        "Undersampled to three dozen frauds and corrected, a logistic regression of twenty columns "
        "has about twice the plain mean score.",
        "corrected mean over the plain one, mean over four draws",
        lambda seed: np.mean([of_few_frauds(4 * seed + k)[0] for k in range(4)]),
        above=1.6, below=3.2,
    )  # fmt: skip


def agreement(
    seed: int, cut: str, level: float = -4.6, how: str = "balanced", model: str = "logistic"
) -> float:
    (plain, _, rate), (score, _, _) = (
        scored(seed, level, "plain", model),
        scored(seed, level, how, model),
    )
    return np.mean((plain > (rate if cut == "share" else 0.5)) == (score > 0.5))


def test_a_cut_instead_of_balance(claim: Claim) -> None:
    """With hundreds of events in training and a form that fits the data, a balanced logistic
    regression cut at one half decides nearly all rows as the plain one does, cut at the share of
    events."""
    claim.effect(
        "same decision", agreement, knob="cut", on="share", off="half", above=0.95, off_below=0.86,
        also=[{"how": "undersampled"}, {"level": -3.5}],
    )  # fmt: skip
    claim.limit(
        "There, balanced and plain, each with its cut, decide one row in ten differently.",
        "same decision, skewed column", lambda seed: on_a_skewed_column(seed)[1],
        above=0.84, below=0.93,
    )  # fmt: skip
    assert all(on_a_skewed_column(seed, True)[1] > 0.98 for seed in range(3))
    claim.limit(
        "Such a forest and a plain one, each with its cut, decide one row in ten or more differently.",
        "same decision, forest", lambda seed: agreement(seed, "share", model="leaves"), below=0.9,
    )  # fmt: skip
    claim.limit(
        "Balanced and plain, with as few frauds and as many columns, decide more than one row in "
        "twenty differently.",
        "same decision, mean over four draws",
        lambda seed: np.mean([of_few_frauds(4 * seed + k)[1] for k in range(4)]), below=0.945,
    )  # fmt: skip


@cache
def digits_model(seed: int, kind: str = "logistic") -> tuple:
    pictures, digits = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(pictures))
    model = {
        "logistic": lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)),
        "neighbours": lambda: KNeighborsClassifier(15),
    }[kind]()
    model.fit(pictures[order[:700]], digits[order[:700]])
    return model, pictures, digits, order


@cache
def sets(
    seed: int, shift: str, coverage: float = 0.95, kind: str = "logistic"
) -> tuple[float, float]:
    model, pictures, digits, order = digits_model(seed, kind)
    held_out, test = order[700:1_250], order[1_250:]
    batch = {
        "none": pictures[test],
        "pixel": np.roll(pictures[test].reshape(-1, 8, 8), 1, axis=2).reshape(-1, 64),
    }[shift]
    known = model.predict_proba(pictures[held_out])
    found = conformal_sets(known, digits[held_out], model.predict_proba(batch), coverage)
    return found[np.arange(len(test)), digits[test]].mean(), found.sum(axis=1).mean()


def test_coverage_has_a_premise(claim: Claim) -> None:
    """Without a shift, sets of digits cover about what they promise; pictures that are moved by one
    pixel get far less."""

    def missing(seed: int, shift: str, coverage: float = 0.95, kind: str = "logistic") -> float:
        return coverage - sets(seed, shift, coverage, kind)[0]

    claim.effect(
        "coverage that is missing", missing, knob="shift", on="pixel", off="none", above=0.25,
        off_above=-0.06, off_below=0.06, also=[{"coverage": 0.9}, {"kind": "neighbours"}],
    )  # fmt: skip
    claim.limit(
        "At a promise above the model's accuracy, sets grow under the shift, and still do not cover "
        "what was promised.",
        "growth of the sets, if coverage is missing",
        lambda s: (sets(s, "pixel", 0.99)[1] - sets(s, "none", 0.99)[1]) * (missing(s, "pixel", 0.99) > 0.1),
        above=0.15,
    )  # fmt: skip

    def misses(seed: int) -> float:
        rng, found = np.random.default_rng(seed), []
        for _ in range(200):  # a coin of known chance: the coverage of a cut is exact
            chance = rng.random(100)
            served = np.linspace(0.0005, 0.9995, 1_000)
            known = np.column_stack([1 - chance, chance])
            new = np.column_stack([1 - served, served])
            found.append(conformal_sets(known, np.ones(100), new)[:, 1].mean())
        assert np.mean(found) == pytest.approx(0.955, abs=0.015)
        return np.mean(np.array(found) < 0.93)

    claim.limit(
        "The promise holds on average over held-out samples: with a hundred held-out rows, one "
        "sample in several misses it by more than two points.",
        "samples below 93%", misses, above=0.05, below=0.3,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_correction_shifts_the_log_odds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score, (trained, true) = rng.random(50), rng.uniform(0.01, 0.99, 2)
    expected = expit(logit(score) - logit(trained) + logit(true))
    assert correct_prior(score, trained, true) == pytest.approx(expected)


def test_correction_at_its_edges() -> None:
    assert correct_prior([0, 1], 0.5, 0.01).tolist() == [0, 1]
    assert correct_prior([0.2, 0.7], 0.3, 0.3) == pytest.approx([0.2, 0.7])
    assert correct_prior([0.5], 0.5, 0.02) == pytest.approx([0.02])
    for bad in ([-0.1, 0.5], [0.5, 1.1], 0.5):
        with pytest.raises(ValueError, match="score"):
            correct_prior(bad, 0.5, 0.1)
    for rate in (0, 1):
        with pytest.raises(ValueError, match="true_rate"):
            correct_prior([0.5], 0.5, rate)
        with pytest.raises(ValueError, match="trained_rate"):
            correct_prior([0.5], rate, 0.5)


def test_recalibration_with_labels_says_the_same() -> None:
    features, fraud = payments(40_000, seed=3)
    model = LogisticRegression(class_weight="balanced").fit(features[:10_000], fraud[:10_000])
    calibrated = CalibratedClassifierCV(FrozenEstimator(model)).fit(
        features[10_000:30_000], fraud[10_000:30_000]
    )
    test = features[30_000:]
    ours = correct_prior(model.predict_proba(test)[:, 1], 0.5, fraud[:30_000].mean())
    theirs = calibrated.predict_proba(test)[:, 1]
    assert np.mean(np.abs(ours - theirs)) < 0.01
    assert ours.mean() == pytest.approx(theirs.mean(), rel=0.2)


def test_temperature_does_not_undo_balancing() -> None:
    """The page recommended it for several classes, in the step that recalibrates."""
    table, label = make_classification(
        6_000, 8, n_informative=4, n_redundant=0, n_classes=3, weights=[0.9, 0.07, 0.03],
        flip_y=0.02, class_sep=0.8, n_clusters_per_class=1, random_state=0,
    )  # fmt: skip
    model = LogisticRegression(class_weight="balanced").fit(table[:2_000], label[:2_000])
    times = {}
    for method in ("sigmoid", "temperature")[: 1 + (parse(sklearn.__version__) >= parse("1.8"))]:
        after = CalibratedClassifierCV(FrozenEstimator(model), method=method)
        after.fit(table[2_000:4_000], label[2_000:4_000])
        score = after.predict_proba(table[4_000:])[:, 2].mean()
        times[method] = score / np.mean(label[4_000:] == 2)
    assert times["sigmoid"] == pytest.approx(1, abs=0.25)
    assert times.get("temperature", 9) > 3


def test_payments() -> None:
    features, fraud = payments(50_000, seed=1)
    assert fraud.mean() == pytest.approx(0.026, abs=0.004)
    for one_in, level in LEVELS.items():  # as the stops of the knob are called
        assert payments(50_000, level=level)[1].mean() * one_in == pytest.approx(1, abs=0.15)
    model = LogisticRegression(C=1e6).fit(features, fraud)
    assert model.coef_[0] == pytest.approx([1, -1, 0.5, 0], abs=0.12)
    assert model.intercept_[0] == pytest.approx(-4.6, abs=0.15)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.95])
def test_sets_are_those_of_mapie(seed: int, coverage: float) -> None:
    from mapie.classification import SplitConformalClassifier

    rng = np.random.default_rng(seed)
    features = rng.normal(size=(400, 3))
    labels = np.argmax(features + rng.gumbel(size=(400, 3)), axis=1)
    model = LogisticRegression().fit(features[:100], labels[:100])
    held_out, test = features[100:300], features[300:]
    conformal = SplitConformalClassifier(
        model, confidence_level=coverage, conformity_score="lac", prefit=True
    ).conformalize(held_out, labels[100:300])
    theirs = conformal.predict_set(test)[1][:, :, 0]
    ours = conformal_sets(
        model.predict_proba(held_out), labels[100:300], model.predict_proba(test), coverage
    )
    assert np.array_equal(ours, theirs)


def test_rank_and_ties() -> None:
    held_out = np.array([[0.9, 0.1], [0.75, 0.25], [0.5, 0.5]])
    served = np.array([[0.5, 0.5], [0.74, 0.26], [0.76, 0.24]])
    labels = [0, 0, 0]
    # Surprises 0.1, 0.25 and 0.5; of three rows, the second is the rank for one half.
    assert conformal_sets(held_out, labels, served, 0.5).tolist() == [
        [False, False], [False, False], [True, False],
    ]  # fmt: skip
    assert conformal_sets(held_out, labels, served, 0.75)[0].tolist() == [True, True]
    with pytest.raises(ValueError, match="held_out"):
        conformal_sets(held_out, labels, served, 0.76)
    for bad in ([0, 0, 2], [0, -1, 0]):
        with pytest.raises(ValueError, match="labels"):
            conformal_sets(held_out, bad, served, 0.5)
    with pytest.raises(ValueError, match="served"):
        conformal_sets(held_out, labels, served[:, :1], 0.5)


def test_probabilities_of_two_precisions_are_the_same_probabilities() -> None:
    """Leaves of a tree, the served side through float32: a leaf at the limit left every set."""
    rng = np.random.default_rng(0)
    held_out, served = rng.choice([0.1, 0.3, 0.6, 0.7], size=(2, 500))
    both = [np.column_stack([1 - one, one]) for one in (held_out, served)]
    labels = (rng.random(500) < held_out).astype(int)
    for coverage in np.arange(0.5, 1, 0.05):
        expected = conformal_sets(both[0], labels, both[1], coverage)
        for copies in ((both[0].astype("f4"), both[1]), (both[0], both[1].astype("f4"))):
            assert (conformal_sets(copies[0], labels, copies[1], coverage) == expected).all()


def test_the_rank_of_a_whole_product_is_that_product() -> None:
    """100 * 0.55 is a hair above 55 as a float: the sets held one score too many."""
    scores = np.arange(1, 100) / 100
    shown = np.column_stack([1 - scores, scores])
    for percent in range(1, 100):
        sets = conformal_sets(shown, np.zeros(99), shown, percent / 100)
        assert sets[:, 0].sum() == percent


def test_bad_input_is_named() -> None:
    names_bad_input(
        correct_prior,
        score=[0.1, 0.4, 0.9],
        trained_rate=0.5,
        true_rate=0.1,
        bounds={"trained_rate": "(0, 1)", "true_rate": "(0, 1)"},
    )
    names_bad_input(
        payments,
        rows=20,
        allow=[("level", "negative")],
        bounds={"rows": "[1, inf)", "seed": "[0, inf)"},
    )
    held_out = np.full((40, 2), 0.5)
    for coverage in (0, 1):
        with pytest.raises(ValueError, match="coverage must be between 0 and 1"):
            conformal_sets(held_out, [0, 1] * 20, held_out, coverage)
    conformal_sets(held_out, [0, 1] * 20, held_out, 40 / 41)  # the last row decides
    with pytest.raises(ValueError, match="held_out must have more rows for a coverage"):
        conformal_sets(held_out, [0, 1] * 20, held_out, 0.976)
    sure = np.array([[0.0, 1.0], [1.0, 0.0]] * 20)
    assert conformal_sets(sure, [1, 0] * 20, sure).tolist() == (sure == 1).tolist()
    for bad in (-0.5, 1.5):
        with pytest.raises(ValueError, match="served must hold probabilities between 0 and 1"):
            conformal_sets(held_out, [0, 1] * 20, [[0.5, bad]])
    for classes in (1, 3):
        with pytest.raises(ValueError, match="served must have the classes of held_out"):
            conformal_sets(held_out, [0, 1] * 20, np.full((4, classes), 1 / classes))
    for label in (-1, 2, 3):
        with pytest.raises(ValueError, match="labels must be column numbers of held_out"):
            conformal_sets(held_out, [label, 1] * 20, held_out)
    conformal_sets(held_out, [1] * 40, held_out)  # a class may be absent
    names_bad_input(
        conformal_sets, held_out=held_out, labels=np.arange(40) % 2, served=held_out[:3],
        paired=("held_out", "labels"))  # fmt: skip
