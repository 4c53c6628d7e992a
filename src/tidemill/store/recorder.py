"""Write events to the store while they happen, without making the work wait.

One thread writes. It commits at once when it is idle, and every quarter of a second under load, so
a killed process loses at most that. A store that cannot be written for a while (a full disk) costs
one warning: events wait in memory and are tried again. What to make of an event is `writing`'s.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from tidemill.errors import Cancelled, TidemillError
from tidemill.events import (
    AnyEvent,
    FaultFound,
    Message,
    RunFinished,
    RunStarted,
    RunStatus,
    SqlExecuted,
)
from tidemill.store import faults
from tidemill.store.database import Store
from tidemill.store.liveness import HEARTBEAT_SECONDS, this_process
from tidemill.store.secrets import Scrubber, secrets_of_environment
from tidemill.store.writing import Author, OpenRun, beat, write_events

BATCH_SECONDS = 0.25
RETRY_SECONDS = 1.0
HELD_BACK = 5_000
"""Events before a run that are kept for it: messages and faults of parsing."""


_OF_EACH_STATEMENT = "Writing runtime sql for node "
"""What dbt's macros log, at level debug, for every node that is built: the log file has it."""


class _Flush:
    """Asks the writing thread to say when all before it was written, or given up."""

    def __init__(self, *, close: bool = False) -> None:
        self.done = threading.Event()
        self.close = close


class Recorder:
    """Records the runs of one process. A context manager; ``close`` writes all that is left.

    ``source`` says who records: ``cli``, ``server`` or ``python``. Values in ``secrets``, and those
    of the environment's DBT_ENV_SECRET variables, are never written.
    """

    def __init__(
        self, store: Store, *, source: str = "python", secrets: Iterable[str] = ()
    ) -> None:
        self._store = store
        self._author = Author(process=this_process(), source=source)
        self._scrub = Scrubber((*secrets, *secrets_of_environment()))
        self._queue: SimpleQueue[AnyEvent | _Flush] = SimpleQueue()
        self._hurry = threading.Event()
        self._warnings: SimpleQueue[Message] = SimpleQueue()
        self._warned = False
        self._started: RunStarted | None = None
        self._closed = False
        # The four below belong to the writing thread.
        self._run: OpenRun | None = None
        self._backlog: list[AnyEvent] = []
        self._last_commit = 0.0
        self._broken = False
        self._thread = threading.Thread(target=self._work, name="tidemill-recorder", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def record(self, event: AnyEvent) -> None:
        """Take one event. Returns at once."""
        if isinstance(event, SqlExecuted) or _is_routine(event):
            return
        if isinstance(event, RunStarted):
            self._started = event
        elif isinstance(event, RunFinished):
            self._started = None
        self._queue.put(self._scrub(event))

    def take_warnings(self) -> Iterator[Message]:
        """Warnings about the recording itself that nobody has taken yet: at most one in a life."""
        while True:
            try:
                yield self._warnings.get_nowait()
            except Empty:
                return

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until everything recorded so far is written, or could not be. False on timeout."""
        if self._closed:
            return True
        marker = _Flush()
        self._put_marker(marker)
        return marker.done.wait(timeout)

    def close(self, error: BaseException | None = None) -> None:
        """Write what is left and end. A run that is still open ends with it, because of ``error``."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        if self._started is not None:
            self._end_run(self._started, error)
        self._put_marker(_Flush(close=True))
        self._thread.join(timeout=15.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close(error)

    def _put_marker(self, marker: _Flush) -> None:
        self._queue.put(marker)
        self._hurry.set()

    def _end_run(self, started: RunStarted, error: BaseException | None) -> None:
        for event in _last_words(error):
            self.record(event)
        now = time.time()
        status: RunStatus = "failed" if _is_failure(error) else "cancelled"
        seconds = max(0.0, now - started.at)
        self.record(
            RunFinished(at=now, run_id=started.run_id, status=status, seconds=seconds, counts={})
        )

    # ------------------------------------------------------------------ the writing thread

    def _work(self) -> None:
        ending = False
        while not ending:
            marker = self._gather()
            self._commit()
            if marker is not None:
                ending = marker.close
                marker.done.set()

    def _gather(self) -> _Flush | None:
        """Move what has come to the backlog: wait for the first, then for company if just written.

        The thread sleeps meanwhile: woken by each event it would take turns with those that work.
        However fast events come, they are not gathered for longer than a batch may take.
        """
        item = self._next(RETRY_SECONDS if self._warned else HEARTBEAT_SECONDS)
        if item is not None and not isinstance(item, _Flush):
            self._hurry.wait(max(0.0, self._last_commit + BATCH_SECONDS - time.monotonic()))
        self._hurry.clear()
        stop_at = time.monotonic() + BATCH_SECONDS
        while item is not None and not isinstance(item, _Flush):
            self._backlog.append(item)
            item = self._next(0.0) if time.monotonic() < stop_at else None
        return item

    def _next(self, timeout: float) -> AnyEvent | _Flush | None:
        try:
            return self._queue.get(timeout=timeout) if timeout else self._queue.get_nowait()
        except Empty:
            return None

    def _commit(self) -> None:
        if self._run is None:
            self._hold_back()
        try:
            self._write()
        except faults.ERRORS as error:
            self._broken = self._broken or faults.kind_of(error) in faults.DAMAGED
            self._warn(faults.reason_of(error))
        except Exception as error:  # noqa: BLE001 - history must never stop the work
            self._broken = True
            self._warn(repr(error))
        if self._broken:
            self._backlog.clear()
        self._last_commit = time.monotonic()

    def _write(self) -> None:
        run, batch = self._run, self._backlog
        if self._broken or not (batch or (run and not run.finished)):
            return
        if run is None and not any(isinstance(event, RunStarted) for event in batch):
            return
        with self._store.writing() as connection:
            run = write_events(connection, run, _from_start(run, batch), self._author)
            if run is not None and not run.finished:
                beat(connection, run, time.time())
        self._run = run
        self._backlog = []

    def _hold_back(self) -> None:
        """Before a run begins nothing is written; bound what waits for it."""
        if not any(isinstance(event, RunStarted) for event in self._backlog):
            del self._backlog[:-HELD_BACK]

    def _warn(self, reason: str) -> None:
        if self._warned:
            return
        self._warned = True
        self._warnings.put(
            Message(
                level="warn",
                code="store-not-written",
                text=f"The history of this run cannot be written to {self._store.path} ({reason})",
            )
        )


def recorded(
    events: Iterable[AnyEvent],
    store: Store,
    *,
    source: str = "python",
    secrets: Iterable[str] = (),
) -> Iterator[AnyEvent]:
    """``events`` as they come, recorded in passing, with a warning among them if that fails.

    RunStarted is handed on once it is written: whoever sees it finds the run in the store.
    Closing this iterator early closes ``events`` and records the run as cancelled; an error that
    passes through is recorded as the run's and raised again.
    """
    recorder = Recorder(store, source=source, secrets=secrets)
    iterator = iter(events)
    with recorder, closing(_Closable(iterator)):
        for event in iterator:
            recorder.record(event)
            if isinstance(event, RunStarted):
                recorder.flush(timeout=2.0)
            yield event
            yield from recorder.take_warnings()
    yield from recorder.take_warnings()


class _Closable:
    """Anything that iterates, with a ``close`` that does what it can."""

    def __init__(self, iterator: Iterator[AnyEvent]) -> None:
        self._iterator = iterator

    def close(self) -> None:
        close = getattr(self._iterator, "close", None)
        if close is not None:
            close()


def _from_start(run: OpenRun | None, batch: list[AnyEvent]) -> list[AnyEvent]:
    """What came before the first run is moved behind its beginning, so that it belongs to it."""
    if run is not None:
        return batch
    first = next(i for i, event in enumerate(batch) if isinstance(event, RunStarted))
    return [batch[first], *batch[:first], *batch[first + 1 :]]


def _is_routine(event: AnyEvent) -> bool:
    return isinstance(event, Message) and event.text.startswith(_OF_EACH_STATEMENT)


def _is_failure(error: BaseException | None) -> bool:
    return isinstance(error, Exception) and not isinstance(error, Cancelled)


def _last_words(error: BaseException | None) -> list[AnyEvent]:
    """What is said of the error that ended a run in the middle."""
    if error is None or not _is_failure(error):
        return []
    if isinstance(error, TidemillError):
        return [FaultFound(fault=fault) for fault in error.faults]
    return [Message(level="error", text=f"{type(error).__name__}: {error}")]
