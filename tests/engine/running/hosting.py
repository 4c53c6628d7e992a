"""Real hosts on real DuckDB for manifests made by hand: dbt's macros, our adapter, a temporary project folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.engine.graph import Dag
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Macro, Manifest
from tidemill.engine.parsing.macros import macros_of_file
from tidemill.engine.project.config import ProjectConfig, RuntimeConfig, Target
from tidemill.engine.running.execution import Execution, execute
from tidemill.engine.running.plan import Command, make_plan
from tidemill.events import Event, NodeFinished


def make_host(
    root: Path,
    *,
    threads: int = 1,
    macros: str = "",
    flags: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> MacroHost:
    """A host with an open adapter on ``<root>/shop.duckdb``; ``macros`` are the project's own."""
    credentials = DuckDBAdapter.normalise(
        {"type": "duckdb", "path": str(root / "shop.duckdb"), "threads": threads}, root, "shop"
    )
    target = Target(
        profile_name="shop",
        name="dev",
        type="duckdb",
        threads=threads,
        database=credentials["database"],
        schema=credentials["schema"],
        credentials=credentials,
    )
    project = ProjectConfig(name="shop", root=root, flags=dict(flags or {}))
    config = RuntimeConfig(
        project=project,
        packages={"shop": project},
        internal_packages=("dbt_duckdb", "dbt"),
        target=target,
        arguments=arguments,
        invocation_id="run-1",
    )
    adapter = DuckDBAdapter(credentials, root)
    adapter.open()
    own = macros_of_file(macros, file="macros/own.sql", package="shop")
    return MacroHost(config, [*builtin_macros(), *own], adapter)


@cache
def builtin_macros() -> tuple[Macro, ...]:
    """dbt's macros and those of our DuckDB adapter."""
    spec = find_spec("dbt.include.global_project")
    assert spec is not None
    assert spec.origin is not None
    adapter = find_spec("tidemill.adapters.duckdb")
    assert adapter is not None
    assert adapter.origin is not None
    return (
        *_macros_below(Path(spec.origin).parent, "dbt"),
        *_macros_below(Path(adapter.origin).parent / "macros", "dbt_duckdb"),
    )


def _macros_below(folder: Path, package: str) -> list[Macro]:
    return [
        macro
        for file in sorted(folder.rglob("*.sql"))
        for macro in macros_of_file(
            file.read_text(), file=file.relative_to(folder).as_posix(), package=package
        )
    ]


def start(
    command: Command,
    host: MacroHost,
    manifest: Manifest,
    selected: Sequence[str] = (),
    **options: Any,
) -> Execution:
    """The execution of ``command``, of everything or of ``selected`` names."""
    ids = [n for n in manifest.nodes if not selected or n.rpartition(".")[2] in selected]
    return execute(make_plan(command, ids, manifest, Dag.of(manifest)), host, manifest, **options)


def run(
    command: Command, host: MacroHost, manifest: Manifest, selected: Sequence[str] = ()
) -> tuple[Execution, list[Event]]:
    """Run to the end; the execution and its events."""
    execution = start(command, host, manifest, selected)
    return execution, list(execution)


def statuses(events: Sequence[Event]) -> dict[str, str]:
    """Node name to status, in the order in which nodes ended."""
    return {e.name: e.status for e in events if isinstance(e, NodeFinished)}


def rows(host: MacroHost, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    connection = host.adapter.connection("check")
    try:
        return list(connection.execute(sql, fetch=True).rows)
    finally:
        connection.close()
