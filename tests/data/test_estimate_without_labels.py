"""docs/data/estimate-without-labels.md"""

from functools import cache

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score

from proof.claims import Claim
from snippets.data.confidence_based_estimate import confidence_based_estimate
from snippets.data.label_shift import label_shift_prior, reweight_posterior
from tools.bad_input import names_bad_input


def world(seed: int, centre: float = 2, swap: float = 0, rows: int = 10_000):
    """Two columns; `centre` moves the second, `swap` is the share of rows with effects swapped."""
    rng = np.random.default_rng(seed)
    features = rng.normal([0, centre], 1, (rows, 2))
    swapped = rng.random(rows) < swap
    effect = np.where(swapped, features @ [-1.0, 1.5], features @ [1.5, -1.0])
    return features, effect > rng.logistic(size=rows)


@cache
def model(seed: int, seen: int = 2) -> LogisticRegression:
    features, labels = world(1_000 + seed)
    return LogisticRegression().fit(features[:, :seen], labels)


@cache
def scored(seed: int, seen: int = 2, centre: float = 2, swap: float = 0):
    features, labels = world(seed, centre, swap)
    return model(seed, seen).predict_proba(features[:, :seen])[:, 1], labels


def gap(seed: int, power: float = 1, **change: float) -> float:
    """Return estimated minus actual accuracy."""
    probability, labels = scored(seed, **change)
    odds = (probability / (1 - probability)) ** power
    estimate = confidence_based_estimate(odds / (1 + odds))["accuracy"]
    return estimate - np.mean((probability >= 0.5) == labels)


def actual_move(seed: int, centre: float) -> float:
    """Return by how much the actual accuracy differs from that of an unshifted sample."""
    (before, truth), (now, labels) = scored(seed + 500), scored(seed, centre=centre)
    return abs(np.mean((now >= 0.5) == labels) - np.mean((before >= 0.5) == truth))


def test_estimate_follows_a_covariate_shift(claim: Claim) -> None:
    """Under covariate shift, in either direction, the estimate follows the actual accuracy."""
    for centre in (0, 4):
        claim.holds("the actual accuracy moves", lambda seed: actual_move(seed, centre), above=0.04)
        claim.holds(
            "gap of the estimate", lambda seed: gap(seed, centre=centre), above=-0.02, below=0.02
        )
    claim.null("the actual accuracy without shift", lambda seed: actual_move(seed, 2), below=0.025)


def test_estimate_misses_a_concept_drift(claim: Claim) -> None:
    """Under concept drift the estimate stays where it was, while the actual accuracy collapses."""

    def estimate_moves(seed: int) -> float:
        drifted, _ = scored(seed, swap=1)
        stable, _ = scored(seed + 500)
        first, second = (confidence_based_estimate(p)["accuracy"] for p in (drifted, stable))
        return abs(first - second)

    claim.holds("gap, all rows swapped", lambda seed: gap(seed, swap=1), above=0.6)
    claim.holds("gap, a quarter swapped", lambda seed: gap(seed, swap=0.25), above=0.13)
    claim.holds("the estimate moves", estimate_moves, below=0.03)
    claim.null("gap, no row swapped", lambda seed: abs(gap(seed, swap=0)), below=0.02)


def test_unseen_column_is_concept_drift(claim: Claim) -> None:
    """A covariate shift in a column that the model does not see is a concept drift to it."""
    claim.holds("gap, column unseen", lambda seed: gap(seed, seen=1, centre=0), above=0.17)
    claim.null("gap, column seen", lambda seed: abs(gap(seed, centre=0)), below=0.02)
    claim.null("gap, unseen but unmoved", lambda seed: abs(gap(seed, seen=1)), below=0.02)


def test_over_confidence_is_believed(claim: Claim) -> None:
    """An over-confident model is believed: the estimate rises, and no decision gets better."""
    claim.holds("gap, odds squared", lambda seed: gap(seed, power=2), above=0.05)
    claim.null("gap, calibrated", lambda seed: abs(gap(seed, power=1)), below=0.02)


def test_few_labels_expose_concept_drift(claim: Claim) -> None:
    """Two hundred labelled rows expose a concept drift, by a gap of more than two standard errors."""

    def alarms(seed: int, swap: float) -> float:
        features, labels = world(seed, swap=swap, rows=40_000)
        probability = model(seed).predict_proba(features)[:, 1]
        outside = []
        for scores, truth in zip(np.split(probability, 200), np.split(labels, 200), strict=True):
            estimate = confidence_based_estimate(scores)
            distance = abs(estimate["accuracy"] - np.mean((scores >= 0.5) == truth))
            outside.append(distance > 2 * estimate["standard_error"])
        return np.mean(outside)

    claim.holds("alarms, a quarter swapped", lambda seed: alarms(seed, 0.25), above=0.95)
    claim.null("alarms, none swapped", lambda seed: alarms(seed, 0), above=0.005, below=0.13)


def population(seed: int, share: float, rows: int = 10_000):
    rng = np.random.default_rng(seed)
    labels = (rng.random(rows) < share).astype(int)
    return rng.normal(size=(rows, 2)) + 1.2 * labels[:, None], labels


@cache
def corrected(seed: int, share: float) -> dict[str, float]:
    """Return what the model, BBSE and the two possible truths say of one set of unlabelled rows."""
    train, held_out = population(1_000 + seed, 0.5), population(2_000 + seed, 0.5)
    fitted = LogisticRegression().fit(*train)
    features, labels = population(seed, share)
    posterior = fitted.predict_proba(features)
    prior = label_shift_prior(held_out[1], fitted.predict(held_out[0]), fitted.predict(features))
    moved = reweight_posterior(posterior, np.bincount(train[1]) / train[1].size, prior)
    covariate = np.random.default_rng(3_000 + seed).random(labels.size) < posterior[:, 1]
    found = {"mean score": posterior[:, 1].mean(), "BBSE": prior[1]}
    for name, truth in (("label", labels), ("covariate", covariate)):
        before, after = (np.mean(p.argmax(axis=1) == truth) for p in (posterior, moved))
        found |= {f"{name} share": truth.mean(), f"{name} gain": after - before}
        found |= {f"{name} gap": moved.max(axis=1).mean() - after}
    flagged = posterior[:, 1] >= 0.5
    old = confidence_based_estimate(posterior[:, 1])["precision"]
    found["precision gap"] = old - labels[flagged].mean()
    found["re-weighted precision gap"] = moved[flagged, 1].mean() - labels[flagged].mean()
    return found


def test_prior_is_recovered_under_label_shift(claim: Claim) -> None:
    """Under label shift, BBSE finds the new class share where the mean score does not, and
    re-weighting with it raises the accuracy without a label."""

    def error(seed: int, who: str, share: float = 0.1) -> float:
        return abs(corrected(seed, share)[who] - corrected(seed, share)["label share"])

    claim.holds("error of BBSE", lambda seed: error(seed, "BBSE"), below=0.04)
    claim.holds("error of the mean score", lambda seed: error(seed, "mean score"), above=0.15)
    claim.holds("gain in accuracy", lambda seed: corrected(seed, 0.1)["label gain"], above=0.08)
    claim.holds(
        "gap of the estimate", lambda seed: abs(corrected(seed, 0.1)["label gap"]), below=0.03
    )
    claim.null("error of the mean score", lambda seed: error(seed, "mean score", 0.5), below=0.02)
    claim.null("gain", lambda seed: abs(corrected(seed, 0.5)["label gain"]), below=0.01)


def test_label_shift_breaks_the_estimate(claim: Claim) -> None:
    """Label shift breaks the estimate of the precision, and re-weighted probabilities mend it."""
    claim.holds("gap", lambda seed: corrected(seed, 0.1)["precision gap"], above=0.3)
    claim.holds(
        "re-weighted",
        lambda seed: abs(corrected(seed, 0.1)["re-weighted precision gap"]),
        below=0.09,
    )
    claim.null(
        "no label shift", lambda seed: abs(corrected(seed, 0.5)["precision gap"]), below=0.04
    )


def test_unlabelled_rows_fit_two_worlds(claim: Claim) -> None:
    """The same unlabelled rows fit a label shift and a covariate shift, and re-weighting raises
    the accuracy in one world and lowers it in the other."""

    def error(seed: int, who: str, world: str, share: float = 0.1) -> float:
        return abs(corrected(seed, share)[who] - corrected(seed, share)[f"{world} share"])

    claim.holds(
        "mean score, covariate", lambda seed: error(seed, "mean score", "covariate"), below=0.02
    )
    claim.holds("BBSE, covariate", lambda seed: error(seed, "BBSE", "covariate"), above=0.15)
    claim.holds("gain, covariate", lambda seed: corrected(seed, 0.1)["covariate gain"], below=-0.04)
    claim.holds("gain, label shift", lambda seed: corrected(seed, 0.1)["label gain"], above=0.08)
    claim.holds(
        "re-weighted gap, covariate", lambda seed: corrected(seed, 0.1)["covariate gap"], above=0.1
    )
    claim.null(
        "BBSE, nothing shifted", lambda seed: error(seed, "BBSE", "covariate", 0.5), below=0.04
    )
    claim.null("gain", lambda seed: abs(corrected(seed, 0.5)["covariate gain"]), below=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_estimate_is_the_published_definition(seed: int) -> None:
    """NannyML's documentation, row by row: the prediction is wrong with probability |label - p|."""
    rng = np.random.default_rng(seed)
    probability, threshold = rng.random(50), float(rng.uniform(0.1, 0.9))
    cells = {"tp": 0.0, "fp": 0.0, "tn": 0.0, "fn": 0.0}
    for p in probability:
        predicted = int(p >= threshold)
        wrong = abs(predicted - p)
        cells["tp" if predicted else "tn"] += 1 - wrong
        cells["fp" if predicted else "fn"] += wrong
    estimate = confidence_based_estimate(probability, threshold)
    assert estimate["accuracy"] == pytest.approx((cells["tp"] + cells["tn"]) / 50)
    assert estimate["precision"] == pytest.approx(cells["tp"] / (cells["tp"] + cells["fp"]))
    assert estimate["recall"] == pytest.approx(cells["tp"] / (cells["tp"] + cells["fn"]))
    half = confidence_based_estimate(probability)
    assert half["accuracy"] == pytest.approx(np.maximum(probability, 1 - probability).mean())
    assert list(estimate) == ["accuracy", "standard_error", "precision", "recall"]


@pytest.mark.parametrize("seed", range(5))
def test_estimate_is_the_expectation_of_scikit_learns_metrics(seed: int) -> None:
    """Labels drawn from the probabilities, a thousand times: same mean, same spread."""
    rng = np.random.default_rng(seed)
    probability = rng.beta(1, 2, 100)
    predicted = probability >= 0.3
    estimate = confidence_based_estimate(probability, threshold=0.3)
    draws = rng.random((1_000, 100)) < probability
    hits = (draws & predicted).sum(axis=1)
    measured = {
        "accuracy": np.mean(draws == predicted, axis=1),
        "precision": hits / predicted.sum(),
        "recall": hits / draws.sum(axis=1),
    }
    assert estimate["standard_error"] == pytest.approx(measured["accuracy"].std(), rel=0.12)
    metrics = accuracy_score, precision_score, recall_score
    for (name, values), metric in zip(measured.items(), metrics, strict=True):
        assert values[0] == pytest.approx(metric(draws[0], predicted))
        assert estimate[name] == pytest.approx(values.mean(), abs=0.01)


def test_estimate_has_closed_forms() -> None:
    uniform = (np.arange(100_000) + 0.5) / 100_000
    assert confidence_based_estimate(uniform)["accuracy"] == pytest.approx(0.75)
    assert confidence_based_estimate(uniform)["precision"] == pytest.approx(0.75)
    assert confidence_based_estimate(uniform)["recall"] == pytest.approx(0.75)
    above = confidence_based_estimate(uniform, threshold=0.8)
    assert above["precision"] == pytest.approx(0.9)
    assert above["recall"] == pytest.approx(0.36)
    fair = confidence_based_estimate([0.5] * 4)
    assert fair == {"accuracy": 0.5, "standard_error": 0.25, "precision": 0.5, "recall": 1.0}


def test_estimate_at_its_edges() -> None:
    at_threshold = confidence_based_estimate([0.3, 0.1], threshold=0.3)
    assert at_threshold["precision"] == pytest.approx(0.3)
    assert at_threshold["accuracy"] == pytest.approx((0.3 + 0.9) / 2)
    certain = confidence_based_estimate([0, 1, 1])
    assert certain == {"accuracy": 1.0, "standard_error": 0.0, "precision": 1.0, "recall": 1.0}
    nobody = confidence_based_estimate([0.2, 0.4])
    assert np.isnan(nobody["precision"]) and nobody["recall"] == 0
    assert np.isnan(confidence_based_estimate([0.0, 0.0])["recall"])
    assert confidence_based_estimate([0.7])["standard_error"] == pytest.approx(np.sqrt(0.21))


@pytest.mark.parametrize("seed", range(20))
def test_prior_solves_the_equations_of_bbse(seed: int) -> None:
    """Lipton et al.: joint confusion matrix C, predicted shares mu, C w = mu, q(y) = w p(y)."""
    rng = np.random.default_rng(seed)
    classes = int(rng.integers(2, 6))
    labels = np.concatenate([np.arange(classes), rng.integers(0, classes, 400)])
    slip = rng.integers(0, classes, labels.size)
    predictions = np.where(rng.random(labels.size) < 0.7, labels, slip)
    joint = confusion_matrix(labels, predictions, normalize="all").T
    shares = joint / joint.sum(axis=0) @ rng.dirichlet(np.full(classes, 5))
    counts = np.round(shares * 10_000).astype(int)
    mu = counts / counts.sum()
    weights = np.linalg.solve(joint, mu)
    expected = weights * np.bincount(labels) / labels.size
    assert expected.min() > 0
    found = label_shift_prior(labels, predictions, np.repeat(np.arange(classes), counts))
    assert found == pytest.approx(expected)
    assert found.shape == (classes,)


@pytest.mark.parametrize("seed", range(10))
def test_two_classes_are_the_rogan_gladen_estimator(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], [300, 200])
    predictions = np.where(rng.random(500) < 0.8, labels, 1 - labels)
    new = (rng.random(400) < 0.4).astype(int)
    sensitivity, specificity = predictions[300:].mean(), 1 - predictions[:300].mean()
    expected = (new.mean() + specificity - 1) / (sensitivity + specificity - 1)
    assert label_shift_prior(labels, predictions, new) == pytest.approx([1 - expected, expected])


@pytest.mark.parametrize("seed", range(5))
def test_three_classes_from_an_uncalibrated_model(seed: int) -> None:
    """Nothing but hard predictions enters: a nearest-centre rule with one class preferred."""
    rng = np.random.default_rng(seed)
    centres = np.array([[0, 0], [2, 0], [0, 2]])

    def draw(shares: list[float], rows: int = 8_000):
        labels = rng.choice(3, rows, p=shares)
        features = centres[labels] + rng.normal(size=(rows, 2))
        distance = np.linalg.norm(features[:, None] - centres, axis=2) - [0.5, 0, 0]
        return labels, distance.argmin(axis=1)

    labels, predictions = draw([0.4, 0.3, 0.3])
    new_labels, new_predictions = draw([0.1, 0.2, 0.7])
    found = label_shift_prior(labels, predictions, new_predictions)
    counted = np.bincount(new_predictions) / new_predictions.size
    truth = np.bincount(new_labels) / new_labels.size
    assert np.abs(found - truth).max() < 0.05 < np.abs(counted - truth).max()


def test_prior_at_its_edges() -> None:
    labels, predictions = [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 1, 0]
    assert label_shift_prior(labels, predictions, predictions) == pytest.approx([0.5, 0.5])
    assert label_shift_prior(labels, predictions, [0, 0, 0, 0]).tolist() == [1, 0]
    assert label_shift_prior(labels, predictions, [1]).tolist() == [0, 1]
    assert label_shift_prior([0, 1], [0, 1], [1, 1, 1, 0]) == pytest.approx([0.25, 0.75])
    with pytest.raises(ValueError, match="predictions must tell the classes apart"):
        label_shift_prior([0, 0, 1, 1], [0, 1, 0, 1], [0, 1])
    for labels, predictions, new in (
        ([0, 1], [0, 2], [0]),
        ([0, 1], [0, 1], [2]),
        ([0, 0], [0, 0], [0]),
    ):
        with pytest.raises(ValueError, match="labels must hold every class"):
            label_shift_prior(labels, predictions, new)
    for name, bad in (("labels", [-1, 0, 1]), ("predictions", [0.0, 1.0, 1.0])):
        with pytest.raises((TypeError, ValueError), match=name):
            label_shift_prior(
                **{"labels": [0, 1, 1], "predictions": [0, 1, 1], name: bad}, new_predictions=[0]
            )


@pytest.mark.parametrize("seed", range(5))
def test_reweighting_is_bayes_rule_for_two_normals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=40)
    old, new = rng.dirichlet([5, 5, 5]), rng.dirichlet([5, 5, 5])
    density = norm.pdf(x[:, None], loc=[-1, 0, 2])

    def posterior(prior: np.ndarray) -> np.ndarray:
        return density * prior / (density @ prior)[:, None]

    assert reweight_posterior(posterior(old), old, new) == pytest.approx(posterior(new))


def test_reweighting_at_its_edges() -> None:
    posterior = [[0.8, 0.2], [0.5, 0.5]]
    assert reweight_posterior(posterior, [0.3, 0.7], [0.3, 0.7]) == pytest.approx(
        np.array(posterior)
    )
    moved = reweight_posterior([[0.5, 0.5]], [0.5, 0.5], [0.9, 0.1])
    assert moved == pytest.approx(np.array([[0.9, 0.1]]))
    certain = reweight_posterior([[1, 0]], [0.5, 0.5], [0.1, 0.9])
    assert certain == pytest.approx(np.array([[1, 0]]))
    assert reweight_posterior(posterior, [0.5, 0.5], [1, 0])[:, 0].tolist() == [1, 1]
    for name, old, new in (
        ("old_prior must be above zero", [0, 1], [0.5, 0.5]),
        ("new_prior is zero", [0.5, 0.5], [0, 1]),
        ("old_prior must have one share per column", [0.2, 0.3, 0.5], [0.5, 0.5]),
        ("new_prior must have one share per column", [0.5, 0.5], [0.2, 0.3, 0.5]),
        ("new_prior must hold shares", [0.5, 0.5], [0.5, 0.6]),
        ("new_prior must hold shares", [0.5, 0.5], [1.5, -0.5]),
    ):
        with pytest.raises(ValueError, match=name):
            reweight_posterior([[1, 0]], old, new)
    with pytest.raises(ValueError, match="posterior must hold shares"):
        reweight_posterior([[0.5, 0.4]], [0.5, 0.5], [0.5, 0.5])


def test_bad_input_is_named() -> None:
    codes = [0, 1, 2, 1, 0, 2]
    names_bad_input(
        confidence_based_estimate, probability=[0.1, 0.7, 0.4], bounds={"threshold": "(0, 1)"}
    )
    for bad in ([0.5, 1.01], [-0.01, 0.5]):
        with pytest.raises(ValueError, match="probability must lie"):
            confidence_based_estimate(bad)
    for bad in (0, 1):
        with pytest.raises(ValueError, match="threshold"):
            confidence_based_estimate([0.5], threshold=bad)
    names_bad_input(
        label_shift_prior,
        paired=("labels", "predictions"),
        labels=codes,
        predictions=codes,
        new_predictions=codes,
    )
    names_bad_input(
        reweight_posterior,
        posterior=np.array([[0.2, 0.8], [0.5, 0.5]]),
        old_prior=[0.5, 0.5],
        new_prior=[0.9, 0.1],
    )
