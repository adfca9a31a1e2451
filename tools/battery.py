"""The battery: the same values in the dtypes and containers of real tables.

`names_bad_input` runs it on the good arguments of every public function of the catalogue, one
argument at a time. Each variant gives the number that float64 gives, or an error that names the
argument: never another number without a word, never an error in somebody else's words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, is_dataclass
from functools import cache, partial
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

SIGNED, UNSIGNED = ("int8", "int16", "int32", "int64"), ("uint8", "uint16", "uint32", "uint64")
FLOATS = {
    "float16": 2e-2,
    "float32": 1e-4,
}  # how near: a model may compute in the dtype of its table
EXACT = 1e-9
REORDERED = "columns in another order"
DOUBLED = "two columns of one name"


@dataclass(frozen=True)
class Variant:
    """One way to hand over the same values."""

    name: str
    plain: Any  # the values as float64, or as the test gave them
    value: Any
    tolerance: float = EXACT
    must_fail: bool = False  # no result can be right
    by_name: bool = False  # the result may come in another order, under the same names


def variants(value: Any) -> Iterator[Variant]:
    """Yield the variants of one argument; none for what has no dtype, such as a model."""
    if isinstance(value, pd.DataFrame):
        yield from _of_table(value)
    elif isinstance(value, (list, tuple, np.ndarray, pd.Series)) and np.size(value):
        kind = np.asarray(value).dtype.kind
        if kind in "iuf":
            yield from _of_numbers(value)
        elif kind == "b":
            yield from _of_kinds(value, ("uint8", "float16", "boolean", object))
        elif kind in "UO" and np.ndim(value) == 1:
            yield from _of_labels(value)
    elif isinstance(value, Real) and not isinstance(value, bool):
        scalar = np.asarray(value)[()]
        yield Variant(f"numpy's {type(scalar).__name__}", value, scalar)
        yield Variant("10**400", value, 10**400, must_fail=True)  # more than a float can hold
        if not isinstance(value, Integral):
            with np.errstate(over="ignore"):
                settings: list[Any] = [np.float16(value), np.float32(value)]
            for narrow in settings:
                if np.isfinite(narrow):
                    yield Variant(f"numpy's {type(narrow).__name__}", float(narrow), narrow)
        elif 0 <= int(value) <= np.iinfo(np.uint8).max:  # its differences wrap
            yield Variant("numpy's uint8", value, np.uint8(value))


def _series(values: Any, dtype: Any) -> Any:
    return pd.Series(values).astype(dtype)


def _of_numbers(value: Any) -> Iterator[Variant]:
    plain = np.asarray(value, dtype=np.float64)
    for dtype, tolerance in FLOATS.items():
        narrow = plain.astype(dtype)
        if np.isfinite(narrow).all():
            yield Variant(dtype, narrow.astype(np.float64), narrow, tolerance)
    for dtype, whole in _whole(plain):
        yield Variant(dtype, whole, whole.astype(dtype))
    yield Variant("a list", value, plain.tolist())
    yield Variant("object", value, plain.astype(object))
    masked = np.ma.masked_array(plain, mask=np.arange(plain.size).reshape(plain.shape) == 0)
    yield Variant("a masked array", value, masked, must_fail=True)  # numpy drops the mask
    yield Variant(">f8", value, plain.astype(">f8"))  # pandas computes in one order of bytes
    if plain.ndim == 1:
        yield from _of_containers(value, np.asarray(value))
        for nullable in ("Float64", "category"):
            yield Variant(nullable, value, _series(plain, nullable))
        if (plain == np.rint(plain)).all():
            yield Variant("float64", plain.astype(int), plain)
            yield Variant("Int64", plain.astype(int), _series(plain, "Int64"))
        if np.isin(plain, (0, 1)).all():
            for dtype in ("bool", "boolean"):
                yield Variant(dtype, plain.astype(int), _series(plain == 1, dtype))


def _whole(plain: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield int64 values for each integer kind: the values if they are whole, and large ones.

    Equal values are one object: what the function says of it is asked once.
    """
    largest = np.abs(plain).max()
    whole = plain.astype(np.int64) if (plain == np.rint(plain)).all() else None
    large = cache(lambda top: np.rint(plain / largest * top).astype(np.int64))
    for dtype in (*SIGNED, *UNSIGNED):
        limits = np.iinfo(dtype)
        if dtype in UNSIGNED and plain.min() < 0:
            continue
        if whole is not None and largest <= limits.max:
            yield dtype, whole
        top = min(float(limits.max), 1e6)
        if largest > 0:
            yield dtype, large(top)
        if dtype in SIGNED and (width := np.ptp(plain)) > 0:  # wide enough that differences wrap
            spread = (plain - plain.min()) / width * 2 * top - top
            yield dtype, np.rint(spread).astype(np.int64)


def _of_labels(value: Any) -> Iterator[Variant]:
    labels = list(value)
    yield Variant("a list", value, labels)
    yield Variant("an object array", value, np.array(labels, dtype=object))
    yield from _of_containers(value, np.array(labels, dtype=object))
    for dtype in ("category", "string"):
        yield Variant(dtype, value, _series(labels, dtype))
    listed = pd.Series([[label] for label in labels])  # what has no hash is no label
    yield Variant("a Series of lists", value, listed, must_fail=True)


def _of_kinds(value: Any, dtypes: tuple[Any, ...]) -> Iterator[Variant]:
    for dtype in dtypes:
        yield Variant(f"{dtype}", value, _series(np.asarray(value), dtype))
    yield from _of_containers(value, np.asarray(value))


def _of_containers(plain: Any, values: np.ndarray) -> Iterator[Variant]:
    yield Variant(
        "a Series with another index", plain, pd.Series(values, index=np.arange(len(values))[::-1])
    )
    yield Variant(
        "a Series with a doubled index", plain, pd.Series(values, index=np.arange(len(values)) // 2)
    )


def _of_table(table: pd.DataFrame) -> Iterator[Variant]:
    numeric = [c for c in table if table[c].dtype.kind in "iuf"]
    if table.shape[1] > 1 and table.columns.is_unique:
        yield Variant(REORDERED, table, table[list(table.columns[::-1])], by_name=True)
        doubled = table.set_axis([table.columns[0], *table.columns[:-1]], axis=1)
        yield Variant(DOUBLED, table, doubled, must_fail=True)
    yield Variant("another index", table, table.set_axis(np.arange(len(table))[::-1]))
    yield Variant("a doubled index", table, table.set_axis(np.arange(len(table)) // 2))
    for column in numeric[:2]:

        def with_column(values: Any, column: Any = column) -> pd.DataFrame:
            changed = table.copy()
            changed[column] = values.array if isinstance(values, pd.Series) else values
            return changed

        values, tables = table[column].to_numpy(), dict[int, tuple[Any, pd.DataFrame]]()
        for v in _of_numbers(values):
            if not v.name.startswith("a "):  # lists and Series: a column is neither
                if id(v.plain) not in tables:
                    tables[id(v.plain)] = v.plain, with_column(v.plain)
                _, plain = tables[id(v.plain)]
                yield Variant(
                    f"column {column!r} as {v.name}", plain, with_column(v.value), v.tolerance
                )
        flag = values > np.median(values)
        yield Variant(
            f"column {column!r} as bool", with_column(flag.astype(float)), with_column(flag)
        )


def faults(
    function: Callable[..., Any], arguments: Mapping[str, Any], tried: Mapping[str, Any],
    allowed: Callable[[str, str], bool],
) -> dict[str, dict[str, str]]:  # fmt: skip
    """Run a function on every variant of the arguments in `tried`.

    Returns
    -------
    dict of dict of str
        By argument and name of the variant: what is wrong.
    """
    found: dict[str, dict[str, str]] = {}
    for name, value in tried.items():
        known: dict[int, tuple[Any, Any]] = {}  # by the identity of the plain value, which it keeps
        for variant in variants(value):
            if allowed(name, variant.name) or variant.name in found.get(name, {}):
                continue
            plain = variant.plain
            if id(plain) not in known:
                known[id(plain)] = plain, _call(function, arguments, name, plain)
            _, expected = known[id(plain)]
            got = _call(function, arguments, name, variant.value)
            if wrong := _wrong(name, variant, expected, got):
                found.setdefault(name, {})[variant.name] = f"{name} as {variant.name}: {wrong}"
    return found


def _call(function: Callable[..., Any], arguments: Mapping[str, Any], name: str, value: Any) -> Any:
    try:
        return function(**{**arguments, name: value})
    except Exception as error:  # noqa: BLE001 - the error is the result
        return error


def _wrong(name: str, variant: Variant, expected: Any, got: Any) -> str | None:
    """Return what is wrong with a result, None if it is right or a clear error."""
    if isinstance(got, Exception):
        if isinstance(got, (TypeError, ValueError)) and name in str(got):
            return None
        if isinstance(expected, Exception):
            return None  # values that the function cannot take in any dtype
        return f"{type(got).__name__}: {' '.join(str(got).split())[:90]} does not name it"
    if variant.must_fail:
        return "passes"
    if isinstance(expected, Exception):
        return (
            f"passes, though the plain value gives {type(expected).__name__}: {str(expected)[:60]}"
        )
    if same(expected, _by_name(expected, got) if variant.by_name else got, variant.tolerance):
        return None
    return f"{short(got)} instead of {short(expected)}"


def _by_name(expected: Any, got: Any) -> Any:
    """Return a result with its rows and columns in the order of the expected one."""
    if isinstance(got, pd.DataFrame) and isinstance(expected, pd.DataFrame):
        rows = expected.index if set(expected.index) == set(got.index) else got.index
        columns = expected.columns if set(expected.columns) == set(got.columns) else got.columns
        return got.reindex(index=rows, columns=columns)
    if isinstance(got, pd.Series) and isinstance(expected, pd.Series):
        return got.reindex(expected.index) if set(expected.index) == set(got.index) else got
    return got


def same(one: Any, other: Any, tolerance: float = EXACT) -> bool:
    """Tell whether two results hold the same numbers and texts."""
    if isinstance(one, (pd.DataFrame, pd.Series)):
        names = [[str(n) for n in (t.columns if t.ndim == 2 else [t.name])] for t in (one, other)]
        return names[0] == names[1] and same(
            one.to_numpy(object), other.to_numpy(object), tolerance
        )
    if is_dataclass(one) and not isinstance(one, type):
        return type(one) is type(other) and same(astuple(one), astuple(other), tolerance)
    if isinstance(one, Mapping):
        return set(one) == set(other) and all(same(one[key], other[key], tolerance) for key in one)
    if isinstance(one, (list, tuple, np.ndarray)) and np.ndim(one[:0]):
        return len(one) == len(other) and all(map(partial(same, tolerance=tolerance), one, other))
    if isinstance(one, (Real, np.bool_)) and isinstance(other, (Real, np.bool_)):
        a, b = float(one), float(other)
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance) or (a != a and b != b)
    return type(one).__module__ not in ("builtins", "numpy") or str(one) == str(other)


def short(value: Any) -> str:
    """Return a value as one line."""
    text = " ".join(repr(value).split())
    return text if len(text) < 70 else f"{text[:67]}..."
