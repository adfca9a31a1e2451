"""docs/data/split-like-you-serve.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, KFold, TimeSeriesSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from docs.data.figures.forward_split import KNOB, forecasts, measure
from proof.claims import Claim
from snippets.data.forward_split import forward_splits
from snippets.data.group_split import shared_units
from tools.bad_input import names_bad_input

MODELS = {
    "logistic": LogisticRegression(solver="newton-cholesky"),
    "tree": DecisionTreeClassifier(min_samples_leaf=50, random_state=0),
    "neighbours": KNeighborsClassifier(n_neighbors=5),
    "forest": ExtraTreesClassifier(10, random_state=0),
}


def of_a_season(seed: int, swing: float = 90, served_days: float = 60) -> float:
    """Shuffled less served, for a rule that turns by 90 degrees and back in a year."""
    rng = np.random.default_rng(seed)
    day, features = rng.uniform(0, 360 + served_days, 5_000), rng.normal(size=(5_000, 5))
    angle = np.deg2rad(swing) * (1 - abs(2 * (day / 360 % 1) - 1))
    score = 2 * np.cos(angle) * features[:, 0] + 2 * np.sin(angle) * features[:, 1]
    label, past, model = score + rng.logistic(size=day.size) > 0, day < 360, MODELS["logistic"]
    folds = KFold(5, shuffle=True, random_state=0)
    shuffled = cross_val_score(model, features[past], label[past], cv=folds, scoring="roc_auc")
    model.fit(features[day < 330], label[day < 330])
    served = roc_auc_score(label[~past], model.predict_proba(features[~past])[:, 1])
    return shuffled.mean() - served


@cache
def of_a_still_rule(seed: int, rows: int) -> tuple[float, float, np.ndarray]:
    """Return the AUC of shuffled and of forward folds, and the blocks of the latter."""
    rng = np.random.default_rng(seed)
    day, features = rng.uniform(0, 360, rows), rng.normal(size=(rows, 5))
    label = 2 * features[:, 0] + rng.logistic(size=rows) > 0
    folds = KFold(5, shuffle=True, random_state=0).split(day), forward_splits(day, gap=30)
    shuffled, forward = (
        np.array([
            roc_auc_score(label[test], LinearDiscriminantAnalysis().fit(features[train], label[train]).decision_function(features[test]))
            for train, test in splits
        ])
        for splits in folds
    )  # fmt: skip
    return shuffled.mean(), forward.mean(), forward


def circle(seed: int) -> dict[str, float]:
    return forecasts(seed, 360, rows=3_500, model=MODELS["tree"])


ALSO = [{"model": MODELS["tree"]}, {"rows": 3_500, "columns": 10}]


def test_shuffling_promises_too_much(claim: Claim) -> None:
    """While the rule turns by less than half a circle, shuffled folds promise more than the next
    weeks keep."""
    claim.effect(
        "shuffled - served", measure, knob="rotation", **KNOB.ends, above=0.15, off_below=0.08,
        also=ALSO,
    )  # fmt: skip
    claim.limit(
        "If the rule turns back within the year, like a season, shuffled folds promise little more than two months keep.",
        "shuffled - served", of_a_season, above=-0.1, below=0.1,
    )  # fmt: skip
    claim.limit(
        "Where a strong season turns, they promise far too much.",
        "shuffled - served, half a turn", lambda seed: of_a_season(seed, 180, 30), above=0.1,
    )  # fmt: skip


def test_forward_mean_promises_too_much_as_well(claim: Claim) -> None:
    """While the rule turns by less than half a circle, the mean over forward folds promises less than
    shuffled folds, and still more than the next weeks keep."""

    def in_between(seed: int, rotation: float, **given) -> float:
        one = forecasts(seed, rotation, **given)
        return min(one["shuffled"] - one["forward"], one["forward"] - one["served"])

    claim.effect(
        "smaller of the two steps", in_between, knob="rotation", on=135, off=0, above=0.025,
        off_below=0.02, also=ALSO,
    )  # fmt: skip

    def pessimism(seed: int) -> float:
        return np.mean([np.subtract(*of_a_still_rule(100 * seed + n, 100)[:2]) for n in range(12)])

    claim.limit(
        "With few rows, forward folds promise too little even if the rule stands still: early folds train on less.",
        "shuffled - forward, 100 rows", pessimism, above=0,
    )  # fmt: skip
    claim.limit(
        "Over a full circle in the year, forward folds of a tree promise too little",
        "forward - served", lambda seed: circle(seed)["forward"] - circle(seed)["served"], below=-0.03,
    )  # fmt: skip


def test_newest_block_is_closer(claim: Claim) -> None:
    """While the rule turns by less than half a circle, the newest forward block is closer to what
    comes next than the mean over the blocks."""

    def closer(seed: int, rotation: float, **given) -> float:
        one = forecasts(seed, rotation, **given)
        return abs(one["forward"] - one["served"]) - abs(one["newest"] - one["served"])

    claim.effect(
        "distance of the mean - distance of the newest", closer, knob="rotation", on=135, off=0,
        above=0.045, off_below=0.04, also=ALSO,
    )  # fmt: skip

    claim.limit(
        "promise too little, and the newest block still less.",
        "newest - forward", lambda seed: circle(seed)["newest"] - circle(seed)["forward"], below=-0.01,
    )  # fmt: skip

    def slow(seed: int, rows: int = 500) -> bool:
        """Return whether the newest block is the closer one, for a turn of 45 degrees."""
        rng = np.random.default_rng(seed)
        day, features = rng.uniform(0, 420, rows), rng.normal(size=(rows, 5))
        angle = np.deg2rad(45) * day / 360
        score = 2 * np.cos(angle) * features[:, 0] + 2 * np.sin(angle) * features[:, 1]
        label, past = score + rng.logistic(size=rows) > 0, np.flatnonzero(day < 360)

        def auc(train: np.ndarray, test: np.ndarray) -> float:
            model = LinearDiscriminantAnalysis().fit(features[train], label[train])
            return roc_auc_score(label[test], model.decision_function(features[test]))

        splits = forward_splits(day[past], gap=30)
        blocks = [auc(past[train], past[test]) for train, test in splits]
        served = auc(day < 330, day >= 360)
        return abs(blocks[-1] - served) < abs(np.mean(blocks) - served)

    claim.limit(
        "Over an eighth of a circle, with five hundred rows, the newest block is often further off.",
        "share of series in which it is closer",
        lambda seed: np.mean([slow(100 * seed + n) for n in range(12)]), below=0.8,
    )  # fmt: skip

    def falls(seed: int) -> float:
        series = [of_a_still_rule(100 * seed + n, 100)[2] for n in range(12)]
        return np.mean([blocks[-1] < blocks[0] for blocks in series])

    claim.limit(
        "A newest block below the first proves no turn: a good share of series end so by chance.",
        "share of series that end lower, no rotation", falls, above=0.1,
    )  # fmt: skip


@cache
def patients(
    seed: int, identity: float, family: str = "neighbours", count: int = 100, visits: int = 8,
    columns: int = 10,
) -> dict[str, float]:  # fmt: skip
    rng = np.random.default_rng(seed)
    known, new = np.arange(count).repeat(visits), np.arange(count, 2 * count).repeat(visits)
    label = rng.permutation(np.arange(2 * count) % 2)
    usual = identity * rng.normal(size=(2 * count, columns))
    history, returning, newcomers = (
        usual[patient] + rng.normal(scale=0.5, size=(patient.size, columns))
        for patient in (known, known, new)
    )
    model = MODELS[family]
    splits = {
        "shuffled": KFold(5, shuffle=True, random_state=0).split(known),
        "grouped": GroupKFold(5).split(known, groups=known),
    }
    estimates = {
        name: cross_val_score(model, history, label[known], cv=list(folds)).mean()
        for name, folds in splits.items()
    }
    model.fit(history, label[known])
    return estimates | {
        "returning": model.score(returning, label[known]),
        "new": model.score(newcomers, label[new]),
    }


PATIENTS = [{"visits": 12}, {"columns": 20, "count": 80}]


def test_shuffled_folds_recognise_patients(claim: Claim) -> None:
    """If the readings tell who the patient is, shuffled folds let a flexible model predict labels
    that are random for every patient; grouped folds do not."""

    def recalled(seed: int, identity: float, **given) -> float:
        one = patients(seed, identity, **given)
        return one["shuffled"] - one["grouped"]

    claim.effect(
        "shuffled - grouped accuracy", recalled, knob="identity", on=1, off=0, above=0.17,
        off_below=0.12, also=[{"family": "forest"}, {"columns": 20, "count": 80}],
    )  # fmt: skip
    claim.limit(
        "A linear model on ten readings recalls few of a hundred patients.",
        "shuffled - grouped accuracy, mean of three",
        lambda seed: np.mean([recalled(3 * seed + n, 1, family="logistic") for n in range(3)]),
        below=0.17,
    )  # fmt: skip
    for seed in range(5):
        assert patients(seed, 1)["grouped"] < 0.65
    claim.limit(
        "With one visit a patient there is nothing to recall: both kinds of folds agree.",
        "shuffled - grouped accuracy",
        lambda seed: abs(recalled(seed, 1, visits=1, count=800)), below=0.08,
    )  # fmt: skip


def test_each_split_is_right_somewhere(claim: Claim) -> None:
    """If the readings tell who the patient is, shuffled folds are the nearer estimate for patients
    who return, and grouped folds for patients who are new."""

    def nearer(seed: int, identity: float, **given) -> float:
        one = patients(seed, identity, **given)
        off = {
            (split, served): abs(one[split] - one[served])
            for split in ("shuffled", "grouped") for served in ("returning", "new")
        }  # fmt: skip
        return min(
            off["grouped", "returning"] - off["shuffled", "returning"],
            off["shuffled", "new"] - off["grouped", "new"],
        )

    claim.effect(
        "how much nearer, the lesser of both", nearer, knob="identity", on=1, off=0, above=0.15,
        off_below=0.1, also=PATIENTS,
    )  # fmt: skip
    claim.limit(
        "With few visits a patient, shuffled folds are too low for those who return: a fold trains on fewer visits than serving.",
        "returning - shuffled, two visits",
        lambda seed: patients(seed, 1, visits=2)["returning"] - patients(seed, 1, visits=2)["shuffled"],
        above=0.02,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_equals_scikit_learn_where_rows_are_evenly_spaced(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, n_splits, gap = (int(rng.integers(*ends)) for ends in ((60, 200), (2, 8), (0, 6)))
    expected = TimeSeriesSplit(n_splits, gap=gap).split(np.empty(rows))
    for (train, test), (their_train, their_test) in zip(
        forward_splits(np.arange(rows), n_splits, gap), expected, strict=True
    ):
        np.testing.assert_array_equal(train, their_train)
        np.testing.assert_array_equal(test, their_test)


@pytest.mark.parametrize("seed", range(10))
def test_no_label_comes_from_the_future(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = rng.integers(0, 40, 300)  # ties, and any order
    splits = forward_splits(times, n_splits=4, gap=3)
    for train, test in splits:
        assert times[train].max() + 3 < times[test].min()
        known = np.flatnonzero(times + 3 < times[test].min())
        np.testing.assert_array_equal(np.sort(train), known)
        assert (np.diff(times[train]) >= 0).all() and (np.diff(times[test]) >= 0).all()
    tested = np.concatenate([test for _, test in splits])
    assert tested.size == len(set(tested)) == 240
    assert times[tested].min() >= np.sort(times)[60]


def test_a_label_that_arrives_at_the_very_moment_is_not_known() -> None:
    """With days in tenths, 0.8 - 0.7 is above 0.1: a row of exactly the gap was trained on."""
    tenths = np.arange(200)
    for gap in (1, 3, 7, 11):
        for window in (None, 20, 30):
            exact = forward_splits(tenths, gap=gap, window=window)
            known = None if window is None else window / 10
            found = forward_splits(tenths * 0.1, gap=gap / 10, window=known)
            for one, other in zip(exact, found, strict=True):
                assert one[0].tolist() == other[0].tolist()


@pytest.mark.parametrize(
    ("start", "step"), [(0, 1 / 24), (20_000, 1 / 24), (1_700_000_000, 0.1), (0, 1e-10)]
)
def test_a_label_of_that_moment_in_any_unit(start: float, step: float) -> None:
    """An hour is 1/24 of a day, not 0.041666667: a row of exactly the gap was trained on."""
    for gap in (1, 7):
        for window in (None, 20):
            exact = forward_splits(np.arange(200), gap=gap, window=window)
            known = None if window is None else window * step
            found = forward_splits(start + np.arange(200) * step, gap=gap * step, window=known)
            for one, other in zip(exact, found, strict=True):
                assert one[0].tolist() == other[0].tolist()


@pytest.mark.parametrize("kind", [np.float32, "Float32"])
def test_a_label_of_that_moment_in_single_precision(kind: object) -> None:
    """In float32, 0.8 - 0.7 is 0.10000002: a row of exactly the gap was trained on."""
    times = pd.Series(np.arange(2_000) * 0.1).astype(kind)
    for gap in (1, 3, 7):
        for window in (None, 20):
            exact = forward_splits(np.arange(2_000), gap=gap, window=window)
            known = None if window is None else window / 10
            found = forward_splits(times, gap=gap / 10, window=known)
            for one, other in zip(exact, found, strict=True):
                assert one[0].tolist() == other[0].tolist()
    whole = pd.Series(np.arange(2_000)).astype(kind)
    for one, other in zip(forward_splits(whole, gap=1), forward_splits(np.arange(2_000), gap=1)):
        assert one[0].tolist() == other[0].tolist()


def test_ties_keep_the_order_of_the_rows() -> None:
    [(train, test)] = forward_splits([1, 0] * 100, n_splits=1)
    assert train.tolist() == list(range(1, 200, 2))
    assert test.tolist() == list(range(0, 200, 2))


def test_defaults_are_five_blocks_without_a_gap() -> None:
    days = pd.date_range("2025-01-01", periods=60, freq="D")[::-1]
    times = (days - days.min()) / pd.Timedelta("1D")
    splits = forward_splits(times)
    assert [train.size for train, _ in splits] == [10, 20, 30, 40, 50]
    assert splits[0][0].tolist() == list(range(59, 49, -1))
    again = forward_splits(times.astype("uint8"), n_splits=5, gap=0)
    assert [test.tolist() for _, test in again] == [test.tolist() for _, test in splits]
    for wrong in (days, days.tz_localize("Europe/Berlin"), days.astype(str)):
        with pytest.raises(TypeError, match="times"):
            forward_splits(wrong)


@pytest.mark.parametrize("seed", range(5))
def test_units_of_the_test_block_are_unseen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times, units = rng.integers(0, 50, 300), rng.choice([f"machine {n}" for n in range(60)], 300)
    plain, split = (forward_splits(times, 4, 3, given) for given in (None, units))
    assert shared_units(units, plain).min() > 0.2
    assert shared_units(units, split).tolist() == [0] * 4
    for (train, test), (fewer, same) in zip(plain, split, strict=True):
        np.testing.assert_array_equal(test, same)
        np.testing.assert_array_equal(fewer, train[~np.isin(units[train], units[test])])
    with pytest.raises(ValueError, match="units"):
        forward_splits(times, units=np.zeros(300))
    with pytest.raises(ValueError, match="units"):
        forward_splits(times, units=units[:-1])


@pytest.mark.parametrize("seed", range(5))
def test_window_keeps_the_newest_known_rows(seed: int) -> None:
    times = np.random.default_rng(seed).integers(0, 50, 300)
    for (train, test), (newest, same) in zip(
        forward_splits(times, 4, 3), forward_splits(times, 4, 3, window=6), strict=True
    ):
        np.testing.assert_array_equal(test, same)
        np.testing.assert_array_equal(newest, train[times[train] >= times[test].min() - 9])
    with pytest.raises(ValueError, match="window"):
        forward_splits(times, window=0)
    with pytest.raises(ValueError, match="window"):
        forward_splits(times, window=-1)
    with pytest.raises(ValueError, match="window"):
        forward_splits(times, window=np.inf)


def test_as_many_blocks_as_rows_allow() -> None:
    assert [test.tolist() for _, test in forward_splits([0.5, 0.1, 0.3], n_splits=2)] == [[2], [0]]
    with pytest.raises(ValueError, match="n_splits"):
        forward_splits([0.5, 0.1, 0.3], n_splits=3)
    with pytest.raises(ValueError, match="n_splits"):
        forward_splits([0.5, 0.1, 0.3], n_splits=0)
    with pytest.raises(ValueError, match="gap"):
        forward_splits([0.5, 0.1, 0.3], n_splits=1, gap=0.4)
    with pytest.raises(ValueError, match="gap"):
        forward_splits([0.5, 0.1, 0.3], n_splits=1, gap=np.inf)


@pytest.mark.parametrize("seed", range(10))
def test_shares_by_counting(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units = rng.choice(["anna", "bo", "cy", "dee", "eve", "fay"], size=30)
    splits = [np.split(rng.permutation(30)[:20], [int(cut)]) for cut in rng.integers(2, 18, 3)]
    expected = [
        sum(units[row] in set(units[train]) for row in test) / len(test) for train, test in splits
    ]
    assert shared_units(units, splits) == pytest.approx(expected)


def test_shares_of_scikit_learns_splitters() -> None:
    units = np.repeat([f"machine {number}" for number in range(20)], 6)
    grouped = shared_units(units, GroupKFold(5).split(units, groups=units))
    shuffled = shared_units(list(units), KFold(5, shuffle=True, random_state=0).split(units))
    assert grouped.tolist() == [0] * 5
    assert shuffled.shape == (5,) and shuffled.min() > 0.9


def test_numbers_of_other_types() -> None:
    times = np.arange(1_000.0)
    for n_splits in (np.uint8(5), np.int8(5)):  # 1,000 rows are out of their bounds
        own = forward_splits(times, n_splits, np.float16(3), window=np.float16(200))
        plain = forward_splits(times, 5, 3.0, window=200.0)
        assert all(
            (a == b).all()
            for x, y in zip(own, plain, strict=True)
            for a, b in zip(x, y, strict=True)
        )


def test_bad_input_is_named() -> None:
    times = [0.4, 3.0, 1.5, 2.0, 9.0, 4.5, 7.0]
    names_bad_input(forward_splits, times=times, bounds={"n_splits": "[1, 6]", "gap": "[0, inf)"})
    names_bad_input(forward_splits, times=times, gap=0.5, allow=[("gap", "above one")])
    names_bad_input(forward_splits, times=times, n_splits=2, units=list("aabbcdd"), window=20,
                    allow=[("units", "none"), ("window", "none"), ("window", "fraction")],
                    paired=["times", "units"])  # fmt: skip
    pairs = [([0, 1], [2, 3]), ([2, 3], [0, 1])]
    names_bad_input(shared_units, units=[7, 7, 8, 9], splits=pairs,
                    allow=[("units", "text"), ("units", "infinite")])  # fmt: skip
    names_bad_input(shared_units, units=["a", "a", "b", "c"], splits=pairs)
    for units in (["a", None, "b", "c"], [1.0, np.nan, 3.0, 4.0], [["a"], ["b"]], []):
        with pytest.raises(ValueError, match="units"):
            shared_units(units, pairs)
    nobody = np.array([], dtype=int)
    for splits in (
        [([0], nobody)],
        [(nobody, [0])],
        [([0, 1], [4])],
        [([-1], [2])],
        [([0], [])],
        [],
        [([0], [1], [2])],
        [3],
    ):
        with pytest.raises((TypeError, ValueError), match="splits"):
            shared_units(["a", "a", "b", "c"], splits)
