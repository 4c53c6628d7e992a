"""Threads that take steps as they become ready. What a step does, and what is told about it, is the caller's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from tidemill.engine.running.plan import Step
from tidemill.engine.running.progress import Priority, Progress, Turn

Work = Callable[[Turn], bool]
"""Does one step and says whether what stands behind it may run. Called from several threads at once."""


def worker_name(number: int) -> str:
    """dbt's name of a thread, which its users know from run_results.json."""
    return f"Thread-{number} (worker)"


class Scheduler:
    """Executes steps in the order of their dependencies, several at a time."""

    def __init__(
        self, steps: Sequence[Step], work: Work, *, threads: int, priority: Priority | None = None
    ) -> None:
        self._progress = Progress(steps, priority)
        self._work = work
        self._threads = max(1, min(threads, len(steps)))
        self._changed = threading.Condition()
        self._stopping = False
        self._crash: BaseException | None = None

    def run(self) -> list[Step]:
        """Execute everything and return, in plan order, the steps that ``stop`` kept from starting.

        An exception in ``work`` stops the others and is raised here once all threads have ended.
        """
        workers = [
            threading.Thread(target=self._take_steps, name=worker_name(n), daemon=True)
            for n in range(1, self._threads + 1)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if self._crash is not None:
            raise self._crash
        return self._progress.left()

    def stop(self) -> None:
        """Start no further step. Steps that run go on until they end by themselves. Safe from any thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def _take_steps(self) -> None:
        while True:
            turn = self._next()
            if turn is None:
                return
            try:
                ok = self._work(turn)
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits in run()
                self._crash = error
                self.stop()
                return
            with self._changed:
                self._progress.done(turn.step.unique_id, ok=ok)
                self._changed.notify_all()

    def _next(self) -> Turn | None:
        with self._changed:
            while not self._stopping and not self._progress.is_finished:
                turn = self._progress.next()
                if turn is not None:
                    return turn
                self._changed.wait()
        return None
