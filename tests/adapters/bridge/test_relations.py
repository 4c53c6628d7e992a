from __future__ import annotations

from datetime import UTC, datetime

from dbt.adapters.base import BaseRelation

from tidemill.adapters.bridge.relations import bridged_relation, with_relations
from tidemill.adapters.relation_parts import EventTimeFilter, SourceTable

KIND = bridged_relation(BaseRelation)


def test_relations_are_the_plugins_own() -> None:
    relation = KIND.create("db", "main", "orders", type="view", limit=0)

    assert isinstance(relation, BaseRelation)
    assert (type(relation).__name__, relation.is_view) == ("BaseRelation", True)
    assert str(relation).startswith('(select * from "db"."main"."orders" where false limit 0)')


def test_an_ephemeral_model_is_a_cte() -> None:
    assert KIND.create_ephemeral("orders").render() == "__dbt__cte__orders"


def test_a_source_has_its_own_quoting() -> None:
    table = SourceTable("orders", "shop", "db", "raw", "Orders")

    relation = KIND.create_from_source(table, quote_policy={"schema": False})

    assert relation.render() == '"db".raw."Orders"'


def test_a_period_narrows_the_rows() -> None:
    day = EventTimeFilter(field_name="at", start=datetime(2024, 1, 1, tzinfo=UTC))

    relation = KIND.create("db", "main", "orders", event_time_filter=day)

    assert "where at >= '2024-01-01 00:00:00+00:00'" in str(relation)


def test_foreign_keys_name_relations() -> None:
    columns = {"id": {"constraints": [{"type": "foreign_key", "to": "ref('orders')"}]}}

    found = with_relations(columns, lambda text: f"rendered {text}")

    assert found["id"]["constraints"][0]["to"] == "rendered {{ (ref('orders')).render() }}"
    assert with_relations({"to": "main.orders"}, str.upper) == {"to": "main.orders"}
