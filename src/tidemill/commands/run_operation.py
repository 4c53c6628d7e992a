"""``run-operation``: call a macro of the project."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from tidemill.commands.artifacts import Artifacts
from tidemill.commands.command_run import Prepared, Run
from tidemill.commands.opening import OpenProject
from tidemill.engine.running import operations


def run_operation(
    project: OpenProject,
    macro: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    write_json: bool = True,
    statements: bool = False,
    cancel: threading.Event | None = None,
) -> Run:
    """Call ``macro`` (or ``package.macro``) with ``arguments`` by name, when the run is iterated.

    What the macro raises is told as a fault and makes the run fail. Iterating raises CompilationError when
    there is no such macro.
    """
    config = project.config_for({"which": operations.COMMAND, "macro": macro})

    def prepare(stop: threading.Event) -> Prepared:
        host, manifest = project.host(config), project.manifest
        work = operations.run_operation(
            macro, arguments or {}, host, manifest, cancel=stop, debug=statements
        )
        return Prepared(work)

    artifacts = Artifacts(project) if write_json else None
    return Run(project, config, prepare, cancel=cancel, artifacts=artifacts)
