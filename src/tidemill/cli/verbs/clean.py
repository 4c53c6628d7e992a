"""``clean``: delete the folders that the project names as clean-targets."""

from __future__ import annotations

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import Entry
from tidemill.commands.clean import clean


def run(invocation: Invocation) -> int:
    """Delete, saying what."""
    outlet = invocation.outlet
    with invocation.open_project(require_profile=False, require_packages=False) as project:
        only_inside = invocation.settings["clean_project_files_only"]
        for folder in clean(project.config.project, project_only=only_inside):
            text, data = f"Cleaned {folder}/*", {"path": str(folder)}
            outlet.say(
                Entry(name="ConfirmCleanPath", code="Z013", level="info", text=text, data=data)
            )
    text = "Finished cleaning all paths."
    outlet.say(Entry(name="FinishedCleanPaths", code="Z015", level="info", text=text))
    return DONE
