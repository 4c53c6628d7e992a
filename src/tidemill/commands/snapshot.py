"""``snapshot``: keep the history of tables."""

from __future__ import annotations

import threading

from tidemill.commands.command_run import Run
from tidemill.commands.opening import OpenProject
from tidemill.commands.running_nodes import RunOptions, run_nodes


def snapshot(
    project: OpenProject,
    options: RunOptions | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Run:
    """Run the selected snapshots. The events come when the run is iterated.

    Setting ``cancel`` from any thread ends it soon and in order.
    """
    return run_nodes(project, "snapshot", options, cancel=cancel)
