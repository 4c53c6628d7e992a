"""One run of a command as a stream of events: recorded in the store while it happens, with artifacts at its end.

    run = build(project, RunOptions(select=("+orders",)))
    for event in run:
        ...
    run.result.success

What runs is the engine's; this joins it with the project's history and files.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Protocol, cast

import msgspec

from tidemill.commands.artifacts import Artifacts
from tidemill.commands.opening import OpenProject
from tidemill.engine.artifacts import CompiledPart
from tidemill.engine.nodes import RunResult
from tidemill.engine.project.config import RuntimeConfig
from tidemill.errors import TidemillError
from tidemill.events import AnyEvent, Event, Message, RunFinished


class Work(Protocol):
    """What the engine executes: iterated once, with a result afterwards."""

    @property
    def result(self) -> RunResult: ...

    @property
    def compiled_parts(self) -> dict[str, CompiledPart]: ...

    def __iter__(self) -> Iterator[Event]: ...


class Prepared(msgspec.Struct, frozen=True):
    """Work that is ready, and what was to be said while it was prepared."""

    work: Work
    messages: tuple[Message, ...] = ()


class Run:
    """One run. Iterate it once; ``result`` is there when the events have ended."""

    def __init__(
        self,
        project: OpenProject,
        config: RuntimeConfig,
        prepare: Callable[[threading.Event], Prepared],
        *,
        cancel: threading.Event | None = None,
        artifacts: Artifacts | None = None,
        recorded: bool = True,
    ) -> None:
        """``prepare`` is called when the run is iterated. Without ``artifacts`` no files are written."""
        self.command = str(config.arguments.get("which", ""))
        self._project = project
        self._config = config
        self._prepare = prepare
        self._cancel = cancel or threading.Event()
        self._artifacts = artifacts
        self._recorded = recorded
        self._result: RunResult | None = None
        self._tell: Callable[[RunResult], None] = lambda _: None

    @property
    def run_id(self) -> str:
        """dbt's invocation id, under which the store knows the run."""
        return self._config.invocation_id

    @property
    def result(self) -> RunResult:
        """What came of it. Raises RuntimeError before the events have ended."""
        if self._result is None:
            raise RuntimeError("the run has not ended yet: iterate its events first")
        return self._result

    def cancel(self) -> None:
        """Stop: interrupt what runs, start nothing more. Safe from any thread."""
        self._cancel.set()

    def finish(self) -> RunResult:
        """Run to the end without looking at the events, and return the result."""
        for _ in self:
            pass
        return self.result

    def before_artifacts(self, tell: Callable[[RunResult], None]) -> None:
        """Have the result told before the files are written, which at thousands of models takes longer than the work."""
        self._tell = tell

    def __iter__(self) -> Iterator[AnyEvent]:
        """The events. Raises what keeps the run from its work, and what keeps artifacts from being written."""
        prepared = self._prepare(self._cancel)
        events = self._events(prepared)
        yield from self._record(events) if self._recorded else events

    def _record(self, events: Iterator[AnyEvent]) -> Iterator[AnyEvent]:
        from tidemill.store.opening import open_store
        from tidemill.store.recorder import recorded
        from tidemill.store.secrets import secrets_of

        warnings: list[Message] = []
        with closing(open_store(self._project.root, on_warning=warnings.append)) as store:
            yield from warnings
            yield from recorded(
                events,
                store,
                source=self._project.opening.source,
                secrets=secrets_of(self._config.target.credentials),
            )

    def _events(self, prepared: Prepared) -> Iterator[AnyEvent]:
        problem: TidemillError | None = None
        yield from prepared.messages
        # The engine promises events; that they are ours is known here.
        for event in cast("Iterable[AnyEvent]", prepared.work):
            if isinstance(event, RunFinished):
                problem = self._end(prepared.work)
            yield event
        if problem is not None:
            raise problem

    def _end(self, work: Work) -> TidemillError | None:
        """Keep the result and write the artifacts. The end of a run is told even if they cannot be written."""
        self._result = work.result
        self._tell(work.result)
        if self._artifacts is None:
            return None
        try:
            self._artifacts.write(self._result, work.compiled_parts)
        except TidemillError as error:
            return error
        return None
