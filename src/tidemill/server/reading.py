"""One reading of the project: what its files said at one moment, in the shapes that are asked for.

A reading never changes. Reading anew makes another one, and whoever works with the old one goes on.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from tidemill.commands.opening import Opening, OpenProject, open_project
from tidemill.engine.nodes import Manifest
from tidemill.engine.parsing.cached import CachedParse
from tidemill.engine.parsing.memory import Memory
from tidemill.engine.project.config import RuntimeConfig
from tidemill.errors import Fault, ProjectFaults, TidemillError
from tidemill.server.drawing import Drawing, draw, redraw
from tidemill.server.warehouse import Warehouse


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The project as it was read. With ``faults``, the rest is of the last time that all was well."""

    version: int
    project: OpenProject
    warehouse: Warehouse
    faults: tuple[Fault, ...] = ()
    manifest: Manifest | None = None
    drawing: Drawing = Drawing()
    parsed: CachedParse | None = None
    """What the parse gave, which the next one may be an update of."""

    def sound(self) -> Manifest:
        """The manifest. Raises ProjectFaults if the project never could be read."""
        if self.manifest is None:
            raise ProjectFaults(self.faults)
        return self.manifest


def first_reading(root: Path, opening: Opening, version: int, memory: Memory) -> Reading:
    """Open and parse the project. What is wrong with its models is kept, for the page to show.

    Raises ConfigurationError and the like when not even its configuration can be read.
    """
    project = open_project(root, opening, memory=memory)
    empty = Reading(version=version, project=project, warehouse=Warehouse(project.adapter))
    return _parse(project, empty.warehouse, empty, version)


def next_reading(before: Reading, opening: Opening, version: int, memory: Memory) -> Reading:
    """Read the project anew. What is wrong is kept, beside what ``before`` knew."""
    try:
        project = open_project(before.project.root, opening, memory=memory)
    except TidemillError as error:
        return msgspec.structs.replace(before, version=version, faults=error.faults)
    shared = project.share_warehouse(before.project)
    warehouse = before.warehouse if shared else Warehouse(project.adapter)
    return _parse(project, warehouse, before, version)


def is_same(before: Reading, after: Reading) -> bool:
    """Whether a page would see no difference, and runs neither."""
    if before.faults != after.faults:
        return False
    if after.faults:
        return True
    unchanged = changed_ids(before, after) == frozenset()
    return unchanged and _settled(before.project.config) == _settled(after.project.config)


def changed_ids(before: Reading, after: Reading) -> frozenset[tuple[str, str]] | None:
    """Sections and ids of resources that differ; None where that is not known."""
    one, two = before.parsed, after.parsed
    if one is None or two is None or before.manifest is None or after.manifest is None:
        return None
    if one is two:
        return frozenset()
    if one.chain is None or one.chain is not two.chain:
        return None
    old, new = before.manifest, after.manifest
    return frozenset(
        (section, key)
        for section, key in two.changed
        if getattr(old, section).get(key) != getattr(new, section).get(key)
    )


def _parse(project: OpenProject, warehouse: Warehouse, before: Reading, version: int) -> Reading:
    try:
        project.resume(before.project)
        manifest = project.manifest
        # A cycle is a fault of the project too, though parsing does not meet it.
        _ = project.dag
    except TidemillError as error:
        # The old project goes on serving what it knows; its warehouse with it.
        # What was parsed is not in it, so what comes next is no update of it.
        parsed = before.parsed if project.parsed is None else None
        return msgspec.structs.replace(before, version=version, faults=error.faults, parsed=parsed)
    after = Reading(
        version=version,
        project=project,
        warehouse=warehouse,
        manifest=manifest,
        parsed=project.parsed,
    )
    changed = changed_ids(before, after)
    drawing = draw(manifest) if changed is None else redraw(before.drawing, manifest, changed)
    return msgspec.structs.replace(after, drawing=drawing)


def _settled(config: RuntimeConfig) -> RuntimeConfig:
    """The configuration without what every command has of its own."""
    return msgspec.structs.replace(config, invocation_id="", started_at=0.0)
