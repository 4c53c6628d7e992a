"""Query results as macros see them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tidemill.adapters.base import QueryResult
from tidemill.engine.jinja.tables import table_of


def test_floats_are_decimals_and_nested_values_json() -> None:
    rows = [(0.5, [1, Decimal("1.5")], {"day": date(2024, 2, 29)}, None, "text", 7)]

    table = table_of(QueryResult(columns=("a", "b", "c", "d", "e", "f"), rows=rows))

    expected = (Decimal("0.5"), "[1, 1.5]", '{"day": "2024-02-29"}', None, "text", 7)
    assert tuple(table.rows[0]) == expected
