"""``show``: the first rows of a node or a query, compiled and run with a limit; nothing is created."""

from __future__ import annotations

from tidemill.commands.opening import OpenProject
from tidemill.engine.compiling.inline import INLINE_NAME, inline_node
from tidemill.engine.nodes import Node, Source
from tidemill.engine.running import showing
from tidemill.engine.running.showing import Shown
from tidemill.errors import UsageError

DEFAULT_LIMIT = 5


def show_node(project: OpenProject, node: Node, limit: int | None = DEFAULT_LIMIT) -> Shown:
    """Rows of the node's query, or of a seed's file. ``limit`` None gives all.

    Raises CompilationError or DatabaseError.
    """
    return showing.show(node, project.host(), project.manifest, limit=limit, emit=project.emit)


def show_inline(project: OpenProject, query: str, limit: int | None = DEFAULT_LIMIT) -> Shown:
    """Rows of a query with Jinja. Raises like ``show_node``, and ParsingError for an empty query."""
    host = project.host()
    node = inline_node(query, host, project.manifest)
    return showing.show(node, host, project.manifest, limit=limit, emit=project.emit)


def show_direct(project: OpenProject, sql: str, limit: int | None = DEFAULT_LIMIT) -> Shown:
    """Rows of a query as it is: no Jinja, and the project need not be parsed. Raises DatabaseError."""
    with project.connection("show") as connection:
        result = connection.execute(sql, fetch=True, limit=limit)
    return Shown(unique_id=INLINE_NAME, name=INLINE_NAME, sql=sql, result=result)


def show_built(project: OpenProject, resource: Node | Source, limit: int = 100) -> Shown:
    """The first rows of what was built, or loaded for a source.

    Raises ExecutionError ``not-built`` when there is nothing yet, and UsageError for what never is.
    """
    if isinstance(resource, Node) and (resource.is_ephemeral or not resource.is_relational):
        raise UsageError(
            f"'{resource.name}' has no table of its own: it is {_what(resource)}",
            code="no-relation",
            hint="show runs its query instead",
        )
    return showing.show_built(resource, project.host(), limit=limit)


def _what(node: Node) -> str:
    return "ephemeral" if node.is_ephemeral else f"of type {node.resource_type}"
