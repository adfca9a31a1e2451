"""docs/my_section/my-page.md"""

import numpy as np
import pytest
from scipy.stats import binom

from proof.claims import Claim
from snippets.my_section.my_page import best_of_guesses
from tools.bad_input import names_bad_input


def test_best_of_many_guesses(claim: Claim) -> None:
    """My page: the best of a hundred guessing models looks clearly better than a coin."""
    claim.holds("best of 100, 100 rows", lambda seed: best_of_guesses(100, 100, seed), above=0.55)
    claim.null(
        "best of 100, 10,000 rows", lambda seed: best_of_guesses(100, 10_000, seed), below=0.53
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
