"""Executes a plan: schemas, hooks, nodes on threads, hooks again; told as one stream of events.

    run = execute(make_plan("build", selected, manifest, dag), host, manifest)
    for event in run:
        ...
    run.result

All work happens on threads of its own. The thread that reads the events only waits, so that Ctrl-C reaches it at
once: what runs is interrupted, the rest is marked as cancelled, and the stream ends as it always does.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tidemill.engine.artifacts import CompiledPart
from tidemill.engine.compiling.code_files import CodeFiles
from tidemill.engine.compiling.compiler import Compiler
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import BatchResults, Manifest, NodeResult, RunResult
from tidemill.engine.running.compiled_parts import compiled_parts
from tidemill.engine.running.connections import Connections
from tidemill.engine.running.direct import DirectPaths
from tidemill.engine.running.hooks import end_names, run_hooks
from tidemill.engine.running.node_work import Workshop
from tidemill.engine.running.plan import Plan
from tidemill.engine.running.progress import Priority
from tidemill.engine.running.schemas import create_schemas, fill_cache, has_relation, schemas_of
from tidemill.engine.running.stepping import Stepping
from tidemill.engine.running.stream import EventStream
from tidemill.events import Event, Message, RunFinished, RunStarted, RunStatus

_TOLD_ARGUMENTS = (
    "select",
    "exclude",
    "selector",
    "resource_type",
    "full_refresh",
    "fail_fast",
    "empty",
    "store_failures",
)
"""Arguments that ``RunStarted`` tells. Vars are not among them: they can hold secrets."""

_NOTHING_TO_DO = "Nothing to do. Try checking your model configs and model specification args"


def execute(
    plan: Plan,
    host: MacroHost,
    manifest: Manifest,
    *,
    cancel: threading.Event | None = None,
    priority: Priority | None = None,
    batches: Mapping[str, BatchResults] | None = None,
    as_of: float | None = None,
    debug: bool = False,
) -> Execution:
    """Everything is ready to run; it runs when the execution is iterated.

    ``cancel`` stops it from any thread. ``batches`` are those of microbatch models in an earlier run: only what
    failed then is run again; ``as_of`` is when that run began. ``debug`` adds an event for each statement. ``host`` must have an open
    adapter, and its arguments (``full_refresh``, ``fail_fast`` ...) apply.
    """
    return Execution(
        plan, host, manifest, cancel or threading.Event(), priority, batches, as_of, debug
    )


class Execution:
    """One run of a plan. Iterate it once; ``result`` is there when the events are at their end."""

    def __init__(
        self,
        plan: Plan,
        host: MacroHost,
        manifest: Manifest,
        cancel: threading.Event,
        priority: Priority | None,
        batches: Mapping[str, BatchResults] | None,
        as_of: float | None,
        debug: bool,
    ) -> None:
        self.plan = plan
        self.cancelled = cancel
        self._host = host
        self._manifest = manifest
        self._stream = EventStream(self._work, self._stop, cancel)
        self._connections = Connections(
            host.adapter, allowed=plan.command != "compile" or host.flags.INTROSPECT
        )
        files = CodeFiles(host.config.root, host.config.project.target_path)
        self._shop = Workshop(
            host=host,
            manifest=manifest,
            compiler=Compiler(host, manifest, files),
            files=files,
            connections=self._connections,
            direct=DirectPaths(host),
            emit=self._stream.emit,
            batches=batches or {},
            as_of=as_of,
            debug=debug,
        )
        self._stepping = Stepping(self._shop, plan, cancel, priority)
        self._hook_results: list[NodeResult] = []
        self._end_results: list[NodeResult] = []
        self._started_at = 0.0
        self._result: RunResult | None = None

    @property
    def result(self) -> RunResult:
        """What came of it. Raises RuntimeError before the events have ended."""
        if self._result is None:
            raise RuntimeError("the run has not ended yet: iterate its events first")
        return self._result

    @property
    def compiled_parts(self) -> dict[str, CompiledPart]:
        """What compiling and running have added to nodes so far, for the manifest."""
        return compiled_parts(self._shop.compiler, self._shop.files)

    def cancel(self) -> None:
        """Stop: interrupt what runs, start nothing more. Safe from any thread."""
        self.cancelled.set()

    def __iter__(self) -> Iterator[Event]:
        """The events, from RunStarted to RunFinished.

        Raises what kept the run from its nodes, such as a DatabaseError while schemas were made, after
        RunFinished has told that it failed. A second Ctrl-C is raised at once.
        """
        if self._started_at:
            raise RuntimeError("a run can be iterated only once")
        self._started_at = time.time()
        yield self._run_started()
        yield from self._stream
        self._result = self._make_result()
        yield self._run_finished()
        if self._stream.crash is not None and not self.cancelled.is_set():
            raise self._stream.crash

    # -- the working side --------------------------------------------------------------------

    def _work(self) -> None:
        try:
            if self.plan.steps:
                self._run_everything()
            else:
                self._stream.emit(Message(text=_NOTHING_TO_DO, level="warn", code="Q035"))
        finally:
            if self.cancelled.is_set():
                self._stepping.finish()
            self._host.save_code()

    def _stop(self) -> None:
        self._stepping.stop()
        self._connections.shut()

    def _run_everything(self) -> None:
        host = self._host
        host.selected_resources = self.plan.unique_ids
        host.relations.clear()
        if self.plan.command == "compile":
            self._stepping.run(compile_only=True)
            return
        self._prepare()
        if self.plan.command == "clone":
            self._stepping.run()
            return
        self._hook_results = run_hooks(self._shop, "on-run-start")
        if self._may_run_nodes():
            self._stepping.run()
        self._stepping.finish()
        if not self.cancelled.is_set():
            self._end_results = run_hooks(self._shop, "on-run-end", self._end_names)

    def _prepare(self) -> None:
        """Make the schemas that are needed, and look up what exists in all of the project's."""
        host = self._host
        # dbt makes the comment for its main connection first: one that cannot be made ends the command.
        host.query_comments.comment(None, "master")
        with self._connections.named("master") as connect:
            needed = schemas_of((step.node for step in self.plan.steps), host)
            create_schemas(host, self._manifest, connect(), needed)
            known = (n for n in self._manifest.nodes.values() if has_relation(n, host))
            fill_cache(host, connect(), schemas_of(known, host))

    def _end_names(self) -> dict[str, Any]:
        results = [*self._hook_results, *self._stepping.results]
        planned = {step.unique_id: step.node for step in self.plan.steps}
        return end_names(results, {**self._manifest.nodes, **planned})

    def _may_run_nodes(self) -> bool:
        """Nodes run even after a failed on-run-start hook, unless the project says otherwise (dbt's rule)."""
        failed = any(result.failed for result in self._hook_results)
        flags = self._host.config.project.flags
        return not (failed and flags.get("skip_nodes_if_on_run_start_fails"))

    # -- what is told ------------------------------------------------------------------------

    def _run_started(self) -> RunStarted:
        config = self._host.config
        return RunStarted(
            run_id=config.invocation_id,
            command=self.plan.command,
            project=config.project.name,
            target=config.target.name,
            threads=config.target.threads,
            nodes=tuple(step.as_event() for step in self.plan.steps if step.is_counted),
            arguments={
                name: _as_text(config.arguments[name])
                for name in _TOLD_ARGUMENTS
                if config.arguments.get(name)
            },
        )

    def _make_result(self) -> RunResult:
        config = self._host.config
        return RunResult(
            run_id=config.invocation_id,
            command=self.plan.command,
            started_at=self._started_at,
            finished_at=time.time(),
            results=(*self._hook_results, *self._stepping.results, *self._end_results),
            cancelled=self.cancelled.is_set(),
            arguments=dict(config.arguments),
        )

    def _run_finished(self) -> RunFinished:
        result = self.result
        return RunFinished(
            run_id=result.run_id,
            status=self._status(result),
            seconds=result.seconds,
            counts=dict(Counter(r.status for r in self._stepping.results)),
        )

    def _status(self, result: RunResult) -> RunStatus:
        if result.cancelled:
            return "cancelled"
        return "success" if result.success and self._stream.crash is None else "failed"


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return " ".join(map(str, value))
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value).lower()
