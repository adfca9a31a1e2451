"""docs/requirements/index.md"""

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import gmean
from sklearn.datasets import load_breast_cancer, make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from proof.claims import Claim
from snippets.requirements.decoupled_objectives import rank_by_blend
from snippets.requirements.rerun_scores import rerun_scores
from tools.bad_input import names_bad_input

LOGISTIC = make_pipeline(StandardScaler(), LogisticRegression())


@cache
def scores(name: str, vary: str, seed: int) -> np.ndarray:
    model = {"forest": RandomForestClassifier(15), "logistic": LOGISTIC}[name]
    runs = 8 if name == "forest" else 10
    return rerun_scores(model, *load_breast_cancer(return_X_y=True), vary, runs, seed=100 * seed)


def share_moved(points: np.ndarray) -> float:
    return np.mean([abs(one - other) >= 0.001 for one, other in combinations(points, 2)])


def test_another_seed_moves_the_score(claim: Claim) -> None:
    """Refitted with another seed, the same forest moves by a tenth of a point or more in most
    pairs of runs."""
    claim.holds(
        "share, forest", lambda seed: share_moved(scores("forest", "seed", seed)), above=0.5
    )
    claim.null(
        "share, logistic", lambda seed: share_moved(scores("logistic", "seed", seed)), below=0.01
    )


def test_another_split_moves_the_score(claim: Claim) -> None:
    """Another split moves the score even of a learner that has no randomness of its own."""

    def deviation(seed: int, rows: int) -> float:
        data = make_classification(rows, n_features=5, flip_y=0.1, random_state=seed)
        return rerun_scores(LogisticRegression(), *data, "split", runs=8).std(ddof=1)

    claim.holds(
        "deviation, bundled", lambda seed: scores("logistic", "split", seed).std(), above=0.004
    )
    claim.holds("deviation, 600 rows", lambda seed: deviation(seed, 600), above=0.009)
    claim.null("deviation, 30,000 rows", lambda seed: deviation(seed, 30_000), below=0.006)


def revenue_given_away(seed: int, weight: float, conflict: bool) -> float:
    rng = np.random.default_rng(seed)
    click = rng.beta(2, 8, 1_000)
    price = rng.lognormal(3, 0.6, 1_000) * (1.3 - click) if conflict else 40 * click
    earned = [np.mean((click * price)[rank_by_blend(click, price, w, 100)]) for w in (weight, 0.5)]
    return 1 - earned[0] / earned[1]


def test_objectives_conflict(claim: Claim) -> None:
    """The list that is best for clicks and the list that is best for prices each give away a
    good part of the revenue."""
    for weight, name in ((1, "clicks"), (0, "prices")):
        claim.holds(name, lambda seed, w=weight: revenue_given_away(seed, w, True), above=0.15)
        claim.null(
            f"{name}, price follows clicks", lambda seed, w=weight: revenue_given_away(seed, w, False), below=1e-9
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_split_scores_agree_with_cross_val_score(seed: int) -> None:
    inputs, labels = load_breast_cancer(return_X_y=True)
    model = DecisionTreeClassifier(max_depth=3, random_state=seed)
    one = StratifiedShuffleSplit(1, test_size=0.3, random_state=seed)
    expected = cross_val_score(model, inputs, labels, cv=one)[0]
    assert rerun_scores(model, inputs, labels, "split", 2, seed)[0] == expected
    assert rerun_scores(model, inputs, labels, "seed", 2, seed)[0] == expected


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


def test_bad_input_is_named() -> None:
    inputs, labels = np.random.default_rng(0).normal(size=(40, 2)), np.array([0, 1] * 20)
    names_bad_input(
        rerun_scores,
        model=LogisticRegression(), inputs=inputs, labels=labels, vary="split", runs=2,
        paired=("inputs", "labels"), bounds={"runs": "[2, inf)", "seed": "[0, inf)"})  # fmt: skip
    for wrong in (labels * 0, np.r_[1, labels[1:] * 0], labels + 0.5, labels[:, None]):
        with pytest.raises(ValueError, match="labels must"):
            rerun_scores(LogisticRegression(), inputs, wrong, "seed")
    with pytest.raises(ValueError, match="vary must be 'seed' or 'split'"):
        rerun_scores(LogisticRegression(), inputs, labels, "both")
    with pytest.raises(ValueError, match="runs must be a whole number of at least 2"):
        rerun_scores(LogisticRegression(), inputs, labels, "seed", runs=1)
    with pytest.raises(TypeError, match="model must be a classifier"):
        rerun_scores(StandardScaler(), inputs, labels, "seed")
    names_bad_input(
        rank_by_blend, first=[0.1, 0.2, 0.4], second=[9.0, 7.0, 8.0], weight=0.5, size=2,
        paired=("first", "second"), bounds={"weight": "[0, 1]", "size": "[1, 3]"})  # fmt: skip
    for first, size in (([0.0, 1.0], 1), ([-1.0, 1.0], 1), ([1.0, 2.0], 3), ([1.0, 2.0], 0)):
        with pytest.raises(ValueError, match="first must be|size must be"):
            rank_by_blend(first, [1.0, 2.0], 0.5, size)
