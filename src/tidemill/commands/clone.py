"""``clone``: make the relations of another state appear under the names of this target."""

from __future__ import annotations

import threading

from tidemill.commands.command_run import Run
from tidemill.commands.opening import OpenProject
from tidemill.commands.running_nodes import RunOptions, run_nodes


def clone(
    project: OpenProject,
    options: RunOptions | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Run:
    """Clone what the state in ``options.state`` built: as tables where the warehouse can, else as views on them.

    What exists already stays, unless ``options.full_refresh``. The events come when the run is iterated.

    Setting ``cancel`` from any thread ends it soon and in order. Iterating raises UsageError without a state.
    """
    return run_nodes(project, "clone", options, cancel=cancel)
