"""docs/beyond/hunt-leakage.md"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import recall_score, roc_auc_score
from sklearn.model_selection import LeaveOneGroupOut, cross_val_score, cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from docs.beyond.figures.shuffled_labels import KNOB, measure
from proof.claims import Claim
from snippets.beyond.after_the_event import loans, score_at_decision
from snippets.beyond.leak_suspects import leak_suspects
from snippets.beyond.shuffled_labels import scores_on_shuffled_labels
from tools.bad_input import INFINITE, NAN, NESTED, TEXT, names_bad_input


def by_centre(seed: int, own_mean: bool, shuffled: bool) -> float:
    """Accuracy on centres that training has not seen, each with a level of its own."""
    rng = np.random.default_rng(seed)
    centre, ill = np.repeat(np.arange(10), 30), rng.integers(0, 2, 300)
    table = rng.normal(size=(300, 3)) + 0.8 * ill[:, None] + 5 * rng.normal(size=(10, 3))[centre]
    if own_mean:
        table = table - np.array([table[centre == one].mean(axis=0) for one in range(10)])[centre]

    def run(features: np.ndarray, labels: np.ndarray) -> float:
        folds = LeaveOneGroupOut()
        return cross_val_score(GaussianNB(), features, labels, cv=folds, groups=centre).mean()

    if shuffled:
        return float(scores_on_shuffled_labels(run, table, ill, 2, seed).mean())
    return float(run(table, ill))


def prepared_on_all_rows(seed: int) -> float:
    """Accuracy gained if means and scales are those of all rows instead of the training folds."""
    steps, gained = make_pipeline(SimpleImputer(), StandardScaler()), []
    for rng in np.random.default_rng(seed).spawn(2):
        ill, table = np.arange(100) % 2, rng.normal(size=(100, 30))
        table[:, :2] += 0.8 * ill[:, None]
        table[rng.random(table.shape) < 0.2] = np.nan
        inside = cross_val_score(make_pipeline(steps, RidgeClassifier()), table, ill)
        before = cross_val_score(RidgeClassifier(), steps.fit_transform(table), ill)
        gained.append(before.mean() - inside.mean())
    return float(np.mean(gained))


def nearest_mean(features: np.ndarray, labels: np.ndarray, selecting: str) -> float:
    """Accuracy in five folds of the nearer of two means, in the twenty columns that differ most."""

    def best(rows: np.ndarray) -> np.ndarray:
        no, yes = (features[rows & (labels == k)].mean(axis=0) for k in (0, 1))
        return np.argsort(-np.abs(yes - no))[:20]

    fold, before, right = np.arange(len(labels)) % 5, best(labels >= 0), []
    for part in range(5):
        train, test = fold != part, fold == part
        kept = features[:, best(train) if selecting == "inside" else before]
        no, yes = (
            ((kept[test] - kept[train & (labels == k)].mean(axis=0)) ** 2).sum(axis=1)
            for k in (0, 1)
        )
        right.append(np.mean((yes < no) == labels[test]))
    return float(np.mean(right))


@cache
def on_noise(
    seed: int, columns: int, selecting: str = "before the split", kind: str = "mean",
    rows: int = 100, repeats: int = 8,
) -> float:  # fmt: skip
    """Accuracy on shuffled labels: of the page's procedures, or of one without scikit-learn."""
    if kind == "logistic":
        return measure(seed, columns, selecting, rows=rows, repeats=2)
    noise = np.random.default_rng(seed).normal(size=(rows, columns))
    run = partial(nearest_mean, selecting=selecting)
    return scores_on_shuffled_labels(run, noise, np.arange(rows) % 2, repeats, seed).mean()


def one_in_ten(seed: int, score: str) -> float:
    """Score of a selection before the split, on shuffled labels with one event in ten."""
    noise, event = np.random.default_rng(seed).normal(size=(200, 60)), np.arange(200) % 10 == 0

    def run(features: np.ndarray, labels: np.ndarray) -> float:
        kept = SelectKBest(k=10).fit_transform(features, labels)
        model = LogisticRegression()
        return cross_validate(model, kept, labels, scoring=score)["test_score"].mean()

    return scores_on_shuffled_labels(run, noise, event, 3, seed).mean()


def test_selection_before_the_split(claim: Claim) -> None:
    """If there are many more noise columns than rows, selecting columns before the split finds
    skill in pure noise, and selecting inside each fold finds none."""
    also = [{"kind": "logistic"}, {"rows": 60}]
    claim.effect(
        "accuracy on noise", on_noise, knob="columns", **KNOB.ends, above=0.78, off_above=0.34,
        off_below=0.66, also=also,
    )  # fmt: skip
    claim.effect(
        "accuracy on noise, many columns", lambda seed, **s: on_noise(seed, 2_500, **s),
        knob="selecting", on="before the split", off="inside", above=0.78, off_above=0.34,
        off_below=0.66, also=also,
    )  # fmt: skip
    claim.limit(
        "Of few columns, selecting before the split gives away less: twenty of forty add about ten "
        "points of accuracy.",
        "gained by selecting before the split, 40 columns",
        lambda s: on_noise(s, 40, repeats=20) - on_noise(s, 40, "inside", repeats=20),
        above=0.04, below=0.16,
    )  # fmt: skip
    claim.limit(
        "With one event in ten and sixty columns, accuracy hides it: always saying no is right in "
        "nine of ten.",
        "accuracy, of 200 rows", lambda seed: one_in_ten(seed, "accuracy"), below=0.915,
    )  # fmt: skip
    assert one_in_ten(0, "roc_auc") > 0.65  # and an AUC shows it
    claim.limit(
        "Shuffled labels do not show a leak that uses no labels, such as features centred by the "
        "test group's own mean.",
        "gained on real labels minus gained on shuffled labels",
        lambda s: (
            by_centre(s, True, False) - by_centre(s, False, False)
            - abs(by_centre(s, True, True) - by_centre(s, False, True))
        ),
        above=0.05,
    )  # fmt: skip
    claim.limit(
        "Scaling all rows, or filling in their means, before the split hardly moves a score on "
        "average.",
        "accuracy gained by both, 100 rows of 30 columns", prepared_on_all_rows,
        above=-0.03, below=0.03,
    )  # fmt: skip


def test_three_standard_errors_find_the_leak_and_seldom_an_honest_procedure() -> None:
    def alarms(selecting: str) -> float:
        run, scores = partial(nearest_mean, selecting=selecting), []
        for seed in range(40):
            noise = np.random.default_rng(seed).normal(size=(60, 200))
            scores.append(scores_on_shuffled_labels(run, noise, np.arange(60) % 2, 10, seed))
        above, spread = np.mean(scores, axis=1) - 0.5, np.std(scores, axis=1, ddof=1)
        return np.mean(above > 3 * spread / 10**0.5)

    assert alarms("before the split") > 0.9
    assert alarms("inside") < 0.1


MODELS = {
    "forest": RandomForestClassifier(15, min_samples_leaf=10, random_state=0),
    "tree": DecisionTreeClassifier(min_samples_leaf=20, random_state=0),
    "logistic": LogisticRegression(max_iter=1_000),
}


@cache
def scores(
    seed: int, calls: float, column: bool = True, kind: str = "forest", rows: int = 2_000
) -> pd.DataFrame:
    table, default = loans(rows, calls, seed)
    table = table if column else table.drop(columns="calls")
    half, model = rows // 2, MODELS[kind]
    model.fit(table[:half], default[:half])
    at_decision = {"calls": 0} if column else {}
    return score_at_decision(model, table[half:], default[half:], at_decision)


def test_after_the_event(claim: Claim) -> None:
    """A model with a column that is filled in after nearly every event, and only then, finds nearly
    all events in the stored table, and almost none when served."""

    def found(seed: int, calls: float, view: str = "served", **setting: object) -> float:
        return scores(seed, calls, **setting).found[view]

    others = [{"kind": "logistic"}, {"kind": "tree", "rows": 4_000}]
    claim.effect(
        "found served", found, knob="calls", on=3.0, off=0.0, below=0.1, off_above=0.4, also=others
    )
    claim.effect(
        "found stored", lambda seed, **s: found(seed, view="stored", **s), knob="calls", on=3.0,
        off=0.0, above=0.85, off_below=0.7, also=others,
    )  # fmt: skip
    claim.limit(
        "A column filled in for few events costs the served model little.",
        "share of events lost when served, 0.1 calls a default",
        lambda s: found(s, 0.1, "stored") - found(s, 0.1), below=0.12,
    )  # fmt: skip


def test_worse_than_without(claim: Claim) -> None:
    """The served model with the column finds fewer events than a model that never had it."""

    def missed(seed: int, calls: float, measure: str = "found", **setting: object) -> float:
        views = scores(seed, calls, False, **setting), scores(seed, calls, **setting)
        return views[0].loc["served", measure] - views[1].loc["served", measure]

    claim.effect(
        "events missed", missed, knob="calls", on=3.0, off=0.0, above=0.3, off_below=0.15,
        also=[{"kind": "logistic"}, {"kind": "tree", "rows": 4_000}],
    )  # fmt: skip
    claim.limit(
        "In AUC the damage looks small while some events leave the column empty.",
        "AUC lost", lambda seed: missed(seed, 3.0, "auc"), below=0.13,
    )  # fmt: skip
    claim.limit(
        "If all fill it, a served tree ranks like a guess.",
        "AUC served", lambda seed: scores(seed, 12.0, kind="tree").loc["served", "auc"],
        above=0.45, below=0.55,
    )  # fmt: skip


@cache
def suspects(
    seed: int, tells: bool = True, rows: int = 1_200, rare: float = 1.0, believable: float = 0.8
) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    amount, income = rng.normal(size=(2, rows))
    default = (rng.logistic(size=rows) < amount - income - rare).astype(int)
    tell = default if tells else rng.permutation(default)
    day = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(30, 900, rows), "D")
    table = pd.DataFrame(
        {
            "amount": amount,
            "income": income,
            "branch": rng.choice(["north", "south"], rows),
            "customer": [f"C{number}" for number in rng.permutation(rows)],
            "opened": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 360, rows), "D"),
            "calls": tell * rng.poisson(3, rows),
            "closed": day.where(tell == 1),
            "letters": tell * rng.poisson(0.3, rows),
            "excellent": default + rng.normal(size=rows) / 3,
        }
    )
    order = np.argsort(tell, kind="stable")
    return leak_suspects(table.iloc[order], default[order], believable)


def customers(rng: np.random.Generator) -> float:
    """Return the AUC of the number of a customer, whose four rows share a label."""
    customer = rng.permutation(np.repeat(np.arange(500), 4))
    default = (rng.random(500) < 0.4).astype(int)[customer]
    return leak_suspects(pd.DataFrame({"customer": customer}), default, 0.8)["values"]["customer"]


def notes(rng: np.random.Generator) -> float:
    """Return the AUC of a text that begins with a number and ends with the outcome."""
    late = rng.permutation(np.arange(1_000) % 2)
    text = [f"{number} {'late' if one else 'paid'}" for number, one in enumerate(late, 10**6)]
    return leak_suspects(pd.DataFrame({"note": text}), late, 0.8)["values"]["note"]


def few_events(rng: np.random.Generator) -> float:
    default = rng.permutation(np.arange(100) < 5).astype(int)
    return leak_suspects(pd.DataFrame(rng.normal(size=(100, 50))), default, 0.8)["suspect"].mean()


def alone(seed: int, draw: Callable[[np.random.Generator], float]) -> float:
    return draw(np.random.default_rng(seed))


LEAKS = ["calls", "closed", "order of the rows"]


def test_detector(claim: Claim) -> None:
    """The detector suspects a count, a date that is set at the event, and a file order that give
    the label away, and none of the honest columns."""
    honest = ["amount", "income", "branch", "customer", "opened"]

    def found(seed: int, tells: bool, **setting: float) -> float:
        suspect = suspects(seed, tells, **setting)["suspect"]
        return suspect[LEAKS].sum() - suspect[honest].sum()

    claim.effect(
        "leaks minus honest columns suspected", found, knob="tells", on=True, off=False, above=2.5,
        off_below=0.5, also=[{"rows": 800, "believable": 0.9}, {"rare": 3.0}],
    )  # fmt: skip
    claim.limit(
        "A column that gives away few labels is not suspected: `letters` is filled in for one "
        "default in four.",
        "AUC of letters", lambda s: suspects(s).loc["letters", "values"], above=0.55, below=0.75,
    )  # fmt: skip
    claim.limit(
        "A number that gives the label away in short runs only, such as a customer's, is not suspected.",
        "AUC of the customer", lambda s: alone(s, customers), below=0.7,
    )  # fmt: skip
    claim.limit(
        "With five events in a hundred rows, some of fifty honest columns are suspected.",
        "share suspected", lambda s: alone(s, few_events), above=0.01,
    )  # fmt: skip
    claim.limit(
        "A word at the end of a free text, such as the outcome, is not suspected.",
        "AUC of the text", lambda s: alone(s, notes), below=0.7,
    )  # fmt: skip
    claim.limit(
        "An excellent honest column is suspected, too.",
        "suspected", lambda s: suspects(s).loc["excellent", "suspect"], above=0.5,
    )  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["datetime", "tz", "date", "text", "decimal", "timedelta", "Int64", "Float64"]
)
def test_times_and_amounts_in_any_kind_are_seen(kind: str) -> None:
    """Exports from SQL hold dates and decimals; a column of days from the same dates has 0.998."""
    rng = np.random.default_rng(0)
    days = rng.integers(0, 900, 2_000)
    late = (days + rng.normal(scale=20, size=2_000) > 700).astype(int)
    day = pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(days, "D"))
    column = {
        "datetime": day, "tz": day.dt.tz_localize("Europe/Berlin"), "date": day.dt.date,
        "text": day.dt.strftime("%Y-%m-%d"), "timedelta": day - day.min(),
        "decimal": pd.Series([Decimal(int(value)) for value in days]),
        "Int64": pd.Series(days).astype("Int64"), "Float64": pd.Series(days).astype("Float64"),
    }[kind].where(np.arange(2_000) >= 20)  # fmt: skip
    report = leak_suspects(pd.DataFrame({"x": column, "days": days}), late, 0.9)
    assert report.loc["days", "values"] > 0.97
    if kind != "text":
        assert report.loc["x", "values"] == pytest.approx(report.loc["days", "values"], abs=0.01)
    assert report.loc["x", "suspect"]


def test_lists_and_dicts_of_an_export_are_ranked_as_text() -> None:
    late = np.arange(200) % 2
    table = pd.DataFrame({"tags": [["late"] if one else [] for one in late]})
    table["event"] = [{"at": day} if one else None for day, one in enumerate(late)]
    report = leak_suspects(table, late, 0.8)
    assert report.loc["tags", "values"] == 1 and report.loc["tags", "suspect"]
    assert report.loc["event", "nulls"] == 1 and report.loc["event", "suspect"]


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


@pytest.mark.parametrize("seed", range(3))
def test_alone_is_close_to_the_auc_of_a_monotone_column(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value = rng.normal(size=4_000)
    label = (rng.logistic(size=4_000) < 2 * value).astype(int)
    table = pd.DataFrame(
        {"up": value, "down": -value, "hill": np.abs(value), "level": value.round()}
    )
    table["text"] = (table["level"] + 0.0).astype(str)  # without "-0.0", which is 0.0
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


class OfCalls:
    """A model that is cheap to ask."""

    classes_, feature_names_in_ = (0, 1), ("calls",)

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        likely = 1 / (1 + np.exp(1 - table["calls"].to_numpy(float)))
        return np.column_stack([1 - likely, likely])


def test_the_category_of_a_row_and_its_nulls_can_give_it_away() -> None:
    place = np.arange(200) % 5  # repeats like the folds of a split in order would
    report = leak_suspects(pd.DataFrame({"place": place}), place == 0, 0.9)
    assert report.loc["place", "values"] == 1
    rng = np.random.default_rng(2)
    labels = rng.random(200) < 0.5
    noise = pd.DataFrame(
        {"x": np.where(rng.random(200) < 0.2 + 0.3 * labels, np.nan, rng.random(200))}
    )
    values, nulls, _ = leak_suspects(noise, labels, 0.6).loc["x"]
    assert nulls > values and leak_suspects(noise, labels, (nulls + values) / 2).loc["x", "suspect"]


def test_a_series_stays_one_with_its_index() -> None:
    labels = pd.Series([0, 1] * 10, index=np.arange(20)[::-1], name="paid")
    seen: list[pd.Series] = []
    scores_on_shuffled_labels(lambda _, y: seen.append(y) or 0.0, np.arange(20), labels, repeats=2)
    plain: list[np.ndarray] = []
    scores_on_shuffled_labels(
        lambda _, y: plain.append(y) or 0.0, np.arange(20), labels.tolist(), repeats=2
    )
    for series, array in zip(seen, plain, strict=True):
        assert series.index.equals(labels.index) and series.name == "paid"
        assert series.tolist() == array.tolist() and isinstance(array, np.ndarray)


def test_every_run_shuffles_anew() -> None:
    labels = np.arange(30)

    def runs(seed: int) -> list[tuple[int, ...]]:
        seen: list[tuple[int, ...]] = []
        scores_on_shuffled_labels(
            lambda _, y: seen.append(tuple(y)) or 0.0, labels, labels, 3, seed
        )
        return seen

    assert len({tuple(labels), *runs(0), *runs(1)}) == 7 and runs(0) == runs(0)
    assert all(sorted(run) == labels.tolist() for run in runs(0))


def test_bad_input_is_named() -> None:
    table, default = loans(120)
    table, model = table[["calls"]], OfCalls()
    nulls = ("table", NAN)
    names_bad_input(
        score_at_decision, model=model, table=table, labels=default, at_decision={"calls": 0},
        paired=("table", "labels"), allow=[nulls],
    )  # fmt: skip
    names_bad_input(
        loans, rows=20, bounds={"rows": "[1, inf)", "seed": "[0, inf)", "calls": "[0, inf)"}
    )
    names_bad_input(
        leak_suspects, table=table, labels=default, believable=0.8, paired=("table", "labels"),
        allow=[nulls], bounds={"believable": "[0.5, 1)"})  # fmt: skip
    leak_suspects(table[:100], default[:100], 0.8)
    with pytest.raises(ValueError, match="table must have at least 100 rows"):
        leak_suspects(table[:99], default[:99], 0.8)
    everything = dict.fromkeys(table, 0)  # nothing of the table is left, and that is allowed
    report = score_at_decision(model, table, default, everything)
    assert report.loc["served", "auc"] == 0.5
    faults = [("features", fault) for fault in (TEXT, NAN, INFINITE, NESTED)]
    names_bad_input(
        scores_on_shuffled_labels, procedure=lambda x, y: 0.5, features=table.to_numpy(),
        labels=default, paired=("features", "labels"), allow=[*faults, ("labels", INFINITE)], bounds={"repeats": "[1, inf)", "seed": "[0, inf)"})  # fmt: skip
    with pytest.raises(TypeError, match="procedure"):
        scores_on_shuffled_labels(lambda x, y: float("nan"), table, default)
    other = pd.Series(0, index=table.index[::-1])
    with pytest.raises(ValueError, match="at_decision"):
        score_at_decision(model, table, default, {"calls": other})
    with pytest.raises(ValueError, match="at_decision"):
        score_at_decision(model, table, default, {"calls": [0]})
    same = score_at_decision(model, table, default, {"calls": pd.Series(0, index=table.index)})
    assert same.equals(score_at_decision(model, table, default, {"calls": 0}))
    with pytest.raises(ValueError, match="table must not use the name 'order of the rows'"):
        leak_suspects(table.rename(columns={"calls": "order of the rows"}), default, 0.8)


def test_columns_of_any_kind() -> None:
    table, default = loans(120)
    foreign = table.astype(">f8")  # from a file of another machine; pandas cannot rank it
    assert leak_suspects(foreign, default, 0.8).equals(leak_suspects(table, default, 0.8))
    assert foreign.dtypes.eq(">f8").all()  # the caller's table is as it was
    model = LogisticRegression().fit(table, default)
    for columns, at_decision in ((table.assign(calls="x"), {}), (table, {"calls": "x"})):
        with pytest.raises(
            ValueError, match="table or at_decision do not suit the model: could not"
        ):
            score_at_decision(model, columns, default, at_decision)
    masked = np.ma.masked_array(table.to_numpy(), mask=table > 1)
    with pytest.raises(ValueError, match="features must have one row .* and no mask"):
        scores_on_shuffled_labels(lambda x, y: 0.5, masked, default)


def test_what_a_report_would_have_named() -> None:
    table, default = loans(120)
    signed = pd.DataFrame({"x": np.where(default == 1, 0.0, -0.0)})  # equal numbers
    assert not leak_suspects(signed, default, 0.8)["suspect"].any()
    for answer in (np.zeros(120), np.zeros((120, 1)), np.full((120, 2), np.nan)):

        class Model:
            def predict_proba(self, table: pd.DataFrame, answer: np.ndarray = answer) -> np.ndarray:
                return answer

        with pytest.raises(ValueError, match="table or at_decision do not suit the model"):
            score_at_decision(Model(), table, default, {})
    model = LogisticRegression().fit(table, default)
    for value in ([[1], [1, 2]], (row for row in range(120)), table[["calls"]], [0]):
        with pytest.raises(
            ValueError, match="at_decision must hold a value, or one a row, for 'calls'"
        ):
            score_at_decision(model, table, default, {"calls": value})
    scores = scores_on_shuffled_labels(lambda x, y: Fraction(1, 2), table, default, 2)
    assert scores.tolist() == [0.5, 0.5]
    for wrong in ([0.5], [[1], [1, 2]], True, "0.5", None):
        with pytest.raises(TypeError, match="procedure must return one number"):
            scores_on_shuffled_labels(lambda x, y, wrong=wrong: wrong, table, default)


def test_a_column_that_reaches_what_is_believable_is_no_suspect() -> None:
    """The AUC of 0.82 was above 0.82 by the last bit of its sum."""
    rng = np.random.default_rng(0)
    labels, seen = np.repeat([0, 1], 50), 0
    for _ in range(20):
        values = rng.integers(0, 3, 100) + (labels * rng.integers(1, 3, 100))
        auc = leak_suspects(pd.DataFrame({"x": values}), labels, 0.5).loc["x", "values"]
        believable = round(auc, 4)
        if abs(auc - believable) < 1e-12 and 0.5 < believable < 1:
            report = leak_suspects(pd.DataFrame({"x": values}), labels, believable)
            assert not report.loc["x", "suspect"]
            seen += auc > believable
    assert seen  # some are above by rounding alone
