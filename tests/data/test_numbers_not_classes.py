"""docs/data/numbers-not-classes.md"""

import time
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
from mapie.regression import SplitConformalRegressor
from scipy.signal import lfilter
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_pinball_loss
from sklearn.model_selection import TimeSeriesSplit

from docs.data.figures.rolling_intervals import KNOB, measure
from proof.claims import Claim
from snippets.data.cost_of_errors import cost_of_errors, cost_quantile
from snippets.data.residual_windows import residual_windows
from snippets.data.retraining_cadence import backtest_cadence
from snippets.data.rolling_intervals import rolling_intervals
from snippets.data.rolling_origin import rolling_origin
from tools.bad_input import LONG, NONE, SHORT, names_bad_input


def inside(truth: np.ndarray, interval: pd.DataFrame) -> np.ndarray:
    lower, upper = interval.to_numpy().T
    return (lower <= truth) & (truth <= upper)


def test_intervals_calibrated_once(claim: Claim) -> None:
    """If the errors of a forecast grow, an interval calibrated once holds fewer truths than it
    promises; recalibrated on the latest errors, it stays close to its promise."""
    others = [{"noise": "laplace", "runs": 5}, {"noise": "logistic", "runs": 5, "window": 100}]
    claim.effect(
        "share held, calibrated once", measure, knob="growth", **KNOB.ends, below=0.7, off_above=0.86,
        also=others,
    )  # fmt: skip
    claim.effect(
        "share held, errors growing", lambda seed, **setting: measure(seed, 3.0, **setting),
        knob="calibrated", on="latest", off="once", above=0.85, below=0.93, off_below=0.7, also=others,
    )  # fmt: skip

    claim.limit(
        "A window that is long beside the growth lags behind it.",
        "share held, errors growing, on the latest thousand",
        lambda seed: measure(seed, 3.0, "latest", runs=5, window=1_000), below=0.83,
    )  # fmt: skip

    def wild_stretches(seed: int) -> float:
        day = np.arange(3_000)
        wild = day % 50 >= 25
        truth = np.random.default_rng(seed).normal(0, np.where(wild, 3, 1))
        held = inside(truth, rolling_intervals(truth, np.zeros(3_000)))
        assert held[500:].mean() == pytest.approx(0.9, abs=0.025)
        return float(held[500:][wild[500:]].mean())

    claim.limit(
        "The promise is an average: where calm and wild stretches alternate within the window, the "
        "interval holds fewer truths on wild days and more on calm ones.",
        "share held on wild days", wild_stretches, below=0.85,
    )  # fmt: skip

    def wandering(seed: int) -> float:
        truth = series_of(seed, 0.999, 2_000)
        return float(inside(truth, rolling_intervals(truth, np.zeros(2_000)))[300:].mean())

    claim.limit(
        "It holds fewer than promised if errors drift more slowly than the window is long.",
        "share held, memory 0.999, four series",
        lambda seed: np.mean([wandering(4 * seed + n) for n in range(4)]), below=0.86,
    )  # fmt: skip

    def after_a_jump(seed: int, delay: int = 0, first: int = 500) -> float:
        truth = np.random.default_rng(seed).normal(0, np.where(np.arange(700) < 500, 1, 3))
        held = inside(truth, rolling_intervals(truth, np.zeros(700), delay=delay))
        return float(held[first : first + 100].mean())

    claim.limit(
        "After a jump, the latest errors are old errors for a while, and late truths make it longer.",
        "share held in the first hundred days", after_a_jump, below=0.75,
    )  # fmt: skip
    claim.limit(
        "After a jump, the latest errors are old errors for a while, and late truths make it longer.",
        "share held in the second hundred days, by truths two months late minus at once",
        lambda seed: after_a_jump(seed, 60, 600) - after_a_jump(seed, 0, 600), below=-0.03,
    )  # fmt: skip

    def upper_misses(seed: int) -> float:
        truth = np.random.default_rng(seed).exponential(size=2_000)
        interval = rolling_intervals(truth, np.ones(2_000))[300:]
        missed = ~inside(truth[300:], interval)
        return float(np.mean(truth[300:][missed] > 1))

    claim.limit(
        "The interval is symmetric: if errors are skewed, nearly all misses lie on one side.",
        "misses above the interval", upper_misses, above=0.95,
    )  # fmt: skip


NOISE = {
    "normal": lambda rng, rows: rng.normal(size=rows),
    "uniform": lambda rng, rows: rng.uniform(-1, 1, size=rows),
    "logistic": lambda rng, rows: rng.logistic(size=rows),
    "skewed": lambda rng, rows: rng.lognormal(size=rows),
    "mostly zero": lambda rng, rows: rng.normal(size=rows) * (rng.random(rows) < 0.1),
}


def mean_over_quantile(
    seed: int, missing: float, noise: str = "normal", rows: int = 2_000
) -> float:
    """What forecasting the mean costs, in what forecasting the matching quantile costs."""
    past, after = np.split(NOISE[noise](np.random.default_rng(seed), 2 * rows), 2)
    level = cost_quantile(missing, 1)
    costs = [
        cost_of_errors(after, np.full(rows, forecast), missing, 1)
        for forecast in (past.mean(), np.quantile(past, level))
    ]
    return costs[0] / costs[1]


def test_the_cost_picks_the_quantile(claim: Claim) -> None:
    """With symmetric errors, if a missing unit costs several times a spare one, a forecast of the
    mean costs clearly more than one of the quantile that the costs pick; if both cost the same, it
    does not."""
    claim.effect(
        "cost of the mean over that of the quantile", mean_over_quantile, knob="missing", on=4.0,
        off=1.0, above=1.25, off_below=1.03, also=[{"noise": "uniform"}, {"noise": "logistic", "rows": 5_000}],
    )  # fmt: skip
    claim.limit(
        "With skewed errors the mean loses at equal costs, too: there, the median is cheapest.",
        "cost of the mean over that of the median, lognormal",
        lambda seed: mean_over_quantile(seed, 1.0, "skewed"), above=1.05,
    )  # fmt: skip
    claim.limit(
        "Where the skew puts the mean near the quantile that the costs pick, it loses next to nothing.",
        "cost of the mean over that of the quantile, lognormal",
        lambda seed: mean_over_quantile(seed, 2.0, "skewed"), below=1.04,
    )  # fmt: skip
    claim.limit(
        "It also loses little where most errors are zero.",
        "cost of the mean over that of the quantile, nine errors of ten are zero",
        lambda seed: mean_over_quantile(seed, 4.0, "mostly zero"), below=1.2,
    )  # fmt: skip


def test_daily_quantiles_do_not_add_up_to_that_of_the_week() -> None:
    """The pitfall; where days hardly differ, it costs little. Low quantiles add up to too little."""
    for memory, costly in ((0.0, 1.5), (0.4, 1.15)):
        days = series_of(0, memory, 7_000).reshape(1_000, 7)
        past, after = days[:500], days[500:].sum(axis=1)
        for missing, spare in ((9, 1), (1, 9)):
            level = cost_quantile(missing, spare)
            added, week = 7 * np.quantile(past, level), np.quantile(past.sum(axis=1), level)
            costs = [
                cost_of_errors(after, np.full(500, order), missing, spare)
                for order in (added, week)
            ]
            assert costs[0] > costly * costs[1]
            share = (after <= added).mean()
            assert share > 0.94 if level > 0.5 else share < 0.06


def series_of(seed: int, memory: float, rows: int = 900, noise: str = "normal") -> np.ndarray:
    return lfilter([1], [1, -memory], NOISE[noise](np.random.default_rng(seed), rows))


def last_value(past: np.ndarray, horizon: int) -> np.ndarray:
    return np.repeat(past[-1], horizon)


def last_week(past: np.ndarray, horizon: int) -> np.ndarray:
    return past[-7:][np.arange(horizon) % 7]


def regression(past: np.ndarray, horizon: int) -> np.ndarray:
    rest = past - past.mean()
    memory = rest[1:] @ rest[:-1] / (rest @ rest)
    return past.mean() + rest[-1] * memory ** np.arange(1, horizon + 1)


def weekday_regression(past: np.ndarray, horizon: int) -> np.ndarray:
    """The regression of the demo: towards the mean of each day of the week."""
    day = np.arange(past.size + horizon) % 7
    usual = (np.bincount(day[: past.size], past) / np.bincount(day[: past.size]))[day]
    return usual[past.size :] + regression(past - usual[: past.size], horizon)


WEEK = np.tile([0, 1, 2, 3, 4, 8, 8], 129)[:900]


@cache
def week_over_day(
    seed: int, memory: float, forecaster=regression, noise: str = "normal",
    window: int | None = None, season: float = 0.0,
) -> float:  # fmt: skip
    series = series_of(seed, memory, noise=noise) + season * WEEK
    errors = rolling_origin(forecaster, series, horizon=7, first=200, window=window).abs().mean()
    return float(errors[7] / errors[1])


def test_the_horizon(claim: Claim) -> None:
    """If a forecast builds on the latest value and knows the weekly pattern, and the rest is
    positively autocorrelated, its error a day ahead understates its error a week ahead; without
    autocorrelation, both are the same."""
    claim.effect(
        "error a week ahead over error a day ahead", week_over_day, knob="memory", on=0.9, off=0.0,
        above=1.4, off_above=0.9, off_below=1.15,
        also=[
            {"forecaster": weekday_regression, "season": 1.0}, {"forecaster": last_value},
            {"noise": "logistic", "window": 100},
        ],
    )  # fmt: skip
    claim.limit(
        "A forecast that misses the weekly pattern, such as the last value, can be worse a day ahead "
        "than a week ahead, where the weekday comes round.",
        "error a week ahead over error a day ahead",
        lambda seed: week_over_day(seed, 0.9, last_value, season=1.0), below=0.9,
    )  # fmt: skip
    assert week_over_day(0, 0.9, last_week, season=1.0) == pytest.approx(1, abs=0.03)

    def season_only(seed: int) -> float:
        season = np.tile([0, 1, 2, 3, 4, 8, 8], 100)
        noise = np.random.default_rng(seed).normal(size=season.size)
        errors = rolling_origin(last_week, season + noise, horizon=7, first=200).abs().mean()
        return float(errors[7] / errors[1])

    claim.limit(
        "A pattern that repeats every week, with independent noise, is as easy a week ahead as a day.",
        "error a week ahead over error a day ahead", season_only, below=1.1,
    )  # fmt: skip


@cache
def alarms(
    seed: int, memory: float, judge: str = "z-test", noise: str = "normal", size: int = 50, bias: float = 0.0
) -> float:  # fmt: skip
    """Share of new windows that alarm at a promised 5%, over five histories."""
    shares = []
    for run in range(5):
        series = series_of(5 * seed + run, memory, 300 * size, noise)
        scale = series.std()
        quiet, new = series[: 100 * size], series[100 * size :] + bias * scale
        table = residual_windows(quiet, new, size)
        z = np.abs(table["bias"]) * size**0.5 / quiet.std() > 1.96
        shares.append(z.mean() if judge == "z-test" else table["alarm"].mean())
    return float(np.mean(shares))


def test_residuals_that_follow_each_other(claim: Claim) -> None:
    """If each residual resembles the one before, a test for independent residuals raises false
    alarms; comparing windows with your own quiet ones keeps the promised rate."""
    others = [{"noise": "logistic"}, {"size": 25}]
    claim.effect(
        "false alarms of the z-test", alarms, knob="memory", on=0.8, off=0.0, above=0.3, off_below=0.1,
        also=others,
    )  # fmt: skip
    claim.effect(
        "false alarms at memory 0.8", lambda seed, **setting: alarms(seed, 0.8, **setting),
        knob="judge", on="quiet windows", off="z-test", below=0.1, off_above=0.3, also=others,
    )  # fmt: skip
    claim.limit(
        "Quiet windows miss small faults: with autocorrelated residuals, a bias of half a standard deviation "
        "passes in most windows.",
        "windows found", lambda seed: alarms(seed, 0.8, "ranks", bias=0.5), below=0.3,
    )  # fmt: skip
    claim.limit(
        "If residuals drift as slowly as the quiet history is long, quiet windows alarm too often.",
        "false alarms of the ranks, memory 0.999, a thousand quiet rows",
        lambda seed: np.mean([alarms(4 * seed + n, 0.999, "ranks", size=10) for n in range(4)]),
        above=0.15,
    )  # fmt: skip
    claim.limit(
        "If residuals tend to change sign each day, the test for independent ones alarms too seldom instead.",
        "false alarms of the z-test", lambda seed: alarms(seed, -0.5), below=0.02,
    )  # fmt: skip


@pytest.mark.parametrize("noise", ["normal", "skewed"])
def test_ranks_keep_their_rate_and_find_both_faults(noise: str) -> None:
    rng, found = np.random.default_rng(0), {"quiet": [], "biased": [], "wilder": []}
    for _ in range(60):
        quiet, new = NOISE[noise](rng, 40 * 20), NOISE[noise](rng, 100)
        scale, centre = quiet.std(), quiet.mean()
        changed = {"quiet": new, "biased": new + 2 * scale, "wilder": centre + 4 * (new - centre)}
        for name, residuals in changed.items():
            found[name].append(residual_windows(quiet, residuals, 20)["alarm"].mean())
    assert np.mean(found["quiet"]) < 0.05 + 0.03
    assert np.mean(found["biased"]) > 0.7
    assert np.mean(found["wilder"]) > 0.7


def test_rank_by_hand() -> None:
    quiet = np.repeat(np.arange(39.0), 2)  # windows of two: means 0 to 38
    table = residual_windows(quiet, [100.0, 100.0, 19.0, 19.0, 5.0], 2)
    assert table["bias"].tolist() == [100, 19]
    assert table["error"].tolist() == [100, 19]
    assert table["p_value"].tolist() == [2 / 40, 1.0]
    assert table["alarm"].tolist() == [True, False]
    biased = residual_windows(20 + quiet, [0.0, 0.0], 2)  # a bias that vanishes is a change, too
    assert biased["alarm"].tolist() == [True]
    # The centre is that of old and new: around it, 1 is as far as -1. Bias 2 of 5, twice.
    even = residual_windows([0.0, 0, 0, 1], [-1.0, 5.0], 1, 0.4)
    assert even["p_value"].tolist() == pytest.approx([0.8, 0.4])
    assert even["alarm"].tolist() == [False, True]  # at the rate that was asked for
    with pytest.raises(ValueError, match="quiet must hold 39 windows"):
        residual_windows(quiet[:-2], [1.0, 1.0], 2)
    with pytest.raises(ValueError, match="residuals must fill a window"):
        residual_windows(quiet, [1.0], 2)


@pytest.mark.parametrize("unit", [0.1, 1 / 3])
def test_ranks_of_ties_are_exact(unit: float) -> None:
    """In tenths, one p-value of twenty was another one: means of equal values in another order."""
    for seed in range(16):
        rng, size = np.random.default_rng(seed), 1 + seed % 4
        quiet, new = rng.integers(-3, 4, (39, size)), rng.integers(-3, 4, (40, size))
        table = residual_windows(unit * quiet.ravel(), unit * new.ravel(), size)
        usual, sizes = quiet.sum(axis=1), np.abs(quiet).sum(axis=1)
        for window, p_value in zip(new, table["p_value"], strict=True):
            own, spread = int(window.sum()), np.abs(window).sum()
            centre = Fraction(int(usual.sum()) + own, 40)
            unusual = sum(abs(int(one) - centre) >= abs(own - centre) for one in usual)
            expected = min(1, 2 * (1 + min(unusual, (sizes >= spread).sum())) / 40)
            assert p_value == pytest.approx(expected, abs=1e-12)
    week = np.arange(1, 8) * 0.1
    same = residual_windows(np.tile(week, 39), np.roll(week, 1), 7)  # from another weekday on
    assert same["p_value"].tolist() == [1]


def test_windows_of_two_precisions() -> None:
    """0.1 of float32 is above 0.1: beside quiet float64 residuals, one window in eight alarmed."""
    for seed in range(8):
        rng, size = np.random.default_rng(seed), 1 + seed % 4
        quiet, new = (rng.integers(-3, 4, size * rows) * 0.1 for rows in (60, 40))
        expected = residual_windows(quiet, new, size)[["p_value", "alarm"]]
        for then, now in (
            (quiet.astype("f4"), new),
            (quiet, new.astype("f4")),
            (quiet.astype("f4"), new.astype("f4")),
        ):
            found = residual_windows(then, now, size)[["p_value", "alarm"]]
            pd.testing.assert_frame_equal(found, expected)


def test_many_windows_take_no_minutes() -> None:
    residuals, begin = np.random.default_rng(0).normal(size=100_000), time.process_time()
    alarm = residual_windows(residuals, residuals[::-1], 1)["alarm"]
    assert 0.02 < alarm.mean() < 0.05
    assert time.process_time() - begin < 3  # seventeen seconds, when each was compared with each


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.9, 0.95])
def test_one_interval_agrees_with_mapie(coverage: float) -> None:
    rng = np.random.default_rng(0)
    for rows in (25, 100, 237):
        truth = rng.normal(size=rows)
        model = DummyRegressor(strategy="constant", constant=0.0).fit([[0.0]], [0.0])
        mapie = SplitConformalRegressor(model, confidence_level=coverage, prefit=True)
        mapie.conformalize(np.zeros((rows, 1)), truth)
        theirs = mapie.predict_interval(np.zeros((1, 1)))[1].ravel()
        ours = rolling_intervals(truth, np.zeros(rows + 1), coverage, window=rows).iloc[-1]
        assert ours.to_numpy() == pytest.approx(theirs, abs=1e-12)


def by_definition(
    truth: np.ndarray, coverage: float, window: int, delay: int, step: float
) -> np.ndarray:
    """Half-widths as Gibbs and Candès write them: a level, a quantile, an update."""
    errors, halves, levels, level = np.abs(truth), [], [], 1 - coverage
    first = int(np.ceil(coverage / (1 - coverage) - 1e-9))
    for now in range(truth.size):
        seen = errors[max(0, now - delay - window) : max(0, now - delay)]
        judged = now - delay - 1
        if judged >= first + delay:
            missed = errors[judged] > halves[judged] or levels[judged] >= 1
            level += step * ((1 - coverage) - missed)
        place = int(np.ceil((seen.size + 1) * (1 - level) - 1e-9))
        ordered = np.append(np.sort(seen), np.inf)
        halves.append(np.inf if place > seen.size else ordered[max(place, 1) - 1])
        levels.append(level)
    return np.array(halves)


@pytest.mark.parametrize(
    ("delay", "step", "window"), [(0, 0.0, 30), (3, 0.05, 50), (0, 0.2, 20), (40, 0.1, 60)]
)
def test_intervals_by_definition(delay: int, step: float, window: int) -> None:
    truth = np.random.default_rng(1).normal(size=400).round(1)  # ties
    ours = rolling_intervals(truth, np.zeros(400), 0.9, window, delay, step)["upper"]
    assert ours.tolist() == by_definition(truth, 0.9, window, delay, step).tolist()


def test_adaptation_keeps_the_average_whatever_happens() -> None:
    rng = np.random.default_rng(0)
    truth = np.cumsum(rng.standard_t(3, size=4_000)) * np.linspace(0.1, 3, 4_000)  # a bad forecast
    for coverage in (0.8, 0.9):
        interval = rolling_intervals(truth, np.zeros(4_000), coverage, step=0.05)
        held = inside(truth, interval)[10:].mean()
        assert held == pytest.approx(coverage, abs=1.1 / (0.05 * 3_990))  # their bound


def test_late_truths_want_a_small_step() -> None:
    for seed in range(3):
        truth = np.random.default_rng(seed).normal(
            0, np.interp(np.arange(2_000), [500, 2_000], [1, 3])
        )
        none, small, large = (
            rolling_intervals(truth, np.zeros(2_000), delay=100, step=step)[500:]
            for step in (0.0, 0.001, 0.02)
        )
        gain = inside(truth[500:], small).mean() - inside(truth[500:], none).mean()
        assert gain > 0.015 and np.isfinite(small["upper"]).all()
        assert np.isinf(large["upper"]).mean() > 0.25


def test_intervals_look_back_only() -> None:
    truth = np.random.default_rng(0).normal(size=300)
    base = rolling_intervals(truth, np.zeros(300), delay=5, step=0.05)
    moved = truth.copy()
    moved[200:] = 1e6
    other = rolling_intervals(moved, np.zeros(300), delay=5, step=0.05)
    pd.testing.assert_frame_equal(base[:206], other[:206])
    assert not base[206:].equals(other[206:])
    assert np.isinf(base["upper"][:14]).all()
    assert np.isfinite(base["upper"][14])
    ahead = rolling_intervals(truth[:290], np.zeros(296), delay=5, step=0.05)
    pd.testing.assert_frame_equal(base[:296], ahead)
    with pytest.raises(ValueError, match="truths and forecasts"):
        rolling_intervals(truth[:290], np.zeros(297), delay=5)
    with pytest.raises(ValueError, match="window must be at least 9"):
        rolling_intervals(truth, truth, window=8)
    same = rolling_intervals(np.zeros(100), np.zeros(100), step=0.1)
    assert (same["upper"][9:] == 0).all()  # errors that are all zero


@pytest.mark.parametrize(("missing", "spare"), [(1, 1), (9, 1), (2, 5), (1e-3, 10)])
def test_cost_agrees_with_sklearn(missing: float, spare: float) -> None:
    rng = np.random.default_rng(0)
    truth, forecast = rng.normal(size=(2, 500)).round(1)
    level = cost_quantile(missing, spare)
    theirs = (missing + spare) * mean_pinball_loss(truth, forecast, alpha=level)
    assert cost_of_errors(truth, forecast, missing, spare) == pytest.approx(theirs, rel=1e-12)
    order = np.sort(truth)
    costs = [cost_of_errors(truth, np.full(500, value), missing, spare) for value in order]
    best = np.quantile(truth, level, method="inverted_cdf")
    assert cost_of_errors(truth, np.full(500, best), missing, spare) == pytest.approx(min(costs))


def test_a_model_for_the_quantile_pays_where_the_spread_depends_on_inputs() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.uniform(size=(2_000, 1))
    truth = rng.normal(size=2_000) * (0.2 + 4 * inputs[:, 0])
    model = HistGradientBoostingRegressor(
        loss="quantile", quantile=cost_quantile(9, 1), max_iter=20
    )
    forecast = model.fit(inputs[:1_000], truth[:1_000]).predict(inputs[1_000:])
    constant = np.full(1_000, np.quantile(truth[:1_000], 0.9))
    own, one = (cost_of_errors(truth[1_000:], each, 9, 1) for each in (forecast, constant))
    assert own < 0.95 * one


def test_exercise() -> None:
    assert cost_quantile(4, 1) == pytest.approx(0.8)
    assert cost_of_errors([10, 10], [8, 13], missing=4, spare=1) == (4 * 2 + 3) / 2


def test_a_model_with_other_inputs_finds_them_by_the_size_of_the_past() -> None:
    rng = np.random.default_rng(0)
    price = rng.normal(5, 1, (200, 1))  # known ahead
    sales = 100 - 8 * price[:, 0] + rng.normal(size=200)

    def by_price(past: np.ndarray, horizon: int) -> np.ndarray:
        now = past.size
        model = LinearRegression().fit(price[:now], past)
        return model.predict(price[now : now + horizon])

    errors = rolling_origin(by_price, sales, horizon=7, first=100, every=10)
    model = LinearRegression().fit(price[:150], sales[:150])
    assert errors.loc[150].to_numpy() == pytest.approx(
        sales[150:157] - model.predict(price[150:157])
    )
    assert (
        errors.abs().mean().max()
        < 1.5
        < rolling_origin(last_week, sales, 7, 100).abs().mean().min()
    )


def test_rolling_origin_agrees_with_time_series_split() -> None:
    series = series_of(0, 0.9, 200)
    ours = rolling_origin(regression, series, horizon=5, first=100, every=5)
    for train, test in TimeSeriesSplit(20, test_size=5).split(series):
        errors = series[test] - regression(series[train], 5)
        assert ours.loc[test[0]].to_numpy() == pytest.approx(errors, abs=1e-12)
    assert ours.shape == (20, 5)
    assert ours.columns.tolist() == [1, 2, 3, 4, 5]
    windowed = rolling_origin(lambda past, ahead: [past.size] * ahead, np.zeros(9), 2, 3, window=4)
    assert windowed.index.tolist() == [3, 4, 5, 6, 7]
    assert (-windowed[1]).tolist() == [3, 4, 4, 4, 4]


def test_a_forecaster_cannot_change_the_series() -> None:
    def greedy(past: np.ndarray, horizon: int) -> np.ndarray:
        first = past[0]
        past[:] = 0
        return np.full(horizon, first)

    series = np.arange(1.0, 11)
    errors = rolling_origin(greedy, series, horizon=2, first=3)
    assert errors[1].tolist() == [3, 4, 5, 6, 7, 8]
    for wrong in (lambda past, horizon: past[-1:], lambda past, horizon: ["a"] * horizon):
        with pytest.raises((TypeError, ValueError), match="forecaster"):
            rolling_origin(wrong, series, horizon=2, first=3)
    with pytest.raises(ValueError, match="series"):
        rolling_origin(last_value, series, horizon=8, first=3)


def test_overlapping_forecasts_leave_residuals_that_follow_each_other() -> None:
    errors = rolling_origin(regression, series_of(0, 0.9, 2_000), horizon=7, first=500)
    following = [np.corrcoef(errors[ahead][1:], errors[ahead][:-1])[0, 1] for ahead in (1, 7)]
    assert abs(following[0]) < 0.1
    assert following[1] > 0.6


def test_a_regression_is_retrained_by_the_same_replay() -> None:
    rng = np.random.default_rng(0)
    month = np.repeat(np.arange(8), 50)
    inputs = rng.normal(size=(400, 2))
    truth = inputs @ [1, 1] + 0.5 * month * inputs[:, 0] + rng.normal(size=400)
    scoring = "neg_mean_absolute_error"
    never, monthly = (
        backtest_cadence(LinearRegression(), inputs, truth, month, every=every, window=1, scoring=scoring)
        for every in (None, 1)
    )  # fmt: skip
    assert monthly.mean() > never.mean() + 0.3


def test_a_long_horizon_of_a_small_type_is_told_right() -> None:
    with pytest.raises(ValueError, match=r"at least first \+ horizon = 227 rows, got 60"):
        rolling_origin(lambda past, ahead: past[-1:], np.arange(60.0), np.int8(127), np.int8(100))


def test_bad_input_is_named() -> None:
    truth = np.random.default_rng(0).integers(0, 40, 60).astype(float)
    names_bad_input(
        rolling_intervals, truths=truth, forecasts=truth[::-1].copy(), paired=["truths", "forecasts"],
        window=20, coverage=0.8, allow=[("forecasts", LONG), ("truths", SHORT)],
        bounds={"delay": "[0, inf)", "step": "[0, 1]", "window": "[4, inf)"},
    )  # fmt: skip
    names_bad_input(cost_quantile, missing=3.0, spare=1.0)
    names_bad_input(
        cost_of_errors, truths=truth, forecasts=truth[::-1].copy(), missing=3.0, spare=1.0,
        paired=["truths", "forecasts"],
    )  # fmt: skip
    names_bad_input(
        rolling_origin, forecaster=last_value, series=truth, horizon=3, first=20, window=8,
        allow=[("window", NONE)], bounds={"every": "[1, inf)", "window": "[1, inf)"},
    )  # fmt: skip
    names_bad_input(
        residual_windows, quiet=truth, residuals=truth[::-1].copy(), size=2, false_alarm_rate=0.2
    )  # fmt: skip
