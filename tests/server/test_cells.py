from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tidemill.server.cells import safe_cell, safe_rows

CASES: list[tuple[Any, Any]] = [
    (None, None),
    (True, True),
    (7, 7),
    (2**53 - 1, 2**53 - 1),
    (-(2**53) + 1, -(2**53) + 1),
    (2**53, "9007199254740992"),
    (-(2**63), "-9223372036854775808"),
    (1.5, 1.5),
    (float("nan"), "NaN"),
    (float("inf"), "Infinity"),
    (float("-inf"), "-Infinity"),
    (Decimal("1.50"), "1.50"),
    ("text", "text"),
    ("x" * 10_001, "x" * 10_000 + "…"),
    (b"\x00\xff", "\\x00ff"),
    (bytearray(b"\x01"), "\\x01"),
    (b"a" * 300, "\\x" + "61" * 256 + "…"),
    (date(2026, 1, 2), "2026-01-02"),
    (datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC), "2026-01-02 03:04:05.000600+00:00"),
    (time(3, 4), "03:04:00"),
    (timedelta(days=1, hours=2), "1 day, 2:00:00"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ([1, [2**60, None]], [1, [str(2**60), None]]),
    ((1, 2), [1, 2]),
    ({"a": Decimal(1), "b": [date(2026, 1, 1)]}, {"a": "1", "b": ["2026-01-01"]}),
    ({1: 2, date(2026, 1, 1): 3}, {"1": 2, "2026-01-01": 3}),
]


@pytest.mark.parametrize(("value", "safe"), CASES, ids=lambda v: repr(v)[:30])
def test_a_cell_loses_nothing_in_json(value: Any, safe: Any) -> None:
    assert safe_cell(value) == safe
    assert type(safe_cell(value)) is type(safe)
    assert msgspec.json.decode(msgspec.json.encode(safe_cell(value))) == safe


def test_rows() -> None:
    assert safe_rows([(1, Decimal(2)), (None, float("nan"))]) == ((1, "2"), (None, "NaN"))
