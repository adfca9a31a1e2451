"""docs/beyond/symptom-to-cause.md"""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression

from docs.beyond.figures.first_checks import CHECKS, KNOB, applicants, measure
from proof.claims import Claim
from snippets.beyond.label_delay import label_wait, observed_by_age
from snippets.data.drift_report import drift_report
from snippets.data.input_contract import check_contract, infer_contract
from snippets.data.reliability_table import reliability_table
from snippets.lifecycle.latency_quantiles import latency_quantile
from snippets.lifecycle.queue_times import response_times
from tools.bad_input import names_bad_input


def test_each_cause_sets_off_its_check(claim: Claim) -> None:
    """Of four checks on a served model, the contract alarms at a yearly amount in a monthly column,
    drift at clearly moved inputs, calibration at a moved rate of events, and parity at a server that
    scales its batch."""
    others = [{"served": 2_000, "runs": 2}, {"trained": 4_000, "runs": 2}]
    for cause, check in zip(("unit", "inputs", "relation", "server"), CHECKS, strict=True):
        claim.effect(
            f"runs in which {check} alarms", lambda seed, cause, check=check, **given: measure(seed, cause, check, **given),
            knob="cause", on=cause, off=KNOB.ends["off"], above=0.8, off_below=0.4, also=others,
        )  # fmt: skip

    def quiet(seed: int) -> float:
        """Return the share of alarms of checks that another cause than theirs should set off."""
        strange = [("inputs", "calibration"), ("inputs", "parity"), ("relation", "contract"),
                   ("relation", "drift"), ("relation", "parity"), ("server", "contract"), ("server", "drift")]  # fmt: skip
        return np.mean([measure(seed, cause, check) for cause, check in strange])

    assert max(quiet(seed) for seed in range(2)) < 0.15
    assert measure(0, "unit", "drift") == measure(0, "unit", "calibration") == 1  # its pattern
    claim.limit(
        "A feature computed wrongly before the model leaves parity quiet: that compares ways to call the model.",
        "runs in which parity alarms", lambda seed: measure(seed, "unit", "parity"), below=0.1,
    )  # fmt: skip
    claim.limit(
        "A relation lost while the rate of events stays leaves calibration over all rows quiet.",
        "runs in which calibration alarms", lost_relation, below=0.3,
    )  # fmt: skip
    claim.limit(
        "A unit a tenth larger stays within the contract; drift sees it.",
        "runs in which drift alarms, minus those of the contract", a_tenth_larger, above=0.7,
    )  # fmt: skip
    for trained, served in ((200, 4_000), (1_000, 50_000)):
        claim.limit(
            "A model fitted on far fewer rows than it scored sets off calibration without a cause.",
            "runs in which calibration alarms", lambda seed, trained=trained, served=served:
            measure(seed, "nothing", "calibration", trained=trained, served=served), above=0.1,
        )  # fmt: skip
    claim.limit(
        "With a hundred served rows, calibration seldom sees the rate move.",
        "runs in which calibration alarms",
        lambda seed: measure(seed, "relation", "calibration", runs=12, served=100), below=0.5,
    )  # fmt: skip


def lost_relation(seed: int) -> float:
    rng, alarms = np.random.default_rng(seed), []
    reference, known = applicants(rng, 8_000)
    model = LogisticRegression(max_iter=200).fit(reference, known)
    for _ in range(4):
        score = model.predict_proba(applicants(rng, 4_000)[0])[:, 1]
        outcome = rng.random(4_000) < rng.permutation(score)  # the rate stays, the order is luck
        rate = reliability_table(score, outcome, by=np.zeros(4_000), confidence=0.99).iloc[0]
        alarms.append(not rate["low"] <= 1 <= rate["high"])
        by_score = reliability_table(score, outcome, by=score.round(1), confidence=0.99)
        assert ((by_score["low"] > 1) | (by_score["high"] < 1)).any()
    return np.mean(alarms)


def a_tenth_larger(seed: int) -> float:
    rng, gaps = np.random.default_rng(seed), []
    for _ in range(5):
        reference, table = applicants(rng, 8_000)[0], applicants(rng, 4_000)[0]
        table["income"] *= 1.1
        drift = drift_report(reference, table)["alarm"].any()
        gaps.append(int(drift) - bool(check_contract(infer_contract(reference), table)))
    return np.mean(gaps)


@cache
def newest(
    seed: int, wait: float, shape: str = "gamma", rate: float = 0.1, later: float = 1.0
) -> float:
    """Return observed over expected of the youngest twenty days that count."""
    rng = np.random.default_rng(seed)
    age = rng.uniform(0, 160, 40_000)
    score = rng.beta(20 * rate, 20 * (1 - rate), age.size)
    slow = np.where(age < 100, later, 1)
    draws = {
        "gamma": rng.gamma(2, 10, age.size),
        "lognormal": np.exp(rng.normal(2.6, 0.5, age.size)),
    }
    delay = slow * draws[shape]
    event = (rng.random(age.size) < score) & (delay <= age)
    counted = (age >= wait) & (age < wait + 20)
    return event[counted].sum() / score[counted].sum()


def test_late_reports_look_like_decay(claim: Claim) -> None:
    """If events are reported late, a model that is right looks as if it decays in the newest weeks;
    counted only once the wait is over, it does not."""
    claim.effect(
        "observed/expected of the youngest days", newest, knob="wait", on=0, off=60,
        below=0.6, off_above=0.8, also=[{"shape": "lognormal"}, {"rate": 0.03}],
    )  # fmt: skip
    claim.limit(
        "If events are reported later than they used to be, the wait from old predictions is too short.",
        "observed/expected after the wait, reports three times as late",
        lambda seed: newest(seed, 60, later=3), below=0.8,
    )  # fmt: skip
    claim.limit(
        "A history shorter than the slowest reports gives too short a wait.",
        "wait from thirty days, of that from three hundred",
        lambda seed: waited(seed, 30) / waited(seed, 300), below=0.7,
    )  # fmt: skip

    claim.limit(
        "With several rows of a customer, the interval is too short.",
        "share of intervals that hold one, for 95%", several_rows, below=0.85,
    )  # fmt: skip
    claim.limit(
        "Right after a wait for 95%, some events are still missing; with millions of rows that looks like decay.",
        "upper end of observed/expected, first complete age", lambda seed: just_complete(seed, 0.95), below=0.998,
    )  # fmt: skip
    assert just_complete(0, 0.999) > 1.005


@cache
def just_complete(seed: int, share: float, rows: int = 2_000_000) -> float:
    """Return the upper end of the first complete age group; the scores are right."""
    rng = np.random.default_rng(seed)
    age, score, delay = rng.integers(0, 140, rows), np.full(rows, 0.1), rng.gamma(2, 10, rows)
    event = (rng.random(rows) < score) & (delay <= age)
    wait = label_wait(age[event], delay[event], share)
    near = (age >= wait) & (age < 1.1 * wait)
    table = observed_by_age(age[near], event[near], score[near], wait, width=wait / 10)
    return table.loc[table["complete"], "high"].iloc[0]


def several_rows(seed: int) -> float:
    """Return how often the interval holds one, if five rows of a customer share the outcome."""
    rng, held = np.random.default_rng(seed), []
    for _ in range(60):
        event = np.repeat(rng.random(200) < 0.2, 5)
        row = observed_by_age(np.zeros(1_000), event, np.full(1_000, 0.2), 0, 1).iloc[0]
        held.append(row["low"] <= 1 <= row["high"])
    return np.mean(held)


def waited(seed: int, history: float) -> float:
    rng = np.random.default_rng(seed)
    age, delay = rng.uniform(0, history, 20_000), rng.gamma(2, 10, 20_000)
    return label_wait(age[delay <= age], delay[delay <= age])


def test_groups_begin_at_multiples_of_the_width() -> None:
    age = np.arange(30) / 10
    table = observed_by_age(age, np.zeros(30), np.full(30, 0.5), wait=1, width=0.1)
    assert table.index.tolist() == age.tolist() and (table["rows"] == 1).all()
    assert table["complete"].sum() == 20
    for wait in 47 + np.random.default_rng(0).random(20):
        table = observed_by_age([1, wait, wait + 1], [0, 1, 0], [0.5] * 3, wait, width=wait)
        assert table["complete"].tolist() == [False, True]


def test_the_wait_is_that_of_the_reports() -> None:
    rng = np.random.default_rng(0)
    age, delay = rng.uniform(0, 300, 50_000), rng.gamma(2, 10, 50_000)
    known = delay <= age
    for share in (0.5, 0.9, 0.99):
        found = label_wait(age[known], delay[known], share)
        assert found == pytest.approx(np.quantile(delay, share), rel=0.05)
    naive = np.quantile(delay[known & (age < 40)], 0.9)
    assert naive < 0.8 * label_wait(age[known], delay[known], 0.9)


def test_ages_by_hand() -> None:
    age, event = [0, 5, 12, 19, 25], [0, 1, 1, 0, 1]
    table = observed_by_age(age, event, [0.5, 0.5, 0.25, 0.25, 0.1], wait=20, width=10)
    assert table.index.tolist() == [0, 10, 20]
    assert table["rows"].tolist() == [2, 2, 1]
    assert table["ratio"].tolist() == [1, 2, 10]
    assert table["complete"].tolist() == [False, False, True]
    for row, (events, rows, expected) in zip(
        table.itertuples(), [(1, 2, 1), (1, 2, 0.5), (1, 1, 0.1)], strict=True
    ):
        exact = binomtest(events, rows).proportion_ci()
        assert (row.low, row.high) == pytest.approx(
            (exact.low * rows / expected, exact.high * rows / expected)
        )


def test_solution() -> None:
    rng = np.random.default_rng(1)
    age = rng.integers(0, 140, 40_000)
    score = rng.beta(2, 18, age.size)
    event = (rng.random(age.size) < np.where(age < 90, 1.5, 1) * score) & (
        rng.gamma(2, 10, age.size) <= age
    )
    table = observed_by_age(age, event, score, wait=50, width=20)
    assert table.loc[0, "high"] < 1 < min(table.loc[age, "low"] for age in (20, 40, 60))
    assert table.loc[100, "low"] < 1 < table.loc[100, "high"]


@pytest.mark.parametrize("queued", [False, True])
def test_slower_than_yesterday_is_asked_outside_the_queue(queued: bool) -> None:
    """Of two equal days of a service that is 80% busy, the intervals of p99 lie apart by chance."""

    def interval(rng: np.random.Generator) -> tuple[float, float]:
        served = rng.exponential(1, 10_000)
        arrivals = rng.exponential(1 / 0.8, 10_000).cumsum()
        times = response_times(arrivals, served) if queued else served
        return latency_quantile(times, 0.99)[1:]

    days = [interval(np.random.default_rng(day)) for day in range(40)]
    apart = [one[0] > two[1] or two[0] > one[1] for one, two in zip(days[::2], days[1::2])]
    assert np.mean(apart) > 0.4 if queued else np.mean(apart) < 0.15


def test_young_predictions_do_not_shorten_the_wait() -> None:
    age = np.r_[np.full(60, 100.0), np.full(900, 10.0)]
    delay = np.r_[np.linspace(41, 100, 60), np.full(900, 5.0)]  # the young show their short ones
    assert label_wait(age, delay, 0.5) == 71


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    age, delay = rng.uniform(60, 100, 200), rng.uniform(0, 30, 200)
    names_bad_input(
        label_wait, age=age, delay=delay, paired=["age", "delay"], bounds={"share": "(0, 1)"}
    )
    rows = {"age": age, "event": rng.integers(0, 2, 200), "score": rng.uniform(0.1, 0.9, 200)}
    names_bad_input(observed_by_age, **rows, wait=70.0, width=10.0, paired=list(rows))
    with pytest.raises(ValueError, match="delay must be at least zero and at most the age"):
        label_wait(age, age + 1)
    with pytest.raises(ValueError, match="age must reach the longest delay in 50 events, got 1"):
        label_wait([10, 90], [5, 60])


def test_shares_and_widths_of_any_kind() -> None:
    delay = np.arange(101.0)
    for share in (0.07, 0.14, 0.28, 0.55, 0.56):  # share * 100 is a bit above a whole number
        assert label_wait(np.full(101, 200.0), delay, share) == round(share * 100)
    many = np.arange(200_001.0)
    share = np.float16(0.95)  # 200,000 is beyond its range
    assert label_wait(many + 3e5, many, share) == np.ceil(float(share) * 200_000)
    rows = ([1, 2, 3], [0, 1, 0], [0.5] * 3)
    table = observed_by_age(*rows, Fraction(2), Fraction(1, 2))
    assert table.equals(observed_by_age(*rows, 2, 0.5))
    with pytest.raises(ValueError, match="width must be between 1e-08 and inf"):
        observed_by_age([1e-11, 2e-11], [0, 1], [0.5] * 2, 1e-11, 1e-11)  # rounded to one group


def test_a_delay_of_the_whole_age() -> None:
    """0.7 - 0.4 is below 0.3 by the last bit: the delay counted as longer than its age."""
    assert label_wait([0.7 - 0.4] * 60, [0.3] * 60) == 0.3
    assert label_wait([0.7 - 0.4] * 60 + [0.2] * 5, [0.3] + [0.1] * 64, 0.5) == 0.1
    with pytest.raises(ValueError, match="delay must be at least zero and at most the age"):
        label_wait([0.299] * 60, [0.3] * 60)
