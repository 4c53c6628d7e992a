from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tidemill.adapters.duckdb.types import DuckDBColumn, seed_type


@pytest.mark.parametrize(
    ("dtype", "fields"),
    [
        ("INTEGER", ["c INTEGER"]),
        ("STRUCT(a INTEGER, b DECIMAL(10,2))", ["c.a INTEGER", "c.b DECIMAL(10,2)"]),
        ("struct(a STRUCT(b VARCHAR, d DATE))", ["c.a.b VARCHAR", "c.a.d DATE"]),
        (
            'STRUCT("x, y" INTEGER, "say ""hi""" VARCHAR)',
            ["c.x, y INTEGER", 'c.say "hi" VARCHAR'],
        ),
        ("STRUCT(a INTEGER)[]", ["c STRUCT(a INTEGER)[]"]),
        ("MAP(VARCHAR, INTEGER)", ["c MAP(VARCHAR, INTEGER)"]),
    ],
)
def test_structs_are_taken_apart(dtype: str, fields: list[str]) -> None:
    flat = DuckDBColumn("c", dtype).flatten()

    assert [f"{column.name} {column.dtype}" for column in flat] == fields


@pytest.mark.parametrize(
    ("dtype", "kinds"),
    [
        ("VARCHAR", (True, False, False)),
        ("HUGEINT", (False, True, False)),
        ("UTINYINT", (False, True, False)),
        ("DOUBLE", (False, False, True)),
        ("DECIMAL(18,3)", (False, False, False)),
    ],
)
def test_kinds(dtype: str, kinds: tuple[bool, bool, bool]) -> None:
    column = DuckDBColumn("c", dtype)

    assert (column.is_string(), column.is_integer(), column.is_float()) == kinds
    assert column.data_type == ("character varying(256)" if kinds[0] else dtype)


@pytest.mark.parametrize(
    ("types", "name"),
    [
        ([], "integer"),
        ([type(None)], "integer"),
        ([int], "integer"),
        ([int, Decimal], "float8"),
        ([float], "float8"),
        ([bool], "boolean"),
        ([date], "date"),
        ([datetime, date], "timestamp without time zone"),
        ([timedelta], "time"),
        ([str], "text"),
        ([bool, int], "text"),
        ([date, int], "text"),
    ],
)
def test_types_of_seeds(types: list[type], name: str) -> None:
    assert seed_type(types) == name
