"""Columns of relations, with the interface that dbt's macros expect of them.

Imitates dbt-adapters' ``Column``. What a type name means in a particular warehouse is decided by that
adapter's subclass.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self

import msgspec

from tidemill.errors import CompilationError


class Column(msgspec.Struct, frozen=True):
    """A column: its name and type, with sizes where the type has them."""

    column: str
    dtype: str
    char_size: int | None = None
    numeric_precision: Any = None
    numeric_scale: Any = None

    TYPE_LABELS: ClassVar[dict[str, str]] = {"STRING": "TEXT"}
    """Type names to translate, in upper case; others stay as they are."""
    STRING_TYPES: ClassVar[frozenset[str]] = frozenset(
        {"text", "character varying", "character", "varchar"}
    )
    FLOAT_TYPES: ClassVar[frozenset[str]] = frozenset(
        {"real", "float4", "float", "double precision", "float8", "double"}
    )
    INTEGER_TYPES: ClassVar[frozenset[str]] = frozenset(
        {
            *("smallint", "integer", "bigint", "smallserial", "serial", "bigserial"),
            *("int2", "int4", "int8", "serial2", "serial4", "serial8"),
        }
    )
    NUMERIC_TYPES: ClassVar[frozenset[str]] = frozenset({"numeric", "decimal"})

    @classmethod
    def translate_type(cls, dtype: str) -> str:
        """The warehouse's word for a general type name (``STRING`` is ``TEXT``)."""
        return cls.TYPE_LABELS.get(dtype.upper(), dtype)

    @classmethod
    def create(cls, name: str, label_or_dtype: str) -> Self:
        """A column whose type name is translated."""
        return cls(name, cls.translate_type(label_or_dtype))

    @classmethod
    def from_description(cls, name: str, raw_data_type: str) -> Self:
        """A column from a type as the warehouse writes it: ``numeric(10,2)``, ``varchar(20)``.

        Raises CompilationError when the sizes are not whole numbers.
        """
        match = re.match(r"([^(]+)(\([^)]+\))?", raw_data_type)
        if match is None:
            raise _unreadable(raw_data_type, "it has no name")
        dtype, sizes = match.groups()
        numbers = _whole_numbers(sizes[1:-1], raw_data_type) if sizes else []
        if len(numbers) == 1:
            return cls(name, dtype, numbers[0])
        if len(numbers) == 2:
            return cls(name, dtype, None, *numbers)
        return cls(name, dtype)

    @property
    def name(self) -> str:
        return self.column

    @property
    def quoted(self) -> str:
        escaped = self.column.replace('"', '""')
        return f'"{escaped}"'

    @property
    def data_type(self) -> str:
        """The type with its sizes, as it is written in DDL."""
        if self.is_string():
            return self.string_type(self.string_size())
        if self.is_numeric():
            return self.numeric_type(self.dtype, self.numeric_precision, self.numeric_scale)
        return self.dtype

    @property
    def expanded_data_type(self) -> str:
        """``data_type`` with what else the warehouse adds to it (collations)."""
        return self.data_type

    def is_string(self) -> bool:
        return self.dtype.lower() in self.STRING_TYPES

    def is_number(self) -> bool:
        return self.is_integer() or self.is_numeric() or self.is_float()

    def is_float(self) -> bool:
        return self.dtype.lower() in self.FLOAT_TYPES

    def is_integer(self) -> bool:
        return self.dtype.lower() in self.INTEGER_TYPES

    def is_numeric(self) -> bool:
        return self.dtype.lower() in self.NUMERIC_TYPES

    def string_size(self) -> int:
        """The longest text that fits. Raises CompilationError for other types."""
        if not self.is_string():
            raise CompilationError(
                f"string_size() was called on column {self.name}, which is {self.dtype}",
                code="column-type",
            )
        # dbt counts unbounded text as 256.
        return 256 if self.dtype == "text" or self.char_size is None else int(self.char_size)

    def can_expand_to(self, other_column: Column) -> bool:
        """True when both are text and ``other_column`` is longer."""
        both_text = self.is_string() and other_column.is_string()
        return both_text and other_column.string_size() > self.string_size()

    def literal(self, value: Any) -> str:
        """``value`` cast to this column's type."""
        return f"{value}::{self.data_type}"

    @classmethod
    def string_type(cls, size: int) -> str:
        """The type of text up to ``size`` characters."""
        return f"character varying({size})"

    @classmethod
    def numeric_type(cls, dtype: str, precision: Any, scale: Any) -> str:
        """A decimal type with its sizes, or without where they are unknown."""
        if precision is None or scale is None:
            return dtype
        return f"{dtype}({precision},{scale})"


def _whole_numbers(sizes: str, raw_data_type: str) -> list[int]:
    parts = sizes.split(",")
    if len(parts) > 2:
        return []
    try:
        return [int(part) for part in parts]
    except ValueError:
        raise _unreadable(raw_data_type, f"'{sizes}' is not made of whole numbers") from None


def _unreadable(raw_data_type: str, why: str) -> CompilationError:
    return CompilationError(f"cannot read the type '{raw_data_type}': {why}", code="column-type")
