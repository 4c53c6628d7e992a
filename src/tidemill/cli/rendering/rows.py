"""Rows of a result as a table of text, or as values that JSON has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

WIDEST = 60
"""Longer texts are cut, so that a table stays readable."""


def text_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """``| id | name |`` with a rule below; numbers to the right, nulls empty."""
    values = list(zip(*rows, strict=True)) or [() for _ in columns]
    blocks = [_column(name, column) for name, column in zip(columns, values, strict=True)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in zip(*blocks, strict=True))


def json_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """A mapping for each row."""
    return [
        {name: json_value(value) for name, value in zip(columns, row, strict=True)} for row in rows
    ]


def _column(name: str, values: Sequence[Any]) -> list[str]:
    """Heading, rule and cells of one column, all of one width."""
    cells = [name, *(cell_text(value) for value in values)]
    width = max(len(cell) for cell in cells)
    known = [value for value in values if value is not None]
    right = bool(known) and all(_is_number(value) for value in known)
    fitted = [cell.rjust(width) if right else cell.ljust(width) for cell in cells]
    return [fitted[0], "-" * width, *fitted[1:]]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def cell_text(value: Any) -> str:
    """One value in one line."""
    if value is None:
        return ""
    if isinstance(value, list | dict | tuple):
        text = msgspec.json.encode(json_value(value)).decode()
    else:
        text = str(value)
    line = " ".join(text.splitlines())
    return line if len(line) <= WIDEST else line[: WIDEST - 3] + "..."


def json_value(value: Any) -> Any:
    """``value`` as JSON can say it: times in ISO form, decimals as numbers, bytes in hex."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return float(value) if value.is_finite() else None
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case dict():
            return {str(key): json_value(inner) for key, inner in value.items()}
        case list() | tuple() | set():
            return [json_value(inner) for inner in value]
        case _:
            return str(value)
