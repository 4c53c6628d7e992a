"""``build``: load seeds, build models and run tests in the order of the graph, skipping what stands behind a failure."""

from __future__ import annotations

import threading

from tidemill.commands.command_run import Run
from tidemill.commands.opening import OpenProject
from tidemill.commands.running_nodes import RunOptions, run_nodes


def build(
    project: OpenProject,
    options: RunOptions | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Run:
    """Load seeds, build models and run tests in the order of the graph, skipping what stands behind a failure. The events come when the run is iterated.

    Setting ``cancel`` from any thread ends it soon and in order.
    """
    return run_nodes(project, "build", options, cancel=cancel)
