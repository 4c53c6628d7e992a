"""dbt's cross-database macros give on DuckDB what they give with dbt-duckdb."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from tests.adapters.duckdb.workshop import Workshop
from tidemill.engine.jinja.session import Session


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with Workshop(tmp_path_factory.mktemp("functions")).session() as session:
        yield session


def values(session: Session, sql: str) -> list[tuple[Any, ...]]:
    rendered = session.render(sql)
    return list(session.connection.execute(rendered, fetch=True).rows)


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("dbt.dateadd('day', 1, \"date '2024-02-28'\")", at(2024, 2, 29)),
        ("dbt.dateadd('month', 1, \"date '2024-01-31'\")", at(2024, 2, 29)),
        ("dbt.dateadd('quarter', -1, \"timestamp '2024-05-31 10:00:00'\")", at(2024, 2, 29, 10)),
        ("dbt.dateadd('week', '1 + 1', \"date '2024-01-01'\")", at(2024, 1, 15)),
        ("dbt.dateadd('HOUR', 25, \"date '2024-01-01'\")", at(2024, 1, 2, 1)),
        ("dbt.datediff(\"'2023-12-31'\", \"'2024-01-01'\", 'year')", 1),
        ("dbt.datediff(\"'2024-01-01'\", \"'2024-03-31'\", 'month')", 2),
        ("dbt.datediff(\"'2024-01-01 23:59:00'\", \"'2024-01-02 00:01:00'\", 'day')", 1),
        ("dbt.datediff(\"'2024-01-01 23:59:00'\", \"'2024-01-02 00:01:00'\", 'hour')", 1),
        # From Saturday to Sunday a week begins; from Sunday to Monday none does.
        ("dbt.datediff(\"'2024-01-06'\", \"'2024-01-07'\", 'week')", 1),
        ("dbt.datediff(\"'2024-01-07'\", \"'2024-01-08'\", 'week')", 0),
        ("dbt.datediff(\"'2024-01-08'\", \"'2024-01-06'\", 'week')", -1),
        ("dbt.datediff(\"'2024-01-01'\", \"'2024-02-05'\", 'week')", 5),
        ("dbt.date_trunc('quarter', \"date '2024-05-17'\")", at(2024, 4, 1)),
        ("dbt.last_day(\"date '2024-02-03'\", 'month')", date(2024, 2, 29)),
        ("dbt.last_day(\"date '2024-02-03'\", 'quarter')", date(2024, 3, 31)),
        ("dbt.last_day(\"date '2024-02-03'\", 'year')", date(2024, 12, 31)),
        ("dbt.date(2024, 2, 29)", date(2024, 2, 29)),
        ("dbt.split_part(\"'a|b|c'\", \"'|'\", 2)", "b"),
        ("dbt.split_part(\"'a|b|c'\", \"'|'\", -1)", "c"),
        ("dbt.split_part(\"'a|b|c'\", \"'|'\", 4)", None),
        ("dbt.safe_cast(\"'1'\", 'integer')", 1),
        ("dbt.cast('1', 'varchar')", "1"),
        ("dbt.cast_bool_to_text('1 = 1')", "true"),
        ("dbt.concat([\"'a'\", \"'b'\"])", "ab"),
        ("dbt.hash(\"'a'\")", "0cc175b9c0f1b6a831c399e269772661"),
        ("dbt.length(\"'abc'\")", 3),
        ("dbt.position(\"'c'\", \"'abc'\")", 3),
        ("dbt.replace(\"'abc'\", \"'b'\", \"'x'\")", "axc"),
        ("dbt.right(\"'abc'\", 2)", "bc"),
        ("dbt.string_literal(dbt.escape_single_quotes(\"it's\"))", "it's"),
        ("dbt.array_construct([1, 2])", [1, 2]),
        ("dbt.array_construct()", []),
        ("dbt.array_append(dbt.array_construct([1]), 2)", [1, 2]),
        ("dbt.array_concat(dbt.array_construct([1]), dbt.array_construct([2]))", [1, 2]),
        ("dbt.current_timestamp() ~ ' is not null'", True),
        ("snapshot_get_time() ~ ' is not null'", True),
        ("snapshot_string_as_time('2024-01-01')", at(2024, 1, 1)),
    ],
)  # fmt: skip
def test_values(session: Session, call: str, expected: object) -> None:
    assert values(session, f"select {{{{ {call} }}}}") == [(expected,)]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("dbt.listagg('word', \"', '\", 'order by word desc')", "c, b, a"),
        ("dbt.listagg('word', \"'-'\", 'order by word', 2)", "a-b"),
        ("dbt.listagg('1', \"'-'\")", "1-1-1"),
        ("dbt.any_value('n')", 1),
        ("dbt.bool_or(\"word = 'b'\")", True),
    ],
)
def test_aggregates(session: Session, call: str, expected: object) -> None:
    rows = "(select * from (values ('a'), ('b'), ('c')) t(word), (values (1)) s(n))"

    assert values(session, f"select {{{{ {call} }}}} from {rows}") == [(expected,)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("string", "TEXT"),
        ("timestamp", "timestamp"),
        ("float", "float"),
        ("numeric", "numeric(28,6)"),
        ("bigint", "bigint"),
        ("int", "integer"),
        ("boolean", "boolean"),
    ],
)
def test_types(session: Session, name: str, expected: str) -> None:
    assert session.render(f"{{{{ dbt.type_{name}() }}}}") == expected
    assert values(session, f"select null::{{{{ dbt.type_{name}() }}}}") == [(None,)]


def test_rows(session: Session) -> None:
    assert values(session, "{{ dbt.generate_series(3) }}") == [(1,), (2,), (3,)]
    assert values(session, "select 1 {{ dbt.except() }} select 2") == [(1,)]
    assert values(session, "select 1 {{ dbt.intersect() }} select 1") == [(1,)]
    spine = "{{ dbt.date_spine('day', \"date '2024-02-28'\", \"date '2024-03-01'\") }}"
    assert values(session, spine) == [(at(2024, 2, 28),), (at(2024, 2, 29),)]


def test_macros_that_ask_the_warehouse(session: Session) -> None:
    session.connection.execute("create or replace table t (i integer, w varchar)")
    text = (
        "{% set t = api.Relation.create(database='shop', schema='main', identifier='t', type='table') %}"
        "{{ get_columns_in_relation(t) | map(attribute='name') | join(',') }} "
        "{{ get_columns_in_query('select 1 as a, 2 as b') | join(',') }} "
        "{{ list_schemas('shop').columns[0].values() | list }} "
        "{{ list_relations_without_caching(t.without_identifier()).rows[0].values() | list }} "
        "{{ check_schema_exists(t.information_schema(), 'MAIN').rows[0][0] }} "
        "{% do truncate_relation(t) %}{% do drop_schema(t.incorporate(path={'schema': 'gone'})) %}"
    )

    assert session.render(text).strip() == ("i,w a,b ['main'] ['shop', 't', 'main', 'table'] 1")


def test_the_catalogue_is_told(session: Session) -> None:
    session.connection.execute(
        "create or replace table t (i integer); comment on table t is 'a table'; "
        "comment on column t.i is 'a column'; create or replace view v as select 1 as j"
    )
    text = (
        "{% set t = api.Relation.create(database='shop', schema='main', identifier='T') %}"
        "{% set both = get_catalog(t.information_schema(), ['MAIN']) %}"
        "{% set one = get_catalog_relations(t.information_schema(), [t]) %}"
        "{% set nothing = get_catalog(t.information_schema(), []) %}"
        "{{ both.column_names | join(' ') }}\n"
        "{% for row in both.rows %}{{ row.values() | list }}\n{% endfor %}"
        "{{ one.rows | length }} {{ nothing.rows | length }}"
    )

    assert session.render(text).splitlines() == [
        (
            "table_database table_schema table_name table_type table_comment "
            "column_name column_index column_type column_comment table_owner"
        ),
        "['shop', 'main', 't', 'BASE TABLE', 'a table', 'i', 1, 'INTEGER', 'a column', None]",
        "['shop', 'main', 'v', 'VIEW', None, 'j', 1, 'INTEGER', None, None]",
        "1 0",
    ]
