"""What dbt's Python says: the plugin's own warnings reach people, all else is never even made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tidemill.events import Message

_TOLD = frozenset({"AdapterEventWarning", "AdapterEventError", "AdapterDeprecationWarning"})


class EventManager:
    """Stands in for dbt's. Events of dbt are built at great cost, some twenty for each model."""

    def __init__(self, emit: Callable[[], Callable[[Any], None] | None]) -> None:
        self.loggers: list[Any] = []
        self.callbacks: list[Any] = []
        self.warn_error = False
        self.warn_error_options: Any = None
        self.require_warn_or_error_handling = False
        self._emit = emit

    def fire_event(self, e: Any, *_: Any, **__: Any) -> None:
        """Tell what matters."""
        if type(e).__name__ not in _TOLD:
            return
        emit = self._emit()
        if emit is not None:
            emit(Message(text=e.message(), level="warn", code=e.code()))

    def fire_or_defer_event(self, e: Any, *_: Any, **__: Any) -> None:
        self.fire_event(e)

    def fire_deferred_events(self, *_: Any, **__: Any) -> None:
        """Nothing is deferred."""

    def add_logger(self, config: Any) -> None:
        """dbt's loggers have nothing to write here."""

    def add_callback(self, callback: Any) -> None:
        """Nor have callbacks anything to hear."""

    def flush(self) -> None:
        """Nothing is held back."""


def quiet(emit: Callable[[], Callable[[Any], None] | None]) -> None:
    """Put ourselves in the place of dbt's event manager, which is one for the process."""
    from dbt_common.events.event_manager_client import ctx_set_event_manager

    ctx_set_event_manager(EventManager(emit))
