# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "scikit-learn>=1.6"]
# ///
"""The cheapest changes that turn a decision, among those that a person can make.

Page: docs/interpretability/reasons-for-trees.md
Source: the search of all combinations; the question is that of B. Ustun, A. Spangher and Y. Liu, 2019
Task: say what would change a decision, within what a person can change
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Callable, Hashable, Mapping
from math import prod
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def cheapest_changes(
    predict: Callable[[pd.DataFrame], ArrayLike],
    row: pd.DataFrame,
    options: Mapping[Any, Mapping[Any, float]],
    limit: float,
    most: int = 3,
) -> pd.DataFrame:
    """Search every combination of the changes that a person can make for the cheapest that suffice.

    Parameters
    ----------
    predict : callable
        Takes a table with the columns of `row`, returns one score a row; low is good.
    row : DataFrame of shape (1, columns)
        The person, as one row of a table.
    options : mapping of column to mapping of new value to cost
        What can change, to which values, at which cost each, above 0. A column that is not named
        stays. A column whose values are text is a pandas category, which holds all of them, so
        that a misspelt one is refused. There may be 100,000 combinations at most.
    limit : float
        The decision turns when the score is at most this. Ask for less than the rule does, so that
        the answer survives a new model.
    most : int
        How many answers to return at most, at least 1.

    Returns
    -------
    DataFrame of shape (answers, options + 2)
        The new value of each column of `options`, ``cost`` and ``score``, cheapest first. An answer
        that changes all columns of an earlier one is left out, at other values too. Empty if no
        combination suffices.

    Raises
    ------
    TypeError, ValueError
        If an argument is unsuitable; the message names it.
    """
    if not callable(predict):
        raise TypeError("predict must be a function of a table")
    person = _table("row", row)
    if len(person) != 1:
        raise ValueError(f"row must be one row, got {len(person)}")
    _between("limit", limit, -np.inf, np.inf)
    _whole("most", most, 1)
    if not isinstance(options, Mapping) or not options or set(options) - set(person.columns):
        raise ValueError(f"options must name columns of row, got {options!r}")
    for name in ("cost", "score"):
        _free("options", name, options)
    for column, values in options.items():
        if not isinstance(values, Mapping) or not values:
            raise ValueError(f"options must map new values to costs, got {values!r} for {column!r}")
        if (_numbers(f"options: costs of {column!r}", list(values.values())) <= 0).any():
            raise ValueError(f"options must cost more than 0, got {values!r} for {column!r}")
        kind = person[column].dtype  # a misspelt category would be advised as one like any other
        if isinstance(kind, pd.CategoricalDtype) and not set(values) <= set(kind.categories):
            raise ValueError(f"options must be categories of row: {list(values)!r} for {column!r}")
        if not isinstance(kind, pd.CategoricalDtype) and any(isinstance(v, str) for v in values):
            raise TypeError(f"row must hold {column!r} as a pandas category: its options are text")
    if prod(1 + len(values) for values in options.values()) > 100_000:
        raise ValueError("options must have at most 100,000 combinations")

    codes = np.indices([1 + len(values) for values in options.values()]).reshape(len(options), -1)
    cost, still = np.zeros(codes.shape[1]), np.zeros(codes.shape[1], dtype=int)
    tried = {column: person[column].array.take(still) for column in person}
    for code, (column, values) in zip(codes, options.items(), strict=True):
        kind = person[column].dtype  # of a category, the new values are among its categories
        new = pd.Series(list(values), dtype=kind if isinstance(kind, pd.CategoricalDtype) else None)
        both = pd.concat([person[column], new])
        tried[column] = both.array.take(code)
        cost += np.array([0, *values.values()], dtype=np.float64)[code]
    score = _told(predict, pd.DataFrame(tried))
    answers = pd.DataFrame({c: tried[c] for c in options} | {"cost": cost, "score": score})
    moved = codes.T > 0
    price = [float(f"{one:.12g}") for one in cost]  # 0.1 + 0.7 is 0.8; a dear option merges nothing
    order = np.lexsort((score, moved.sum(axis=1), price))
    kept: list[int] = []
    enough = float(limit) + 1e-9 * abs(float(limit))  # 0.1 + 0.2 is no more than 0.3
    for number in order[score[order] <= enough]:
        if len(kept) == most:
            break
        if not any((moved[number] >= moved[other]).all() for other in kept):
            kept.append(number)
    return answers.loc[kept].reset_index(drop=True)


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


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from sklearn.ensemble import GradientBoostingClassifier

    columns, steps = ["income", "savings", "tenure", "age"], (0.5, 1.0, 1.5)  # costs what it moves
    blank = {"n_estimators": 25, "learning_rate": 0.2, "random_state": 0}

    def lender(seed: int) -> tuple[Any, Any, pd.DataFrame]:
        """Return the risk by a model, by its refit to other rows, and twenty of the declined."""
        rng = np.random.default_rng(seed)
        table = pd.DataFrame(rng.normal(size=(4_000, 4)), columns=columns)
        default = table @ np.array([1, 1, 1, 3]) < rng.logistic(size=4_000)
        old, new = (
            GradientBoostingClassifier(**blank).fit(table[half], default[half])
            for half in (np.arange(4_000) < 2_000, np.arange(4_000) >= 2_000)
        )
        declined = table[old.predict_proba(table)[:, 1] > 0.5][:20]
        return (
            lambda asked: old.predict_proba(asked)[:, 1],
            lambda asked: new.predict_proba(asked)[:, 1],
            declined,
        )

    lenders = [lender(seed) for seed in range(5)]
    for allowed, limit in ((4, 0.5), (3, 0.5), (3, 0.3), (3, 0.2)):
        lines = []
        for risk, refit, declined in lenders:
            for number in range(len(declined)):
                person = declined[number : number + 1]
                now = person.iloc[0]
                options = {c: {now[c] + step: step for step in steps} for c in columns[:allowed]}
                answer = cheapest_changes(risk, person, options, limit, most=1)
                if len(answer):
                    advised = person.assign(**answer.iloc[0][columns[:allowed]])
                    older = advised["age"].iloc[0] > now["age"]
                    lines.append((older, answer["score"].iloc[0], refit(advised)[0]))
        older, by_model, by_refit = np.array(lines).T
        print(
            f"{allowed} columns, limit {limit:.0%}: answers {len(lines) / 100:.0%}, "
            f"older {older.mean():.0%}, risk {by_model.mean():.0%}, "
            f"after a refit {by_refit.mean():.0%}, refused {(by_refit > 0.5).mean():.0%}"
        )
        #> 4 columns, limit 50%: answers 99%, older 99%, risk 33%, after a refit 39%, refused 30%
        #> 3 columns, limit 50%: answers 75%, older 0%, risk 42%, after a refit 59%, refused 65%
        #> 3 columns, limit 30%: answers 65%, older 0%, risk 25%, after a refit 45%, refused 28%
        #> 3 columns, limit 20%: answers 53%, older 0%, risk 17%, after a refit 33%, refused 9%
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    risk, refit, declined = lenders[0]
    person = declined[12:13]
    now = person.iloc[0]
    options = {c: {now[c] + step: step for step in steps} for c in ("savings", "tenure")}
    for limit in (0.5, 0.3):
        for _, line in cheapest_changes(risk, person, options, limit).iterrows():
            again = refit(person.assign(**line[list(options)]))[0]
            moves = ", ".join(f"{c} {line[c] - now[c]:+.1f}" for c in options)
            print(f"risk at most {limit:.0%}: {moves}, {line.score:.0%}, after a refit {again:.0%}")
            #> risk at most 50%: savings +1.5, tenure +0.0, 46%, after a refit 63%
            #> risk at most 30%: savings +1.5, tenure +1.5, 28%, after a refit 23%
    # --8<-- [end:solution]
