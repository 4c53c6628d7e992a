"""A warehouse's values as JSON that loses nothing in a browser.

JavaScript's numbers end at 2^53 and JSON has no NaN, so what does not fit becomes text.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LARGEST_NUMBER = 2**53 - 1
LONGEST_TEXT = 10_000
LONGEST_BLOB = 256
CUT = "…"


def safe_rows(rows: Iterable[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    """Rows of a result with every cell made safe."""
    return tuple(tuple(safe_cell(value) for value in row) for row in rows)


def safe_cell(value: Any) -> Any:
    r"""``value`` as null, boolean, number, text, list or object.

    Whole numbers beyond 2^53, decimals, NaN and infinities, dates and times, UUIDs and blobs
    (``\x00ff``) become text; long texts and blobs are cut and end with an ellipsis.
    """
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) <= LARGEST_NUMBER else str(value)
        case float():
            return value if math.isfinite(value) else _unusual(value)
        case str():
            return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + CUT
        case bytes() | bytearray() | memoryview():
            return _blob(bytes(value))
        case datetime.datetime():
            return value.isoformat(" ")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case Mapping():
            return {_key(key): safe_cell(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [safe_cell(item) for item in value]
        case _:
            return str(value)


def _unusual(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _blob(value: bytes) -> str:
    return f"\\x{value[:LONGEST_BLOB].hex()}{CUT if len(value) > LONGEST_BLOB else ''}"


def _key(key: Any) -> str:
    safe = safe_cell(key)
    return safe if isinstance(safe, str) else str(key)
