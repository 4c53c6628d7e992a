"""``deps``: install the packages that the project asks for."""

from __future__ import annotations

from tidemill.cli.application import DONE
from tidemill.cli.invocation import Invocation
from tidemill.commands.deps import DepsOptions, deps


def run(invocation: Invocation) -> int:
    """Install, telling each step."""
    settings = invocation.settings
    options = DepsOptions(
        upgrade=settings["upgrade"],
        lock=settings["lock"],
        add_package=settings.get("add_package"),
        source=settings["source"],
    )
    with invocation.open_project(require_profile=False, require_packages=False) as project:
        for message in deps(project, options):
            invocation.tell(message)
    return DONE
