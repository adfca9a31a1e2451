"""docs/beyond/training-serving-parity.md"""

import json
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import sklearn
from packaging.version import parse
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler, scale
from sklearn.tree import DecisionTreeClassifier

from docs.beyond.figures.batch_habits import KNOB, measure
from proof.claims import Claim
from snippets.beyond.batch_habits import NOTEBOOK_HABITS, NotebookModel, served, shoppers
from snippets.beyond.golden_rows import check_golden, golden_rows, write_golden
from snippets.beyond.parity_report import parity_report
from snippets.lifecycle.endpoint import model_app
from snippets.lifecycle.request_schema import request_schema
from tools.bad_input import NAN, names_bad_input


def pipeline(model: object) -> Pipeline:
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["city"]), (StandardScaler(), ["income"])
    )
    return make_pipeline(encode, model)


def test_habits_fail_alone(claim: Claim) -> None:
    """Preprocessing that asks the batch loses little on a whole test set like the training table,
    and far more with each row sent alone."""
    claim.effect(
        "accuracy against the pipeline", measure, knob="size", **KNOB.ends, below=-0.08, off_above=-0.055,
        also=[{"habit": "get_dummies"}, {"habit": "scale"}],
    )  # fmt: skip

    def without_berlin(seed: int) -> float:
        (table, buys), (asked, bought) = shoppers(3_000, seed), shoppers(1_000, seed + 100)
        elsewhere = (asked["city"] != "Berlin").to_numpy()
        asked, bought = asked[elsewhere], bought[elsewhere]
        tree = DecisionTreeClassifier(max_depth=6, random_state=0)
        models = (NotebookModel(NOTEBOOK_HABITS["cat.codes"]), pipeline(tree))
        notebook, fitted = (
            np.mean(model.fit(table, buys).predict_proba(asked).argmax(axis=1) == bought)
            for model in models
        )
        return notebook - fitted

    claim.limit(
        "A test set without Berlin shows `cat.codes` at once: the other cities get other numbers.",
        "accuracy against the pipeline", without_berlin, below=-0.15,
    )  # fmt: skip
    claim.limit(
        "Larger requests hide the habit: with twenty rows, `get_dummies` loses next to nothing.",
        "accuracy against the pipeline", lambda seed: measure(seed, 20, "get_dummies"), above=-0.03,
    )  # fmt: skip


@cache
def numbers(seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(rng.normal(size=4) * 5, size=(306, 4)), columns=list("abcd"))
    return table, (rng.logistic(size=306) < scale(table).sum(axis=1)).astype(int)


STEPS = {
    "fitted": [StandardScaler()],
    "of the batch": [FunctionTransformer(scale)],
    "nameless": [FunctionTransformer(pd.DataFrame.to_numpy), StandardScaler()],
    "by name": [make_column_transformer((StandardScaler(), list("abcd")))],
}
MODELS = {
    "logistic": LogisticRegression(),
    "bayes": GaussianNB(),
    "boundary": LinearDiscriminantAnalysis(),
    "stump": DecisionTreeClassifier(max_depth=1),
    "tree": DecisionTreeClassifier(max_depth=6, random_state=0),
}


@cache
def report(seed: int, steps: str, model: str = "logistic") -> pd.DataFrame:
    table, labels = numbers(seed)
    fitted = make_pipeline(*STEPS[steps], clone(MODELS[model])).fit(table[:300], labels[:300])
    return parity_report(fitted, table[300:])


def test_a_step_that_asks_the_batch(claim: Claim) -> None:
    """A pipeline that scales by its batch answers nearly all rows differently when they come alone;
    with the fitted step in its place, it answers the same."""

    def differ(seed: int, steps: str, way: str = "one at a time", **setting: str) -> float:
        return report(seed, steps, **setting)["differ"][way]

    claim.effect(
        "rows that differ", differ, knob="steps", on="of the batch", off="fitted", above=0.85,
        off_below=1e-9, also=[{"model": "bayes"}, {"way": "one at a time, as JSON"}, {"model": "boundary"}],
    )  # fmt: skip
    claim.limit(
        "A model with few different answers hides the step in many rows: a tree with one split "
        "gives them the same answer by luck.",
        "rows that differ", lambda s: differ(s, "of the batch", model="stump"), below=0.8,
    )  # fmt: skip


def test_dropped_names(claim: Claim) -> None:
    """A pipeline that drops the column names answers reordered columns with other numbers; one
    that keeps them refuses, or finds each by its name."""

    def silent(seed: int, steps: str, **setting: str) -> float:
        row = report(seed, steps, **setting).loc["columns reversed"]
        assert row["raised"] in ("", "ValueError")
        return 0 if row["raised"] else row["differ"]

    claim.effect(
        "rows that differ without an error", silent, knob="steps", on="nameless", off="fitted",
        above=0.4, off_below=1e-9, also=[{"model": "bayes"}, {"model": "boundary"}],
    )  # fmt: skip
    refused, found = (report(0, steps).loc["columns reversed"] for steps in ("fitted", "by name"))
    assert (refused["raised"], refused["differ"]) == ("ValueError", 1)
    assert (found["raised"], found["differ"]) == ("", 0)

    def other_unit(seed: int) -> float:
        table, labels = numbers(seed)
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(table[:300], labels[:300])
        rows = table[300:]
        before, after = (model.predict_proba(t) for t in (rows, rows.assign(a=1_000 * rows["a"])))
        return np.mean(np.abs(before - after).max(axis=1) > 1e-3)

    claim.limit(
        "Right names with the wrong unit pass: the names say nothing about the values.",
        "rows that differ without an error", other_unit, above=0.3,
    )  # fmt: skip


@cache
def shops(seed: int, model: str = "logistic") -> tuple[pd.DataFrame, Pipeline]:
    rng = np.random.default_rng(seed)
    city = rng.choice(["Lima", "Oslo", "Delhi", "Bonn"], 1_000, p=[0.5, 0.3, 0.18, 0.02])
    table = pd.DataFrame({"income": np.exp(rng.normal(10, 0.5, 1_000)), "city": city})
    buys = np.log(table["income"]) + rng.logistic(size=1_000) > 10 + (city == "Bonn")
    return table, pipeline(clone(MODELS[model])).fit(table, buys)


CHANGES = {
    "renamed": lambda rows: rows.assign(city=rows["city"].replace("Bonn", "Bonn (DE)")),
    "capped": lambda rows: rows.assign(income=rows["income"].clip(upper=80_000)),
    "middle": lambda rows: rows.assign(
        income=rows["income"].where(~rows["income"].between(21_950, 22_050), 60_000)
    ),
}


@cache
def noticed(seed: int, picked: bool, change: str = "renamed", model: str = "logistic") -> float:
    table, trained = shops(seed, model)
    rows = golden_rows(table)
    server = make_pipeline(FunctionTransformer(CHANGES[change]), trained)
    if picked:
        return bool(check_golden(server, write_golden(trained, table.iloc[rows])))
    differ = (server.predict_proba(table) != trained.predict_proba(table)).any(axis=1).mean()
    return 1 - (1 - differ) ** len(rows)


def test_picked_rows_notice_rare_changes(claim: Claim) -> None:
    """In front of a linear model, picked rows notice a renamed rare category and a cap; as many
    random rows mostly miss them."""
    claim.effect(
        "noticed", noticed, knob="picked", on=True, off=False, above=0.9, off_below=0.35,
        also=[{"change": "capped"}, {"model": "boundary"}],
    )  # fmt: skip
    claim.limit(
        "A change in the middle of a column's range mostly goes unnoticed.",
        "noticed in five tables", lambda seed: np.mean(
            [noticed(shop, True, "middle") for shop in range(seed, seed + 5)]
        ), below=0.5,
    )  # fmt: skip

    def by_trees(seed: int) -> float:
        shops = range(seed, seed + 10)
        changed = [shop for shop in shops if noticed(shop, False, model="tree") > 0]
        return np.mean([noticed(shop, True, model="tree") for shop in changed])

    claim.limit(
        "A tree often answers the picked row as before while other rows change.",
        "noticed, of the changes that change an answer", by_trees, below=0.9,
    )  # fmt: skip

    def unnoticed_caps(seed: int, method: str) -> float:
        table, benign = load_breast_cancer(return_X_y=True, as_frame=True)
        table = table.sample(400, random_state=seed)[table.columns[::3]]
        trained = make_pipeline(StandardScaler(), LogisticRegression())
        trained.fit(table, benign[table.index])
        golden = write_golden(trained, table.iloc[golden_rows(table)], method)
        most, found = table.quantile(0.99), []
        for name in table.columns[::2]:
            cap = FunctionTransformer(
                lambda rows, name=name: rows.assign(**{name: rows[name].clip(upper=most[name])})
            )
            found.append(not check_golden(make_pipeline(cap, trained), golden))
        return np.mean(found)

    claim.limit(
        "If a model is all but certain of a picked row, a cap can stay within the tolerance: add "
        "golden rows of `decision_function`.",
        "caps that go unnoticed", lambda seed: unnoticed_caps(seed, "predict_proba"), above=0.3,
    )  # fmt: skip
    assert unnoticed_caps(0, "decision_function") == 0


@pytest.mark.parametrize("size", [1, 3, 7, 20, 50])
def test_served_is_the_batch_for_a_pipeline(size: int) -> None:
    table, buys = shoppers(320)
    model = pipeline(LogisticRegression()).fit(table[:300], buys[:300])
    asked = table[300:].set_index(np.arange(20) / 2)  # a slice of pandas 2 goes by such labels
    assert served(model, asked, size) == pytest.approx(model.predict_proba(asked))


def test_served_sends_requests_of_the_size() -> None:
    class Recorder:
        def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
            sizes.append(len(table))
            return table.to_numpy()

    sizes: list[int] = []
    table = pd.DataFrame({"x": np.arange(7.0)})
    assert served(Recorder(), table, 3).ravel().tolist() == list(range(7))
    assert sizes == [3, 3, 1]


def test_notebook_model_is_a_tree_on_prepared_columns() -> None:
    table, buys = shoppers(500)
    features = pd.get_dummies(table, columns=["city"], drop_first=True).to_numpy(float)
    tree = DecisionTreeClassifier(max_depth=6, random_state=0).fit(features, buys)
    model = NotebookModel(NOTEBOOK_HABITS["get_dummies"]).fit(table, buys)
    assert np.array_equal(model.predict_proba(table), tree.predict_proba(features))


def test_shoppers_buy_by_income_and_city() -> None:
    table, buys = shoppers(20_000, seed=1)
    rate = pd.Series(buys).groupby(table["city"]).mean()
    assert rate["Lima"] > rate["Paris"] > rate["Delhi"] > rate["Oslo"] > rate["Berlin"]
    assert np.corrcoef(np.log(table["income"]), buys)[0, 1] > 0.5
    assert table["city"].value_counts(normalize=True)["Delhi"] == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize("seed", range(2))
def test_report_of_a_pipeline_with_nulls_and_text_is_clean(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"x": rng.normal(size=60), "kind": rng.choice(["a", "b"], 60)})
    table.loc[::7, "x"] = np.nan
    encode = make_column_transformer((SimpleImputer(), ["x"]), (OneHotEncoder(), ["kind"]))
    target = rng.normal(size=60)
    model = make_pipeline(encode, LinearRegression()).fit(table, target)
    asked = table[45:].set_index(np.arange(15) / 2)  # a slice of pandas 2 goes by such labels
    found = parity_report(model, asked, method="predict")
    assert list(found.index) == [
        "rows reversed", "columns reversed", "saved and loaded", "one at a time",
        "one at a time, as JSON",
    ]  # fmt: skip
    assert (found["differ"] == 0).all()
    assert (found["raised"] == "").all()
    assert (found["largest"] < 1e-9).all()


def fill(text: pd.DataFrame) -> pd.DataFrame:
    return text.astype(object).where(text.notna(), "none")


@pytest.mark.parametrize("null", [np.nan, None])
def test_missing_text_is_two_categories_unless_it_is_filled_first(null: object) -> None:
    rng = np.random.default_rng(0)
    kind = pd.Series(rng.choice(["a", "b"], 12), dtype=object)
    kind[::4] = null
    table = pd.DataFrame({"kind": kind})
    target = table["kind"].isna() + rng.normal(size=12)
    impute = SimpleImputer(strategy="constant", fill_value="none")
    encode = OneHotEncoder(handle_unknown="ignore")
    for steps in ([], [impute], [FunctionTransformer(fill)]):
        model = make_pipeline(*map(clone, steps), clone(encode), LinearRegression())
        model.fit(table, target)
        found = parity_report(model, table, method="predict")["differ"]
        golden = write_golden(model, table.iloc[golden_rows(table)], method="predict")
        two = null is not None and (not steps or steps[0] is impute)
        assert found.tolist() == pytest.approx([0, 0, 0, 0, 0.25 * two])
        assert len(check_golden(model, golden)) == two
        # The endpoint hands a null over as NaN, whatever training held.
        app = model_app(model, request_schema(table), golden, method="predict")
        other = null is None and (not steps or steps[0] is impute)
        assert len(app.state.wrong) == other


class Odd:
    """Answers by the position of the row, and forgets an offset when it is pickled."""

    def __init__(self) -> None:
        self.offset = 0.25

    def __getstate__(self) -> dict[str, float]:
        return {"offset": 0.0}

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        table["x"] = 0.0  # a model that writes on its input
        return np.arange(len(table), dtype=float)[:, None] + self.offset


def test_report_measures_differences() -> None:
    rows = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]})
    found = parity_report(Odd(), rows)
    assert rows["x"].tolist() == [1, 2, 3, 4]
    assert found["differ"].tolist() == [1, 0, 1, 0.75, 0.75]
    assert found["largest"].tolist() == [3, 0, 0.25, 3, 3]
    assert parity_report(Odd(), rows, tolerance=0.25)["differ"]["saved and loaded"] == 0
    with pytest.raises(TypeError, match="model"):
        parity_report(Odd(), rows, method="transform")


@pytest.mark.parametrize("answers", [[1.0, 2.0], [1.0, 2.0, 3.0, 4.0, 5.0], ["a", "b", "c", "d"]])
def test_a_model_that_answers_something_else_is_refused(answers: list[object]) -> None:
    model = SimpleNamespace(predict=lambda table: answers)
    with pytest.raises(TypeError, match="model must return numbers, one entry for each row"):
        parity_report(model, pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]}), method="predict")


def test_the_tolerance_goes_with_the_answers() -> None:
    """Rounding is in proportion: of prices in the millions, and of answers in single precision."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(50, 10, size=(600, 30))).add_prefix("x")
    price = 1e6 * table.mean(axis=1) + 1e5 * rng.normal(size=600)
    million = make_pipeline(StandardScaler(), LinearRegression()).fit(table, price)
    inner, outer = rng.normal(size=(30, 64)).astype("f4"), rng.normal(size=64).astype("f4")
    net = SimpleNamespace(predict=lambda rows: np.tanh(rows.to_numpy("f4") @ inner / 100) @ outer)
    for model, share in ((million, 1e-9), (net, 1e-5)):
        size = np.abs(model.predict(table)).mean()
        found = parity_report(model, table[560:], "predict", share * size)["differ"]
        assert found["one at a time"] == found["one at a time, as JSON"] == 0
    assert parity_report(net, table[560:], "predict")["differ"]["one at a time"] > 0.2


def test_one_row_proves_nothing() -> None:
    """Alone, a row is its own batch: a pipeline that scales by the batch differed in 0%."""
    table, labels = numbers(0)
    model = make_pipeline(*STEPS["of the batch"], LogisticRegression()).fit(table, labels)
    assert parity_report(model, table[:2])["differ"]["one at a time"] == 1
    with pytest.raises(ValueError, match="rows must have at least two rows"):
        parity_report(model, table[:1])


def test_two_infinities_are_equal() -> None:
    rows = pd.DataFrame({"a": [0, 0, 1, 1]})
    tree = DecisionTreeClassifier().fit(rows, [0, 0, 1, 1])
    with np.errstate(divide="ignore"):
        found = parity_report(tree, rows, "predict_log_proba")
    assert (found["differ"] == 0).all() and (found["largest"] == 0).all()

    class Blank:
        def predict(self, table: pd.DataFrame) -> np.ndarray:
            return np.where(len(table) > 1, np.nan, 1.0) * np.ones(len(table))

    blank = parity_report(Blank(), rows, "predict")
    assert blank["differ"]["rows reversed"] == 0 and blank["differ"]["one at a time"] == 1


@pytest.mark.parametrize("column", ["when", "span", "bytes"])
def test_golden_rows_of_another_kind_are_named(column: str) -> None:
    rows = {
        "when": pd.date_range("2024-01-01", periods=2, tz="Europe/Berlin"),
        "span": pd.to_timedelta([1, 2], "D"), "bytes": [b"a", b"b"],
    }[column]  # fmt: skip
    model = SimpleNamespace(predict=lambda table: table["x"].to_numpy())
    with pytest.raises(TypeError, match=f"rows: column '{column}' must hold numbers"):
        write_golden(model, pd.DataFrame({column: rows, "x": [1.0, 2.0]}), "predict")


def test_a_way_that_raises_differs_in_all_rows() -> None:
    table = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [0.0, 1.0, 0.0, 1.0]})
    named = StandardScaler().fit(table)
    found = parity_report(named, table, method="transform").loc["columns reversed"]
    assert (found["differ"], found["raised"]) == (1, "ValueError")
    assert np.isnan(found["largest"])


def test_golden_rows_cover_categories_extremes_and_nulls() -> None:
    table = pd.DataFrame(
        {
            "x": [5.0, np.nan, 9.0, 1.0, 4.0, np.nan],
            "kind": ["a", "a", "a", "a", "b", None],
            "same": [1, 1, 1, 1, 1, 1],
        },
        index=[9, 9, 8, 7, 6, 5],
    )
    assert golden_rows(table).tolist() == [0, 1, 2, 3, 4, 5]
    assert golden_rows(table[["x"]]).tolist() == [1, 2, 3]
    assert golden_rows(table[["same"]]).tolist() == [0]
    assert golden_rows(pd.DataFrame({"x": [np.nan, np.nan]})).tolist() == [0]


@pytest.mark.parametrize("kind", ["Int64", "Float64", object])
def test_golden_rows_take_nullable_numbers_for_numbers(kind: str | type) -> None:
    """With one NA, they were categories: every age was picked, and 101 of them refused."""
    numbers = pd.Series([*range(150), None]).astype("Int64").astype(kind)
    assert golden_rows(pd.DataFrame({"amount": numbers})).tolist() == [0, 149, 150]
    flags = pd.Series([True, False, True, None]).astype("boolean")
    assert golden_rows(pd.DataFrame({"card": flags})).tolist() == [0, 1, 3]


def test_golden_rows_refuse_free_text() -> None:
    """Every row of it was kept."""
    notes = pd.DataFrame({"note": [f"called on day {day}" for day in range(101)]})
    with pytest.raises(ValueError, match="table: column 'note' holds 101 different values"):
        golden_rows(notes)
    assert len(golden_rows(notes[:100])) == 100
    assert len(golden_rows(notes.astype("category"))) == 101
    days = pd.DataFrame({"day": pd.date_range("2026-01-01", periods=101)})
    with pytest.raises(ValueError, match="table: column 'day' holds 101 different values"):
        golden_rows(days)


def test_golden_rows_take_a_category_of_numbers_for_categories() -> None:
    codes = pd.Series([3, 1, 2, 5, 4, 3], dtype="category")
    assert golden_rows(pd.DataFrame({"code": codes})).tolist() == [0, 1, 2, 3, 4]
    assert golden_rows(pd.DataFrame({"code": codes.astype(int)})).tolist() == [1, 3]


class Answers:
    """Gives each row the same answer."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def predict(self, table: pd.DataFrame) -> np.ndarray:
        return np.array([self.answer] * len(table))


@pytest.mark.parametrize("other", [[0.5], 0.5, [0.5, 0.5, 0.5], "0.5", [0.5, np.nan]])
def test_an_answer_of_another_shape_is_wrong(other: object) -> None:
    rows = pd.DataFrame({"x": [1.0, 2.0]})
    golden = write_golden(Answers([0.5, 0.5]), rows, "predict")
    assert check_golden(Answers([0.5, 0.5]), golden) == []
    assert len(check_golden(Answers(other), golden)) == 2
    assert check_golden(Answers(other), write_golden(Answers(other), rows, "predict")) == []
    with pytest.raises(TypeError, match="model must return one entry for each row"):
        write_golden(SimpleNamespace(predict=lambda table: [0.5]), rows, "predict")


@pytest.mark.parametrize("answer", [True, -np.inf, np.nan, np.float16(0.1)])
def test_odd_answers_equal_themselves(answer: object) -> None:
    golden = write_golden(Answers(answer), pd.DataFrame({"x": [1.0]}), "predict")
    assert check_golden(Answers(answer), golden) == []


def test_answers_in_a_table_are_compared_by_value() -> None:
    """As of MLflow: the name of the column was taken for the answer, and two raised a raw error."""
    rows = pd.DataFrame({"x": [1.0, 2.0]})
    for names in (["risk"], ["no", "yes"]):
        table = Says(lambda t, names=names: pd.DataFrame(dict.fromkeys(names, 3 * t["x"])))
        golden = write_golden(table, rows, "predict")
        assert check_golden(table, golden) == []
        (sentence,) = check_golden(Says(lambda t, m=table: m.predict(t.clip(upper=1.5))), golden)
        assert sentence.endswith(f"expected {[6.0] * len(names)}, got {[4.5] * len(names)}")
    many = Says(lambda t: [1.0, 1.0])
    assert len(check_golden(many, write_golden(many, rows, "predict"))) == 2
    (sentence,) = check_golden(
        Says(lambda t: 3.0), write_golden(Says(lambda t: [3.0]), rows[:1], "predict")
    )
    assert sentence.endswith("expected 3.0, got 3.0")


def test_a_model_that_writes_into_its_rows_leaves_ours() -> None:
    def rude(table: pd.DataFrame) -> np.ndarray:
        table["x"] *= 2
        return table["x"].to_numpy()

    rows = pd.DataFrame({"x": [1.0, 2.0]})
    assert write_golden(Says(rude), rows, "predict") == write_golden(Says(rude), rows, "predict")


def test_names_that_json_turns_into_text_are_refused() -> None:
    with pytest.raises(TypeError, match="rows must have text for the names"):
        write_golden(Answers(1), pd.DataFrame({0: [1.0]}), "predict")


class Converted:
    """The model of another runtime, in single precision and with nothing but the method."""

    def __init__(self, model: Pipeline, change: str = "") -> None:
        self.model, self.change = model, CHANGES.get(change, lambda rows: rows)

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        single = self.change(table).astype({"income": np.float32})
        return self.model.predict_proba(single).astype(np.float32)


def test_a_converted_model_is_checked_with_a_tolerance() -> None:
    table, trained = shops(0)
    golden = write_golden(trained, table.iloc[golden_rows(table)])
    assert check_golden(Converted(trained), golden, tolerance=1e-5) == []
    assert check_golden(Converted(trained), golden, tolerance=0)
    assert check_golden(Converted(trained, "renamed"), golden, tolerance=1e-5)


def test_golden_rows_of_training_alarm_at_a_right_conversion_of_boosting() -> None:
    """Its thresholds are values of training, which single precision moves to their other side."""
    wrong = {"training": 0, "held out": 0}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        table = pd.DataFrame(rng.normal(size=(2_000, 10))).add_prefix("x")
        label = rng.logistic(size=2_000) < table["x0"] + table["x1"]
        boosted = HistGradientBoostingClassifier(max_iter=40).fit(table[:1_000], label[:1_000])
        single = SimpleNamespace(
            predict_proba=lambda rows, m=boosted: m.predict_proba(rows.astype("f4").astype(float))
        )
        for name, rows in (("training", table[:1_000]), ("held out", table[1_000:])):
            golden = write_golden(boosted, rows.iloc[golden_rows(rows)])
            wrong[name] += len(check_golden(single, golden, tolerance=1e-5))
    assert wrong["held out"] < 2
    assert wrong["training"] > 2 or parse(sklearn.__version__) < parse("1.9")  # cut between values


def test_golden_file_is_json_and_holds_the_answers() -> None:
    table, trained = shops(0)
    text = write_golden(trained, table[:3])
    content = json.loads(text)
    assert content["method"] == "predict_proba"
    assert content["rows"] == table[:3].to_dict("records")
    assert content["answers"] == trained.predict_proba(table[:3]).tolist()
    assert check_golden(trained, text) == []
    content["answers"][1][0] += 1e-3
    (sentence,) = check_golden(trained, json.dumps(content))
    assert sentence.startswith(f"{content['rows'][1]}: expected [") and "got [" in sentence
    assert check_golden(trained, json.dumps(content), tolerance=0.01) == []
    with pytest.raises(TypeError, match="model"):
        check_golden(object(), text)
    for broken in ("{}", "[1]", json.dumps(content | {"answers": []})):
        with pytest.raises(ValueError, match="golden"):
            check_golden(trained, broken)


class Shares:
    """A cheap model that looks at its columns by name."""

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        income = pd.to_numeric(table["income"]).to_numpy(float)
        return np.column_stack([income, income + (table["city"] == "Bonn").to_numpy(float)])


def test_answers_that_json_does_not_hold_are_named() -> None:
    rows = pd.DataFrame({"x": [1.0, 2.0]})
    for answers in (pd.date_range("2026-01-01", periods=2), [pd.Timestamp(0)] * 2, [1j, 2j]):
        model = SimpleNamespace(predict=lambda table, answers=answers: answers)
        with pytest.raises(TypeError, match="model must answer with numbers, text or booleans"):
            write_golden(model, rows, "predict")
    with pytest.raises(TypeError, match="model must have the method 5"):
        check_golden(SimpleNamespace(), '{"method": 5, "rows": [], "answers": []}')


class Says:
    """Answers with what a function says of the table."""

    def __init__(self, say) -> None:
        self.predict = say


def test_golden_tolerance_is_absolute_and_rows_come_alone() -> None:
    rows = pd.DataFrame({"a": [1.0, 2.0]})
    golden = write_golden(Says(lambda t: 1_000 * t["a"].to_numpy()), rows, "predict")
    off = Says(lambda t: 1_000 * t["a"].to_numpy() + 5e-4)
    assert len(check_golden(off, golden)) == 2 and not check_golden(off, golden, 1e-3)
    centred = Says(lambda t: (t["a"] - t["a"].mean()).to_numpy())  # right for the batch alone
    assert len(check_golden(centred, write_golden(centred, rows, "predict"))) == 2


def test_largest_difference_is_that_of_one_output() -> None:
    class First:
        def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
            return np.c_[table.to_numpy()[:, 0], np.zeros((len(table), 2))]

    report = parity_report(First(), pd.DataFrame({"a": [0.0, 1.0], "b": [3.0, 2.0]}))
    assert report.loc["columns reversed", ["differ", "largest"]].tolist() == [1, 3]


def test_bad_input_is_named() -> None:
    table, trained = shops(0)[0], Shares()
    table = table[table["income"] < 60_000]  # float16 ends at 65,504
    nulls = [("table", NAN), ("rows", NAN)]
    names_bad_input(
        served, model=trained, table=table[:4], size=2, allow=nulls, bounds={"size": "[1, inf)"}
    )
    names_bad_input(shoppers, rows=10, bounds={"rows": "[1, inf)", "seed": "[0, inf)"})
    # Nulls are the model's business; this one refuses them without a word about our argument.
    # pandas 2 cannot put the columns of such a table in another order: the report says ValueError.
    refused = [("rows", "column 'income' as >f8")] if pd.__version__ < "3" else []
    names_bad_input(
        parity_report, model=trained, rows=table[:4], tolerance=0.1,
        allow=[*nulls, *refused, ("tolerance", "above one")], bounds={"tolerance": "[0, inf)"})  # fmt: skip
    names_bad_input(  # numbers of the dtype category are categories
        golden_rows, table=table[:4], allow=[*nulls, ("table", "column 'income' as category")]
    )
    kinds = (
        "columns in another order",
        *(f"column 'income' as {k}" for k in ("float16", "float32", "bool")),
    )
    names_bad_input(  # the text holds order and digits of what it was given
        write_golden, model=trained, rows=table[:4], allow=[*nulls, *(("rows", k) for k in kinds)]
    )
    names_bad_input(
        check_golden, model=trained, golden=write_golden(trained, table[:2]),
        allow=[("tolerance", "above one")], bounds={"tolerance": "[0, inf)"})  # fmt: skip


class Rounds:
    """Answers a single row with two decimals, a batch with one."""

    def predict(self, table: pd.DataFrame) -> np.ndarray:
        return np.full(len(table), 0.31 if len(table) == 1 else 0.3)


def test_a_difference_of_the_tolerance_counts_as_equal() -> None:
    """0.31 - 0.3 is above 0.01 by the last bit."""
    rows = pd.DataFrame({"x": [1.0, 2.0]})
    golden = write_golden(Rounds(), rows, "predict")
    assert (
        not check_golden(Rounds(), golden, 0.01) and len(check_golden(Rounds(), golden, 0.009)) == 2
    )
    for tolerance, share in ((0.01, 0), (0.009, 1)):
        report = parity_report(Rounds(), rows, "predict", tolerance)
        assert report.loc["one at a time", "differ"] == share


class Names:
    """Answers every row with one label."""

    def __init__(self, label: object) -> None:
        self.label = label

    def predict(self, table: pd.DataFrame) -> np.ndarray:
        return np.full(len(table), self.label)


def test_long_ids_as_labels_are_told_apart() -> None:
    """Beyond 2**53, float64 merges two whole numbers: another label passed."""
    row = pd.DataFrame({"x": [1.0]})
    for label, other in ((2**53 + 1, 2**53), (2**60 + 100, 2**60 + 1)):
        golden = write_golden(Names(label), row, "predict")
        assert not check_golden(Names(label), golden) and check_golden(Names(other), golden)
    golden = write_golden(Names(7), row, "predict")
    assert not check_golden(Names(7.0), golden) and not check_golden(Names(8), golden, 1)
