"""docs/beyond/index.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_digits
from sklearn.ensemble import (
    ExtraTreesClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from docs.beyond.figures.upstream_change import KNOB, applicants, measure
from proof.claims import Claim
from snippets.beyond.seed_spread import seed_spread
from snippets.beyond.upstream_change import replay_change
from tools.bad_input import INFINITE, NAN, TEXT, names_bad_input

PIXELS, DIGIT = load_digits(return_X_y=True)


def test_repair_makes_it_worse(claim: Claim) -> None:
    """Repairing a constant error of an input makes the model that has learned to correct it worse,
    until it is retrained."""
    others = [{"kind": "tree"}, {"kind": "bayes"}]
    claim.effect(
        "accuracy lost", measure, knob="error", **KNOB.ends, above=0.02, off_below=0.001,
        also=others,
    )  # fmt: skip
    claim.effect(
        "accuracy lost", measure, knob="retrained", on=False, off=True, above=0.02, off_below=0.015,
        also=others,
    )  # fmt: skip
    for setting in ({"told": False}, {"kind": "naive"}, {"kind": "one split"}):
        claim.limit(
            "A model that cannot tell whose input was wrong, or is too simple to correct it, as naive "
            "Bayes and a tree with one split are, gains from the repair.",
            "accuracy lost", lambda seed, how=setting: measure(seed, **how), below=0,
        )  # fmt: skip
    for error in (0, 1):
        claim.limit(
            "Removing much noise from an input helps at once, even if a constant error goes with it.",
            "accuracy lost", lambda seed, error=error: without_noise(seed, error), below=-0.03,
        )  # fmt: skip


def without_noise(seed: int, error: float) -> float:
    (table, repaid), (faulty, _) = applicants(0, seed), applicants(error, seed)
    noise = np.random.default_rng(seed + 100).normal(size=len(table))
    noisy = faulty.assign(income=faulty["income"] + noise)
    model = LogisticRegression().fit(noisy[:5_000], repaid[:5_000])
    report = replay_change(model, noisy[5_000:], table[5_000:], repaid[5_000:])
    return report["accuracy_before"] - report["accuracy_after"]


@cache
def spreads(seed: int, kind: str = "extra", both: bool = False, by: int = 1) -> pd.DataFrame:
    order = np.random.default_rng(seed).permutation(len(DIGIT))
    train, held_out = order[:800], order[800:]
    moved = np.roll(PIXELS.reshape(-1, 8, 8), by, axis=2).reshape(-1, 64)
    tables = {"held out": PIXELS, "moved": moved}
    tests = {name: (table[held_out], DIGIT[held_out]) for name, table in tables.items()}
    model = {"forest": RandomForestClassifier(5), "extra": ExtraTreesClassifier(5)}[kind]
    inputs, labels = PIXELS[train], DIGIT[train]
    if both:
        inputs, labels = np.r_[inputs, moved[train]], np.r_[labels, labels]
    return seed_spread(model, inputs, labels, tests, seeds=12)


def test_seeds_part_ways(claim: Claim) -> None:
    """Forests that differ only in their seed are alike on held-out pictures, and part ways on
    pictures shifted sideways by more than chance."""

    def excess(seed: int, shifted: bool, **given) -> float:
        row = spreads(seed, **given).loc["moved" if shifted else "held out"]
        return row["spread"] - row["chance"]

    claim.effect(
        "spread beyond chance", excess, knob="shifted", on=True, off=False, above=0.0105,
        off_below=0.009, also=[{"kind": "forest"}, {"by": -1}],
    )  # fmt: skip
    claim.limit(
        "With shifted pictures among the training rows as well, the seeds hardly part ways.",
        "spread beyond chance", lambda s: excess(s, True, both=True), below=0.0075,
    )  # fmt: skip


@pytest.mark.parametrize("kind", [int, str])
def test_replay_agrees_with_scikit_learn(kind: type) -> None:
    rng = np.random.default_rng(0)
    before = pd.DataFrame(rng.normal(size=(200, 2)), columns=["a", "b"])
    after = before.assign(b=rng.normal(size=200))
    labels = np.array([kind(value) for value in (before["a"] + before["b"] > 0).astype(int)])
    model = LogisticRegression().fit(before, labels)
    then, now = model.predict(before), model.predict(after)
    assert replay_change(model, before, after, labels) == pytest.approx(
        {
            "accuracy_before": accuracy_score(labels, then),
            "accuracy_after": accuracy_score(labels, now),
            "changed": 1 - accuracy_score(then, now),
        }
    )


class Lottery(ClassifierMixin, BaseEstimator):
    """A classifier that is right by the luck of its seed, row by row or for all rows at once."""

    def __init__(self, together=False, draw=0, random_state=None):
        self.together, self.draw, self.random_state = together, draw, random_state

    def fit(self, inputs, labels):
        return self

    def predict(self, inputs):
        rng = np.random.default_rng([self.draw, self.random_state])
        return (rng.random(1 if self.together else len(inputs)) < 0.7).astype(int) * np.ones(
            len(inputs)
        )


def test_chance_is_the_spread_of_independent_answers() -> None:
    rows, truth = np.zeros((400, 1)), np.ones(400)
    tests = {"rows": (rows, truth)}
    alone = seed_spread(Lottery(), rows, truth, tests, seeds=300).loc["rows"]
    assert alone["chance"] == pytest.approx(np.sqrt(0.7 * 0.3 / 400), rel=0.03)
    assert alone["spread"] == pytest.approx(alone["chance"], rel=0.15)
    together = seed_spread(Lottery(together=True), rows, truth, tests, seeds=300).loc["rows"]
    assert together["spread"] == pytest.approx(np.sqrt(400) * together["chance"])


def test_luck_alone_exceeds_chance_by_a_third_once_in_twenty() -> None:
    rows, truth = np.zeros((200, 1)), np.ones(200)
    reports = [seed_spread(Lottery(draw=n), rows, truth, {"a": (rows, truth)}) for n in range(200)]
    ratios = np.array([report.loc["a", "spread"] / report.loc["a", "chance"] for report in reports])
    assert 0.35 < np.mean(ratios > 1) < 0.65
    assert 0.01 < np.mean(ratios > 4 / 3) < 0.1


def test_spread_by_hand() -> None:
    train, test = slice(0, 600), slice(600, 700)
    report = seed_spread(
        DecisionTreeClassifier(max_features=1), PIXELS[train], DIGIT[train],
        {"a": (PIXELS[test], DIGIT[test]), "b": (PIXELS[train], DIGIT[train])}, seeds=3,
    )  # fmt: skip
    scores = [
        DecisionTreeClassifier(max_features=1, random_state=seed)
        .fit(PIXELS[train], DIGIT[train])
        .score(PIXELS[test], DIGIT[test])
        for seed in range(3)
    ]
    assert list(report.index) == ["a", "b"] and (report.loc["b", ["spread", "chance"]] == 0).all()
    found = report.loc["a", ["accuracy", "spread", "lowest", "highest"]].to_list()
    expected = [np.mean(scores), np.std(scores, ddof=1), min(scores), max(scores)]
    assert found == pytest.approx(expected)


def test_pipelines_with_text_and_nulls_pass() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": rng.normal(size=120), "city": rng.choice(["A", "B"], 120)})
    table.loc[::9, "x"] = np.nan
    encode = make_column_transformer((SimpleImputer(), ["x"]), (OneHotEncoder(), ["city"]))
    model = make_pipeline(encode, RandomForestClassifier(5))
    names = pd.Series(np.where(rng.random(120) < 0.5, "yes", "no")).astype("category")
    found = seed_spread(model, table, names, {"same": (table, names)}, seeds=3)
    assert found.loc["same", "spread"] > 0  # the seed reached the step
    fitted = model.fit(table, names)
    same = replay_change(fitted, table, table, names)
    assert same["changed"] == 0 and same["accuracy_before"] == same["accuracy_after"]


def test_every_random_state_is_set() -> None:
    class Noise(BaseEstimator):
        def __init__(self, random_state=None):
            self.random_state = random_state

        def fit(self, inputs, labels=None):
            return self

        def transform(self, inputs):
            seeds.append(self.random_state)
            return inputs

    seeds: list[int] = []
    inputs = np.arange(20.0)[:, None]
    pipeline = make_pipeline(Noise(), Noise(), DecisionTreeClassifier())
    seed_spread(pipeline, inputs, [0, 1] * 10, {"same": (inputs, [0, 1] * 10)}, seeds=3)
    assert sorted(seeds) == [seed for seed in range(3) for _ in range(4)]


def test_bad_input_is_named() -> None:
    table, labels = applicants(0, 0, rows=60)
    model = LogisticRegression().fit(table, labels.astype(int))
    names_bad_input(
        replay_change, model=model, before=table, after=table, labels=labels.astype(int),
        paired=("before", "after", "labels"), allow=[("before", NAN), ("after", NAN)],
    )  # fmt: skip
    for wrong in (table[["freelance", "income"]], table[::-1]):
        with pytest.raises(ValueError, match="after must have the"):
            replay_change(model, table, wrong, labels)
    with pytest.raises(ValueError, match="labels must have the rows of before"):
        replay_change(model, table, table, pd.Series(labels)[::-1])
    nameless = LogisticRegression().fit(table.to_numpy(), labels)
    number = LinearRegression().fit(table, labels)
    several = DecisionTreeClassifier().fit(table, np.column_stack([labels, labels]))
    for wrong in (nameless, LogisticRegression(), number, several):
        with pytest.raises(ValueError, match="model must be a classifier of one output, fitted on"):
            replay_change(wrong, table, table, labels)
    tree, inputs, truth = DecisionTreeClassifier(), table.to_numpy(), labels.astype(int)
    names_bad_input(
        seed_spread, estimator=tree, inputs=inputs, labels=truth, tests={"a": (inputs, truth)},
        seeds=2, paired=("inputs", "labels"), allow=[("labels", TEXT), ("labels", INFINITE), ("inputs", NAN)], bounds={"seeds": "[2, inf)"})  # fmt: skip
    with pytest.raises(TypeError, match="estimator must have a random_state"):
        seed_spread(RandomForestClassifier, inputs, truth, {"a": (inputs, truth)})
    forest = RandomForestRegressor(
        2
    )  # the "accuracy" of whole numbers was the share of pure leaves
    for regressor in (forest, make_pipeline(StandardScaler(), forest)):
        with pytest.raises(TypeError, match="estimator must be no regressor"):
            seed_spread(regressor, inputs, truth, {"a": (inputs, truth)})
    with pytest.raises(ValueError, match="seeds must be a whole number from 2"):
        seed_spread(tree, inputs, truth, {"a": (inputs, truth)}, seeds=1)
    for wrong in (
        {},
        [(inputs, truth)],
        {"a": None},
        {"a": (inputs,)},
        {"a": table},
        {"a": (inputs[:, :1], truth)},
        {"a": (inputs, truth[:5])},
    ):
        with pytest.raises(ValueError, match="tests"):
            seed_spread(tree, inputs, truth, wrong)
    for other in (truth.astype(str), np.where(truth, "yes", "no").tolist()):  # it scored zero
        with pytest.raises(ValueError, match=r"tests\['a'\] must have labels like those of"):
            seed_spread(tree, inputs, truth, {"a": (inputs, other)}, seeds=2)


def test_a_model_that_fails_and_a_mask_are_named() -> None:
    table, labels = applicants(0, 0, rows=60)
    truth = labels.astype(int)
    model = LogisticRegression().fit(table, truth)
    for tables in ((table, table.assign(income="x")), (table.assign(income="x"), table)):
        with pytest.raises(ValueError, match="before or after do not suit the model: could not"):
            replay_change(model, *tables, truth)
    inputs, tree = table.to_numpy(), DecisionTreeClassifier()
    masked = np.ma.masked_array(inputs, mask=inputs > inputs.mean())
    with pytest.raises(ValueError, match="inputs and labels: no model sees a mask"):
        seed_spread(tree, masked, truth, {"a": (inputs, truth)}, seeds=2)
    with pytest.raises(ValueError, match=r"tests\['a'\] must .* no model sees a mask"):
        seed_spread(tree, inputs, truth, {"a": (masked, truth)}, seeds=2)
