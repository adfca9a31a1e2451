"""docs/requirements/compare-models.md"""

from functools import cache, partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap, norm, ttest_1samp
from sklearn.metrics import (
    f1_score,
    log_loss,
    mean_absolute_error,
    recall_score,
    roc_auc_score,
)  # fmt: skip
from statsmodels.stats.multitest import multipletests

from docs.requirements.figures.compare_models import KNOB, auc, error, f1, measure, sample
from proof.claims import Claim
from snippets.requirements.compare_models import paired_bootstrap
from snippets.requirements.many_rivals import holm
from snippets.requirements.overlapping_splits import gain_over_splits
from tools.bad_input import names_bad_input


def recall(truth: np.ndarray, answer: np.ndarray) -> float:
    return answer[truth == 1].mean()


def mean_answer(_: np.ndarray, answer: np.ndarray) -> float:
    return answer.mean()


def coverage_of_recall(seed: int, differ: float = 1.2, sets: int = 40) -> float:
    """Share of 95% intervals that hold the true gain in recall of forty positives.

    On `differ` of them, on average, the models answer differently; seven in ten are gains.
    """
    rng, held = np.random.default_rng(seed), 0
    truth = np.r_[np.ones(40), np.zeros(20)]
    for _ in range(sets):
        old = rng.random(truth.size) < 0.5
        share = differ / 20 * np.where(old, 0.3, 0.7)  # of the rows that one model gets wrong
        new = old ^ (rng.random(truth.size) < share)
        found = paired_bootstrap(truth, old, new, recall, resamples=100)
        held += found["low"] <= differ / 40 * (0.7 - 0.3) <= found["high"]
    return held / sets


def test_pairing_narrows_the_interval(claim: Claim) -> None:
    """If two models err on the same rows, drawing the rows for both together gives a much
    narrower interval of the gain than drawing them separately."""
    claim.effect(
        "width of the paired interval, separate draws are one", measure, knob="alike", **KNOB.ends,
        below=0.7, off_above=0.8, also=[{"metric": auc, "rows": 200}, {"metric": error, "rows": 150}],
    )  # fmt: skip
    for metric in (f1, auc, error):
        truth, _, new = sample(np.random.default_rng(0), 0.5, metric, 200)
        same = paired_bootstrap(truth, new, new, metric, resamples=100)
        for part in ("difference", "low", "high", "rows_differ"):
            claim.exact(f"the same model twice, {part}", same[part], 0)
        claim.exact("the same model twice, p", same["p_value"], 1)
    claim.limit(
        "If the models differ on only one or two of the rows that the metric counts, the interval "
        "misses the true gain far more often than it says.",
        "share of intervals that hold the true gain", coverage_of_recall, below=0.82,
    )  # fmt: skip
    assert coverage_of_recall(0, differ=8) > 0.87  # from five rows on, the page trusts it


@cache
def studies(
    seed: int, rows: str, kind: str = "squared error", splits: int = 30, test: int = 30,
    sets: int = 80,
) -> np.ndarray:  # fmt: skip
    """Gains of equal methods, a row for each study: one sees two columns, one the other two."""
    rng, size = np.random.default_rng(seed), 120 + test
    gains = np.empty((sets, splits))
    for split in range(splits):  # of all studies at once
        if not split or rows == "fresh":
            table = rng.normal(size=(sets, size, 5))
            table[:, :, 4] += 0.5 * table[:, :, :4].sum(axis=2)
        if not split or rows != "folds":
            order = rng.random((sets, size, 1)).argsort(axis=1)
        held_out = np.arange(size) % splits == split if rows == "folds" else np.arange(size) >= 120
        past = np.take_along_axis(table, order[:, ~held_out], axis=1)
        later = np.take_along_axis(table, order[:, held_out], axis=1)
        losses = []
        for part in (slice(0, 2), slice(2, 4)):
            seen, label = past[:, :, part], later[:, :, 4]
            turned = seen.transpose(0, 2, 1)
            fit = (later[:, :, part] @ np.linalg.solve(turned @ seen, turned @ past[:, :, 4:]))[
                ..., 0
            ]
            wrong = (fit > 0) != (label > 0) if kind == "wrong signs" else (fit - label) ** 2
            losses.append(wrong.mean(axis=1))
        gains[:, split] = losses[0] - losses[1]
    return gains


def false_findings(seed: int, rows: str = "shared", test_: str = "ordinary", **given) -> float:
    gains = studies(seed, rows, **given)
    if test_ == "ordinary":
        return np.mean(ttest_1samp(gains, 0, axis=1).pvalue < 0.05)
    held_out = given.get("test", 30)
    return np.mean([gain_over_splits(g, 120, held_out)["p_value"] < 0.05 for g in gains])


def test_overlapping_splits_overstate(claim: Claim) -> None:
    """If test sets of a fifth or more are drawn again and again from the same rows, the ordinary
    t-test over thirty of them calls equal methods different far too often, and the corrected one
    does not."""
    other = [{"kind": "wrong signs"}, {"test": 60}]
    claim.effect(
        "equal methods found to differ", false_findings, knob="rows", on="shared", off="fresh",
        above=0.3, off_below=0.15, also=other,
    )  # fmt: skip
    claim.effect(
        "equal methods found to differ", false_findings, knob="test_", on="ordinary",
        off="corrected", above=0.3, off_below=0.15, also=other,
    )  # fmt: skip
    assert np.mean([false_findings(seed, test=1) for seed in range(5)]) < 0.15  # far from a fifth
    claim.limit(
        "Within one cross-validation of linear models, whose folds share no test rows, the "
        "ordinary t-test errs up to twice as often as it says.",
        "equal methods found to differ, ten folds",
        lambda seed: false_findings(seed, "folds", splits=10), below=0.12,
    )  # fmt: skip
    claim.limit(
        "There, and on fresh rows for each split, the correction is far too cautious.",
        "equal methods found to differ, at a promised 5%",
        lambda seed: max(
            false_findings(seed, "fresh", "corrected"),
            np.mean(
                [
                    gain_over_splits(gains, 135, 15)["p_value"] < 0.05
                    for gains in studies(seed, "folds", splits=10)
                ]
            ),
        ),
        below=0.04,
    )  # fmt: skip


@cache
def false_finding(
    seed: int, models: int = 50, correct: str = "none", rounds: int = 1, rows: int = 80,
    kind: str = "errors", sets: int = 100,
) -> float:  # fmt: skip
    """Share of studies with a significant difference, where all are as good as the baseline."""
    answers = np.random.default_rng(seed).normal(size=(sets, rounds, models + 1, rows))
    answers = (answers < 1) * 1.0 if kind == "right rows" else answers
    if kind == "near copies":  # the rivals, of each other
        answers[:, :, 2:] = answers[:, :, 1:2] + 0.05 * answers[:, :, 2:]
    p_values = ttest_1samp(answers[:, :, 1:] - answers[:, :, :1], 0, axis=3).pvalue
    if correct == "Holm":
        p_values = np.apply_along_axis(holm, 2, p_values)
    return np.mean(p_values.min(axis=(1, 2)) < 0.05)


def test_f1_of_folds_with_two_positives() -> None:
    """The pitfall: the mean of the folds' F1, minus the F1 of all folds together."""

    def moved(positives: int, recall: float, false: float) -> float:
        added = []
        for rng in np.random.default_rng(0).spawn(300):
            right = rng.random((10, positives)) < recall  # found, fold by fold
            wrong = rng.binomial(200 - positives, false, 10)
            found = right.sum(axis=1)
            folds = 2 * found / (found + wrong + positives)
            added.append(folds.mean() - 2 * found.sum() / (found + wrong + positives).sum())
        return float(np.mean(added))

    assert moved(2, 0.5, 0.005) < -0.02 and moved(2, 0.95, 0.01) > 0.02
    assert abs(moved(50, 0.5, 0.005)) < 0.005 > abs(moved(50, 0.95, 0.01))


def test_many_rivals_need_a_correction(claim: Claim) -> None:
    """Tested one by one, fifty models that are as good as the baseline give a false finding far
    more often than one such model does, and with Holm's correction they do not."""
    other = [{"kind": "right rows"}, {"rows": 30}]
    claim.effect(
        "studies with a false finding", false_finding, knob="models", on=50, off=1, above=0.35,
        off_below=0.15, also=other,
    )  # fmt: skip
    claim.effect(
        "studies with a false finding", false_finding, knob="correct", on="none", off="Holm",
        above=0.35, off_below=0.15, also=other,
    )  # fmt: skip
    claim.limit(
        "Fifty near copies of one model give hardly more false findings than one.",
        "studies with a false finding", lambda seed: false_finding(seed, kind="near copies"), below=0.2,
    )  # fmt: skip
    claim.limit(
        "Ten rounds of five models, corrected within each round only, give a false finding far "
        "too often again.",
        "studies with a false finding",
        lambda seed: false_finding(seed, 5, "Holm", rounds=10, sets=60), above=0.15,
    )  # fmt: skip


@pytest.mark.parametrize("metric", [f1, auc, error])
def test_the_interval_holds_the_true_gain(metric) -> None:
    rng, held = np.random.default_rng(0), []
    apart = norm.cdf([1.4 / 2**0.5, 1.7 / 2**0.5])
    true = {f1: None, auc: apart[1] - apart[0], error: 1 - 1.05}[metric]
    if true is None:
        truth, old, new = sample(rng, 0.5, f1, 300_000)
        true = f1(truth, new) - f1(truth, old)
    for _ in range(40):
        found = paired_bootstrap(*sample(rng, 0.5, metric, 300), metric, resamples=120)
        held.append(found["low"] <= true <= found["high"])
    assert 0.84 < np.mean(held) <= 1


def test_five_positives_are_too_few() -> None:
    rng, held = np.random.default_rng(1), []
    truth = np.r_[np.ones(5), np.zeros(300)]
    for _ in range(80):
        old, new = rng.normal(size=(2, truth.size)) + [1.4 * truth, 1.7 * truth]
        found = paired_bootstrap(truth, old, new, auc, resamples=100)
        apart = norm.cdf([1.4 / 2**0.5, 1.7 / 2**0.5])
        held.append(found["low"] <= apart[1] - apart[0] <= found["high"])
    assert np.mean(held) < 0.91


@pytest.mark.parametrize("groups", [20, 100])
def test_groups_of_which_a_few_hold_most_rows_are_few(groups: int) -> None:
    rng, held = np.random.default_rng(1), []
    for _ in range(100):
        rows = np.ceil(rng.lognormal(1, 2, size=groups)).astype(int).clip(max=400)
        if groups == 100:
            rows = np.array([300] * 3 + [2] * 97)
        gain = np.repeat(rng.normal(size=groups), rows)  # the true one is zero
        found = paired_bootstrap(
            gain, 0 * gain, gain, lambda _, a: a.mean(), groups=np.repeat(np.arange(groups), rows),
            resamples=100,
        )  # fmt: skip
        held.append(found["low"] <= 0 <= found["high"])
    assert np.mean(held) < 0.91


def test_heavy_tails_hide_in_a_squared_error() -> None:
    """Two constant forecasts of lognormal amounts: seldom does a hundred rows hold the dear ones."""
    rng, held = np.random.default_rng(1), []
    true = 3.0**2 - 2.0**2 - 2 * (3.0 - 2.0) * np.exp(1.5**2 / 2)
    for _ in range(100):
        amount = rng.lognormal(0, 1.5, 100)
        found = paired_bootstrap(
            amount,
            0 * amount + 2,
            0 * amount + 3,
            lambda a, b: np.mean((a - b) ** 2),
            resamples=100,
        )
        held.append(found["low"] <= true <= found["high"])
    assert np.mean(held) < 0.9


def test_interval_is_scipys() -> None:
    truth, old, new = sample(np.random.default_rng(1), 0.8, f1, 300)
    ours = paired_bootstrap(truth, old, new, f1, resamples=2_000)

    def gain(t: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
        return f1(t, b) - f1(t, a)

    theirs = bootstrap(
        (truth, old, new), gain, paired=True, vectorized=False, n_resamples=2_000,
        method="percentile", random_state=np.random.default_rng(2),
    ).confidence_interval  # fmt: skip
    width = theirs.high - theirs.low
    assert ours["low"] == pytest.approx(theirs.low, abs=0.07 * width)
    assert ours["high"] == pytest.approx(theirs.high, abs=0.07 * width)


def test_ends_are_quantiles_of_the_draws_at_the_confidence() -> None:
    """Of 101 draws, the 90% interval ends at the 6th smallest and the 6th largest, whatever the
    scale of the metric: an interval from a mean and its deviation would move."""
    truth, old = np.zeros(40), np.zeros(40)
    new = np.random.default_rng(0).exponential(size=40)

    def bends(_: np.ndarray, answer: np.ndarray) -> float:
        return np.expm1(4 * answer.mean())

    def ends(metric=bends, **given: object) -> list[float]:
        found = paired_bootstrap(truth, old, new, metric, resamples=101, **given)
        return [found["low"], found["high"]]

    plain = ends(mean_answer, confidence=0.9)
    assert ends(confidence=0.9) == pytest.approx(np.expm1(4 * np.array(plain)))
    assert ends(confidence=0.5)[0] > ends(confidence=0.9)[0] and ends()[1] > ends(confidence=0.9)[1]
    assert ends(seed=1) != ends() == ends(seed=0)


def test_p_value_by_hand() -> None:
    truth, old = np.zeros(30), np.zeros(30)
    for resamples in (100, 399):  # all draws are above 0: no p-value is smaller
        found = paired_bootstrap(truth, old, old + 1, mean_answer, resamples=resamples)
        assert found["p_value"] == pytest.approx(2 / (resamples + 1))
    wide = np.column_stack([old, old])
    moved = wide + (np.arange(30) < 7)[:, None]  # both classes of seven rows
    found = paired_bootstrap(truth, wide, moved, mean_answer, resamples=100)
    assert found["rows_differ"] == 7


def test_scores_of_two_precisions_are_the_same_answers() -> None:
    """Through float32, all rows differed, and the warning of few rows was never given."""
    scores = np.random.default_rng(0).random((40, 2))
    for old in (scores, scores[:, 0]):
        new = old.copy()
        new[:3] += 1e-6
        for pair in ((old.astype("f4"), new), (old, new.astype("f4")), (old, new)):
            found = paired_bootstrap(np.zeros(40), *pair, mean_answer, resamples=100)
            assert found["rows_differ"] == 3


def test_metrics_of_scikit_learn_pass() -> None:
    rng = np.random.default_rng(0)
    truth, old, new = sample(rng, 0.5, auc, 100)
    found = paired_bootstrap(truth, old, new, roc_auc_score, resamples=100)
    assert found["new"] == pytest.approx(auc(truth, new)) == roc_auc_score(truth, new)
    assert found["difference"] == pytest.approx(auc(truth, new) - auc(truth, old))
    macro = partial(f1_score, average="macro")
    named, calls = np.where(truth == 1, "yes", "no"), np.where(new > 1, "yes", "no")
    text = paired_bootstrap(named, pd.Categorical(named), calls, macro, resamples=100)
    assert text["old"] == 1
    assert text["new"] == macro(truth, new > 1)
    both = [np.column_stack([1 - p, p]) for p in 1 / (1 + np.exp([-old, -new]))]
    found = paired_bootstrap(
        truth, both[0].tolist(), both[1],
        lambda t, p: -np.log(p[:, 1] * t + p[:, 0] * (1 - t)).mean(), resamples=100,
    )  # fmt: skip
    assert found["old"] == pytest.approx(log_loss(truth, both[0][:, 1]))


def test_p_value_and_interval_agree() -> None:
    for seed in range(20):
        found = paired_bootstrap(
            *sample(np.random.default_rng(seed), 0.8, f1, 60), f1, resamples=150
        )
        inside = found["low"] <= 0 <= found["high"]
        if abs(found["p_value"] - 0.05) > 0.03:
            assert inside == (found["p_value"] > 0.05), found


def test_rows_of_one_group_are_drawn_together() -> None:
    """Ten copies of each row: as groups they give the interval of the rows before the copies."""
    columns = sample(np.random.default_rng(0), 0.5, error, 200)
    copies = [np.repeat(column, 10) for column in columns]
    customer = np.repeat([f"customer {number}" for number in range(200)], 10)
    rows = paired_bootstrap(*columns, error, resamples=600)
    grouped = paired_bootstrap(*copies, error, groups=customer, resamples=600)
    for part in ("difference", "low", "high", "p_value"):
        assert grouped[part] == pytest.approx(rows[part])
    mixed = np.random.default_rng(1).permutation(2_000)  # rows of a group need no order
    shuffled = paired_bootstrap(
        *(c[mixed] for c in copies), error, groups=customer[mixed], resamples=600
    )
    assert shuffled["high"] - shuffled["low"] == pytest.approx(rows["high"] - rows["low"], rel=0.2)
    apart = paired_bootstrap(*copies, error, resamples=600)
    assert 2.5 * (apart["high"] - apart["low"]) < rows["high"] - rows["low"]


def test_undefined_metrics_are_refused() -> None:
    truth = np.r_[np.ones(2), np.zeros(98)]
    score = np.linspace(0, 1, 100)
    for metric, answers in ((roc_auc_score, score), (recall_score, score > 0.5), (recall, score)):
        with pytest.raises(ValueError, match="labels are too few for metric: undefined in 1"):
            paired_bootstrap(truth, answers, answers, metric, resamples=100)
        with pytest.raises(ValueError, match="metric must give a finite number"):
            paired_bootstrap(0 * truth, answers, answers, metric, resamples=100)
    with pytest.raises(ValueError, match="metric must give a finite number.*KeyError"):
        paired_bootstrap(truth, score, score, lambda y, a: {}[0])
    with pytest.raises(TypeError, match="old and new must both be numbers"):
        paired_bootstrap(truth, score > 0.5, np.where(score > 0.5, "1", "0"), recall)
    with pytest.raises(ValueError, match="labels must be below"):  # float64 would merge them
        paired_bootstrap(2**60 + truth.astype(int), score, score, auc)
    with pytest.raises(ValueError, match="old and new must have one shape"):
        paired_bootstrap(truth, score, np.c_[score, score], auc)
    with pytest.raises(ValueError, match=r"labels \(or groups\) must be of 20 rows"):
        paired_bootstrap(truth, score, score, auc, groups=np.arange(100) // 6)


@pytest.mark.parametrize("splits", [2, 5, 30])
def test_correction_is_a_factor_on_scipys_t(splits: int) -> None:
    gains = np.random.default_rng(splits).normal(0.3, 1, size=splits)
    plain, found = ttest_1samp(gains, 0), gain_over_splits(gains, 90, 10)
    factor = (1 + splits / 9) ** 0.5
    low, high = plain.confidence_interval(0.95)
    assert found["high"] - found["low"] == pytest.approx(factor * (high - low))
    assert found["gain"] == pytest.approx((low + high) / 2)
    far = gain_over_splits(gains, 10**9, 1)  # hardly any overlap left to correct for
    assert far["p_value"] == pytest.approx(plain.pvalue, abs=1e-6)


def test_seeds_are_averaged_within_a_split() -> None:
    gains = np.random.default_rng(0).normal(size=(6, 4))
    found = gain_over_splits(gains, 80, 20)
    assert found == gain_over_splits(gains.mean(axis=1), 80, 20)
    assert found == gain_over_splits(pd.DataFrame(gains), 80, 20)
    assert gain_over_splits(np.repeat(gains, 3, axis=1), 80, 20)["p_value"] == pytest.approx(
        found["p_value"]
    )
    same = gain_over_splits(np.zeros((5, 2)), 80, 20)
    assert same == {"gain": 0, "low": 0, "high": 0, "p_value": 1}
    with pytest.raises(ValueError, match="gains must differ between splits"):
        gain_over_splits([0.02] * 5, 80, 20)
    with pytest.raises(ValueError, match="gains must be of two splits"):
        gain_over_splits([[0.02, 0.03]], 80, 20)


def test_holm_is_that_of_statsmodels() -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        p_values = rng.choice([rng.uniform(0, 0.1), *rng.uniform(size=8) ** 3], size=12)  # ties
        assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])
    assert holm([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0]).tolist() == [0.9, 0]


def test_exercise() -> None:
    runs = np.array([[12, 18, 9], [4, -2, 6], [15, 11, 17], [-3, 2, -4], [10, 7, 13]], dtype=float)
    assert ttest_1samp(runs.ravel(), 0).pvalue == pytest.approx(0.001, abs=5e-4)
    found = gain_over_splits(runs / 1_000, 800, 200)
    assert found["p_value"] == pytest.approx(0.17, abs=0.005)
    assert (found["low"], found["high"]) == pytest.approx((-0.005, 0.021), abs=5e-4)


def test_bad_input_is_named() -> None:
    truth, old, new = sample(np.random.default_rng(0), 0.5, f1, 40)
    names_bad_input(
        paired_bootstrap, labels=truth, old=old, new=new, metric=f1, resamples=100,
        groups=np.arange(40) // 2, paired=("labels", "old", "new", "groups"),
        allow=[("groups", "none"), ("groups", "infinite")], examples=1,
        bounds={"confidence": "(0, 1)", "resamples": "[100, inf)", "seed": "[0, inf)"},
    )  # fmt: skip
    classes = np.where(new > 1, "b", "a")
    names_bad_input(
        paired_bootstrap, labels=np.where(truth == 1, "b", "a"), old=classes, new=classes,
        metric=lambda y, a: np.mean(y == a), resamples=100, paired=("labels", "old", "new"),
    )  # fmt: skip
    names_bad_input(
        gain_over_splits, gains=[0.1, 0.2, -0.1], train_rows=80, test_rows=20,
        bounds={"confidence": "(0, 1)", "train_rows": "[1, inf)", "test_rows": "[1, inf)"},
    )  # fmt: skip
    names_bad_input(holm, p_values=[0.1, 0.02, 0.7])


def test_a_metric_that_adds_tenths() -> None:
    """Errors of 0.1 up and down add up to the same but for the last bit, which halved the p-value
    where a few rows decide."""
    rng = np.random.default_rng(0)
    labels, side = np.round(rng.integers(10, 90, 200) / 10, 1), rng.choice([-1, 1], 200)
    old, new = np.round(labels + 0.1 * side, 1), np.round(labels - 0.1 * side, 1)
    same = paired_bootstrap(labels, old, new, mean_absolute_error, resamples=300)
    assert same["p_value"] == 1 and same["low"] == same["difference"] == same["high"] == 0
    new[:4] = labels[:4]
    found = paired_bootstrap(labels, old, new, mean_absolute_error)

    def in_tenths(truth: np.ndarray, answers: np.ndarray) -> float:
        return float(np.round(10 * np.abs(answers - truth)).sum())  # whole numbers have no last bit

    assert found["p_value"] == paired_bootstrap(labels, old, new, in_tenths)["p_value"]
