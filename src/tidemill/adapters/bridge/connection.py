"""One conversation with a warehouse through a plugin's connection manager, used by one thread at a time.

A manager of dbt knows one connection for each thread. Here a thread may hold several, so each puts itself into
the thread's place for as long as it is used.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from dbt.adapters.sql import SQLConnectionManager
from dbt_common.exceptions import DbtBaseException

from tidemill.adapters.base import Connection, PythonModel, QueryResult
from tidemill.adapters.bridge.calls import Calls
from tidemill.adapters.bridge.failures import translate
from tidemill.adapters.bridge.loading import enter
from tidemill.adapters.bridge.tables import result_of
from tidemill.errors import Cancelled, DatabaseError, ExecutionError, Place

if TYPE_CHECKING:
    import pyarrow


_NOTHING = re.compile(r"(\s|;|--[^\n]*(\n|$)|/\*.*?\*/)*", re.DOTALL)
_BEGIN = re.compile(r"\s*(begin|start\s+transaction)\b[^;]*;?\s*", re.IGNORECASE)
_END = re.compile(r"\s*(commit|rollback|end|abort)\b[^;]*;?\s*", re.IGNORECASE)


class BridgeConnection(Connection):
    """A connection of the plugin. It is really opened with the first statement."""

    def __init__(self, name: str, plugged: Any, calls: Calls) -> None:
        self.name = name
        self._plugged = plugged
        self._manager = plugged.connections
        self._calls = calls
        self._lock = threading.RLock()
        self._cancelled = threading.Event()
        self._raw: Any = None
        self._closed = False

    def reach(self) -> None:
        """Open the session now. Raises DatabaseError with the warehouse's words."""
        with self.taken():
            try:
                _ = self._raw.handle
            except Exception as error:
                raise self._failed(error, None) from error

    # -- statements --------------------------------------------------------------------------

    def execute(
        self, sql: str, *, fetch: bool = False, limit: int | None = None, bindings: Any = None
    ) -> QueryResult:
        if _NOTHING.fullmatch(sql):
            self._require_usable()
            return QueryResult()
        with self.taken():
            if _BEGIN.fullmatch(sql):
                self._raw.transaction_open = True
            try:
                result = self._run(sql, fetch, limit, bindings)
                if _END.fullmatch(sql):
                    self._raw.transaction_open = False
                self._settle()
            except Exception as error:
                raise self._failed(error, sql) from error
            return result

    def _run(self, sql: str, fetch: bool, limit: int | None, bindings: Any) -> QueryResult:
        manager = self._manager
        own_way = getattr(type(manager), "execute", None) is not SQLConnectionManager.execute
        if own_way and bindings is None:
            response, table = manager.execute(sql, auto_begin=False, fetch=fetch, limit=limit)
            rows = result_of(table) if fetch else QueryResult()
            return _answered(response, rows, is_query=bool(rows.columns))
        _, cursor = manager.add_query(sql, auto_begin=False, bindings=bindings)
        is_query = cursor.description is not None
        rows = self._rows(cursor, limit) if fetch and is_query else QueryResult()
        return _answered(manager.get_response(cursor), rows, is_query=is_query)

    def _rows(self, cursor: Any, limit: int | None) -> QueryResult:
        if limit is None:
            rows = cursor.fetchall()
        else:
            rows = cursor.fetchmany(limit) if limit else []
        return QueryResult(
            columns=tuple(str(column[0]) for column in cursor.description),
            types=tuple(self._type_name(column[1]) for column in cursor.description),
            rows=[tuple(row) for row in rows],
        )

    def _type_name(self, code: Any) -> str:
        try:
            return str(self._manager.data_type_code_to_name(code))
        except Exception:  # noqa: BLE001 # only a name for people, and plugins fail in many ways
            return str(code)

    def arrow(self, sql: str, *, limit: int | None = None) -> pyarrow.Table:
        import pyarrow as pa

        result = self.execute(sql, fetch=True, limit=limit)
        columns = list(zip(*result.rows, strict=True)) or [()] * len(result.columns)
        arrays = [_array(pa, values) for values in columns]
        return pa.Table.from_arrays(arrays, names=list(result.columns))

    def run_python(self, model: PythonModel) -> QueryResult:
        """Hand a Python model to the plugin, which runs it where it runs such models."""
        if model.node is None:
            return super().run_python(model)
        with self.taken():
            try:
                response = self._plugged.submit_python_job(dict(model.node), model.code.lstrip())
            except Exception as error:
                raise _python_failure(error, model) from error
            return _answered(response, QueryResult(), is_query=False)

    # -- transactions ------------------------------------------------------------------------

    def begin(self) -> None:
        with self.taken():
            if not self._raw.transaction_open:
                self._control(self._manager.begin)

    def commit(self) -> None:
        if not self.in_transaction:
            return
        with self.taken():
            self._control(self._manager.commit)

    def rollback(self) -> None:
        with self._lock:
            if self._raw is None:
                return
            with self._in_place():
                self._forget()

    def _control(self, step: Any) -> None:
        try:
            step()
        except Exception as error:
            raise self._failed(error, None) from error

    def _settle(self) -> None:
        """Drivers open transactions by themselves. One that nobody began must not stay open."""
        if not self._raw.transaction_open and _is_busy(self._raw):
            self._raw.handle.commit()

    def _forget(self) -> None:
        # When the session is lost, so is the transaction.
        with suppress(Exception):
            self._manager.rollback_if_open()
            if _is_busy(self._raw):
                self._raw.handle.rollback()
        self._raw.transaction_open = False

    def _failed(self, error: Exception, sql: str | None) -> Exception:
        """Roll back, as dbt does after every error, and translate."""
        self._forget()
        if self._cancelled.is_set():
            return Cancelled("the statement was cancelled")
        return translate(error, sql or "")

    # -- the thread's place ------------------------------------------------------------------

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Be the connection of this thread for the plugin's manager. Raises DatabaseError once closed."""
        with self._lock:
            self._require_usable()
            with self._in_place():
                yield

    @contextmanager
    def _in_place(self) -> Iterator[None]:
        enter()
        manager, key = self._manager, self._manager.get_thread_identifier()
        with manager.lock:
            before = manager.thread_connections.pop(key, None)
            if self._raw is not None:
                manager.thread_connections[key] = self._raw
        try:
            if self._raw is None:
                self._raw = manager.set_connection_name(self.name)
            yield
        finally:
            with manager.lock:
                # A plugin may have put another one there, after a lost session for instance.
                self._raw = manager.thread_connections.pop(key, None)
                if before is not None:
                    manager.thread_connections[key] = before
            self.in_transaction = bool(self._raw is not None and self._raw.transaction_open)

    def _require_usable(self) -> None:
        if self._closed:
            raise DatabaseError(f"connection '{self.name}' is closed", code="connection-closed")
        if self._cancelled.is_set():
            raise Cancelled(f"connection '{self.name}' was cancelled")

    # -- the end -----------------------------------------------------------------------------

    def cancel(self) -> None:
        self._cancelled.set()
        raw = self._raw
        if raw is None or raw.state != "open" or not self._plugged.is_cancelable():
            return
        if self._lock.acquire(blocking=False):
            self._lock.release()
            return  # nothing runs, and nothing will
        with suppress(Exception):  # the session may end by itself in the meantime
            self._cancel(raw)

    def _cancel(self, raw: Any) -> None:
        helper = BridgeConnection("cancel", self._plugged, self._calls)
        try:
            with helper.taken():
                if hasattr(self._manager, "cancel"):
                    self._manager.cancel(raw)
                else:
                    self._manager.cancel_open()
        finally:
            helper.close()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            raw, self._raw = self._raw, None
            self.in_transaction = False
            if raw is None:
                return
            enter()
            with suppress(DbtBaseException):
                self._manager.close(raw)


def _answered(response: Any, rows: QueryResult, *, is_query: bool) -> QueryResult:
    """The rows, with what the plugin says of the statement."""
    affected = getattr(response, "rows_affected", None)
    return QueryResult(
        message=str(response),
        code=getattr(response, "code", None) or "",
        rows_affected=affected,
        rows_written=None if is_query else affected,
        columns=rows.columns,
        types=rows.types,
        rows=rows.rows,
    )


def _is_busy(raw: Any) -> bool:
    """Whether the driver says that a transaction is open; only psycopg2's and its like begin one unasked."""
    status = getattr(raw.handle, "get_transaction_status", None) if raw.state == "open" else None
    return status is not None and status() in {1, 2, 3}


def _array(pa: Any, values: Any) -> Any:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return pa.array([None if value is None else str(value) for value in values])


def _python_failure(error: Exception, model: PythonModel) -> Exception:
    known = translate(error)
    if isinstance(known, DatabaseError | Cancelled):
        return known
    return ExecutionError(known.fault.message, code="python-model", place=Place(file=model.file))
