"""docs/data/split-like-you-serve.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, KFold, TimeSeriesSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from proof.claims import Claim
from snippets.data.forward_split import forward_splits
from snippets.data.group_split import shared_units
from tools.bad_input import names_bad_input


@cache
def forecasts(rotation: float, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    day = rng.uniform(0, 420, 7_000)
    angle = np.deg2rad(rotation) * day / 360
    features = rng.normal(size=(7_000, 5))
    score = 2 * np.cos(angle) * features[:, 0] + 2 * np.sin(angle) * features[:, 1]
    label = score + rng.logistic(size=7_000) > 0
    past, labelled, future = day < 360, day < 330, day >= 360
    model = LogisticRegression()
    shuffled, forward = (
        cross_val_score(model, features[past], label[past], cv=cv, scoring="roc_auc")
        for cv in (KFold(5, shuffle=True, random_state=0), forward_splits(day[past], gap=30))
    )
    model.fit(features[labelled], label[labelled])
    return {
        "shuffled": shuffled.mean(),
        "forward": forward.mean(),
        "newest": forward[-1],
        "served": roc_auc_score(label[future], model.decision_function(features[future])),
    }


def gap_between(first: str, second: str, rotation: float):
    return lambda seed: forecasts(rotation, seed)[first] - forecasts(rotation, seed)[second]


def test_shuffling_promises_too_much(claim: Claim) -> None:
    """While the rule turns, shuffled folds promise more than the next weeks keep."""
    claim.holds("shuffled - served", gap_between("shuffled", "served", 135), above=0.12)
    claim.null("without rotation", gap_between("shuffled", "served", 0), below=0.06)


def test_forward_mean_promises_too_much_as_well(claim: Claim) -> None:
    """While the rule turns, the mean over forward folds promises less than shuffled folds,
    and still more than the next weeks keep."""
    claim.holds("shuffled - forward", gap_between("shuffled", "forward", 135), above=0.03)
    claim.holds("forward - served", gap_between("forward", "served", 135), above=0.07)
    claim.null("shuffled - forward", gap_between("shuffled", "forward", 0), below=0.015)
    claim.null("forward - served", gap_between("forward", "served", 0), below=0.06)


def test_newest_block_is_closer(claim: Claim) -> None:
    """While the rule turns, the newest forward block is closer to what comes next than the
    mean over the blocks."""

    def closer(seed: int) -> float:
        one = forecasts(135, seed)
        return abs(one["forward"] - one["served"]) - abs(one["newest"] - one["served"])

    claim.holds("distance of the mean - distance of the newest", closer, above=0.04)
    claim.null("forward - newest", gap_between("forward", "newest", 0), above=-0.04, below=0.04)


@cache
def patients(identity: float, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    known, new = np.repeat(np.arange(100), 8), np.repeat(np.arange(100, 200), 8)
    label = rng.permutation(np.arange(200) % 2)
    usual = identity * rng.normal(size=(200, 10))
    history, returning, newcomers = (
        usual[patient] + rng.normal(scale=0.5, size=(800, 10)) for patient in (known, known, new)
    )
    model = KNeighborsClassifier(n_neighbors=5)
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


def test_shuffled_folds_recognise_patients(claim: Claim) -> None:
    """Shuffled folds find labels predictable that are random for every patient; grouped folds
    do not."""
    claim.holds("shuffled accuracy", lambda seed: patients(1, seed)["shuffled"], above=0.8)
    claim.holds("grouped accuracy", lambda seed: patients(1, seed)["grouped"], below=0.65)
    claim.null("shuffled, no identity", lambda seed: patients(0, seed)["shuffled"], below=0.6)


def test_each_split_is_right_somewhere(claim: Claim) -> None:
    """Shuffled folds are right about patients who return, and grouped folds about patients who
    are new."""

    def off(split: str, served: str, identity: float):
        return lambda seed: abs(patients(identity, seed)[split] - patients(identity, seed)[served])

    claim.holds("shuffled against returning", off("shuffled", "returning", 1), below=0.15)
    claim.holds("grouped against new", off("grouped", "new", 1), below=0.2)
    claim.holds("shuffled against new", off("shuffled", "new", 1), above=0.25)
    claim.holds("grouped against returning", off("grouped", "returning", 1), above=0.25)
    claim.null("no identity, shuffled against new", off("shuffled", "new", 0), below=0.15)
    claim.null("no identity, grouped against returning", off("grouped", "returning", 0), below=0.15)


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
    for wrong in (days, times > 3):
        with pytest.raises(TypeError, match="times"):
            forward_splits(wrong)


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


def test_bad_input_is_named() -> None:
    times = [0.4, 3.0, 1.5, 2.0, 9.0, 4.5, 7.0]
    names_bad_input(forward_splits, times=times, bounds={"n_splits": "[1, 6]", "gap": "[0, inf)"})
    names_bad_input(forward_splits, times=times, gap=0.5, allow=[("gap", "above one")])
    pairs = [([0, 1], [2, 3]), ([2, 3], [0, 1])]
    names_bad_input(shared_units, units=[7, 7, 8, 9], splits=pairs, allow=[("units", "text")])
    names_bad_input(shared_units, units=["a", "a", "b", "c"], splits=pairs)
    for units in (["a", None, "b", "c"], [1.0, 2.0, 3.0, 4.0], [["a"], ["b"]], []):
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
