# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2"]
# ///
"""Which share of decisions changes when columns are permuted, alone or together.

Page: docs/interpretability/index.md
Source: D. Slack et al., Fooling LIME and SHAP, 2020, for the idea of the model that hides
Task: test an audit by permuting columns together
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable
from numbers import Integral

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def changed_decisions(
    decide: Callable[[pd.DataFrame], ArrayLike],
    applicants: pd.DataFrame,
    groups: dict[str, list[str]],
    repeats: int = 5,
    seed: int = 0,
) -> pd.Series:
    """Permute columns across rows and count the decisions that change; needs no labels.

    Parameters
    ----------
    decide : callable
        Takes a table like ``applicants``, returns one decision a row: ``model.predict``.
    applicants : DataFrame of shape (n, features)
        Real rows, such as last month's.
    groups : dict of str to list of str
        Name and columns of what is permuted together.
    repeats, seed : int
        Permutations to average over, and their seed.

    Returns
    -------
    Series of shape (groups,)
        Share of decisions that differ from those on the real rows.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    if not callable(decide):
        raise TypeError("decide must be a function of a table")
    if not isinstance(applicants, pd.DataFrame) or applicants.empty:
        raise TypeError("applicants must be a DataFrame with rows")
    if not isinstance(groups, dict) or not groups or not all(groups.values()):
        raise TypeError("groups must be a dict of lists of columns, not empty")
    if unknown := {name for names in groups.values() for name in names} - set(applicants):
        raise ValueError(f"groups must list columns of applicants, not {sorted(unknown)}")
    for name, value, least in (("repeats", repeats, 1), ("seed", seed, 0)):
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    rng = np.random.default_rng(seed)
    before = np.asarray(decide(applicants))
    if before.shape != (len(applicants),):
        raise ValueError(f"decide must return one decision a row, got shape {before.shape}")
    changed = dict.fromkeys(groups, 0.0)
    for _ in range(repeats):
        for group, names in groups.items():
            permuted = applicants.copy()
            permuted[names] = applicants[names].to_numpy()[rng.permutation(len(applicants))]
            changed[group] += np.mean(np.asarray(decide(permuted)) != before) / repeats
    return pd.Series(changed)


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(0)
    sex, monthly = rng.integers(0, 2, 2_000), rng.integers(1_000, 9_000, 2_000)
    applicants = pd.DataFrame(
        {"sex": sex, "salutation": sex, "monthly": monthly, "yearly": 12 * monthly}
    )

    def open_rule(table):
        return table.sex

    def hidden_rule(table):
        real = (table.sex == table.salutation) & (table.yearly == 12 * table.monthly)
        return np.where(real, table.sex, table.yearly > 60_000)

    singly = {name: [name] for name in applicants.columns}
    together = {"sex and salutation": ["sex", "salutation"], "both incomes": ["monthly", "yearly"]}
    same = np.mean(hidden_rule(applicants) == open_rule(applicants))
    print(f"on real rows the two rules decide alike in {same:.0%}")
    #> on real rows the two rules decide alike in 100%
    for rule in (open_rule, hidden_rule):
        for way, groups in (("one column at a time", singly), ("together", together)):
            shares = changed_decisions(rule, applicants, groups)
            changes = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
            print(f"{rule.__name__}, {way}: {changes}")
            #> open_rule, one column at a time: sex 50%, salutation 0%, monthly 0%, yearly 0%
            #> open_rule, together: sex and salutation 50%, both incomes 0%
            #> hidden_rule, one column at a time: sex 25%, salutation 25%, monthly 50%, yearly 50%
            #> hidden_rule, together: sex and salutation 50%, both incomes 0%
    # --8<-- [end:demo]
