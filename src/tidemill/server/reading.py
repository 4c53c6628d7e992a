"""One reading of the project: what its files said at one moment, in the shapes that are asked for.

A reading never changes. Reading anew makes another one, and whoever works with the old one goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from tidemill.commands.opening import Opening, OpenProject, open_project
from tidemill.engine.nodes import Manifest
from tidemill.errors import Fault, ProjectFaults, TidemillError
from tidemill.server.changes import Fingerprint, fingerprint
from tidemill.server.describing import graph_nodes, resource_counts, tests_by_node
from tidemill.server.values import GraphNode
from tidemill.server.warehouse import Warehouse


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The project as it was read. With ``faults``, the rest is of the last time that all was well."""

    version: int
    project: OpenProject
    warehouse: Warehouse
    files: Fingerprint
    faults: tuple[Fault, ...] = ()
    manifest: Manifest | None = None
    graph: tuple[GraphNode, ...] = ()
    tests: Mapping[str, tuple[str, ...]] = {}
    counts: Mapping[str, int] = {}

    def parsed(self) -> Manifest:
        """The manifest. Raises ProjectFaults if the project never could be read."""
        if self.manifest is None:
            raise ProjectFaults(self.faults)
        return self.manifest


def first_reading(root: Path, opening: Opening, version: int) -> Reading:
    """Open and parse the project. What is wrong with its models is kept, for the page to show.

    Raises ConfigurationError and the like when not even its configuration can be read.
    """
    project = open_project(root, opening)
    warehouse = Warehouse(project.adapter)
    files = fingerprint(project.config)
    empty = Reading(version=version, project=project, warehouse=warehouse, files=files)
    return _parse(project, warehouse, files, empty, version)


def next_reading(before: Reading, opening: Opening, version: int) -> Reading:
    """Read the project anew. What is wrong is kept, beside what ``before`` knew."""
    root = before.project.root
    # Looked at before it is read: a file that changes meanwhile makes a difference next time.
    files = fingerprint(before.project.config)
    try:
        project = open_project(root, opening)
    except TidemillError as error:
        faults = error.faults
        return msgspec.structs.replace(before, version=version, files=files, faults=faults)
    shared = project.share_warehouse(before.project)
    warehouse = before.warehouse if shared else Warehouse(project.adapter)
    return _parse(project, warehouse, fingerprint(project.config), before, version)


def _parse(
    project: OpenProject,
    warehouse: Warehouse,
    files: Fingerprint,
    before: Reading,
    version: int,
) -> Reading:
    try:
        manifest = project.manifest
        # A cycle is a fault of the project too, though parsing does not meet it.
        _ = project.dag
    except TidemillError as error:
        # The old project goes on serving what it knows; its warehouse with it.
        faults = error.faults
        return msgspec.structs.replace(before, version=version, files=files, faults=faults)
    return Reading(
        version=version,
        project=project,
        warehouse=warehouse,
        files=files,
        manifest=manifest,
        graph=graph_nodes(manifest),
        tests=tests_by_node(manifest),
        counts=resource_counts(manifest),
    )
