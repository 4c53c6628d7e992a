"""Rows to look at: of a node's SQL (``show``), or of what was built. Nothing is changed in the warehouse."""

from __future__ import annotations

import msgspec

from tidemill.adapters.base import Connection, QueryResult
from tidemill.adapters.relation import Relation
from tidemill.engine.compiling.compiler import Compiled, Compiler, Emit
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.relations import node_relation, source_relation
from tidemill.engine.nodes import Manifest, Node, Seed, Source
from tidemill.engine.running.connections import Connections
from tidemill.engine.running.seed_files import load_seed
from tidemill.engine.running.sql_places import place_in_project
from tidemill.errors import ExecutionError, TidemillError


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows, and the query that gave them."""

    unique_id: str
    name: str
    sql: str
    result: QueryResult
    """With ``columns``, ``types`` and ``rows``."""
    asked: str = ""
    """The statement that ran: the query with its limit."""


def show(
    node: Node,
    host: MacroHost,
    manifest: Manifest,
    *,
    limit: int | None = 5,
    emit: Emit | None = None,
) -> Shown:
    """Compile ``node``, run its query and return the first rows; None or a negative ``limit`` means all.

    A seed is read from its file. Works for ephemeral models too. Raises CompilationError or DatabaseError, placed in
    the node's file where possible.
    """
    wanted = None if limit is None or limit < 0 else limit
    if isinstance(node, Seed):
        return _show_seed(node, host, wanted)
    compiled: Compiled | None = None
    sql = ""
    with Connections(host.adapter).named(node.unique_id) as connect:
        try:
            compiled = Compiler(host, manifest).compile(node, connect, emit)
            sql = _limited(compiled, node, host, manifest, wanted)
            result = connect().execute(sql, fetch=True)
        except TidemillError as error:
            raise _placed(error, sql, node, compiled) from error
    return Shown(
        unique_id=node.unique_id, name=node.name, sql=compiled.code, result=result, asked=sql
    )


def relation_of(resource: Node | Source, host: MacroHost) -> Relation:
    """The relation that a node builds, or that a source names."""
    if isinstance(resource, Source):
        return source_relation(host.adapter, resource, host.quoting)
    return node_relation(host.adapter, resource, host.quoting)


def find_relation(
    resource: Node | Source, host: MacroHost, connection: Connection
) -> Relation | None:
    """The relation as it exists in the warehouse now, or None when it has not been built."""
    relation = relation_of(resource, host)
    existing = host.adapter.list_relations(connection, relation.database, str(relation.schema))
    name = str(relation.identifier).lower()
    return next((r for r in existing if str(r.identifier).lower() == name), None)


def show_built(resource: Node | Source, host: MacroHost, *, limit: int = 100) -> Shown:
    """The first rows of what was built (or loaded, for a source).

    Raises ExecutionError with the code ``not-built`` when the relation does not exist.
    """
    with Connections(host.adapter).named(resource.unique_id) as connect:
        if find_relation(resource, host, connect()) is None:
            raise ExecutionError(
                f"{relation_of(resource, host)} has not been built yet",
                code="not-built",
                node=resource.unique_id,
                hint=f"build it first: tidemill build -s {resource.name}",
            )
        sql = f"select * from {relation_of(resource, host)}"
        result = connect().execute(f"{sql} limit {limit}", fetch=True)
    return Shown(unique_id=resource.unique_id, name=resource.name, sql=sql, result=result)


def _limited(
    compiled: Compiled, node: Node, host: MacroHost, manifest: Manifest, limit: int | None
) -> str:
    """The query with its limit, by dbt's macro, which adapters and projects may override."""
    names = {"sql": compiled.code, "compiled_code": compiled.code}
    session = host.session(node, manifest, phase="run", extra=names)
    header = node.config.get("sql_header")
    text: str = session.call("get_show_sql", compiled.code, header, limit)
    return text


def _show_seed(seed: Seed, host: MacroHost, limit: int | None) -> Shown:
    table = load_seed(seed, host.config.root)
    types = [
        host.adapter.convert_type([t], n)
        for t, n in zip(table.column_types, table.column_names, strict=True)
    ]
    result = QueryResult(
        columns=table.column_names,
        types=tuple(types),
        rows=[tuple(row) for row in table.rows[:limit]],
    )
    return Shown(unique_id=seed.unique_id, name=seed.name, sql="", result=result)


def _placed(error: TidemillError, sql: str, node: Node, compiled: Compiled | None) -> TidemillError:
    fault = error.located(node=node.unique_id).fault
    place = place_in_project(fault.place, sql, node, compiled)
    error.fault = msgspec.structs.replace(fault, place=place)
    return error
