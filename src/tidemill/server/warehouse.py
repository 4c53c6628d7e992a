"""Hold the warehouse only while it is needed.

A DuckDB file belongs to one process at a time. So that builds started elsewhere find it free, it is
opened by the first use and let go soon after the last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tidemill.adapters.base import Adapter, Connection
from tidemill.errors import Cancelled, DatabaseError

IDLE_SECONDS = 0.5
PREVIEW_SECONDS = 30.0

Connect = Callable[[], Connection]


class Warehouse:
    """The warehouse of one reading of the project, shared by a run and by previews."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self._lock = threading.Lock()
        self._users = 0
        self._retired = False
        self._timer: threading.Timer | None = None
        self._previews: set[_Preview] = set()

    @contextmanager
    def held(self) -> Iterator[Adapter]:
        """The adapter, which is not closed before the end of the block."""
        with self._lock:
            self._users += 1
            self._stop_timer()
        try:
            yield self._adapter
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0:
                    self._let_go_soon()

    @contextmanager
    def preview(self) -> Iterator[Connect]:
        """A connection for short queries beside whatever runs, made when it is first asked for.

        Raises DatabaseError ``preview-timeout`` when it takes longer than ``PREVIEW_SECONDS``.
        """
        with self.held() as adapter:
            preview = _Preview(adapter, PREVIEW_SECONDS)
            self._previews.add(preview)
            try:
                yield preview.connect
            except Cancelled:
                if preview.is_late:
                    raise _too_slow() from None
                raise
            finally:
                self._previews.discard(preview)
                preview.close()

    def interrupt(self) -> None:
        """Stop the queries of all previews."""
        for preview in list(self._previews):
            preview.cancel()

    def retire(self) -> None:
        """Let go as soon as nobody uses it any more, at once if nobody does."""
        with self._lock:
            self._retired = True
            self._stop_timer()
            if self._users == 0:
                self._adapter.close()

    def _let_go_soon(self) -> None:
        if self._retired:
            self._adapter.close()
        elif not self._adapter.is_in_memory:
            self._timer = threading.Timer(IDLE_SECONDS, self._let_go)
            self._timer.daemon = True
            self._timer.start()

    def _let_go(self) -> None:
        with self._lock:
            if self._users == 0:
                self._adapter.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Preview:
    """One look into the warehouse, which ends by itself when it takes too long."""

    def __init__(self, adapter: Adapter, seconds: float) -> None:
        self.is_late = False
        self._adapter = adapter
        self._connection: Connection | None = None
        self._timer = threading.Timer(seconds, self._give_up)
        self._timer.daemon = True

    def connect(self) -> Connection:
        """The connection, the same every time."""
        if self._connection is None:
            self._connection = self._adapter.connection("preview")
            self._timer.start()
        return self._connection

    def cancel(self) -> None:
        """Interrupt what it asks. Safe from any thread."""
        if self._connection is not None:
            self._connection.cancel()

    def close(self) -> None:
        """Give the connection back."""
        self._timer.cancel()
        if self._connection is not None:
            self._connection.close()

    def _give_up(self) -> None:
        self.is_late = True
        self.cancel()


def _too_slow() -> DatabaseError:
    return DatabaseError(
        f"The query was stopped after {PREVIEW_SECONDS:g} seconds",
        code="preview-timeout",
        hint="a view is computed when it is looked at: build it as a table, or look with a limit",
    )
