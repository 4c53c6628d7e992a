"""Asks the warehouse what is in the schemas of a project, through dbt's macro ``get_catalog``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tidemill.engine.artifacts.catalog import Catalog, make_catalog
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.relations import node_relation, source_relation
from tidemill.engine.jinja.tables import ResultTable
from tidemill.engine.nodes import Manifest
from tidemill.engine.running.connections import Connections
from tidemill.errors import CompilationError, TidemillError, render_fault
from tidemill.events import Event

_MOST_RELATIONS = 100
"""With more of them dbt asks for whole schemas."""


def read_catalog(
    host: MacroHost,
    manifest: Manifest,
    selected: frozenset[str] | None = None,
    *,
    emit: Callable[[Event], None] | None = None,
) -> Catalog:
    """The catalog of all nodes and sources that become relations, or of the ``selected`` ones.

    What goes wrong in one database does not keep the others from being read: it is among ``errors``.
    ``host`` must have an open adapter.
    """
    rows: list[dict[str, Any]] = []
    errors: list[str] = []
    for relations in _places(host, manifest, selected):
        try:
            rows += _ask(host, manifest, relations, emit)
        except TidemillError as error:
            errors += [render_fault(fault) for fault in error.faults]
    catalog = make_catalog(rows, manifest, selected)
    return Catalog(nodes=catalog.nodes, sources=catalog.sources, errors=tuple(errors))


def _places(
    host: MacroHost, manifest: Manifest, selected: frozenset[str] | None
) -> list[list[Any]]:
    """The relations of the project, those of one database together."""
    found: dict[str, list[Any]] = {}
    for relation in _relations(host, manifest, selected):
        found.setdefault((relation.database or "").lower(), []).append(relation)
    return list(found.values())


def _relations(
    host: MacroHost, manifest: Manifest, selected: frozenset[str] | None
) -> Iterator[Any]:
    """What the catalog is about: the selection only where relations are asked for one by one."""
    wanted = selected if host.adapter.catalog_by_relations else None
    for node in manifest.nodes.values():
        if node.is_relational and not node.is_ephemeral and _is_in(wanted, node.unique_id):
            yield node_relation(host.adapter, node, host.quoting)
    for source in manifest.sources.values():
        if _is_in(wanted, source.unique_id):
            yield source_relation(host.adapter, source, host.quoting)


def _is_in(wanted: frozenset[str] | None, key: str) -> bool:
    return wanted is None or key in wanted


def _ask(
    host: MacroHost,
    manifest: Manifest,
    relations: list[Any],
    emit: Callable[[Event], None] | None,
) -> Iterator[dict[str, Any]]:
    with Connections(host.adapter).named("generate_catalog") as connect:
        session = host.session(None, manifest, phase="run", connection=connect, emit=emit)
        place = relations[0].information_schema_only()
        schemas = [*dict.fromkeys(r.schema.lower() for r in relations if r.schema is not None)]
        rows = host.adapter.catalog(session, place, schemas)
        if rows is not None:
            yield from rows
            return
        if host.adapter.catalog_by_relations and len(relations) <= _MOST_RELATIONS:
            table = session.call("get_catalog_relations", place, relations)
        else:
            table = session.call("get_catalog", place, schemas)
        if not isinstance(table, ResultTable):
            raise CompilationError("the macro get_catalog gives no table", code="catalog")
        names = [name.lower() for name in table.column_names]
        for row in table.rows:
            yield dict(zip(names, row, strict=True))
