"""``source freshness``: ask how fresh the selected sources are, and write sources.json."""

from __future__ import annotations

import threading
from pathlib import Path

from tidemill.commands.artifacts import Artifacts
from tidemill.commands.command_run import Prepared, Run
from tidemill.commands.opening import OpenProject
from tidemill.commands.running_nodes import RunOptions
from tidemill.commands.selecting import select_ids
from tidemill.engine.artifacts import CompiledPart, write_sources
from tidemill.engine.nodes import RunResult
from tidemill.engine.running.freshness import FreshnessCheck, check_freshness, has_limits
from tidemill.events import Message

SOURCES = "sources.json"


class FreshnessOptions(RunOptions, frozen=True, kw_only=True):
    """Which sources, and where the result goes."""

    output: str | None = None
    """The file to write in place of ``target/sources.json``."""


def freshness(
    project: OpenProject,
    options: FreshnessOptions | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Run:
    """The check of all selected sources that have limits. The events come when the run is iterated.

    The run fails when a source is older than ``error_after`` or cannot be asked.
    """
    wanted = options or FreshnessOptions()
    config = project.config_for({**wanted.arguments, "which": "freshness"})
    artifacts = _Artifacts(project, wanted.output)

    def prepare(stop: threading.Event) -> Prepared:
        messages: list[Message] = []
        ids = select_ids(project, "freshness", wanted, emit=messages.append)
        found = [project.manifest.sources[unique_id] for unique_id in ids]
        sources = [source for source in found if has_limits(source)]
        host = project.host(config)
        if sources:
            project.adapter.open()
        artifacts.check = check_freshness(
            sources, host, project.manifest, cancel=stop, debug=wanted.statements
        )
        return Prepared(artifacts.check, tuple(messages))

    return Run(
        project,
        config,
        prepare,
        cancel=cancel,
        artifacts=artifacts if wanted.write_json else None,
    )


class _Artifacts(Artifacts):
    """manifest.json and sources.json; a check of sources leaves run_results.json alone."""

    check: FreshnessCheck | None = None

    def __init__(self, project: OpenProject, output: str | None) -> None:
        super().__init__(project)
        self._path = Path(output).resolve() if output else project.config.target_path / SOURCES

    def write(self, result: RunResult, compiled: dict[str, CompiledPart]) -> None:
        self.write_manifest(compiled, result.started_at)
        write_sources(self._path, result, self.check.freshness if self.check else ())
