"""docs/data/watch-a-table.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp, permutation_test
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_val_score,
    permutation_test_score,
)
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

from docs.data.figures.table_moves import KNOB, measure
from proof.claims import Claim
from snippets.data.old_or_new import old_or_new
from snippets.data.quiet_threshold import quiet_threshold
from snippets.data.table_moves import table_moves
from tools.bad_input import INFINITE, NAN, NONE, names_bad_input


def test_permute_what_is_independent(claim: Claim) -> None:
    """If the rows of a customer resemble each other, permuting rows alarms several times as often as
    promised, and permuting customers does not."""
    others = [{"kind": "plan"}, {"shared": 0.95}]
    claim.effect("quiet columns that alarm at 5%", measure, knob="rows", **KNOB.ends, above=0.33,
                 off_below=0.25, also=others)  # fmt: skip
    claim.effect("quiet columns that alarm at 5%", measure, knob="permute", on="rows",
                 off="customers", above=0.33, off_below=0.2, also=others)  # fmt: skip
    assert 0 < np.mean([measure(seed, permute="customers") for seed in range(5)]) < 0.08
    claim.effect(
        "columns found, permuting customers",
        lambda seed, **given: measure(seed, permute="customers", **given), knob="moved", on=0.8,
        off=0.0, above=0.6, off_below=0.25, also=[{"kind": "plan"}, {"kind": "missing"}],
    )  # fmt: skip

    def weekend(seed: int) -> float:
        rng = np.random.default_rng(seed)
        days = [
            pd.DataFrame(rng.normal(shift, 1, (100, 30))).assign(customer=rng.permutation(100) + n)
            for n, shift in ((0, rng.normal(0, 0.5, 30)), (10**6, rng.normal(0, 0.5, 30)))
        ]
        return (table_moves(*days, "customer", permutations=99)["p_value"] <= 0.05).mean()

    claim.limit(
        "A weekend or a storm moves every customer: the test alarms, and only a history of "
        "quiet days can call it usual.",
        "columns that alarm, each day with a level of its own", weekend, above=0.4,
    )  # fmt: skip

    def ten_days(seed: int, days: int = 10) -> float:
        rng, day = np.random.default_rng(seed), np.arange(2 * days).repeat(40)
        weekend = np.where(day % 7 < 2, 2.0, 0.0)  # four days of the first ten, two of the next
        table = pd.DataFrame(rng.normal(weekend[:, None], 1, (day.size, 10)))
        report = table_moves(table[day < days], table[day >= days], permutations=99)
        return (report["p_value"] <= 0.05).mean()

    claim.limit(
        "If weekends differ, windows of ten days alarm without a move.",
        "columns that alarm for 5%, all with the same two windows of ten days", ten_days, above=0.7,
    )  # fmt: skip
    assert np.mean([ten_days(seed, days=14) for seed in range(5)]) < 0.1  # whole weeks
    claim.limit(
        "A longer reference holds more customers who come rarely; a move towards their values hides.",
        "columns found", lambda seed: rare_customers(seed, weeks=8), below=0.3,
    )  # fmt: skip

    def rare_value(seed: int) -> float:
        """Flags of 15% alarm; the customers have thirty rows then, and one now."""
        rng = np.random.default_rng(seed)
        sides = [
            pd.DataFrame(rng.random((8 * rows, 120)) < 0.15).assign(u=np.arange(8).repeat(rows))
            for rows in (30, 1)
        ]
        report = table_moves(*sides, "u", permutations=199)
        return ((report["p_value"] <= 0.05) & (report["effect"] >= 0.1)).mean()

    claim.limit(
        "and so does `table_moves` for a rare value: take as many rows of each.",
        "columns that alarm for 5%, thirty rows of a customer beside one", rare_value, above=0.17,
    )  # fmt: skip
    for weeks, moved in ((1, -0.5), (8, 0.5)):  # in windows of one length, or away from theirs
        assert np.mean([rare_customers(seed, weeks, moved) for seed in range(3)]) > 0.6


def rare_customers(seed: int, weeks: int, moved: float = -0.5) -> float:
    """Columns found against a reference of so many weeks; who comes rarely has lower values."""
    rng = np.random.default_rng(seed)
    often = rng.normal(size=400)
    level = 0.9 * often[:, None] + 0.4 * rng.normal(size=(400, 8))

    def window(weeks: int, moved: float) -> pd.DataFrame:
        who = np.repeat(np.arange(400), rng.poisson(0.3 * weeks * np.exp(often)))
        x = level[who] + 0.5 * rng.normal(size=(who.size, 8)) + moved
        return pd.DataFrame(x).assign(customer=who)

    report = table_moves(window(weeks, 0), window(1, moved), "customer", permutations=99)
    return (report["p_value"] <= 0.05).mean()


class Means(BaseEstimator):
    """Which mean is nearer? A classifier without the checks of scikit-learn, for many small fits."""

    def fit(self, table: pd.DataFrame, window: np.ndarray) -> "Means":
        x = table.to_numpy(np.float64)
        means = [x[window == side].mean(axis=0) for side in (0, 1)]
        self.middle_, self.towards_ = sum(means) / 2, means[1] - means[0]
        return self

    def predict_proba(self, table: pd.DataFrame) -> np.ndarray:
        score = (table.to_numpy(np.float64) - self.middle_) @ self.towards_
        return np.column_stack([-score, score])


def unequal(
    seed: int, rows: tuple[int, int], moved: float = 0, apart: float = 1,
    units: tuple[int, int] = (40, 40), same: bool = False, columns: int = 20,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Two windows with so many rows a customer, of so many customers, the same or others."""
    rng = np.random.default_rng(seed)
    level, windows = apart * rng.normal(size=(max(units), columns)), []
    for side in (0, 1):
        if side and not same:
            level = apart * rng.normal(size=level.shape)
        x = np.repeat(level[: units[side]], rows[side], axis=0)
        x += 0.5 * rng.normal(size=x.shape) + side * moved
        who = np.repeat(np.arange(units[side]), rows[side])
        windows.append(pd.DataFrame(x).assign(customer=who if same else who + 1_000 * side))
    return windows[0], windows[1]


@pytest.mark.parametrize(
    "setting",
    [
        {"rows": (25, 1), "apart": 0, "same": True},
        {"rows": (25, 1), "same": True},
        {"rows": (25, 1), "apart": 0},
        {"rows": (10, 1), "apart": 0.3, "units": (200, 20)},
        {"rows": (1, 10), "apart": 0.3, "units": (20, 200)},
        {"rows": (10, 10), "units": (60, 8)},
    ],
)
def test_windows_of_unequal_length_keep_the_rate(setting: dict) -> None:
    """Gaps of rows, not of customers, alarmed in nine of ten columns, or in none."""
    p_values = np.concatenate(
        [
            table_moves(*unequal(seed, **setting), "customer", permutations=99)["p_value"]
            for seed in range(4)
        ]
    )
    assert 0 < np.mean(p_values <= 0.05) < 0.15
    assert 0.03 < np.mean(p_values <= 0.2) < 0.35


@pytest.mark.parametrize("rows", [(40, 10), (10, 40), (10, 10), (25, 2)])
def test_a_move_of_the_same_customers_is_found(rows: tuple[int, int]) -> None:
    moved = unequal(0, rows, moved=0.3, same=True)
    assert (table_moves(*moved, "customer", permutations=99)["p_value"] <= 0.05).mean() > 0.75


def test_each_customer_counts_as_one() -> None:
    """One that has half of the rows is one of many, in the effect and in the alarm."""
    busy = [pd.DataFrame({"u": np.r_[np.arange(40), np.full(40, 7)]}).assign(x=0) for _ in "ab"]
    busy[1].loc[busy[1]["u"] == 7, "x"] = 1
    found = table_moves(*busy, "u", permutations=99).iloc[0]
    assert found["effect"] == pytest.approx(1 / 40) and not found["alarm"]
    assert table_moves(*(side[["x"]] for side in busy))["effect"].item() == pytest.approx(41 / 80)
    rng = np.random.default_rng(0)  # nor does a busy one take all hundred steps of the values
    sides = [
        pd.DataFrame({"u": np.r_[np.arange(40) + 100 * side, np.full(20_000, 99)]}).assign(
            x=np.r_[rng.normal(3 * side, 1, 40), rng.uniform(50, 51, 20_000)]
        )
        for side in (0, 1)
    ]
    assert table_moves(*sides, "u", permutations=99)["effect"].item() > 0.7


def test_the_classifier_alarms_more_often_beside_a_long_window() -> None:
    """The page: customers alike, the same or others; promised is one alarm in twenty."""

    windows = {"rows": (50, 1), "apart": 0, "units": (8, 8), "columns": 2}
    found = [
        old_or_new(
            Means(), *unequal(seed, same=seed % 2 == 0, **windows), "customer", folds=2, seed=seed
        )
        for seed in range(10)
    ]
    for same in (0, 1):
        assert np.mean([pair["p_value"] <= 0.05 for pair in found[same::2]]) > 0.15


def pair(seed: int, turned: float, rows: int = 400) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    sides = []
    for r in (turned, -turned):
        x = rng.normal(size=(rows, 3))
        x[:, 1] = r * x[:, 0] + (1 - r * r) ** 0.5 * x[:, 1]
        sides.append(pd.DataFrame(x, columns=list("abc")))
    return sides[0], sides[1]


MODELS = {
    "neighbours": KNeighborsClassifier(20),
    "trees": ExtraTreesClassifier(15, min_samples_leaf=5, random_state=0),
    "linear": LogisticRegression(),
    "deep trees": ExtraTreesClassifier(8, min_samples_leaf=2, random_state=0),
}


def test_classifier_sees_what_no_column_shows(claim: Claim) -> None:
    """A flexible classifier of old against new sees a strong turn in how two columns go together,
    though neither column has moved."""

    def auc(seed: int, turned: float, model: str = "neighbours", rows: int = 400) -> float:
        return old_or_new(MODELS[model], *pair(seed, turned, rows), permutations=0)["auc"]

    claim.effect(
        "AUC, held out", auc, knob="turned", on=0.6, off=0.0, above=0.66, off_below=0.6,
        also=[{"model": "trees"}, {"rows": 600}],
    )  # fmt: skip
    claim.limit(
        "A linear model sees no turn of a correlation, and no report by column does.",
        "AUC of a logistic regression", lambda s: auc(s, 0.6, "linear"), below=0.6,
    )  # fmt: skip
    claim.limit(
        "A linear model sees no turn of a correlation, and no report by column does.",
        "columns that alarm, of three",
        lambda s: table_moves(*pair(s, 0.6), permutations=99)["alarm"].sum(), below=0.5,
    )  # fmt: skip

    claim.limit(
        "In a hundred rows, a weak turn passes.",
        "AUC, a correlation of 0.3 turned", lambda s: auc(s, 0.3, rows=100), below=0.66,
    )  # fmt: skip

    def hidden(seed: int, model: str) -> float:
        noise = pd.DataFrame(np.random.default_rng(seed + 99).normal(size=(800, 30)))
        parts = (noise[:400], noise[400:].reset_index(drop=True))
        sides = [
            pd.concat([a, b.add_prefix("n")], axis=1)
            for a, b in zip(pair(seed, 0.6), parts, strict=True)
        ]
        return old_or_new(MODELS[model], *sides, permutations=0)["auc"]

    for model in ("neighbours", "trees"):
        claim.limit(
            "Thirty unrelated columns beside the two hide the turn from neighbours and small forests.",
            f"AUC of {model}", lambda s, model=model: hidden(s, model), below=0.65,
        )  # fmt: skip

    def concept(seed: int, outcome: bool) -> float:
        rng = np.random.default_rng(seed)
        sides = []
        for weight in ([3, 0], [0, 3]):
            x = rng.normal(size=(600, 2))
            y = (rng.logistic(size=600) < x @ weight) * 3
            sides.append(pd.DataFrame(np.c_[x, y] if outcome else x))
        return old_or_new(MODELS["neighbours"], *sides, permutations=0)["auc"]

    claim.limit(
        "No monitor of inputs sees that the same inputs have come to mean another outcome.",
        "AUC on inputs, the effects of two columns swapped", lambda s: concept(s, False), below=0.57,
    )  # fmt: skip
    claim.limit(
        "With the outcome as a column, the same classifier does, once labels are there.",
        "AUC on inputs and outcome", lambda s: concept(s, True), above=0.65,
    )  # fmt: skip


@cache
def weeks(
    seed: int, rows: int, shared: float, customers: int = 40, columns: int = 3
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)

    def week(first: int) -> pd.DataFrame:
        level = np.repeat(rng.normal(size=(customers, columns)), rows, axis=0)
        x = shared**0.5 * level + (1 - shared) ** 0.5 * rng.normal(size=level.shape)
        table = pd.DataFrame(
            x, columns=list("abc")[:columns] + [f"x{n}" for n in range(3, columns)]
        )
        return table.assign(customer=np.repeat(np.arange(first, first + customers), rows))

    return week(0), week(customers)


def test_whole_customers_in_a_fold(claim: Claim) -> None:
    """If rows of a customer stand in several folds, the classifier tells old customers from new ones
    without any move; with whole customers in a fold it does not."""

    @cache
    def auc(
        seed: int, folds: str = "rows", rows: int = 10, model: str = "neighbours",
        shared: float = 0.95, columns: int = 3,
    ) -> float:  # fmt: skip
        tables = weeks(seed, rows, shared, 100, columns)
        if folds == "rows":
            tables = tuple(table.drop(columns="customer") for table in tables)
        fitted = KNeighborsClassifier(5) if model == "neighbours" else MODELS[model]
        return old_or_new(fitted, *tables, None if folds == "rows" else "customer", permutations=0)[
            "auc"
        ]

    others = [{"model": "deep trees"}, {"shared": 0.98}]
    claim.effect("AUC, no move", auc, knob="folds", on="rows", off="customers", above=0.66,
                 off_below=0.6, also=others)  # fmt: skip
    claim.effect("AUC, no move", auc, knob="rows", on=10, off=1, above=0.68, off_below=0.66,
                 also=others)  # fmt: skip
    claim.limit(
        "On three columns, a linear model hardly recognises customers.",
        "AUC of a logistic regression, rows in several folds",
        lambda s: auc(s, model="linear"), below=0.64,
    )  # fmt: skip
    claim.limit(
        "On thirty columns it does, and needs whole customers in a fold as well.",
        "AUC of a logistic regression, rows in several folds",
        lambda s: auc(s, model="linear", columns=30), above=0.62,
    )  # fmt: skip


def test_same_weekday(claim: Claim) -> None:
    """In a table with a strong weekly season, a comparison with the same weekdays finds a move that
    a comparison with all days misses, at the same false alarm rate."""

    def found(
        seed: int, season: float, moved: float, noise: float = 0.15, stays: float = 0.0
    ) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(seed)
        day = np.arange(28 + 280)
        mean = season * np.sin(2 * np.pi * day / 7) + rng.normal(0, noise, day.size)
        mean += stays * (day >= 168)
        days = {}
        for name, back in (("all", range(1, 29)), ("same weekday", (7, 14, 21, 28))):
            gap = mean[28:] - np.mean([mean[28 - b : day.size - b] for b in back], axis=0)
            threshold = quiet_threshold(np.abs(gap[:140]), 0.05)
            days[name] = np.abs(gap[140:] + moved) > threshold
        return days

    def gained(seed: int, season: float, moved: float = 0.6, noise: float = 0.15) -> float:
        days = found(seed, season, moved, noise)
        return days["same weekday"].mean() - days["all"].mean()

    claim.effect(
        "moves found, same weekday minus all days", gained, knob="season", on=1.0, off=0.0,
        above=0.35, off_below=0.1, also=[{"moved": 0.8}, {"noise": 0.1}],
    )  # fmt: skip
    quiet = [found(seed, 1.0, 0.0) for seed in range(40)]
    for name in quiet[0]:
        assert 0.02 < np.mean([days[name].mean() for days in quiet]) < 0.08
    claim.limit(
        "Without a season, the same weekdays find a little less, since they are fewer days.",
        "moves of 0.3 found, same weekday minus all days",
        lambda s: np.mean([gained(20 * s + k, 0.0, moved=0.3) for k in range(20)]), below=-0.02,
    )  # fmt: skip
    sentence = "Against the last four weeks, a lasting move is usual once four weeks have passed."
    stayed = [
        [found(10 * s + k, 1.0, 0.0, stays=0.6)["same weekday"] for k in range(10)]
        for s in range(3)
    ]
    claim.limit(
        sentence,
        "days found in its first week",
        lambda s: np.mean([d[:7] for d in stayed[s]]),
        above=0.7,
    )
    claim.limit(
        sentence,
        "days found after four",
        lambda s: np.mean([d[28:] for d in stayed[s]]),
        below=0.12,
    )


def test_agrees_with_scipy() -> None:
    rng = np.random.default_rng(1)
    then, now = rng.normal(size=60), rng.normal(0.35, 1, size=40)
    report = table_moves(pd.DataFrame({"x": then}), pd.DataFrame({"x": now}), permutations=1_999)
    expected = permutation_test(
        (then, now), lambda a, b: ks_2samp(a, b, method="asymp").statistic, n_resamples=499,
        alternative="greater", random_state=rng,
    )  # fmt: skip
    assert report["effect"].item() == pytest.approx(expected.statistic, abs=1e-9)
    assert report["p_value"].item() == pytest.approx(expected.pvalue, abs=0.05)


def test_a_nullable_number_goes_to_the_pipeline_as_a_float() -> None:
    encode = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    parts = make_column_transformer((encode, ["kind"]), remainder="passthrough")
    model = make_pipeline(parts, HistGradientBoostingClassifier(max_iter=2))
    rng = np.random.default_rng(0)
    kids = pd.array(rng.integers(0, 3, 120), dtype="Int64")
    kids[::9] = pd.NA
    table = pd.DataFrame({"kind": rng.choice(["a", "b", None], 120), "kids": kids})
    with pytest.raises(ValueError, match="reference or current do not suit the model"):
        old_or_new(model, table[:60], table[60:], permutations=0)
    table = table.astype({"kids": float})
    assert 0 < old_or_new(model, table[:60], table[60:], permutations=0)["auc"] < 1


def test_auc_is_that_of_scikit_learn() -> None:
    then, now = weeks(0, 4, 0.5)
    table, groups = pd.concat([then, now]), np.repeat(np.arange(80), 4)
    window, columns = np.repeat([0, 1], 160), ["a", "b", "c"]
    found = old_or_new(GaussianNB(), then, now, "customer", permutations=0)
    split = StratifiedGroupKFold(3, shuffle=True, random_state=0)
    expected = cross_val_score(
        GaussianNB(), table[columns], window, groups=groups, scoring="roc_auc", cv=split
    )
    assert found["auc"] == pytest.approx(expected.mean())
    found = old_or_new(GaussianNB(), then, now, "customer", folds=2, permutations=0, seed=5)
    split = StratifiedGroupKFold(2, shuffle=True, random_state=5)
    expected = cross_val_score(
        GaussianNB(), table[columns], window, groups=groups, scoring="roc_auc", cv=split
    )
    assert found["auc"] == pytest.approx(expected.mean())
    found = old_or_new(GaussianNB(), then[columns], now[columns], permutations=9)
    rows = StratifiedKFold(3, shuffle=True, random_state=0)
    auc, _, p_value = permutation_test_score(
        GaussianNB(), table[columns], window, scoring="roc_auc", cv=rows, n_permutations=9,
        random_state=0,
    )  # fmt: skip
    assert found["auc"] == pytest.approx(auc)
    assert found["p_value"] == pytest.approx(p_value, abs=0.35)
    numbered = old_or_new(GaussianNB(), then, now, permutations=0)
    assert numbered["auc"] > 0.99  # a number that grows with time gives the weeks away


def test_p_value_of_the_classifier_keeps_its_rate() -> None:
    quiet = [
        old_or_new(Means(), *weeks(s, 12, 0.95, 10), "customer", folds=2, permutations=4, seed=s)
        for s in range(20)
    ]
    p_values = np.array([found["p_value"] for found in quiet])
    assert 0.04 < np.mean(p_values <= 0.2) < 0.4  # 0.21 of four hundred pairs, each with its seed
    assert np.mean((p_values <= 0.2) | (p_values == 1)) < 0.6  # 0.8 if rows are shuffled
    then, now = weeks(0, 12, 0.95, 10)
    moved = old_or_new(Means(), then, now.assign(a=now["a"] + 6), "customer", permutations=4)
    assert moved["p_value"] == 0.2 and moved["auc"] > moved["by_chance"]
    for found in quiet:  # `by_chance` is the best of the shuffled windows
        assert (found["by_chance"] >= found["auc"]) == (found["p_value"] > 0.2)


def test_a_unit_of_both_windows_has_one_part_in_each() -> None:
    class Looks(Means):
        seen: list = []

        def fit(self, table, window):
            self.seen.append(pd.Series(window).groupby(table["who"].to_numpy()).mean())
            return super().fit(table, window)

    who = np.arange(30)
    then, now = (
        pd.DataFrame({"customer": who, "who": who, "a": side * 9 + who}) for side in (0, 1)
    )
    found = old_or_new(Looks(), then, now, "customer", folds=2, permutations=9)
    assert all((share == 0.5).all() for share in Looks.seen)
    assert found["p_value"] == 0.1 and found["by_chance"] < found["auc"]


def test_moves_by_hand() -> None:
    def moves(moved: int, **given: object) -> pd.DataFrame:
        sides = [pd.DataFrame({"x": np.arange(12) < count}, dtype=float) for count in (0, moved)]
        back = table_moves(*sides[::-1], **given)
        assert back["effect"].item() == pytest.approx(moved / 12)  # up or down
        return table_moves(*sides, **given).iloc[0]

    six, three = moves(6), moves(3, false_alarm_rate=0.4)
    assert six["effect"] == 0.5 and six["p_value"] == pytest.approx(0.0137, abs=0.02)
    assert [moves(6, smallest_effect=least)["alarm"] for least in (0.5, 0.51)] == [True, False]
    assert three["p_value"] == pytest.approx(0.217, abs=0.06) and three["alarm"]
    assert moves(3, seed=1)["p_value"] != moves(3, seed=0)["p_value"] == three["p_value"]
    tenth = [pd.DataFrame({"x": np.arange(60) < rows}) for rows in (0, 6)]
    assert table_moves(*tenth)["effect"].item() == 0.1  # the default, not 0.0999…
    hours = [pd.to_datetime([f"2026-11-02 {hour}:00" for hour in day]) for day in ("13", "22")]
    told = table_moves(*(pd.DataFrame({"at": np.repeat(day, 6)}) for day in hours))
    assert told.loc[("at", "hour"), "effect"] == 1  # hours are categories: none is shared
    fine = np.arange(100.0)
    tenths = table_moves(*(pd.DataFrame({"x": x}) for x in (fine, fine // 10 * 10 + 9)))
    assert tenths["effect"].item() > 0.07  # within a tenth of the rows
    apart = [
        pd.DataFrame({"u": u, "x": u > 9}, dtype=float) for u in (np.arange(10), np.arange(10, 20))
    ]
    stayed = pd.DataFrame({"u": [99.0], "x": 0.0})  # and one unit of both windows
    for more in ([], [stayed]):
        sides = (pd.concat([side] * 3 + more) for side in apart)
        assert table_moves(*sides, "u")["alarm"].all()


def test_texts_as_they_are() -> None:
    bag = HashingVectorizer(n_features=2**12, alternate_sign=False)
    words = make_pipeline(ColumnTransformer([("bag", bag, "text")]), MultinomialNB())
    rng = np.random.default_rng(0)

    def texts(share: float) -> pd.DataFrame:
        topic = np.where(rng.random(300) < share, "refund charged twice", "login password lost")
        filler = rng.choice(["hello", "please", "thanks", "today", "since"], (300, 4))
        return pd.DataFrame({"text": [f"{t} {' '.join(f)}" for t, f in zip(topic, filler)]})  # noqa: B905

    quiet = old_or_new(words, texts(0.05), texts(0.05), permutations=0)
    moved = old_or_new(words, texts(0.05), texts(0.5), permutations=4)
    assert quiet["auc"] < 0.57 < 0.58 < moved["auc"] and moved["p_value"] == 0.2
    swapped = [
        pd.DataFrame({"text": [t] * 200})
        for t in ("good price bad service", "bad price good service")
    ]
    assert old_or_new(words, *swapped, permutations=0)["auc"] == 0.5  # a bag of words has no order


def test_mixed_table_with_the_pipeline_of_the_page() -> None:
    rng = np.random.default_rng(0)

    def week(turned: bool) -> pd.DataFrame:
        plan, amount = rng.choice(["basic", "pro"], 300), rng.normal(size=300)
        amount += 3 * (plan == ("basic" if turned else "pro"))
        amount[rng.random(300) < 0.1] = np.nan
        city = pd.Categorical([*rng.choice(["Lyon", "Nice"], 299), "Brest"])  # in one fold only
        return pd.DataFrame({"plan": plan, "amount": amount, "city": city})

    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    texts = pd.DataFrame({"x": pd.array(["a", None, "b"], dtype="string")})
    assert encoder.fit_transform(texts.astype(str)).shape == (3, 1)
    columns = make_column_transformer((encoder, ["plan", "city"]), remainder="passthrough")
    model = make_pipeline(columns, HistGradientBoostingClassifier(max_iter=10))
    found = old_or_new(model, week(False), week(True), permutations=4)
    assert found["auc"] > max(0.75, found["by_chance"])
    assert not table_moves(week(False), week(True), permutations=99)["alarm"].any()


def test_units_of_both_windows_are_swapped() -> None:
    """The same customers twice: a small move is found, and quiet weeks keep the rate."""
    rng = np.random.default_rng(0)
    level = np.repeat(rng.normal(size=(40, 40)), 5, axis=0)

    def week(moved: float) -> pd.DataFrame:
        table = pd.DataFrame(level + 0.3 * rng.normal(size=level.shape) + moved)
        return table.assign(customer=np.repeat(np.arange(40), 5))

    def alarms(then: pd.DataFrame, now: pd.DataFrame) -> float:
        return (table_moves(then, now, "customer", permutations=99)["p_value"] <= 0.05).mean()

    assert alarms(week(0), week(0)) < 0.2
    assert alarms(week(0), week(0.2)) > 0.8
    others = week(0.2)
    assert alarms(week(0), others.assign(customer=others["customer"] + 100)) < 0.2


def test_columns_that_move_together_cost_nothing() -> None:
    rng = np.random.default_rng(0)
    then, now = rng.normal(size=80), rng.normal(0.3, 1, size=80)
    alone = table_moves(pd.DataFrame({"a": then}), pd.DataFrame({"a": now}))
    copies = [pd.DataFrame(dict.fromkeys("abcdefgh", x)) for x in (then, now)]
    together = table_moves(*copies)
    assert (together["corrected"] == alone["p_value"].item()).all()
    strangers = [copies[0].assign(z=rng.normal(size=80)), copies[1].assign(z=rng.normal(size=80))]
    assert table_moves(*strangers)["corrected"].iloc[0] > alone["p_value"].item()


def test_corrected_keeps_the_rate_of_the_table() -> None:
    rng = np.random.default_rng(0)
    alarms = [
        (table_moves(*(pd.DataFrame(rng.normal(size=(60, 4))) for _ in range(2)), permutations=99)
         ["corrected"] <= 0.1).any()
        for _ in range(60)
    ]  # fmt: skip
    assert 0.01 < np.mean(alarms) < 0.22


def test_report_of_a_real_table() -> None:
    rng = np.random.default_rng(0)
    rows = 200
    then = pd.DataFrame(
        {
            "income": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(size=rows)),
            "loan": pd.array(rng.random(rows) < 0.5, dtype="boolean"),
            "age": pd.array(rng.integers(20, 60, rows), dtype="Int64"),
            "plan": pd.Categorical(rng.choice(["a", "b"], rows)),
            "city": rng.choice(["Lyon", "Nice"], rows).astype(object),
            "at": pd.Timestamp("2026-03-02", tz="Europe/Paris")
            + pd.to_timedelta(rng.integers(0, 168, rows), "h"),
            "empty": np.nan,
        }
    )
    same = table_moves(then, then.iloc[::-1])
    assert (same["effect"] == 0).all() and not same["alarm"].any()
    now = then.assign(city=None, plan="b", at=then["at"].dt.normalize() + pd.Timedelta("3h"))
    report = table_moves(then, now)
    moved = [("plan", "values"), ("city", "missing"), ("at", "hour")]
    assert report.loc[moved, "alarm"].all()
    assert not report.drop(index=moved).drop(index=("city", "values"))["alarm"].any()
    assert report.loc[("city", "missing"), "effect"] == 1
    for wrong, named in (
        ({"city": 1.0}, "reference and current must hold one kind in column 'city'"),
        ({"at": pd.Timedelta("1h")}, "current: column 'at' must hold numbers, text or datetimes"),
        ({"city": [[1]] * rows}, "current: column 'city' must hold numbers, text or datetimes"),
        ({"income": np.inf}, "current: column 'income' must not hold infinity"),
    ):
        with pytest.raises((TypeError, ValueError), match=named):
            table_moves(then, now.assign(**wrong))
    with pytest.raises(TypeError, match="unit must be text in both"):
        table_moves(then.assign(id=np.arange(rows)), then.assign(id="a"), "id")
    large = then.assign(id=2**60 + np.arange(rows)), then.assign(id=2.0**60)
    for function in (table_moves, lambda *given: old_or_new(GaussianNB(), *given)):
        with pytest.raises(ValueError, match="unit must hold numbers beyond"):
            function(*large, "id")
    few = then.assign(customer=np.arange(rows) % 3)
    with pytest.raises(ValueError, match="unit must name more units"):
        table_moves(few, few.assign(customer=few["customer"] + 3), "customer")


def test_precision_of_numbers() -> None:
    """A copy in float32 has not moved; numbers that float32 cannot tell apart have."""
    prices = pd.DataFrame({"x": [1.111, 2.222, np.nan, 4.441] * 20})
    assert (table_moves(prices, prices.astype("float32"))["effect"] == 0).all()
    assert table_moves(prices, prices.astype("float16"))["effect"].max() > 0.2
    for now, same in ((prices.astype("float32"), True), (prices.astype("float16"), False)):
        boosted = HistGradientBoostingClassifier(max_iter=5, min_samples_leaf=5)
        for windows in ((prices, now), (now, prices), (prices, now.astype(float))):
            assert (old_or_new(boosted, *windows, permutations=0)["auc"] < 0.6) == same
    whole = pd.DataFrame({"x": np.full(40, 2.0**24)})  # in float32, the next number is the same
    assert old_or_new(Means(), whole, whole + 1, permutations=0)["auc"] == 1
    stamps = pd.DataFrame({"x": 1_700_000_000_000_000_000 + np.arange(80) * 1_000})
    assert table_moves(stamps, stamps + 1_000_000)["effect"].item() == 1


def test_the_same_moments_in_another_time_zone_are_refused() -> None:
    """By the hour of the wall, every row had moved; the moments were the same."""
    utc = pd.DataFrame({"t": pd.date_range("2026-01-01", periods=80, freq="37min", tz="UTC")})
    assert (table_moves(utc, utc, permutations=19)["effect"] == 0).all()
    for other in (utc["t"].dt.tz_convert("Asia/Tokyo"), utc["t"].dt.tz_localize(None)):
        with pytest.raises(TypeError, match="one time zone in column 't'"):
            table_moves(utc, pd.DataFrame({"t": other}), permutations=19)


def test_as_many_permutations_as_are_asked_for() -> None:
    """49 * (1 / 49) is below 1 as a float, 127 + 1 is negative as an int8."""
    table = pd.DataFrame({"x": np.random.default_rng(0).normal(size=80)})
    for many, rate in ((48, 1 / 49), (np.int8(127), 0.05)):
        moves = table_moves(table, table, false_alarm_rate=rate, permutations=many)
        assert moves["effect"].item() == 0
    for least, rate in ((33, 0.03), (19, 0.05)):  # 32 were refused with "must be 32 or more"
        table_moves(table, table, false_alarm_rate=rate, permutations=least)
        with pytest.raises(ValueError, match=f"permutations must be {least} or more"):
            table_moves(table, table, false_alarm_rate=rate, permutations=least - 1)


def test_windows_of_unequal_size_need_fewer_units() -> None:
    """One shuffle in 28 is rare enough, but six units and two were refused: "cannot alarm at 0.05"."""
    six, two, three, other = (
        pd.DataFrame({"unit": np.repeat(names, 5), "x": 1.0 * (names[0] > 9)})
        for names in (range(6), range(10, 12), range(3), range(10, 13))
    )
    assert table_moves(six, two, "unit")["p_value"].item() == pytest.approx(1 / 28, abs=0.03)
    assert not refused(six[:25], two)  # one shuffle in 21
    assert refused(six[:15], two)  # one in ten
    assert refused(three, other)  # one in 20, and its mirror image


def refused(then: pd.DataFrame, now: pd.DataFrame) -> bool:
    try:
        table_moves(then, now, "unit")
    except ValueError as error:
        assert "unit must name more units" in str(error)
        return True
    return False


def test_what_the_model_cannot_read_is_named() -> None:
    table = pd.DataFrame({"x": [1.0, np.nan] * 20})
    with pytest.raises(ValueError, match="reference or current do not suit the model: .*NaN"):
        old_or_new(GaussianNB(), table, table)
    days = pd.DataFrame({"x": np.arange(12.0), "id": pd.date_range("2026-01-01", periods=12)})
    with pytest.raises(TypeError, match="unit must be text in both"):
        table_moves(days, days.assign(id=np.arange(12)), "id")


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    tables = [
        pd.DataFrame({"x": rng.normal(size=12), "customer": list(names) * 2})
        for names in ("abcdef", "ghijkl")
    ]
    both = dict(zip(("reference", "current"), tables, strict=True))
    nulls = [(name, NAN) for name in both]
    names_bad_input(
        table_moves, **both, unit="customer", permutations=19, examples=1,
        allow=[*nulls, ("unit", NONE)],
        bounds={"smallest_effect": "(0, 1)", "permutations": "[19, inf)", "seed": "[0, inf)"},
    )  # fmt: skip
    with pytest.raises(ValueError, match="false_alarm_rate"):
        table_moves(**both, false_alarm_rate=1.0)
    names_bad_input(
        old_or_new, model=Means(), **both, unit="customer", folds=2, permutations=0, examples=1,
        allow=[*nulls, ("unit", NONE), *((name, INFINITE) for name in both)],
        bounds={"folds": "[2, inf)", "permutations": "[0, inf)", "seed": "[0, inf)"})  # fmt: skip


def test_a_unit_of_lists_is_named() -> None:
    table = pd.DataFrame({"x": np.arange(120) % 7, "unit": [[row % 2] for row in range(120)]})
    with pytest.raises(TypeError, match="unit must name single values: unhashable"):
        table_moves(table, table, "unit")
    with pytest.raises(TypeError, match="unit must name single values: unhashable"):
        old_or_new(GaussianNB(), table, table, "unit", permutations=1)
