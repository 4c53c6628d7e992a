"""What happens, as typed values: one stream that terminal, store and server all read.

Every event carries ``at`` (Unix seconds). As JSON an event is an object whose ``type`` is the
tag below, in snake case. Events are cheap values: readers decide what to render or keep.
dbt's event names and codes are given only where dbt's users read them (``--log-format json``).
"""

from __future__ import annotations

import time
from typing import Any, Literal

import msgspec

from tidemill.errors import Fault

Level = Literal["debug", "info", "warn", "error"]

NodeStatus = Literal[
    "success", "pass", "warn", "fail", "error", "skipped", "cancelled", "partial success", "no-op"
]
"""dbt's statuses: success and error for what is built; pass, warn, fail and error for tests.

``partial success`` is for microbatch models of which some batches failed, ``no-op`` for what has nothing to run.

``cancelled`` is ours in the stream and in the store; ``run_results.json`` writes it as ``skipped``.
"""

FAILED_STATUSES: frozenset[str] = frozenset({"error", "fail", "partial success"})
"""Statuses that make a run fail and skip what stands behind the node."""

RunStatus = Literal["running", "success", "failed", "cancelled", "crashed"]
"""``crashed`` is never emitted: a reader writes it for a run whose process is gone."""


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of all events."""

    at: float = msgspec.field(default_factory=time.time)


class ParseStarted(Event, frozen=True, tag="parse_started"):
    project: str
    root: str


class ParseFinished(Event, frozen=True, tag="parse_finished"):
    project: str
    seconds: float
    counts: dict[str, int]
    """Resource type to number of enabled resources."""


class NodePlan(msgspec.Struct, frozen=True, kw_only=True):
    """One selected node in the order of the run."""

    unique_id: str
    name: str
    resource_type: str
    depends_on: tuple[str, ...] = ()
    """Selected nodes that must end well first."""


class RunStarted(Event, frozen=True, tag="run_started"):
    """A command begins to execute nodes. ``run_id`` is dbt's invocation id (a UUID4)."""

    run_id: str
    command: str
    project: str
    target: str
    threads: int
    nodes: tuple[NodePlan, ...]
    arguments: dict[str, str] = {}
    """What was asked for, as text, without secrets: select, exclude, full_refresh ..."""


class HookStarted(Event, frozen=True, tag="hook_started"):
    """An on-run-start or on-run-end statement begins."""

    name: str
    index: int
    total: int


class HookFinished(Event, frozen=True, tag="hook_finished"):
    """An on-run-start or on-run-end statement ended."""

    name: str
    index: int
    total: int
    status: NodeStatus
    seconds: float
    message: str = ""


class NodeStarted(Event, frozen=True, tag="node_started"):
    unique_id: str
    name: str
    resource_type: str
    index: int
    """Position in the run, from 1."""
    total: int
    description: str
    """What is done, in dbt's words: ``sql table model main.orders``."""
    thread: str = ""


class NodeFinished(Event, frozen=True, tag="node_finished"):
    unique_id: str
    name: str
    resource_type: str
    index: int
    total: int
    status: NodeStatus
    seconds: float
    description: str
    message: str = ""
    """The adapter's answer (``CREATE TABLE``), or what went wrong in one line."""
    rows_affected: int | None = None
    failures: int | None = None
    """For tests: rows (or the fail_calc value) that fail."""
    relation: str | None = None
    compiled_path: str | None = None
    """Where the compiled SQL was written, relative to the project."""
    fault: Fault | None = None
    thread: str = ""


class Message(Event, frozen=True, tag="message"):
    """A line for people: from ``log()``, ``print()``, a deprecation, or the engine itself."""

    text: str
    level: Level = "info"
    unique_id: str | None = None
    code: str | None = None
    """dbt's event code where there is one (``I062`` for ``log``), else None."""
    data: dict[str, Any] = {}
    """What dbt's programs read beside the text of that event, by dbt's names."""


class FaultFound(Event, frozen=True, tag="fault_found"):
    """Something is wrong with the project itself; the command may go on to find more."""

    fault: Fault
    level: Level = "error"


class SqlExecuted(Event, frozen=True, tag="sql_executed"):
    """One statement on a connection. Emitted only where somebody asked for level debug."""

    connection: str
    sql: str
    seconds: float
    status: str
    unique_id: str | None = None


class RunFinished(Event, frozen=True, tag="run_finished"):
    run_id: str
    status: RunStatus
    seconds: float
    counts: dict[str, int]
    """NodeStatus to number of nodes."""


AnyEvent = (
    ParseStarted
    | ParseFinished
    | RunStarted
    | HookStarted
    | HookFinished
    | NodeStarted
    | NodeFinished
    | Message
    | FaultFound
    | SqlExecuted
    | RunFinished
)
"""Every event, as a tagged union: ``msgspec.json.decode(line, type=AnyEvent)``."""
