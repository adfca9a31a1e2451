"""docs/beyond/honest-probabilities.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from proof.claims import Claim
from snippets.beyond.prior_correction import correct_prior, payments
from snippets.beyond.split_conformal import conformal_sets
from tools.bad_input import names_bad_input


@cache
def measured(seed: int, level: float) -> pd.Series:
    """The worst over undersampled and balanced, against the plain model."""
    features, fraud = payments(20_000, seed, level)
    train, labels, test, later = (
        features[:10_000],
        fraud[:10_000],
        features[10_000:],
        fraud[10_000:],
    )
    events, others = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    equal = min(len(events), len(others))
    part = np.r_[events[:equal], others[:equal]]
    plain, under, balanced = (
        model.fit(train[rows], labels[rows]).predict_proba(test)[:, 1]
        for model, rows in (
            (LogisticRegression(), slice(None)),
            (LogisticRegression(), part),
            (LogisticRegression(class_weight="balanced"), slice(None)),
        )
    )
    rate = labels.mean()
    fixed = [correct_prior(score, 0.5, rate) for score in (under, balanced)]
    brier = brier_score_loss(later, plain)
    auc = roc_auc_score(later, plain)
    agreement = [np.mean((plain > cut) == (balanced > 0.5)) for cut in (rate, 0.5)]
    return pd.Series(
        {
            "mean": min(under.mean(), balanced.mean()) / plain.mean(),
            "brier": min(brier_score_loss(later, score) for score in (under, balanced)) / brier,
            "auc": max(abs(roc_auc_score(later, score) - auc) for score in (under, balanced)),
            "fixed mean": max(abs(score.mean() / plain.mean() - 1) for score in fixed),
            "fixed brier": max(brier_score_loss(later, score) for score in fixed) / brier,
            "agreement": agreement[0],
            "gain": agreement[0] - agreement[1],
        }
    )


def test_balancing_multiplies(claim: Claim) -> None:
    """With rare events, undersampling and balanced weights multiply the mean score and the Brier
    score, and leave the AUC where it was."""
    claim.holds("mean, times", lambda seed: measured(seed, -4.6)["mean"], above=8)
    claim.holds("Brier, times", lambda seed: measured(seed, -4.6)["brier"], above=4)
    claim.holds("change of AUC", lambda seed: measured(seed, -4.6)["auc"], below=0.015)
    claim.null("mean, half", lambda seed: measured(seed, 0.0)["mean"], above=0.95, below=1.05)
    claim.null("Brier, half", lambda seed: measured(seed, 0.0)["brier"], below=1.01)


def test_correction_restores(claim: Claim) -> None:
    """One line, with the two shares of events, restores mean score and Brier score."""
    claim.holds("mean, off by", lambda seed: measured(seed, -4.6)["fixed mean"], below=0.25)
    claim.holds("Brier, times", lambda seed: measured(seed, -4.6)["fixed brier"], below=1.05)
    claim.null("Brier, uncorrected", lambda seed: measured(seed, -4.6)["brier"], above=4)


def test_a_cut_instead_of_balance(claim: Claim) -> None:
    """A balanced model cut at one half decides nearly every row as the plain model does, cut at
    the share of events."""
    claim.holds("same decision", lambda seed: measured(seed, -4.6)["agreement"], above=0.96)
    claim.holds("gain of the cut", lambda seed: measured(seed, -4.6)["gain"], above=0.15)
    claim.null("gain, half", lambda seed: measured(seed, 0.0)["gain"], below=0.03)


@cache
def sets(seed: int, shift: str, coverage: float = 0.95) -> tuple[float, float]:
    pictures, digits = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(pictures))
    fitting, held_out, test = order[:700], order[700:1_250], order[1_250:]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
    model.fit(pictures[fitting], digits[fitting])
    batch = {
        "none": pictures[test],
        "darker": pictures[test] * 0.5,
        "pixel": np.roll(pictures[test].reshape(-1, 8, 8), 1, axis=2).reshape(-1, 64),
    }[shift]
    known = model.predict_proba(pictures[held_out])
    found = conformal_sets(known, digits[held_out], model.predict_proba(batch), coverage)
    return found[np.arange(len(test)), digits[test]].mean(), found.sum(axis=1).mean()


def test_coverage_has_a_premise(claim: Claim) -> None:
    """Without a shift the sets cover what they promise; pictures moved by one pixel get less than
    two thirds of it, and the sets do not grow to show it."""
    claim.holds("covered, pixel", lambda seed: sets(seed, "pixel")[0], below=0.6)
    claim.holds("growth", lambda s: sets(s, "pixel")[1] - sets(s, "none")[1], below=0.1)
    claim.null("covered, no shift", lambda seed: sets(seed, "none")[0], above=0.9)


def test_darker_pictures(claim: Claim) -> None:
    """Pictures at half the brightness break the promise too."""
    claim.holds("covered, darker", lambda seed: sets(seed, "darker")[0], below=0.88)
    claim.null("covered, no shift", lambda seed: sets(seed, "none")[0], above=0.9)


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


def test_payments() -> None:
    features, fraud = payments(50_000, seed=1)
    assert fraud.mean() == pytest.approx(0.026, abs=0.004)
    assert payments(50_000, level=0.0)[1].mean() == pytest.approx(0.5, abs=0.01)
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
