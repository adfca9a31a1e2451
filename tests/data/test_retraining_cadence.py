"""docs/data/retraining-cadence.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import TimeSeriesSplit, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from docs.data.figures.retraining_cadence import KNOB, measure
from proof.claims import Claim
from snippets.data.retraining_cadence import backtest_cadence
from tests.nearest_middle import NearestMiddle
from tools.bad_input import NONE, TEXT, names_bad_input


class Discriminant(BaseEstimator):
    """Fisher's linear discriminant of two classes, without the checks that scikit-learn repeats at each call."""

    def fit(self, inputs, labels):
        rows = np.column_stack([np.ones(len(inputs)), inputs])
        self.weights_ = np.linalg.solve(rows.T @ rows, rows.T @ (2 * labels - 1))
        return self

    def score(self, inputs, labels):
        return np.mean((self.weights_[0] + inputs @ self.weights_[1:] > 0) == labels)


MODELS = {
    "discriminant": Discriminant(),
    "tree": DecisionTreeClassifier(max_depth=2, random_state=0),
    "naive Bayes": GaussianNB(),
}


@cache
def scores(
    seed: int, degrees: float, every: int | None, window: int | None,
    model: str = "discriminant", rows: int = 100, delay: int = 0, start: int = 1, months: int = 13,
) -> np.ndarray:  # fmt: skip
    rng = np.random.default_rng(seed)
    month = np.repeat(np.arange(months), rows)
    inputs, angle = rng.normal(size=(month.size, 10)), np.deg2rad(degrees * month)
    effect = 2 * np.cos(angle) * inputs[:, 0] + 2 * np.sin(angle) * inputs[:, 1]
    labels = (effect > rng.logistic(size=month.size)).astype(int)
    rule = {"every": every, "window": window, "delay": delay, "start": start}
    return backtest_cadence(MODELS[model], inputs, labels, month, **rule)


OTHERS = [{"model": "tree"}, {"model": "naive Bayes", "rows": 200}]
ROUND = (
    "At sixty degrees a month, the relation soon comes round: all history beats the last quarter, and "
    "late labels cost nothing."
)


def test_never_retraining(claim: Claim) -> None:
    """When the relation turns, a model that is never retrained falls behind one that is
    retrained every month on as many rows."""

    claim.effect(
        "gain of accuracy", measure, knob="degrees", **KNOB.ends, above=0.15, off_below=0.05,
        also=[{"model": MODELS["tree"]}, {"model": GaussianNB(), "rows": 200}],
    )  # fmt: skip
    claim.limit(
        "A turn of a degree a month hardly shows within a year",
        "gain at one degree",
        lambda seed: (scores(seed, 1, 1, 1, rows=400) - scores(seed, 1, None, 1, rows=400)).mean(),
        below=0.05,
    )  # fmt: skip

    def kept(seed: int, start: int) -> float:
        """Loss of the first model, kept for a year where nothing turns, against the last quarter."""
        rules = [
            [
                scores(5 * seed + draw, 0.0, every, 3, rows=50, start=start).mean()
                for draw in range(5)
            ]
            for every in (1, None)
        ]
        return np.mean(rules[0]) - np.mean(rules[1])

    for seed in range(3):  # why a rule that keeps its model needs `start`
        assert kept(seed, 1) > 0.005
    assert abs(kept(0, 3)) < 0.5 * kept(0, 1)
    claim.limit(
        "At a hundred and twenty, never retraining beats monthly.", "gain of accuracy",
        lambda seed: (scores(seed, 120, 1, 1) - scores(seed, 120, None, 1)).mean(), below=-0.05,
    )  # fmt: skip


def test_all_history(claim: Claim) -> None:
    """The last quarter trains better than all history once the relation turns fast, and no
    better while it stands still."""

    def lead(seed: int, degrees: float, rows: int = 200, **given) -> float:
        quarter = scores(seed, degrees, 1, 3, rows=rows, **given)
        return (quarter - scores(seed, degrees, 1, None, rows=rows, **given)).mean()

    claim.effect(
        "lead of the last quarter", lead, knob="degrees", on=10, off=0, above=0.02, off_below=0.01,
        also=OTHERS,
    )  # fmt: skip
    claim.limit(
        "all history is then as good as the last quarter.",
        "distance of the two", lambda seed: abs(lead(seed, 1)), below=0.015,
    )  # fmt: skip

    claim.limit(
        "With thirty rows a month, it is as good at five degrees too.", "distance of the two",
        lambda seed: abs(np.mean([lead(6 * seed + draw, 5, rows=30) for draw in range(6)])),
        below=0.015,
    )  # fmt: skip

    def after_seven_years(seed: int) -> float:
        kept = {"every": 6, "start": 3, "months": 85}
        return (scores(seed, 1, window=3, **kept) - scores(seed, 1, window=None, **kept)).mean()

    claim.limit(
        "Over seven years, the last quarter is better.",
        "lead of the last quarter, both retrained twice a year", after_seven_years, above=0.005,
    )  # fmt: skip
    claim.limit(ROUND, "lead of the last quarter", lambda seed: lead(seed, 60), below=0.0)
    claim.limit(
        "At five degrees a month, boosted trees of depth two continued by `warm_start` do no better "
        "than new ones on a quarter.",
        "lead of the continued", continued, below=0.015,
    )  # fmt: skip
    claim.limit(
        "Forty stumps, too few at first, do better.", "lead of the continued",
        lambda seed: continued(seed, depth=1), above=0.01,
    )  # fmt: skip
    assert continued(0, depth=1, trees=150) < 0.02


def continued(seed: int, depth: int = 2, trees: int = 40) -> float:
    """Accuracy of boosted trees with ten more on each month, minus that of new ones on a quarter."""
    rng, angle = np.random.default_rng(seed), np.deg2rad(5) * np.arange(12)
    inputs = rng.normal(size=(12, 200, 2))
    effect = 3 * (np.cos(angle)[:, None] * inputs[..., 0] + np.sin(angle)[:, None] * inputs[..., 1])
    labels = (effect > rng.logistic(size=effect.shape)).astype(int)

    def fitted(model: GradientBoostingClassifier, months: slice) -> GradientBoostingClassifier:
        return model.fit(np.concatenate(inputs[months]), labels[months].ravel())

    new = GradientBoostingClassifier(n_estimators=trees, max_depth=depth, random_state=0)
    old, lead = fitted(clone(new).set_params(warm_start=True), slice(3)), []
    for month in range(4, 12):
        fitted(old.set_params(n_estimators=old.n_estimators + 10), slice(month - 1, month))
        fitted(new, slice(month - 3, month))
        lead.append(np.subtract(*(m.score(inputs[month], labels[month]) for m in (old, new))))
    return float(np.mean(lead))


def test_late_labels(claim: Claim) -> None:
    """Labels that arrive half a year late cost accuracy when the relation turns fast, and hardly any
    while it stands still."""

    def loss(seed: int, degrees: float, window: int | None = 3, **given) -> float:
        in_time = scores(seed, degrees, 1, window, **given)[6:]
        return (in_time - scores(seed, degrees, 1, window, delay=6, **given)).mean()

    claim.effect(
        "loss of accuracy", loss, knob="degrees", on=10, off=0, above=0.08, off_below=0.05,
        also=OTHERS,
    )  # fmt: skip

    claim.limit(ROUND, "loss of accuracy", lambda seed: loss(seed, 60), below=0.0)
    assert abs(np.mean([loss(seed, 2) for seed in range(3)])) < 0.03  # a slow turn hardly costs

    def few_rows(seed: int) -> float:  # all history, mean of six
        return np.mean([loss(6 * seed + draw, 0, window=None, rows=30) for draw in range(6)])

    claim.limit(
        "With few rows, late labels cost accuracy even where nothing turns: less is labelled.",
        "loss at 0°, thirty rows a month, all history", few_rows, above=0.01,
    )  # fmt: skip


class Seen(BaseEstimator):
    """A model whose score lists the periods it was trained on, in bits of one number."""

    def fit(self, inputs, labels):
        assert (inputs[:, 0] == labels).all()
        self.periods_ = sum(2.0**period for period in np.unique(labels))
        return self

    def score(self, inputs, labels):
        return self.periods_ + 0.001 * np.unique(labels).item()


@pytest.mark.parametrize(("delay", "start"), [(0, 1), (2, 1), (1, 3)])
@pytest.mark.parametrize("window", [None, 1, 3])
@pytest.mark.parametrize("scoring", [None, "roc_auc"])
def test_backtest_is_the_time_series_split_of_scikit_learn(
    scoring: str | None, window: int | None, delay: int, start: int
) -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(400, 2))
    labels = (inputs @ [1.5, -1] > rng.logistic(size=400)).astype(int)
    period, model = np.repeat(np.arange(8), 50), LogisticRegression()
    folds = TimeSeriesSplit(
        8 - start - delay, test_size=50, max_train_size=window and 50 * window, gap=50 * delay
    )
    expected = cross_val_score(model, inputs, labels, cv=folds, scoring=scoring)
    order = rng.permutation(400)
    history = inputs[order], labels[order], period[order]
    rule = {"window": window, "delay": delay, "start": start}
    found = backtest_cadence(model, *history, **rule, scoring=scoring)
    assert found == pytest.approx(expected)
    assert not hasattr(model, "coef_")


def test_tables_pass_as_they_are() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"city": rng.choice(["Lyon", "Nice"], 200), "income": rng.normal(size=200)}
    )
    outcome = np.where(table["income"] > rng.logistic(size=200), "yes", "no")
    period = pd.Series(np.repeat([1, 2, 3, 4], 50), index=np.arange(200)[::-1])
    columns = make_column_transformer((OneHotEncoder(), ["city"]), remainder="passthrough")
    expected = backtest_cadence(
        LogisticRegression(), pd.get_dummies(table)[["city_Lyon", "city_Nice", "income"]],
        outcome == "yes", period,
    )  # fmt: skip
    pipeline = make_pipeline(columns, LogisticRegression())
    for labels in (outcome, outcome.tolist(), pd.Series(outcome), pd.Series(outcome == "yes")):
        assert backtest_cadence(pipeline, table, labels, period) == pytest.approx(expected)
    table.loc[::3, "income"] = np.nan
    boosted = HistGradientBoostingClassifier(max_iter=2)
    assert len(backtest_cadence(boosted, table[["income"]], outcome, period)) == 3


@pytest.mark.parametrize(
    "kind", ["int8", "uint8", "float16", "Int64", "boolean", "bool", "Float64"]
)
def test_labels_and_periods_of_each_dtype(kind: str) -> None:
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(80, 2)), pd.Series(rng.integers(0, 2, 80))
    period = pd.Series(np.repeat([1, 2, 3, 4], 20))
    expected = backtest_cadence(LogisticRegression(), inputs, labels, period)
    found = backtest_cadence(LogisticRegression(), inputs, labels.astype(kind), period.tolist())
    assert found == pytest.approx(expected)
    if "bool" not in kind:
        found = backtest_cadence(LogisticRegression(), inputs, labels, period.astype(kind))
        assert found == pytest.approx(expected)
        large = 100 * (labels + inputs[:, 0].round())  # regression, and no overflow
        found = backtest_cadence(
            LinearRegression(), inputs, large.astype("float16"), period, scoring="r2"
        )
        assert found == pytest.approx(backtest_cadence(LinearRegression(), inputs, large, period))


def test_periods_from_dates_as_the_page_says() -> None:
    date = pd.Series(pd.date_range("2025-11-25", "2026-02-03", tz="UTC"))
    period = date.dt.strftime("%Y%m").astype(int)
    assert period.unique().tolist() == [202511, 202512, 202601, 202602]
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(len(date), 2)), np.tile(["Y", "N"], len(date))[: len(date)]
    months = pd.factorize(period)[0]
    expected = backtest_cadence(LogisticRegression(), inputs, labels, months)
    assert (
        backtest_cadence(LogisticRegression(), inputs, labels, period).tolist() == expected.tolist()
    )


@pytest.mark.parametrize(
    ("every", "window", "trained_on"),
    [
        (1, None, [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4]]),
        (1, 1, [[0], [1], [2], [3], [4]]),
        (1, 2, [[0], [0, 1], [1, 2], [2, 3], [3, 4]]),
        (2, 2, [[0], [0], [1, 2], [1, 2], [3, 4]]),
        (3, None, [[0], [0], [0], [0, 1, 2, 3], [0, 1, 2, 3]]),
        (9, None, [[0]] * 5),
        (None, None, [[0]] * 5),
    ],
)
def test_rules_train_on_the_right_periods(every, window, trained_on) -> None:
    names = [3, 5, 6, 9, 10, 12]
    period = np.array(names * 2)
    expected = [
        sum(2.0 ** names[place] for place in places) + 0.001 * names[now]
        for now, places in enumerate(trained_on, start=1)
    ]
    found = backtest_cadence(Seen(), period[:, None], period, period, every=every, window=window)
    assert found == pytest.approx(expected)
    first_two = period < 6
    shortest = backtest_cadence(
        Seen(), period[first_two, None], period[first_two], period[first_two]
    )
    assert shortest == pytest.approx(expected[:1])


@pytest.mark.parametrize("delay", [1, 3])
def test_labels_come_late(delay: int) -> None:
    names = np.arange(1, 9)
    period = np.repeat(names, 2)
    found = backtest_cadence(Seen(), period[:, None], period, period, window=2, delay=delay)
    expected = []
    for now in range(1 + delay, 8):
        known = names[max(0, now - delay - 2) : now - delay]
        expected.append(sum(2.0**name for name in known) + 0.001 * names[now])
    assert found == pytest.approx(expected)
    with pytest.raises(ValueError, match="period must hold whole numbers, more different"):
        backtest_cadence(Seen(), period[:, None], period, period, delay=7)
    found = backtest_cadence(
        Seen(), period[:, None], period, period, every=None, window=2, delay=delay, start=2
    )
    kept = [sum(2.0**name for name in names[:2]) + 0.001 * name for name in names[2 + delay :]]
    assert found == pytest.approx(kept)


@pytest.mark.parametrize("kind", [np.uint8, np.uint64, np.int8])
def test_whole_numbers_of_other_types(kind: type) -> None:
    """The oldest period of a window was 1 - 3, which is 254 as a uint8."""
    rng = np.random.default_rng(0)
    inputs, period = rng.normal(size=(600, 2)), np.repeat(np.arange(150), 4)
    labels = inputs @ [1.0, 2.0] + rng.normal(size=600)
    rules = {"every": 2, "window": 3, "delay": 1, "start": 1}
    own = {name: kind(value) for name, value in rules.items()}
    scores = backtest_cadence(LinearRegression(), inputs, labels, period, **own)
    assert (scores == backtest_cadence(LinearRegression(), inputs, labels, period, **rules)).all()


def test_values_under_a_mask_are_refused() -> None:
    hidden = np.ma.masked_array(np.zeros((20, 2)), mask=np.eye(20, 2))
    with pytest.raises(ValueError, match="inputs must .* no mask"):
        backtest_cadence(LinearRegression(), hidden, np.arange(20), np.arange(20) // 2)


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(40, 2)), rng.integers(0, 2, 40)
    model, period = LogisticRegression(), np.repeat([1, 2, 3, 4], 10)
    history = {"inputs": inputs, "labels": labels, "period": period}
    names_bad_input(
        backtest_cadence,
        model=NearestMiddle(),
        **history,
        window=2,
        paired=tuple(history),
        allow=[("every", NONE), ("window", NONE), ("scoring", NONE), ("labels", TEXT)],
    )
    with pytest.raises(ValueError, match="inputs must have 2 dimension"):
        backtest_cadence(model, inputs[:, 0], labels, period)
    with pytest.raises(ValueError, match="inputs must have 2 dimension"):
        backtest_cadence(model, inputs[:, :0], labels, period)
    for half, named in (("score", "model must have fit"), ("fit", "model must have score")):
        with pytest.raises((TypeError, ValueError), match=named):
            backtest_cadence(type("Half", (), {half: None})(), inputs, labels, period)
    with pytest.raises(ValueError, match="scoring"):
        backtest_cadence(model, inputs, labels, period, scoring="luck")
    with pytest.warns(UserWarning, match="Only one class"):
        one_class = backtest_cadence(
            model, inputs, np.where(period == 3, 0, labels), period, scoring="roc_auc"
        )
    assert np.isnan(one_class).tolist() == [False, True, False]
    assert np.nanmean(one_class) == one_class[[0, 2]].mean()
    no_events = np.where(period == 1, 0, labels)
    with pytest.raises(ValueError, match="labels do not suit the model at period 2"):
        backtest_cadence(model, inputs, no_events, period)
    for scoring in (
        "neg_log_loss",
        lambda model, rows, truth: model.predict(rows),
        lambda *_: None,
    ):
        with pytest.raises(ValueError, match="scoring, inputs or labels do not suit the model"):
            backtest_cadence(LinearSVC(), inputs, labels, period, scoring=scoring)
    for wrong in (np.ones(40, int), period + 0.5):
        with pytest.raises(ValueError, match="period must hold whole numbers"):
            backtest_cadence(model, inputs, labels, wrong)
    for name, value in {"every": 0, "window": 0, "delay": -1, "start": 0}.items():
        with pytest.raises(ValueError, match=f"{name} must be a whole number from"):
            backtest_cadence(model, **history, **{name: value})


def test_a_ragged_list_is_named() -> None:
    with pytest.raises(ValueError, match="inputs must have rows of one length"):
        backtest_cadence(GaussianNB(), [[1, 2], [3], [3, 4]], [0, 1, 1], [1, 2, 3])
