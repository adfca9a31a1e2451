"""docs/beyond/membership.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as student
from sklearn.compose import make_column_transformer
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import LinearSVC

from docs.beyond.figures.membership import KNOB, measure, scores
from proof.claims import Claim
from snippets.beyond.membership import label_scores, membership_test
from tools.bad_input import NAN, names_bad_input


@cache
def table_of(seed: int, rows: int, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    return make_classification(rows, 20, n_informative=8, flip_y=noise, random_state=seed)


def test_leaves_of_one_row_remember(claim: Claim) -> None:
    """If labels are noisy and a forest grows its leaves down to single rows, its probabilities tell
    members of the training data from strangers; with leaves of hundreds of rows, they hardly do."""
    claim.effect(
        "AUC of members against strangers", measure, knob="leaf", **KNOB.ends,
        above=0.7, off_below=0.6, also=[{"kind": "extra trees"}, {"noise": 0.3}],
    )  # fmt: skip

    def of_a_linear_model(seed: int) -> float:
        table, labels = table_of(seed, 2_000)
        model = LogisticRegression(C=1e6, max_iter=500).fit(table[:1_000], labels[:1_000])
        found = label_scores(model, table, labels)
        return membership_test(found[:1_000], found[1_000:])["auc"]

    claim.limit(
        "A logistic regression on many rows of few columns remembers little, even without "
        "regularisation: a model needs room to remember.",
        "AUC of a logistic regression, a thousand rows, twenty columns", of_a_linear_model,
        below=0.58,
    )  # fmt: skip
    claim.limit(
        "Where labels are easy to predict, strangers get high probabilities as well, and a forest "
        "of single-row leaves gives away less.",
        "AUC, labels without noise and classes far apart", easy, below=0.69,
    )  # fmt: skip
    claim.limit(
        "Leaves of twenty of a hundred members still give some away: their rows count, not their "
        "share.",
        "AUC, leaves of twenty in a hundred members, mean of four draws",
        lambda seed: np.mean([measure(4 * seed + n, 20, rows=200) for n in range(4)]), above=0.545,
    )  # fmt: skip
    assert np.mean([measure(seed, 100, rows=1_000) for seed in range(2)]) < 0.56  # a fifth as well


def easy(seed: int) -> float:
    table, labels = make_classification(
        1_000, 20, n_informative=8, flip_y=0, class_sep=4, random_state=seed
    )
    model = RandomForestClassifier(20, random_state=0).fit(table[:500], labels[:500])
    found = label_scores(model, table, labels)
    return membership_test(found[:500], found[500:])["auc"]


def test_large_leaves_cost_accuracy() -> None:
    fine, coarse = (
        np.mean([scores(seed, leaf, "forest", 2_000, 0.1, None)[2] for seed in range(5)])
        for leaf in (1, 200)
    )
    assert fine - coarse > 0.02


def test_small_samples_forget(claim: Claim) -> None:
    """If each tree sees a tenth of the training rows, a forest gives away much less about them
    than with full samples, even with leaves of one row."""
    claim.effect(
        "AUC of members against strangers", lambda seed, sees, **given: measure(
            seed, 1, sees=sees, **given
        ), knob="sees", on=0.1, off=None, below=0.63, off_above=0.7,
        also=[{"rows": 1_000}, {"noise": 0.3}],
    )  # fmt: skip

    def without_bootstrap(seed: int) -> float:
        table, labels = table_of(seed, 1_000)
        areas = []
        for bootstrap in (False, True):
            model = RandomForestClassifier(20, bootstrap=bootstrap, random_state=0)
            found = label_scores(model.fit(table[:500], labels[:500]), table, labels)
            areas.append(membership_test(found[:500], found[500:])["auc"])
        return areas[0] - areas[1]

    claim.limit(
        "Without the bootstrap, each tree sees all rows, and the forest gives away more about its "
        "members than with it.",
        "AUC without the bootstrap minus AUC with it", without_bootstrap, above=0.05,
    )  # fmt: skip


@cache
def exposed(
    seed: int, strength: float, of: str = "rare", every: int = 25, noise: float = 0.1,
    employers: int | None = None,
) -> float:  # fmt: skip
    """AUC of members with an employer of their own, or of all members."""
    rows, labels = table_of(seed, 2_000, noise)
    table, number = pd.DataFrame(rows).add_prefix("x"), np.arange(2_000)
    rare, member = number % every == 0, number < 1_000
    names = number if employers is None else number // every % employers
    table["employer"] = np.where(rare, names.astype(str), "a large one")
    encoded = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["employer"]), remainder="passthrough"
    )
    model = make_pipeline(encoded, LogisticRegression(C=strength, solver="newton-cholesky"))
    found = label_scores(model.fit(table[member], labels[member]), table, labels)
    group = rare if of == "rare" else np.ones(2_000, dtype=bool)
    return membership_test(found[member & group], found[~member & group])["auc"]


def test_the_average_hides_the_rare(claim: Claim) -> None:
    """If a few people have a category of their own, a weakly regularised logistic regression with
    a column for each category gives them away, while the average over all rows looks harmless."""
    others = [{"every": 12}, {"noise": 0.3}]
    claim.effect(
        "AUC over people with a category of their own", exposed, knob="strength", on=1_000,
        off=0.01, above=0.8, off_below=0.72, also=others,
    )  # fmt: skip
    claim.effect(
        "AUC, weak regularisation", lambda seed, of, **given: exposed(
            seed, 1_000, of, **given
        ), knob="of", on="rare", off="all", above=0.8, off_below=0.62, also=others,
    )  # fmt: skip
    claim.limit(
        "A category that ten members share exposes them much less than one of their own.",
        "AUC over people of four rare employers",
        lambda seed: exposed(seed, 1_000, employers=4), below=0.75,
    )  # fmt: skip


@cache
def scores_of(
    seed: int, part: int, number: int, leaf: int, noise: float, members: int
) -> np.ndarray:
    """Scores of members (part 0) and strangers (part 1), by a forest that was fitted on a part."""
    rows, labels = table_of(seed, 5 * members, noise)
    fitted, asked = slice(part * members, (part + 1) * members), slice(2 * members)
    forest = RandomForestClassifier(10, min_samples_leaf=leaf, random_state=number)
    return label_scores(forest.fit(rows[fitted], labels[fitted]), rows[asked], labels[asked])


def second_attack(
    seed: int, others: str, leaf: int = 10, noise: float = 0.1, members: int = 800
) -> tuple[float, float]:
    """AUC of the plain attack, and minus what three other forests say."""
    target = scores_of(seed, 0, 0, leaf, noise, members)
    parts = (2, 3, 4) if others == "elsewhere" else (0, 0, 0)
    relative = target - np.mean(
        [scores_of(seed, p, n, leaf, noise, members) for n, p in enumerate(parts, 1)], axis=0
    )
    plain = membership_test(target[:members], target[members:])["auc"]
    return plain, membership_test(relative[:members], relative[members:])["auc"]


def test_a_second_attack_finds_more(claim: Claim) -> None:
    """Subtracting what models say that never saw a row tells members from strangers better than
    the model's own probability alone, if the leaves of the forest are small."""

    def gain(seed: int, others: str = "elsewhere", **given: object) -> float:
        plain, relative = second_attack(seed, others, **given)
        return relative - plain

    claim.effect(
        "AUC of the second attack minus that of the first", gain, knob="others",
        on="elsewhere", off="the same rows", above=0.015, off_below=-0.01,
        also=[{"leaf": 5}, {"noise": 0.3}],
    )  # fmt: skip
    claim.limit(
        "At leaves of a hundred and sixty rows, the second attack finds little either.",
        "AUC of the second attack", lambda seed: second_attack(seed, "elsewhere", leaf=160)[1],
        below=0.6,
    )  # fmt: skip


def test_pitfalls() -> None:
    table, labels = table_of(0, 2_000)
    forest = RandomForestClassifier(20, random_state=0).fit(table[:1_000], labels[:1_000])
    top = forest.predict_proba(table).max(axis=1)
    assert membership_test(top[:1_000], top[1_000:])["auc"] > 0.7
    found = label_scores(forest, table, labels)
    near = table[:1_000] + 0.1 * np.random.default_rng(0).normal(size=(1_000, 20))
    relatives = label_scores(forest, near, labels[:1_000])
    apart = membership_test(found[:1_000], found[1_000:])["auc"]
    assert membership_test(found[:1_000], relatives)["auc"] < apart - 0.05


@pytest.mark.parametrize("decimals", [0, 1, 8])
def test_area_agrees_with_scikit_learn(decimals: int) -> None:
    rng = np.random.default_rng(decimals)
    for members, strangers in ((1, 1), (3, 40), (500, 300)):
        known = rng.normal(0.5, 1, size=members).round(decimals)
        unknown = rng.normal(size=strangers).round(decimals)
        test = membership_test(known, unknown, false_alarm_rate=0.1)
        truth = np.r_[np.ones(members), np.zeros(strangers)]
        assert test["auc"] == pytest.approx(roc_auc_score(truth, np.r_[known, unknown]))
        assert 0 <= test["low"] <= test["auc"] <= test["high"] <= 1
        bars = [bar for bar in unknown if np.mean(unknown > bar) <= 0.1]
        assert test["found"] == np.mean(known > min(bars))


@pytest.mark.parametrize(("shift", "size"), [(0.0, 12), (0.3, 200), (1.0, 40), (2.5, 25)])
def test_interval_covers_the_area(shift: float, size: int) -> None:
    rng, truth, held = np.random.default_rng(0), norm.cdf(shift / 2**0.5), []
    for _ in range(200):
        test = membership_test(rng.normal(shift, 1, size=size), rng.normal(size=size))
        held.append(test["low"] <= truth <= test["high"])
    assert np.mean(held) > 0.9


@pytest.mark.parametrize(("members", "strangers"), [(1_000, 20), (20, 1_000)])
def test_interval_covers_the_area_where_the_few_are_spread_wider(
    members: int, strangers: int
) -> None:
    """Hanley and McNeil's variance alone covers a bare 80% of these."""
    rng, wide, held = np.random.default_rng(0), 4.0, []
    for _ in range(300):
        few, many = rng.normal(0, wide, size=20), rng.normal(size=1_000)
        test = membership_test(*((few, many) if members == 20 else (many, few)))
        held.append(test["low"] <= 0.5 <= test["high"])
    assert np.mean(held) > 0.92


def test_interval_agrees_with_delong_where_it_is_the_wider() -> None:
    rng = np.random.default_rng(0)
    known, unknown = rng.normal(size=2_000), 4 * rng.normal(size=800)
    wins = (known[:, None] > unknown) + (known[:, None] == unknown) / 2
    error = np.sqrt(wins.mean(axis=1).var(ddof=1) / 2_000 + wins.mean(axis=0).var(ddof=1) / 800)
    test = membership_test(known, unknown)
    assert test["high"] - test["low"] == pytest.approx(2 * 1.96 * error, rel=0.01)


def test_known_values() -> None:
    perfect = membership_test([3, 4, 5] * 4, [0, 1, 2] * 4)
    assert (perfect["auc"], perfect["high"], perfect["found"]) == (1, 1, 1)
    assert 0.7 < perfect["low"] < 0.9
    swapped = membership_test([0, 1, 2] * 4, [3, 4, 5] * 4)
    assert (swapped["auc"], swapped["low"], swapped["found"]) == (0, 0, 0)
    assert swapped["high"] == pytest.approx(1 - perfect["low"])
    tied = membership_test([1, 1], [1, 1])
    assert (tied["auc"], tied["found"]) == (0.5, 0)


def test_scores_are_the_models_probabilities() -> None:
    table = pd.DataFrame({"x": [0.0, 1, np.nan, 3] * 30, "y": [1, 1, 0, 0] * 30})
    names = np.array(["a", "b", "c"] * 40, dtype=object)
    model = HistGradientBoostingClassifier(max_iter=3).fit(table, names)
    probabilities, where = (
        model.predict_proba(table),
        [list(model.classes_).index(n) for n in names],
    )
    assert label_scores(model, table, names).tolist() == [
        row[place] for row, place in zip(probabilities, where, strict=True)
    ]
    assert (
        label_scores(model, table, pd.Categorical(names)) == label_scores(model, table, names)
    ).all()
    with pytest.raises(ValueError, match="labels must be classes of the model"):
        label_scores(model, table, ["a"] * 119 + ["d"])
    with pytest.raises(ValueError, match="table must have the columns of the model"):
        label_scores(model, table[["y", "x"]], names)
    with pytest.raises(ValueError, match="table and labels must have the same number of rows"):
        label_scores(model, table, names[:-1])
    several = RandomForestClassifier(2).fit(table[["y"]], np.column_stack([names, names]))
    with pytest.raises(TypeError, match="model must have one output"):
        label_scores(several, table[["y"]], names)
    with pytest.raises(TypeError, match="model must be fitted and have predict_proba"):
        label_scores(LinearSVC().fit(table[["y"]], names), table[["y"]], names)


def test_exercise() -> None:
    members = [0.97, 0.94, 0.91, 0.99, 0.88, 0.95, 0.90, 0.93, 0.86, 0.98, 0.92, 0.71]
    strangers = [0.62, 0.91, 0.55, 0.80, 0.74, 0.38, 0.89, 0.67, 0.59, 0.83, 0.70, 0.48]
    town = membership_test(members, strangers)
    assert town["auc"] == pytest.approx(roc_auc_score([1] * 12 + [0] * 12, members + strangers))
    assert town["low"] > 0.65


def test_scores_of_two_precisions_are_the_same_scores() -> None:
    """Two leaves of a tree, one side through float32: an area of 0.49 was 0.09 or 0.88."""
    members, strangers = np.random.default_rng(0).choice([0.2, 0.7], size=(2, 500), p=[0.1, 0.9])
    expected = membership_test(members, strangers)
    assert expected["low"] < 0.5 < expected["high"]
    for copies in ((members.astype("f4"), strangers), (members, strangers.astype("f4"))):
        assert membership_test(*copies) == pytest.approx(expected)


def test_a_whole_number_of_strangers_may_be_above() -> None:
    """0.29 * 100 is a hair below 29 as a float: the limit was one stranger too strict."""
    strangers = np.arange(100)
    for percent in range(1, 100):
        found = membership_test(strangers + 0.5, strangers, percent / 100)["found"]
        assert found == pytest.approx((percent + 1) / 100)


def test_interval_of_a_small_group_by_hand() -> None:
    """Six members: DeLong's variance from all pairs, Welch's degrees of freedom, Student's t."""
    rng = np.random.default_rng(3)
    members, strangers = rng.normal(0.7, 3, 6), rng.normal(size=150)
    beats = members[:, None] > strangers
    parts = [beats.mean(axis=axis).var(ddof=1) / beats.shape[1 - axis] for axis in (1, 0)]
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 5 + parts[1] ** 2 / 149)

    def alike(area: float) -> float:  # Hanley and McNeil's, with both groups' Q averaged
        pairs = area / (2 - area) + 2 * area**2 / (1 + area) - 2 * area**2
        return (area * (1 - area) + (156 / 2 - 1) * pairs) / (6 * 150)

    found = membership_test(members, strangers)
    wider = sum(parts) / alike(beats.mean())
    assert wider > 1 and found["auc"] == pytest.approx(beats.mean())
    for end in (found["low"], found["high"]):
        reach = student.ppf(0.975, freedom) * np.sqrt(wider * alike(end))
        assert abs(end - found["auc"]) == pytest.approx(reach, rel=1e-6)


@pytest.mark.parametrize("few_are_members", [True, False])
def test_interval_of_one_score_covers_the_area(few_are_members: bool) -> None:
    """A lucky one of a kind: a 95% interval left out the area in 13% of the draws."""
    rng, many, truth, held = np.random.default_rng(0), np.arange(999), norm.cdf(1), []
    for _ in range(40):
        rank = norm.cdf(rng.normal(1, 0.2)) * 999
        test = (
            membership_test([rank], many)
            if few_are_members
            else membership_test(many, [999 - rank])
        )
        held.append(test["low"] <= truth <= test["high"])
    few = membership_test([50], many)
    assert np.mean(held) > 0.94 and few["high"] > 0.95 and few["low"] < 0.05


def test_score_is_that_of_the_label_right_or_wrong() -> None:
    table, labels = np.arange(40.0)[:, None], np.array(["no", "yes"] * 20)
    model = LogisticRegression().fit(table, np.where(table[:, 0] < 20, "no", "yes"))
    told = model.predict_proba(table)[np.arange(40), np.arange(40) % 2]
    assert np.array_equal(label_scores(model, table, labels), told) and told.min() < 0.1


def test_bad_input_is_named() -> None:
    table, labels = table_of(0, 60)
    table = pd.DataFrame(table).add_prefix("x")
    model = HistGradientBoostingClassifier(max_iter=2, min_samples_leaf=5).fit(table, labels)
    names_bad_input(
        label_scores, model=model, table=table, labels=labels, paired=("table", "labels"),
        allow=[("table", NAN)],
    )  # fmt: skip
    rng = np.random.default_rng(0)
    names_bad_input(
        membership_test, members=rng.random(30), strangers=rng.random(40),
        bounds={"false_alarm_rate": "(0, 1)", "level": "(0, 1)"},
    )  # fmt: skip
