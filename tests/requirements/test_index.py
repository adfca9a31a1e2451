"""docs/requirements/index.md"""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gmean
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, make_blobs
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedShuffleSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from docs.requirements.figures.rerun_scores import KNOB, measure, scores
from proof.claims import Claim
from snippets.requirements.decoupled_objectives import rank_by_blend
from snippets.requirements.rerun_scores import rerun_scores
from tests.nearest_middle import NearestMiddle
from tools.bad_input import names_bad_input

FOREST = RandomForestClassifier(15)


def test_another_seed_moves_the_score(claim: Claim) -> None:
    """On a few hundred rows of measurements with overlapping classes, a forest of fifteen trees moves
    by a tenth of a point or more in most refits with another seed."""
    claim.effect(
        "share of pairs", lambda seed, runs=5, **given: measure(seed, runs=runs, **given),
        knob="model", **KNOB.ends, above=0.5, off_below=0.01,
        also=[{"table": "800"}, {"table": "600"}],
    )  # fmt: skip
    claim.limit(
        "On the bundled test set a tenth of a point means any difference at all, because one row "
        "is worth more.",
        "smallest difference of two unequal scores",
        lambda seed: np.diff(np.unique(scores(seed, "forest 15", runs=5))).min(), above=0.005,
    )  # fmt: skip

    def far_apart(
        seed: int, features: int = 1, wrong: float = 0.0, vary: str = "seed", last: BaseEstimator = FOREST
    ) -> float:  # fmt: skip
        """Share of pairs that differ; of the labels, some are wrong."""
        centers = [[-5] * features, [5] * features]
        inputs, labels = make_blobs(300, centers=centers, random_state=seed)
        labels = labels ^ (np.random.default_rng(seed).random(300) < wrong)
        found = rerun_scores(last, inputs, labels, vary, 3, seed)
        return np.mean([abs(one - other) >= 0.001 for one, other in combinations(found, 2)])

    limit = (
        "If one feature tells the classes apart, every seed and every split scores the same; if many "
        "features do and a few labels are wrong, or there are only two yes-or-no columns, most seeds "
        "score the same."
    )
    claim.limit(limit, "share of pairs, one feature", far_apart, below=1e-9)
    claim.limit(
        limit, "share of pairs, other splits, one feature",
        lambda seed: max(far_apart(seed, vary="split", last=m) for m in (FOREST, LogisticRegression())),
        below=1e-9,
    )  # fmt: skip
    claim.limit(
        limit, "share of pairs, twenty features and 3% wrong labels",
        lambda seed: np.mean([far_apart(3 * seed + k, 20, 0.03) for k in range(3)]), below=0.5,
    )  # fmt: skip

    def yes_or_no(seed: int) -> float:
        rng = np.random.default_rng(seed)
        inputs = rng.integers(0, 2, (400, 2))
        labels = inputs.sum(axis=1) + rng.logistic(size=400) > 1.5
        found = rerun_scores(FOREST, inputs, labels, "seed", 3, seed)
        return np.mean([abs(one - other) >= 0.001 for one, other in combinations(found, 2)])

    claim.limit(limit, "share of pairs, two columns of yes and no", yes_or_no, below=0.5)

    def many_rows(seed: int) -> float:
        rng = np.random.default_rng(seed)
        inputs = rng.normal(size=(8_000, 1))
        labels = inputs[:, 0] > 0
        found = rerun_scores(
            RandomForestClassifier(15), inputs.round(1), labels, "seed", 4, seed
        )  # rounded, the rows around zero cannot be told apart
        assert 0.01 < 1 - found.mean() < 0.03
        return np.mean([abs(one - other) >= 0.001 for one, other in combinations(found, 2)])

    claim.limit(
        "With thousands of rows and two errors in a hundred, most pairs move by less.",
        "share of pairs", many_rows, below=0.4,
    )  # fmt: skip


def test_another_split_moves_the_score(claim: Claim) -> None:
    """Another split moves the score even of a learner that has no randomness of its own."""

    def deviation(seed: int, vary: str, model: str = "logistic", table: str = "bundled") -> float:
        return scores(seed, model, vary, table, runs=6).std(ddof=1)

    claim.effect(
        "deviation", deviation, knob="vary", on="split", off="seed", above=0.002, off_below=1e-9,
        also=[{"table": "600"}, {"model": "neighbours"}],
    )  # fmt: skip
    claim.limit(
        "With tens of thousands of rows and one error in ten, another split moves the score by a few "
        "tenths of a point; with one error in a thousand, by less.",
        "deviation", lambda seed: deviation(seed, "split", table="30000"), above=0.001, below=0.006,
    )  # fmt: skip

    def rare(seed: int) -> float:
        rng = np.random.default_rng(seed)
        inputs, labels = rng.normal(size=(1_000, 2)), np.arange(1_000) < 10
        runs = (
            (LogisticRegression(), "split"), (KNeighborsClassifier(15), "split"),
            (RandomForestClassifier(15, min_samples_leaf=20), "seed"),
        )  # fmt: skip
        found = [rerun_scores(model, inputs, labels, vary, 3, seed) for model, vary in runs]
        return max(one.std() for one in found)

    claim.limit(
        "If events are so rare that a model predicts none, neither seed nor split moves the score.",
        "deviation", rare, below=1e-9,
    )  # fmt: skip
    inputs = np.random.default_rng(0).normal(size=(20_000, 1))
    labels = (inputs[:, 0] > 0) ^ (np.random.default_rng(1).random(20_000) < 0.001)
    assert rerun_scores(LogisticRegression(), inputs, labels, "split", 6).std(ddof=1) < 0.001


def revenue_given_away(
    seed: int,
    prices: str,
    weight: float = 1,
    size: int = 100,
    items: int = 1_000,
    spread: float = 0.6,
) -> float:
    rng = np.random.default_rng(seed)
    click, price = rng.beta(2, 8, items), rng.lognormal(3, spread, items)
    price = {
        "fall": price * (1.3 - click), "unrelated": price, "rise": 40 * click, "undo": 4 / click
    }[prices]  # fmt: skip
    earned = [np.mean((click * price)[rank_by_blend(click, price, w, size)]) for w in (weight, 0.5)]
    return 1 - earned[0] / earned[1]


def test_objectives_conflict(claim: Claim) -> None:
    """If click rates and prices both vary widely and have little to do with each other, the list
    that is best for clicks and the list that is best for prices each give away a good part of the
    revenue."""
    for weight in (0, 1):  # the list that is best for prices, and that for clicks
        for on in ("fall", "unrelated"):
            claim.effect(
                "share of the revenue given away",
                lambda seed, weight=weight, **given: revenue_given_away(seed, weight=weight, **given),
                knob="prices", on=on, off="rise", above=0.1, off_below=1e-9,
                also=[{"items": 500}, {"size": 50}],
            )  # fmt: skip
    claim.limit(
        "If the list shows nearly all items, any order earns nearly the same.",
        "share of the revenue given away", lambda seed: revenue_given_away(seed, "fall", size=950),
        below=0.02,
    )  # fmt: skip
    claim.limit(
        "If prices are nearly alike, the list for clicks gives away nearly nothing; if prices vary "
        "far more than click rates, so does the list for prices; if every showing earns the same, so "
        "does any list.",
        "share of the revenue given away",
        lambda seed: max(
            revenue_given_away(seed, "unrelated", spread=0.05),
            revenue_given_away(seed, "unrelated", weight=0, spread=3),
            *(revenue_given_away(seed, "undo", weight) for weight in (0, 1)),
        ),
        below=0.02,
    )  # fmt: skip


def test_tables_pass_as_the_model_takes_them() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"x": rng.normal(size=60), "b": rng.random(60) < 0.5, "t": ["u", "v"] * 30}
    )
    labels = np.where(table["x"] + table["b"] + rng.normal(size=60) > 0.5, 1, 0)
    text = ColumnTransformer([("t", OneHotEncoder(), ["t"])], remainder="passthrough")
    pipeline = make_pipeline(text, LogisticRegression())
    expected = rerun_scores(pipeline, table, labels, "split", 3)
    names = np.where(labels, "yes", "no")
    table.index = [0] * 60
    for other in (
        labels.astype(float), labels.astype(bool), labels.tolist(), names.tolist(), pd.Series(names),
        pd.Series(labels, index=range(60, 120)), pd.Series(labels, dtype="Int64"),
        pd.Series(names, dtype="category"), pd.Series(labels == 1, dtype="boolean"),
    ):  # fmt: skip
        assert rerun_scores(pipeline, table, other, "split", 3).tolist() == expected.tolist()
    dummies = pd.get_dummies(table)
    assert rerun_scores(LogisticRegression(), dummies, names, "split", 3).shape == (3,)
    table.iloc[0, 0] = np.nan
    missing = DecisionTreeClassifier(max_depth=2)
    assert rerun_scores(missing, table[["x", "b"]], labels, "seed", 2).shape == (2,)
    with pytest.raises(ValueError, match="model cannot learn labels from inputs"):
        rerun_scores(LogisticRegression(), table, labels, "seed", 2)
    for wrong in (KMeans(2), LinearRegression()):
        with pytest.raises(TypeError, match="model must be a classifier"):
            rerun_scores(wrong, dummies, labels, "seed", 2)
    with pytest.raises(ValueError, match="labels must hold two classes or more of one kind"):
        rerun_scores(LogisticRegression(), dummies, [1, "1"] * 30, "seed", 2)


def test_ten_runs_tell_the_deviation_to_about_a_quarter() -> None:
    """The page's advice: how far the deviation of ten splits is from that of many."""
    table, label = make_blobs(400, centers=2, cluster_std=3.0, random_state=0)
    runs = rerun_scores(NearestMiddle(), table, label, "split", runs=300)
    tens = runs.reshape(30, 10).std(axis=1, ddof=1)
    assert tens.std() / np.std(runs) == pytest.approx(0.25, abs=0.08)


def test_blend_of_small_types() -> None:
    first = np.array([200, 100, 3], np.uint8)
    assert rank_by_blend(first, np.array([1, 3, 2], np.int8), np.float32(0.5), 2).tolist() == [1, 0]


@pytest.mark.parametrize("seed", range(5))
def test_split_scores_agree_with_cross_val_score(seed: int) -> None:
    inputs, labels = load_breast_cancer(return_X_y=True)
    model = DecisionTreeClassifier(max_depth=3, random_state=seed)
    one = StratifiedShuffleSplit(1, test_size=0.3, random_state=seed)
    expected = cross_val_score(model, inputs, labels, cv=one)[0]
    assert rerun_scores(model, inputs, labels, "split", 2, seed)[0] == expected
    assert rerun_scores(model, inputs, labels, "seed", 2, seed)[0] == expected
    search = GridSearchCV(model, {"max_depth": [3]}, scoring="neg_log_loss", cv=2)
    assert rerun_scores(search, inputs, labels, "split", 2, seed)[0] == expected


def test_what_varies() -> None:
    class Recorder(DecisionTreeClassifier):
        seen: list = []

        def fit(self, inputs, labels):
            self.seen.append((self.random_state, tuple(inputs[:, 0])))
            return super().fit(inputs, labels)

    inputs, labels = np.arange(40.0)[:, None], np.array(["no", "yes"] * 20)
    for vary, seeds, splits in (("seed", {3, 4, 5}, 1), ("split", {3}, 3)):
        Recorder.seen = []
        model = make_pipeline(StandardScaler(with_mean=False, with_std=False), Recorder())
        assert rerun_scores(model, inputs, labels, vary, runs=3, seed=3).shape == (3,)
        assert {state for state, _ in Recorder.seen} == seeds
        assert len({rows for _, rows in Recorder.seen}) == splits
        assert {len(rows) for _, rows in Recorder.seen} == {28}
        assert model[-1].random_state is None and not hasattr(model[-1], "tree_")  # a clone was


@pytest.mark.parametrize("seed", range(10))
def test_blend_is_the_weighted_geometric_mean_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second, weight = rng.uniform(0.1, 5, 50), rng.uniform(1, 90, 50), rng.uniform()
    blend = gmean([first, second], axis=0, weights=[[weight] * 50, [1 - weight] * 50])
    expected = np.argsort(-blend)
    assert (rank_by_blend(first, second, weight, 50) == expected).all()
    assert (rank_by_blend(60 * first, second / 7, weight, 9) == expected[:9]).all()


def test_blend_by_hand() -> None:
    assert rank_by_blend([1, 2, 3], [9, 2, 3], 1, 3).tolist() == [2, 1, 0]
    assert rank_by_blend([1, 2, 3], [9, 1, 2], 0, 2).tolist() == [0, 2]
    assert rank_by_blend([1, 1, 1], [2, 2, 2], 0.5, 3).tolist() == [0, 1, 2]
    # Equal products keep their order; by the last bit they were 0, 1, 3, 2.
    assert rank_by_blend([0.1, 0.2, 0.3, 0.6], [6, 3, 2, 1], 0.5, 4).tolist() == [0, 1, 2, 3]
    assert rank_by_blend([1, 4, 2, 8, 16], [4, 1, 2, 0.5, 0.25], 0.5, 5).tolist() == [*range(5)]


@pytest.mark.parametrize("vary", ["seed", "split"])
def test_seeds_of_any_size(vary: str) -> None:
    """scikit-learn refuses 2**32 and above."""
    inputs = np.random.default_rng(0).normal(size=(40, 2))
    model = RandomForestClassifier(3)
    late = rerun_scores(model, inputs, [0, 1] * 20, vary, runs=3, seed=2**32)
    assert (late == rerun_scores(model, inputs, [0, 1] * 20, vary, runs=3, seed=0)).all()
    assert len(rerun_scores(model, inputs, [0, 1] * 20, vary, runs=3, seed=2**32 - 2)) == 3


def test_values_under_a_mask_are_refused() -> None:
    hidden = np.ma.masked_array(np.zeros((20, 2)), mask=np.eye(20, 2))
    with pytest.raises(ValueError, match="inputs must .* no mask"):
        rerun_scores(LogisticRegression(), hidden, [0, 1] * 10, "seed")


def test_bad_input_is_named() -> None:
    inputs, labels = np.random.default_rng(0).normal(size=(40, 2)), np.array([0, 1] * 20)
    names_bad_input(
        rerun_scores,
        model=NearestMiddle(), inputs=inputs, labels=labels, vary="split", runs=2,
        paired=("inputs", "labels"), bounds={"runs": "[2, inf)", "seed": "[0, inf)"})  # fmt: skip
    for wrong in (labels * 0, np.r_[1, labels[1:] * 0], labels + 0.5, labels[:, None]):
        with pytest.raises(ValueError, match="labels"):
            rerun_scores(LogisticRegression(), inputs, wrong, "seed")
    with pytest.raises(ValueError, match="vary must be 'seed' or 'split'"):
        rerun_scores(LogisticRegression(), inputs, labels, "both")
    with pytest.raises(ValueError, match="runs must be a whole number from 2"):
        rerun_scores(LogisticRegression(), inputs, labels, "seed", runs=1)
    with pytest.raises(TypeError, match="model must be a classifier"):
        rerun_scores(StandardScaler(), inputs, labels, "seed")
    names_bad_input(
        rank_by_blend, first=[0.1, 0.2, 0.4], second=[9.0, 7.0, 8.0], weight=0.5, size=2,
        paired=("first", "second"), bounds={"weight": "[0, 1]", "size": "[1, 3]"})  # fmt: skip
    for first, size in (([0.0, 1.0], 1), ([-1.0, 1.0], 1), ([1.0, 2.0], 3), ([1.0, 2.0], 0)):
        with pytest.raises(ValueError, match="first must be|size must be"):
            rank_by_blend(first, [1.0, 2.0], 0.5, size)
