"""docs/data/join-as-of.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder
from sklearn.tree import DecisionTreeClassifier

from docs.data.figures.late_features import KNOB, aucs, measure
from proof.claims import Claim
from snippets.data.as_of_join import as_of_join
from snippets.data.filled_later import filled_later
from snippets.data.late_features import late_features
from tools.bad_input import NAN, NONE, names_bad_input


def test_late_values(claim: Claim) -> None:
    """If a fast feature arrives late, the join on the day that it is about promises an AUC that the
    served model does not reach."""
    claim.effect(
        "AUC promised minus served", measure, knob="delay", **KNOB.ends, above=0.08,
        off_below=0.005, also=[{"model": "forest"}, {"customers": 600}, {"memory": 0.8}],
    )  # fmt: skip
    claim.limit(
        "If a balance hardly changes within a month, a week's delay costs next to nothing.",
        "gap, correlation 0.999 from day to day", lambda s: measure(s, 7, memory=0.999), below=0.02,
    )  # fmt: skip
    claim.limit(
        "Training on the right join repairs the promise more than the model: most of the AUC is lost "
        "because the value is old.",
        "regained by training as served, of the AUC that was promised and not served",
        lambda s: np.mean([
            aucs(3 * s + k, 7, 0.9, "logistic", 400)["honest"]
            - aucs(3 * s + k, 7, 0.9, "logistic", 400)["served"] for k in range(3)
        ]) / np.mean([measure(3 * s + k, 7) for k in range(3)]),
        below=0.4,
    )  # fmt: skip

    def gained(seed: int) -> float:
        found = (aucs(2 * seed + k, 7, 0.9, "full-grown", 400) for k in range(2))
        return np.mean([auc["honest"] - auc["served"] for auc in found])

    claim.limit(
        "A forest of full-grown trees serves no better.",
        "AUC gained by training as served", gained, below=0.0,
    )  # fmt: skip


def test_the_right_join_trusts_an_old_value_less() -> None:
    for seed in range(5):
        requests, history = late_features(7, seed=seed)
        weights = [
            LogisticRegression().fit(joined[["income", "balance"]], joined["default"]).coef_[0]
            for joined in (
                as_of_join(requests, history, "customer", "asked", key)
                for key in ("about", "written")
            )
        ]
        assert abs(weights[1][1]) < 0.7 * abs(weights[0][1])  # the balance
        assert abs(weights[1][0]) > 0.6 * abs(weights[0][0])  # the income, which is not late


def corrected(seed: int, share: float, memory: float = 0.9, wait: float = 20.0) -> pd.DataFrame:
    """Requests joined by both rules, where a share of the rows is written again some days later."""
    requests, history = late_features(1, memory, 200, seed)
    rng = np.random.default_rng(seed)
    again = history[rng.random(len(history)) < share]
    history["balance"] += rng.normal(0, 0.1, len(history))  # what is corrected
    again = again.assign(written=again["written"] + rng.uniform(0, wait, len(again)))
    history = pd.concat([history, again])
    columns = ("customer", "asked", "written")
    last, newest = (as_of_join(requests, history, *columns, name) for name in (None, "about"))
    return newest.join(last[["balance", "about"]].add_suffix("_last"))


def test_corrections(claim: Claim) -> None:
    """If most daily values are written again days later, the row that was written last is often
    about an older day, and ranks the defaults worse than the newest value."""

    def lost(seed: int, share: float, **setting: float) -> float:
        joined = corrected(seed, share, **setting)
        newest, last = (
            roc_auc_score(joined["default"], -joined[name]) for name in ("balance", "balance_last")
        )
        return newest - last

    def older(seed: int, share: float, **setting: float) -> float:
        joined = corrected(seed, share, **setting)
        return (joined["about_last"] < joined["about"]).mean()

    claim.effect("requests with an older day", older, knob="share", on=0.7, off=0.0, above=0.23,
                 off_below=0.01, also=[{"wait": 12.0}, {"wait": 40.0}])  # fmt: skip
    assert older(0, 0.1) < 0.1  # one row in ten is not most of them
    claim.effect("AUC lost", lost, knob="share", on=0.7, off=0.0, above=0.03,
                 off_below=0.005, also=[{"memory": 0.8}, {"wait": 40.0}])  # fmt: skip
    claim.limit(
        "Where a correction arrives before the next day's value, both rules find the same row.",
        "requests with an older day, corrected within a day",
        lambda s: older(s, 1.0, wait=0.9), below=0.01,
    )  # fmt: skip


IMPUTED = make_pipeline(SimpleImputer(add_indicator=True), LogisticRegression())
FILLERS = {
    "logistic": IMPUTED,
    "tree": DecisionTreeClassifier(max_depth=4, random_state=0),
    "no indicator": make_pipeline(SimpleImputer(), LogisticRegression()),
}


@cache
def filled(seed: int, events: float, others: float, model: str, rows: int) -> dict[str, float]:
    loans, history = filled_later(events, others, rows, seed)
    default, half = loans["default"], rows // 2
    end = loans.assign(asked=1_000.0)
    latest, at_request = (
        as_of_join(table, history, "customer", "asked", "written")[["income"]]
        for table in (end, loans)
    )

    def auc(train: pd.DataFrame, test: pd.DataFrame) -> float:
        fitted = FILLERS[model].fit(train[:half], default[:half])
        return roc_auc_score(default[half:], fitted.predict_proba(test[half:])[:, 1])

    pairs = {"promised": (latest, latest), "served": (latest, at_request)}
    pairs["honest"] = (at_request, at_request)
    return {said: auc(*pair) for said, pair in pairs.items()}


def test_filled_in_later(claim: Claim) -> None:
    """If missing values are filled in after the outcome, and mostly for one outcome, a table of
    latest values promises an AUC that serving does not reach."""

    def gap(
        seed: int, events: float, others: float = 0.1, model: str = "logistic", rows: int = 4_000
    ) -> float:
        found = filled(seed, events, others, model, rows)
        return found["promised"] - found["served"]

    claim.effect(
        "AUC promised minus served", gap, knob="events", on=0.9, off=0.1, above=0.12,
        off_below=0.06, also=[{"model": "tree"}, {"rows": 8_000}],
    )  # fmt: skip
    claim.limit(
        "Filling in half, whatever the outcome, leaves the served model unhurt, and still promises "
        "too much.",
        "gap, half filled in for either outcome", lambda s: gap(s, 0.5, 0.5), above=0.015,
    )  # fmt: skip
    claim.limit(
        "Filling in half, whatever the outcome, leaves the served model unhurt, and still promises "
        "too much.",
        "AUC lost by training on latest values",
        lambda s: filled(s, 0.5, 0.5, "logistic", 4_000)["honest"]
        - filled(s, 0.5, 0.5, "logistic", 4_000)["served"],
        below=0.02,
    )  # fmt: skip

    claim.limit(
        "A model without a missing indicator is unhurt too.",
        "gap, mean filled in", lambda s: gap(s, 0.9, model="no indicator"), above=0.015,
    )  # fmt: skip
    claim.limit(
        "A model without a missing indicator is unhurt too.",
        "AUC lost by training on latest values, mean filled in",
        lambda s: filled(s, 0.9, 0.1, "no indicator", 4_000)["honest"]
        - filled(s, 0.9, 0.1, "no indicator", 4_000)["served"],
        below=0.02,
    )  # fmt: skip


@cache
def encoded(seed: int, levels: int, where: str, model: str, rows: int) -> float:
    np.random.seed(seed)  # noqa: NPY002 - the encoder shuffles with it
    rng = np.random.default_rng(seed)
    shop, coin = rng.integers(0, levels, (rows, 1)), rng.integers(0, 2, rows)
    fresh = {"logistic": LogisticRegression(), "bayes": GaussianNB()}[model]
    encoder = TargetEncoder()
    if where == "before":
        shop, encoder = encoder.fit(shop, coin).transform(shop), "passthrough"
    elif where == "before, crossed":
        shop, encoder = encoder.fit_transform(shop, coin), "passthrough"
    return cross_val_score(make_pipeline(encoder, fresh), shop, coin, scoring="roc_auc").mean()


def test_target_encoding(claim: Claim) -> None:
    """If a level has few rows, encoding each row by all outcomes of its level, its own included,
    before cross-validation finds skill in pure noise, and inside the folds it finds none."""

    def auc(
        seed: int, levels: int = 1_000, where: str = "before", model: str = "logistic",
        rows: int = 2_000,
    ) -> float:  # fmt: skip
        found = encoded(seed, levels, where, model, rows)
        return max(found, 1 - found)  # skill that is turned round would be skill, too

    others = [{"model": "bayes"}, {"rows": 3_000}]
    claim.effect(
        "AUC on a coin", auc, knob="levels", on=1_000, off=2, above=0.75, off_below=0.6, also=others
    )
    claim.effect(
        "AUC on a coin", auc, knob="where", on="before", off="inside", above=0.75, off_below=0.6,
        also=others,
    )  # fmt: skip

    claim.limit(
        "On a coin, `fit_transform` of scikit-learn before the folds finds next to nothing either: it "
        "leaves the row's own outcome out.",
        "AUC on a coin", lambda s: auc(s, where="before, crossed"), below=0.6,
    )  # fmt: skip

    def flattered(seed: int) -> float:
        """AUC inside shuffled folds, minus as of the decision: rates are redrawn every 500 rows."""
        rng = np.random.default_rng(seed)
        day, shop = np.arange(2_000.0), rng.integers(0, 20, 2_000)
        rate = rng.beta(0.5, 0.5, size=(4, 20))[day.astype(int) // 500, shop]
        y = (rng.random(2_000) < rate).astype(int)
        np.random.seed(seed)  # noqa: NPY002
        inside = TargetEncoder().fit_transform(shop[:, None], y)[:, 0]
        orders = pd.DataFrame({"shop": shop, "day": day})
        past = pd.DataFrame({"shop": shop, "known": day + 100})
        by_shop = pd.Series(y).groupby(shop)
        past["rate"] = by_shop.cumsum() / (by_shop.cumcount() + 1)
        known = as_of_join(orders, past, "shop", "day", "known")["rate"].fillna(0.5)
        late = day >= 1_500
        return roc_auc_score(y[late], inside[late]) - roc_auc_score(y[late], known[late])

    claim.limit(
        "Where the rates of the levels change, an encoding inside shuffled folds still knows the "
        "future, and promises more than one as of the decision.",
        "AUC flattered", lambda s: np.mean([flattered(10 * s + k) for k in range(5)]), above=0.04,
    )  # fmt: skip


REQUESTS = pd.DataFrame({"unit": [2, 1, 1, 3], "asked": [5.0, 9.0, 4.0, 7.0], "n": [0, 1, 2, 3]})
HISTORY = pd.DataFrame(
    {
        "unit": [1, 1, 2, 2, 1],
        "known": [3.0, 9.0, 1.0, 6.0, 5.0],
        "about": [3.0, 8.0, 1.0, 2.0, 2.0],
        "value": [10, 20, 30, 40, 50],
    }
)
COLUMNS = {"unit": "unit", "asked": "asked", "known": "known"}


def test_join_as_of_the_request() -> None:
    requests = REQUESTS.set_axis([7, 7, 8, 9])
    joined = as_of_join(requests, HISTORY, **COLUMNS)
    assert list(joined.index) == [7, 7, 8, 9] and list(joined["n"]) == [0, 1, 2, 3]
    assert list(joined["value"].fillna(-1)) == [30, 50, 10, -1]
    newest = as_of_join(requests, HISTORY, **COLUMNS, about="about")
    assert list(newest["value"].fillna(-1)) == [30, 10, 10, -1]  # 50 is about an older time


def drawn(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    requests = pd.DataFrame(
        {"unit": rng.choice(list("abcd"), 60), "asked": rng.integers(0, 50, 60)}
    )
    history = pd.DataFrame(
        {"unit": rng.choice(list("abc"), 80), "known": rng.permutation(80), "value": rng.random(80)}
    )
    return requests, history


@pytest.mark.parametrize("seed", range(5))
def test_join_agrees_with_pandas(seed: int) -> None:
    requests, history = drawn(seed)
    history["known"] //= 4  # ties
    found = as_of_join(requests, history, **COLUMNS)
    ordered = requests.reset_index().sort_values("asked", kind="stable")
    expected = pd.merge_asof(
        ordered, history.sort_values("known", kind="stable"), left_on="asked", right_on="known", by="unit",
        allow_exact_matches=False,
    ).set_index("index").sort_index()  # fmt: skip
    assert found["value"].equals(expected["value"].rename_axis(None))
    dates = [
        table.assign(**{name: pd.to_datetime(table[name], unit="D", utc=True)})
        for table, name in ((requests, "asked"), (history, "known"))
    ]
    assert as_of_join(*dates, **COLUMNS)["value"].equals(found["value"])
    with pytest.raises(TypeError, match="requests and history must have times of one kind"):
        as_of_join(dates[0], history, **COLUMNS)
    with pytest.raises(ValueError, match="history must not use the name 'value'"):
        as_of_join(requests.assign(value=1), history, **COLUMNS)
    for unit in (1, pd.Timestamp("2026-03-02").date()):
        for one, other in ((unit, "1"), ("1", unit), (unit, pd.Timestamp("2026-03-02"))):
            with pytest.raises(TypeError, match="must not name a unit by text, number and date"):
                as_of_join(requests.assign(unit=one), history.assign(unit=other), **COLUMNS)
    large = requests.assign(unit=2**60 + 1), history.assign(unit=2.0**60)  # another customer
    with pytest.raises(ValueError, match="must hold numbers beyond 2\\*\\*53 as integers"):
        as_of_join(*large, **COLUMNS)
    with pytest.raises(ValueError, match="unit must be a column of requests"):
        as_of_join(requests, history, ["unit"], "asked", "known")


@pytest.mark.parametrize("seed", range(5))
def test_newest_agrees_with_a_search(seed: int) -> None:
    """Row by row, among what was known: the latest day, then the latest version, then the last row."""
    requests, history = drawn(seed)
    rng = np.random.default_rng(seed)
    history["known"] //= 4  # ties
    history["about"] = history["known"] - rng.integers(0, 6, len(history))
    found = as_of_join(requests, history, **COLUMNS, about="about")["value"]
    for row, (unit, asked) in enumerate(zip(requests["unit"], requests["asked"], strict=True)):
        known = history[(history["unit"] == unit) & (history["known"] < asked)]
        best = known.sort_values(["about", "known"], kind="stable")["value"]
        assert found[row] == best.iloc[-1] if len(best) else np.isnan(found[row])
    shuffled = history.sample(frac=1, random_state=seed).drop_duplicates(["unit", "known", "about"])
    ordered = shuffled.sort_values("value")
    one, other = (as_of_join(requests, t, **COLUMNS, about="about") for t in (shuffled, ordered))
    assert one.equals(other)


def test_no_row_from_the_future() -> None:
    """A row that is written at or after the request changes nothing, whatever it holds."""
    requests, history = drawn(0)
    history["about"] = history["known"] - 1
    late = history.assign(known=50, about=49, value=-1.0)
    joined = as_of_join(requests, history, **COLUMNS, about="about")
    assert as_of_join(requests, pd.concat([history, late]), **COLUMNS, about="about").equals(joined)
    with pytest.raises(ValueError, match="history must not hold rows that are about a time after"):
        as_of_join(requests, history.assign(about=99), **COLUMNS, about="about")


def test_a_date_is_its_midnight() -> None:
    """The pitfall on the page: among dates the same day is later, beside a clock time it is known."""
    day, noon = pd.Timestamp("2026-03-02"), pd.Timestamp("2026-03-02 12:00")
    history = pd.DataFrame({"unit": [1], "known": [day], "value": [7]})
    late = history.assign(known=day + pd.Timedelta(days=1))
    for asked, table, known in ((day, history, False), (noon, history, True), (noon, late, False)):
        found = as_of_join(pd.DataFrame({"unit": [1], "asked": [asked]}), table, **COLUMNS)
        assert found["value"].notna()[0] == known


def test_simulated_tables() -> None:
    requests, history = late_features(7, 0.9, 300, seed=1)
    assert (history["written"] - history["about"] == 7).all() and len(history) == 90 * 300
    assert requests["asked"].is_monotonic_increasing and len(requests) == 900
    days = history["balance"].to_numpy().reshape(90, 300)
    assert np.corrcoef(days[:-1].ravel(), days[1:].ravel())[0, 1] == pytest.approx(0.9, abs=0.02)
    loans, versions = filled_later(0.9, 0.1, 4_000, seed=1)
    later = versions[4_000:].merge(loans, on="customer")
    assert (later["written"] > later["asked"]).all() and later["income"].notna().all()
    missing = versions[:4_000]["income"].isna()
    filled = missing & loans["customer"].isin(later["customer"])
    for default, share in ((1, 0.9), (0, 0.1)):
        found = filled[missing & (loans["default"] == default)].mean()
        assert found == pytest.approx(share, abs=0.04)
    assert later.groupby("default")["income"].mean().diff()[1] < -0.3  # the poor default
    requests, history = late_features(0, 0, 300, seed=1)  # no day tells of another
    asked = requests.assign(about=requests["asked"] - 0.5).merge(history, on=["customer", "about"])
    assert asked["balance"].corr(asked["default"]) < -0.4  # that of the very day decides


def test_units_of_two_kinds_match_nothing_and_are_refused() -> None:
    requests = pd.DataFrame({"unit": [b"a", b"b"], "asked": [1, 2]})
    history = pd.DataFrame({"unit": ["a", "b"], "known": [0, 1], "x": [5, 6]})
    days = pd.date_range("2026-01-01", periods=2)
    for other in (requests, requests.assign(unit=days), requests.assign(unit=[1, 2])):
        with pytest.raises(TypeError, match="must not name a unit by text"):
            as_of_join(other, history, "unit", "asked", "known")
    with pytest.raises(TypeError, match="must not name a unit"):
        as_of_join(
            requests.assign(unit=days), history.assign(unit=[1, 2]), "unit", "asked", "known"
        )
    numbers = requests.assign(unit=[True, 2.0]), history.assign(unit=[1, 2])
    assert as_of_join(*numbers, "unit", "asked", "known")["x"].tolist() == [5, 6]


def test_memory_of_another_type() -> None:
    """In float16, 1 - memory**2 lost three digits."""
    for kind in (np.float16, np.float32):
        tables = (late_features(1.0, memory, 20) for memory in (kind(0.9), float(kind(0.9))))
        assert all(one.equals(other) for one, other in zip(*tables, strict=True))


def test_shares_of_another_type() -> None:
    """Beside a float16, 0.1 became 0.09998: one version of 249,743 was lost."""
    found, expected = (filled_later(k(np.float16(0.9)), rows=200_000) for k in (np.float16, float))
    assert len(found[1]) == len(expected[1])


def test_bad_input_is_named() -> None:
    nullable = [("history", f"column 'known' as {kind}") for kind in ("Float64", "Int64")]
    names_bad_input(
        as_of_join, requests=REQUESTS, history=HISTORY, **COLUMNS, about="about",
        allow=[("requests", NAN), ("history", NAN), ("about", NONE), *nullable],
    )  # fmt: skip
    for table, column, argument in (
        ("history", "known", "known"), ("history", "about", "about"), ("history", "unit", "unit"),
        ("requests", "asked", "asked"), ("requests", "unit", "unit"),
    ):  # fmt: skip
        tables = {"requests": REQUESTS, "history": HISTORY}
        tables[table] = tables[table].assign(
            **{column: [np.nan] + [1.0] * (len(tables[table]) - 1)}
        )
        with pytest.raises(
            ValueError, match=f"{argument} must be a column of {table}, without null"
        ):
            as_of_join(**tables, **COLUMNS, about="about")
    names_bad_input(
        late_features, delay=2.0, customers=5,
        bounds={"delay": "[0, 30]", "memory": "[0, 1]", "customers": "[1, inf)", "seed": "[0, inf)"},
    )  # fmt: skip
    names_bad_input(
        filled_later, events=0.5, rows=20,
        bounds={"events": "[0, 1]", "others": "[0, 1]", "rows": "[1, inf)", "seed": "[0, inf)"},
    )  # fmt: skip


def test_times_of_another_machine() -> None:
    requests = pd.DataFrame({"unit": [1, 2], "asked": [5.0, 6.0]})
    history = pd.DataFrame({"unit": [1, 2], "known": [4.0, 7.0], "value": [1.0, 2.0]})
    names = ("unit", "asked", "known")
    foreign = (requests.astype({"asked": ">f8"}), history.astype({"known": ">f8", "value": ">f4"}))
    expected = as_of_join(requests, history, *names)
    pd.testing.assert_frame_equal(as_of_join(*foreign, *names), expected, check_dtype=False)


def test_times_and_units_of_two_precisions() -> None:
    """A row of the very moment of the request was known before it, and customers became one."""
    requests = pd.DataFrame({"unit": [1, 1], "asked": [0.7, 0.9]})
    history = pd.DataFrame({"unit": [1], "known": [0.7], "about": [0.7], "value": [5.0]})
    for kind in ("float64", "float32", "Float32"):
        for late in ({"known": kind}, {"known": kind, "about": kind}):
            joined = as_of_join(requests, history.astype(late), "unit", "asked", "known", "about")
            assert joined["value"].isna().tolist() == [True, False]
    for column, value in (("unit", 2**24 + 1), ("asked", 2**30)):
        for kind in ("float32", "Float32"):
            large = requests.assign(**{column: value}).astype({column: kind})
            with pytest.raises(ValueError, match=r"2\*\*24 as integers"):
                as_of_join(large, history, "unit", "asked", "known")


def test_a_nan_within_a_nullable_column_is_a_null() -> None:
    broken = pd.arrays.FloatingArray(np.array([np.nan, 1.0]), np.zeros(2, bool))
    tables = [pd.DataFrame({"unit": [1.0, 2], name: [3.0, 4]}) for name in ("asked", "known")]
    for table, name in ((0, "asked"), (1, "known"), (0, "unit"), (1, "unit")):
        given = tables.copy()
        given[table] = given[table].assign(**{name: broken})
        with pytest.raises(ValueError, match=f"{name} must be a column of .*, without nulls"):
            as_of_join(*given, **COLUMNS)


@pytest.mark.parametrize("factor", [10**3, 10**6, 10**9])
def test_seconds_beside_nanoseconds_are_refused(factor: int) -> None:
    """Every row of the history was known, or none."""
    now = 1_790_000_000
    seconds = pd.DataFrame({"u": 1, "asked": [now, now + 60]})
    history = pd.DataFrame({"u": 1, "known": [now - 60, now + 30], "x": [1.0, 2.0]})
    given = "u", "asked", "known"
    assert as_of_join(seconds, history, *given)["x"].tolist() == [1, 2]
    fine, finer = (
        table.assign(**{name: table[name] * factor})
        for table, name in ((seconds, "asked"), (history, "known"))
    )
    for pair in ((fine, history), (seconds, finer)):
        with pytest.raises(ValueError, match="requests and history must have times of one unit"):
            as_of_join(*pair, *given)
    dates = seconds.assign(asked=pd.to_datetime(seconds["asked"], unit="s"))
    with pytest.raises(TypeError, match="requests and history must have times of one kind"):
        as_of_join(dates, history, *given)
    always = history.assign(known=0)  # known from the start
    assert as_of_join(fine, always, *given)["x"].tolist() == [2, 2]


def test_moments_that_are_equal_up_to_rounding() -> None:
    """0.7 - 0.4 is below 0.3 by the last bit: a row of the moment of the request was known before."""
    requests = pd.DataFrame({"who": ["a", "b"], "asked": [0.3, 0.3]})
    history = pd.DataFrame(
        {"who": ["a", "b"], "known": [0.7 - 0.4, 0.3 - 1e-9], "seen": [1.0, 2.0]}
    )
    joined = as_of_join(requests, history, "who", "asked", "known")
    assert joined["seen"].isna().tolist() == [True, False]
    about = history.assign(about=[0.3, 0.2])  # the row is not about a time after it was known
    assert len(as_of_join(requests, about, "who", "asked", "known", "about")) == 2


@pytest.mark.parametrize("start", [0.0, 500.0, 20_000.0, 1.79e9, 1.79e12])
def test_moments_long_after_the_first_day(start: float) -> None:
    """Of days since 1970, each ninth row of the moment of its request counted as known before."""
    rng, n = np.random.default_rng(0), 500
    tenths, more = rng.integers(0, 10_000, n), rng.integers(1, 1_000, n)
    requests = pd.DataFrame({"unit": range(n), "asked": start + tenths / 10})
    known = start + (tenths + more) / 10 - more / 10
    assert (known < requests["asked"]).any()
    history = pd.DataFrame({"unit": range(n), "known": known, "value": 1.0})
    assert as_of_join(requests, history, **COLUMNS)["value"].isna().all()
    before = history.assign(known=history["known"] - 0.01)
    assert as_of_join(requests, before, **COLUMNS)["value"].notna().all()


def test_moments_next_to_each_other_stay_apart() -> None:
    microseconds = 1.79e9 + np.arange(1_000) / 1e6  # as float64, four or five last bits apart
    for moments in (microseconds, np.arange(2.0**52, 2.0**52 + 1_000), np.arange(1_000) / 1e11):
        requests = pd.DataFrame({"unit": 1, "asked": moments})
        history = pd.DataFrame({"unit": 1, "known": moments, "value": np.arange(1_000.0)})
        found = as_of_join(requests, history, **COLUMNS)["value"]
        assert found[1:].tolist() == list(range(999))


def test_large_whole_numbers_keep_their_digits() -> None:
    """2**60 + 1 became 2**60, as float, where another request had found nothing."""
    requests = pd.DataFrame({"unit": [1, 2], "asked": [5, 5]})
    for kind, value in (("int64", 2**60 + 1), ("uint64", 2**63 + 1)):
        order = np.array([value], kind)
        history = pd.DataFrame({"unit": 1, "known": [1], "order": order, "n": [3]})
        joined = as_of_join(requests, history, **COLUMNS)
        assert int(joined["order"][0]) == value and joined["order"].isna()[1]
        assert joined["n"].dtype == float
        assert as_of_join(requests[:1], history, **COLUMNS)["order"].dtype == kind
