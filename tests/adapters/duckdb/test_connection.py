"""What is special about DuckDB's connections; the rest is in the adapter contract."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tidemill.adapters.base import QueryResult
from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.adapters.duckdb.connection import DuckDBConnection
from tidemill.adapters.duckdb.credentials import Retries
from tidemill.errors import DatabaseError


@pytest.fixture
def adapter(tmp_path: Path) -> Iterator[DuckDBAdapter]:
    adapter = DuckDBAdapter(DuckDBAdapter.normalise({}, tmp_path, "shop"), tmp_path)
    yield adapter
    adapter.close()


@pytest.fixture
def connection(adapter: DuckDBAdapter) -> DuckDBConnection:
    return adapter.connection("test")


def test_answers_are_those_of_dbt_duckdb(connection: DuckDBConnection) -> None:
    assert connection.execute("create table t as select 1 as i") == QueryResult(rows_written=1)
    assert connection.execute("select * from t", fetch=True) == QueryResult(
        columns=("i",), types=("INTEGER",), rows=[(1,)]
    )
    assert connection.execute("create view v as from t", fetch=True).rows_written is None


def test_nested_values_come_as_python_values(connection: DuckDBConnection) -> None:
    result = connection.execute(
        "select [1, 2] as l, {'a': 1} as s, map {'k': 2} as m, now() as n, 'x'::blob as b",
        fetch=True,
    )

    listed, struct, mapping, now, blob = result.rows[0]
    assert (listed, struct, mapping, blob) == ([1, 2], {"a": 1}, {"k": 2}, b"x")
    assert now.tzinfo is not None
    assert result.types[:3] == ("INTEGER[]", "STRUCT(a INTEGER)", "MAP(VARCHAR, INTEGER)")


def test_python_variables_are_no_tables(connection: DuckDBConnection) -> None:
    frame = {"a": [1]}
    assert frame

    with pytest.raises(DatabaseError, match="frame does not exist"):
        connection.execute("select * from frame")


def test_files_are_found_below_the_project(tmp_path: Path, connection: DuckDBConnection) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("i\n5\n")

    assert list(connection.execute("from 'data/a.csv'", fetch=True).rows) == [(5,)]


def test_conflicts_may_be_tried_again(adapter: DuckDBAdapter) -> None:
    first, second = adapter.connection("first"), adapter.connection("second")
    first.execute("create table t (i int); insert into t values (1)")
    first.begin()
    second.begin()
    first.execute("update t set i = 2")

    with pytest.raises(DatabaseError) as caught:
        second.execute("update t set i = 3")

    assert caught.value.fault.code == "transaction-conflict"
    assert caught.value.retryable
    first.commit()


class Flaky:
    """A cursor that fails some times before it works."""

    rowcount = -1

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.asked: list[str] = []

    def execute(self, sql: str, bindings: object = None) -> Flaky:
        self.asked.append(sql)
        if len(self.asked) <= self.failures:
            raise duckdb.IOException("IO Error: the network hiccups")
        return self

    def interrupt(self) -> None: ...


def flaky(failures: int, **retries: object) -> tuple[DuckDBConnection, Flaky]:
    cursor = Flaky(failures)
    made = Retries(**retries)  # type: ignore[arg-type]
    connection = DuckDBConnection("flaky", cursor, retries=made)  # type: ignore[arg-type]
    connection._cancelled.wait = lambda _: False  # type: ignore[method-assign, assignment]
    return connection, cursor


def test_statements_are_tried_again_when_asked() -> None:
    connection, cursor = flaky(2, query_attempts=3)

    connection.execute("select 1")

    assert cursor.asked == ["select 1"] * 3


@pytest.mark.parametrize(
    ("retries", "asked"),
    [
        ({}, 1),
        ({"query_attempts": 2}, 2),
        ({"query_attempts": 5, "retryable_exceptions": ("HTTPException",)}, 1),
    ],
)
def test_retries_end(retries: dict[str, object], asked: int) -> None:
    connection, cursor = flaky(9, **retries)

    with pytest.raises(DatabaseError, match="hiccups"):
        connection.execute("select 1")

    assert len(cursor.asked) == asked


def test_nothing_is_tried_again_inside_a_transaction() -> None:
    connection, cursor = flaky(9, query_attempts=3)
    connection.in_transaction = True

    with pytest.raises(DatabaseError):
        connection.execute("select 1")

    assert cursor.asked == ["select 1", "ROLLBACK"]


def test_a_closed_connection_lets_go_of_duckdb(connection: DuckDBConnection) -> None:
    cursor = weakref.ref(connection._cursor)  # type: ignore[arg-type]
    connection.close()
    gc.collect()

    assert cursor() is None
