"""Rows of Postgres as Arrow tables, with the types that the columns have in Postgres."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import psycopg

from tidemill.errors import ConfigurationError

if TYPE_CHECKING:
    import pyarrow

_TYPES: dict[int, Callable[[Any], Any]] = {
    16: lambda pa: pa.bool_(),
    17: lambda pa: pa.binary(),
    20: lambda pa: pa.int64(),
    21: lambda pa: pa.int16(),
    23: lambda pa: pa.int32(),
    26: lambda pa: pa.int64(),
    700: lambda pa: pa.float32(),
    701: lambda pa: pa.float64(),
    1082: lambda pa: pa.date32(),
    1083: lambda pa: pa.time64("us"),
    1114: lambda pa: pa.timestamp("us"),
    1184: lambda pa: pa.timestamp("us", tz="UTC"),
    1186: lambda pa: pa.duration("us"),
}
"""Arrow types by the oid of the Postgres type."""

_NUMERIC = 1700
_LISTS = {1000: 16, 1005: 21, 1007: 23, 1016: 20, 1021: 700, 1022: 701, 1182: 1082, 1115: 1114}
"""Element types of arrays."""


def arrow_table(cursor: psycopg.Cursor[Any]) -> pyarrow.Table:
    """The rows of an executed query. Raises ConfigurationError without pyarrow."""
    pa = _pyarrow()
    description = cursor.description
    if not description:
        return pa.table({})
    rows = cursor.fetchall()
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(description)
    arrays = [_array(pa, column, values) for column, values in zip(description, cells, strict=True)]
    return pa.Table.from_arrays(arrays, names=[column.name for column in description])


def _array(pa: Any, column: psycopg.Column, values: Sequence[Any]) -> Any:
    if column.type_code == _NUMERIC:
        return _decimals(pa, column, values)
    if column.type_code in _LISTS:
        element = _TYPES[_LISTS[column.type_code]](pa)
        return pa.array(values, type=pa.list_(element))
    made = _TYPES.get(column.type_code)
    if made is not None:
        return pa.array(values, type=made(pa))
    return pa.array([_text(value) for value in values], type=pa.string())


def _decimals(pa: Any, column: psycopg.Column, values: Sequence[Any]) -> Any:
    """Decimals of the column's precision; where it has none, what the values need. NaN exists in text only."""
    if any(value is not None and not value.is_finite() for value in values):
        return pa.array([_text(value) for value in values], type=pa.string())
    if column.precision and column.precision <= 38:
        return pa.array(values, type=pa.decimal128(column.precision, column.scale or 0))
    if any(value is not None for value in values):
        return pa.array(values)
    return pa.array(values, type=pa.decimal128(38, 9))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise ConfigurationError(
            "Arrow tables need the package pyarrow, which is not installed",
            code="pyarrow-missing",
            hint="pip install 'tidemill[dataframes]'",
        ) from error
    return pyarrow
