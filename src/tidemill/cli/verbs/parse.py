"""``parse``: read the project and say what is wrong with it."""

from __future__ import annotations

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import Entry, note
from tidemill.cli.rendering.phrases import plural
from tidemill.commands.artifacts import MANIFEST
from tidemill.commands.parse import parse
from tidemill.engine.parsing.cached import Reasons

_MOST_SHOWN = 50


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
    with invocation.open_project() as project:
        invocation.answer = parse(project, write_json=settings["write_json"])
        if settings["explain"] and project.reasons is not None:
            invocation.outlet.say(explained(project.reasons))
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
    return DONE
