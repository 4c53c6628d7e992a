"""``build``, ``run``, ``test``, ``seed`` and ``snapshot``: verbs that execute nodes and differ in which."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tidemill.cli.application import DONE, FAILED, IMPOSSIBLE
from tidemill.cli.garbage import collected_rarely
from tidemill.cli.interrupts import Interrupts
from tidemill.cli.invocation import Executed, Invocation
from tidemill.cli.rendering.entry import Entry, blank
from tidemill.cli.rendering.rows import text_table
from tidemill.commands.build import build
from tidemill.commands.clone import clone
from tidemill.commands.command_run import Run
from tidemill.commands.opening import OpenProject
from tidemill.commands.run import run as run_models
from tidemill.commands.seed import seed
from tidemill.commands.show import show_built
from tidemill.commands.snapshot import snapshot
from tidemill.commands.test import test
from tidemill.engine.nodes import RunResult

SAMPLE_ROWS = 10

_COMMANDS: Mapping[str, Callable[..., Run]] = {
    "build": build,
    "run": run_models,
    "test": test,
    "seed": seed,
    "snapshot": snapshot,
    "clone": clone,
}


def run(invocation: Invocation) -> int:
    """Execute the selected nodes and show what happens."""
    with invocation.open_project() as project:
        invocation.parse(project)
        result = follow(invocation, project, _COMMANDS[invocation.verb])
        if invocation.settings.get("show"):
            _show_seeds(invocation, project, result)
    return exit_code(result)


def follow(invocation: Invocation, project: OpenProject, command: Callable[..., Run]) -> RunResult:
    """Run ``command`` with the invocation's options, telling every event. Ctrl-C stops it in order."""
    with collected_rarely(), Interrupts() as interrupts:
        command_run = command(project, invocation.run_options(), cancel=interrupts.stop)
        for event in command_run:
            invocation.tell(event)
    invocation.answer = Executed(command_run.result, project.manifest)
    return command_run.result


def exit_code(result: RunResult) -> int:
    """dbt's: 0 all well, 1 something failed, 2 stopped by the user."""
    if result.cancelled:
        return IMPOSSIBLE
    return DONE if result.success else FAILED


def _show_seeds(invocation: Invocation, project: OpenProject, result: RunResult) -> None:
    for node_result in result.results:
        node = project.manifest.nodes.get(node_result.unique_id)
        if node is None or node.resource_type != "seed" or node_result.status != "success":
            continue
        shown = show_built(project, node, SAMPLE_ROWS)
        header = f"Sample of table: {node.schema}.{node.alias}"
        table = text_table(shown.result.columns, shown.result.rows)
        invocation.outlet.say(
            blank(),
            Entry(
                name="SeedHeader", code="Q004", level="info", text=header, data={"header": header}
            ),
            Entry(name="PrintEvent", code="Z052", level="info", text=table, result=True),
        )
