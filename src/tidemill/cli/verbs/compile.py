"""``compile``: SQL into ``target/compiled``, and onto the screen when one thing was asked for."""

from __future__ import annotations

from tidemill.cli.application import DONE
from tidemill.cli.interrupts import Interrupts
from tidemill.cli.invocation import Executed, Invocation
from tidemill.cli.rendering import answers
from tidemill.cli.rendering.entry import note
from tidemill.cli.rendering.phrases import plural
from tidemill.cli.verbs.build import exit_code
from tidemill.commands.compile import compile_inline, compile_selected
from tidemill.commands.opening import OpenProject
from tidemill.commands.states import defer_inline
from tidemill.engine.compiling.inline import INLINE_NAME
from tidemill.engine.nodes import NodeResult, RunResult
from tidemill.errors import raise_faults
from tidemill.events import Message, SqlExecuted


def run(invocation: Invocation) -> int:
    """Compile the selection, or the inline query. Raises ProjectFaults with all that do not compile."""
    settings = invocation.settings
    with invocation.open_project() as project:
        invocation.parse(project)
        defer_inline(project, invocation.selecting())
        if settings.get("inline") is not None:
            sql = compile_inline(project, settings["inline"])
            _show(invocation, None, sql, INLINE_NAME)
            return DONE
        result = _compile(invocation, project)
        raise_faults(node.fault for node in result.results if node.fault is not None)
    return exit_code(result)


def _compile(invocation: Invocation, project: OpenProject) -> RunResult:
    """Compile without a line for each node: only a live display shows how far it is."""
    with Interrupts() as interrupts:
        compiling = compile_selected(project, invocation.run_options(), cancel=interrupts.stop)
        compiling.before_artifacts(lambda result: _tell(invocation, project, result))
        for event in compiling:
            if isinstance(event, Message | SqlExecuted):
                invocation.tell(event)
            else:
                invocation.outlet.follow(event)
    invocation.answer = Executed(compiling.result, project.manifest)
    return compiling.result


def _tell(invocation: Invocation, project: OpenProject, result: RunResult) -> None:
    """Show the SQL that was asked for, or say how much there is. Of what failed the faults are told in its place."""
    if any(node.fault is not None for node in result.results):
        return
    asked_for = _asked_for(invocation, project, result)
    for name, node in asked_for:
        _show(invocation, name, node.compiled_code or "", node.unique_id)
    compiled = [node for node in result.results if node.compiled_code is not None]
    if compiled and not asked_for:
        what = plural(len(compiled), "node")
        folder = project.config.project.target_path
        invocation.outlet.say(note(f"Compiled {what} into {folder}/compiled"))


def _asked_for(
    invocation: Invocation, project: OpenProject, result: RunResult
) -> list[tuple[str, NodeResult]]:
    """Nodes that the selection calls by their plain name, with that name."""
    words = set(invocation.settings.get("select", ()))
    compiled = [node for node in result.results if node.compiled_code is not None]
    found = [(project.manifest.resource(node.unique_id), node) for node in compiled]
    return [(known.name, node) for known, node in found if known and known.name in words]


def _show(invocation: Invocation, name: str | None, sql: str, unique_id: str) -> None:
    settings = invocation.settings
    entry = answers.compiled(
        name, sql, output=settings["output"], quiet=settings["quiet"], unique_id=unique_id
    )
    invocation.outlet.say(entry)
