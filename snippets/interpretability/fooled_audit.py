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
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


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
    table = _table("applicants", applicants)  # columns stay as they are: the model reads them
    if len(table) < 2:
        raise ValueError("applicants must have two rows or more: one has nothing to swap with")
    lists = isinstance(groups, dict) and all(isinstance(v, (list, tuple)) for v in groups.values())
    if not lists or not groups or not all(groups.values()):  # "age" would be three columns
        raise TypeError("groups must be a dict of lists of columns, not empty")
    if unknown := {name for names in groups.values() for name in names} - set(table):
        raise ValueError(f"groups must list columns of applicants, not {sorted(unknown)}")
    _whole("repeats", repeats, 1)
    _whole("seed", seed, 0)
    rng = np.random.default_rng(seed)
    before = _decisions(decide, table)
    changed = dict.fromkeys(groups, 0.0)
    for _ in range(repeats):
        for group, names in groups.items():
            rows, permuted = rng.permutation(len(table)), table.copy()
            kept = list(dict.fromkeys(names))
            permuted[kept] = table[kept].iloc[rows].set_axis(table.index)  # keeps each dtype
            differs = _decisions(decide, permuted) != before
            changed[group] += float(np.mean(differs)) / repeats
    return pd.Series(changed)


def _decisions(decide: Callable[[pd.DataFrame], ArrayLike], table: pd.DataFrame) -> NDArray[Any]:
    answer = np.array(decide(table), dtype=object)
    if answer.shape != (len(table),):
        raise ValueError(f"decide must return one decision a row, got shape {answer.shape}")
    answer[pd.isna(answer)] = None  # NaN and NA equal nothing
    return answer


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


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

    alone = {"sex alone": ["sex"], "income alone": ["yearly"]}
    together = {"sex and salutation": ["sex", "salutation"], "both incomes": ["monthly", "yearly"]}
    same = np.mean(hidden_rule(applicants) == open_rule(applicants))
    print(f"on real rows the two rules decide alike in {same:.0%}")
    #> on real rows the two rules decide alike in 100%
    for rule in (open_rule, hidden_rule):
        shares = changed_decisions(rule, applicants, alone | together)
        print(f"{rule.__name__}: " + ", ".join(f"{name} {s:.0%}" for name, s in shares.items()))
        #> open_rule: sex alone 50%, income alone 0%, sex and salutation 50%, both incomes 0%
        #> hidden_rule: sex alone 25%, income alone 50%, sex and salutation 50%, both incomes 0%
    # --8<-- [end:demo]
