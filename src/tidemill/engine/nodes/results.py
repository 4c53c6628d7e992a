"""What came of a node and of a run: the values behind ``run_results.json``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from tidemill.errors import Fault
from tidemill.events import FAILED_STATUSES, NodeStatus


class Timing(msgspec.Struct, frozen=True):
    """A phase of a node (``compile`` or ``execute``), in Unix seconds."""

    name: str
    started_at: float
    completed_at: float


class BatchResults(msgspec.Struct, frozen=True):
    """Which periods of a microbatch model were built, and which were not."""

    successful: tuple[Any, ...] = ()
    """Values with ``start`` and ``end``, both times with a zone."""
    failed: tuple[Any, ...] = ()


class NodeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one node."""

    unique_id: str
    status: NodeStatus
    seconds: float = 0.0
    message: str = ""
    thread: str = ""
    timings: tuple[Timing, ...] = ()
    rows_affected: int | None = None
    failures: int | None = None
    adapter_response: dict[str, Any] = {}
    relation_name: str | None = None
    compiled_code: str | None = None
    batch_results: BatchResults | None = None
    fault: Fault | None = None

    @property
    def failed(self) -> bool:
        return self.status in FAILED_STATUSES


FreshnessStatus = Literal["pass", "warn", "error", "runtime error"]
"""dbt's words: ``error`` is a source that is too old, ``runtime error`` one that could not be asked."""


class SourceFreshness(msgspec.Struct, frozen=True, kw_only=True):
    """How fresh one source is. The moments are unset, and the age zero, where it could not be asked."""

    unique_id: str
    status: FreshnessStatus
    max_loaded_at: datetime | None = None
    snapshotted_at: datetime | None = None
    age: float = 0.0
    """Seconds from the newest load to the moment of asking."""
    criteria: dict[str, Any] = {}
    adapter_response: dict[str, Any] = {}
    thread: str = ""
    seconds: float = 0.0
    timings: tuple[Timing, ...] = ()
    fault: Fault | None = None


class RunResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a command that executed nodes."""

    run_id: str
    command: str
    started_at: float
    finished_at: float
    results: tuple[NodeResult, ...]
    cancelled: bool = False
    arguments: dict[str, Any] = {}

    @property
    def success(self) -> bool:
        """As dbt judges it: a node that was skipped is no success either."""
        return not self.cancelled and not any(
            result.failed or result.status == "skipped" for result in self.results
        )

    @property
    def seconds(self) -> float:
        return self.finished_at - self.started_at
