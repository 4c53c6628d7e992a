"""What the server needs of a project: a protocol, so that routes do not know how it is done.

`project_service` does it with `tidemill.commands`. Every method may be called from several
threads at once, and may raise TidemillError, which becomes the reply.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Protocol

from tidemill.commands.lineage import NodeLineage
from tidemill.errors import Fault
from tidemill.events import AnyEvent
from tidemill.server.values import (
    GraphChange,
    GraphNode,
    KnownColumns,
    NodeDetail,
    ProjectInfo,
    Rows,
    RunRequest,
)


class ProjectService(Protocol):
    """One open project."""

    @property
    def target(self) -> str:
        """The name of the target that runs go to."""
        ...

    @property
    def manifest_version(self) -> int:
        """A number that rises whenever the project was read anew."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether nothing may be run from here."""
        ...

    def info(self) -> ProjectInfo:
        """What the project is."""
        ...

    def graph(self) -> tuple[GraphNode, ...]:
        """All nodes of the lineage, without their states. The same object until the next reload."""
        ...

    def tests(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of tests by the id of the node that they test."""
        ...

    def node(self, node_id: str) -> NodeDetail:
        """Everything about one node except what came of it. UsageError ``node-not-found``."""
        ...

    def compiled(self, node_id: str) -> str:
        """The node's SQL as the warehouse will get it."""
        ...

    def columns(self, node_id: str) -> KnownColumns:
        """The node's columns, as far as its SQL tells them. UsageError ``node-not-found``."""
        ...

    def lineage(self, node_id: str, column: str, *, rows: bool) -> NodeLineage:
        """Where a column comes from and what is made of it. UsageError ``column-not-found``."""
        ...

    def rows(self, node_id: str, limit: int) -> Rows:
        """First rows of what was built, without waiting for a run. DatabaseError ``not-built``."""
        ...

    def select(self, select: str, exclude: str) -> tuple[str, ...]:
        """Ids that a selection means."""
        ...

    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the project, as of the last time it was read."""
        ...

    def reload(self, *, only_if_changed: bool = False) -> bool:
        """Read the project anew; False if ``only_if_changed`` and no file did. Faults are kept."""
        ...

    def graph_change(self, before: int) -> GraphChange | None:
        """What differs from the graph of that version; None where that is not known any more, or much."""
        ...

    def wait_for_edit(self, seconds: float) -> bool:
        """Return when a file of the project may have changed, at the latest after so many seconds.

        True if it was told so, and need not be looked for.
        """
        ...

    def run(self, request: RunRequest, cancel: threading.Event) -> Iterator[AnyEvent]:
        """Execute a selection: its events, RunStarted among the first, recorded in the store as
        they pass. Setting ``cancel`` ends it soon and in order."""
        ...

    def interrupt(self) -> None:
        """Stop every query that serves a preview, because the server ends."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...
