from __future__ import annotations

from typing import Any

import pytest

from tidemill.adapters.duckdb.relation import DuckDBRelation
from tidemill.adapters.relation import SourceTable
from tidemill.errors import CompilationError


def source(**meta: Any) -> SourceTable:
    return SourceTable("orders", "raw", "db", "s", "ORDERS", meta, ["t"])


@pytest.mark.parametrize(
    ("meta", "sql"),
    [
        ({}, '"db"."s"."ORDERS"'),
        ({"external_location": "x/{name}.csv"}, "'x/orders.csv'"),
        ({"external_location": "'x/{identifier}.csv'"}, "'x/ORDERS.csv'"),
        ({"external_location": "read_csv('{f}')", "f": "a.csv"}, "read_csv('a.csv')"),
        ({"external_location": "%(schema)s.csv", "formatter": "oldstyle"}, "'s.csv'"),
        ({"external_location": "$name.csv", "formatter": "template"}, "'orders.csv'"),
    ],
)
def test_a_source_may_be_a_file(meta: dict[str, Any], sql: str) -> None:
    relation = DuckDBRelation.create_from_source(source(**meta))

    assert str(relation) == relation.render() == sql


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ({"plugin": "excel"}, "dbt-duckdb plugin 'excel', and plugins are not supported"),
        ({"external_location": "{nope}.csv"}, "'{nope}.csv' cannot be filled in: 'nope'"),
        ({"external_location": "x", "formatter": "jinja"}, "formatter 'jinja' is not newstyle"),
    ],
)
def test_faults(meta: dict[str, Any], message: str) -> None:
    with pytest.raises(CompilationError) as caught:
        DuckDBRelation.create_from_source(source(**meta))

    assert message in caught.value.fault.message
    assert "raw.orders" in caught.value.fault.message


def test_subqueries_need_no_alias() -> None:
    relation = DuckDBRelation.create(identifier="o", limit=0)

    assert str(relation) == '(select * from "o" where false limit 0)'
    assert relation.get("metadata") == {"type": "DuckDBRelation"}
