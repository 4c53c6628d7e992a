"""manifest.json, run_results.json and their small companions, of a command, in the project's target folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidemill.commands.opening import OpenProject
    from tidemill.engine.artifacts import CompiledPart
    from tidemill.engine.graph import Dag
    from tidemill.engine.nodes import RunResult

MANIFEST = "manifest.json"
RUN_RESULTS = "run_results.json"
SEMANTIC_MANIFEST = "semantic_manifest.json"
GRAPH_SUMMARY = "graph_summary.json"


class Artifacts:
    """Where the artifacts of a project's commands go."""

    def __init__(self, project: OpenProject) -> None:
        self._project = project
        self.tested: Dag | None = None
        """The graph with the edges that make a build wait for tests, once it is known."""

    def write(self, result: RunResult, compiled: dict[str, CompiledPart]) -> None:
        """Write manifest and results. Raises ConfigurationError when the folder cannot be written."""
        from tidemill.engine.artifacts.run_results import write_run_results

        self.write_manifest(compiled, result.started_at)
        self.write_graph_summary(result.command, result.run_id)
        write_run_results(self._project.config.target_path / RUN_RESULTS, self._counted(result))

    def _counted(self, result: RunResult) -> RunResult:
        """Without ephemeral models, unless somebody selected them to be compiled: dbt gives them no result."""
        import msgspec

        if result.command == "compile" and result.arguments.get("select"):
            return result
        nodes = self._project.manifest.nodes
        kept = tuple(
            each
            for each in result.results
            if each.unique_id not in nodes or not nodes[each.unique_id].is_ephemeral
        )
        return msgspec.structs.replace(result, results=kept)

    def write_manifest(
        self, compiled: dict[str, CompiledPart] | None = None, started_at: float | None = None
    ) -> None:
        """Write the manifest and the semantic one. Raises ConfigurationError when it cannot be written."""
        from tidemill.engine.artifacts.manifest import write_manifest
        from tidemill.engine.artifacts.semantic_manifest import write_semantic_manifest

        write_manifest(
            self._project.config.target_path / MANIFEST,
            self._project.manifest,
            compiled=compiled or {},
            started_at=started_at,
        )
        write_semantic_manifest(
            self._project.config.target_path / SEMANTIC_MANIFEST, self._project.manifest
        )

    def write_graph_summary(self, command: str, invocation_id: str) -> None:
        """Write the graph in short. Raises ConfigurationError when it cannot be written."""
        from tidemill.engine.artifacts.graph_summary import write_graph_summary

        write_graph_summary(
            self._project.config.target_path / GRAPH_SUMMARY,
            self._project.manifest,
            invocation_id,
            self.tested if command == "build" else None,
        )
