"""``compile``: SQL into ``target/compiled``, and onto the screen when one thing was asked for."""

from __future__ import annotations

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering import answers
from tidemill.cli.verbs.build import exit_code, follow
from tidemill.commands.compile import compile_inline, compile_selected
from tidemill.commands.opening import OpenProject
from tidemill.engine.compiling.inline import INLINE_NAME
from tidemill.engine.nodes import NodeResult, RunResult


def run(invocation: Invocation) -> int:
    """Compile the selection, or the inline query."""
    settings = invocation.settings
    with invocation.open_project() as project:
        invocation.parse(project)
        if settings.get("inline") is not None:
            sql = compile_inline(project, settings["inline"])
            _show(invocation, None, sql, INLINE_NAME)
            return DONE
        result = follow(invocation, project, compile_selected)
        for node in _asked_for(invocation, project, result):
            name = project.manifest.nodes[node.unique_id].name
            _show(invocation, name, node.compiled_code or "", node.unique_id)
    return exit_code(result)


def _asked_for(invocation: Invocation, project: OpenProject, result: RunResult) -> list[NodeResult]:
    """Nodes that the selection calls by their plain name."""
    words = set(invocation.settings.get("select", ()))
    nodes = project.manifest.nodes
    return [
        node
        for node in result.results
        if node.compiled_code is not None and nodes[node.unique_id].name in words
    ]


def _show(invocation: Invocation, name: str | None, sql: str, unique_id: str) -> None:
    settings = invocation.settings
    entry = answers.compiled(
        name, sql, output=settings["output"], quiet=settings["quiet"], unique_id=unique_id
    )
    invocation.outlet.say(entry)
