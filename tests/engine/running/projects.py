"""Whole projects written to a temporary folder and run as a person would, on real DuckDB."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

from tidemill.commands.opening import Opening, OpenProject, open_project
from tidemill.commands.running_nodes import RunOptions, run_nodes
from tidemill.engine.nodes import NodeResult
from tidemill.engine.running.plan import Command
from tidemill.events import Event

_PROJECT = "name: shop\nprofile: shop\n"
_PROFILES = "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 2}}}\n"


class Outcome:
    """What a command did."""

    def __init__(self, events: list[Event], results: tuple[NodeResult, ...]) -> None:
        self.events = events
        self.results = {result.unique_id: result for result in results}

    @property
    def statuses(self) -> dict[str, str]:
        """By the last parts of the unique id, without resource type and package."""
        return {key.split(".", 2)[2]: result.status for key, result in self.results.items()}

    def result(self, name: str) -> NodeResult:
        """The only result whose unique id ends with ``name``."""
        (found,) = [r for key, r in self.results.items() if key.endswith(f".{name}")]
        return found


def write(root: Path, files: Mapping[str, str]) -> Path:
    """A project called ``shop`` of these files."""
    texts = {"dbt_project.yml": _PROJECT, "profiles.yml": _PROFILES, **files}
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def run(
    root: Path,
    command: Command = "build",
    *select: str,
    variables: Mapping[str, Any] | None = None,
    **options: Any,
) -> Outcome:
    """Open the project anew and run ``command``."""
    with _opened(root, variables) as project:
        run = run_nodes(project, command, RunOptions(select=select, **options))
        events: list[Event] = list(run)
        return Outcome(events, run.result.results)


def rows(root: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the project's database."""
    with _opened(root, None) as project:
        project.adapter.open()
        with project.connection("check") as connection:
            return list(connection.execute(sql, fetch=True).rows)


def run_results(root: Path) -> dict[str, dict[str, Any]]:
    """The last ``run_results.json`` by unique id."""
    found = json.loads((root / "target" / "run_results.json").read_text())
    return {result["unique_id"]: result for result in found["results"]}


def manifest(root: Path) -> dict[str, Any]:
    """The last ``manifest.json``."""
    found: dict[str, Any] = json.loads((root / "target" / "manifest.json").read_text())
    return found


def _opened(root: Path, variables: Mapping[str, Any] | None) -> OpenProject:
    return open_project(root, Opening(profiles_dir=root, vars=variables or {}))
