"""docs/data/input-contract.md"""

import json
from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from docs.data.figures.input_contract import KNOB, measure
from proof.claims import Claim
from snippets.data.input_contract import check_contract, infer_contract
from snippets.data.silent_faults import NINE_FAULTS, TEXTBOOK_PIPELINE, customers, fault_impact
from tools.bad_input import FRACTION, NAN, names_bad_input

Fault = Callable[[pd.DataFrame], pd.DataFrame]
HARMLESS: dict[str, Fault] = {
    "clean": lambda batch: batch,
    "columns reordered": lambda batch: batch[["city", "age", "income"]],
    "income as float32": lambda batch: batch.assign(income=batch["income"].astype("float32")),
    "age as Int64": lambda batch: batch.assign(age=batch["age"].astype("Int64")),
    "city as category": lambda batch: batch.assign(city=batch["city"].astype("category")),
}
SHUFFLED = {"wrong join": lambda batch: batch.assign(income=np.roll(batch["income"], 1))}
CENTS = {"income in cents": NINE_FAULTS["income in cents"]}
CHANGES = {
    "faulty": NINE_FAULTS,
    "harmless": HARMLESS,
    "wrong join": SHUFFLED,
    "cents": CENTS,
}
MODELS = {
    "logistic regression": LogisticRegression(),
    "naive Bayes": GaussianNB(),
    "discriminant": LinearDiscriminantAnalysis(),
    "tree": DecisionTreeClassifier(max_depth=2),
}


@cache
def fitted(seed: int, model: str, income_weight: float, rows: int) -> tuple:
    table, labels = customers(rows + 1_000, seed, income_weight)
    pipeline = make_pipeline(clone(TEXTBOOK_PIPELINE[0]), clone(MODELS[model]))
    return pipeline.fit(table[:rows], labels[:rows]), table[rows:], labels[rows:]


@cache
def impact(
    seed: int, changes: str = "faulty", model: str = "logistic regression",
    income_weight: float = 3.0, rows: int = 3_000, weight: str = "fitted",
) -> pd.DataFrame:  # fmt: skip
    pipeline, batch, labels = fitted(seed, model, income_weight, rows)
    if weight == "zero":
        pipeline = deepcopy(pipeline)
        pipeline[-1].coef_[0, 0] = 0
    faults = {f"{name} ": fault for name, fault in CHANGES[changes].items()}
    result = fault_impact(pipeline, batch, labels, faults)
    result.index = result.index.str.strip()
    return result.assign(loss=result["auc"].iloc[0] - result["auc"])[1:]


def test_most_faults_are_silent(claim: Claim) -> None:
    """Of nine input faults, the textbook pipeline raises on two, tolerates one, and silently
    loses AUC on six."""

    def silent(seed: int, changes: str, model: str = "logistic regression") -> float:
        return (impact(seed, changes, model)["loss"] > 0.01).sum()

    def raised(seed: int, changes: str, model: str = "logistic regression") -> float:
        return (impact(seed, changes, model)["raised"] != "").sum()

    claim.effect(
        "silent losses", measure, knob="share", **KNOB.ends, above=5.5, below=6.5, off_below=0.5,
        only="the textbook pipeline",
    )  # fmt: skip
    other = [{"model": "naive Bayes"}, {"model": "discriminant"}]
    claim.effect(
        "silent losses", silent, knob="changes", on="faulty", off="harmless",
        above=5.5, below=6.5, off_below=0.5, also=other,
    )  # fmt: skip
    claim.effect(
        "errors", raised, knob="changes", on="faulty", off="harmless",
        above=1.5, below=2.5, off_below=0.5, also=other,
    )  # fmt: skip
    claim.limit(
        "In a column that carries nothing, most of the faults cost nothing.",
        "silent losses, useless income",
        lambda seed: (impact(seed, income_weight=0.0)["loss"] > 0.02).sum(), below=4.5,
    )  # fmt: skip


def test_wrong_unit_in_a_useless_column(claim: Claim) -> None:
    """A wrong unit costs AUC even in a column that carries nothing, as long as a linear model
    gives it some weight."""

    def loss(seed: int, model: str = "discriminant", rows: int = 1_000, **given) -> float:
        """Return the mean over two draws: by luck a weight may be near zero."""
        draws = (impact(2 * seed + draw, "cents", model, 0.0, rows, **given) for draw in range(2))
        return np.mean([draw["loss"].item() for draw in draws])

    claim.effect(
        "loss of AUC in cents", loss, knob="weight", on="fitted", off="zero",
        above=0.02, off_below=0.005,
        also=[{"model": "logistic regression"}, {"rows": 3_000}],
    )  # fmt: skip
    claim.limit(
        "A tree that does not split on the column loses nothing.",
        "loss, tree", lambda seed: loss(seed, model="tree"), below=0.005,
    )  # fmt: skip


@cache
def caught(seed: int, changes: str, trained: int, rows: int) -> dict[str, list[str]]:
    table, _ = customers(trained + rows, seed)
    contract = json.loads(json.dumps(infer_contract(table[:trained])))
    faults = CHANGES[changes]
    return {name: check_contract(contract, faults[name](table[trained:])) for name in faults}


def test_contract_names_the_column(claim: Claim) -> None:
    """The contract names the faulty column of all nine, and passes clean and reordered batches."""

    def named(seed: int, changes: str, trained: int = 3_000, rows: int = 1_000) -> float:
        reports = caught(seed, changes, trained, rows)
        return sum(
            any(sentence.startswith(fault.split()[0]) for sentence in report)
            and (len(report) == 1 or changes == "harmless")
            for fault, report in reports.items()
        ) + (sum(map(len, reports.values())) if changes == "harmless" else 0)

    claim.effect(
        "faults named", named, knob="changes", on="faulty", off="harmless",
        above=8.5, off_below=0.5, also=[{"trained": 1_000, "rows": 100}, {"trained": 300}],
    )  # fmt: skip

    def few(seed: int, hard: bool = False) -> float:
        table, _ = customers(4_000, seed)
        contract = infer_contract(table[:3_000])
        contract["columns"]["age"]["hard"] = hard
        batch = table[3_000:].copy()
        batch.iloc[:5, 1] = -999
        return len(check_contract(contract, batch))

    claim.limit(
        "A handful of wrong rows passes, however wrong they are, unless you mark the column as hard.",
        "violations, five ages of -999", few, below=0.5,
    )  # fmt: skip
    assert few(0, hard=True) == 1


def test_strict_range_rejects_large_batches(claim: Claim) -> None:
    """A strict minimum and maximum of a continuous column rejects clean batches, the more often the
    larger they are."""

    def rejected(seed: int, rows: int, trained: int = 2_000, shape: Callable = np.exp) -> float:
        tables = shape(np.random.default_rng(seed).normal(size=(150, trained + rows)))
        then, now = tables[:, :trained], tables[:, trained:]
        outside = (now.max(axis=1) > then.max(axis=1)) | (now.min(axis=1) < then.min(axis=1))
        return float(outside.mean())

    claim.effect(
        "batches rejected", rejected, knob="rows", on=1_000, off=10, above=0.35, off_below=0.12,
        also=[{"shape": np.abs}, {"trained": 500}],
    )  # fmt: skip
    rng, strict, hard = np.random.default_rng(0), [], []
    for _ in range(30):  # what the contract does with a column that is marked as hard
        then, now = (pd.DataFrame({"x": rng.normal(size=rows)}) for rows in (100, 50))
        strict.append(((now > then.max()) | (now < then.min())).any(axis=None))
        contract = infer_contract(then)
        contract["columns"]["x"]["hard"] = True
        hard.append(bool(check_contract(contract, now)))
    assert strict == hard and 5 < sum(hard) < 25

    claim.limit(
        "A training table a hundred times as large as the batch makes the strict range of one column quiet.",
        "batches rejected", lambda seed: rejected(seed, 30, trained=3_000), below=0.1,
    )  # fmt: skip

    def forty_columns(seed: int) -> float:
        """Return the share of batches with a record in one of forty columns."""
        rng, found = np.random.default_rng(seed), []
        for _ in range(100):
            then, now = np.split(rng.random((1_010, 40)), [1_000])
            found.append(((now > then.max(axis=0)) | (now < then.min(axis=0))).any())
        return np.mean(found)

    claim.limit(
        "With forty independent columns, it still rejects every other clean batch or so.",
        "batches rejected", forty_columns, above=0.35, below=0.75,
    )  # fmt: skip
    total = 2_000 + 1_000
    exact = 1 - 2_000 * 1_999 / (total * (total - 1))
    claim.exact("closed form", betabinom.sf(0, 1_000, 2, 1_999), exact)


SHOPS = np.array([f"shop {number}" for number in range(5_000)], dtype=object)


def mixed(
    rng: np.random.Generator, rows: int, copies: int = 1, shops: str = "zipf"
) -> pd.DataFrame:
    """Draw a table in which `copies` rows belong to one customer and are the same."""
    drawn = -(-rows // copies)
    income = rng.lognormal(size=drawn)
    income[rng.random(drawn) < 0.05] = np.nan
    number = rng.zipf(1.6, drawn) if shops == "zipf" else rng.integers(0, 200, drawn)
    shop = SHOPS[np.minimum(number, 4_999)]
    table = pd.DataFrame({"income": income, "rare": rng.random(drawn) < 0.02, "shop": shop})
    return table.loc[np.repeat(np.arange(drawn), copies)[:rows]]


def test_computed_allowance_keeps_its_rate(claim: Claim) -> None:
    """If rows are independent, the contract keeps its false alarm rate for small and large
    batches, skewed columns and rare categories."""

    def rejected(seed: int, copies: int, rows: int = 300, shops: str = "zipf") -> float:
        rng, found = np.random.default_rng(seed), []
        for _ in range(6):  # training tables
            contract = infer_contract(mixed(rng, 1_000, copies, shops))
            batches = (mixed(rng, rows, copies, shops) for _ in range(5))
            found += [bool(check_contract(contract, batch, 0.1)) for batch in batches]
        return np.mean(found)

    claim.effect(
        "clean batches rejected, for 10%", rejected, knob="copies", on=1, off=20,
        below=0.16, off_above=0.5, also=[{"rows": 60}, {"rows": 1_000, "shops": "equal"}],
    )  # fmt: skip

    def new_season(seed: int) -> float:
        rng = np.random.default_rng(seed)
        contract = infer_contract(mixed(rng, 1_000))
        batch = mixed(rng, 300)
        return len(check_contract(contract, batch.assign(income=batch["income"] * 30)))

    claim.limit(
        "A season that training has not seen may break the contract, although nothing is at fault.",
        "violations when incomes rise", new_season, above=0.5,
    )  # fmt: skip


def test_one_row_a_customer_goes_for_training_too() -> None:
    """The page: keep one row a customer, in both tables. Of the batch alone, it does not help."""
    rng, found = np.random.default_rng(0), []
    for _ in range(4):
        training, *batches = (mixed(rng, 2_000, copies=20) for _ in range(5))
        tables = training, training[~training.index.duplicated()]
        found += [
            [bool(check_contract(infer_contract(t), b[~b.index.duplicated()], 0.1)) for t in tables]
            for b in batches
        ]
    batch_only, both = np.mean(found, axis=0)
    assert batch_only > 0.7 and both < 0.2


def test_single_rows_by_the_columns_and_rows_of_training() -> None:
    """The pitfall on the page: with three columns, after a thousand rows and after three thousand."""
    for rows, columns, sentences in ((1_000, 3, 0), (3_000, 3, 1), (1_000, 1, 1), (3_000, 10, 0)):
        table = pd.DataFrame({f"x{n}": np.arange(rows) for n in range(columns)})
        assert len(check_contract(infer_contract(table), table[:1].assign(x0=-999))) == sentences


def test_categories_of_one_size_keep_the_rate() -> None:
    """Of two hundred equal shops, training misses one or two; each then sends several rows.
    With the shops seen once alone, 3% of the clean batches were rejected, for 1%."""
    rng, found = np.random.default_rng(0), []
    for _ in range(250):
        training, batch = (
            pd.DataFrame({"shop": SHOPS[rng.integers(0, 200, 1_000)]}) for _ in range(2)
        )
        found.append(bool(check_contract(infer_contract(training), batch, 0.01)))
    assert np.mean(found) <= 0.012
    capitals = batch.assign(shop=batch["shop"].str.upper())
    assert check_contract(infer_contract(training), capitals) != []


def test_a_thousand_equal_categories_keep_the_rate() -> None:
    """A hundred rows of a thousand postcodes, then a thousand rows: 0.25% were rejected, for 0.1%."""
    rng, rejected = np.random.default_rng(0), 0
    training = rng.multinomial(100, np.full(1_000, 0.001), size=4_000)
    missing, once, twice = ((training == times).sum(axis=1) for times in range(3))
    unseen = rng.binomial(1_000, missing / 1_000)
    rule = {"kind": "string", "nulls": 0, "top_share": 0.05, "categories": ["seen"]}
    for row in np.argsort(unseen / np.maximum(1, once))[-150:]:  # the others pass anyhow
        counts = {"seen_once": int(once[row]), "seen_twice": int(twice[row])}
        contract = {"rows": 100, "columns": {"postcode": rule | counts}}
        batch = np.where(np.arange(1_000) < unseen[row], "new", "seen")
        rejected += bool(check_contract(contract, pd.DataFrame({"postcode": batch}), 0.001))
    assert rejected <= 4
    assert check_contract(contract, pd.DataFrame({"postcode": ["new"] * 1_000}), 0.001)


def test_nulls_that_are_gone_break_nothing() -> None:
    """A column that was null in nine of ten rows and no longer is: 73% were rejected, for 5%."""
    rng, found = np.random.default_rng(0), []
    for _ in range(60):
        training, batch = (pd.DataFrame({"x": rng.normal(size=1_000)}) for _ in range(2))
        training[100:] = np.nan
        contract = infer_contract(training)
        found.append(bool(check_contract(contract, batch, 0.05)))
    assert np.mean(found) < 0.05
    most = int(betabinom.isf(0.05 / 3, 1_000, 2, 99))
    for many, sentences in ((most, 0), (most + 1, 1)):
        batch = pd.DataFrame({"x": [1e9] * many + [0.0, 0.01] * 500})[:1_000]
        assert len(check_contract(contract, batch, 0.05)) == sentences


def test_wrong_join_is_invisible(claim: Claim) -> None:
    """A column joined to the wrong rows costs AUC and passes the contract."""

    def silent_loss(seed: int, income_weight: float, **given) -> float:
        violations = caught(seed, "wrong join", 3_000, 1_000)["wrong join"]
        found = impact(seed, "wrong join", income_weight=income_weight, **given)
        return 0.0 if violations else found["loss"]["wrong join"]

    claim.effect(
        "loss of AUC without a violation", silent_loss, knob="income_weight", on=3.0, off=0.0,
        above=0.08, off_below=0.03, also=[{"model": "tree"}, {"model": "naive Bayes"}],
    )  # fmt: skip

    def lost(seed: int) -> float:
        table, _ = customers(4_000, seed)
        batch = table[3_000:].assign(income=table["income"].where(table.index % 20 > 0))
        return len(check_contract(infer_contract(table[:3_000]), batch))

    claim.limit(
        "A join that loses one row in twenty leaves nulls, and the contract names them.",
        "violations, one null in twenty", lost, above=0.5,
    )  # fmt: skip


TRAINING = pd.DataFrame(
    {
        "size": [1.5, np.nan, 3.0, 2.5, 2.0, 1.75] * 50,
        "count": list(range(300)),
        "kind": ["a", "b", "a", None, "b", "a"] * 49 + ["a", "b", "a", None, "b", "rare"],
    }
)


def test_contract_in_full() -> None:
    assert infer_contract(TRAINING) == {
        "rows": 300,
        "columns": {
            "size": {
                "kind": "number",
                "hard": False,
                "nulls": 50,
                "top_share": 0.2,
                "low": 1.5,
                "high": 3.0,
            },
            "count": {
                "kind": "number",
                "hard": False,
                "nulls": 0,
                "top_share": 1 / 300,
                "low": 0.0,
                "high": 299.0,
            },
            "kind": {
                "kind": "string",
                "hard": False,
                "nulls": 50,
                "top_share": 149 / 250,
                "categories": ["a", "b", "rare"],
                "seen_once": 1,
                "seen_twice": 0,
            },
        },
    }
    contract = infer_contract(TRAINING)
    assert json.loads(json.dumps(contract, allow_nan=False)) == contract


def test_categories_are_sorted_and_counted() -> None:
    rule = infer_contract(pd.DataFrame({"x": list("bbbccadd")}))["columns"]["x"]
    assert rule["categories"] == ["a", "b", "c", "d"]
    assert (rule["seen_once"], rule["seen_twice"]) == (1, 2)


@pytest.mark.parametrize("kind", ["Int64", "float32", "int8", "boolean"])
def test_dtypes_of_one_kind_are_interchangeable(kind: str) -> None:
    values = [0, 1, 1, 0, 1, 0] * 20
    contract = infer_contract(pd.DataFrame({"x": values}))
    batch = pd.DataFrame({"x": pd.array(values, dtype=kind)})
    assert check_contract(contract, batch) == []
    assert infer_contract(batch) == contract


@pytest.mark.parametrize("kind", ["category", "object", "string"])
def test_text_is_text(kind: str) -> None:
    contract = infer_contract(TRAINING[["kind"]])
    batch = TRAINING[["kind"]].astype(kind)
    assert check_contract(contract, batch) == []
    assert infer_contract(batch) == contract


def test_numbers_of_object_dtype_and_categories_are_numbers() -> None:
    contract = infer_contract(TRAINING[["count"]])
    for kind in ("object", "category"):
        assert check_contract(contract, TRAINING[["count"]].astype(kind)) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"size": 2.0}, "size: 2 in all 300 rows, expected it to vary"),
        ({"size": 5.25}, "size: 300 of 300 rows outside 1.5 to 3, like 5.25, expected at most 14"),
        (
            {"count": -np.inf},
            "count: 300 of 300 rows outside 0 to 299, like -inf, expected at most 12",
        ),
        (
            {"kind": "c"},
            "kind: 300 of 300 rows of an unknown category, like 'c', expected at most 14",
        ),
        ({"kind": 4}, "kind: 300 of 300 rows hold no string, like 4"),
        ({"count": "4"}, "count: 300 of 300 rows hold no number, like '4'"),
        ({"count": None}, "count: 300 of 300 rows null, expected at most 9"),
        ({"more": 1}, "more: extra column, expected none"),
    ],
)
def test_sentences(change: dict[str, object], sentence: str) -> None:
    found = check_contract(infer_contract(TRAINING), TRAINING.assign(**change))
    assert sentence in found
    assert len(found) == 1 + (next(iter(change.values())) in (5.25, -np.inf, "c"))


def test_missing_columns_are_all_listed() -> None:
    assert check_contract(infer_contract(TRAINING), TRAINING[["count"]]) == [
        "size: missing, expected number values",
        "kind: missing, expected string values",
    ]


@pytest.mark.parametrize(
    ("trained", "rows", "columns"), [(300, 200, 1), (1_000, 50, 2), (50, 400, 3), (5, 20, 1)]
)
def test_allowance_is_the_beta_binomial(trained: int, rows: int, columns: int) -> None:
    names = list("abc")[:columns]
    contract = infer_contract(pd.DataFrame({name: np.arange(trained) for name in names}))
    rate = 0.1
    most = int(betabinom.isf(rate / (3 * columns), rows, 2, trained - 1))
    for side in (-1, trained):
        batch = pd.DataFrame({name: np.arange(rows) % trained for name in names})
        batch.loc[: most - 1, "a"] = side
        assert check_contract(contract, batch, rate) == []
        batch.loc[most, "a"] = side
        assert len(check_contract(contract, batch, rate)) == 1


def test_allowance_follows_the_training_table() -> None:
    """A column with nulls or rare categories in training may have them again."""
    rng = np.random.default_rng(0)
    sparse = pd.DataFrame({"x": np.where(rng.random(1_000) < 0.5, np.nan, rng.random(1_000))})
    half = pd.DataFrame({"x": np.where(np.arange(100) < 50, np.nan, 0.5 + np.arange(100) / 1e4)})
    assert check_contract(infer_contract(sparse), half) == []
    assert check_contract(infer_contract(sparse.dropna()), half) != []
    rare = pd.DataFrame({"x": [f"once {row}" for row in range(500)] + ["often"] * 500})
    unseen = pd.DataFrame({"x": ["new", "often"] * 50})
    assert check_contract(infer_contract(rare), unseen) == []
    assert (
        check_contract(infer_contract(pd.DataFrame({"x": ["often", "seen"] * 500})), unseen) != []
    )
    identifiers = pd.DataFrame({"x": [f"{row}" for row in range(500)]})
    assert check_contract(infer_contract(identifiers), pd.DataFrame({"x": ["a", "b", "c"]})) == []


def test_a_short_run_of_one_value_is_no_stuck_column() -> None:
    contract = infer_contract(pd.DataFrame({"x": [0] * 90 + [1] * 10}))
    # B(10, 91 + 73) / B(10, 91) is above 0.01 / 3, B(10, 91 + 74) / B(10, 91) below.
    assert check_contract(contract, pd.DataFrame({"x": [0] * 74})) == []
    assert len(check_contract(contract, pd.DataFrame({"x": [0] * 75}))) == 1
    constant = infer_contract(pd.DataFrame({"x": [3] * 100}))
    assert check_contract(constant, pd.DataFrame({"x": [3] * 100})) == []
    with_nulls = pd.DataFrame({"x": [0] * 74 + [None]})
    assert not any("in all" in sentence for sentence in check_contract(contract, with_nulls))


def test_a_rare_flag_may_be_absent_from_a_larger_batch() -> None:
    """One flag in a hundred training rows, none in 600: that rejected 6% of clean batches."""
    rng = np.random.default_rng(0)
    clean = [pd.DataFrame({"x": (rng.random(700) < 1 / 700).astype(int)}) for _ in range(200)]
    found = [check_contract(infer_contract(both[:100]), both[100:]) for both in clean]
    assert np.mean([bool(one) for one in found]) < 0.03


def test_a_single_row() -> None:
    contract = infer_contract(customers(3_000)[0])
    row = {"income": 20_000.0, "age": 40, "city": "Nice"}
    assert check_contract(contract, pd.DataFrame([row])) == []
    for name, value in {"income": 1e6, "age": -1, "city": "Rome"}.items():
        assert check_contract(contract, pd.DataFrame([row | {name: value}]))[0].startswith(name)
    small = infer_contract(customers(1_000)[0])
    assert check_contract(small, pd.DataFrame([row | {"age": -999}])) == []
    small["columns"]["age"]["hard"] = True
    assert len(check_contract(small, pd.DataFrame([row | {"age": -999}]))) == 1


def test_a_hard_column_lets_nothing_pass() -> None:
    contract = infer_contract(TRAINING)
    batch = TRAINING.copy()
    batch.loc[0, "count"], batch.loc[1, "kind"] = -999, "N/A"
    assert check_contract(contract, batch) == []
    for rule in contract["columns"].values():
        rule["hard"] = True
    assert check_contract(contract, batch) == [
        "count: 1 of 300 rows outside 0 to 299, like -999, expected at most 0",
        "kind: 1 of 300 rows of an unknown category, like 'N/A', expected at most 0",
    ]
    batch = TRAINING.assign(count=TRAINING["count"].where(TRAINING["count"] > 0))
    assert check_contract(contract, batch) == ["count: 1 of 300 rows null, expected at most 0"]
    del contract["columns"]["count"]["hard"]  # a contract of an earlier version
    assert check_contract(contract, batch) == []


def test_a_stray_value_is_shown() -> None:
    stray = TRAINING.astype({"count": object})
    stray.loc[7, "count"] = "N/A"
    found = check_contract(infer_contract(TRAINING), stray)
    assert found == ["count: 1 of 300 rows hold no number, like 'N/A'"]


def test_the_same_values_in_another_precision_pass() -> None:
    prices = pd.DataFrame({"x": [1.111, 2.222, 3.333, 4.441] * 100})
    contract = infer_contract(prices)
    assert check_contract(contract, prices.astype("float32")) == []
    assert check_contract(contract, prices.astype("float32").astype(float)) == []
    assert check_contract(contract, prices * 1.001) != []


@pytest.mark.parametrize(
    ("column", "edit"),
    [("size", {"low": "1"}), ("size", {"low": 4}), ("size", {"high": None}), ("size", {"kind": "int"}),
     ("kind", {"categories": "ab"}), ("size", {"hard": "false"}), ("size", {"nulls": "50"}),
     ("size", {"top_share": None}), ("kind", {"seen_once": None}), ("kind", {"categories": ["a", 1]})],
)  # fmt: skip
def test_a_broken_edit_is_named(column: str, edit: dict[str, object]) -> None:
    """The page asks for edits by hand; before, these raised a KeyError or a ufunc's error."""
    contract = infer_contract(TRAINING)
    contract["columns"][column] |= edit
    with pytest.raises(ValueError, match=f"contract must give '{column}'"):
        check_contract(contract, TRAINING)
    del contract["columns"][column]["nulls"]
    with pytest.raises(ValueError, match="contract must give"):
        check_contract(contract, TRAINING)
    for whole in ({"rows": 0}, {"columns": {}}, {"columns": []}):
        with pytest.raises(ValueError, match="contract must give rows"):
            check_contract(infer_contract(TRAINING) | whole, TRAINING)
    written = infer_contract(TRAINING[["kind"]])
    del written["columns"]["kind"]["seen_once"]
    assert check_contract(written, TRAINING[["kind"]]) == []


def test_large_values_are_readable() -> None:
    contract = infer_contract(pd.DataFrame({"x": np.arange(1_000, 1_500)}))
    (sentence,) = check_contract(contract, pd.DataFrame({"x": [999.5, 1_200, 1234567.8] * 9}))
    assert sentence == "x: 18 of 27 rows outside 1,000 to 1,499, like 999.5, expected at most 2"


def test_impact_is_the_auc() -> None:
    table, labels = customers(500, seed=3)
    model = clone(TEXTBOOK_PIPELINE).fit(table, labels)

    def broken(batch: pd.DataFrame) -> pd.DataFrame:
        return batch[["age"]]

    result = fault_impact(model, table, labels, {"same": lambda batch: batch, "broken": broken})
    auc = roc_auc_score(labels, model.predict_proba(table)[:, 1])
    assert result["auc"].tolist()[:2] == [auc, auc]
    assert np.isnan(result["auc"]["broken"])
    assert result["raised"].tolist() == ["", "", "ValueError"]
    with pytest.raises(ValueError, match="faults: 'lost' fails on this batch"):
        fault_impact(model, table, labels, {"lost": lambda batch: batch["no such column"]})
    with pytest.raises(ValueError, match="faults must not use the name 'clean'"):
        fault_impact(model, table, labels, {"clean": lambda batch: batch})
    with pytest.raises(ValueError, match="batch must have the columns of the model"):
        fault_impact(model, table[["age", "city", "income"]], labels, {})
    with pytest.raises(TypeError, match="faults"):
        fault_impact(model, table, labels, {"same": "no function"})
    for wrong in (lambda batch: None, lambda batch: batch[:50], lambda batch: batch.to_numpy()):
        with pytest.raises(
            ValueError, match="faults: 'wrong' must return a DataFrame with the rows"
        ):
            fault_impact(model, table, labels, {"wrong": wrong})


def test_a_fault_in_place_spoils_no_other() -> None:
    """Before, each fault that changed its argument stayed in those after it, without a word."""
    table, labels = customers(500, seed=3)

    def in_place(batch: pd.DataFrame) -> pd.DataFrame:
        batch["income"] *= 100
        return batch

    faults = {"in place": in_place, "same": lambda batch: batch}
    auc = fault_impact(clone(TEXTBOOK_PIPELINE).fit(table, labels), table, labels, faults)["auc"]
    assert auc["in place"] < auc["clean"] - 0.1
    assert auc["same"] == auc["clean"]


def test_a_fault_meets_the_index_of_the_batch() -> None:
    """The same values, aligned by their index, became those of other rows: AUC 0.87, then 0.68."""
    table, labels = customers(500, seed=3)
    model, income = clone(TEXTBOOK_PIPELINE).fit(table, labels), table["income"].copy()
    faults = {"same": lambda batch: batch.assign(income=income)}
    auc = fault_impact(model, table[200:], labels[200:], faults)["auc"]
    assert auc["same"] == auc["clean"]


def test_an_answer_of_nan_is_no_error_of_the_model() -> None:
    """The ValueError was that of the AUC; the model had raised nothing."""
    table, labels = customers(40)
    faults = {"null": NINE_FAULTS["income all null"], "broken": lambda batch: batch[["age"]]}
    result = fault_impact(ReadsAll(), table, labels, faults)
    assert result["auc"].isna().tolist() == [False, True, True]
    assert result["raised"].tolist() == ["", "", "KeyError"]


def test_impact_knows_which_class_is_the_event() -> None:
    """Before, classes in words went by the alphabet: "buys" came before "no", and AUC was 0.15."""
    table, labels = customers(500, seed=3)
    expected = fault_impact(clone(TEXTBOOK_PIPELINE).fit(table, labels), table, labels, {})
    for classes in (labels == 1, labels * 2 - 1, labels.astype(float)):
        found = fault_impact(clone(TEXTBOOK_PIPELINE).fit(table, classes), table, labels, {})
        assert found["auc"]["clean"] == pytest.approx(expected["auc"]["clean"])
    for wrong in (np.where(labels == 1, "buys", "no"), np.arange(500) % 3):
        with pytest.raises(ValueError, match="model must have two classes, as numbers"):
            fault_impact(clone(TEXTBOOK_PIPELINE).fit(table, wrong), table, labels, {})


def test_customers_follow_their_weights() -> None:
    table, labels = customers(20_000, seed=1)
    assert table["age"].between(18, 79).all()
    assert labels[table["city"] == "Paris"].mean() > labels[table["city"] == "Nice"].mean() + 0.2
    assert np.corrcoef(table["age"], labels)[0, 1] < -0.2
    assert np.corrcoef(np.log(table["income"]), labels)[0, 1] > 0.2
    useless, unaffected = customers(20_000, seed=1, income_weight=0.0)
    assert abs(np.corrcoef(np.log(useless["income"]), unaffected)[0, 1]) < 0.03


class ReadsAll:
    """A fitted model that reads every column as numbers or text, and costs little."""

    feature_names_in_, classes_ = np.array(["income", "age", "city"]), np.array([0, 1])

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        income, age = (
            table[name].to_numpy(np.float64, na_value=np.nan) for name in ("income", "age")
        )
        risk = income / 1_000 + age + 10 * table["city"].astype(str).str.len().to_numpy()
        return np.column_stack([-risk, risk])


def test_bad_input_is_named() -> None:
    table, labels = customers(40)
    model = ReadsAll()
    nulls = [("training", NAN), ("batch", NAN)]
    names_bad_input(infer_contract, training=table, allow=nulls)
    names_bad_input(
        check_contract,
        contract=infer_contract(table),
        batch=table,
        allow=nulls,
        bounds={"false_alarm_rate": "(0, 1)"},
    )
    names_bad_input(
        customers,
        rows=20,
        allow=[("income_weight", FRACTION)],
        bounds={"rows": "[0, inf)", "seed": "[0, inf)", "income_weight": "[0, inf)"},
    )
    names_bad_input(
        fault_impact, model=model, batch=table, labels=labels, faults=dict([*NINE_FAULTS.items()][:1]),
        paired=("batch", "labels"), allow=nulls,
    )  # fmt: skip
    with pytest.raises(ValueError, match="training must hold numbers or text, 'x' is empty"):
        infer_contract(pd.DataFrame({"x": [np.nan, np.nan]}))
    for values in (
        [np.inf, 1.0],
        [-np.inf, 1.0],
        [np.nan, np.nan],
        pd.to_datetime(["2026-01-01"] * 2),
    ):
        with pytest.raises(ValueError, match=r"training must .* 'x'"):
            infer_contract(pd.DataFrame({"x": values}))
    with pytest.raises(ValueError, match="training"):
        infer_contract(pd.DataFrame([[1, 2]], columns=["x", "x"]))
    with pytest.raises(ValueError, match="batch"):
        check_contract(infer_contract(table), pd.DataFrame([[1, 2]]))
    with pytest.raises(TypeError, match="contract"):
        check_contract({"columns": {}}, table)


def test_columns_of_another_machine_and_a_model_that_fails() -> None:
    table, labels = customers(40)
    foreign = table.astype({"income": ">f8", "age": ">i4"})
    assert infer_contract(foreign) == infer_contract(table)
    assert check_contract(infer_contract(table), foreign) == []
    model = clone(TEXTBOOK_PIPELINE).fit(table, labels)
    with pytest.raises(ValueError, match="batch does not suit the model"):
        fault_impact(model, table.assign(income="x"), labels, {})


def test_numbers_that_pandas_keeps_as_objects_are_numbers() -> None:
    contract = infer_contract(pd.DataFrame({"n": np.arange(200.0)}))
    for values in ([10**30, *range(199)], [Fraction(row) for row in range(200)], [True, 1.5] * 100):
        assert check_contract(contract, pd.DataFrame({"n": values})) == []
        assert infer_contract(pd.DataFrame({"n": values}))["columns"]["n"]["kind"] == "number"


def test_a_zero_that_is_one_up_to_rounding() -> None:
    """0.3 - 0.1 - 0.2 is below 0 by the last bit, and a hard bound of 0 refused it."""
    contract = infer_contract(pd.DataFrame({"balance": [0.0, 0.5, 1.0] * 20}))
    contract["columns"]["balance"]["hard"] = True
    batch = pd.DataFrame({"balance": [0.5, 0.3 - 0.1 - 0.2]})
    assert not check_contract(contract, batch)
    assert check_contract(contract, batch - 1e-9)


@pytest.mark.parametrize("high", [1e15, 1e300, np.inf])
def test_an_upper_bound_that_says_none_keeps_the_lower_one(high: float) -> None:
    """With a bound of 1e15 or more, written by hand, -999 passed in a hard column of ages."""
    contract = infer_contract(pd.DataFrame({"age": np.arange(18.0, 80)}))
    contract["columns"]["age"] |= {"low": 0, "high": high, "hard": True}
    ages = pd.DataFrame({"age": [0.3 - 0.1 - 0.2, 40, 1e9]})
    assert check_contract(contract, ages) == []
    (sentence,) = check_contract(contract, pd.DataFrame({"age": [40, -999]}))
    assert sentence.startswith("age: 1 of 2 rows outside 0 to ") and len(sentence) < 80
    assert len(check_contract(contract, pd.DataFrame({"age": [-1]}))) == 1


def test_a_nan_within_a_nullable_column_is_null() -> None:
    """With pandas 2, 0 / 0 of Float64 is such a NaN: a hard column let it pass."""
    ages = np.arange(18.0, 80)
    broken = pd.arrays.FloatingArray(np.where(ages > 40, ages, np.nan), np.zeros(62, bool))
    batch, contract = pd.DataFrame({"age": broken}), infer_contract(pd.DataFrame({"age": ages}))
    assert check_contract(contract, batch)[0].startswith("age: 23 of 62 rows null, expected")
    known = infer_contract(batch)["columns"]["age"]
    assert (known["nulls"], known["low"], known["high"]) == (23, 41, 79)


def test_a_model_of_one_column_of_answers_is_named() -> None:
    class Flat(ReadsAll):
        def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
            return super().predict_proba(table)[:, 1]

    table, labels = customers(40)
    with pytest.raises(ValueError, match="batch does not suit the model"):
        fault_impact(Flat(), table, labels, {})
