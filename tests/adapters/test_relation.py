from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import jinja2
import pytest

from tidemill.adapters.relation import (
    EventTimeFilter,
    Path,
    Policy,
    Relation,
    RelationType,
    SourceTable,
)
from tidemill.errors import CompilationError, ExecutionError

ORDERS = Relation.create(database="shop", schema="main", identifier="orders", type="table")


@pytest.mark.parametrize(
    ("relation", "sql"),
    [
        (ORDERS, '"shop"."main"."orders"'),
        (ORDERS.quote(database=False, identifier=False), 'shop."main".orders'),
        (ORDERS.include(database=False), '"main"."orders"'),
        (ORDERS.include(schema=False), '"shop"."orders"'),
        (ORDERS.without_identifier(), '"shop"."main"'),
        (ORDERS.replace_path(identifier='a"b'), '"shop"."main"."a"b"'),
        (ORDERS.replace_path(database=None), '"main"."orders"'),
        (ORDERS.incorporate(path={"identifier": "x"}, type="view"), '"shop"."main"."x"'),
        (ORDERS.incorporate(quote_policy={"schema": False}), '"shop".main."orders"'),
        (Relation.create(identifier="i", quote_policy={"identifier": False}), "i"),
        (Relation.create(identifier="i", quote_policy={"identifier": None}), '"i"'),
        (Relation.create(), ""),
        (Relation.create_ephemeral("orders"), "__dbt__cte__orders"),
        (ORDERS.information_schema(), '"shop".INFORMATION_SCHEMA'),
        (ORDERS.information_schema("columns"), '"shop".INFORMATION_SCHEMA.columns'),
        (Relation.create(schema="s").information_schema("tables"), "INFORMATION_SCHEMA.tables"),
        (
            ORDERS.information_schema_only().replace(information_schema_view="SCHEMATA"),
            '"shop".INFORMATION_SCHEMA.SCHEMATA',
        ),
    ],
)
def test_names_as_sql(relation: Relation, sql: str) -> None:
    assert str(relation) == relation.render() == sql


@pytest.mark.parametrize(
    ("changes", "sql"),
    [
        ({"limit": 0}, '(select * from "o" where false limit 0) _dbt_limit_subq_o'),
        ({"limit": 5}, '(select * from "o" limit 5) _dbt_limit_subq_o'),
        ({"limit": 5, "require_alias": False}, '(select * from "o" limit 5)'),
        ({"event_time_filter": EventTimeFilter("at")}, '"o"'),
        (
            {"event_time_filter": EventTimeFilter("at", "2024-01-01", datetime(2024, 2, 1))},
            ("(select * from \"o\" where at >= '2024-01-01' and at < '2024-02-01 00:00:00')"
            " _dbt_et_filter_subq_o"),
        ),
        (
            {"event_time_filter": {"field_name": "at", "end": "2024"}, "limit": 1, "require_alias": False},
            "(select * from (select * from \"o\" limit 1) where at < '2024')",
        ),
        ({"limit": 0, "type": "function"}, '"o"'),
    ],
)  # fmt: skip
def test_parts_of_a_relation(changes: dict[str, object], sql: str) -> None:
    relation = Relation.create(identifier="o").incorporate(**changes)

    assert str(relation) == sql
    assert relation.render() == '"o"'


def test_templates_use_it_as_a_mapping() -> None:
    assert isinstance(ORDERS, Mapping)
    assert ORDERS["schema"] == "main"
    assert ORDERS.get("nothing", 5) == 5
    assert ORDERS.get("metadata") == {"type": "Relation"}
    assert ORDERS.path["identifier"] == ORDERS.path.get("identifier") == "orders"
    assert bool(ORDERS)
    assert "schema" in ORDERS
    assert "nothing" not in ORDERS
    with pytest.raises(KeyError):
        ORDERS["nothing"]
    text = "{{ r is mapping }} {{ r.name }} {{ r['table'] }} {{ r.is_view }} {{ r.View }} {{ r }}"
    rendered = jinja2.Environment(autoescape=False).from_string(text).render(r=ORDERS)
    assert rendered == 'True orders orders False view "shop"."main"."orders"'


def test_dictionaries_and_back() -> None:
    assert ORDERS.to_dict(omit_none=True)["path"] == {
        "database": "shop",
        "schema": "main",
        "identifier": "orders",
    }
    assert Relation.from_dict(ORDERS.to_dict()) == ORDERS
    assert ORDERS.replace(limit=1) != ORDERS
    assert len({ORDERS, Relation.from_dict(ORDERS.to_dict())}) == 1


def test_kinds() -> None:
    kinds = ("table", "view", "cte", "materialized_view", "pointer_table", "function")
    asked = ("is_table", "is_view", "is_cte", "is_materialized_view", "is_pointer", "is_function")
    for kind in kinds:
        relation = Relation.create(identifier="x", type=kind)
        assert [getattr(relation, name) for name in asked] == [kind == other for other in kinds]
    assert Relation.get_relation_type("view") == RelationType.View == Relation.View
    assert not ORDERS.can_be_renamed
    assert not ORDERS.can_be_replaced


def test_what_is_no_field_is_ignored() -> None:
    undefined = jinja2.Undefined(name="kind")

    relation = Relation.create(identifier="x", type=undefined, catalog_name="c")  # type: ignore[arg-type]

    assert relation == Relation.create(identifier="x")


def test_a_name_must_be_text() -> None:
    with pytest.raises(CompilationError, match="undefined name 'nmae'"):
        Relation.create(identifier=jinja2.Undefined(name="nmae"))  # type: ignore[arg-type]
    with pytest.raises(CompilationError, match="schema of a relation must be text, not 7"):
        Path(schema=7)  # type: ignore[arg-type]


def test_matching_refuses_to_guess() -> None:
    assert ORDERS.matches(database="shop", schema="main", identifier="orders")
    assert ORDERS.matches(schema="main")
    assert not ORDERS.matches(identifier="other")
    with pytest.raises(CompilationError, match="differs by case or quotes"):
        ORDERS.matches(identifier="Orders")
    with pytest.raises(CompilationError):
        ORDERS.matches()
    made = Relation.create(
        identifier="Orders", quote_policy=Policy(identifier=False), dbt_created=True
    )
    assert made.matches(identifier="orders")


def test_defaults() -> None:
    assert Relation.get_default_quote_policy() == Policy(True, True, True)
    assert Relation.get_default_include_policy() == Policy(True, True, True)
    assert Relation.scd_args("id", "at") == ["id", "at"]
    assert Relation.scd_args(["a", "b"], "at") == ["a", "b", "at"]


def test_sources() -> None:
    source = SourceTable("orders", "raw", "db", "s", "ORDERS")

    assert str(Relation.create_from_source(source, quote_policy={"database": False})) == (
        'db."s"."ORDERS"'
    )


def test_a_python_function_names_what_to_call() -> None:
    function = {"resource_type": "function", "language": "python", "config": {"type": "scalar"}}

    with pytest.raises(ExecutionError, match="An `entry_point` is required for python functions"):
        Relation.create("db", "s", "f").get_function_config(function)
