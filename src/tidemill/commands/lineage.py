"""``lineage``: where a column comes from and what is made of it."""

from __future__ import annotations

import msgspec

from tidemill.commands.finding import find_node, nodes_called
from tidemill.commands.lineage_reading import column_lineage
from tidemill.commands.opening import OpenProject
from tidemill.engine.lineage.project_lineage import ProjectLineage
from tidemill.engine.lineage.summary import Known
from tidemill.engine.lineage.tracing import ColumnRef, ColumnTrace, LineageStep, Tracer
from tidemill.engine.nodes import Manifest, Node, Source
from tidemill.engine.nodes.section import outlines_of
from tidemill.errors import UsageError, did_you_mean

_WORTH_WRITING = 200
"""New summaries that are written at once; fewer wait until the project is closed."""
_TYPES = frozenset({"model", "seed", "snapshot"})


class NodeLineage(msgspec.Struct, frozen=True, kw_only=True):
    """The lineage of what was asked for: one column, or all of a node."""

    node: str
    """Its unique id."""
    column: str | None
    columns: tuple[ColumnTrace, ...]
    rows: tuple[LineageStep, ...] = ()
    """What decides which rows the node has; it is behind every column."""
    complete: bool
    """Whether these are all columns that the node has."""
    unknown: str = ""
    """Why nothing is known about its columns, when nothing is."""


def lineage(
    project: OpenProject,
    name: str,
    *,
    upstream: bool = True,
    downstream: bool = True,
    depth: int | None = None,
    rows: bool = False,
    known: ProjectLineage | None = None,
) -> NodeLineage:
    """The lineage of ``model.column``, or of all columns of ``model``, ``source.table`` or a unique id.

    ``depth`` is the number of steps to follow; without it a column is followed to its ends, the columns of a
    node one step. ``known`` is a lineage that was opened before. Raises UsageError with the nearest names.
    """
    found = known or column_lineage(project)
    resource, column = find_column(project.manifest, name, root=project.config.project.name)
    answer = lineage_of(
        found,
        resource.unique_id,
        column,
        upstream=upstream,
        downstream=downstream,
        depth=depth,
        rows=rows,
    )
    if known is None:
        found.cache.save()
    return answer


def lineage_of(
    found: ProjectLineage,
    node: str,
    column: str | None,
    *,
    upstream: bool = True,
    downstream: bool = True,
    depth: int | None = None,
    rows: bool = False,
) -> NodeLineage:
    """Like ``lineage``, for a node by its unique id. Raises UsageError for a column that it has not."""
    tracer = Tracer(found)
    wanted = (column,) if column is not None else tracer.columns(node)
    if column is not None:
        _check_column(found, node, column)
    elif depth is None:
        depth = 1
    traces = tuple(
        tracer.trace(
            ColumnRef(node, each), upstream=upstream, downstream=downstream, depth=depth, rows=rows
        )
        for each in wanted
    )
    found.cache.save(_WORTH_WRITING)
    return NodeLineage(
        node=node,
        column=traces[0].column.column if column is not None else None,
        columns=traces,
        rows=tracer.rows(node) if upstream else (),
        complete=found.known(node).complete,
        unknown=found.summary(node).unknown,
    )


def known_columns(found: ProjectLineage, node: str) -> tuple[Known, str]:
    """The columns of a node, and why nothing was read when nothing was."""
    known, unknown = found.known(node), found.summary(node).unknown
    found.cache.save(_WORTH_WRITING)
    return known, unknown


def find_column(manifest: Manifest, name: str, *, root: str) -> tuple[Node | Source, str | None]:
    """The node and the column that ``name`` means: a node alone, or a node, a dot and a column.

    Raises UsageError with the nearest names.
    """
    whole = _resource(manifest, name, root)
    if whole is not None:
        return whole, None
    before, dot, column = name.rpartition(".")
    part = _resource(manifest, before, root) if dot else None
    if part is not None and column:
        return part, column
    near = did_you_mean(before or name, _names(manifest))
    raise UsageError(
        f"there is no model, seed, snapshot or source named '{before or name}'",
        code="node-not-found",
        hint=near or "write model, model.column, source.table or source.table.column",
    )


def _resource(manifest: Manifest, name: str, root: str) -> Node | Source | None:
    if name in manifest.sources:
        return manifest.sources[name]
    found = _versions(manifest, name) or nodes_called(manifest, name, root=root)
    if len(found) > 1:
        return find_node(manifest, name, root=root)  # which says so
    if found and found[0].resource_type in _TYPES:
        return found[0]
    source, _, table = name.partition(".")
    return manifest.find_source(source, table, package=root, root=root)


def _versions(manifest: Manifest, name: str) -> list[Node]:
    """What is called ``orders.v2``, if that is one model alone."""
    base, _, version = name.rpartition(".v")
    found = [
        node
        for node in manifest.refable.get(base, ())
        if version and str(getattr(node, "version", None)) == version
    ]
    return found if len(found) == 1 else []


def _names(manifest: Manifest) -> set[str]:
    nodes = {each.name for each in outlines_of(manifest.nodes) if each.resource_type in _TYPES}
    return nodes | {f"{each.source_name}.{each.name}" for each in outlines_of(manifest.sources)}


def _check_column(lineage: ProjectLineage, node: str, column: str) -> None:
    """Raise UsageError for a column that the node is known not to have."""
    known = lineage.known(node)
    wanted = column.lower()
    if wanted in {name.lower() for name in known.columns}:
        return
    if not known.complete:
        return
    raise UsageError(
        f"'{node.split('.', 2)[-1]}' has no column '{column}'",
        code="column-not-found",
        hint=did_you_mean(wanted, (name.lower() for name in known.columns))
        or f"its columns are: {', '.join(known.columns)}",
    )


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a project's column lineage is known."""

    models: int
    """Models and snapshots."""
    columns: int
    known_columns: int
    """Columns without a doubt."""
    incomplete: tuple[str, ...] = ()
    """Models that may have columns that are not known."""
    unknown: dict[str, str] = {}
    """Models of which nothing is known, with the reason."""


def coverage(lineage: ProjectLineage) -> Coverage:
    """Read the lineage of everything and say how much of it is known."""
    summaries = lineage.read_all()
    columns = [column for summary in summaries.values() for column in summary.columns]
    partly = (key for key, each in summaries.items() if not (each.is_complete or each.unknown))
    return Coverage(
        models=len(summaries),
        columns=len(columns),
        known_columns=sum(not column.unsure for column in columns),
        incomplete=tuple(sorted(partly)),
        unknown={key: each.unknown for key, each in sorted(summaries.items()) if each.unknown},
    )
