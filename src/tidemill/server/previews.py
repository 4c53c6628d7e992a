"""A node's SQL, and rows to look at: of what was built, or of the query where nothing is built."""

from __future__ import annotations

from tidemill.adapters.base import QueryResult
from tidemill.engine.compiling.compiler import Compiler
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Node, Resource, Source
from tidemill.engine.running.showing import find_relation, relation_of
from tidemill.errors import DatabaseError, UsageError
from tidemill.server.cells import safe_rows
from tidemill.server.describing import find_resource
from tidemill.server.reading import Reading
from tidemill.server.values import RowColumn, Rows

_BUILT = frozenset({"model", "seed", "snapshot"})


def compiled_sql(reading: Reading, node_id: str) -> str:
    """The node's SQL as the warehouse would get it; connects only if its template asks something.

    Raises UsageError for what has no SQL, CompilationError and DatabaseError.
    """
    manifest = reading.sound()
    node = find_resource(manifest, node_id)
    if not isinstance(node, Node) or node.resource_type == "seed":
        raise UsageError(f"A {node.resource_type} has no SQL", code="no-sql", node=node_id)
    compiler = Compiler(_host(reading, "compile"), manifest)
    with reading.warehouse.preview() as connect:
        return compiler.compile(node, connect).code


def preview_rows(reading: Reading, node_id: str, limit: int) -> Rows:
    """The first ``limit`` rows of what was built or loaded.

    For what has no relation of its own (ephemeral models, tests, analyses) those of its query.
    Raises DatabaseError ``not-built``, UsageError for what has no rows, CompilationError.
    """
    resource = find_resource(reading.sound(), node_id)
    host = _host(reading, "show")
    if isinstance(resource, Source) or _is_built(resource):
        result = _built_rows(reading, host, resource, limit)
    elif isinstance(resource, Node) and resource.resource_type != "operation":
        result = _query_rows(reading, host, resource, limit)
    else:
        raise UsageError(f"A {resource.resource_type} has no rows", code="no-rows", node=node_id)
    columns = zip(result.columns, result.types, strict=True)
    return Rows(
        columns=tuple(RowColumn(name=name, type=kind) for name, kind in columns),
        rows=safe_rows(result.rows[:limit]),
        truncated=len(result.rows) > limit,
    )


def _host(reading: Reading, command: str) -> MacroHost:
    """Macros that know nothing yet of what is in the warehouse: others may have built since."""
    return reading.project.host(reading.project.config_for({"which": command}))


def _is_built(resource: Resource) -> bool:
    return resource.resource_type in _BUILT and not getattr(resource, "is_ephemeral", False)


def _built_rows(reading: Reading, host: MacroHost, resource: Resource, limit: int) -> QueryResult:
    assert isinstance(resource, Node | Source)
    relation = relation_of(resource, host)
    query = f"select * from {relation} limit {limit + 1}"
    with reading.warehouse.preview() as connect:
        try:
            return connect().execute(query, fetch=True)
        except DatabaseError as error:
            # Data outside the database (a file, say) is not among its relations.
            outside = getattr(relation, "external", None) is not None
            if outside or find_relation(resource, host, connect()) is not None:
                raise error.located(node=resource.unique_id) from None
            raise _not_built(resource) from None


def _query_rows(reading: Reading, host: MacroHost, node: Node, limit: int) -> QueryResult:
    with reading.warehouse.preview() as connect:
        sql = Compiler(host, reading.sound()).compile(node, connect).code
        query = f"select * from (\n{sql.rstrip().rstrip(';')}\n) as preview limit {limit + 1}"
        try:
            return connect().execute(query, fetch=True)
        except DatabaseError as error:
            raise error.located(node=node.unique_id) from None


def _not_built(resource: Node | Source) -> DatabaseError:
    if isinstance(resource, Source):
        return DatabaseError(
            f"{resource.relation_name} is not in the warehouse",
            code="not-built",
            node=resource.unique_id,
            hint="a source is loaded by others: check its database, schema and identifier",
        )
    return DatabaseError(
        f"{resource.relation_name} has not been built yet",
        code="not-built",
        node=resource.unique_id,
        hint=f"build it: tidemill build --select {resource.name}",
    )
