"""docs/data/drift-threshold.md"""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy, ks_2samp

from proof.claims import Claim
from snippets.data.drift_report import drift_report
from snippets.data.drift_threshold import drift_threshold, population_stability_index
from tools.bad_input import names_bad_input


def share_above(limit: float, rows: int, seed: int, repeats: int = 300) -> float:
    rng = np.random.default_rng(seed)
    pairs = rng.normal(size=(repeats, 2, rows))
    return np.mean([population_stability_index(then, now) > limit for then, now in pairs])


def test_small_samples_alarm_without_drift(claim: Claim) -> None:
    """Without any drift, the PSI of a hundred rows exceeds the first folklore threshold
    more often than not."""
    claim.holds("share above 0.1, 100 rows", lambda seed: share_above(0.1, 100, seed), above=0.7)
    claim.null(
        "share above 0.1, 1,000 rows", lambda seed: share_above(0.1, 1_000, seed), below=0.01
    )


def test_computed_threshold_keeps_its_rate(claim: Claim) -> None:
    """The computed threshold keeps its false alarm rate for features of any shape."""
    threshold = drift_threshold(500, 200, false_alarm_rate=0.05)

    def worst_rate(seed: int, shift: float = 0) -> float:
        rng = np.random.default_rng(seed)
        rates = []
        for draw in (rng.normal, rng.lognormal, rng.uniform):
            values = [
                population_stability_index(draw(size=500), draw(size=200) + shift)
                for _ in range(500)
            ]
            rates.append(np.mean(np.array(values) > threshold))
        return max(rates)

    claim.holds("largest rate of three shapes, for 5%", worst_rate, above=0.02, below=0.09)
    claim.null("the same after a real shift", lambda seed: worst_rate(seed, shift=0.5), above=0.9)


def test_significance_is_not_importance(claim: Claim) -> None:
    """A shift of a fiftieth of a standard deviation is significant with enough rows, and too
    small for the effect size to alarm."""

    @cache
    def report(seed: int, shift: float) -> pd.Series:
        rng = np.random.default_rng(seed)
        then, now = rng.normal(size=300_000), rng.normal(loc=shift, size=300_000)
        return drift_report(pd.DataFrame({"x": then}), pd.DataFrame({"x": now})).loc["x"]

    claim.holds("p-value", lambda seed: report(seed, 0.02).p_value, below=0.001)
    claim.holds("alarm", lambda seed: report(seed, 0.02).alarm, below=0.5)
    claim.null("p-value without shift", lambda seed: report(seed, 0.0).p_value, above=0.01)


def test_many_features_alarm(claim: Claim) -> None:
    """Uncorrected, ten stable features raise several times the false alarms of one."""

    @cache
    def flagged(seed: int) -> pd.Series:
        rng = np.random.default_rng(seed)
        pairs = ((pd.DataFrame(rng.normal(size=(100, 10))) for _ in range(2)) for _ in range(40))
        below = [(report < 0.05) for report in (drift_report(*pair) for pair in pairs)]
        return pd.Series(
            {
                "ten": np.mean([report["p_value"].any() for report in below]),
                "one": np.mean([report["p_value"].iloc[0] for report in below]),
                "corrected": np.mean([report["corrected"].any() for report in below]),
            }
        )

    claim.holds("share of tables flagged", lambda seed: flagged(seed)["ten"], above=0.2)
    claim.null("share with one feature", lambda seed: flagged(seed)["one"], below=0.15)
    claim.null("share after correction", lambda seed: flagged(seed)["corrected"], below=0.15)


@pytest.mark.parametrize("seed", range(20))
def test_psi_is_the_symmetrised_divergence_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bins = int(rng.integers(2, 30))
    then, now = rng.normal(size=2_000), rng.normal(0.2, 1.1, size=3_000)
    edges = [-np.inf, *np.quantile(then, np.arange(1, bins) / bins), np.inf]
    p, q = (np.histogram(sample, edges)[0] / sample.size for sample in (then, now))
    assert population_stability_index(then, now, bins) == pytest.approx(
        entropy(p, q) + entropy(q, p)
    )


def test_alarm_asks_for_a_shift_that_is_real_and_large() -> None:
    rng = np.random.default_rng(0)
    then = rng.normal(size=5_000)
    cases = {  # rows, shift: alarm
        (5_000, 0.0): False,
        (5_000, 0.1): False,  # real, small
        (5, 0.5): False,  # large, perhaps not real
        (5_000, 0.5): True,
    }
    for (rows, shift), alarm in cases.items():
        now = pd.DataFrame({"x": rng.normal(shift, size=rows)})
        report = drift_report(pd.DataFrame({"x": then}), now).loc["x"]
        assert report["alarm"] == alarm, (rows, shift, dict(report))


@pytest.mark.parametrize("seed", range(5))
def test_report_is_scipys_test_with_bonferroni(seed: int) -> None:
    rng = np.random.default_rng(seed)
    then, now = (pd.DataFrame(rng.normal(size=(300, 4)), columns=list("abcd")) for _ in range(2))
    report = drift_report(then, now)
    for name in then:
        expected = ks_2samp(then[name], now[name], method="asymp")
        assert report.loc[name, "effect"] == pytest.approx(expected.statistic)
        assert report.loc[name, "corrected"] == pytest.approx(min(1, 4 * expected.pvalue))


def test_bad_input_is_named() -> None:
    sample, table = [0.1, 0.4, 0.2, 0.9], pd.DataFrame({"x": [0.1, 0.4, 0.2], "y": [3, 1, 2]})
    names_bad_input(
        population_stability_index, reference=sample, current=sample, bounds={"bins": "[2, inf)"}
    )
    names_bad_input(
        drift_threshold,
        reference_size=500,
        current_size=200,
        bounds={
            "reference_size": "[1, inf)",
            "current_size": "[1, inf)",
            "bins": "[2, inf)",
            "seed": "[0, inf)",
            "false_alarm_rate": "(0, 1)",
        },
    )
    names_bad_input(
        drift_report,
        reference=table,
        current=table,
        bounds={"smallest_effect": "(0, 1)", "false_alarm_rate": "(0, 1)"},
    )
    with pytest.raises(ValueError, match="current must have the columns of reference"):
        drift_report(table, table[["y", "x"]])
