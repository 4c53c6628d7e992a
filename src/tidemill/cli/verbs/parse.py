"""``parse``: read the project and say what is wrong with it."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any

import msgspec

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import Entry, note
from tidemill.cli.rendering.phrases import plural
from tidemill.commands.artifacts import MANIFEST
from tidemill.commands.standing import Asked, again, keep_said

if TYPE_CHECKING:
    from tidemill.commands.opening import OpenProject
    from tidemill.engine.parsing.cached import Reasons

_MOST_SHOWN = 50
_QUIET = ("debug", "info")
_OF_THIS_PARSE = "ParseFinished"
"""The entry that says how long it took."""


def explained(reasons: Reasons) -> Entry:
    """What a parse did, and why, in a line for each reason."""
    if reasons.whole is not None:
        lines = [f"Everything was read anew: {reasons.whole}"]
        changes = [change for change in reasons.changes if change.why != reasons.whole]
    elif reasons.parsed:
        files = plural(len(reasons.parsed), "file")
        lines = [f"Read anew: {files} (and what describes them)"]
        changes = list(reasons.changes)
        named = {change.key[1:] if change.key else change.unit for change in changes}
        lines += [f"  {path}" for package, path in reasons.parsed if (package, path) not in named]
    else:
        lines, changes = ["Nothing was read anew"], list(reasons.changes)
    lines += [f"  {change}" for change in changes[:_MOST_SHOWN]]
    if len(changes) > _MOST_SHOWN:
        lines.append(f"  and {len(changes) - _MOST_SHOWN} more")
    return note("\n".join(lines))


def run(invocation: Invocation) -> int:
    """Parse and write the manifest."""
    settings = invocation.settings
    asked = Asked(
        invocation.root, invocation.arguments(), invocation.invocation_id, invocation.started_at
    )
    short = invocation.alone and settings["write_json"] and settings["partial_parse"]
    if short and _said_again(invocation, asked):
        return DONE
    from tidemill.commands.parse import parse

    if invocation.alone:
        gc.disable()  # the process ends with what it makes now
    said: list[Entry] = []
    invocation.outlet.listeners.append(said.append)
    with invocation.open_project() as project:
        invocation.answer = parse(project, write_json=settings["write_json"])
        if settings["explain"] and project.parsed is not None:
            invocation.outlet.say(explained(project.parsed.reasons))
        if settings["write_json"]:
            path = project.config.target_path / MANIFEST
            shown = path.relative_to(project.root) if path.is_relative_to(project.root) else path
            invocation.outlet.say(
                Entry(
                    name="ArtifactWritten",
                    code="P001",
                    level="info",
                    text=f"Wrote {shown}",
                    data={"artifact_type": "WritableManifest", "artifact_path": str(path)},
                )
            )
        if short and all(entry.level in _QUIET for entry in said):
            keep_said(asked, project, _next_time(said, project))
    return DONE


def _next_time(said: list[Entry], project: OpenProject) -> Any:
    """What a parse says that finds nothing changed since this one, of which this was ``said``."""
    from tidemill.commands.parse_reasons import told
    from tidemill.engine.parsing.cached import Reasons

    assert project.parsed is not None
    now, then = project.parsed.reasons, Reasons()
    anew = {told(now).text: note(told(then).text, "debug"), explained(now).text: explained(then)}
    entries = (anew.get(entry.text, entry) for entry in said if entry.name != _OF_THIS_PARSE)
    return project.config.project.log_path, [msgspec.to_builtins(entry) for entry in entries]


def _said_again(invocation: Invocation, asked: Asked) -> bool:
    """Whether nothing at all has changed, so that there is only to say what was said the last time."""
    log_path, entries = again(asked) or (None, ())
    if log_path is not None:
        invocation.keep_log(log_path)
        invocation.outlet.say(*(Entry(**{**entry, "at": time.time()}) for entry in entries))
    return log_path is not None
