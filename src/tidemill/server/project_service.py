"""A project of files and a warehouse behind the server: `ProjectService`, done with the commands."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

import tidemill
from tidemill.commands.build import build
from tidemill.commands.lineage import NodeLineage, known_columns, lineage_of
from tidemill.commands.lineage_reading import LineageKeeper
from tidemill.commands.opening import Opening
from tidemill.commands.run import run
from tidemill.commands.running_nodes import RunOptions
from tidemill.commands.seed import seed
from tidemill.commands.selecting import Selecting, select_ids
from tidemill.commands.test import test
from tidemill.engine.parsing.memory import Memory
from tidemill.engine.project.watching import FolderWatch
from tidemill.errors import Fault, ProjectFaults
from tidemill.events import AnyEvent
from tidemill.server.describing import find_resource, node_detail
from tidemill.server.graph_changes import GraphChanges
from tidemill.server.previews import compiled_sql, preview_rows
from tidemill.server.reading import first_reading, is_same, next_reading
from tidemill.server.values import (
    GraphChange,
    GraphNode,
    KnownColumns,
    NodeDetail,
    ProjectInfo,
    Rows,
    RunCommand,
    RunRequest,
)

_VERBS: dict[RunCommand, Callable[..., Iterable[AnyEvent]]] = {
    "build": build,
    "run": run,
    "test": test,
    "seed": seed,
}


class OpenProjectService:
    """The project in ``root``, read when this is made.

    Faults in its models do not keep it from being served; raises what keeps its configuration from
    being loaded.
    """

    def __init__(self, root: Path, opening: Opening, *, read_only: bool = False) -> None:
        # An id is of one command, and here come many.
        self._opening = msgspec.structs.replace(opening, source="server", invocation_id="")
        self._read_only = read_only
        self._lock = threading.Lock()
        self._lineage = LineageKeeper()
        self._memory = Memory()
        self._changes = GraphChanges()
        # Rises over restarts too, so that a page that was open meanwhile sees the difference.
        self._reading = first_reading(root, self._opening, int(time.time()), self._memory)

    @property
    def target(self) -> str:
        return self._reading.project.config.target.name

    @property
    def manifest_version(self) -> int:
        return self._reading.version

    @property
    def read_only(self) -> bool:
        return self._read_only

    def info(self) -> ProjectInfo:
        reading = self._reading
        config = reading.project.config
        return ProjectInfo(
            name=config.project.name,
            target=config.target.name,
            adapter=config.target.type,
            tidemill_version=tidemill.__version__,
            root_name=reading.project.root.name,
            counts=dict(reading.drawing.counts),
            fault_count=len(reading.faults),
            manifest_version=reading.version,
            read_only=self._read_only,
        )

    def graph(self) -> tuple[GraphNode, ...]:
        return tuple(self._reading.drawing.nodes.values())

    def tests(self) -> Mapping[str, tuple[str, ...]]:
        return self._reading.drawing.tests

    def node(self, node_id: str) -> NodeDetail:
        reading = self._reading
        manifest = reading.sound()
        return node_detail(manifest, find_resource(manifest, node_id), reading.drawing.tests)

    def compiled(self, node_id: str) -> str:
        return compiled_sql(self._reading, node_id)

    def columns(self, node_id: str) -> KnownColumns:
        reading = self._reading
        found = find_resource(reading.sound(), node_id)
        known, unknown = known_columns(self._lineage.of(reading.project), found.unique_id)
        return KnownColumns(columns=known.columns, complete=known.complete, unknown=unknown)

    def lineage(self, node_id: str, column: str, *, rows: bool) -> NodeLineage:
        reading = self._reading
        find_resource(reading.sound(), node_id)
        return lineage_of(self._lineage.of(reading.project), node_id, column, rows=rows)

    def rows(self, node_id: str, limit: int) -> Rows:
        return preview_rows(self._reading, node_id, limit)

    def select(self, select: str, exclude: str) -> tuple[str, ...]:
        reading = self._reading
        reading.sound()
        drawn = reading.drawing.nodes
        wanted = Selecting(select=_words(select), exclude=_words(exclude), resource_types=("all",))
        ids = select_ids(reading.project, "list", wanted)
        return tuple(node_id for node_id in ids if node_id in drawn)

    def faults(self) -> tuple[Fault, ...]:
        return self._reading.faults

    def reload(self, *, only_if_changed: bool = False) -> bool:
        with self._lock:
            before = self._reading
            version = max(before.version + 1, int(time.time()))
            after = next_reading(before, self._opening, version, self._memory)
            if only_if_changed and is_same(before, after):
                return False
            self._changes.note(before, after)
            self._reading = after
            if after.warehouse is not before.warehouse:
                before.warehouse.retire()
            return True

    def graph_change(self, before: int) -> GraphChange | None:
        return self._changes.since(before, self._reading)

    def wait_for_edit(self, seconds: float) -> bool:
        with self._lock:
            watches = self._memory.watches()
            told = _poll_of(watches) if watches else None
        if told is None:
            time.sleep(seconds)
            return False
        heard = bool(told.poll(seconds * 1000))
        with self._lock:
            self._memory.hear()
        return heard

    def run(self, request: RunRequest, cancel: threading.Event) -> Iterator[AnyEvent]:
        self.reload(only_if_changed=True)
        reading = self._reading
        if reading.faults:
            raise ProjectFaults(reading.faults)
        options = RunOptions(
            select=_words(request.select),
            exclude=_words(request.exclude),
            full_refresh=request.full_refresh,
        )
        with reading.warehouse.held():
            yield from _VERBS[request.command](reading.project, options, cancel=cancel)

    def interrupt(self) -> None:
        self._reading.warehouse.interrupt()

    def close(self) -> None:
        self._lineage.save()
        with self._lock:
            self._memory.flush()
        self._reading.warehouse.retire()


def _poll_of(watches: Iterable[FolderWatch]) -> select.poll:
    told = select.poll()
    for watch in watches:
        told.register(watch, select.POLLIN)
    return told


def _words(text: str) -> tuple[str, ...]:
    """One argument of ``--select``: it may hold several words, united by spaces."""
    return (text,) if text.strip() else ()
