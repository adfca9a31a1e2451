"""What snippets share, mostly checks at their door: each copies what it needs, to the letter.

A snippet must stand alone, so it cannot import these. `tools/door.py` holds every copy to this
text; `make fix` writes a copy anew from here.
"""

from collections.abc import Callable, Hashable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta


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


def _labels(name: str, values: ArrayLike) -> NDArray[Any]:
    try:  # np.asarray would turn a NaN beside text into the label "nan"
        labels = pd.Series(values)
        flat, _ = np.ndim(values) == 1, labels.nunique()  # a list among the labels has no hash
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ValueError(f"{name} must be one-dimensional, of single labels: {error}") from error
    if not flat or labels.empty:
        raise ValueError(f"{name} must be one-dimensional and not empty")
    if labels.isna().any():
        raise ValueError(f"{name} must have no missing values")
    array = labels.to_numpy()  # pandas has no index of float16 or longdouble
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _flags(name: str, values: ArrayLike) -> NDArray[np.bool_]:
    array = _numbers(name, values)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold 0 and 1 only")
    return array == 1


def _zero_one(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = _numbers(name, values)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must be 0 or 1 everywhere")
    return array


def _target(values: ArrayLike) -> NDArray[Any]:
    labels = _labels("target", values)
    plain = all(isinstance(label, (Real, np.bool_)) for label in labels)
    return _numbers("target", labels) if plain else labels


def _told(predict: Callable[[pd.DataFrame], ArrayLike], table: pd.DataFrame) -> NDArray[np.float64]:
    answer = _numbers("predict's answer", predict(table))
    if len(answer) != len(table):
        raise ValueError("predict must return one number a row")
    return answer


def _table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame, got {type(table).__name__}")
    if table.empty or not table.columns.is_unique:
        raise ValueError(f"{name} must have rows and columns, and no two columns of one name")
    big = {c: d.newbyteorder() for c, d in table.dtypes.items() if str(d).startswith(">")}
    table = table.astype(big) if big else table  # pandas computes with the machine's bytes only
    return table.reset_index(drop=True)  # a doubled index would align rows twice


def _numeric(name: str, table: pd.DataFrame) -> pd.DataFrame:
    columns = {column: _numbers(f"{name}: column {column!r}", table[column]) for column in table}
    return pd.DataFrame(columns, index=table.index)


def _numbers_or_text(name: str, column: pd.Series) -> NDArray[Any]:
    if not column.count():
        return np.full(len(column), np.nan)
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object:
        column = column.astype(object).convert_dtypes()
    if pd.api.types.is_numeric_dtype(column) and column.dtype.kind != "c":
        numbers = column.to_numpy(np.float64, na_value=np.nan)
        if np.isinf(numbers).any():
            raise ValueError(f"{name} must not hold infinity")
        return numbers
    if not pd.api.types.is_string_dtype(column):
        raise TypeError(f"{name} must hold numbers or text, got {column.dtype}")
    return column.astype(object).to_numpy()


def _same_columns(name: str, table: pd.DataFrame, model: Any) -> None:
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None and list(fitted) != list(table.columns):
        raise ValueError(f"{name} must have the columns of the model, in its order: {list(fitted)}")


def _same_rows(**arrays: Any) -> None:
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        raise ValueError(f"{' and '.join(rows)} must have the same number of rows, got {rows}")


def _same_precision(*sides: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    # A copy that went through float32 has not moved: if one side did, all are compared in it.
    # 0.5 or 40 is the same in both, so a side of such numbers alone does not tell.
    with np.errstate(invalid="ignore", over="ignore"):
        short = [side.astype(np.float32).astype(np.float64) for side in sides]
        tells = [((side * 1024 % 1 > 0) | (np.abs(side) > 2**24)).any() for side in sides]
    pairs = zip(sides, short, tells, strict=True)
    copies = (tell and np.array_equal(a, b, equal_nan=True) for a, b, tell in pairs)
    return short if any(copies) else list(sides)


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, Integral) or isinstance(value, bool) or not least <= value < 2**63:
        raise ValueError(f"{name} must be a whole number from {least} to 2**63, got {value!r}")


def _at_least(name: str, value: float, least: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not least <= value < np.inf or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be a number of at least {least}, got {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    # 10**400 is below infinity, and no float can hold it.
    if not isinstance(value, Real) or not low < value < high or int(value).bit_length() > 999:
        raise ValueError(f"{name} must be between {low} and {high}, got {value!r}")


def _zero_to_one(name: str, value: float) -> None:
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be between 0 and 1, both included, got {value!r}")


def _free(name: str, taken: Hashable, names: Any) -> None:
    if taken in set(names):
        raise ValueError(f"{name} must not use the name {taken!r}, which the result needs")


def _clopper_pearson(hits: NDArray[Any], rows: NDArray[Any], each: float) -> tuple[Any, Any]:
    tail = (1 - each) / 2  # C. J. Clopper and E. S. Pearson, 1934
    low, high = beta.ppf(tail, hits, rows - hits + 1), beta.isf(tail, hits + 1, rows - hits)
    return np.where(hits == 0, 0, low), np.where(hits == rows, 1, high)
