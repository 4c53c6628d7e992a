"""``test``: run data tests."""

from __future__ import annotations

import threading

from tidemill.commands.command_run import Run
from tidemill.commands.opening import OpenProject
from tidemill.commands.running_nodes import RunOptions, run_nodes


def test(
    project: OpenProject,
    options: RunOptions | None = None,  # noqa: PT028 - a verb of dbt, not a test of ours
    *,
    cancel: threading.Event | None = None,  # noqa: PT028
) -> Run:
    """Run data tests. The events come when the run is iterated.

    Setting ``cancel`` from any thread ends it soon and in order.
    """
    return run_nodes(project, "test", options, cancel=cancel)
