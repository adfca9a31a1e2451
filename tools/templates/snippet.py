# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""The best accuracy among models that only guess.

Page: docs/my_section/my-page.md
Source: the binomial distribution
Task: see how good the luckiest of many models looks (My page)
Graduate to: scipy.stats.binom
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral

import numpy as np


def best_of_guesses(models: int, rows: int, seed: int = 0) -> float:
    """Return the best accuracy among models that toss a coin for each row.

    Parameters
    ----------
    models : int
        How many models are compared.
    rows : int
        Rows of the test set; both classes are equally likely.
    seed : int
        Seed of the simulation.

    Returns
    -------
    float
        Share of rows that the luckiest model gets right.

    Raises
    ------
    ValueError
        If an argument is not a whole number, or too small; the message names it.
    """
    _whole("models", models, 1)
    _whole("rows", rows, 1)
    _whole("seed", seed, 0)
    right = np.random.default_rng(seed).binomial(rows, 0.5, size=models)
    return float(right.max() / rows)


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    for rows in (100, 10_000):
        for models in (2, 10, 100):
            best = best_of_guesses(models, rows)
            print(f"{models} guessing models, {rows:,} rows: the best is right in {best:.0%}")
    # --8<-- [end:demo]
