# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0"]
# ///
"""Send the least sure rows to a person, as many as can be reviewed, and price what that is worth.

Page: docs/requirements/abstain.md
Source: counting errors on the reviewed rows, once the truth is known
Task: hand a model's least sure rows to reviewers, and know what the reviews are worth
Graduate to: none
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def send_to_review(confidence: ArrayLike, capacity: int) -> NDArray[np.bool_]:
    """Choose the least sure rows of a batch, as many as the capacity.

    Parameters
    ----------
    confidence : array-like of shape (n,)
        How sure the model is of each answer.
    capacity : int
        Rows that can be reviewed, at least 0.

    Returns
    -------
    boolean array of shape (n,)
        True for the rows to send. Of equals, the first.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be; the message names it.
    """
    sure = _numbers("confidence", confidence)
    _whole("capacity", capacity, 0)
    sent = np.zeros(sure.size, dtype=bool)
    digits, power = np.frexp(sure)
    level = np.ldexp(np.round(digits, 14), power)  # 1 - 0.43 equals 0.57
    sent[np.argsort(level, kind="stable")[: int(capacity)]] = True
    return sent


def worth_of_review(
    model_wrong: ArrayLike, person_wrong: ArrayLike, rows: int,
    error_price: float = 1.0, review_price: float = 0.0,
) -> dict[str, float]:  # fmt: skip
    """Return what it is worth that a person decided the reviewed rows.

    Parameters
    ----------
    model_wrong, person_wrong : array-like of shape (n,)
        1 where the model's answer, and the person's, is wrong; on the reviewed rows, by a
        truth that neither of them decided.
    rows : int
        All rows of the same time, reviewed or not.
    error_price, review_price : float
        What an error and a review cost, in one unit, 0 or more.

    Returns
    -------
    dict of str to float
        ``model_right`` and ``person_right``, shares of the reviewed rows: reviews avoid
        errors where the second is the larger. ``errors_avoided`` over all rows, a share,
        and ``saved``, in the unit of the prices. Both are below 0 where reviews do harm.

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be; the message names it.
    """
    model, person = _numbers("model_wrong", model_wrong), _numbers("person_wrong", person_wrong)
    _same_rows(model_wrong=model, person_wrong=person)
    for name, column in (("model_wrong", model), ("person_wrong", person)):
        if not np.isin(column, (0, 1)).all():
            raise ValueError(f"{name} must be 0 or 1")
    _whole("rows", rows, model.size)
    for name, price in (("error_price", error_price), ("review_price", review_price)):
        _at_least(name, price, 0)
    avoided = float(model.sum() - person.sum())
    return {
        "model_right": float(1 - model.mean()),
        "person_right": float(1 - person.mean()),
        "errors_avoided": avoided / int(rows),
        "saved": avoided * float(error_price) - model.size * float(review_price),
    }


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


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    rng = np.random.default_rng(1)
    chance = 1 / (1 + np.exp(-2 * rng.normal(size=8_000)))  # what the model says, and it is right
    label, sure = rng.random(8_000) < chance, np.maximum(chance, 1 - chance)
    wrong = (chance > 0.5) != label
    print(f"without reviewers: right on {1 - wrong.mean():.1%}")
    #> without reviewers: right on 78.1%
    capacity = 8_000 // 5
    sent = {
        "least sure fifth": send_to_review(sure, capacity),
        "random fifth": send_to_review(rng.random(8_000), capacity),
    }
    people = {
        "right on 70%": rng.random(8_000) > 0.7,
        "same rows hard": rng.random(8_000) > sure,
    }
    for person, their_wrong in people.items():
        for name, rows in sent.items():
            found = worth_of_review(wrong[rows], their_wrong[rows], rows=8_000)
            print(
                f"{person}, {name}: {found['model_right']:.1%} → {found['person_right']:.1%} "
                f"right there, {100 * found['errors_avoided']:+.1f} points"
            )
            #> right on 70%, least sure fifth: 57.3% → 72.1% right there, +3.0 points
            #> right on 70%, random fifth: 78.2% → 71.2% right there, -1.4 points
            #> same rows hard, least sure fifth: 57.3% → 56.7% right there, -0.1 points
            #> same rows hard, random fifth: 78.2% → 77.6% right there, -0.1 points
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    for name, model_count, person_count in (("first", 200, 75), ("next", 125, 75)):
        model, people_wrong = np.arange(500) < model_count, np.arange(500) < person_count
        found = worth_of_review(model, people_wrong, rows=4_000, error_price=40, review_price=6)
        print(f"the {name} {model.size} reviews save {found['saved']:,.0f} euros")
        #> the first 500 reviews save 2,000 euros
        #> the next 500 reviews save -1,000 euros
    # --8<-- [end:solution]
