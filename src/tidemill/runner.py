"""dbt's programmatic runner, over Tidemill: scripts and orchestrators switch by changing an import.

    from tidemill.runner import dbtRunner, dbtRunnerResult

    outcome: dbtRunnerResult = dbtRunner().invoke(["build", "--select", "orders+"])
    for result in outcome.result or ():
        print(result.node.name, result.status)

Names and shapes are those of ``dbt.cli.main``: what is read of a result (``node``, ``status``, ``message``,
``timing`` ...), of a manifest (``nodes``, ``sources`` ...) and of an event (``info``, ``data``) is there under the
same names, as plain values. Whoever starts anew has more from ``tidemill.Project``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from tidemill.cli.arguments.parser import Words
    from tidemill.cli.invocation import Executed, Invocation
    from tidemill.cli.rendering.entry import Entry
    from tidemill.engine.nodes import Manifest, NodeResult
    from tidemill.engine.running.showing import Shown


class NodeStatus(StrEnum):
    """dbt's statuses of a result. They are equal to their words: ``result.status == "success"``."""

    Success = "success"
    Error = "error"
    Fail = "fail"
    Warn = "warn"
    Skipped = "skipped"
    PartialSuccess = "partial success"
    Pass = "pass"
    RuntimeErr = "runtime error"
    NoOp = "no-op"


class Fields(dict[str, Any]):
    """A mapping whose keys are attributes as well, all the way down: ``node.config.materialized``."""

    def __getattr__(self, name: str) -> Any:
        try:
            return _with_attributes(self[name])
        except KeyError:
            raise AttributeError(f"there is no '{name}' here; there is {', '.join(self)}") from None

    def to_dict(self, **_: Any) -> dict[str, Any]:
        """The plain mapping."""
        return dict(self)


def _with_attributes(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Fields(value)
    if isinstance(value, list | tuple):
        return [_with_attributes(inner) for inner in value]
    return value


class TimingInfo(msgspec.Struct, frozen=True):
    """A phase of a node's work: ``compile`` or ``execute``."""

    name: str
    started_at: datetime
    completed_at: datetime


class RunResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one node."""

    node: Any
    """The node in the manifest's shape, with attributes; what compiling added is in it."""
    status: NodeStatus
    message: str | None
    timing: list[TimingInfo]
    thread_id: str
    execution_time: float
    adapter_response: dict[str, Any]
    failures: int | None
    relation_name: str | None = None
    batch_results: Any = None
    agate_table: Any = None
    """The rows that ``show`` gave, with agate's words."""

    @property
    def unique_id(self) -> str:
        return str(self.node["unique_id"])

    def to_dict(self, **_: Any) -> dict[str, Any]:
        """Plain values by name."""
        fields: dict[str, Any] = msgspec.to_builtins(self, enc_hook=str)
        fields.pop("agate_table")
        return fields | {"unique_id": self.unique_id}


class RunExecutionResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a command that executed nodes: its results, in the order in which they ended."""

    results: list[RunResult]
    elapsed_time: float
    generated_at: datetime
    args: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[RunResult]:
        return iter(self.results)

    def __getitem__(self, index: int) -> RunResult:
        return self.results[index]


class ParsedManifest:
    """The parsed project with dbt's names: ``manifest.nodes["model.shop.orders"].config.materialized``."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        """Tidemill's own value of it."""

    @cached_property
    def _shape(self) -> dict[str, Any]:
        from tidemill.engine.artifacts import manifest_json

        shape: dict[str, Any] = msgspec.json.decode(manifest_json(self.manifest))
        return shape

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._shape:
            raise AttributeError(name)
        section = self._shape[name]
        return (
            {k: _with_attributes(v) for k, v in section.items()}
            if name != "metadata"
            else Fields(section)
        )

    def to_dict(self, **_: Any) -> dict[str, Any]:
        """manifest.json as plain values."""
        return self._shape

    def writable_manifest(self) -> ParsedManifest:
        """Itself: what dbt calls the form that is written has the same names."""
        return self


class EventMsg(msgspec.Struct, frozen=True):
    """An event as callbacks get it: ``event.info.name``, ``event.data.node_info.unique_id``."""

    info: Any
    data: Any


class dbtRunnerResult(msgspec.Struct, frozen=True, kw_only=True):  # noqa: N801 - dbt's name
    """How a command ended. ``exception`` is what kept it from its work; failed nodes are no exception."""

    success: bool
    exception: BaseException | None = None
    result: Any = None
    """By verb: RunExecutionResult; ParsedManifest for parse; a list of text for ls; bool for debug."""


class dbtRunner:  # noqa: N801 - dbt's name
    """Runs commands in this process."""

    def __init__(
        self, manifest: Any = None, callbacks: Sequence[Callable[[EventMsg], None]] | None = None
    ) -> None:
        """``callbacks`` hear every event. A ``manifest`` is taken for dbt's sake; the project is read anew."""
        self.manifest = manifest
        self.callbacks = list(callbacks or ())

    def invoke(self, args: Sequence[str], **kwargs: Any) -> dbtRunnerResult:
        """Run the command that ``args`` spell; ``kwargs`` are options by dbt's names and win over them.

        Nothing is raised: what goes wrong is in the result. Output goes where the command's would.
        """
        from tidemill.cli.application import DONE, IMPOSSIBLE, conduct
        from tidemill.cli.arguments.parser import ArgumentFault, HelpWanted, VersionWanted

        words = [str(word) for word in args]
        try:
            invocation = self._begin(words, kwargs)
        except (HelpWanted, VersionWanted):
            return dbtRunnerResult(success=True)
        except ArgumentFault as fault:
            return dbtRunnerResult(success=False, exception=_as_usage(fault))
        invocation.command_line = " ".join(["tidemill", *words])
        code = conduct(invocation)
        if code == IMPOSSIBLE and invocation.error is not None:
            return dbtRunnerResult(success=False, exception=invocation.error)
        return dbtRunnerResult(success=code == DONE, result=_answer(invocation, code == DONE))

    def _begin(self, words: Sequence[str], options: Mapping[str, Any]) -> Invocation:
        from tidemill.cli.arguments.parser import parse_words
        from tidemill.cli.invocation import begin

        invocation = begin(_with_options(parse_words(words), options))
        invocation.outlet.listeners += [_listener(c, invocation) for c in self.callbacks]
        return invocation


def _with_options(words: Words, options: Mapping[str, Any]) -> Words:
    """``words`` with options that were given as values. Raises ArgumentFault for one that is not known."""
    from tidemill.cli.arguments.parser import ArgumentFault
    from tidemill.errors import did_you_mean

    known = {option.name: option for option in words.verb.all_options}
    names = {*known, *(argument.name for argument in words.verb.arguments)}
    names_by_word = {
        word.removeprefix("--").replace("-", "_"): option.name
        for option in known.values()
        for word in option.words
        if word.startswith("--")
    }
    values = dict(words.values)
    for name, value in options.items():
        meant = name if name in names else names_by_word.get(name)
        if meant is None:
            near = did_you_mean(name, [*names, *names_by_word])
            hint = f"; {near}" if near else ""
            raise ArgumentFault(f"there is no option '{name}'{hint}", words.verb.name)
        if value is not None:
            values[meant] = _plain(value)
    return words._replace(values=values)


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _as_usage(fault: Exception) -> Exception:
    from tidemill.errors import UsageError

    error = UsageError(str(fault))
    error.__cause__ = fault
    return error


def _listener(
    callback: Callable[[EventMsg], None], invocation: Invocation
) -> Callable[[Entry], None]:
    from tidemill.cli.rendering.formats import record

    def listen(entry: Entry) -> None:
        found = record(entry, invocation.invocation_id)
        callback(EventMsg(Fields(found["info"]), Fields(found["data"])))

    return listen


def _answer(invocation: Invocation, success: bool) -> Any:
    from tidemill.cli.invocation import Executed
    from tidemill.engine.nodes import Manifest

    answer = invocation.answer
    if isinstance(answer, Executed):
        return _executed(answer)
    if isinstance(answer, Manifest):
        return ParsedManifest(answer)
    if invocation.verb == "show" and answer is not None:
        return _shown(answer, invocation)
    return success if invocation.verb == "debug" else answer


def _executed(executed: Executed) -> RunExecutionResult:
    run = executed.result
    return RunExecutionResult(
        results=[_result(result, executed.manifest) for result in run.results],
        elapsed_time=run.seconds,
        generated_at=_moment(run.finished_at),
        args=dict(run.arguments),
    )


def _shown(answer: Sequence[Shown], invocation: Invocation) -> RunExecutionResult:
    """What ``show`` gave, as dbt has it: a result for each query, with its rows."""
    from tidemill.engine.jinja.tables import ResultTable

    return RunExecutionResult(
        results=[
            RunResult(
                node=Fields(
                    unique_id=one.unique_id, name=one.name, compiled_code=one.asked or one.sql
                ),
                status=NodeStatus.Success,
                message=None,
                timing=[],
                thread_id="MainThread",
                execution_time=0.0,
                adapter_response={},
                failures=None,
                agate_table=ResultTable(one.result.rows, one.result.columns, one.result.types),
            )
            for one in answer
        ],
        elapsed_time=0.0,
        generated_at=datetime.now(UTC),
        args=dict(invocation.settings.values),
    )


def _result(result: NodeResult, manifest: Manifest) -> RunResult:
    status = "skipped" if result.status == "cancelled" else result.status
    return RunResult(
        node=_node(result, manifest),
        status=NodeStatus(status),
        message=result.message or None,
        timing=[
            TimingInfo(t.name, _moment(t.started_at), _moment(t.completed_at))
            for t in result.timings
        ],
        thread_id=result.thread,
        execution_time=result.seconds,
        adapter_response=result.adapter_response,
        failures=result.failures,
        relation_name=result.relation_name,
        batch_results=result.batch_results,
    )


def _node(result: NodeResult, manifest: Manifest) -> Fields:
    from tidemill.engine.nodes.shape import resource_dict

    resource = manifest.resource(result.unique_id)
    if resource is None:  # the macro of run-operation
        return Fields(unique_id=result.unique_id, name=result.unique_id.rpartition(".")[2])
    shape = resource_dict(resource)
    if result.compiled_code is not None:
        shape |= {"compiled": True, "compiled_code": result.compiled_code}
    return Fields(shape)


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
