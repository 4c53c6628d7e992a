"""run-operation: one macro, called with arguments from the command line, told as the same stream as any run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from tidemill.adapters.base import Connection
from tidemill.engine.artifacts import CompiledPart
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Macro, Manifest, NodeResult, RunResult, Timing
from tidemill.engine.running.connections import Connections
from tidemill.engine.running.stream import EventStream
from tidemill.errors import ExecutionError, Fault, TidemillError, UsageError, render_fault
from tidemill.events import Event, FaultFound, RunFinished, RunStarted, RunStatus

COMMAND = "run-operation"


def run_operation(
    name: str,
    arguments: Mapping[str, Any],
    host: MacroHost,
    manifest: Manifest,
    *,
    cancel: threading.Event | None = None,
    debug: bool = False,
) -> Operation:
    """The call of macro ``name`` (or ``package.name``); it happens when the operation is iterated.

    Raises CompilationError with the nearest name when there is no such macro. What the macro leaves in an open
    transaction is rolled back, as in dbt.
    """
    macro = host.find_operation(name)
    if not isinstance(arguments, Mapping):
        raise UsageError(
            f"the arguments of a macro must be a mapping, not {arguments!r}",
            hint="write --args '{name: value}'",
        )
    return Operation(macro, dict(arguments), host, manifest, cancel or threading.Event(), debug)


class Operation:
    """One call of a macro. Iterate it once; ``result`` and ``value`` are there afterwards."""

    def __init__(
        self,
        macro: Macro,
        arguments: dict[str, Any],
        host: MacroHost,
        manifest: Manifest,
        cancel: threading.Event,
        debug: bool,
    ) -> None:
        self.macro = macro
        self.value: Any = None
        """What the macro returned, or its text."""
        self.cancelled = cancel
        self._arguments = arguments
        self._host = host
        self._manifest = manifest
        self._debug = debug
        self._connections = Connections(host.adapter)
        self._stream = EventStream(self._work, self._connections.shut, cancel)
        self._fault: Fault | None = None
        self._result: RunResult | None = None

    @property
    def result(self) -> RunResult:
        """What came of it. Raises RuntimeError before the events have ended."""
        if self._result is None:
            raise RuntimeError("the operation has not ended yet: iterate its events first")
        return self._result

    @property
    def compiled_parts(self) -> dict[str, CompiledPart]:
        """Nothing: a macro is called, and no node compiled."""
        return {}

    def cancel(self) -> None:
        """Stop it: interrupt what runs. Safe from any thread."""
        self.cancelled.set()

    def __iter__(self) -> Iterator[Event]:
        """The events, from RunStarted to RunFinished, with a FaultFound when the macro fails."""
        started = time.time()
        yield self._run_started()
        yield from self._stream
        self._result = self._make_result(started)
        yield self._run_finished()
        if self._stream.crash is not None and not self.cancelled.is_set():
            raise self._stream.crash

    def _work(self) -> None:
        try:
            with self._connections.named(f"macro_{self.macro.name}") as connect:
                session = self._host.session(
                    None,
                    self._manifest,
                    phase="run",
                    package=self.macro.package_name,
                    connection=lambda: _cleared(connect()),
                    emit=self._stream.emit,
                    debug=self._debug,
                )
                self.value = session.bind(self.macro)(**self._arguments)
        except TidemillError as error:
            self._note(error)
        except Exception as error:  # noqa: BLE001 - the project's own code runs here
            self._note(ExecutionError(f"{type(error).__name__}: {error}", code="operation"))

    def _note(self, error: TidemillError) -> None:
        if not self.cancelled.is_set():
            self._fault = error.fault
            self._stream.emit(FaultFound(fault=error.fault))

    def _run_started(self) -> RunStarted:
        config = self._host.config
        return RunStarted(
            run_id=config.invocation_id,
            command=COMMAND,
            project=config.project.name,
            target=config.target.name,
            threads=1,
            nodes=(),
            arguments={"macro": self.macro.name},
        )

    def _make_result(self, started: float) -> RunResult:
        ended = time.time()
        failed = self._fault is not None or self.cancelled.is_set()
        result = NodeResult(
            unique_id=self.macro.unique_id,
            status="error" if failed else "success",
            seconds=ended - started,
            message=render_fault(self._fault) if self._fault is not None else "",
            thread="MainThread",
            timings=(Timing("compile", started, started), Timing("execute", started, ended)),
            failures=int(failed),
            fault=self._fault,
        )
        return RunResult(
            run_id=self._host.config.invocation_id,
            command=COMMAND,
            started_at=started,
            finished_at=ended,
            results=(result,),
            cancelled=self.cancelled.is_set(),
            arguments=dict(self._host.config.arguments),
        )

    def _run_finished(self) -> RunFinished:
        result = self.result
        status: RunStatus = "success" if result.success else "failed"
        return RunFinished(
            run_id=result.run_id,
            status="cancelled" if result.cancelled else status,
            seconds=result.seconds,
            counts={result.results[0].status: 1},
        )


def _cleared(connection: Connection) -> Connection:
    """dbt commits once before the macro: on Postgres its statements count at once from there on."""
    connection.begin()
    connection.commit()
    return connection
