"""docs/my_section/my-page.md"""

import numpy as np
import pytest
from docs.my_section.figures.my_page import KNOB, measure
from scipy.stats import binom

from proof.claims import Claim
from snippets.my_section.my_page import best_of_guesses
from tools.bad_input import names_bad_input


def test_best_of_many_guesses(claim: Claim) -> None:
    """My page: the best of a hundred guessing models looks clearly better than a coin on a hundred rows."""
    claim.effect(
        "accuracy of the best",
        measure,
        knob="rows",
        **KNOB.ends,
        above=0.55,
        off_below=0.53,
        only="a hundred rows",
    )
    claim.limit(
        "My page: with two models, the better one looks no better than a coin by much.",
        "average best of two on 1,000 rows",
        lambda seed: float(np.mean([measure(10 * seed + n, 1_000, models=2) for n in range(10)])),
        below=0.53,
    )


def test_best_agrees_with_scipy() -> None:
    rows, models = 100, 20
    counts = np.arange(rows + 1)
    share_of_best = np.diff(binom(rows, 0.5).cdf(counts) ** models, prepend=0)
    average = np.mean([best_of_guesses(models, rows, seed) for seed in range(2_000)])
    assert average == pytest.approx(counts @ share_of_best / rows, abs=0.003)


def test_bad_input_is_named() -> None:
    bounds = {"models": "[1, inf)", "rows": "[1, inf)", "seed": "[0, inf)"}
    names_bad_input(best_of_guesses, models=3, rows=20, bounds=bounds)
