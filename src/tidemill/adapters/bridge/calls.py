"""Which session a plugin's Python works for at the moment, so that macros it calls run there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tidemill.adapters.base import Connection, MacroSource, MacroUse
from tidemill.errors import ExecutionError


class Calls:
    """For each thread, the sessions whose macros called the plugin, the innermost last."""

    def __init__(self) -> None:
        self.source: MacroSource | None = None
        """Where macros come from when the engine itself asks the plugin."""
        self._threads = threading.local()

    @property
    def host(self) -> MacroSource:
        """The macros of the project. Raises ExecutionError before they are known."""
        stack = self._stack()
        host = stack[-1].host if stack else self.source
        if host is None:
            raise ExecutionError("the project's macros are not known yet", code="bridge")
        return host

    @contextmanager
    def on_behalf_of(self, use: MacroUse) -> Iterator[None]:
        """What the plugin asks meanwhile on this thread, is asked for that session."""
        stack = self._stack()
        stack.append(use)
        try:
            yield
        finally:
            stack.pop()

    @contextmanager
    def by_the_engine(self, connection: Connection) -> Iterator[None]:
        """The engine asks, and no macro: macros run in a session without a node then."""
        with self.on_behalf_of(self.host.session(None, None, phase="run", connection=connection)):
            yield

    def macro(self, name: str, package: str | None, arguments: dict[str, Any]) -> Any:
        """Call a macro in the session at work."""
        return self._stack()[-1].call(name, package=package, **arguments)

    def _stack(self) -> list[MacroUse]:
        stack: list[MacroUse] | None = getattr(self._threads, "stack", None)
        if stack is None:
            stack = self._threads.stack = []
        return stack
