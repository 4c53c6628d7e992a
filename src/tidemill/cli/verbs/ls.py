"""``ls``: one line for each resource that a selection means."""

from __future__ import annotations

import msgspec

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import Entry, result
from tidemill.commands.artifacts import Artifacts
from tidemill.commands.ls import ls
from tidemill.commands.selecting import Selecting
from tidemill.errors import UsageError


def run(invocation: Invocation) -> int:
    """List. Nothing found is no failure, as with dbt."""
    settings, outlet = invocation.settings, invocation.outlet
    with invocation.open_project() as project:
        invocation.parse(project)
        lines = ls(
            project,
            _selecting(invocation),
            output=settings["output"],
            keys=settings.get("output_keys", ()),
            explain=settings["explain"],
            emit=invocation.tell,
        )
        invocation.answer = []
        for line in lines:
            invocation.answer.append(line)
            outlet.say(result(line))
        if settings["write_json"]:
            Artifacts(project).write_manifest(started_at=project.config.started_at)
        if not invocation.answer:
            text = "No nodes selected!"
            outlet.say(Entry(name="NoNodesSelected", code="Q038", level="warn", text=text))
    return DONE


def _selecting(invocation: Invocation) -> Selecting:
    """``--models`` is ``--select`` for models alone (dbt's rule for this verb)."""
    models = invocation.settings.get("models")
    if not models:
        return invocation.selecting()
    if invocation.settings.get("resource_types"):
        raise UsageError("--models cannot be combined with --resource-type", hint="use --select")
    return msgspec.structs.replace(
        invocation.selecting(), select=tuple(models), resource_types=("model",)
    )
