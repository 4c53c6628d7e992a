"""``compile``: nodes to SQL, all that a selection means or a single one."""

from __future__ import annotations

import threading

from tidemill.commands.command_run import Run
from tidemill.commands.opening import OpenProject
from tidemill.commands.running_nodes import RunOptions, run_nodes
from tidemill.engine.compiling.compiler import Compiled, Compiler
from tidemill.engine.compiling.inline import inline_node
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Node
from tidemill.engine.running.connections import Connections


def compile_selected(
    project: OpenProject,
    options: RunOptions | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Run:
    """Compile what the options select into ``target/compiled``; the run's events tell of it."""
    return run_nodes(project, "compile", options, cancel=cancel)


def compile_node(project: OpenProject, node: Node, host: MacroHost | None = None) -> Compiled:
    """The SQL of one node, as the warehouse would get it. Nothing is written.

    Connects only where a template asks the warehouse something.
    Raises CompilationError, or DatabaseError where a query of the template fails.
    """
    used = host or project.host()
    connections = Connections(project.adapter, allowed=used.flags.INTROSPECT)
    with connections.named(node.unique_id) as connect:
        return Compiler(used, project.manifest).compile(node, connect, project.emit)


def compile_inline(project: OpenProject, sql: str) -> str:
    """The SQL of a query with Jinja. Raises like ``compile_node``, and ParsingError for an empty query."""
    host = project.host()
    return compile_node(project, inline_node(sql, host, project.manifest), host).code
