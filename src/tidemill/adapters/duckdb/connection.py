"""One conversation with DuckDB: a cursor of the adapter's database, used by one thread at a time."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import duckdb

from tidemill.adapters.base import Connection, PythonModel, QueryResult
from tidemill.adapters.duckdb.credentials import Retries
from tidemill.adapters.duckdb.failures import translate
from tidemill.adapters.duckdb.python_models import run_python_model
from tidemill.errors import Cancelled, ConfigurationError, DatabaseError, ExecutionError

if TYPE_CHECKING:
    import pyarrow

_TRANSACTION_WORD = re.compile(
    r"\s*(?:(?P<begin>begin|start)|(?P<rollback>rollback|abort)|commit|end)"
    r"(?:\s+(?:transaction|work))?\s*;?\s*\Z",
    re.IGNORECASE,
)


class DuckDBConnection(Connection):
    """A cursor, and whether a transaction is open on it.

    ``transactions=False`` makes ``begin`` do nothing, as the profile's ``disable_transactions`` asks.
    ``on_end`` is called whenever a transaction ended and when the connection closes.
    """

    def __init__(
        self,
        name: str,
        cursor: duckdb.DuckDBPyConnection,
        *,
        retries: Retries | None = None,
        transactions: bool = True,
        on_end: Callable[[DuckDBConnection], None] | None = None,
    ) -> None:
        self.name = name
        self.thread: int | None = None
        """The thread that last used this connection."""
        self._cursor: duckdb.DuckDBPyConnection | None = cursor
        self._retries = retries
        self._transactions = transactions
        self._on_end = on_end
        self._lock = threading.RLock()
        self._cancelled = threading.Event()

    # -- statements --------------------------------------------------------------------------

    def execute(
        self, sql: str, *, fetch: bool = False, limit: int | None = None, bindings: Any = None
    ) -> QueryResult:
        with self._lock:
            self.thread = threading.get_ident()
            word = _TRANSACTION_WORD.match(sql)
            if word is not None:
                self._transaction(word)
                return QueryResult()
            try:
                answer = self._run(sql, bindings)
                return _result(answer, limit) if fetch else _written(answer)
            except duckdb.Error as error:
                raise self._failed(error, sql) from error

    def arrow(self, sql: str, *, limit: int | None = None) -> pyarrow.Table:
        with self._lock:
            try:
                return _arrow_table(self._usable().sql(sql.lstrip()), limit)
            except duckdb.Error as error:
                raise self._failed(error, sql) from error
            except ImportError as error:
                raise _without_pyarrow() from error

    def run_python(self, model: PythonModel) -> QueryResult:
        with self._lock:
            cursor = self._usable()
            try:
                # Here a variable may stand in for a table, as in DuckDB's own Python sessions.
                cursor.execute("SET python_enable_replacements = true")
                run_python_model(model, cursor, self.begin, in_transaction=self.in_transaction)
            except ExecutionError:
                self.rollback()
                if self._cancelled.is_set():
                    raise Cancelled("the Python model was cancelled") from None
                raise
            return QueryResult()

    def _run(self, sql: str, bindings: Any) -> duckdb.DuckDBPyConnection | None:
        """Execute, and try again as the profile's ``retries`` ask. None when there was no statement."""
        attempts = (self._retries.query_attempts if self._retries else None) or 1
        for attempt in range(attempts):
            try:
                # DuckDB returns None, against its types, when the text holds no statement.
                # Blanks in front would put the places in its messages wrong.
                return self._usable().execute(sql.lstrip(), bindings)
            except duckdb.Error as error:
                if attempt + 1 == attempts or not self._may_retry(error):
                    raise
                self._cancelled.wait(2**attempt)
        raise AssertionError("query_attempts is at least 1")

    def _may_retry(self, error: duckdb.Error) -> bool:
        names = self._retries.retryable_exceptions if self._retries else ()
        # Inside a transaction DuckDB refuses everything after an error, so that trying again is vain.
        return type(error).__name__ in names and not self.in_transaction

    def _failed(self, error: duckdb.Error, sql: str) -> Exception:
        """Roll back, as dbt does after every error, and translate."""
        if self.in_transaction:
            self.rollback()
        if self._cancelled.is_set():
            return Cancelled("the statement was cancelled")
        return translate(error, sql)

    def _usable(self) -> duckdb.DuckDBPyConnection:
        """The cursor. Raises DatabaseError once this is closed, and Cancelled once it is cancelled."""
        self.thread = threading.get_ident()
        if self._cursor is None:
            raise DatabaseError(f"connection '{self.name}' is closed", code="connection-closed")
        if self._cancelled.is_set():
            raise Cancelled(f"connection '{self.name}' was cancelled")
        return self._cursor

    # -- transactions ------------------------------------------------------------------------

    def begin(self) -> None:
        if self._transactions:
            self.begin_transaction()

    def begin_transaction(self) -> None:
        """Start a transaction, even where the profile disables them."""
        if not self.in_transaction:
            self._control("BEGIN", "within a transaction")
            self.in_transaction = True

    def commit(self) -> None:
        if self.in_transaction:
            try:
                self._control("COMMIT", "no transaction is active")
            finally:
                self._ended()

    def rollback(self) -> None:
        if self.in_transaction and self._cursor is not None:
            try:
                self._cursor.execute("ROLLBACK")
            except duckdb.Error:
                # The transaction is gone already, or the database is: both mean rolled back.
                pass
            finally:
                self._ended()

    def _control(self, word: str, harmless: str) -> None:
        """BEGIN or COMMIT; ``harmless`` is what DuckDB says when SQL of the user did it before."""
        with self._lock:
            cursor = self._usable()
            try:
                cursor.execute(word)
            except duckdb.Error as error:
                if harmless not in str(error):
                    raise translate(error) from error

    def _transaction(self, word: re.Match[str]) -> None:
        """BEGIN, COMMIT or ROLLBACK as SQL of a hook or macro: fine where there is nothing to do."""
        if word["begin"]:
            self.begin_transaction()
        elif word["rollback"]:
            self.rollback()
        else:
            self.commit()

    def _ended(self) -> None:
        self.in_transaction = False
        if self._on_end is not None:
            self._on_end(self)

    # -- the end -----------------------------------------------------------------------------

    def cancel(self) -> None:
        self._cancelled.set()
        # DuckDB forgets an interrupt that comes just before a statement starts, hence again.
        for _ in range(20):
            cursor = self._cursor
            if cursor is None:
                return
            cursor.interrupt()
            if self._lock.acquire(timeout=0.05):
                self._lock.release()
                return

    def close(self) -> None:
        with self._lock:
            if self._cursor is None:
                return
            self.rollback()
            self._ended()
            self._cursor.close()
            # What is left of us in a frame of some thread must not keep DuckDB's object alive.
            self._cursor = None


def _written(answer: duckdb.DuckDBPyConnection | None) -> QueryResult:
    count = -1 if answer is None else answer.rowcount
    return QueryResult(rows_written=count if count >= 0 else None)


def _result(answer: duckdb.DuckDBPyConnection | None, limit: int | None) -> QueryResult:
    if answer is None:
        return QueryResult()
    written = _written(answer).rows_written
    described = answer.description or []
    rows = answer.fetchall() if limit is None else answer.fetchmany(limit)
    return QueryResult(
        rows_written=written,
        columns=tuple(str(column[0]) for column in described),
        types=tuple(str(column[1]) for column in described),
        rows=rows,
    )


def _arrow_table(query: duckdb.DuckDBPyRelation | None, limit: int | None) -> pyarrow.Table:
    import pyarrow

    if query is None:  # DuckDB says so, against its types, when the text is no query
        return pyarrow.table({})
    return (query if limit is None else query.limit(limit)).to_arrow_table()


def _without_pyarrow() -> ConfigurationError:
    return ConfigurationError(
        "Arrow tables need the package pyarrow, which is not installed",
        code="pyarrow-missing",
        hint="pip install 'tidemill[dataframes]'",
    )
