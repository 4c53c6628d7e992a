"""``clean``: delete the folders that the project names as clean-targets."""

from __future__ import annotations

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import Entry
from tidemill.commands.clean import clean
from tidemill.engine.project.config import ProjectConfig
from tidemill.errors import Fault, Place

_OLD_INSTALL_PATH = "dbt_modules"


def run(invocation: Invocation) -> int:
    """Delete, saying what."""
    outlet = invocation.outlet
    with invocation.open_project(require_profile=False, require_packages=False) as project:
        invocation.warn(*_old_install_path(project.config.project))
        only_inside = invocation.settings["clean_project_files_only"]
        for folder in clean(project.config.project, project_only=only_inside):
            text, data = f"Cleaned {folder}/*", {"path": str(folder)}
            outlet.say(
                Entry(name="ConfirmCleanPath", code="Z013", level="info", text=text, data=data)
            )
    text = "Finished cleaning all paths."
    outlet.say(Entry(name="FinishedCleanPaths", code="Z015", level="info", text=text))
    return DONE


def _old_install_path(project: ProjectConfig) -> list[Fault]:
    """dbt's warning for projects that clean the folder in which packages once were."""
    cleaned = project.clean_targets
    if _OLD_INSTALL_PATH not in cleaned or project.packages_install_path in cleaned:
        return []
    return [
        Fault(
            code="deprecated-install-path",
            label="Warning",
            message="The default package install path has changed from `dbt_modules` to `dbt_packages`.",
            place=Place(file="dbt_project.yml"),
            hint="name the new folder in clean-targets, or keep the old one: packages-install-path: "
            "dbt_modules",
        )
    ]
