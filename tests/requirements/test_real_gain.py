"""docs/requirements/real-gain.md"""

from functools import cache
from math import ceil
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binom, norm
from sklearn.datasets import make_classification
from sklearn.tree import DecisionTreeClassifier
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from docs.requirements.figures.gain_and_disagreement import KNOB, measure
from proof.claims import Claim
from snippets.requirements.lead_by_luck import chance_of_lead, lead_by_luck
from snippets.requirements.paired_gain import paired_gain
from snippets.requirements.rows_needed import rows_separate, rows_shared
from tools.bad_input import names_bad_input


def answers(rng, rows, old, new, both):
    counts = rng.multinomial(rows, [both, old - both, new - both, 1 - old - new + both])
    return [np.repeat(right, counts) for right in ([1, 1, 0, 0], [1, 0, 1, 0])]


def power(seed: int, rows: int, gain: float, disagreement: float, **setting: float) -> float:
    return measure(seed, disagreement, rows, gain, count=60, **setting)


def test_a_tenth_of_a_point_is_invisible(claim: Claim) -> None:
    """Ten thousand test rows usually miss a true gain of a tenth of a point if the two models
    disagree on a few rows in a hundred."""
    claim.effect(
        "comparisons that find it", lambda seed, **given: measure(seed, count=200, **given),
        knob="disagreement", **KNOB.ends,
        below=0.35, off_above=0.75, only="Ten thousand test rows",
    )  # fmt: skip
    for seed in range(3):
        assert measure(seed, 0.05, count=200) < 0.2  # "a few rows in a hundred" is more than two
    claim.limit(
        "A gain ten times as large shows on the same ten thousand rows.",
        "comparisons that find it", lambda seed: power(seed, 10_000, 0.01, 0.02), above=0.9,
    )  # fmt: skip
    claim.limit(
        "If rows come in groups that are right or wrong together, equal models differ "
        "significantly far too often.",
        "false alarms, ten rows together",
        lambda seed: power(seed, 5_000, 0, 0.1, together=10), above=0.3,
    )  # fmt: skip


def power_separate(seed: int, rows: int, old: float, new: float) -> float:
    rng = np.random.default_rng(seed)
    shares = [rng.binomial(rows, rate, 2_000) / rows for rate in (old, new)]
    error = np.sqrt(sum(share * (1 - share) for share in shares) / rows)
    return np.mean(abs(shares[1] - shares[0]) / error > norm.isf(0.025))


def test_a_shared_test_set_sees_more(claim: Claim) -> None:
    """Two models that err on mostly the same rows need far fewer rows on a shared test set than
    on two separate ones."""

    def lead(seed: int, apart: float, old: float = 0.95, gain: float = 0.01) -> float:
        """Power, shared minus separate; 1 is the disagreement of independent errors."""
        new = old + gain
        disagreement = gain + apart * (old * (1 - new) + new * (1 - old) - gain)
        rows = rows_shared(gain, disagreement)
        return power(seed, rows, gain, disagreement, old=old) - power_separate(seed, rows, old, new)

    claim.effect(
        "power at the rows that a shared set needs, shared minus separate", lead,
        knob="apart", on=0.15, off=1.0, above=0.3, off_above=-0.2, off_below=0.2,
        also=[{"old": 0.7, "gain": 0.05}, {"old": 0.98, "gain": 0.005}],
    )  # fmt: skip
    claim.limit(
        "Models that err on opposite rows need more rows on a shared test set than on each of two "
        "separate ones.",
        "power, shared minus separate", lambda seed: lead(seed, 1.8, 0.5, 0.05), below=-0.03,
    )  # fmt: skip


@cache
def mean_leads(
    seed: int, separation: float = 0.8, signs_only: bool = False, skill: bool = False
) -> dict[int, np.ndarray]:
    """Lead of the best of fifty over their average, there and on six thousand fresh rows."""
    leads: dict[int, list[list[float]]] = {500: [], 10_000: []}
    for contest in range(6 * seed, 6 * (seed + 1)):
        inputs, labels = make_classification(
            17_500, n_informative=8, flip_y=0.1, class_sep=separation, random_state=contest
        )
        inputs = np.sign(inputs) if signs_only else inputs
        signs, rng = 2 * labels - 1, np.random.default_rng(contest)
        weights = []
        for size in np.geomspace(30, 1_500, 50).astype(int) if skill else [400] * 50:
            part = rng.choice(1_500, size, replace=False)
            weights.append(np.linalg.lstsq(inputs[part], signs[part])[0])
        right = (inputs[1_500:] @ np.transpose(weights) > 0) == (signs[1_500:, None] > 0)
        fresh = right[10_000:].mean(axis=0)
        for rows, found in leads.items():
            public = right[:rows].mean(axis=0)
            best = public.argmax()
            found.append([public[best] - public.mean(), fresh[best] - fresh.mean()])
    return {rows: np.mean(found, axis=0) for rows, found in leads.items()}


def lead_lost(seed: int, rows: int, **setting: Any) -> float:
    there, later = mean_leads(seed, **setting)[rows]
    return 1 - later / there


def test_the_winner_keeps_little(claim: Claim) -> None:
    """The winner among fifty similar models on a small test set loses most of its lead over
    their average on fresh rows."""
    claim.effect(
        "share of the lead lost", lead_lost,
        knob="rows", on=500, off=10_000, above=0.55, off_below=0.5,
        also=[{"separation": 1.2}, {"signs_only": True}],
    )  # fmt: skip
    claim.limit(
        "If the entrants really differ, the winner keeps most of its lead even on a small test set; "
        "among small trees, about half.",
        "share of the lead lost, fitted on thirty rows to fifteen hundred",
        lambda seed: lead_lost(seed, 500, skill=True), below=0.5,
    )  # fmt: skip
    claim.limit(
        "If the entrants really differ, the winner keeps most of its lead even on a small test set; "
        "among small trees, about half.",
        "share of the lead lost by trees of depth three", lost_by_trees, above=0.1, below=0.7,
    )  # fmt: skip


def lost_by_trees(seed: int) -> float:
    """Return the share of the lead on five hundred rows that the best of fifty trees loses."""
    leads = []
    for contest in range(3 * seed, 3 * (seed + 1)):
        inputs, labels = make_classification(
            6_000, n_informative=8, flip_y=0.1, class_sep=0.8, random_state=contest
        )
        rng, right = np.random.default_rng(contest), []
        for _ in range(50):
            part = rng.choice(1_500, 400, replace=False)
            tree = DecisionTreeClassifier(max_depth=3, random_state=0)
            right.append(tree.fit(inputs[part], labels[part]).predict(inputs[1_500:]))
        hits = np.equal(right, labels[1_500:])
        public, fresh = hits[:, :500].mean(axis=1), hits[:, 500:].mean(axis=1)
        leads.append([values[public.argmax()] - values.mean() for values in (public, fresh)])
    there, later = np.mean(leads, axis=0)
    return 1 - later / there


@pytest.mark.parametrize("seed", range(20))
def test_p_value_is_that_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    old, new = rng.random((2, 200)) < [[0.8], [0.85]]
    table = [[np.sum(a & b) for b in (new, ~new)] for a in (old, ~old)]
    found = paired_gain(old, new)
    (_, lost), (won, _) = table
    exact, normal = mcnemar(table).pvalue, mcnemar(table, exact=False, correction=False).pvalue
    if won != lost:
        assert found["p_value"] == pytest.approx(exact - binom.pmf(won, won + lost, 0.5))
    assert found["p_value"] == pytest.approx(normal, abs=0.04)
    assert found["gain"] == pytest.approx(new.mean() - old.mean())
    assert found["disagreement"] == pytest.approx(np.mean(old != new))
    back = paired_gain(new, old)
    assert (back["low"], back["high"]) == pytest.approx((-found["high"], -found["low"]))


def test_interval_holds_the_truth_at_its_rate() -> None:
    """Also for rare disagreements and accuracies near one, where Wald's interval fails."""
    rng = np.random.default_rng(0)
    for rows, old, gain, both, confidence in (
        (100, 0.85, 0.05, 0.82, 0.9), (1_000, 0.85, 0.01, 0.82, 0.95), (400, 0.99, 0.005, 0.988, 0.95)
    ):  # fmt: skip
        pairs = (answers(rng, rows, old, old + gain, both) for _ in range(300))
        found = [paired_gain(*pair, confidence) for pair in pairs]
        held = np.mean([test["low"] <= gain <= test["high"] for test in found])
        assert confidence - 0.03 < held < confidence + 0.035


@pytest.mark.parametrize(("won", "lost", "rows"), [(30, 12, 400), (5, 0, 60), (9, 14, 25)])
def test_ends_of_the_interval_are_where_the_score_test_rejects(
    won: int, lost: int, rows: int
) -> None:
    old, new = (np.repeat(r, [won, lost, rows - won - lost]) for r in ([0, 1, 1], [1, 0, 1]))
    found = paired_gain(old, new)
    for end in (found["low"], found["high"]):

        def surprise(share: float, end: float = end) -> float:  # minus the likelihood, under `end`
            left = 1 - 2 * share - end
            return -(
                won * np.log(share + end)
                + lost * np.log(share)
                + (rows - won - lost) * np.log(left)
            )

        bounds = (max(0, -end) + 1e-12, (1 - end) / 2 - 1e-12)
        share = minimize_scalar(
            surprise, bounds=bounds, method="bounded", options={"xatol": 1e-13}
        ).x
        error = np.sqrt(rows * (2 * share + end - end**2))
        assert abs(won - lost - rows * end) / error == pytest.approx(norm.isf(0.025), rel=1e-3)


def test_interval_and_p_value_agree() -> None:
    for won in range(30):
        for lost in range(won + 1):
            pair = [np.repeat(r, [won, lost, 60]) for r in ([0, 1, 1], [1, 0, 1])]
            for confidence in (0.8, 0.95) if won < 12 else (0.95,):
                found = paired_gain(*pair, confidence)
                assert (found["p_value"] < 1 - confidence) == (found["low"] > 0), (won, lost)
    for won, lost in ((10, 0), (13, 1), (20, 4)):  # mid-p rejects, and the score does not
        pair = [np.repeat(r, [won, lost, 60]) for r in ([0, 1, 1], [1, 0, 1])]
        found, back = paired_gain(*pair, 0.999), paired_gain(*pair[::-1], 0.999)
        assert found["p_value"] < 0.001 and found["low"] > 0
        assert back["high"] == -found["low"] == pytest.approx(0, abs=1e-9)


def test_a_small_confidence_has_an_interval() -> None:
    for won, rows in ((0, 1), (1, 1), (0, 100_000)):  # brentq saw no change of sign
        found = paired_gain([0] * rows, [1] * won + [0] * (rows - won), 1e-5)
        assert found["low"] <= found["gain"] <= found["high"]


def test_gain_by_hand() -> None:
    same = paired_gain([1, 0, 1], [True, False, True])
    assert (same["gain"], same["disagreement"], same["p_value"]) == (0, 0, 1)
    squared = 1.959964**2
    assert same["high"] == pytest.approx(squared / (3 + squared))  # as for a share of none in three
    assert same["low"] == pytest.approx(-same["high"])
    one = paired_gain([0], [1])
    assert (one["gain"], one["high"], one["p_value"]) == pytest.approx((1, 1, 0.5))
    assert paired_gain([1], [0])["low"] == -1
    four = paired_gain([0, 0, 0, 0, 1], [1, 1, 1, 1, 1])
    assert four["p_value"] == pytest.approx(0.5**4)
    seven = paired_gain([1] * 893 + [0] * 100 + [0] * 7, [1] * 893 + [0] * 100 + [1] * 7)
    assert seven["gain"] == 0.007 and seven["p_value"] < 0.02  # below the deviation of either


@pytest.mark.parametrize(("gain", "disagreement"), [(0.05, 0.1), (0.05, 0.05), (0.2, 0.2)])
def test_rows_keep_their_promise(gain: float, disagreement: float) -> None:
    rng, rows = np.random.default_rng(0), rows_shared(gain, disagreement)
    both = 0.9 - disagreement
    pairs = [
        answers(rng, rows, 0.9 - (disagreement + gain) / 2, 0.9 - (disagreement - gain) / 2, both)
        for _ in range(300)
    ]
    assert np.mean([paired_gain(*pair)["p_value"] < 0.05 for pair in pairs]) > 0.75


@pytest.mark.parametrize("old", [0.6, 0.8, 0.9, 0.95])
def test_rows_agree_with_statsmodels(old: float) -> None:
    for power_, significance in ((0.8, 0.05), (0.9, 0.01)):
        effect = proportion_effectsize(old + 0.001, old)
        expected = NormalIndPower().solve_power(effect, alpha=significance, power=power_)
        found = rows_separate(old, old + 0.001, power_, significance)
        assert found == pytest.approx(expected, rel=1e-3)  # the arcsine differs slightly
        assert found == pytest.approx(rows_separate(old + 0.001, old, power_, significance))


def test_rows_by_hand() -> None:
    assert rows_separate(0.4, 0.6) == ceil(
        (norm.isf(0.025) * 0.5**0.5 + norm.isf(0.2) * 0.48**0.5) ** 2 / 0.2**2
    )
    assert rows_shared(0.1, 0.1) == ceil(
        (norm.isf(0.025) * 0.1**0.5 + norm.isf(0.2) * 0.3) ** 2 / 0.01
    )
    for power_, level in ((0.5, 0.05), (0.8, 0.01)):
        reach = norm.isf(level / 2) * 0.3**0.5 + norm.ppf(power_) * (0.3 - 0.01) ** 0.5
        assert rows_shared(0.1, 0.3, power_, level) == ceil((reach / 0.1) ** 2)
    assert isinstance(rows_separate(0.5, 0.6), int) and isinstance(rows_shared(0.1, 0.2), int)


def test_few_rows_keep_their_promise() -> None:
    """By the exact power, where the normal approximation counts on a handful of rows."""
    for old, new in ((0.01, 0.99), (0.2, 0.9), (0.5, 0.9), (0.5, 0.99)):  # one row each was enough
        rows = rows_separate(old, new)
        right = np.arange(rows + 1)
        chance = binom.pmf(right, rows, old)[:, None] * binom.pmf(right, rows, new)
        apart, both = abs(right[:, None] - right) / rows, (right[:, None] + right) / (2 * rows)
        found = apart > norm.isf(0.025) * np.sqrt(2 * both * (1 - both) / rows)
        assert chance[found].sum() > 0.75
    for gain, power_, level in ((0.01, 0.5, 0.05), (0.01, 0.3, 0.2), (0.99, 0.5, 0.05)):
        rows = rows_shared(gain, gain, power_, level)  # no row is lost
        wins = np.arange(rows + 1)
        assert binom.pmf(wins, rows, gain)[0.5**wins < level].sum() > power_ - 1e-9


@pytest.mark.parametrize("entrants", [2, 10, 50])
def test_luck_is_the_mean_of_the_largest(entrants: int) -> None:
    rng = np.random.default_rng(entrants)
    best = rng.binomial(300, 0.85, (20_000, entrants)).max(axis=1) / 300
    assert lead_by_luck(0.85, 300, entrants) == pytest.approx(best.mean() - 0.85, abs=0.0006)
    assert lead_by_luck(0.85, 300, 1) == pytest.approx(0, abs=1e-12)


def test_luck_by_hand() -> None:
    assert lead_by_luck(0.5, 1, 2) == pytest.approx(0.25)  # the better of two coins
    assert lead_by_luck(0.2, 1, 3) == pytest.approx(1 - 0.8**3 - 0.2)
    assert chance_of_lead(1 - 1e-9, 0.5, 1, 2) == pytest.approx(0.5)  # one coin of two
    assert lead_by_luck(0.9, 10**8, 2) == pytest.approx(np.sqrt(0.09 / 10**8 / np.pi), rel=1e-3)


@pytest.mark.parametrize("entrants", [2, 50])
def test_chance_of_a_lead_by_simulation(entrants: int) -> None:
    counts = np.sort(np.random.default_rng(0).binomial(500, 0.85, (20_000, entrants)), axis=1)
    for rows in (3, 8):
        expected = np.mean(counts[:, -1] - counts[:, -2] >= rows)
        assert chance_of_lead(rows / 500, 0.85, 500, entrants) == pytest.approx(expected, abs=0.012)


def test_the_lead_is_smaller_where_entrants_err_on_the_same_rows() -> None:
    rng, alike = np.random.default_rng(0), []
    for easy in rng.beta(0.425, 0.075, (400, 500)):  # how many of the entrants have a row right
        counts = np.sort((rng.random((50, 500)) < easy).sum(axis=1))
        alike.append(counts[-1] - counts[-2])
    assert np.mean(np.array(alike) >= 3) < 0.75 * chance_of_lead(0.006, 0.85, 500, 50)


def test_a_confidence_of_another_type_and_the_smallest_lead() -> None:
    old, new = [1, 0, 1, 0, 1, 0, 0, 1], [1, 1, 1, 0, 1, 0, 1, 0]
    for level in (np.float16(0.95), np.float32(0.95), np.longdouble(0.95)):
        assert paired_gain(old, new, level) == paired_gain(old, new, float(level))
    # below 1e-9 of a row, every tie for the first place counted as often as it had members
    assert chance_of_lead(1e-12, 0.85, 500, 50) == chance_of_lead(0.002, 0.85, 500, 50)


def test_bad_input_is_named() -> None:
    names_bad_input(
        paired_gain, old_correct=[1, 0, 1, 1], new_correct=[1, 1, 0, 1],
        paired=("old_correct", "new_correct"), bounds={"confidence": "(0, 1)"})  # fmt: skip
    names_bad_input(
        rows_separate,
        old=0.9,
        new=0.92,
        bounds={"old": "(0, 1)", "new": "(0, 1)", "power": "(0.05, 1)", "significance": "(0, 0.8)"},
    )
    names_bad_input(
        rows_shared,
        gain=0.01,
        disagreement=0.02,
        bounds={
            "gain": "(0, 0.02]",
            "disagreement": "[0.01, 1)",
            "power": "(0.05, 1)",
            "significance": "(0, 0.8)",
        },
    )
    names_bad_input(
        lead_by_luck,
        accuracy=0.8,
        rows=100,
        entrants=5,
        bounds={"accuracy": "(0, 1)", "rows": "[1, inf)", "entrants": "[1, inf)"},
    )
    names_bad_input(
        chance_of_lead, lead=0.01, accuracy=0.8, rows=100, entrants=5,
        bounds={"lead": "(0, 1)", "accuracy": "(0, 1)", "rows": "[1, inf)", "entrants": "[2, inf)"},
    )  # fmt: skip
    with pytest.raises(ValueError, match="new_correct must be 0 or 1"):
        paired_gain([1, 0], [1, 2])
    with pytest.raises(ValueError, match="new must differ from old"):
        rows_separate(0.9, 0.9)
    with pytest.raises(ValueError, match="disagreement must be at least the gain"):
        rows_shared(0.02, 0.01)
    assert rows_shared(0.8 - 0.7, 0.1) == rows_shared(0.1, 0.1)  # 0.8 - 0.7 is above 0.1
    assert rows_shared(1 - 1e-10, 1 - 1.09e-9) == rows_shared(1 - 1e-10, 1 - 1e-10)
    for call in (rows_separate, rows_shared):
        with pytest.raises(ValueError, match="power must be above significance"):
            call(0.1, 0.2, power=0.05)
    for rows, entrants in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="must be a whole number from 1"):
            lead_by_luck(0.8, rows, entrants)


def test_accuracies_that_are_equal_up_to_rounding() -> None:
    with pytest.raises(ValueError, match="new must differ from old"):
        rows_separate(0.3, 0.1 + 0.2)  # asked for 10**32 rows
    assert rows_separate(0.3, 0.3 + 1e-6) > 10**12


def test_power_where_only_one_model_ever_wins() -> None:
    """The docstring: the wins are binomial, few, and there is no loss."""
    fewest = next(n for n in range(1, 99) if paired_gain([0] * n, [1] * n)["p_value"] < 0.05)
    for gain in (0.01, 0.1):
        power = binom.sf(fewest - 1, rows_shared(gain, gain), gain)
        assert power == pytest.approx(0.9, abs=0.02)
