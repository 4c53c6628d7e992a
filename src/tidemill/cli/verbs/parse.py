"""``parse``: read the project and say what is wrong with it."""

from __future__ import annotations

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import Entry
from tidemill.commands.artifacts import MANIFEST
from tidemill.commands.parse import parse


def run(invocation: Invocation) -> int:
    """Parse and write the manifest."""
    settings = invocation.settings
    with invocation.open_project() as project:
        invocation.answer = parse(project, write_json=settings["write_json"])
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
