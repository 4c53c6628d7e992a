"""``run-operation``: call a macro, with what it prints and logs."""

from __future__ import annotations

from tidemill.cli.application import DONE, FAILED, IMPOSSIBLE
from tidemill.cli.interrupts import Interrupts
from tidemill.cli.invocation import Executed, Invocation
from tidemill.cli.output.opening import wants_statements
from tidemill.cli.rendering.entry import Entry
from tidemill.commands.run_operation import run_operation
from tidemill.errors import render_fault
from tidemill.events import AnyEvent, FaultFound


def run(invocation: Invocation) -> int:
    """Call the macro. One that fails ends with 1, one that does not exist with 2."""
    settings = invocation.settings
    with invocation.open_project() as project, Interrupts() as interrupts:
        invocation.parse(project)
        operation = run_operation(
            project,
            settings["macro"],
            settings.get("args") or {},
            write_json=settings["write_json"],
            statements=wants_statements(settings),
            cancel=interrupts.stop,
        )
        for event in operation:
            _tell(invocation, event)
        invocation.answer = Executed(operation.result, project.manifest)
    if operation.result.cancelled:
        return IMPOSSIBLE
    return DONE if operation.result.success else FAILED


def _tell(invocation: Invocation, event: AnyEvent) -> None:
    if not isinstance(event, FaultFound):
        invocation.tell(event)
        return
    text = render_fault(event.fault)
    invocation.outlet.say(
        Entry(
            name="RunningOperationCaughtError",
            code="Q001",
            level="error",
            text=f"Encountered an error while running operation: {text}",
            data={"exc": text},
            at=event.at,
        )
    )
