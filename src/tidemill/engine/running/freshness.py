"""How fresh sources are: one question to the warehouse for each, judged by its limits.

    work = check_freshness(sources, host, manifest)
    for event in work:
        ...
    work.freshness

The events are those of any run; a source takes the place of a node. Nothing is built.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from tidemill.adapters.base import SQL_PLACE
from tidemill.engine.artifacts import CompiledPart
from tidemill.engine.compiling.code_files import CodeFiles
from tidemill.engine.compiling.compiler import Compiler
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.relations import source_relation
from tidemill.engine.jinja.tables import ResultTable
from tidemill.engine.nodes import (
    FreshnessStatus,
    Manifest,
    NodeResult,
    RunResult,
    Source,
    SourceFreshness,
    Timing,
)
from tidemill.engine.nodes.shape import source_dict
from tidemill.engine.running.compiled_parts import compiled_parts
from tidemill.engine.running.connections import Connect, Connections
from tidemill.engine.running.describing import first_line
from tidemill.engine.running.direct import DirectPaths
from tidemill.engine.running.hooks import run_hooks
from tidemill.engine.running.node_work import Workshop
from tidemill.engine.running.scheduler import worker_name
from tidemill.engine.running.stream import EventStream
from tidemill.errors import ExecutionError, Fault, Place, TidemillError, render_fault
from tidemill.events import (
    Event,
    FaultFound,
    Message,
    NodeFinished,
    NodePlan,
    NodeStarted,
    NodeStatus,
    RunFinished,
    RunStarted,
    RunStatus,
)

COMMAND = "freshness"
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
"""When a table without rows was loaded, so that it is stale by any limit (dbt's rule)."""
_NODE_STATUS: Mapping[str, NodeStatus] = {"pass": "pass", "warn": "warn"}


_HOOKS_LEFT_OUT = Fault(
    code="deprecated-freshness-hooks",
    label="Warning",
    message="on-run-start and on-run-end hooks do not run with the check of freshness",
    hint="dbt means to run them always: remove the flag source_freshness_run_project_hooks",
)
_OLD_ANSWER = Fault(
    code="deprecated-freshness-answer",
    label="Warning",
    message="the macro collect_freshness of this project returns a table alone",
    hint="let it return the whole answer: {{ return(load_result('collect_freshness')) }}",
)


def _name_thread(numbers: Iterator[int]) -> None:
    threading.current_thread().name = worker_name(next(numbers))


def has_limits(source: Source) -> bool:
    """Whether anybody said how fresh the source must be."""
    freshness = source.config.get("freshness") or {}
    return any(
        _seconds(freshness.get(limit)) is not None for limit in ("warn_after", "error_after")
    )


def check_freshness(
    sources: Sequence[Source],
    host: MacroHost,
    manifest: Manifest,
    *,
    cancel: threading.Event | None = None,
    debug: bool = False,
) -> FreshnessCheck:
    """The check, ready to be iterated. ``host`` must have an open adapter."""
    return FreshnessCheck(sources, host, manifest, cancel or threading.Event(), debug)


class FreshnessCheck:
    """One check of sources. Iterate it once; ``result`` and ``freshness`` are there afterwards."""

    def __init__(
        self,
        sources: Sequence[Source],
        host: MacroHost,
        manifest: Manifest,
        cancel: threading.Event,
        debug: bool,
    ) -> None:
        self.freshness: list[SourceFreshness] = []
        self._sources = sorted(sources, key=lambda source: source.unique_id)
        self._cancelled = cancel
        self._connections = Connections(host.adapter)
        self._stream = EventStream(self._work, self._connections.shut, cancel)
        files = CodeFiles(host.config.root, host.config.project.target_path)
        self._shop = Workshop(
            host=host,
            manifest=manifest,
            compiler=Compiler(host, manifest, files),
            files=files,
            connections=self._connections,
            direct=DirectPaths(host),
            emit=self._stream.emit,
            debug=debug,
        )
        self._results: list[NodeResult] = []
        self._hook_results: list[NodeResult] = []
        self._started_at = 0.0
        self._result: RunResult | None = None

    @property
    def result(self) -> RunResult:
        """What came of it. Raises RuntimeError before the events have ended."""
        if self._result is None:
            raise RuntimeError("the check has not ended yet: iterate its events first")
        return self._result

    @property
    def compiled_parts(self) -> dict[str, CompiledPart]:
        """What hooks have added to the manifest."""
        return compiled_parts(self._shop.compiler, self._shop.files)

    def __iter__(self) -> Iterator[Event]:
        """The events, from RunStarted to RunFinished."""
        self._started_at = time.time()
        yield self._run_started()
        yield from self._stream
        self._result = self._make_result()
        yield self._run_finished(self._result)
        if self._stream.crash is not None and not self._cancelled.is_set():
            raise self._stream.crash

    def _work(self) -> None:
        if not self._sources:
            text = "Nothing to do. Try checking your model configs and model specification args"
            self._stream.emit(Message(text=text, level="warn", code="Q035"))
            return
        host = self._shop.host
        with_hooks = host.config.project.flags.get("source_freshness_run_project_hooks", True)
        if with_hooks:
            self._hook_results = run_hooks(self._shop, "on-run-start")
        elif self._shop.manifest.hooks:
            self._stream.emit(FaultFound(fault=_HOOKS_LEFT_OUT, level="warn"))
        threads = max(1, host.config.target.threads)
        with ThreadPoolExecutor(threads, initializer=_name_thread, initargs=(count(1),)) as pool:
            for _ in pool.map(self._check, range(1, len(self._sources) + 1), self._sources):
                pass
        if with_hooks and not self._cancelled.is_set():
            names: dict[str, Any] = {"results": [], "schemas": [], "database_schemas": []}
            self._hook_results += run_hooks(self._shop, "on-run-end", lambda: names)

    # -- one source --------------------------------------------------------------------------

    def _check(self, index: int, source: Source) -> None:
        if self._cancelled.is_set():
            return
        thread = threading.current_thread().name
        description = f"freshness of {source.source_name}.{source.name}"
        common: dict[str, Any] = {
            "unique_id": source.unique_id,
            "name": source.name,
            "resource_type": "source",
            "index": index,
            "total": len(self._sources),
            "description": description,
            "thread": thread,
        }
        self._stream.emit(NodeStarted(**common))
        found = SourceCheck(self._shop, source).run()
        self.freshness.append(found)
        fault = found.fault
        self._results.append(_as_node_result(found))
        message = first_line(fault) if fault else "" if found.status == "pass" else _words(found)
        self._stream.emit(
            NodeFinished(
                **common,
                status=_NODE_STATUS.get(found.status, "error"),
                seconds=found.seconds,
                message=message,
                fault=fault,
            )
        )

    # -- what is told ------------------------------------------------------------------------

    def _run_started(self) -> RunStarted:
        config = self._shop.host.config
        return RunStarted(
            run_id=config.invocation_id,
            command=COMMAND,
            project=config.project.name,
            target=config.target.name,
            threads=config.target.threads,
            nodes=tuple(
                NodePlan(unique_id=s.unique_id, name=s.name, resource_type="source")
                for s in self._sources
            ),
        )

    def _make_result(self) -> RunResult:
        config = self._shop.host.config
        return RunResult(
            run_id=config.invocation_id,
            command=COMMAND,
            started_at=self._started_at,
            finished_at=time.time(),
            results=(*self._hook_results, *self._results),
            cancelled=self._cancelled.is_set(),
            arguments=dict(config.arguments),
        )

    def _run_finished(self, result: RunResult) -> RunFinished:
        status: RunStatus = "success" if result.success and not self._stream.crash else "failed"
        return RunFinished(
            run_id=result.run_id,
            status="cancelled" if result.cancelled else status,
            seconds=result.seconds,
            counts=dict(Counter(r.status for r in self._results)),
        )


class SourceCheck:
    """The question for one source. Whatever goes wrong becomes its result."""

    def __init__(self, shop: Workshop, source: Source) -> None:
        self._shop = shop
        self._source = source

    def run(self) -> SourceFreshness:
        """Ask the warehouse and judge the answer."""
        started = time.time()
        source = self._source
        try:
            with self._shop.connections.named(source.unique_id) as connect:
                answer = self._ask(connect)
            found = _judged(source, *answer)
        except TidemillError as error:
            place = Place(file=source.original_file_path, line=source.line)
            fault = error.located(node=source.unique_id, place=place).fault
            if fault.place is not None and fault.place.file == SQL_PLACE:
                # The statement is the macro's; people can change the entry alone.
                fault = msgspec.structs.replace(fault, place=place, stack=())
            found = _failed(source, fault)
        except Exception as error:  # noqa: BLE001 - the project's own macros run here
            wrapped = ExecutionError(f"{type(error).__name__}: {error}", code="freshness")
            found = _failed(source, wrapped.located(node=source.unique_id).fault)
        ended = time.time()
        return msgspec.structs.replace(
            found,
            seconds=ended - started,
            thread=threading.current_thread().name,
            timings=(Timing("compile", started, started), Timing("execute", started, ended)),
        )

    def _ask(self, connect: Connect) -> tuple[datetime, datetime, dict[str, Any]]:
        shop, source = self._shop, self._source
        relation = source_relation(shop.host.adapter, source, shop.host.quoting)
        model = source_dict(source)
        session = shop.host.session(
            None,
            shop.manifest,
            phase="run",
            package=source.package_name,
            connection=connect,
            emit=shop.emit,
            extra={"this": relation, "model": model, "source_node": model},
            debug=shop.debug,
        )
        query, field = source.config.get("loaded_at_query"), source.config.get("loaded_at_field")
        if query:
            sql = session.render(query, file=source.original_file_path, line=source.line)
            answer = session.call("collect_freshness_custom_sql", relation, sql)
        elif field:
            limits = source.config.get("freshness") or {}
            answer = session.call("collect_freshness", relation, field, limits.get("filter"))
        else:
            raise ExecutionError(
                f"Could not compute freshness for source {source.name}: there is no"
                f" 'loaded_at_field', and {shop.host.adapter.type} does not know when tables change",
                code="freshness",
                hint="add 'loaded_at_field' or 'loaded_at_query' to the table or its source",
            )
        if isinstance(answer, ResultTable):
            shop.emit(FaultFound(fault=_OLD_ANSWER, level="warn"))
        return _read(answer, source)


def _read(answer: Any, source: Source) -> tuple[datetime, datetime, dict[str, Any]]:
    """When the table was loaded last, and when that was asked."""
    table = answer if isinstance(answer, ResultTable) else getattr(answer, "table", None)
    rows = table.rows if isinstance(table, ResultTable) else []
    if len(rows) != 1 or len(rows[0]) != 2:
        raise ExecutionError(
            "the macro that asks for freshness must give one row: the newest load, and the time now",
            code="freshness",
            hint="is collect_freshness overridden?",
        )
    loaded, asked = rows[0][0], rows[0][1]
    response = getattr(answer, "response", None)
    told = response.to_dict() if response is not None and hasattr(response, "to_dict") else {}
    return (
        _LONG_AGO if loaded is None else _moment(loaded, source),
        _moment(asked, source),
        {key: value for key, value in told.items() if value is not None},
    )


def _moment(value: Any, source: Source) -> datetime:
    if not isinstance(value, datetime):
        field = source.config.get("loaded_at_query") or source.config.get("loaded_at_field")
        raise ExecutionError(
            f"a time is needed, and '{field}' gives a value of type {type(value).__name__}",
            code="freshness",
            hint='cast it: loaded_at_field: "cast(day as timestamp)"',
        )
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _judged(
    source: Source, loaded: datetime, asked: datetime, response: dict[str, Any]
) -> SourceFreshness:
    age = (asked - loaded).total_seconds()
    criteria = source.config.get("freshness") or {}
    status: FreshnessStatus = "pass"
    for limit, verdict in (("error_after", "error"), ("warn_after", "warn")):
        seconds = _seconds(criteria.get(limit))
        if seconds is not None and age > seconds:
            status = "error" if verdict == "error" else "warn"
            break
    return SourceFreshness(
        unique_id=source.unique_id,
        status=status,
        max_loaded_at=loaded,
        snapshotted_at=asked,
        age=age,
        criteria=criteria,
        adapter_response=response,
    )


def _seconds(limit: Mapping[str, Any] | None) -> float | None:
    if not limit or limit.get("count") is None or not limit.get("period"):
        return None
    return timedelta(**{f"{limit['period']}s": limit["count"]}).total_seconds()


def _failed(source: Source, fault: Fault) -> SourceFreshness:
    return SourceFreshness(unique_id=source.unique_id, status="runtime error", fault=fault)


def _words(found: SourceFreshness) -> str:
    if found.max_loaded_at == _LONG_AGO:
        return "the table has no rows"
    return f"loaded {timedelta(seconds=int(found.age))} ago"


def _as_node_result(found: SourceFreshness) -> NodeResult:
    fault = found.fault
    return NodeResult(
        unique_id=found.unique_id,
        status=_NODE_STATUS.get(found.status, "error"),
        seconds=found.seconds,
        message=render_fault(fault) if fault else "",
        thread=found.thread,
        timings=found.timings,
        adapter_response=found.adapter_response,
        fault=fault,
    )
