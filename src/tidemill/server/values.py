"""What the HTTP API says, as frozen values. ``tools/generate_api.py`` makes TypeScript of them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from tidemill.commands.lineage import NodeLineage
from tidemill.errors import Fault
from tidemill.events import AnyEvent
from tidemill.store.values import RunDetail, RunNodeStatus, RunSummary

RunCommand = Literal["build", "run", "test", "seed"]


class ProjectInfo(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/project"""

    name: str
    target: str
    adapter: str
    tidemill_version: str
    root_name: str
    """The name of the project's folder, without the way to it."""
    counts: dict[str, int]
    """Resource type to number of enabled resources."""
    fault_count: int
    manifest_version: int
    read_only: bool


class GraphState(msgspec.Struct, frozen=True, kw_only=True):
    """The newest that is known of a node."""

    status: RunNodeStatus
    run_id: str
    finished_at: float | None


class TestState(msgspec.Struct, frozen=True, kw_only=True, rename={"passed": "pass"}):
    """How many of a node's tests ended how, last time."""

    __test__ = False  # not a pytest class

    passed: int = 0
    fail: int = 0
    warn: int = 0
    error: int = 0


class GraphNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the lineage graph. Tests are no nodes of it: they are counted on what they test."""

    id: str
    name: str
    resource_type: str
    package: str
    path: str
    materialized: str | None
    tags: tuple[str, ...]
    schema: str | None
    description: str
    """Its first line."""
    parents: tuple[str, ...]
    test_count: int
    state: GraphState | None = None
    test_state: TestState | None = None


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/graph"""

    manifest_version: int
    nodes: tuple[GraphNode, ...]


class ColumnTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test as its column lists it."""

    id: str
    name: str
    status: RunNodeStatus | None


class ColumnDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A documented column."""

    name: str
    data_type: str | None
    description: str
    tests: tuple[ColumnTest, ...] = ()


class TestDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A test as its node lists it, with what came of it last time."""

    id: str
    name: str
    column: str | None
    status: RunNodeStatus | None = None
    failures: int | None = None
    message: str = ""


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """The newest run of a node."""

    run_id: str
    command: str
    status: RunNodeStatus
    started_at: float | None
    finished_at: float | None
    seconds: float | None
    message: str
    rows_affected: int | None
    fault: Fault | None


class NodeDetail(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/nodes/{id}"""

    id: str
    name: str
    resource_type: str
    package: str
    path: str
    description: str
    columns: tuple[ColumnDetail, ...]
    tests: tuple[TestDetail, ...]
    config: dict[str, Any]
    tags: tuple[str, ...]
    meta: dict[str, Any]
    relation: str | None
    raw_code: str
    language: str
    depends_on: tuple[str, ...]
    children: tuple[str, ...]
    materialized: str | None
    patch_path: str | None
    last_run: LastRun | None = None


class CompiledCode(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/nodes/{id}/compiled"""

    compiled_code: str


class KnownColumns(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/nodes/{id}/columns: what is known of them without asking the warehouse."""

    columns: tuple[str, ...]
    complete: bool
    """Whether these are all."""
    unknown: str
    """Why nothing could be read, when nothing could."""


class RowColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a preview; ``type`` is the warehouse's name of it."""

    name: str
    type: str


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/nodes/{id}/rows: cells are null, booleans, numbers, text, lists or objects."""

    columns: tuple[RowColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/select"""

    ids: tuple[str, ...]


class RunList(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/runs"""

    runs: tuple[RunSummary, ...]


class RunRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """POST /api/runs"""

    command: RunCommand
    select: str = ""
    exclude: str = ""
    full_refresh: bool = False


class RunAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to POST /api/runs and to a cancel."""

    run_id: str


class Faults(msgspec.Struct, frozen=True, kw_only=True):
    """GET /api/faults"""

    faults: tuple[Fault, ...]


class Reloaded(msgspec.Struct, frozen=True, kw_only=True):
    """POST /api/reload"""

    manifest_version: int
    fault_count: int


class FaultReply(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every error; ``faults`` has all of them when there are several."""

    fault: Fault
    faults: tuple[Fault, ...] = ()


class GraphChange(msgspec.Struct, frozen=True, kw_only=True):
    """What differs in the graph between two readings of the project, so that a page need not fetch it again."""

    before: int
    """The manifest version that it is a change of."""
    nodes: tuple[GraphNode, ...]
    """Nodes that are new, or not what they were."""
    gone: tuple[str, ...]
    """Ids of nodes that are there no more."""
    touched: tuple[str, ...]
    """Ids of nodes whose details or SQL may differ, drawn alike or not."""


class ProjectChanged(msgspec.Struct, frozen=True, kw_only=True, tag="project_changed"):
    """In the stream: the project was read anew, so what was fetched of it is old."""

    manifest_version: int
    graph: GraphChange | None = None
    """None where too much differs, or not all is known of it: then everything is to be fetched."""


class StreamReady(msgspec.Struct, frozen=True, kw_only=True):
    """The first frame of every stream: where the log stands now."""

    seq: int
    manifest_version: int
    ready: Literal[True] = True


class StreamReset(msgspec.Struct, frozen=True, kw_only=True):
    """In place of a replay that is not possible: fetch everything anew."""

    seq: int
    reset: Literal[True] = True


class StreamPing(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing happened for a while, and the connection is fine."""

    ping: Literal[True] = True


class StreamEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event: of a run (``tidemill.events``), or ``project_changed``."""

    seq: int
    run_id: str | None
    """The run that it belongs to."""
    event: AnyEvent | ProjectChanged | msgspec.Raw
    """Raw is how it leaves: as the log keeps it."""


API_TYPES: tuple[type, ...] = (
    ProjectInfo,
    Graph,
    NodeDetail,
    CompiledCode,
    KnownColumns,
    NodeLineage,
    Rows,
    Selection,
    RunList,
    RunDetail,
    RunRequest,
    RunAccepted,
    Faults,
    Reloaded,
    FaultReply,
    StreamReady,
    StreamReset,
    StreamPing,
    StreamEvent,
)
"""Everything that crosses the wire, with all that it is made of."""
