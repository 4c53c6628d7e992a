"""Rows as Arrow tables: of what was built, and of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidemill.commands.compile import compile_node
from tidemill.commands.opening import OpenProject
from tidemill.engine.nodes import Node, Source
from tidemill.engine.running.showing import find_relation, relation_of
from tidemill.errors import ExecutionError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa


def relation_table(project: OpenProject, resource: Node | Source, limit: int | None) -> pa.Table:
    """All rows, or the first ``limit``, of what was built. An ephemeral model's query is run instead.

    Raises ExecutionError ``not-built``, and UsageError for what never has rows of its own.
    """
    if isinstance(resource, Node) and resource.is_ephemeral:
        return query_table(project, compile_node(project, resource).code, limit)
    if isinstance(resource, Node) and not resource.is_relational:
        raise UsageError(
            f"'{resource.name}' is of type {resource.resource_type} and has no table",
            code="no-relation",
        )
    host = project.host()
    with project.connection(resource.unique_id) as connection:
        if find_relation(resource, host, connection) is None:
            raise ExecutionError(
                f"{relation_of(resource, host)} has not been built yet",
                code="not-built",
                node=resource.unique_id,
                hint=f"project.build('{resource.name}').finish()",
            )
    return query_table(project, f"select * from {relation_of(resource, host)}", limit)


def query_table(project: OpenProject, sql: str, limit: int | None) -> pa.Table:
    """The rows of a query. Raises DatabaseError, and ConfigurationError without pyarrow."""
    with project.connection("query") as connection:
        return connection.arrow(sql, limit=limit)
