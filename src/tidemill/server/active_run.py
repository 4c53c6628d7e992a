"""One run at a time: executed in a thread of its own, whatever becomes of who asked for it."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from tidemill.errors import TidemillError, UsageError
from tidemill.events import Message, RunFinished, RunStarted
from tidemill.server.service import ProjectService
from tidemill.server.values import RunRequest
from tidemill.store.crashes import settle_crashes
from tidemill.store.database import Store
from tidemill.store.reading import active_run, read_run
from tidemill.store.values import RunSummary


class ActiveRun:
    """Starts, watches and cancels the run of this server."""

    def __init__(self, service: ProjectService, store: Store) -> None:
        self._service = service
        self._store = store
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._cancel = threading.Event()
        self._run_id: str | None = None
        self._finished = False

    @property
    def is_running(self) -> bool:
        """Whether this server runs something now."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, request: RunRequest) -> str:
        """Begin a run and return its id as soon as it has one.

        Raises UsageError ``read-only``, ``run-active`` while another run is active here or in another process,
        and whatever keeps the run from beginning (a wrong selection, a broken project).
        """
        if self._service.read_only:
            raise UsageError(
                "This server only shows the project",
                code="read-only",
                hint="start it without --read-only to build from here",
            )
        with self._lock:
            self._refuse_second()
            began: Future[str] = Future()
            self._cancel = threading.Event()
            self._run_id = None
            self._finished = False
            self._thread = threading.Thread(
                target=self._execute, args=(request, self._cancel, began), name="tidemill-run"
            )
            self._thread.start()
            self._run_id = began.result()
            return self._run_id

    def cancel(self, run_id: str) -> None:
        """Ask the run of that id to end. It is no fault if it has ended already.

        Raises UsageError ``run-not-found``, or ``run-elsewhere`` for one of another process.
        """
        if run_id == self._run_id:
            self._cancel.set()
            return
        run = read_run(self._store, run_id)
        if run is None:
            raise run_not_found(run_id)
        if run.status == "running":
            raise UsageError(
                f"The run {run_id} was not started by this server",
                code="run-elsewhere",
                hint="stop it where it was started, with Ctrl-C",
            )

    def stop(self) -> None:
        """Ask whatever runs to end, because the server does."""
        self._cancel.set()

    def wait(self, timeout: float) -> bool:
        """Wait for the end of what runs; False if it takes longer than ``timeout`` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.is_running

    def _refuse_second(self) -> None:
        if self._thread is not None and self._finished:
            # It only tidies up, and whoever saw its end may ask for the next at once.
            self._thread.join(timeout=10.0)
        if self.is_running:
            raise _second(self._run_id or "")
        settle_crashes(self._store)
        other = active_run(self._store)
        if other is not None:
            raise _second(other.id, other)

    def _execute(self, request: RunRequest, cancel: threading.Event, began: Future[str]) -> None:
        said = "Nothing was run"
        try:
            for event in self._service.run(request, cancel):
                if isinstance(event, RunStarted) and not began.done():
                    began.set_result(event.run_id)
                elif isinstance(event, Message):
                    said = event.text
                elif isinstance(event, RunFinished):
                    self._finished = True
        except Exception as error:
            # Once the run has begun, its record tells of the error: nobody waits here any more.
            if not began.done():
                began.set_exception(error)
            elif not isinstance(error, TidemillError):
                raise
        if not began.done():
            # A selection without nodes makes no run; what was said last tells why.
            began.set_exception(UsageError(said, code="nothing-selected"))


def run_not_found(run_id: str) -> TidemillError:
    """There is no such run in the store."""
    return UsageError(f"There is no run {run_id}", code="run-not-found")


def _second(run_id: str, run: RunSummary | None = None) -> TidemillError:
    where = f" ({run.command}, started by {run.source})" if run else ""
    return UsageError(
        f"The run {run_id}{where} is still active, and one at a time may write to the project",
        code="run-active",
        hint="wait for its end, or cancel it",
    )
