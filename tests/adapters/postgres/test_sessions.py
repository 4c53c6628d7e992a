"""Sessions: what the profile asks for holds on each, nothing of one node reaches another, and refusals are clear."""

from __future__ import annotations

import secrets
import socket
import threading
from typing import Any

import psycopg
import pytest

from tests.adapters.postgres.conftest import Opening
from tests.postgres_server import PostgresServer
from tidemill.adapters.base import Connection
from tidemill.errors import DatabaseError

pytestmark = pytest.mark.postgres


def rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return list(connection.execute(sql, fetch=True).rows)


def test_the_next_connection_takes_the_session_of_the_last(opened: Opening) -> None:
    adapter = opened()
    first = adapter.connection("first")
    [(pid,)] = rows(first, "select pg_backend_pid()")
    first.close()

    second = adapter.connection("second")

    assert rows(second, "select pg_backend_pid()") == [(pid,)]


def test_nothing_of_one_connection_reaches_the_next(opened: Opening) -> None:
    adapter = opened()
    first = adapter.connection("first")
    first.execute("set statement_timeout = 77; create temporary table remembered (i integer)")
    first.begin()
    first.close()

    second = adapter.connection("second")

    assert not second.in_transaction
    assert rows(second, "select current_setting('statement_timeout')") == [("0",)]
    with pytest.raises(DatabaseError, match="remembered"):
        second.execute("select * from remembered")


def test_connections_at_one_time_have_sessions_of_their_own(opened: Opening) -> None:
    adapter = opened()
    connections = [adapter.connection(str(number)) for number in range(5)]

    pids = {rows(connection, "select pg_backend_pid()")[0] for connection in connections}

    assert len(pids) == 5


def test_a_session_that_the_server_ended_is_replaced(
    opened: Opening, postgres: PostgresServer
) -> None:
    adapter = opened()
    first = adapter.connection("first")
    [(pid,)] = rows(first, "select pg_backend_pid()")
    postgres.execute(f"select pg_terminate_backend({pid})")

    with pytest.raises(DatabaseError) as caught:
        first.execute("select 1")
    first.close()

    assert caught.value.fault.code == "connection-lost"
    assert caught.value.retryable
    assert rows(adapter.connection("second"), "select 1") == [(1,)]


def test_the_profile_holds_on_every_session(opened: Opening, postgres: PostgresServer) -> None:
    role = f"builder_{secrets.token_hex(4)}"
    postgres.execute(f"create role {role}")
    adapter = opened(role=role, search_path="one, two", application_name="tide")
    shown = (
        "select current_user, current_setting('search_path'), current_setting('application_name')"
    )
    first = adapter.connection("first")
    assert rows(first, shown) == [(role, "one, two", "tide")]
    first.execute("reset role")
    first.close()

    assert rows(adapter.connection("second"), shown) == [(role, "one, two", "tide")]


@pytest.mark.parametrize(
    ("entries", "code", "words"),
    [
        ({"dbname": "no_such_database"}, "database-path", 'database "no_such_database"'),
        ({"user": "nobody_here"}, "login-refused", "nobody_here"),
        ({"role": "no_such_role"}, "database", "no_such_role"),
        ({"sslmode": "require"}, "ssl", "SSL"),
    ],
)
def test_refusals_are_clear(
    opened: Opening, entries: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(DatabaseError) as caught:
        opened(retries=0, **entries)

    assert caught.value.fault.code == code
    assert words in caught.value.fault.message


def test_an_absent_server_is_tried_again_and_then_named(opened: Opening) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

    with pytest.raises(DatabaseError) as caught:
        opened(port=port, retries=1)

    assert caught.value.fault.code == "connection-refused"
    assert str(port) in str(caught.value.fault.hint)


def test_closing_the_adapter_ends_what_runs(opened: Opening) -> None:
    adapter = opened()
    connection = adapter.connection("slow")
    ended: list[BaseException] = []

    def work() -> None:
        try:
            connection.execute("select pg_sleep(30)")
        except BaseException as error:  # noqa: BLE001
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    threading.Event().wait(0.3)
    adapter.close()
    thread.join(timeout=10)

    assert not thread.is_alive()
    assert len(ended) == 1


def test_transactions_of_the_driver_are_not_opened(opened: Opening) -> None:
    connection = opened().connection("vacuum")

    connection.execute("vacuum")

    session: Any = vars(connection)["_session"]
    assert isinstance(session, psycopg.Connection)
    assert session.autocommit
