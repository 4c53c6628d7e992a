"""DuckDB's types: which column types are numbers, the fields of structs, and types for seed values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from tidemill.adapters.column import Column

_STRUCT = re.compile(r"STRUCT\((.*)\)\Z", re.IGNORECASE | re.DOTALL)


class DuckDBColumn(Column, frozen=True):
    """A column of a DuckDB relation. Its ``dtype`` keeps the sizes: ``DECIMAL(18,3)``."""

    FLOAT_TYPES: ClassVar[frozenset[str]] = frozenset(
        {"real", "float", "float4", "float8", "double"}
    )
    INTEGER_TYPES: ClassVar[frozenset[str]] = frozenset(
        {
            *("tinyint", "smallint", "integer", "bigint", "hugeint"),
            *("utinyint", "usmallint", "uinteger", "ubigint"),
            *("int1", "int2", "int4", "int8", "short", "int", "signed", "long"),
        }
    )

    def is_struct(self) -> bool:
        """True for a STRUCT; false for a list of structs."""
        return _STRUCT.match(self.dtype) is not None

    @property
    def fields(self) -> list[DuckDBColumn]:
        """The fields of a STRUCT, as columns; empty for other types."""
        match = _STRUCT.match(self.dtype)
        parts = _split_fields(match.group(1)) if match else ()
        return [DuckDBColumn(*_name_and_type(part)) for part in parts]

    def flatten(self) -> list[DuckDBColumn]:
        """This column, or for a STRUCT its innermost fields with dotted names."""
        if not self.is_struct():
            return [self]
        return [
            DuckDBColumn(f"{self.column}.{inner.column}", inner.dtype)
            for field in self.fields
            for inner in field.flatten()
        ]


def _split_fields(text: str) -> Iterator[str]:
    """Split at commas that stand outside parentheses and quotes."""
    depth, start, quoted = 0, 0, False
    for position, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "," and depth == 0:
            yield text[start:position].strip()
            start = position + 1
    yield text[start:].strip()


def _name_and_type(field: str) -> tuple[str, str]:
    quoted = re.match(r'"((?:[^"]|"")*)"\s+(.*)', field, re.DOTALL)
    if quoted:
        return quoted.group(1).replace('""', '"'), quoted.group(2)
    name, _, dtype = field.partition(" ")
    return name, dtype


def seed_type(python_types: Sequence[type]) -> str:
    """The column type for seed values of these types; dbt's choice, so a column without values is integer."""
    found = set(python_types) - {type(None)}
    for allowed, name in _SEED_TYPES:
        if found <= allowed:
            return name
    return "text"


_SEED_TYPES: tuple[tuple[set[type], str], ...] = (
    ({int}, "integer"),
    ({int, float, Decimal}, "float8"),
    ({bool}, "boolean"),
    ({date}, "date"),
    ({date, datetime}, "timestamp without time zone"),
    ({timedelta}, "time"),
)
