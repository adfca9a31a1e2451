# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""Exact interventional Shapley values of any model, with columns that belong together as one player.

Page: docs/interpretability/reasons-for-trees.md
Source: S. M. Lundberg and S.-I. Lee, A Unified Approach to Interpreting Model Predictions, 2017
Task: give the reasons of a tree or a pipeline, one for each question asked
Graduate to: shap.TreeExplainer
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import comb
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def shapley_by_player(
    predict: Callable[[pd.DataFrame], ArrayLike],
    background: pd.DataFrame,
    rows: pd.DataFrame,
    players: Mapping[str, Sequence[Hashable]] | None = None,
) -> pd.DataFrame:
    """Split each prediction, relative to the mean one of a background, over players.

    A player is a column, or several that answer one question, such as the dummies of a city or the
    bins of an age. Players that are left out take the values of a background row, together.

    Parameters
    ----------
    predict : callable
        Takes a table with the columns of `background`, text and missing values included, and
        returns one number a row: a pipeline's probability or decision function.
    background : DataFrame of shape (n, columns)
        Whom to compare with; all of its rows are used.
    rows : DataFrame of shape (m, columns)
        What to explain, with the columns of `background` in the same order.
    players : mapping of str to sequence of column names, optional
        Columns that play together, under a name; each further column plays alone. There may be
        12 players at most, for the work doubles with each.

    Returns
    -------
    DataFrame of shape (m, players)
        A row sums to its prediction minus the mean prediction of the background. The players come
        in the order of their first columns.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    if not callable(predict):
        raise TypeError("predict must be a function of a table")
    index = rows.index if isinstance(rows, pd.DataFrame) else None
    background, rows = _table("background", background), _table("rows", rows)
    if list(rows.columns) != list(background.columns):
        raise ValueError("rows must have the columns of background, in the same order")
    teams = _teams(list(background.columns), players)
    stacked = pd.concat([background, rows], ignore_index=True)
    theirs = np.tile(np.arange(len(background)), len(rows))
    own = len(background) + np.repeat(np.arange(len(rows)), len(background))
    both = {c: (stacked[c].take(theirs).array, stacked[c].take(own).array) for c in stacked}

    kept = np.arange(2 ** len(teams))[:, None] >> np.arange(len(teams)) & 1 == 1
    value = np.empty((len(kept), len(rows)))
    for number, subset in enumerate(kept):
        told = {
            c for team, plays in zip(teams.values(), subset, strict=True) if plays for c in team
        }
        asked = {c: both[c][c in told] for c in both}
        answers = _told(predict, pd.DataFrame(asked))
        value[number] = answers.reshape(len(rows), -1).mean(axis=1)
    result = pd.DataFrame(index=index, columns=list(teams), dtype=np.float64)
    for player, name in enumerate(teams):
        without = np.flatnonzero(~kept[:, player])
        sizes = kept[without].sum(axis=1)
        weight = np.array([1 / (len(teams) * comb(len(teams) - 1, size)) for size in sizes])
        result[name] = weight @ (value[without + 2**player] - value[without])
    return result


def _teams(
    columns: list[Hashable], players: Mapping[str, Sequence[Hashable]] | None
) -> dict[Hashable, list[Hashable]]:
    if not isinstance(players, Mapping | None):
        raise TypeError("players must be a mapping of names to columns")
    named: dict[Hashable, Hashable] = {}
    for name, given in (players or {}).items():
        team = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else []
        if not team or not all(isinstance(c, Hashable) and c in columns for c in team):
            raise ValueError(f"players must name columns of background, got {given!r} for {name!r}")
        if len(set(team) - set(named)) < len(team):
            raise ValueError("players must share no column")
        named |= dict.fromkeys(team, name)
    if alone := set(players or {}) & (set(columns) - set(named)):
        raise ValueError(f"players must not take the name of a column that plays alone: {alone}")
    teams: dict[Hashable, list[Hashable]] = {}
    for column in columns:
        teams.setdefault(named.get(column, column), []).append(column)
    if len(teams) > 12:
        raise ValueError(f"players must be at most 12, got {len(teams)}: let columns play together")
    return teams


def _told(predict: Callable[[pd.DataFrame], ArrayLike], table: pd.DataFrame) -> NDArray[np.float64]:
    answer = _numbers("predict's answer", predict(table))
    if len(answer) != len(table):
        raise ValueError("predict must return one number a row")
    return answer


def _numbers(name: str, values: ArrayLike, ndim: int = 1) -> NDArray[np.float64]:
    # A list goes through object, so that a ragged one, or a number beside text, is refused below.
    try:
        array = np.asarray(values, dtype=None if hasattr(values, "__array__") else object)
        mixed = array.dtype == object and all(isinstance(v, (Real, np.bool_)) for v in array.flat)
        if array.size and array.dtype.kind not in "biuf" and not mixed:
            raise TypeError(f"{name} must hold numbers, got {array.dtype}")
        array = array.astype(np.float64)  # before any arithmetic: uint8 wraps, float16 overflows
    except (OverflowError, ValueError) as error:  # 10**400, or arrays of several shapes
        raise ValueError(f"{name} must hold numbers: {error}") from error
    known = np.isfinite(array).all() and not np.ma.is_masked(values)  # numpy drops a mask
    if array.ndim != ndim or not array.size or not known:
        raise ValueError(f"{name} must have {ndim} dimension(s), rows, and no NaN or infinity")
    return array


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.ensemble import GradientBoostingClassifier

    rng, names = np.random.default_rng(0), ["Bern", "Graz", "Lyon", "Metz", "Nice", "Pisa"]
    effect = np.array([-2.5, 1.5, -1.0, 2.0, 0.5, 1.0])
    city, (income, debt) = rng.integers(0, 6, 3_000), rng.normal(size=(2, 3_000))
    log_odds = effect[city] - (1 + effect[city]) * income + debt
    people = pd.DataFrame({"income": income, "debt": debt, "city": np.array(names)[city]})
    table = pd.get_dummies(people)  # income, debt, city_Bern, city_Graz, ...
    default = log_odds > rng.logistic(size=3_000)
    model = GradientBoostingClassifier(n_estimators=40, random_state=0).fit(table, default)
    worst = table[model.decision_function(table) > 0.5][:100]
    dummies = list(table.columns[2:])

    alone = shapley_by_player(model.decision_function, table[:60], worst)
    one = shapley_by_player(model.decision_function, table[:60], worst, {"city": dummies})
    added = alone[["income", "debt"]].assign(city=alone[dummies].sum(axis=1))
    where = people["city"][worst.index[0]]
    for name, reasons in (("each dummy alone", alone), ("city as one player", one)):
        first = reasons.iloc[0].nlargest(3)
        print(f"from {where}, {name}: " + ", ".join(f"{k} {v:+.2f}" for k, v in first.items()))
        #> from Metz, each dummy alone: debt +0.83, city_Bern +0.44, city_Metz +0.24
        #> from Metz, city as one player: city +0.86, debt +0.83, income -0.05
    largest = alone[dummies].idxmax(axis=1)
    own = "city_" + people["city"][worst.index]
    print(f"the largest dummy is a city of somebody else for {(largest != own).mean():.0%}")
    #> the largest dummy is a city of somebody else for 100%
    for name, reasons in (("each dummy alone", alone), ("dummies added up", added)):
        differs = reasons.idxmax(axis=1) != one.idxmax(axis=1)
        differs &= ~((one.idxmax(axis=1) == "city") & reasons.idxmax(axis=1).isin(dummies))
        print(f"{name}: another first reason than with one player for {differs.mean():.0%}")
        #> each dummy alone: another first reason than with one player for 24%
        #> dummies added up: another first reason than with one player for 0%
    print(
        f"dummies added up: off by up to {(added['city'] - one['city']).abs().max():.3f} log-odds"
    )
    #> dummies added up: off by up to 0.034 log-odds
    # --8<-- [end:demo]
