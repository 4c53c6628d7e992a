"""One conversation with Postgres: a session of the adapter, used by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus

from tidemill.adapters.base import Connection, QueryResult
from tidemill.adapters.postgres.failures import translate
from tidemill.adapters.postgres.sessions import Session, Sessions
from tidemill.errors import Cancelled, DatabaseError

if TYPE_CHECKING:
    import pyarrow


_CURSOR = "tidemill_first_rows"
_DECLARE = f"DECLARE {_CURSOR} NO SCROLL CURSOR FOR\n"


class PostgresConnection(Connection):
    """A session, and whether a transaction is open on it.

    dbt-postgres begins one transaction by itself; once that was committed, every statement counts at once. So
    ``begin`` after a ``commit`` opens no transaction here either: what a macro writes then, and never commits,
    is kept.
    """

    def __init__(self, name: str, sessions: Sessions, *, transactions: bool = True) -> None:
        self.name = name
        self._sessions = sessions
        self._session: Session | None = sessions.take()
        self._transactions = transactions
        self._has_committed = False
        self._begun = False
        self._lock = threading.RLock()
        self._cancelled = threading.Event()

    # -- statements --------------------------------------------------------------------------

    def execute(
        self, sql: str, *, fetch: bool = False, limit: int | None = None, bindings: Any = None
    ) -> QueryResult:
        with self._lock:
            try:
                with self._usable().cursor() as cursor:
                    cursor.execute(sql.encode(), bindings)
                    result = _result(cursor, fetch, limit)
            except psycopg.Error as error:
                raise self._failed(error, sql) from error
            self._note_transaction()
            return result

    def described(self, sql: str) -> list[tuple[str, int]]:
        """Names and type oids of the columns that ``sql``, or its last statement, gives. Raises DatabaseError."""
        with self._lock:
            try:
                with self._usable().cursor() as cursor:
                    cursor.execute(sql.encode())
                    while cursor.nextset():
                        pass
                    return [(column.name, column.type_code) for column in cursor.description or ()]
            except psycopg.Error as error:
                raise self._failed(error, sql) from error

    def arrow(self, sql: str, *, limit: int | None = None) -> pyarrow.Table:
        from tidemill.adapters.postgres.arrow import arrow_table

        with self._lock:
            try:
                with self._usable().cursor() as cursor:
                    if limit is None:
                        cursor.execute(sql.encode())
                        return arrow_table(cursor)
                    with self._first_rows(cursor, sql, limit):
                        return arrow_table(cursor)
            except psycopg.Error as error:
                shift = 0 if limit is None else len(_DECLARE)
                raise self._failed(error, sql, shift=shift) from error

    @contextmanager
    def _first_rows(self, cursor: psycopg.Cursor[Any], sql: str, limit: int) -> Iterator[None]:
        """The first rows of a query, without the others crossing the wire."""
        was_idle = _is_idle(self._usable())
        if was_idle:
            cursor.execute("BEGIN")
        cursor.execute((_DECLARE + sql.strip().rstrip(";")).encode())
        cursor.execute(f"FETCH {max(0, limit):d} FROM {_CURSOR}".encode())
        yield
        cursor.connection.execute("ROLLBACK" if was_idle else f"CLOSE {_CURSOR}".encode())

    def _failed(self, error: psycopg.Error, sql: str, *, shift: int = 0) -> Exception:
        """Roll back, as dbt does after every error, and translate."""
        self.rollback()
        if self._cancelled.is_set():
            return Cancelled("the statement was cancelled")
        return translate(error, sql, shift=shift)

    def _usable(self) -> Session:
        """The session. Raises DatabaseError once this is closed, and Cancelled once it is cancelled."""
        if self._session is None:
            raise DatabaseError(f"connection '{self.name}' is closed", code="connection-closed")
        if self._cancelled.is_set():
            raise Cancelled(f"connection '{self.name}' was cancelled")
        return self._session

    # -- transactions ------------------------------------------------------------------------

    def begin(self) -> None:
        with self._lock:
            session = self._usable()
            if self._transactions and not self._has_committed and _is_idle(session):
                self._control(session, "BEGIN")
            self._begun = self.in_transaction = True

    def commit(self) -> None:
        with self._lock:
            if not self.in_transaction:
                return
            session = self._usable()
            self._begun = self.in_transaction = False
            self._has_committed = True
            if not _is_idle(session):
                self._control(session, "COMMIT")

    def rollback(self) -> None:
        with self._lock:
            session = self._session
            self._begun = self.in_transaction = self._has_committed = False
            if session is not None and not session.broken and not _is_idle(session):
                # When the session is lost, so is the transaction.
                with suppress(psycopg.Error):
                    session.execute("ROLLBACK")

    def _control(self, session: Session, word: str) -> None:
        try:
            session.execute(word.encode())
        except psycopg.Error as error:
            # A deferred constraint, for instance, speaks up at COMMIT.
            raise self._failed(error, word) from error

    def _note_transaction(self) -> None:
        """BEGIN and COMMIT may come in SQL of the user as well."""
        session = self._session
        is_open = session is not None and not _is_idle(session)
        if self._begun and self._transactions and not self._has_committed and not is_open:
            self._begun = False
        self.in_transaction = is_open or self._begun

    # -- the end -----------------------------------------------------------------------------

    def cancel(self) -> None:
        self._cancelled.set()
        # A cancel that comes just before a statement starts has no effect, hence again.
        for _ in range(20):
            session = self._session
            if session is None or session.closed:
                return
            if self._lock.acquire(timeout=0.02):
                self._lock.release()
                return
            try:
                session.cancel_safe(timeout=2.0)
            except psycopg.Error:
                return  # the server is gone, and the statement with it

    def close(self) -> None:
        with self._lock:
            self.rollback()
            session, self._session = self._session, None
        if session is not None:
            self._sessions.give_back(session)


def _is_idle(session: Session) -> bool:
    return session.info.transaction_status == TransactionStatus.IDLE


def _result(cursor: psycopg.Cursor[Any], fetch: bool, limit: int | None) -> QueryResult:
    """The answer to the last statement, as dbt has it; rows are of the last that has any."""
    rows, columns, types = _rows(cursor, fetch, limit)
    while cursor.nextset():
        if cursor.description:
            rows, columns, types = _rows(cursor, fetch, limit)
    message = cursor.statusmessage or ""
    words = [word for word in message.split() if not word.isdigit()]
    return QueryResult(
        message=message,
        code=" ".join(words),
        rows_affected=cursor.rowcount,
        rows_written=cursor.rowcount
        if cursor.description is None and cursor.rowcount >= 0
        else None,
        columns=columns,
        types=types,
        rows=rows,
    )


def _rows(
    cursor: psycopg.Cursor[Any], fetch: bool, limit: int | None
) -> tuple[list[tuple[Any, ...]], tuple[str, ...], tuple[str, ...]]:
    if not fetch or not cursor.description:
        return [], (), ()
    rows = cursor.fetchall() if limit is None else cursor.fetchmany(limit) if limit else []
    names = tuple(column.name for column in cursor.description)
    return rows, names, tuple(column.type_display for column in cursor.description)
