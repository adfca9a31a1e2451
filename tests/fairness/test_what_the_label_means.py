"""docs/fairness/what-the-label-means.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from docs.fairness.figures.compare_labels import KNOB, measure, places
from proof.claims import Claim
from snippets.fairness.compare_labels import compare_labels
from snippets.fairness.group_signal import group_signal
from tools.bad_input import NAN, NONE, names_bad_input


def test_cost_is_not_need(claim: Claim) -> None:
    """Where few get a place, a model of cost gives a group with more need and less access far fewer
    places than a model of need, if the features show both spending and need."""

    claim.effect(
        "share of places lost",
        measure,
        knob="access",
        **KNOB.ends,
        above=0.06,
        off_above=-0.045,
        off_below=0.045,
        also=[{"family": "tree", "capacity": 0.05}, {"share": 0.4}],
    )
    claim.limit(
        "With an access of nine tenths, both labels give nearly the same places.",
        "share of places lost",
        lambda seed: measure(seed, 0.9),
        below=0.05,
    )
    claim.limit(
        "With places for half of all, the label of cost takes less than one place in thirty from B.",
        "share of places lost, places for half",
        lambda seed: measure(seed, 0.6, capacity=0.5),
        below=0.03,
    )
    claim.limit(
        "A model that sees past spending alone, or need alone, ranks the patients alike under both labels.",
        "share of places lost",
        lambda seed: max(abs(measure(seed, 0.6, sees=one)) for one in ("spent", "need")),
        below=1e-9,
    )
    claim.limit(
        "A linear model that sees need through much noise nearly does, and both labels give B too few places.",
        "share of places lost, need seen through noise",
        lambda seed: measure(seed, 0.6, noise=2.0),
        below=0.04,
    )
    claim.limit(
        "A linear model that sees need through much noise nearly does, and both labels give B too few places.",
        "places of B by need, seen through noise, of those seen well without a loss of access",
        lambda seed: places(seed, 0.6, noise=2.0)["need"] / places(seed, 1.0)["need"],
        below=0.5,
    )


def test_only_the_linear_model_of_need_gives_b_less() -> None:
    """The page says it of the linear model: a tree of need hardly asks about past spending."""
    lost = {
        family: places(0, 1.0, family=family)["need"] - places(0, 0.6, family=family)["need"]
        for family in ("linear", "tree")
    }
    assert lost["linear"] > 0.04
    assert lost["tree"] < 0.02


def test_the_score_is_compared_with_the_goal() -> None:
    """The page: the bare label overstates the loss, and few places leave it to chance."""

    def drawn(rng: np.random.Generator, rows: int, access: float) -> tuple:
        in_b = rng.random(rows) < 0.25
        need = rng.gamma(2, size=rows) * np.where(in_b, 1.25, 1)
        spent, cost = (
            need * np.where(in_b, access, 1) * rng.lognormal(sigma=0.35, size=rows)
            for _ in range(2)
        )
        features = np.column_stack([need + rng.normal(scale=0.5, size=rows), spent])
        return features, pd.DataFrame({"cost": cost, "need": need}), np.where(in_b, "B", "A")

    def lost(model: LinearRegression, capacity: float, *sample) -> pd.Series:
        features, labels, group = drawn(*sample)
        b = compare_labels(labels.assign(score=model.predict(features)), group, capacity).loc["B"]
        return b["need"] - b[["cost", "score"]]

    for seed in range(3):
        rng = np.random.default_rng(seed)
        features, labels, _ = drawn(rng, 20_000, 0.6)
        unequal = LinearRegression().fit(features, labels["cost"])
        label, score = lost(unequal, 0.03, rng, 20_000, 0.6)
        assert score > 0.1 and label > 1.4 * score
    features, labels, _ = drawn(rng, 20_000, 1.0)
    equal = LinearRegression().fit(features, labels["cost"])
    by_chance = [
        np.mean([abs(lost(equal, 0.03, rng, rows, 1.0)["score"]) >= 0.1 for _ in range(50)])
        for rows in (300, 1_000)  # nine places, and thirty
    ]
    assert by_chance[0] > 0.2 and by_chance[1] < 0.15


def test_metrics_on_the_label_name_the_wrong_loser(claim: Claim) -> None:
    """Metrics on the label point the wrong way, if the model sees the need but not the group: they say
    that it over-predicts the cost of the group that gets too few places."""

    def over(seed: int, access: float, **setting: object) -> float:
        return places(seed, access, **setting)["over"]

    claim.effect(
        "cost of B over-predicted by",
        over,
        knob="access",
        **KNOB.ends,
        above=0.12,
        off_above=-0.06,
        off_below=0.06,
        also=[{"family": "tree"}, {"share": 0.4}],
    )

    def lost(seed: int, access: float, **setting: object) -> float:
        """Share of all places that B loses once the over-prediction of its cost is corrected."""
        found = places(seed, access, **setting)
        return found["cost"] - found["corrected"]

    claim.effect(
        "places that the correction takes from B",
        lost,
        knob="access",
        **KNOB.ends,
        above=0.08,
        off_below=0.05,
        also=[{"share": 0.2}, {"share": 0.4}],
    )
    claim.limit(
        "R2 falls by less than a tenth here: few gates would notice.",
        "R2 lost where access is unequal",
        lambda seed: 1 - places(seed, 0.6)["fit"] / places(seed, 1.0)["fit"],
        below=0.1,
    )
    sees = "need, spent, group"
    claim.limit(
        "A model that sees the group passes a gate on B's cost, which it predicts without bias, and B still gets far fewer places.",
        "places lost, less twice the over-prediction of B's cost",
        lambda seed: measure(seed, 0.6, sees=sees) - 2 * abs(places(seed, 0.6, sees=sees)["over"]),
        above=0.1,
    )


@cache
def selection_ratio(
    seed: int,
    columns: tuple[str, ...],
    bias: float = 1.0,
    proxy: float = 1.5,
    family: str = "linear",
) -> float:
    rng = np.random.default_rng(seed)
    member = (rng.random(20_000) < 0.4).astype(int)
    skill, district = rng.normal(size=20_000), rng.normal(proxy * member)
    features = pd.DataFrame({"skill": skill, "district": district, "group": member})[list(columns)]
    accepted = skill - bias * member > rng.logistic(scale=0.5, size=20_000)
    tree = DecisionTreeClassifier(min_samples_leaf=100, random_state=0)
    model = LogisticRegression() if family == "linear" else tree
    model.fit(features[:10_000], accepted[:10_000])
    rates = pd.Series(model.predict(features[10_000:])).groupby(member[10_000:]).mean()
    return rates[1] / rates[0]


def test_proxy_keeps_the_bias(claim: Claim) -> None:
    """Without the group's column, a model of biased decisions still selects the group less often,
    through a proxy."""
    without = ("skill", "district")

    def ratio(seed: int, proxy: float, **setting: object) -> float:
        return selection_ratio(seed, without, proxy=proxy, **setting)

    claim.effect(
        "selection ratio",
        ratio,
        knob="proxy",
        on=1.5,
        off=0.0,
        below=0.8,
        off_above=0.88,
        also=[{"family": "tree"}, {"bias": 1.3}],
    )
    claim.limit(
        "If the history is fair and the skill is seen without error, the group's column does no harm.",
        "selection ratio with the group's column",
        lambda seed: selection_ratio(seed, (*without, "group"), bias=0),
        above=0.9,
    )
    claim.limit(
        "If a noisy test measures it and B has less on average, the column takes places from equally skilled people in B.",
        "selection ratio of the equally skilled without the column, less that with it",
        lambda seed: equally_skilled(seed, ("test",)) - equally_skilled(seed, ("test", "group")),
        above=0.15,
    )
    assert abs(equally_skilled(0, ("test",)) - 1) < 0.15
    assert equally_skilled(0, ("test", "group"), error=0.01) > 0.9


def equally_skilled(seed: int, columns: tuple[str, ...], error: float = 1.0) -> float:
    """Return the selection ratio of B among the equally skilled, under a fair history."""
    rng = np.random.default_rng(seed)
    member = (rng.random(20_000) < 0.4).astype(int)
    skill = rng.normal(-0.5 * member)
    accepted = skill > rng.logistic(scale=0.5, size=20_000)
    test = skill + error * rng.normal(size=20_000)
    features = pd.DataFrame({"test": test, "group": member})[list(columns)]
    model = LogisticRegression().fit(features[:10_000], accepted[:10_000])
    alike = np.abs(skill[10_000:] - 0.5) < 0.3
    rates = pd.Series(model.predict(features[10_000:])[alike]).groupby(member[10_000:][alike])
    return rates.mean()[1] / rates.mean()[0]


@pytest.mark.parametrize("seed", range(2))
def test_auc_of_one_column_is_that_of_the_column(seed: int) -> None:
    rng = np.random.default_rng(seed)
    member = rng.integers(0, 2, 1_500)
    table = pd.DataFrame({"x": rng.normal(member), "y": rng.normal(1_000 - 500 * member, 1_000)})
    signal = group_signal(table, member)
    assert signal.index.tolist() == ["x", "y", "all features"]
    line = group_signal(table, member, LogisticRegression())
    for name, sign, off in (("x", 1, 0.07), ("y", -1, 0.07)):
        expected = roc_auc_score(member, sign * table[name])
        assert signal[name] == pytest.approx(expected, abs=off)  # a forest loses a little
        assert line[name] == pytest.approx(expected, abs=0.01)
    assert line["all features"] > line["x"] + 0.005
    order = np.argsort(table["x"].to_numpy())
    in_order = group_signal(table.iloc[order][["x"]], member[order], LogisticRegression())
    assert in_order["x"] == pytest.approx(line["x"], abs=0.02)


def test_a_weak_feature_of_a_large_table() -> None:
    """Leaves of twenty rows learn noise: it found an AUC of 0.55 instead of 0.58."""
    rng = np.random.default_rng(0)
    member = rng.integers(0, 2, 6_000)
    weak = pd.DataFrame({"x": rng.normal(0.3 * member)})
    truth = roc_auc_score(member, weak["x"])
    assert group_signal(weak, member)["x"] == pytest.approx(truth, abs=0.025)


def test_a_large_table_takes_small_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten features of 100,000 rows took three minutes; the trees shall not grow with the table."""
    asked: list[dict[str, float]] = []

    def forest(_: int, **setting: float) -> FirstColumn:
        asked.append(setting)
        return FirstColumn()

    monkeypatch.setattr("snippets.fairness.group_signal.RandomForestClassifier", forest)
    for rows in (40, 12_000, 100_000):
        group_signal(pd.DataFrame({"x": np.arange(rows)}), np.arange(rows) % 2)
    leaves, samples = ([one[name] for one in asked] for name in ("min_samples_leaf", "max_samples"))
    assert (leaves, samples) == ([2, 100, 100], [None, None, 10_000])


def test_bends_products_and_constants() -> None:
    rng = np.random.default_rng(0)
    bent = pd.DataFrame({"x": rng.normal(size=1_000), "const": 1.0})
    signal = group_signal(bent, (bent["x"].abs() > 1).astype(int))
    assert signal["x"] > 0.95  # a line scores a half
    assert signal["const"] == 0.5
    assert group_signal(pd.DataFrame({"const": np.ones(15)}), [0] * 8 + [1] * 7)["const"] == 0.5
    few = np.arange(40) % 2  # a column that gives the group away, on few rows
    assert group_signal(pd.DataFrame({"x": few + 0.1 * rng.random(40)}), few)["x"] > 0.95
    text = pd.DataFrame({"city": ["a", "b", "c", "c"] * 20})
    asked = make_pipeline(OneHotEncoder(), LogisticRegression())
    assert group_signal(text, [1, 0, 0, 1] * 20, asked)["city"] > 0.7
    assert not hasattr(asked[-1], "coef_")  # a clone was fitted
    mixed = text.assign(x=few.tolist() * 2)
    for numbers, words in (
        (
            make_column_selector(dtype_include="number"),
            make_column_selector(dtype_exclude="number"),
        ),
        (["x"], ["city"]),
    ):
        encode = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(), words))
        asked = make_pipeline(encode, LogisticRegression())
        if numbers == ["x"]:  # it is asked about each column alone
            with pytest.raises(ValueError, match="features do not suit the model"):
                group_signal(mixed, [1, 0, 0, 1] * 20, asked)
        else:
            assert group_signal(mixed, [1, 0, 0, 1] * 20, asked)["city"] > 0.7


def test_several_rows_of_a_person_are_recognised() -> None:
    rng = np.random.default_rng(0)
    person = pd.DataFrame({"x": rng.normal(size=200)})  # says nothing
    member, rows = rng.integers(0, 2, 200), np.repeat(np.arange(200), 10)
    tree = DecisionTreeClassifier(min_samples_leaf=5)
    assert group_signal(person, member, tree)["x"] < 0.6
    assert group_signal(person.iloc[rows], member[rows], tree)["x"] > 0.9


def test_labels_by_hand() -> None:
    labels = pd.DataFrame(
        {"cost": [9, 8, 1, 1, 0], "need": [1.0, 2, 3, 9, 8]}, index=[5, 6, 7, 8, 9]
    )
    group = pd.Series(["a", "a", "a", "b", "c"])
    shares = compare_labels(labels, group, 0.4)
    visits = pd.DataFrame({"visits": np.array([48, 850, 0, 3], np.uint32)})
    chosen = compare_labels(visits, list("ABCD"), 0.25)["visits"]
    assert chosen.tolist() == [0, 1, 0, 0]
    assert shares.index.tolist() == ["a", "b", "c"]
    assert shares["all"].tolist() == pytest.approx([0.6, 0.2, 0.2])
    assert shares["cost"].tolist() == [1, 0, 0]
    assert shares["need"].tolist() == [0, 0.5, 0.5]
    tied = compare_labels(labels, group, 0.6)["cost"]  # two rows tie for the third place
    assert tied.tolist() == pytest.approx([2.5 / 3, 0.5 / 3, 0])
    backwards = compare_labels(labels[::-1], group[::-1].to_list(), 0.6)["cost"]
    assert backwards.tolist() == tied.tolist()
    assert compare_labels(labels, group, 0.01)["need"].tolist() == [0, 1, 0]  # one place at least


def test_groups_of_mixed_kinds_and_models_that_cannot_read() -> None:
    labels = pd.DataFrame({"y": np.arange(6.0)})
    mixed = compare_labels(labels, [1, "a", 1, "a", 1, "a"], 0.5)
    assert mixed["y"].to_dict() == {1: pytest.approx(1 / 3), "a": pytest.approx(2 / 3)}
    member, table = [0, 1] * 10, pd.DataFrame({"x": np.arange(20.0), "city": ["a", "b"] * 10})
    with pytest.raises(ValueError, match="features do not suit the model: could not convert"):
        group_signal(table, member, LogisticRegression())
    with pytest.raises(ValueError, match="features do not suit the model: Feature names"):
        group_signal(table.set_axis([0, "city"], axis=1).assign(city=1), member)


def test_places_are_rounded_and_noise_falls_on_both_sides() -> None:
    shares = compare_labels(pd.DataFrame({"need": [5, 4, 3, 2, 1]}), list("abcde"), 0.75)
    assert shares["need"].tolist() == [0.25] * 4 + [0]  # three and three quarters of five are four

    labels = pd.DataFrame({"need": np.arange(10.0)})
    wanted = {0.25: 3, 0.35: 4, 0.05: 1, 0.15: 2, 0.45: 5, 0.34: 3, 0.01: 1}
    for share, rows in wanted.items():
        assert (compare_labels(labels, range(10), share)["need"] > 0).sum() == rows
    many = pd.DataFrame({"need": np.arange(50.0)})  # 0.29 * 50 is below 14.5
    assert (compare_labels(many, range(50), 0.29)["need"] > 0).sum() == 15

    class Counts(LogisticRegression):
        fits = 0

        def fit(self, inputs, labels):
            Counts.fits += 1
            return super().fit(inputs, labels)

    noise = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 4)), columns=list("abcd"))
    signal = group_signal(noise, np.arange(60) % 2, Counts())
    assert signal.min() < 0.5 and Counts.fits == 5 * 5


class FirstColumn(BaseEstimator):
    """A classifier that ranks by the first column, and costs little."""

    def fit(self, table, flags):
        return self

    def predict_proba(self, table):
        score = table.iloc[:, 0].to_numpy(float)
        return np.column_stack([-score, score])


def test_bad_input_is_named() -> None:
    labels = pd.DataFrame({"cost": [3.0, 1.0, 2.0], "need": [1, 3, 2]})
    names_bad_input(
        compare_labels,
        labels=labels,
        group=["a", "b", "a"],
        capacity=0.5,
        examples=1,
        paired=("labels", "group"),
        bounds={"capacity": "(0, 1)"},
    )
    features = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20)[::-1]})
    member = [0, 1] * 10
    names_bad_input(
        group_signal,
        features=features[["x"]],
        member=member,
        model=FirstColumn(),
        paired=("features", "member"),
        allow=[("features", NAN), ("model", NONE)],
        examples=1,
    )
    for missing in (None, float("nan")):
        with pytest.raises(ValueError, match="group"):
            compare_labels(labels, ["a", missing, "b"], 0.5)
    with pytest.raises(ValueError, match="labels must not use the name 'all'"):
        compare_labels(labels.rename(columns={"need": "all"}), ["a", "b", "a"], 0.5)
    with pytest.raises(ValueError, match="features must not use the name 'all features'"):
        group_signal(features.rename(columns={"x": "all features"}), member)
    with pytest.raises(TypeError, match="model must have predict_proba"):
        group_signal(features, member, LinearRegression())
    for bad in ([0] * 20, [0] * 4 + [1] * 16, [1] * 4 + [0] * 16, [2] * 10 + [1] * 10):
        with pytest.raises(ValueError, match="member must hold 0 and 1"):
            group_signal(features, bad)
    assert group_signal(features, [0] * 5 + [1] * 15, DummyClassifier())["x"] >= 0
    for table in (features.assign(x="text"), features.assign(x=np.inf)):
        with pytest.raises((TypeError, ValueError), match="features"):
            group_signal(table, member)
        with pytest.raises((TypeError, ValueError), match="labels"):
            compare_labels(table, member, 0.5)
