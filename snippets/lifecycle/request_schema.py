# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=2.0", "pandas>=2.2.2", "pydantic>=2.10.6"]
# ///
"""A strict schema of one request, from the training table.

Page: docs/lifecycle/serve-a-model.md
Source: pydantic's strict mode; the ranges and categories of the training table
Task: refuse a request that training never saw the like of
Graduate to: pandera
"""
# SPDX-License-Identifier: MIT

# --8<-- [start:function]
from collections.abc import Sequence
from numbers import Real
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field, create_model


def request_schema(
    training: pd.DataFrame, margin: float = 0.5, free: Sequence[str] = ()
) -> type[BaseModel]:
    """Return a pydantic model of one row that converts nothing and allows no other field.

    Parameters
    ----------
    training : DataFrame of shape (n, features)
        What the model was fitted on: numbers, booleans or text, nulls allowed.
    margin : float
        How far a number may lie beyond the range of training, in widths of that range, 0 or
        more. Below zero only if training does, up to rounding.
    free : sequence of str
        Columns that keep their type only: free text, open lists of categories, trends.

    Returns
    -------
    type of pydantic.BaseModel
        A field for each column, in order, required; null only where training has a null.

    Raises
    ------
    TypeError, ValueError
        If ``training`` is no DataFrame with rows, repeats a name, has a name that is no text or
        a column without values, with infinity or of another kind; if ``margin`` is negative,
        or ``free`` does not name columns.
    """
    training = _table("training", training)
    _at_least("margin", margin, 0)
    names = list(free) if isinstance(free, (list, tuple)) else [free]
    if not all(isinstance(name, str) and name in training for name in names):
        raise ValueError(f"free must be a list of columns of training, got {free!r}")
    fields: dict[str, Any] = {}
    for place, (name, column) in enumerate(training.items()):
        if not isinstance(name, str):
            raise TypeError(f"training: the name of column {name!r} must be text")
        kind, rule = _kind(name, column, float(margin), name in names)
        null = column.isna().any()
        # An alias, because a name like "copy" or "model_config" belongs to pydantic.
        fields[f"column_{place}"] = (kind | None if null else kind, Field(alias=name, **rule))
    config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
    return create_model("Row", __config__=config, **fields)


def _kind(
    name: str, column: "pd.Series[Any]", margin: float, free: bool
) -> tuple[Any, dict[str, Any]]:
    values = column.dropna().astype(object).tolist()
    if values and all(isinstance(value, str) for value in values):
        if any(value.encode(errors="ignore").decode() != value for value in set(values)):
            raise ValueError(f"training: column {name!r} must hold text that UTF-8 can write")
        return (str, {}) if free else (Literal[tuple(sorted(set(values)))], {})
    if values and all(isinstance(value, (bool, np.bool_)) for value in values):
        return bool, {}
    numbers = _numbers(f"training: column {name!r}", values)
    low, high = float(numbers.min()), float(numbers.max())
    slack = max(margin * (high - low), np.abs([low, high]).max() * 2.0**-10)
    return float, {} if free else {
        "ge": low - slack if low < 0 else max(-high * 1e-12, low - slack),  # 0.3 - 0.1 - 0.2 is 0
        "le": high + slack,
    }


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


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


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


# --8<-- [end:function]

if __name__ == "__main__":
    # --8<-- [start:demo]
    from pydantic import ValidationError

    rng = np.random.default_rng(0)
    training = pd.DataFrame(
        {
            "age": rng.integers(18, 90, 1_000),
            "income": rng.lognormal(10, 0.6, 1_000).round(),
            "city": rng.choice(["Lima", "Oslo", "Delhi"], 1_000),
        }
    )
    good: dict[str, object] = {"age": 40, "income": 30_000, "city": "Oslo"}
    changes: dict[str, dict[str, object]] = {
        "unchanged": {}, "age is true": {"age": True},
        "age and income swapped": {"age": 30_000, "income": 40}, "income in cents": {"income": 3e6},
        "a new city": {"city": "Bonn"},
        "one more field": {"vip": 1}, "swapped, both in range": {"age": 30, "income": 45},
    }  # fmt: skip
    types_only = create_model("Types", age=(float, ...), income=(float, ...), city=(str, ...))
    schemas = {"types": types_only, "the schema": request_schema(training)}

    def passes(schema, body):
        try:
            return bool(schema.model_validate(body))
        except ValidationError:
            return False

    for name, change in changes.items():
        said = [
            f"{s} {'accept' if passes(schemas[s], good | change) else 'refuse'}" for s in schemas
        ]
        print(f"{name}: {', '.join(said)}")
        #> unchanged: types accept, the schema accept
        #> age is true: types accept, the schema refuse
        #> age and income swapped: types accept, the schema refuse
        #> income in cents: types accept, the schema refuse
        #> a new city: types accept, the schema refuse
        #> one more field: types accept, the schema refuse
        #> swapped, both in range: types accept, the schema accept
    # --8<-- [end:demo]

    # --8<-- [start:solution]
    rng = np.random.default_rng(0)
    rows, columns = 1_000, 20
    refused = []
    for _ in range(20):
        tables = [pd.DataFrame(rng.normal(size=(rows, columns))).add_prefix("x") for _ in range(2)]
        schema = request_schema(tables[0], margin=0)
        refused += [not passes(schema, row) for row in tables[1][:200].to_dict("records")]
    expected = 1 - (1 - 2 / (rows + 1)) ** columns
    print(f"good rows refused: {np.mean(refused):.1%}, by order statistics {expected:.1%}")
    #> good rows refused: 3.4%, by order statistics 3.9%
    # --8<-- [end:solution]
