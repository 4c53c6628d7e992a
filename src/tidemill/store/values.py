"""What the store answers with: frozen values, the same on the wire."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from tidemill.errors import Fault
from tidemill.events import Level, NodeStatus, RunStatus

RunNodeStatus = Literal[
    "pending",
    "running",
    "success",
    "pass",
    "warn",
    "fail",
    "error",
    "skipped",
    "cancelled",
    "partial success",
    "no-op",
]
"""A node of a run: not begun, at work, or one of the statuses that it can end with."""

END_STATUSES: frozenset[str] = frozenset(get_args(NodeStatus))


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One run in a list."""

    id: str
    command: str
    arguments: dict[str, str]
    project: str
    target: str
    threads: int
    source: str
    """Who started it: ``cli``, ``server`` or ``python``."""
    status: RunStatus
    started_at: float
    finished_at: float | None
    seconds: float | None
    counts: dict[str, int]
    """Status to number of nodes that have ended."""
    total: int
    done: int


class RunNode(msgspec.Struct, frozen=True, kw_only=True):
    """One node of a run."""

    id: str
    name: str
    resource_type: str
    index: int
    """Place in the order of the run, from 1."""
    status: RunNodeStatus
    started_at: float | None
    finished_at: float | None
    seconds: float | None
    description: str
    message: str
    rows_affected: int | None
    failures: int | None
    relation: str | None
    compiled_path: str | None
    depends_on: tuple[str, ...]
    fault: Fault | None


class RunMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A line for people, or a fault, that belongs to a run."""

    at: float
    level: Level
    text: str
    node: str | None
    code: str | None
    fault: Fault | None


class RunDetail(RunSummary, frozen=True, kw_only=True):
    """One run with all that is known of it."""

    nodes: tuple[RunNode, ...]
    messages: tuple[RunMessage, ...]


class NodeState(msgspec.Struct, frozen=True, kw_only=True):
    """The newest that is known of a node on one target, over all runs."""

    status: RunNodeStatus
    run_id: str
    started_at: float | None
    finished_at: float | None
    seconds: float | None
    message: str
    rows_affected: int | None
    failures: int | None


class LoggedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the event log. ``event`` is the JSON of a value of ``tidemill.events``."""

    seq: int
    run_id: str | None
    event: msgspec.Raw
