"""What every adapter must fulfil: a suite that each native adapter joins by a subclass with two fixtures.

    class TestDuckDB(AdapterContract):
        @pytest.fixture
        def adapter(self, tmp_path): ...   # open, on an empty warehouse
        @pytest.fixture
        def place(self): ...               # (database, schema) that exists and is empty

A known gap of an adapter is an override that is marked as xfail with its reason.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tidemill.adapters.base import SQL_PLACE, Adapter, Connection
from tidemill.adapters.relation import Relation
from tidemill.errors import Cancelled, DatabaseError

Place = tuple[str, str]


class AdapterContract:
    """The suite. SQL in it is as plain as SQL can be; what differs stands in attributes."""

    slow_query = (
        "select count(*) from range(10000000) a, range(100000) b where a.range + b.range = 3"
    )
    """A query that runs for a minute or more."""
    placeholder = "?"
    """How a binding is written."""

    @pytest.fixture
    def connection(self, adapter: Adapter) -> Iterator[Connection]:
        connection = adapter.connection("contract")
        yield connection
        connection.close()

    @pytest.fixture
    def named(self, adapter: Adapter, place: Place) -> Callable[[str], Relation]:
        database, schema = place
        return lambda name: adapter.relation_class.create(database, schema, name, type="table")

    # -- statements --------------------------------------------------------------------------

    def test_rows_are_python_values(self, connection: Connection) -> None:
        result = connection.execute(
            "select 1 as i, 'a' as t, cast(1.50 as decimal(10, 2)) as n, cast(null as integer) as e, "
            "date '2024-02-29' as d, timestamp '2024-02-29 12:00:00' as ts, true as b",
            fetch=True,
        )

        assert result.columns == ("i", "t", "n", "e", "d", "ts", "b")
        assert len(result.types) == 7
        assert list(result.rows) == [
            (1, "a", Decimal("1.50"), None, date(2024, 2, 29), datetime(2024, 2, 29, 12), True)
        ]

    def test_without_fetch_there_are_no_rows(self, connection: Connection) -> None:
        result = connection.execute("select 1 as i")

        assert (list(result.rows), result.columns) == ([], ())

    def test_limit_cuts_the_rows(self, connection: Connection) -> None:
        sql = "select 1 as i union all select 2 union all select 3 order by 1"

        assert list(connection.execute(sql, fetch=True, limit=2).rows) == [(1,), (2,)]
        assert list(connection.execute(sql, fetch=True).rows) == [(1,), (2,), (3,)]

    def test_several_statements_run_in_order(
        self, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table = named("steps")

        result = connection.execute(
            f"create table {table} (i integer); insert into {table} values (7); select i from {table};",
            fetch=True,
        )

        assert list(result.rows) == [(7,)]

    @pytest.mark.parametrize("text", ["", "  \n", "-- only a comment", ";"])
    def test_text_without_a_statement_is_fine(self, connection: Connection, text: str) -> None:
        assert list(connection.execute(text, fetch=True).rows) == []

    def test_rows_written_are_counted(
        self, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table = named("counted")

        created = connection.execute(f"create table {table} as select 1 as i union all select 2")
        deleted = connection.execute(f"delete from {table} where i = 2")

        assert (created.rows_written, deleted.rows_written) == (2, 1)

    def test_bindings(self, connection: Connection, named: Callable[[str], Relation]) -> None:
        table = named("bound")
        connection.execute(f"create table {table} (i integer, t varchar)")

        row = f"({self.placeholder}, {self.placeholder})"

        connection.execute(f"insert into {table} values {row}, {row}", bindings=[1, "a", 2, None])

        rows = connection.execute(f"select * from {table} order by i", fetch=True).rows
        assert list(rows) == [(1, "a"), (2, None)]

    def test_arrow(self, connection: Connection) -> None:
        sql = "select 1 as i union all select 2 union all select 3 order by 1"

        assert connection.arrow(sql).to_pydict() == {"i": [1, 2, 3]}
        assert connection.arrow(sql, limit=2).to_pydict() == {"i": [1, 2]}
        assert connection.arrow(sql, limit=0).column_names == ["i"]

    # -- errors ------------------------------------------------------------------------------

    def test_an_error_has_words_and_a_place(self, connection: Connection) -> None:
        with pytest.raises(DatabaseError) as caught:
            connection.execute("select 1,\n  no_such_column\nfrom (select 1 as i) t")

        fault = caught.value.fault
        assert "no_such_column" in fault.message
        assert fault.place is not None
        assert (fault.place.file, fault.place.line, fault.place.column) == (SQL_PLACE, 2, 3)

    def test_after_an_error_the_connection_is_usable(self, connection: Connection) -> None:
        with pytest.raises(DatabaseError):
            connection.execute("select * from no_such_table")

        assert list(connection.execute("select 1", fetch=True).rows) == [(1,)]

    def test_an_error_rolls_the_transaction_back(
        self, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table = named("undone")
        connection.execute(f"create table {table} (i integer)")
        connection.begin()
        connection.execute(f"insert into {table} values (1)")

        with pytest.raises(DatabaseError):
            connection.execute("select * from no_such_table")

        assert not connection.in_transaction
        assert list(connection.execute(f"select * from {table}", fetch=True).rows) == []

    # -- transactions ------------------------------------------------------------------------

    def test_others_see_what_was_committed(
        self, adapter: Adapter, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table = named("seen")
        connection.execute(f"create table {table} (i integer)")
        other = adapter.connection("other")
        count = f"select count(*) from {table}"

        connection.begin()
        connection.execute(f"insert into {table} values (1)")
        before = list(other.execute(count, fetch=True).rows)
        connection.commit()
        after = list(other.execute(count, fetch=True).rows)
        other.close()

        assert (before, after) == ([(0,)], [(1,)])

    def test_rollback_forgets(
        self, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table = named("forgotten")
        connection.execute(f"create table {table} (i integer)")

        connection.begin()
        connection.execute(f"insert into {table} values (1)")
        connection.rollback()

        assert not connection.in_transaction
        assert list(connection.execute(f"select * from {table}", fetch=True).rows) == []

    def test_begin_commit_and_rollback_may_be_repeated(self, connection: Connection) -> None:
        connection.commit()
        connection.rollback()
        connection.begin()
        connection.begin()
        assert connection.in_transaction
        connection.commit()
        connection.commit()
        assert not connection.in_transaction

    def test_transactions_in_sql_of_the_user_are_known(self, connection: Connection) -> None:
        connection.execute("begin;")
        assert connection.in_transaction
        connection.begin()
        connection.execute("  COMMIT ;")
        assert not connection.in_transaction
        connection.commit()

    def test_closing_rolls_back(
        self, adapter: Adapter, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table = named("dropped")
        connection.execute(f"create table {table} (i integer)")
        other = adapter.connection("other")
        other.begin()
        other.execute(f"insert into {table} values (1)")

        other.close()

        assert list(connection.execute(f"select * from {table}", fetch=True).rows) == []

    # -- lifetime ----------------------------------------------------------------------------

    def test_cancel_interrupts_from_another_thread(self, connection: Connection) -> None:
        timer = threading.Timer(0.2, connection.cancel)
        timer.start()
        began = time.monotonic()

        with pytest.raises(Cancelled):
            connection.execute(self.slow_query, fetch=True)

        timer.join()
        assert time.monotonic() - began < 10

    def test_a_cancelled_connection_runs_nothing_more(self, connection: Connection) -> None:
        connection.cancel()

        with pytest.raises(Cancelled):
            connection.execute("select 1")

    def test_closing_twice_is_fine_and_final(self, adapter: Adapter) -> None:
        connection = adapter.connection("closed")
        connection.close()
        connection.close()

        with pytest.raises(DatabaseError):
            connection.execute("select 1")

    def test_the_adapter_closes_what_is_open(self, adapter: Adapter) -> None:
        connection = adapter.connection("left")
        adapter.close()
        adapter.close()

        with pytest.raises((DatabaseError, Cancelled)):
            connection.execute("select 1")

    def test_threads_have_connections_of_their_own(
        self, adapter: Adapter, named: Callable[[str], Relation]
    ) -> None:
        def build(number: int) -> None:
            connection = adapter.connection(f"thread {number}")
            connection.begin()
            connection.execute(f"create table {named(f't{number}')} as select {number} as i")
            connection.commit()
            connection.close()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(build, range(12)))

        connection = adapter.connection("reader")
        relation = named("t0")
        found = adapter.list_relations(connection, relation.database, str(relation.schema))
        connection.close()
        assert {r.identifier for r in found} == {f"t{number}" for number in range(12)}

    # -- questions ---------------------------------------------------------------------------

    def test_schemas_are_listed(
        self, adapter: Adapter, connection: Connection, place: Place
    ) -> None:
        database, schema = place

        assert schema in adapter.list_schemas(connection, database)
        assert adapter.list_schemas(connection, "no_such_database") == []

    def test_relations_are_listed_with_their_types(
        self, adapter: Adapter, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table, view = named("a_table"), named("A View")
        connection.execute(f"create table {table} (i integer); create view {view} as select 1 as i")

        found = adapter.list_relations(connection, table.database, str(table.schema))

        assert {(r.identifier, r.type) for r in found} == {("a_table", "table"), ("A View", "view")}
        assert {str(r) for r in found} == {str(table), str(view)}

    def test_an_unknown_schema_is_empty(
        self, adapter: Adapter, connection: Connection, place: Place
    ) -> None:
        assert adapter.list_relations(connection, place[0], "no_such_schema") == []

    def test_columns_are_in_order(
        self, adapter: Adapter, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table = named("wide")
        connection.execute(f'create table {table} ("Z" integer, a varchar, "x y" double precision)')

        columns = adapter.columns(connection, table)

        assert [c.name for c in columns] == ["Z", "a", "x y"]
        assert [(c.is_integer(), c.is_string(), c.is_float()) for c in columns] == [
            (True, False, False),
            (False, True, False),
            (False, False, True),
        ]

    def test_columns_of_what_is_missing_are_none(
        self, adapter: Adapter, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        assert adapter.columns(connection, named("missing")) == []

    def test_asking_for_what_is_missing_keeps_the_transaction(
        self, adapter: Adapter, connection: Connection, named: Callable[[str], Relation]
    ) -> None:
        table = named("kept")
        connection.begin()
        connection.execute(f"create table {table} (i integer)")

        assert adapter.columns(connection, named("missing")) == []
        assert [c.name for c in adapter.columns(connection, table)] == ["i"]
        assert connection.in_transaction

    def test_columns_of_a_query(self, adapter: Adapter, connection: Connection) -> None:
        headed = adapter.query_columns(connection, "set TimeZone = 'UTC'; select 1 as i")
        assert [column.name for column in headed] == ["i"]
        columns = adapter.query_columns(connection, "select 1 as i, 'a' as t -- the end")

        assert [c.name for c in columns] == ["i", "t"]

    @pytest.mark.parametrize("name", ["plain", "Mixed Case", 'quote"inside', "ünï", "select"])
    def test_quoted_names_come_back_as_they_were(
        self, adapter: Adapter, connection: Connection, place: Place, name: str
    ) -> None:
        database, schema = place
        where = ".".join(adapter.quote(part) for part in (database, schema, name))

        connection.execute(f"create table {where} (i integer)")

        assert [r.identifier for r in adapter.list_relations(connection, database, schema)] == [
            name
        ]

    @pytest.mark.parametrize(
        ("types", "value"),
        [
            ([int], 1),
            ([int, Decimal], Decimal("1.5")),
            ([float], 1.5),
            ([bool], True),
            ([date], date(2024, 2, 29)),
            ([date, datetime], datetime(2024, 2, 29, 12)),
            ([str], "a"),
            ([int, str], "a"),
            ([], None),
        ],
    )
    def test_seed_types_hold_their_values(
        self,
        adapter: Adapter,
        connection: Connection,
        named: Callable[[str], Relation],
        types: list[type],
        value: object,
    ) -> None:
        table = named("seed")
        connection.execute(f"create table {table} (v {adapter.convert_type(types, 'v')})")

        connection.execute(f"insert into {table} values ({self.placeholder})", bindings=[value])

        assert list(connection.execute(f"select v from {table}", fetch=True).rows) == [(value,)]

    def test_a_time_of_day_has_a_type(self, adapter: Adapter) -> None:
        assert adapter.convert_type([timedelta], "v") == "time"

    # -- facts -------------------------------------------------------------------------------

    def test_it_says_what_it_is(self, adapter: Adapter) -> None:
        assert adapter.type_names[0] == adapter.type
        assert adapter.package_name == f"dbt_{adapter.type}"
        assert {"append", "delete+insert", "merge"} <= set(adapter.valid_incremental_strategies())
        assert list(adapter.macro_folder.rglob("*.sql"))
        assert adapter.debug_facts()
