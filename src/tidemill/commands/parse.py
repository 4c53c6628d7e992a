"""``parse``: read the project, report everything that is wrong with it, write manifest.json."""

from __future__ import annotations

from tidemill.commands.artifacts import Artifacts
from tidemill.commands.opening import OpenProject
from tidemill.engine.nodes import Manifest


def parse(project: OpenProject, *, write_json: bool = True) -> Manifest:
    """Read the project's files anew. Nothing is sent to the warehouse.

    Raises ProjectFaults with all that is wrong, and ConfigurationError when the manifest cannot be written.
    """
    manifest = project.parse()
    if write_json:
        Artifacts(project).write_manifest(started_at=project.config.started_at)
    return manifest
