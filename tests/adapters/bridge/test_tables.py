from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tidemill.adapters.bridge.tables import for_plugin, result_of, sample
from tidemill.engine.jinja.tables import ResultTable


def test_tables_of_macros_reach_plugins_as_agates() -> None:
    ours = ResultTable([(1, "005", None), (2, "", {"a": 1})], ["i", "t", "j"])

    table = for_plugin(ours)

    assert type(table).__module__.startswith("agate")
    assert [tuple(row) for row in table.rows] == [(1, "005", None), (2, "", '{"a": 1}')]
    assert for_plugin(table) is table
    assert for_plugin(["relation"]) == ["relation"]


def test_tables_of_plugins_come_back_as_rows() -> None:
    table = for_plugin(ResultTable([(1, Decimal("1.5")), (2, None)], ["i", "n"]))

    result = result_of(table)

    assert (result.columns, list(result.rows)) == (("i", "n"), [(1, Decimal("1.5")), (2, None)])


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ([int], "Integer"),
        ([int, Decimal], "Number"),
        ([float], "Number"),
        ([bool], "Boolean"),
        ([date], "Date"),
        ([date, datetime], "ISODateTime"),
        ([timedelta], "TimeDelta"),
        ([str], "Text"),
        ([int, str], "Text"),
        ([], "Integer"),
    ],
)
def test_types_of_seeds_are_agates(types: list[type], kind: str) -> None:
    assert type(sample(types).column_types[0]).__name__ == kind
