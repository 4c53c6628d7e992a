"""Work on a thread of its own, read as a stream of events: the reader only waits, so Ctrl-C reaches it at once."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

from tidemill.events import Event

_TICK = 0.1
"""Seconds between two looks at the cancel event, and between two attempts to stop what runs."""
_PAUSE = 0.02
"""Seconds that events may wait where they come thick."""
_FEW = 2
"""Events between two looks that are not many."""
_SHORT = 200
"""Events of a piece of work that is over in a moment, and should not wait."""


class EventStream:
    """The events of one piece of work.

    ``cancelled`` may be set from any thread; ``stop`` is then called, more than once, until the work has ended.
    """

    def __init__(
        self, work: Callable[[], None], stop: Callable[[], None], cancelled: threading.Event
    ) -> None:
        self._work = work
        self._stop = stop
        self._cancelled = cancelled
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._taken = 0
        self._taken_before = 0
        self._looked = 0.0
        self.crash: BaseException | None = None
        """What the work raised, for whoever reads the events to raise again."""

    def emit(self, event: Event) -> None:
        """Put an event into the stream, from any thread."""
        self._events.put(event)

    def __iter__(self) -> Iterator[Event]:
        """Start the work and give its events until it has ended.

        The first Ctrl-C cancels; a second one is raised at once. If the reader goes away, the work is cancelled.
        """
        # Hooks run here, and what they read as thread_id is this name.
        worker = threading.Thread(target=self._run, name="MainThread", daemon=True)
        worker.start()
        ended = False
        try:
            yield from self._drain()
            ended = True
            worker.join()
        finally:
            if not ended:
                self._cancelled.set()
                self._stop()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - raised again where the events are read
            self.crash = error
        finally:
            self._events.put(None)

    def _drain(self) -> Iterator[Event]:
        interrupted = False
        while True:
            try:
                event = self._next()
            except KeyboardInterrupt:
                if interrupted:
                    raise
                interrupted = True
                self._cancelled.set()
                continue
            if event is None:
                return
            yield event

    def _next(self) -> Event | None:
        """Wait for the next event; None at the end."""
        while True:
            if self._cancelled.is_set():
                self._stop()
            event = self._look()
            if not isinstance(event, _Nothing):
                self._taken += 1
                return event

    def _look(self) -> Event | _Nothing | None:
        try:
            return self._events.get_nowait()
        except queue.Empty:
            return self._wait()

    def _wait(self) -> Event | _Nothing | None:
        """Where events come thick, sleep and take them in handfuls: each waking takes a turn from those that work."""
        now = time.monotonic()
        self._taken_before += self._taken
        many = self._taken > _FEW and self._taken_before > _SHORT
        thick = many and now - self._looked < _TICK
        self._taken, self._looked = 0, now
        if thick:
            time.sleep(_PAUSE)
            return _Nothing()
        try:
            return self._events.get(timeout=_TICK)
        except queue.Empty:
            return _Nothing()


class _Nothing:
    """No event yet."""
