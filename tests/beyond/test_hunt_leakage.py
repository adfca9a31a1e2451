"""docs/beyond/hunt-leakage.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score, roc_auc_score

from proof.claims import Claim
from snippets.beyond.after_the_event import loans, score_at_decision
from snippets.beyond.leak_suspects import leak_suspects
from snippets.beyond.shuffled_labels import PROCEDURES, scores_on_shuffled_labels
from tools.bad_input import INFINITE, NAN, NESTED, TEXT, names_bad_input


@cache
def skill(seed: int, columns: int, where: str) -> float:
    noise = np.random.default_rng(seed).normal(size=(100, columns))
    return scores_on_shuffled_labels(PROCEDURES[where], noise, np.arange(100) % 2, 2, seed).mean()


def test_selection_before_the_split(claim: Claim) -> None:
    """Selecting columns before the split finds skill in pure noise; selecting inside each fold
    finds none."""
    claim.holds("before", lambda seed: skill(seed, 1_000, "before the split"), above=0.7)
    claim.holds("inside", lambda seed: skill(seed, 1_000, "inside"), above=0.35, below=0.65)
    claim.null("before, all kept", lambda seed: skill(seed, 20, "before the split"), below=0.65)


@cache
def scores(seed: int, calls: float, column: bool = True) -> pd.DataFrame:
    table, default = loans(2_000, calls, seed)
    table = table if column else table.drop(columns="calls")
    forest = RandomForestClassifier(30, min_samples_leaf=10, random_state=0)
    forest.fit(table[:1_000], default[:1_000])
    at_decision = {"calls": 0} if column else {}
    return score_at_decision(forest, table[1_000:], default[1_000:], at_decision)


def test_after_the_event(claim: Claim) -> None:
    """A column that is filled in after the event makes the stored score near perfect, and the
    served model finds almost no event."""
    claim.holds("AUC stored", lambda seed: scores(seed, 3.0).auc["stored"], above=0.95)
    claim.holds("found stored", lambda seed: scores(seed, 3.0).found["stored"], above=0.85)
    claim.holds("found served", lambda seed: scores(seed, 3.0).found["served"], below=0.1)
    claim.null("AUC stored, empty", lambda seed: scores(seed, 0.0).auc["stored"], below=0.85)
    claim.null("found served, empty", lambda seed: scores(seed, 0.0).found["served"], above=0.4)


def test_worse_than_without(claim: Claim) -> None:
    """The served model with the column finds fewer events than a model that never had it."""

    def missed(seed: int, calls: float) -> float:
        return scores(seed, calls, False).found["served"] - scores(seed, calls).found["served"]

    claim.holds("events missed", lambda seed: missed(seed, 3.0), above=0.3)
    claim.null("events missed, empty", lambda seed: missed(seed, 0.0), below=0.1)


@cache
def suspects(seed: int, rows: int = 2_000, leaky: bool = True) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    amount, income = rng.normal(size=(2, rows))
    default = (rng.logistic(size=rows) < amount - income - 1).astype(int)
    tell = default if leaky else rng.permutation(default)
    table = pd.DataFrame(
        {
            "amount": amount,
            "income": income,
            "branch": rng.choice(["north", "south"], rows),
            "customer": [f"C{number}" for number in rng.permutation(rows)],
            "calls": tell * rng.poisson(3, rows),
            "days": np.where(tell == 1, rng.integers(30, 900, rows), np.nan),
            "letters": tell * rng.poisson(0.3, rows),
        }
    )
    order = np.argsort(tell, kind="stable")
    return leak_suspects(table.iloc[order], default[order], 0.8)


LEAKS = ["calls", "days", "order of the rows"]


def test_detector(claim: Claim) -> None:
    """The detector suspects a count, a null and a file order that give the label away, and no
    honest column."""
    honest = ["amount", "income", "branch", "customer"]
    claim.holds("least AUC", lambda s: suspects(s).loc[LEAKS, "values"].min(), above=0.9)
    claim.holds("suspected", lambda s: suspects(s).loc[LEAKS, "suspect"].sum(), above=2.5)
    claim.holds("honest", lambda s: suspects(s).loc[honest, "values"].max(), below=0.77)
    claim.null("suspected, no leak", lambda s: suspects(s, leaky=False)["suspect"].sum(), below=0.5)


def test_weak_leak(claim: Claim) -> None:
    """A column that gives away a few labels stays below what is believable, and is not
    suspected."""
    claim.holds("AUC", lambda s: suspects(s).loc["letters", "values"], above=0.55, below=0.75)
    claim.holds("suspected", lambda s: suspects(s).loc["letters", "suspect"], below=0.5)
    claim.null(
        "AUC, no leak", lambda s: suspects(s, leaky=False).loc["letters", "values"], below=0.53
    )


def test_procedure_gets_features_and_permuted_labels() -> None:
    features, labels = np.arange(12).reshape(6, 2), np.array(list("aabbbc"))
    calls = []

    def procedure(given: np.ndarray, shuffled: np.ndarray) -> float:
        calls.append("".join(shuffled))
        return float(given is features and sorted(shuffled) == sorted(labels))

    assert scores_on_shuffled_labels(procedure, features, labels, repeats=20).tolist() == [1.0] * 20
    assert len(set(calls)) > 10
    assert "".join(labels) == "aabbbc"
    first = calls.copy()
    calls.clear()
    scores_on_shuffled_labels(procedure, features, labels, repeats=20)
    assert calls == first
    with pytest.raises(TypeError, match="procedure"):
        scores_on_shuffled_labels(lambda x, y: None, features, labels)
    with pytest.raises(TypeError, match="procedure"):
        scores_on_shuffled_labels("score", features, labels)


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_scikit_learn(seed: int) -> None:
    table, default = loans(600, seed=seed)
    model = LogisticRegression(max_iter=500).fit(table, default)
    found = score_at_decision(model, table, default, {"calls": 0, "late": 1})
    for name, view in (("stored", table), ("served", table.assign(calls=0, late=1))):
        assert found.auc[name] == roc_auc_score(default, model.predict_proba(view)[:, 1])
        assert found.found[name] == recall_score(default, model.predict(view))
    with pytest.raises(ValueError, match="at_decision"):
        score_at_decision(model, table, default, {"letters": 0})


def test_loans() -> None:
    table, default = loans(20_000, calls=2.0, seed=1)
    assert (table["calls"][default == 0] == 0).all()
    assert table["calls"][default == 1].mean() == pytest.approx(2, abs=0.1)
    for name, sign in (("amount", 1), ("income", -1), ("late", 1)):
        assert sign * np.corrcoef(table[name], default)[0, 1] > 0.1
    assert loans(50, calls=0)[0]["calls"].sum() == 0


@pytest.mark.parametrize("seed", range(5))
def test_alone_is_close_to_the_auc_of_a_monotone_column(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value = rng.normal(size=4_000)
    label = (rng.logistic(size=4_000) < 2 * value).astype(int)
    table = pd.DataFrame(
        {"up": value, "down": -value, "hill": np.abs(value), "level": value.round()}
    )
    table["text"] = table["level"].astype(str)
    found = leak_suspects(table, label, 0.5)["values"]
    expected = roc_auc_score(label, value)
    assert found["up"] == pytest.approx(expected, abs=0.015)
    assert found["down"] == pytest.approx(expected, abs=0.015)
    assert found["hill"] == pytest.approx(0.5, abs=0.04)
    assert found["level"] == pytest.approx(roc_auc_score(label, table["level"]), abs=0.015)
    assert found["text"] == pytest.approx(found["level"], abs=1e-9)
    hill = leak_suspects(table, (np.abs(value) > 1).astype(int), 0.9)
    assert hill.loc["up", "values"] > 0.97 and hill.loc["up", "suspect"]


def test_report_is_ranked_and_compares_either_auc() -> None:
    label = np.arange(1_000) % 2
    table = pd.DataFrame(
        {"sparse": np.where((label == 1) & (np.arange(1_000) < 800), 1.0, np.nan), "flat": 7},
        index=np.zeros(1_000, dtype=int),
    )
    found = leak_suspects(table, label, believable=0.85)
    assert list(found.columns) == ["values", "nulls", "suspect"]
    assert found["values"].is_monotonic_decreasing
    assert set(found.index) == {"sparse", "flat", "order of the rows"}
    assert found.loc["sparse", "nulls"] == pytest.approx(0.9, abs=0.01)
    assert found.loc["sparse", "suspect"]
    assert not leak_suspects(table, label, believable=0.95)["suspect"].any()
    assert found.loc["flat", "values"] == pytest.approx(0.5, abs=0.01)
    spread = pd.DataFrame({"x": np.r_[[-np.inf] * 60, np.arange(1_000), [np.inf] * 60]})
    assert np.isfinite(leak_suspects(spread, np.arange(1_120) % 2, 0.9)["values"]).all()


def test_bad_input_is_named() -> None:
    table, default = loans(120)
    forest = RandomForestClassifier(5, random_state=0).fit(table, default)
    nulls = ("table", NAN)
    names_bad_input(
        score_at_decision, model=forest, table=table, labels=default, at_decision={"calls": 0},
        paired=("table", "labels"), allow=[nulls],
    )  # fmt: skip
    names_bad_input(
        loans, rows=20, bounds={"rows": "[1, inf)", "seed": "[0, inf)", "calls": "[0, inf)"}
    )
    names_bad_input(
        leak_suspects, table=table, labels=default, believable=0.8, paired=("table", "labels"),
        allow=[nulls], bounds={"believable": "[0.5, 1)"})  # fmt: skip
    leak_suspects(table[:100], default[:100], 0.8)
    with pytest.raises(ValueError, match="table must be a DataFrame with at least 100 rows"):
        leak_suspects(table[:99], default[:99], 0.8)
    everything = dict.fromkeys(table, 0)  # nothing of the table is left, and that is allowed
    report = score_at_decision(forest, table, default, everything)
    assert report.loc["served", "auc"] == 0.5
    faults = [("features", fault) for fault in (TEXT, NAN, INFINITE, NESTED)]
    names_bad_input(
        scores_on_shuffled_labels, procedure=lambda x, y: 0.5, features=table.to_numpy(),
        labels=default, paired=("features", "labels"), allow=[*faults, ("labels", INFINITE)], bounds={"repeats": "[1, inf)", "seed": "[0, inf)"})  # fmt: skip
