"""manifest.json and run_results.json of a command, in the project's target folder."""

from __future__ import annotations

from tidemill.commands.opening import OpenProject
from tidemill.engine.artifacts import CompiledPart, write_manifest, write_run_results
from tidemill.engine.nodes import RunResult
from tidemill.events import NodeFinished

MANIFEST = "manifest.json"
RUN_RESULTS = "run_results.json"


class Artifacts:
    """Gathers what a run adds to the manifest, and writes both files."""

    def __init__(self, project: OpenProject) -> None:
        self._project = project
        self._paths: dict[str, str] = {}

    def note(self, event: NodeFinished) -> None:
        """Remember where the compiled SQL of a node was written."""
        if event.compiled_path:
            self._paths[event.unique_id] = event.compiled_path

    def write(self, result: RunResult) -> None:
        """Write both files. Raises ConfigurationError when the folder cannot be written."""
        compiled = {
            node.unique_id: CompiledPart(
                code=node.compiled_code, path=self._paths.get(node.unique_id)
            )
            for node in result.results
            if node.compiled_code is not None
        }
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
