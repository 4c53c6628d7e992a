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
    for relation, schemas in _places(host, manifest):
        try:
            rows += _ask(host, manifest, relation, schemas, emit)
        except TidemillError as error:
            errors += [render_fault(fault) for fault in error.faults]
    catalog = make_catalog(rows, manifest, selected)
    return Catalog(nodes=catalog.nodes, sources=catalog.sources, errors=tuple(errors))


def _places(host: MacroHost, manifest: Manifest) -> Iterator[tuple[Any, list[str]]]:
    """A relation of each database, with the schemas of the project in it."""
    found: dict[str, tuple[Any, dict[str, None]]] = {}
    for relation in _relations(host, manifest):
        name = (relation.database or "").lower()
        _, schemas = found.setdefault(name, (relation, {}))
        if relation.schema is not None:
            schemas.setdefault(relation.schema.lower())
    for relation, schemas in found.values():
        yield relation, list(schemas)


def _relations(host: MacroHost, manifest: Manifest) -> Iterator[Any]:
    for node in manifest.nodes.values():
        if node.is_relational and not node.is_ephemeral:
            yield node_relation(host.adapter, node, host.quoting)
    for source in manifest.sources.values():
        yield source_relation(host.adapter, source)


def _ask(
    host: MacroHost,
    manifest: Manifest,
    relation: Any,
    schemas: list[str],
    emit: Callable[[Event], None] | None,
) -> Iterator[dict[str, Any]]:
    with Connections(host.adapter).named("generate_catalog") as connect:
        session = host.session(None, manifest, phase="run", connection=connect, emit=emit)
        table = session.call("get_catalog", relation.information_schema_only(), schemas)
        if not isinstance(table, ResultTable):
            raise CompilationError("the macro get_catalog gives no table", code="catalog")
        names = [name.lower() for name in table.column_names]
        for row in table.rows:
            yield dict(zip(names, row, strict=True))
