"""A conversation with Postgres: messages, commits as dbt-postgres makes them, values, and places of errors."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.adapters.postgres.conftest import Opening
from tidemill.adapters.base import Connection
from tidemill.errors import DatabaseError

pytestmark = pytest.mark.postgres


@pytest.fixture
def connection(opened: Opening, postgres_schema: str) -> Connection:
    connection = opened(search_path=postgres_schema).connection("test")
    connection.execute("create table things (i integer unique deferrable initially deferred)")
    return connection


@pytest.mark.parametrize(
    ("sql", "message", "code", "rows_affected", "rows_written"),
    [
        ("select * from generate_series(1, 3)", "SELECT 3", "SELECT", 3, None),
        ("insert into things values (1), (2)", "INSERT 0 2", "INSERT", 2, 2),
        ("update things set i = 1 where false", "UPDATE 0", "UPDATE", 0, 0),
        ("create view seen as select 1 as one", "CREATE VIEW", "CREATE VIEW", -1, None),
        ("create table made as select 1 as one", "SELECT 1", "SELECT", 1, 1),
        ("drop table things; create table b (i int)", "CREATE TABLE", "CREATE TABLE", -1, None),
    ],
)
def test_messages_are_those_of_dbt(
    connection: Connection,
    sql: str,
    message: str,
    code: str,
    rows_affected: int,
    rows_written: int | None,
) -> None:
    result = connection.execute(sql)

    assert (result.message, result.code) == (message, code)
    assert (result.rows_affected, result.rows_written) == (rows_affected, rows_written)


def test_percent_signs_are_text_without_bindings(connection: Connection) -> None:
    sql = "select 'a' like '%s' as no, 5 % 3 as rest, '100%' as all"

    assert list(connection.execute(sql, fetch=True).rows) == [(False, 2, "100%")]


def test_after_a_commit_statements_count_at_once(opened: Opening, connection: Connection) -> None:
    connection.begin()
    connection.execute("insert into things values (1)")
    connection.commit()
    connection.begin()
    connection.execute("insert into things values (2)")
    connection.close()

    again = opened(search_path=_schema_of(connection)).connection("again")
    assert list(again.execute("select i from things order by 1", fetch=True).rows) == [(1,), (2,)]


def _schema_of(connection: Connection) -> str:
    sessions: Any = vars(connection)["_sessions"]
    schema: str = vars(sessions)["_credentials"].schema
    return schema


def test_a_commit_that_fails_says_why(connection: Connection) -> None:
    connection.begin()
    connection.execute("insert into things values (1), (1)")

    with pytest.raises(DatabaseError, match="duplicate key"):
        connection.commit()

    assert not connection.in_transaction
    assert list(connection.execute("select * from things", fetch=True).rows) == []


def test_values_are_those_that_dbt_shows(connection: Connection) -> None:
    sql = """
        select '9d2f1b1e-2f5c-4c39-8f0e-111111111111'::uuid, '10.0.0.1'::inet, '{"a": [1]}'::jsonb, array[1, 2],
          'infinity'::date, '-infinity'::timestamp, 'infinity'::timestamptz, interval '90 minutes', 'NaN'::numeric::text,
          1.50::numeric(6, 2), 'ab'::char(4)
    """

    [row] = connection.execute(sql, fetch=True).rows

    assert row == (
        "9d2f1b1e-2f5c-4c39-8f0e-111111111111",
        "10.0.0.1",
        {"a": [1]},
        [1, 2],
        date.max,
        datetime.min,
        datetime.max.replace(tzinfo=UTC),
        timedelta(minutes=90),
        "NaN",
        Decimal("1.50"),
        "ab  ",
    )


@pytest.mark.parametrize("limit", [None, 10])
def test_arrow_has_postgres_types(connection: Connection, limit: int | None) -> None:
    sql = """
        select 1::smallint as s, 2 as i, 3::bigint as b, 1.5::numeric(6, 2) as n, 2.25 as u, 0.5::float8 as f, true as t,
          date '2024-02-29' as d, timestamp '2024-02-29 12:00' as p, 'x' as x, '{"a": 1}'::json as j, array[1, null] as a,
          null::numeric as e -- the end
    """

    table = connection.arrow(sql, limit=limit)

    assert {field.name: str(field.type) for field in table.schema} == {
        "s": "int16",
        "i": "int32",
        "b": "int64",
        "n": "decimal128(6, 2)",
        "u": "decimal128(3, 2)",
        "f": "double",
        "t": "bool",
        "d": "date32[day]",
        "p": "timestamp[us]",
        "x": "string",
        "j": "string",
        "a": "list<item: int32>",
        "e": "decimal128(38, 9)",
    }
    assert table.to_pylist()[0]["j"] == '{"a": 1}'


def test_a_limit_of_arrow_reads_no_further(connection: Connection) -> None:
    sql = "select i, 10 / (50000 - i) as q from generate_series(1, 100000) as g (i)"

    assert connection.arrow(sql, limit=3).num_rows == 3
    assert not connection.in_transaction


@pytest.mark.parametrize("limit", [None, 3])
def test_the_place_of_an_error(connection: Connection, limit: int | None) -> None:
    with pytest.raises(DatabaseError) as caught:
        connection.arrow("select 1,\n  'ü', nothing_here", limit=limit)

    place = caught.value.fault.place
    assert place is not None
    assert (place.line, place.column) == (2, 8)


def test_without_transactions_every_statement_counts(
    opened: Opening, connection: Connection
) -> None:
    adapter = opened(search_path=_schema_of(connection), autocommit=True)
    unsafe = adapter.connection("unsafe")
    unsafe.begin()
    unsafe.execute("insert into things values (1)")
    unsafe.close()

    assert list(connection.execute("select i from things", fetch=True).rows) == [(1,)]
