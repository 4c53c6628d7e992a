"""Ctrl-C: the first one asks the work to end in order, the second one does not wait, the third one kills."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

KILLED = 2
"""dbt's exit code for a command that was interrupted."""


class Interrupts:
    """While it is entered, SIGINT and SIGTERM set ``stop`` in place of raising KeyboardInterrupt."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._count = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        # Only the main thread may handle signals; elsewhere whoever embeds us does.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, _: int, frame: FrameType | None) -> None:
        self._count += 1
        self.stop.set()
        if self._count == 2:
            raise KeyboardInterrupt
        if self._count > 2:
            os._exit(KILLED)
