"""docs/data/estimate-without-labels.md"""

from functools import cache

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import chisquare, norm
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.tree import DecisionTreeClassifier

from docs.data.figures.confidence_based_estimate import KNOB, measure
from proof.claims import Claim
from snippets.data.confidence_based_estimate import confidence_based_estimate
from snippets.data.label_shift import label_shift_prior, reweight_posterior
from snippets.data.label_shift_check import label_shift_p_value
from tools.bad_input import names_bad_input

ALSO = [{"family": "quadratic"}, {"strength": 0.6}, {"rows": 5_000, "family": "quadratic"}]


def world(
    seed: int, centre: float = 2, swap: float = 0, rows: int = 10_000, strength: float = 1,
    bent: bool = False,
):  # fmt: skip
    """Two columns; `centre` moves the second, `swap` is the share of rows with effects swapped,
    and a bent relation turns round where training has few rows."""
    rng = np.random.default_rng(seed)
    features = rng.normal([0, centre], 1, (rows, 2))
    swapped = rng.random(rows) < swap
    first, second = features.T
    if bent:
        first = np.where(abs(second - 2) > 1.3, -first, first)
    effect = np.where(swapped, 1.5 * second - first, 1.5 * first - second)
    return features, strength * effect > rng.logistic(size=rows)


@cache
def model(
    seed: int, seen: int = 2, family: str = "logistic", strength: float = 1, bent: bool = False
):
    features, labels = world(1_000 + seed, strength=strength, bent=bent)
    degree = 1 if family == "logistic" else 2
    regression = make_pipeline(PolynomialFeatures(degree, include_bias=False), LogisticRegression())
    return regression.fit(features[:, :seen], labels)


@cache
def scored(seed: int, seen: int = 2, family: str = "logistic", **change):
    features, labels = world(seed, **change)
    learned = {name: change[name] for name in ("strength", "bent") if name in change}
    return model(seed, seen, family, **learned).predict_proba(features[:, :seen])[:, 1], labels


def gap(seed: int, power: float = 1, **change) -> float:
    """Return estimated minus actual accuracy."""
    probability, labels = scored(seed, **change)
    odds = (probability / (1 - probability)) ** power
    estimate = confidence_based_estimate(odds / (1 + odds))["accuracy"]
    return estimate - np.mean((probability >= 0.5) == labels)


def actual_move(seed: int, centre: float, **change) -> float:
    """Return by how much the actual accuracy differs from that of an unshifted sample."""
    (before, truth), (now, labels) = (
        scored(seed + 500, **change),
        scored(seed, centre=centre, **change),
    )
    return abs(np.mean((now >= 0.5) == labels) - np.mean((before >= 0.5) == truth))


def test_estimate_follows_a_covariate_shift(claim: Claim) -> None:
    """Under covariate shift, in either direction, the estimate follows the actual accuracy, if the
    model sees the columns that move and knows the relation where the rows have gone."""

    def distance(seed: int, bent: bool, **change) -> float:
        return max(abs(gap(seed, bent=bent, centre=centre, **change)) for centre in (0, 4))

    claim.effect(
        "distance in the worse direction", distance, knob="bent", on=False, off=True, below=0.025,
        off_above=0.06, also=[{"strength": 0.6}, {"strength": 1.5}, {"rows": 4_000}],
    )  # fmt: skip
    claim.effect(
        "the actual accuracy moves", actual_move, knob="centre", on=0, off=2, above=0.03,
        off_below=0.025, also=[{"family": "quadratic"}, {"strength": 1.5}],
    )  # fmt: skip

    def beside(seed: int, tied: float) -> float:
        """The seen column moves by one; the unseen one stays, and was correlated with it by `tied`."""

        def rows(seed: int, moved: float) -> tuple[np.ndarray, np.ndarray]:
            rng = np.random.default_rng(seed)
            seen, other = rng.normal(size=(2, 10_000))
            unseen = 2 + tied * seen + (1 - tied**2) ** 0.5 * other
            labels = 1.5 * (seen + moved) - unseen > rng.logistic(size=10_000)
            return (seen + moved)[:, None], labels

        fitted, (now, labels) = LogisticRegression().fit(*rows(100 + seed, 0)), rows(seed, 1)
        probability = fitted.predict_proba(now)[:, 1]
        estimate = confidence_based_estimate(probability)["accuracy"]
        return estimate - np.mean((probability >= 0.5) == labels)

    def shifted(seed: int, seen: int, **change) -> float:
        return gap(seed, seen=seen, centre=0, **change)

    claim.effect(
        "estimate - actual",
        shifted,
        knob="seen",
        on=1,
        off=2,
        above=0.1,
        off_below=0.025,
        also=ALSO,
    )
    claim.limit(
        "An unseen column that stays where it was does no harm",
        "distance of the estimate", lambda seed: abs(beside(seed, tied=0.0)), below=0.025,
    )  # fmt: skip
    claim.limit(
        "does no harm, unless it was correlated with one that moved.",
        "estimate - actual", lambda seed: beside(seed, tied=0.9), above=0.1,
    )  # fmt: skip
    claim.limit(
        "A shift into a region where the relation bends is misread, even in a column that the model sees.",
        "estimate - actual", lambda seed: gap(seed, bent=True, centre=0), above=0.1,
    )  # fmt: skip
    claim.limit(
        "The estimate is too high for an over-confident model.",
        "estimate - actual", lambda seed: gap(seed, power=2), above=0.04,
    )  # fmt: skip
    claim.limit(
        "It is too low for an under-confident model",
        "estimate - actual", lambda seed: gap(seed, power=0.5), below=-0.04,
    )  # fmt: skip


def test_estimate_misses_a_concept_drift(claim: Claim) -> None:
    """Under a concept drift that leaves the inputs alone, the estimate stays where it was, while
    the actual accuracy collapses."""
    claim.effect(
        "estimate - actual", measure, knob="swap", **KNOB.ends, above=0.4, off_below=0.02,
        also=[{"strength": 0.6}, {"rows": 10_000, "centre": 3}],
    )  # fmt: skip
    claim.effect("any model", gap, knob="swap", **KNOB.ends, above=0.4, off_below=0.02, also=ALSO)
    claim.effect("with a quarter swapped", gap, knob="swap", on=0.25, off=0, above=0.08, off_below=0.025, also=ALSO)  # fmt: skip
    for seed in range(5):
        drifted, stable = scored(seed, swap=1)[0], scored(seed + 500)[0]
        first, second = (confidence_based_estimate(p)["accuracy"] for p in (drifted, stable))
        assert abs(first - second) < 0.03

    def strengthened(seed: int) -> float:
        features, labels = world(seed, strength=2)
        probability = model(seed).predict_proba(features)[:, 1]
        return confidence_based_estimate(probability)["accuracy"] - np.mean(
            (probability >= 0.5) == labels
        )

    claim.limit(
        "too low for an under-confident model, and where the relation grows stronger.",
        "estimate - actual", strengthened, below=-0.03,
    )  # fmt: skip


def alarmed(
    seed: int, swap: float, rows: int = 200, tolerated: float = 0, learned: int = 0,
    halved: bool = False, copies: int = 1, **change,
) -> np.ndarray:  # fmt: skip
    """Return which of 120 labelled samples have a gap of more than two standard errors."""
    sizes = {"rows": 120 * rows // copies, "strength": change.get("strength", 1)}
    features, labels = world(
        seed, swap=0 if halved else swap, centre=change.get("centre", 2), **sizes
    )
    if halved:
        weaker = world(seed, **sizes | {"strength": 0.5})[1]
        labels = np.where(np.random.default_rng(seed).random(labels.size) < swap, weaker, labels)
    features, labels = np.repeat(features, copies, axis=0), np.repeat(labels, copies)
    fitted = (
        LogisticRegression().fit(*world(5_000 + seed, rows=learned))
        if learned
        else model(seed, family=change.get("family", "logistic"), strength=sizes["strength"])
    )
    probability = fitted.predict_proba(features)[:, 1].reshape(120, rows)
    actual = ((probability >= 0.5) == labels.reshape(120, rows)).mean(axis=1)
    estimates = [confidence_based_estimate(sample) for sample in probability]
    return np.array([
        abs(one["accuracy"] - counted) > tolerated + 2 * one["standard_error"]
        for one, counted in zip(estimates, actual, strict=True)
    ])  # fmt: skip


def alarms(seed: int, swap: float, **given) -> float:
    return alarmed(seed, swap, **given).mean()


def test_few_labels_expose_concept_drift(claim: Claim) -> None:
    """Two hundred independent labelled rows expose effects that swapped in a quarter of the rows,
    by a gap of more than two standard errors."""
    claim.effect(
        "alarms", alarms, knob="swap", on=0.25, off=0, above=0.85, off_below=0.15,
        also=[{"family": "quadratic"}, {"centre": 3}, {"strength": 0.7}],
    )  # fmt: skip
    claim.limit(
        "A drift in a few rows of a hundred mostly passes two hundred labels.",
        "alarms, three percent swapped", lambda seed: alarms(seed, 0.03), below=0.5,
    )  # fmt: skip
    claim.limit(
        "So does one that halves the effects in a quarter of the rows.",
        "alarms, a quarter halved", lambda seed: alarms(seed, 0.25, halved=True), below=0.5,
    )  # fmt: skip
    claim.limit(
        "Twelve checks of two hundred labels at two standard errors alarm without drift in more than a quarter of the years.",
        "years with an alarm",
        lambda seed: np.mean(
            [alarmed(10 * seed + n, 0).reshape(10, 12).any(axis=1).mean() for n in range(4)]
        ),
        above=0.25,
    )  # fmt: skip
    claim.limit(
        "With ten equal rows from each of twenty customers, false alarms are far too frequent.",
        "alarms for 5%", lambda seed: alarms(seed, 0, copies=10), above=0.3,
    )  # fmt: skip

    def nearly_sure(seed: int, errors: float, tolerance: int) -> float:
        sure = np.full(200, 1 - errors / 200)
        said = confidence_based_estimate(sure)
        right = (np.random.default_rng(seed).random((4_000, 200)) < sure).mean(axis=1)
        return np.mean(np.abs(right - said["accuracy"]) > tolerance * said["standard_error"])

    claim.limit(
        "If less than one error is expected in the sample, false alarms can be three times as frequent at two standard errors",
        "alarms without a drift, for 5%", lambda seed: nearly_sure(seed, 0.168, 2), above=0.13,
    )  # fmt: skip
    claim.limit(
        "at two standard errors, and thirty times at three.",
        "alarms without a drift, for 0.27%", lambda seed: nearly_sure(seed, 0.087, 3), above=0.065,
    )  # fmt: skip


def population(seed: int, share: float, rows: int = 10_000, apart: float = 1.2, spread: float = 1):
    rng = np.random.default_rng(seed)
    labels = (rng.random(rows) < share).astype(int)
    scale = np.where(labels == 1, spread, 1)[:, None]
    return rng.normal(size=(rows, 2)) * scale + apart * labels[:, None], labels


@cache
def corrected(seed: int, share: float, family: str = "logistic", **given) -> dict[str, float]:
    """Return what the model, BBSE and the two possible truths say of one set of unlabelled rows."""
    train, held_out = population(1_000 + seed, 0.5, **given), population(2_000 + seed, 0.5, **given)
    fitted = {"logistic": LogisticRegression(), "Bayes": GaussianNB(),
              "tree": DecisionTreeClassifier(min_samples_leaf=100)}[family].fit(*train)  # fmt: skip
    features, labels = population(seed, share, **given)
    posterior = fitted.predict_proba(features)
    prior = label_shift_prior(held_out[1], fitted.predict(held_out[0]), fitted.predict(features))[
        "share"
    ]
    moved = reweight_posterior(posterior, np.bincount(train[1]) / train[1].size, prior)
    covariate = np.random.default_rng(3_000 + seed).random(labels.size) < posterior[:, 1]
    found = {"mean score": posterior[:, 1].mean(), "BBSE": prior[1]}
    flagged = posterior[:, 1] >= 0.5
    for name, truth in (("label", labels), ("covariate", covariate)):
        before, after = (np.mean(p.argmax(axis=1) == truth) for p in (posterior, moved))
        found |= {f"{name} share": truth.mean(), f"{name} gain": after - before}
        found[f"{name} precision"] = truth[flagged].mean()
    found["precision"] = confidence_based_estimate(posterior[:, 1])["precision"]
    found["re-weighted precision"] = moved[flagged, 1].mean()
    return found


SETTINGS = [{"family": "Bayes", "spread": 1.5}, {"family": "tree"}, {"apart": 1.5}]


def test_prior_is_recovered_under_label_shift(claim: Claim) -> None:
    """Under label shift of classes that overlap, BBSE finds the new class share where the mean score
    does not; re-weighting with it raises the accuracy without a label, and mends the estimate of the
    precision."""

    def nearer(seed: int, share: float, **given) -> float:
        one = corrected(seed, share, **given)
        return abs(one["mean score"] - one["label share"]) - abs(one["BBSE"] - one["label share"])

    def gain(seed: int, share: float, **given) -> float:
        return corrected(seed, share, **given)["label gain"]

    claim.effect("error of the mean score - error of BBSE", nearer, knob="share", on=0.1, off=0.5,
                 above=0.12, off_below=0.03, also=SETTINGS)  # fmt: skip
    claim.effect("gain in accuracy", gain, knob="share", on=0.1, off=0.5, above=0.04,
                 off_below=0.015, also=SETTINGS)  # fmt: skip

    claim.limit(
        "If the classes hardly overlap, the mean score is as good.",
        "error of the mean score - error of BBSE", lambda seed: nearer(seed, 0.1, apart=4), below=0.02,
    )  # fmt: skip

    def width(seed: int) -> float:
        labels, rng = population(seed, 0.5, rows=200)[1], np.random.default_rng(seed)
        poor = np.where(rng.random(200) < 0.65, labels, 1 - labels)
        found = label_shift_prior(labels, poor, rng.permutation(poor))
        return float(found.high[1] - found.low[1])

    claim.limit(
        "With a weak model and two hundred rows, the interval of BBSE spans most of what is possible.",
        "width of the interval", width, above=0.4,
    )  # fmt: skip

    def mended(seed: int, share: float, world: str = "label", **given) -> float:
        one = corrected(seed, share, **given)
        actual = one[f"{world} precision"]
        return abs(one["precision"] - actual) - abs(one["re-weighted precision"] - actual)

    claim.effect("gap before - gap after", mended, knob="share", on=0.1, off=0.5, above=0.12,
                 off_below=0.05, also=SETTINGS)  # fmt: skip
    claim.limit(
        "If only the inputs moved, re-weighting breaks an estimate that was right.",
        "gap before - gap after", lambda seed: mended(seed, 0.1, "covariate"), below=-0.2,
    )  # fmt: skip


def test_unlabelled_rows_fit_two_worlds(claim: Claim) -> None:
    """The same unlabelled rows can fit a label shift and a covariate shift, and re-weighting raises
    the accuracy in one world and lowers it in the other."""

    def gain(world: str):
        return lambda seed, share, **given: corrected(seed, share, **given)[f"{world} gain"]

    turned = {"knob": "share", "on": 0.1, "off": 0.5, "also": SETTINGS}
    claim.effect("gain, label shift", gain("label"), above=0.04, off_below=0.015, **turned)
    claim.effect("gain, covariate", gain("covariate"), below=-0.025, off_above=-0.015, **turned)
    for seed in range(5):
        one = corrected(seed, 0.1)
        assert abs(one["mean score"] - one["covariate share"]) < 0.02
        assert abs(one["BBSE"] - one["covariate share"]) > 0.15
    claim.limit(
        "Where the moved inputs are no mixture of the classes, the rows fit the covariate shift alone.",
        "share of tests that refute the label shift", lambda seed: refuted(seed, 0.9), above=0.7,
    )  # fmt: skip


@cache
def refuted(
    seed: int, move: float, share: float = 0.5, classes: str = "normal", rows: int = 1_500,
    new_rows: int = 1_500, apart: float = 2.4, times: int = 20,
) -> float:  # fmt: skip
    """Return the share of tests at 5% that refute a label shift; `move` moves all inputs."""
    rng = np.random.default_rng(seed)

    def draw(rows: int, share: float, move: float) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.random(rows) < share
        noise = 1.4 * rng.normal(size=rows) if classes == "normal" else rng.exponential(size=rows)
        return labels, noise + apart * labels + move

    return np.mean([
        label_shift_p_value(*draw(rows, 0.5, 0), draw(new_rows, share, move)[1]) < 0.05
        for _ in range(times)
    ])  # fmt: skip


def test_label_shift_can_be_refuted(claim: Claim) -> None:
    """Without a label, a label shift can be refuted: if the classes lie apart and the scores of both
    moved up, the new scores are no mixture of the old ones."""
    claim.effect(
        "share of tests that refute it", refuted, knob="move", on=0.9, off=0, above=0.7,
        off_below=0.25, also=[{"share": 0.2}, {"classes": "skewed"}, {"apart": 3.5}],
    )  # fmt: skip
    claim.limit(
        "If the scores of a weak model move up, they look like more positives, and mostly pass.",
        "share of tests that refute it", lambda seed: refuted(seed, 0.3, apart=0.7), below=0.45,
    )  # fmt: skip

    def of_an_imitation(seed: int) -> float:
        rng, found = np.random.default_rng(seed), []
        for _ in range(20):
            labels = rng.random(2_000) < 0.5
            scores, old = rng.normal(size=2_000) + 2 * labels, rng.normal(size=8_000)
            pool = old + 2 * (np.arange(8_000) % 2)
            kept = rng.random(8_000) < np.where(pool < 1, 0.4, 0.4 / (1 + np.exp(pool - 1)))
            found.append(label_shift_p_value(labels, scores, pool[kept][:300]) < 0.05)
        return np.mean(found)

    claim.limit(
        "A test that finds nothing proves nothing: few rows, or another shift that imitates a mixture, pass it.",
        "share of tests that refute it, 300 rows of a covariate shift", of_an_imitation, below=0.5,
    )  # fmt: skip

    def beside_the_score(seed: int) -> float:
        """The demo's classes, moved along the boundary: each class looks different now."""
        fitted, found = LogisticRegression().fit(*population(seed, 0.5)), []
        for draw in range(20):
            held_out, labels = population(100 * seed + draw, 0.5, rows=2_000)
            moved = population(100 * seed + draw + 50, 0.5, rows=2_000)[0] + [1.0, -1.0]
            scores = (fitted.decision_function(one) for one in (held_out, moved))
            found.append(label_shift_p_value(labels, *scores) < 0.05)
        return np.mean(found)

    claim.limit(
        "A move that leaves the score alone passes too.",
        "share of tests that refute it", beside_the_score, below=0.3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "new_rows", "share"),
    [(2_000, 2_000, 0.5), (2_000, 2_000, 0.03), (500, 10_000, 0.1), (100, 1_000, 0.1)],
)
def test_p_values_keep_their_rate(rows: int, new_rows: int, share: float) -> None:
    """With the noise of the seen counts instead of the fitted, few held-out rows alarmed in 12%."""
    assert refuted(0, 0, share, rows=rows, new_rows=new_rows, times=150) < 0.08


@pytest.mark.parametrize("share", [0, 1])
def test_a_share_at_its_end_is_no_fitted_parameter(share: int) -> None:
    """With one degree of freedom taken for it, scores of three values alarmed in 9%, for 5%."""
    rng, found = np.random.default_rng(0), []
    shares = np.array([[4, 3, 2], [2, 3, 4]]) / 9
    for _ in range(400):
        zero, one = (rng.choice(3, 500, p=p) for p in shares)
        now = rng.choice(3, 500, p=shares[share])
        found.append(label_shift_p_value(np.repeat([0, 1], 500), np.r_[zero, one], now))
    assert np.mean(np.array(found) < 0.05) < 0.065


def test_few_positives_that_are_all_of_the_new_rows() -> None:
    """Half a pseudo-row in each bin gave them a tail that no new row has: 81% alarmed, for 5%."""
    rng, labels = np.random.default_rng(0), np.repeat([0, 1], [1_000, 20])
    p_values = [
        label_shift_p_value(labels, rng.normal(3 * labels), rng.normal(3, size=1_000))
        for _ in range(60)
    ]
    assert np.mean(np.array(p_values) < 0.05) < 0.2


@pytest.mark.parametrize("seed", [25, 47, 87])
def test_scores_that_say_little_refute_nothing(seed: int) -> None:
    """The search once swung between the two ends for ever, and returned 0.01 to 0.02 here."""
    rng = np.random.default_rng(seed)
    held_out, new = rng.normal(size=1_100), rng.normal(size=1_000)
    assert label_shift_p_value(np.repeat([0, 1], [1_000, 100]), held_out, new) > 0.15


@pytest.mark.parametrize("seed", range(4))
def test_p_value_is_that_of_the_likeliest_mixture(seed: int) -> None:
    """With many held-out rows, Pearson's test of the new counts, one degree of freedom spent."""
    zero, one = np.array([40, 30, 20, 7, 3]) / 100, np.array([2, 8, 20, 30, 40]) / 100
    moved = np.array([0.01, -0.01, 0.01, -0.01, 0]) * (seed % 2)
    new = np.random.default_rng(seed).multinomial(4_000, 0.7 * zero + 0.3 * one + moved)
    old = np.concatenate([zero, one]) * 400_000
    labels, scores = (
        np.repeat([0, 1], 400_000),
        np.repeat(np.tile(np.arange(5), 2), old.astype(int)),
    )
    found = label_shift_p_value(labels, scores, np.repeat(np.arange(5), new), bins=200)

    def mixture(share: float) -> np.ndarray:
        return 4_000 * ((1 - share) * zero + share * one)

    best = minimize_scalar(lambda s: -new @ np.log(mixture(s)), bounds=(0, 1), method="bounded").x
    assert found == pytest.approx(chisquare(new, mixture(best), ddof=1).pvalue, abs=0.02)


def test_a_search_that_does_not_end_says_so() -> None:
    """Twenty bins, twenty positives, scores that say nothing: a few searches swing."""
    said = []
    for seed in (23, 122, 153, 166, 171):
        rng = np.random.default_rng(seed)
        held_out, new = rng.normal(size=1_020), rng.normal(size=5_000)
        try:
            label_shift_p_value(np.repeat([0, 1], [1_000, 20]), held_out, new, bins=20)
        except ValueError as error:
            said.append(str(error))
    assert said and all("no best mixture: take fewer bins" in one for one in said)


def test_an_exact_mixture_of_many_rows_passes() -> None:
    """A grid of shares once refuted it: between two of its points lies more than the noise."""
    zero, one = np.array([180_000, 18_000, 2_000]), np.array([2_000, 18_000, 180_000])
    mixed = (0.6625 * zero + 0.3375 * one).astype(int)
    scores = [np.repeat(np.arange(3), counts) for counts in (zero, one, mixed)]
    labels = np.repeat([0, 1], 200_000)
    assert label_shift_p_value(labels, np.concatenate(scores[:2]), scores[2], bins=20) > 0.9


def test_scores_of_two_precisions_are_the_same_scores() -> None:
    """Leaves of a tree, one side through float32: a true label shift had a p-value of 1e-100."""
    leaves = DecisionTreeClassifier(min_samples_leaf=400).fit(*population(0, 0.5, rows=4_000))
    (held_out, labels), (new, _) = population(1, 0.5, rows=2_000), population(2, 0.3, rows=2_000)
    scores, now = (leaves.predict_proba(one)[:, 1] for one in (held_out, new))
    expected = label_shift_p_value(labels, scores, now)
    assert expected > 0.05
    for copies in ((scores, now.astype("f4")), (scores.astype("f4").astype(float), now)):
        assert label_shift_p_value(labels, *copies) == pytest.approx(expected)


def test_p_value_at_its_edges() -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(400) % 2
    scores = np.round(rng.normal(size=400) + labels)  # ties share a bin
    assert label_shift_p_value(labels, scores, scores) > 0.5
    assert label_shift_p_value(labels == 1, scores, scores[labels == 1]) > 0.05
    assert label_shift_p_value(labels, scores, scores + 5) < 1e-9
    with pytest.raises(ValueError, match="scores and new_scores must fill at least three bins"):
        label_shift_p_value(labels, labels, labels)
    with pytest.raises(ValueError, match="labels must hold 0 and 1"):
        label_shift_p_value(labels * 0, scores, scores)


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
    short = confidence_based_estimate(np.full(3, 0.7, np.float32), threshold=0.7)
    assert short["accuracy"] == pytest.approx(0.7)  # the decision of a service in float32
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
    assert found.share.to_numpy() == pytest.approx(expected)
    assert (
        found.shape == (classes, 3)
        and ((found.low <= found.share) & (found.share <= found.high)).all()
    )


@pytest.mark.parametrize(("size", "shares"), [(10, [1]), (20, [1]), (20, [0.5, 0.3])])
def test_the_intervals_hold_where_classes_are_gone_or_rare(size: int, shares: list) -> None:
    """Cut to zero draw by draw, the gone classes kept the one that is left from a share of one; with
    one pseudo-row a class, one interval of six of those that are gone missed zero."""
    rest = (1 - sum(shares)) / (size - len(shares))
    truth = np.array(shares + [rest] * (size - len(shares)))
    missed, left = 0.0, len(shares)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        labels = np.repeat(np.arange(size), 100)
        answers, new = (
            np.where(rng.random(true.size) < 0.8, true, rng.integers(0, size, true.size))
            for true in (labels, rng.choice(size, 1_000, p=truth))
        )
        found = label_shift_prior(labels, answers, new, seed=seed)
        outside = (found.low > truth + 1e-12) | (found.high < truth - 1e-12)
        missed += np.array([outside[:left].mean(), outside[left:].mean()]) / 20
        assert rest or found.share[0] < 1  # as the docstring says
    assert (missed < 0.08).all()


@pytest.mark.parametrize("seed", range(10))
def test_two_classes_are_the_rogan_gladen_estimator(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], [300, 200])
    predictions = np.where(rng.random(500) < 0.8, labels, 1 - labels)
    new = (rng.random(400) < 0.4).astype(int)
    sensitivity, specificity = predictions[300:].mean(), 1 - predictions[:300].mean()
    expected = (new.mean() + specificity - 1) / (sensitivity + specificity - 1)
    found = label_shift_prior(labels, predictions, new)
    assert found.share.tolist() == pytest.approx([1 - expected, expected])


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
    found = label_shift_prior(labels, predictions, new_predictions).share
    counted = np.bincount(new_predictions) / new_predictions.size
    truth = np.bincount(new_labels) / new_labels.size
    assert np.abs(found - truth).max() < 0.05 < np.abs(counted - truth).max()


def test_prior_at_its_edges() -> None:
    labels, predictions = np.repeat([0, 1], 40), np.repeat([0, 1, 1, 0], [30, 10, 30, 10])
    assert label_shift_prior(labels, predictions, predictions).share.tolist() == pytest.approx(
        [0.5, 0.5]
    )
    assert label_shift_prior(labels, predictions, [0, 0, 0, 0]).share.tolist() == [1, 0]
    assert label_shift_prior(labels, predictions, [1]).share.tolist() == [0, 1]
    with pytest.raises(ValueError, match="beyond chance: a better model, or more rows"):
        label_shift_prior([0, 1], [0, 1], [1, 1, 1, 0])
    certain = label_shift_prior([0, 1] * 10, [0, 1] * 10, [1, 1, 1, 0])
    assert certain.share.tolist() == pytest.approx([0.25, 0.75])
    names = label_shift_prior(
        np.repeat(["no", "yes"], 40), np.array(["no", "yes"])[predictions], ["yes"]
    )
    assert names.share.to_dict() == {"no": 0, "yes": 1}
    again = label_shift_prior(labels, predictions, predictions, seed=1)
    assert (again.share == label_shift_prior(labels, predictions, predictions).share).all()
    assert (again.low != label_shift_prior(labels, predictions, predictions).low).all()
    at_end = label_shift_prior(np.repeat([0, 1], 9), np.repeat([0, 1], 9), [1] * 9, confidence=0.01)
    assert at_end.high[1] == at_end.share[1] == 1 and at_end.low[0] == at_end.share[0] == 0
    narrow = label_shift_prior(labels, predictions, predictions, confidence=0.5)
    assert (narrow.high - narrow.low < again.high - again.low).all()
    for labels, predictions, new in (
        ([0, 1], [0, 2], [0]),
        ([0, 1], [0, 1], [2]),
        ([0, 0], [0, 0], [0]),
        (["a", 1], ["a", 2], [1]),
    ):
        with pytest.raises(ValueError, match="labels must hold each class"):
            label_shift_prior(labels, predictions, new)


def test_interval_draws_confusion_rates_with_one_row_more_a_class() -> None:
    """By hand for two classes: half a row is added to hits and misses, of old rows and of new."""
    labels, new = np.repeat([0, 1], 30), np.repeat([0, 1], 20_000)
    found = label_shift_prior(labels, labels, new)  # thirty of thirty do not show certainty
    rng = np.random.default_rng(1)
    right_0, right_1 = rng.beta(30.5, 0.5, size=(2, 20_000))
    seen = rng.beta(20_000.5, 20_000.5, size=20_000)
    ones = (seen + right_0 - 1) / (right_0 + right_1 - 1)
    low, high = np.quantile(ones, [0.025, 0.975])
    assert found.high[1] - found.low[1] == pytest.approx(high - low, rel=0.15)
    rare = np.repeat([0, 1, 0, 1], [11, 1, 4, 20])  # skewed: the share is not the median draw
    for seed in range(4):
        narrow = label_shift_prior(np.repeat([0, 1], [12, 24]), rare, new[::2_000], 0.001, seed)
        assert ((narrow.low <= narrow.share) & (narrow.share <= narrow.high)).all()


def test_guesses_are_no_model() -> None:
    """Before, coin flips gave a share of exactly 0 or 1 more often than not, without a word."""
    rng, refused = np.random.default_rng(0), 0
    for _ in range(60):
        labels, guesses, new = rng.integers(0, 2, (3, 1_000))
        try:
            found = label_shift_prior(labels, guesses, new)
            assert found.high[1] - found.low[1] > 0.5
        except ValueError as error:
            assert "predictions must tell the classes apart" in str(error)
            refused += 1
    assert refused > 54


def test_rare_positives_need_a_lower_threshold() -> None:
    """Of six rows in a hundred, one half flags hardly any; the error did not name the threshold."""

    def drawn(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
        chance = 1 / (1 + np.exp(3.3 - rng.normal(size=rows)))
        return chance, rng.random(rows) < chance

    refused, shares = 0, []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        chance, label = drawn(rng, 2_000)
        new, positive = drawn(rng, 20_000)
        others = np.flatnonzero(~positive)[: 3 * positive.sum()]
        new = new[np.append(np.flatnonzero(positive), others)]  # a quarter is positive now
        try:
            label_shift_prior(label, chance > 0.5, new > 0.5)
        except ValueError as error:
            assert str(error).endswith("or another threshold")
            refused += 1
        lower = np.quantile(chance, 1 - 2 * label.mean())
        shares.append(label_shift_prior(label, chance > lower, new > lower).share[True])
    assert refused > 14
    assert np.mean(shares) == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize(
    ("positives", "sensitivity", "specificity"), [(150, 0.8, 0.8), (3, 0.8, 0.98)]
)
def test_intervals_cover_the_share(positives: int, sensitivity: float, specificity: float) -> None:
    """Three positives, all of them found, once gave an interval that held the share in 27% of cases."""
    rng, covered = np.random.default_rng(0), []
    labels = np.arange(300) < positives
    for _ in range(120):
        new = rng.random(300) < 0.2
        guess, new_guess = (
            rng.random(300) < np.where(truth, sensitivity, 1 - specificity)
            for truth in (labels, new)
        )
        try:
            found = label_shift_prior(labels, guess, new_guess)
        except ValueError:  # none of the three was found: not beyond chance
            continue
        covered.append(found.low[True] <= 0.2 <= found.high[True])
    assert len(covered) > 60 and np.mean(covered) > 0.88


def test_a_new_class_is_counted_as_an_old_one() -> None:
    labels, predictions = np.repeat([0, 1], 50), np.repeat([0, 1, 1, 0], [40, 10, 40, 10])
    strangers = np.ones(100, int)  # a third class, for which the model says 1
    found = label_shift_prior(labels, predictions, np.concatenate([predictions, strangers]))
    assert found.share[1] > 0.8 and found.share.sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_reweighting_is_bayes_rule_for_two_normals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=40)
    old, new = rng.dirichlet([5, 5, 5]), rng.dirichlet([5, 5, 5])
    density = norm.pdf(x[:, None], loc=[-1, 0, 2])

    def posterior(prior: np.ndarray) -> np.ndarray:
        return density * prior / (density @ prior)[:, None]

    assert reweight_posterior(posterior(old), old, new) == pytest.approx(posterior(new))


@pytest.mark.parametrize("threshold", [0.5, 0.2])
def test_a_reweighted_threshold_keeps_the_decisions(threshold: float) -> None:
    """Step four: an estimate under the new shares for the decisions of the old probabilities."""
    old, new, (features, labels) = [0.5, 0.5], [0.9, 0.1], population(0, 0.1, rows=40_000)
    fitted = LogisticRegression().fit(*population(1, 0.5, rows=40_000))
    posterior = fitted.predict_proba(features)
    cut = reweight_posterior([[1 - threshold, threshold]], old, new)[0, 1]
    moved, flagged = reweight_posterior(posterior, old, new)[:, 1], posterior[:, 1] >= threshold
    assert ((moved >= cut) == flagged).all()
    estimate = confidence_based_estimate(moved, cut)
    assert estimate["accuracy"] == pytest.approx(np.mean(flagged == labels), abs=0.01)
    assert estimate["precision"] == pytest.approx(labels[flagged].mean(), abs=0.02)
    assert estimate["recall"] == pytest.approx(flagged[labels == 1].mean(), abs=0.02)


def test_calibration_decides_the_old_prior() -> None:
    """The pitfall: a model of resampled rows, calibrated on rows as they came."""
    fitted, held_out = LogisticRegression().fit(*population(0, 0.5)), population(1, 0.2)
    features, labels = population(2, 0.05)
    calibrated = CalibratedClassifierCV(FrozenEstimator(fitted)).fit(*held_out)
    posterior = calibrated.predict_proba(features)
    error = {}
    for old in (0.2, 0.5):
        moved = reweight_posterior(posterior, [1 - old, old], [0.95, 0.05])[:, 1]
        actual = np.mean((moved >= 0.5) == labels)
        error[old] = abs(confidence_based_estimate(moved)["accuracy"] - actual)
    assert error[0.2] < 0.012 < 0.02 < error[0.5]
    plain = reweight_posterior(fitted.predict_proba(features), [0.5, 0.5], [0.95, 0.05])[:, 1]
    actual = np.mean((plain >= 0.5) == labels)
    assert confidence_based_estimate(plain)["accuracy"] == pytest.approx(actual, abs=0.012)


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


def test_a_confidence_of_another_type() -> None:
    """The tails were computed in float16, and another row stood at the end of the interval."""
    labels, answers = [0, 1] * 30, [0, 1] * 28 + [1, 0] * 2
    for level in (np.float16(0.95), np.float32(0.95)):
        own = label_shift_prior(labels, answers, answers, level)
        assert own.equals(label_shift_prior(labels, answers, answers, float(level)))


def test_bad_input_is_named() -> None:
    codes = [0, 1, 2, 1, 0, 2]
    half = np.full(80_000, 0.9, np.float16)  # sums of float16 overflow
    found = confidence_based_estimate(half)
    assert found["precision"] == pytest.approx(0.9, abs=1e-3) and found["recall"] == 1
    assert found["standard_error"] == pytest.approx(0.00106, abs=1e-4)
    names_bad_input(
        confidence_based_estimate, probability=[0.1, 0.7, 0.4], bounds={"threshold": "(0, 1)"}
    )
    for bad in ([0.5, 1.01], [-0.01, 0.5]):
        with pytest.raises(ValueError, match="probability must lie"):
            confidence_based_estimate(bad)
    with pytest.raises((TypeError, ValueError), match="probability must"):
        confidence_based_estimate([0.1, [0.2]])
    for bad in (0, 1):
        with pytest.raises(ValueError, match="threshold"):
            confidence_based_estimate([0.5], threshold=bad)
    for valid in (codes * 10, list("abcbac") * 10, [True, False] * 10):
        names_bad_input(
            label_shift_prior,
            paired=("labels", "predictions"),
            labels=valid,
            predictions=valid,
            new_predictions=valid,
            allow=[
                (name, fault)
                for name in ("labels", "predictions", "new_predictions")
                for fault in ("text", "infinite")
            ],
            bounds={"confidence": "(0, 1)", "seed": "[0, inf)"},
        )
    scores = [0.2, 3.0, 1.0, 2.5, -0.1, 0.4, 2.0, 1.1]
    names_bad_input(
        label_shift_p_value,
        paired=("labels", "scores"),
        labels=[0, 1, 0, 1, 0, 0, 1, 1],
        scores=scores,
        new_scores=scores,
        bounds={"bins": "[3, inf)"},
    )
    names_bad_input(
        reweight_posterior,
        posterior=np.array([[0.2, 0.8], [0.5, 0.5]]),
        old_prior=[0.5, 0.5],
        new_prior=[0.9, 0.1],
    )
