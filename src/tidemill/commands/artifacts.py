"""manifest.json and run_results.json of a command, in the project's target folder."""

from __future__ import annotations

from tidemill.commands.opening import OpenProject
from tidemill.engine.artifacts import CompiledPart, write_manifest, write_run_results
from tidemill.engine.nodes import RunResult

MANIFEST = "manifest.json"
RUN_RESULTS = "run_results.json"


class Artifacts:
    """Where the artifacts of a project's commands go."""

    def __init__(self, project: OpenProject) -> None:
        self._project = project

    def write(self, result: RunResult, compiled: dict[str, CompiledPart]) -> None:
        """Write both files. Raises ConfigurationError when the folder cannot be written."""
        self.write_manifest(compiled, result.started_at)
        write_run_results(self._project.config.target_path / RUN_RESULTS, result)

    def write_manifest(
        self, compiled: dict[str, CompiledPart] | None = None, started_at: float | None = None
    ) -> None:
        """Write the manifest alone. Raises ConfigurationError when the folder cannot be written."""
        write_manifest(
            self._project.config.target_path / MANIFEST,
            self._project.manifest,
            compiled=compiled or {},
            started_at=started_at,
        )
