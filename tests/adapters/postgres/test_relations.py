"""Names, indexes, types and what depends on what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.postgres.conftest import Opening
from tidemill.adapters.postgres.indexes import IndexConfig, parse_index
from tidemill.adapters.postgres.relation import PostgresRelation
from tidemill.adapters.postgres.types import PostgresColumn, query_type, seed_type
from tidemill.errors import CompilationError, ExecutionError


def test_names_have_63_characters_at_most() -> None:
    PostgresRelation.create("db", "main", "x" * 63, type="table")
    PostgresRelation.create("db", "main", "x" * 64)

    with pytest.raises(ExecutionError) as caught:
        PostgresRelation.create("db", "main", "x" * 64, type="table")

    message = f"Relation name '{'x' * 64}' is longer than 63 characters"
    assert caught.value.fault.message == message


def test_tables_and_views_can_be_renamed_and_replaced() -> None:
    kinds = ("table", "view", "materialized_view")
    relations = [PostgresRelation.create("db", "main", "a", type=kind) for kind in kinds]

    assert [r.can_be_renamed for r in relations] == [True, True, False]
    assert [r.can_be_replaced for r in relations] == [True, True, False]


@pytest.mark.parametrize(
    ("dtype", "sizes", "data_type"),
    [
        ("text", (), "text"),
        ("character varying", (), "character varying"),
        ("character varying", (20,), "character varying(20)"),
        ("numeric", (None, 10, 2), "numeric(10,2)"),
        ("integer", (None, 32, 0), "integer"),
    ],
)
def test_data_types_of_columns(dtype: str, sizes: tuple[Any, ...], data_type: str) -> None:
    assert PostgresColumn("c", dtype, *sizes).data_type == data_type


def test_types_of_queries_have_the_names_that_dbt_shows() -> None:
    assert [query_type(oid) for oid in (23, 20, 25, 1700, 1184, 999999)] == [
        "INTEGER",
        "LONGINTEGER",
        "STRING",
        "DECIMAL",
        "DATETIMETZ",
        "unknown type_code 999999",
    ]
    assert seed_type([]) == "integer"


def test_an_index_gets_another_name_at_every_build() -> None:
    relation = PostgresRelation.create("db", "main", "a", type="table")
    index = parse_index({"columns": ["a", "b"], "unique": True, "type": "hash"})

    assert index == IndexConfig(["a", "b"], unique=True, type="hash")
    assert index.render(relation) != index.render(relation)
    assert parse_index(None) is None


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("a", "must be a mapping"),
        ({"columns": "a"}, r"at path \['columns'\]: 'a' is not of type 'array'"),
        ({"columns": [1]}, "1 is not of type 'string'"),
        ({"columns": ["a"], "unique": "yes"}, "'yes' is not of type 'boolean'"),
        ({"columns": ["a"], "type": 7}, "7 is not of type 'string'"),
        ({"unique": True}, "'columns' is a required property"),
        ({"columns": ["a"], "uniqe": True}, "no entry 'uniqe'"),
    ],
)
def test_a_wrong_index_is_named(entry: object, words: str) -> None:
    with pytest.raises(CompilationError, match=words):
        parse_index(entry)


def _index(name: str, columns: str, *, unique: bool = False) -> dict[str, Any]:
    return {"name": name, "column_names": columns, "unique": unique, "method": "btree"}


def test_indexes_of_a_materialised_view_are_compared_whatever_their_names() -> None:
    relation = PostgresRelation.create("db", "main", "a", type="materialized_view")
    wanted = [{"columns": ["A", "b"]}, {"columns": ["c"], "unique": True}]
    model = {"config": {"indexes": wanted}}
    same = [_index("one", "b,a"), _index("two", "c", unique=True)]
    changes = relation.get_materialized_view_config_change_collection

    assert changes({"indexes": same}, model) is None
    found = changes({"indexes": [_index("one", "b,a"), _index("old", "c")]}, model)
    assert found is not None
    assert [(change.action, change.context) for change in found.indexes] == [
        ("drop", {"name": "old"}),
        ("create", {"as_node_config": {"columns": ["c"], "unique": True, "type": "btree"}}),
    ]


@pytest.mark.postgres
def test_views_are_listed_with_what_they_read(opened: Opening, postgres_schema: str) -> None:
    adapter = opened(search_path=postgres_schema)
    connection = adapter.connection("test")
    connection.execute(
        "create table base (i integer); create view over as select * from base;"
        "create materialized view kept as select * from over; create view alone as select 1 as one"
    )

    found = {
        (reader.identifier, read.identifier)
        for reader, read in adapter.list_dependents(connection)
        if read.schema == postgres_schema
    }

    assert found == {("over", "base"), ("kept", "over")}


@pytest.mark.postgres
def test_relations_of_every_kind_are_listed(opened: Opening, postgres_schema: str) -> None:
    adapter = opened(search_path=postgres_schema)
    connection = adapter.connection("test")
    connection.execute(
        "create table t (i integer); create view v as select 1 as one; create unlogged table u (i integer);"
        "create materialized view m as select 1 as one; create table p (i integer) partition by range (i);"
        "create function f(i integer) returns integer language sql as 'select i';"
        "create function t(i integer) returns integer language sql as 'select i'"
    )

    found = adapter.list_relations(connection, "postgres", postgres_schema.upper())

    assert [(r.identifier, r.type) for r in found] == [
        ("f", "function"),
        ("t", "function"),
        ("m", "materialized_view"),
        ("p", "table"),
        ("t", "table"),
        ("u", "table"),
        ("v", "view"),
    ]


@pytest.mark.postgres
def test_columns_have_dbts_names_of_types(opened: Opening, postgres_schema: str) -> None:
    adapter = opened(search_path=postgres_schema)
    connection = adapter.connection("test")
    connection.execute(
        "create table t (a integer, b varchar(20), c numeric(10, 2), d text, e timestamptz, f integer[])"
    )
    relation = adapter.relation_class.create("postgres", postgres_schema, "t")

    assert [(c.name, c.data_type) for c in adapter.columns(connection, relation)] == [
        ("a", "integer"),
        ("b", "character varying(20)"),
        ("c", "numeric(10,2)"),
        ("d", "text"),
        ("e", "timestamp with time zone"),
        ("f", "ARRAY"),
    ]


@pytest.mark.postgres
def test_another_database_is_refused(opened: Opening) -> None:
    adapter = opened()
    connection = adapter.connection("test")

    assert adapter.macro_methods["verify_database"]('"postgres"') == ""
    with pytest.raises(ExecutionError, match="Cross-db references not allowed in postgres"):
        adapter.list_relations(connection, "elsewhere", "main")
