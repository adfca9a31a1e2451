"""docs/data/input-contract.md"""

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from proof.claims import Claim
from snippets.data.input_contract import check_contract, infer_contract
from snippets.data.silent_faults import NINE_FAULTS, TEXTBOOK_PIPELINE, customers, fault_impact
from tools.bad_input import FRACTION, NAN, names_bad_input

REORDERED = {"columns reordered": lambda batch: batch[["city", "age", "income"]]}
WRONG_JOIN = {"wrong join": lambda batch: batch.assign(income=np.roll(batch["income"], 1))}


@cache
def impact(seed: int, income_weight: float = 3.0) -> pd.DataFrame:
    table, labels = customers(4_000, seed, income_weight)
    model = clone(TEXTBOOK_PIPELINE).fit(table[:3_000], labels[:3_000])
    faults = NINE_FAULTS | REORDERED | WRONG_JOIN
    result = fault_impact(model, table[3_000:], labels[3_000:], faults)
    return result.assign(loss=result["auc"]["clean"] - result["auc"])


def caught(seed: int, fault: str | None, trained: int = 3_000) -> list[str]:
    table, _ = customers(trained + 1_000, seed)
    contract = json.loads(json.dumps(infer_contract(table[:trained])))
    faults = {None: lambda batch: batch} | NINE_FAULTS | REORDERED | WRONG_JOIN
    return check_contract(contract, faults[fault](table[trained:]))


def test_most_faults_are_silent(claim: Claim) -> None:
    """Of nine input faults, scikit-learn raises on two, tolerates one, and silently loses AUC
    on six."""
    nine = list(NINE_FAULTS)

    def sixth_loss(seed: int) -> float:
        return impact(seed)["loss"][nine].nlargest(6).min()

    claim.holds("smallest of six losses", sixth_loss, above=0.03)
    claim.holds("seventh loss", lambda s: impact(s)["loss"][nine].nlargest(7).min(), below=0.001)
    claim.holds("raised", lambda s: (impact(s)["raised"] != "").sum(), above=1.5, below=2.5)
    claim.null("loss of reordering", lambda s: impact(s)["loss"]["columns reordered"], below=1e-9)


def test_wrong_unit_in_a_useless_column(claim: Claim) -> None:
    """A wrong unit costs AUC even in a column that carries nothing."""
    claim.holds("loss, cents", lambda s: impact(s, 0.0)["loss"]["income in cents"], above=0.015)
    claim.null("loss, all null", lambda s: impact(s, 0.0)["loss"]["income all null"], below=0.01)


def test_contract_names_the_column(claim: Claim) -> None:
    """The contract names the faulty column of all nine, and passes clean and reordered batches."""

    def named(seed: int) -> int:
        reports = {fault: caught(seed, fault) for fault in NINE_FAULTS}
        return sum(
            len(report) == 1 and report[0].startswith(fault.split()[0])
            for fault, report in reports.items()
        )

    claim.holds("faults named", named, above=8.5)
    claim.null("clean", lambda seed: len(caught(seed, None)), below=0.5)
    claim.null("reordered", lambda seed: len(caught(seed, "columns reordered")), below=0.5)


def strict_rejections(seed: int, rows: int, trained: int = 2_000) -> float:
    rng = np.random.default_rng(seed)
    tables = rng.lognormal(size=(200, trained + rows))
    then, now = tables[:, :trained], tables[:, trained:]
    outside = (now.max(axis=1) > then.max(axis=1)) | (now.min(axis=1) < then.min(axis=1))
    return float(outside.mean())


def test_strict_range_rejects_large_batches(claim: Claim) -> None:
    """A strict minimum and maximum rejects clean batches, the more often the larger they are."""
    claim.holds("1,000 rows", lambda seed: strict_rejections(seed, 1_000), above=0.35)
    claim.null("10 rows", lambda seed: strict_rejections(seed, 10), below=0.08)
    total = 2_000 + 1_000
    exact = 1 - 2_000 * 1_999 / (total * (total - 1))
    claim.exact("closed form", betabinom.sf(0, 1_000, 2, 1_999), exact)


SHOPS = np.array([f"shop {number}" for number in range(5_000)], dtype=object)


def mixed(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    income = rng.lognormal(size=rows)
    income[rng.random(rows) < 0.05] = np.nan
    shop = SHOPS[np.minimum(rng.zipf(1.6, rows), 4_999)]
    return pd.DataFrame({"income": income, "rare": rng.random(rows) < 0.02, "shop": shop})


def test_computed_allowance_keeps_its_rate(claim: Claim) -> None:
    """The contract keeps its false alarm rate for small and large batches, skewed columns and
    rare categories."""

    def worst(seed: int, unit: float, repeats: int) -> float:
        rng = np.random.default_rng(seed)
        contracts = [infer_contract(mixed(rng, 1_000)) for _ in range(repeats)]
        rates = []
        for rows in (1, 60, 1_000):
            batches = [mixed(rng, rows) for _ in contracts]
            if unit != 1:
                batches = [
                    batch.assign(income=batch["income"].fillna(1) * unit) for batch in batches
                ]
            pairs = zip(contracts, batches, strict=True)
            rates.append(
                np.mean([bool(check_contract(*pair, false_alarm_rate=0.1)) for pair in pairs])
            )
        return max(rates) if unit == 1 else min(rates)

    claim.holds("largest rate, for 10%", lambda seed: worst(seed, 1, 20), below=0.24)
    claim.null("smallest rate, wrong unit", lambda seed: worst(seed, 1_000_000, 5), above=0.9)


def test_wrong_join_is_invisible(claim: Claim) -> None:
    """A column joined to the wrong rows costs AUC and passes the contract."""
    claim.holds("loss", lambda seed: impact(seed)["loss"]["wrong join"], above=0.08)
    claim.holds("violations", lambda seed: len(caught(seed, "wrong join")), below=0.5)
    claim.null("loss, useless column", lambda s: impact(s, 0.0)["loss"]["wrong join"], below=0.01)


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
            "size": {"kind": "number", "nulls": 50, "top_share": 0.2, "low": 1.5, "high": 3.0},
            "count": {
                "kind": "number",
                "nulls": 0,
                "top_share": 1 / 300,
                "low": 0.0,
                "high": 299.0,
            },
            "kind": {
                "kind": "string",
                "nulls": 50,
                "top_share": 149 / 250,
                "categories": ["a", "b", "rare"],
                "seen_once": 1,
            },
        },
    }
    contract = infer_contract(TRAINING)
    assert json.loads(json.dumps(contract, allow_nan=False)) == contract


def test_categories_are_sorted_and_counted() -> None:
    rule = infer_contract(pd.DataFrame({"x": list("bbbcca")}))["columns"]["x"]
    assert rule["categories"] == ["a", "b", "c"]
    assert rule["seen_once"] == 1


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
        ({"size": 5.25}, "size: 300 of 300 rows outside 1.5 to 3, like 5.25, expected at most 12"),
        (
            {"count": -np.inf},
            "count: 300 of 300 rows outside 0 to 299, like -inf, expected at most 12",
        ),
        (
            {"kind": "c"},
            "kind: 300 of 300 rows of an unknown category, like 'c', expected at most 12",
        ),
        ({"kind": 4}, "kind: number values like 4, expected string values"),
        ({"count": "4"}, "count: string values like '4', expected number values"),
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
    # 0.9 to the power of 54 is above 0.01 / 3, to the power of 55 below.
    assert check_contract(contract, pd.DataFrame({"x": [0] * 55})) == []
    assert len(check_contract(contract, pd.DataFrame({"x": [0] * 56}))) == 1
    constant = infer_contract(pd.DataFrame({"x": [3] * 100}))
    assert check_contract(constant, pd.DataFrame({"x": [3] * 100})) == []
    with_nulls = pd.DataFrame({"x": [0] * 55 + [None]})
    assert not any("in all" in sentence for sentence in check_contract(contract, with_nulls))


def test_a_single_row() -> None:
    contract = infer_contract(customers(3_000)[0])
    row = {"income": 20_000.0, "age": 40, "city": "Nice"}
    assert check_contract(contract, pd.DataFrame([row])) == []
    for name, value in {"income": 1e6, "age": -1, "city": "Rome"}.items():
        assert check_contract(contract, pd.DataFrame([row | {name: value}]))[0].startswith(name)


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
    with pytest.raises(TypeError, match="faults"):
        fault_impact(model, table, labels, {"same": "no function"})


def test_customers_follow_their_weights() -> None:
    table, labels = customers(20_000, seed=1)
    assert table["age"].between(18, 79).all()
    assert labels[table["city"] == "Paris"].mean() > labels[table["city"] == "Nice"].mean() + 0.2
    assert np.corrcoef(table["age"], labels)[0, 1] < -0.2
    assert np.corrcoef(np.log(table["income"]), labels)[0, 1] > 0.2
    useless, unaffected = customers(20_000, seed=1, income_weight=0.0)
    assert abs(np.corrcoef(np.log(useless["income"]), unaffected)[0, 1]) < 0.03


def test_bad_input_is_named() -> None:
    table, labels = customers(200)
    model = clone(TEXTBOOK_PIPELINE).fit(table, labels)
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
        fault_impact, model=model, batch=table, labels=labels, faults=NINE_FAULTS,
        paired=("batch", "labels"), allow=nulls,
    )  # fmt: skip
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
