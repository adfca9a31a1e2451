"""docs/data/retraining-cadence.md"""

from functools import cache

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import TimeSeriesSplit, cross_val_score

from proof.claims import Claim
from snippets.data.retraining_cadence import backtest_cadence
from tools.bad_input import NONE, names_bad_input


@cache
def rule_accuracy(seed: int, degrees: float, every: int | None, window: int | None) -> float:
    rng = np.random.default_rng(seed)
    month = np.repeat(np.arange(13), 100)
    inputs, angle = rng.normal(size=(month.size, 10)), np.deg2rad(degrees * month)
    effect = 2 * np.cos(angle) * inputs[:, 0] + 2 * np.sin(angle) * inputs[:, 1]
    labels = (effect > rng.logistic(size=month.size)).astype(int)
    model = LogisticRegression(solver="newton-cholesky")
    return backtest_cadence(model, inputs, labels, month, every=every, window=window).mean()


def test_never_retraining(claim: Claim) -> None:
    """When the relation turns, a model that is never retrained falls behind one that is
    retrained every month on as many rows."""

    def gain(seed: int, degrees: float) -> float:
        return rule_accuracy(seed, degrees, 1, 1) - rule_accuracy(seed, degrees, None, 1)

    claim.holds("gain at 10° a month", lambda seed: gain(seed, 10), above=0.06)
    claim.null("gain at 0° a month", lambda seed: gain(seed, 0), below=0.05)


def test_all_history(claim: Claim) -> None:
    """All history is a good training set while the relation stands still, and a bad one once
    it turns."""

    def lead(seed: int, degrees: float, window: int) -> float:
        return rule_accuracy(seed, degrees, 1, window) - rule_accuracy(seed, degrees, 1, None)

    claim.holds("lead of the last quarter, 10°", lambda seed: lead(seed, 10, 3), above=0.02)
    claim.null("lead of the last quarter, 0°", lambda seed: lead(seed, 0, 3), below=0.012)
    claim.null("lead of the last month, 0°", lambda seed: lead(seed, 0, 1), below=0)


class Seen(BaseEstimator):
    """A model whose score lists the periods it was trained on, in bits of one number."""

    def fit(self, inputs, labels):
        assert (inputs[:, 0] == labels).all()
        self.periods_ = sum(2.0**period for period in np.unique(labels))
        return self

    def score(self, inputs, labels):
        return self.periods_ + 0.001 * np.unique(labels).item()


@pytest.mark.parametrize("window", [None, 1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_backtest_is_the_time_series_split_of_scikit_learn(seed: int, window: int | None) -> None:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(400, 2))
    labels = (inputs @ [1.5, -1] > rng.logistic(size=400)).astype(int)
    period, model = np.repeat(np.arange(8), 50), LogisticRegression()
    folds = TimeSeriesSplit(7, test_size=50, max_train_size=window and 50 * window)
    expected = cross_val_score(model, inputs, labels, cv=folds)
    order = rng.permutation(400)
    found = backtest_cadence(model, inputs[order], labels[order], period[order], window=window)
    assert found == pytest.approx(expected)
    assert not hasattr(model, "coef_")


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


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(40, 2)), rng.integers(0, 2, 40)
    model, period = LogisticRegression(), np.repeat([1, 2, 3, 4], 10)
    history = {"inputs": inputs, "labels": labels, "period": period}
    names_bad_input(
        backtest_cadence,
        model=model,
        **history,
        window=2,
        paired=tuple(history),
        allow=[("every", NONE), ("window", NONE)],
    )
    with pytest.raises(ValueError, match="inputs must have 2 dimension"):
        backtest_cadence(model, inputs[:, 0], labels, period)
    with pytest.raises(ValueError, match="inputs must have 2 dimension"):
        backtest_cadence(model, inputs[:, :0], labels, period)
    for half in ("fit", "score"):
        with pytest.raises(TypeError, match="model must have fit and score"):
            backtest_cadence(type("Half", (), {half: None})(), inputs, labels, period)
    for wrong in (np.ones(40, int), period + 0.5):
        with pytest.raises(ValueError, match="period must hold whole numbers"):
            backtest_cadence(model, inputs, labels, wrong)
    for name in ("every", "window"):
        with pytest.raises(
            ValueError, match=f"{name} must be None or a whole number of at least 1"
        ):
            backtest_cadence(model, **history, **{name: 0})
