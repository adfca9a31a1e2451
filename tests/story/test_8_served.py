"""docs/story/8-served.py"""

from functools import partial

import numpy as np
import pandas as pd

from docs.story.figures.gain import KNOB, decisions, gain, measure, profit
from proof.claims import Claim
from snippets.requirements.compare_models import paired_bootstrap
from snippets.story.loans import loan_applications


def other_change(
    rows: int, seed: int, drift: float, income: float = 1.0, size: float = 1.0
) -> pd.DataFrame:
    """The drift raises all risks alike; incomes or amounts are others from month seven on."""
    loans, rng = loan_applications(rows, seed, drift=0.0), np.random.default_rng([seed, 99])
    later = (loans["month"] - 6).clip(lower=0)
    loans["income"] *= np.where(later > 0, income, 1)
    loans["amount"] *= np.where(later > 0, size, 1)
    risk = 1.8 * (np.log(loans["amount"]) - 9) - (np.log(loans["income"]) - 10.3) / 0.45 - 2.2
    risk += 0.7 * loans["late"] - 0.12 * loans["history"] + 0.3 * (loans["region"] == "west")
    risk += drift * later
    return loans.assign(default=(rng.logistic(size=len(loans)) < risk).astype(int))


POORER, LARGER = partial(other_change, income=0.7), partial(other_change, size=1.4)


def undecided(seed: int) -> float:
    """Return the share of batches of thirty applications whose interval holds zero."""
    batches = [slice(start, start + 30) for start in range(0, 1_500, 100)]
    found = [gain(seed, 0.35, asked=batch) for batch in batches]
    return float(np.mean([one["low"] <= 0 <= one["high"] for one in found]))


def test_the_gain_of_retraining_is_known(claim: Claim) -> None:
    """Where the risk of the same applicants has clearly changed, the outcomes of a month show that
    the retrained model earns more than the old one; where it has stood still, the interval of the
    gain reaches down to about zero."""
    claim.effect(
        "lower end of the interval, euros an application", measure,
        knob="drift", **KNOB.ends, above=26, off_below=25,
        also=[{"rows": 700, "draw": other_change}, {"forest": True}],
    )  # fmt: skip
    claim.limit(
        "Thirty applications leave the gain open: most such batches have an interval that holds zero.",
        "share of batches whose interval holds zero", undecided, above=0.5,
    )  # fmt: skip
    claim.limit(
        "A drift a seventh as strong leaves it open, too.", "lower end of the interval",
        lambda seed: measure(seed, 0.05), below=0.0,
    )  # fmt: skip
    claim.limit(
        "Where poorer people apply, or for larger loans, retraining gains nothing.",
        "lower end of the interval",
        lambda seed: max(measure(seed, 0.0, draw=kind) for kind in (POORER, LARGER)), below=5.0,
    )  # fmt: skip
    still = [gain(seed, 0.0) for seed in range(5)]
    assert sum(one["low"] <= 0 <= one["high"] for one in still) >= 4


def test_the_measure_is_the_lower_end() -> None:
    found = gain(0, 0.35)
    assert measure(0, 0.35) == found["low"] < found["difference"] < found["high"]


def test_equal_decisions_have_no_gain() -> None:
    earns, old, _ = decisions(0, 0.35)
    same = paired_bootstrap(earns, old, old, profit, resamples=100)
    assert same["low"] == same["difference"] == same["high"] == 0 and same["rows_differ"] == 0
