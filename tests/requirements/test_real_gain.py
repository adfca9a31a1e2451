"""docs/requirements/real-gain.md"""

from functools import cache
from math import ceil

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.datasets import make_classification
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from proof.claims import Claim
from snippets.requirements.lead_by_luck import lead_by_luck
from snippets.requirements.paired_gain import paired_gain
from snippets.requirements.rows_needed import rows_separate, rows_shared
from tools.bad_input import names_bad_input


def answers(rng, rows, old, new, both):
    counts = rng.multinomial(rows, [both, old - both, new - both, 1 - old - new + both])
    return [np.repeat(right, counts) for right in ([1, 1, 0, 0], [1, 0, 1, 0])]


@cache
def power(seed: int, rows: int, gain: float, disagreement: float, repeats: int = 60) -> float:
    rng, old = np.random.default_rng(seed), 0.95
    both = (2 * old + gain - disagreement) / 2
    tests = (paired_gain(*answers(rng, rows, old, old + gain, both)) for _ in range(repeats))
    return np.mean([test["p_value"] < 0.05 for test in tests])


def test_a_tenth_of_a_point_is_invisible(claim: Claim) -> None:
    """On ten thousand test rows, a true gain of a tenth of a point is almost never significant."""
    needed = rows_shared(0.001, 0.02)
    claim.holds("found, 10,000 rows", lambda seed: power(seed, 10_000, 0.001, 0.02), below=0.3)
    claim.null("found, rows needed", lambda seed: power(seed, needed, 0.001, 0.02), above=0.6)
    claim.null("found, ten times the gain", lambda seed: power(seed, 10_000, 0.01, 0.02), above=0.9)


def power_separate(seed: int, rows: int, old: float, new: float) -> float:
    rng = np.random.default_rng(seed)
    shares = [rng.binomial(rows, rate, 2_000) / rows for rate in (old, new)]
    error = np.sqrt(sum(share * (1 - share) for share in shares) / rows)
    return np.mean(abs(shares[1] - shares[0]) / error > norm.isf(0.025))


def test_a_shared_test_set_sees_more(claim: Claim) -> None:
    """Two models that err on mostly the same rows need far fewer rows on a shared test set than
    on two separate ones."""
    alike, independent = rows_shared(0.01, 0.02), rows_shared(0.01, 0.95 * 0.04 + 0.96 * 0.05)

    def lead(seed: int, rows: int, disagreement: float) -> float:
        return power(seed, rows, 0.01, disagreement) - power_separate(seed, rows, 0.95, 0.96)

    claim.holds("lead in power, alike", lambda seed: lead(seed, alike, 0.02), above=0.25)
    claim.null(
        "lead in power, independent errors",
        lambda seed: lead(seed, independent, 0.95 * 0.04 + 0.96 * 0.05),
        above=-0.2,
        below=0.2,
    )
    assert independent == pytest.approx(rows_separate(0.95, 0.96), rel=0.01)


@cache
def mean_leads(seed: int, competitions: int = 8) -> dict:
    leads = {500: [], 10_000: []}
    for competition in range(competitions * seed, competitions * (seed + 1)):
        inputs, labels = make_classification(
            21_500, n_informative=8, flip_y=0.1, class_sep=0.8, random_state=competition
        )
        signs, rng = 2 * labels - 1, np.random.default_rng(competition)
        chosen = [rng.choice(1_500, 400, replace=False) for _ in range(50)]
        weights = np.transpose([np.linalg.lstsq(inputs[i], signs[i])[0] for i in chosen])
        correct = (inputs[1_500:] @ weights > 0) == (signs[1_500:, None] > 0)
        fresh = correct[10_000:].mean(axis=0)
        for rows in leads:
            public = correct[:rows].mean(axis=0)
            winner = public.argmax()
            leads[rows].append([public[winner] - public.mean(), fresh[winner] - fresh.mean()])
    return {rows: np.mean(pairs, axis=0) for rows, pairs in leads.items()}


def test_the_winner_keeps_little(claim: Claim) -> None:
    """The winner of many entrants on a small test set loses most of its lead on fresh rows."""

    def kept(seed: int) -> float:
        public, fresh = mean_leads(seed)[500]
        return fresh / public

    def lost(seed: int, rows: int) -> float:
        return -np.diff(mean_leads(seed)[rows]).item()

    claim.holds("share of the lead kept, 500 rows", kept, below=0.5)
    claim.holds("lead lost, 500 rows", lambda seed: lost(seed, 500), above=0.01)
    claim.null("lead lost, 10,000 rows", lambda seed: lost(seed, 10_000), below=0.006)


@pytest.mark.parametrize("seed", range(20))
def test_p_value_is_that_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    old, new = rng.random((2, 200)) < [[0.8], [0.85]]
    table = [[np.sum(a & b) for b in (new, ~new)] for a in (old, ~old)]
    found = paired_gain(old, new)
    assert found["p_value"] == pytest.approx(mcnemar(table, exact=True).pvalue)
    assert found["gain"] == pytest.approx(new.mean() - old.mean())
    assert found["disagreement"] == pytest.approx(np.mean(old != new))
    back = paired_gain(new, old)
    assert (back["low"], back["high"]) == pytest.approx((-found["high"], -found["low"]))


def test_interval_holds_the_truth_at_its_rate() -> None:
    rng = np.random.default_rng(0)
    for rows, gain, confidence in ((100, 0.05, 0.9), (1_000, 0.01, 0.95)):
        pairs = (answers(rng, rows, 0.85, 0.85 + gain, 0.82) for _ in range(300))
        found = [paired_gain(*pair, confidence) for pair in pairs]
        held = np.mean([test["low"] <= gain <= test["high"] for test in found])
        assert confidence - 0.04 < held < confidence + 0.04


def test_gain_by_hand() -> None:
    same = paired_gain([1, 0, 1], [True, False, True])
    assert (same["gain"], same["disagreement"], same["p_value"]) == (0, 0, 1)
    reach = 1.959964 * (0.4 / 5) ** 0.5
    assert same["high"] == pytest.approx(reach) and same["low"] == pytest.approx(-reach)
    one = paired_gain([0], [1])
    assert (one["gain"], one["high"], one["p_value"]) == (1, 1, 1)
    assert paired_gain([1], [0])["low"] == -1
    four = paired_gain([0, 0, 0, 0, 1], [1, 1, 1, 1, 1])
    assert four["p_value"] == pytest.approx(2 * 0.5**4)


@pytest.mark.parametrize("old", [0.6, 0.8, 0.9, 0.95])
def test_rows_agree_with_statsmodels(old: float) -> None:
    for power_, significance in ((0.8, 0.05), (0.9, 0.01)):
        effect = proportion_effectsize(old + 0.001, old)
        expected = NormalIndPower().solve_power(effect, alpha=significance, power=power_)
        found = rows_separate(old, old + 0.001, power_, significance)
        assert found == pytest.approx(expected, rel=1e-3)  # the arcsine differs slightly
        assert found == pytest.approx(rows_separate(old + 0.001, old, power_, significance))


def test_rows_by_hand() -> None:
    deviates = norm.isf(0.025) + norm.isf(0.2)
    assert rows_separate(0.5, 0.6) == ceil(deviates**2 * (0.25 + 0.24) / 0.1**2)
    assert rows_shared(0.1, 0.1) == ceil(
        (norm.isf(0.025) * 0.1**0.5 + norm.isf(0.2) * 0.3) ** 2 / 0.01
    )
    assert isinstance(rows_separate(0.5, 0.6), int) and isinstance(rows_shared(0.1, 0.2), int)


@pytest.mark.parametrize("entrants", [2, 10, 50])
def test_luck_is_the_mean_of_the_largest(entrants: int) -> None:
    rng = np.random.default_rng(entrants)
    best = rng.binomial(300, 0.85, (20_000, entrants)).max(axis=1) / 300
    assert lead_by_luck(0.85, 300, entrants) == pytest.approx(best.mean() - 0.85, abs=0.0006)
    assert lead_by_luck(0.85, 300, 1) == pytest.approx(0, abs=1e-12)


def test_luck_by_hand() -> None:
    assert lead_by_luck(0.5, 1, 2) == pytest.approx(0.25)  # the better of two coins
    assert lead_by_luck(0.2, 1, 3) == pytest.approx(1 - 0.8**3 - 0.2)


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
    with pytest.raises(ValueError, match="new_correct must be one-dimensional.*0 or 1"):
        paired_gain([1, 0], [1, 2])
    with pytest.raises(ValueError, match="new must differ from old"):
        rows_separate(0.9, 0.9)
    with pytest.raises(ValueError, match="disagreement must be at least the gain"):
        rows_shared(0.02, 0.01)
    for call in (rows_separate, rows_shared):
        with pytest.raises(ValueError, match="power must be above significance"):
            call(0.1, 0.2, power=0.05)
    for rows, entrants in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="must be a whole number of at least 1"):
            lead_by_luck(0.8, rows, entrants)
