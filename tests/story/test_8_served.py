"""docs/story/8-served.py"""

import numpy as np

from docs.story.figures.gain import KNOB, decisions, gain, measure, profit
from proof.claims import Claim
from snippets.requirements.compare_models import paired_bootstrap


def undecided(seed: int) -> float:
    """Return the share of batches of thirty applications whose interval holds zero."""
    batches = [slice(start, start + 30) for start in range(0, 1_500, 100)]
    found = [gain(seed, 0.35, asked=batch) for batch in batches]
    return float(np.mean([one["low"] <= 0 <= one["high"] for one in found]))


def test_the_gain_of_retraining_is_known(claim: Claim) -> None:
    """Where the world has moved, the outcomes of a month show that the retrained model earns more
    than the old one; where it has stood still, the interval of the gain reaches down to about zero."""
    claim.effect(
        "lower end of the interval, euros an application", measure,
        knob="drift", **KNOB.ends, above=26, off_below=25,
        also=[{"rows": 700}, {"forest": True}],
    )  # fmt: skip
    claim.limit(
        "Thirty applications leave the gain open: most such batches have an interval that holds zero.",
        "share of batches whose interval holds zero", undecided, above=0.5,
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
