"""The connections of one run: opened when a node first needs one, and all interrupted when the run must stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tidemill.adapters.base import Adapter, Connection
from tidemill.errors import Cancelled, ExecutionError

Connect = Callable[[], Connection]


class Connections:
    """Opens connections of one adapter. Safe to share between threads.

    With ``allowed`` False it opens none, and who asks for one is refused (``--no-introspect``).
    """

    def __init__(self, adapter: Adapter, *, allowed: bool = True) -> None:
        self._adapter = adapter
        self._allowed = allowed
        self._open: dict[int, Connection] = {}
        self._lock = threading.Lock()
        self._is_shut = False

    @contextmanager
    def named(self, name: str) -> Iterator[Connect]:
        """Gives a function that opens one connection when first called, and the same one afterwards.

        It is closed on leaving, which rolls back what was not committed.
        """
        opened: list[Connection] = []

        def connect() -> Connection:
            if not opened:
                opened.append(self._register(name))
            return opened[0]

        try:
            yield connect
        finally:
            for connection in opened:
                self._forget(connection)
                connection.close()

    def interrupt(self) -> None:
        """Stop the statements that run now. May be repeated, for another one can begin right afterwards."""
        with self._lock:
            running = list(self._open.values())
        for connection in running:
            connection.cancel()

    def shut(self) -> None:
        """Stop the statements that run now, and open no connection any more."""
        self._is_shut = True
        self.interrupt()

    def _register(self, name: str) -> Connection:
        if self._is_shut:
            raise Cancelled("the run was stopped")
        if not self._allowed:
            thread = threading.current_thread().name
            raise ExecutionError(
                f"connection never acquired for thread {thread}: {name} asks the warehouse something, "
                "and --no-introspect forbids it",
                code="no-introspect",
            )
        connection = self._adapter.connection(name)
        with self._lock:
            self._open[id(connection)] = connection
        return connection

    def _forget(self, connection: Connection) -> None:
        with self._lock:
            self._open.pop(id(connection), None)
