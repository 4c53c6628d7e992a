"""``demo``: the example season, built and measured beside the same SQL run by DuckDB alone."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import tidemill
from tidemill.commands.opening import OpenProject
from tidemill.engine.nodes import Manifest, Node, RunResult, Seed
from tidemill.engine.running.seed_files import seed_path
from tidemill.errors import ConfigurationError

if TYPE_CHECKING:
    import duckdb

EXAMPLE = Path("examples") / "season"
SIMULATED_TAG = "simulation"
_MADE_HERE = ("target", "logs", ".tidemill", "*.duckdb", "*.duckdb.wal")


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How long the build took, how long its SQL alone, and how many rows were simulated."""

    nodes: int
    rows: int
    build_seconds: float
    alone_seconds: float

    @property
    def build_rate(self) -> float:
        """Simulated rows per second of the build."""
        return self.rows / self.build_seconds

    @property
    def alone_rate(self) -> float:
        """Simulated rows per second of DuckDB alone."""
        return self.rows / self.alone_seconds


def example_folder(into: Path | None = None) -> Path:
    """The example, where it can be built: in a source checkout, or a copy of the one that was installed.

    Raises ConfigurationError when the example is not there, or cannot be copied.
    """
    package = Path(tidemill.__file__).parent
    checkout, installed = package.parent.parent / EXAMPLE, package / EXAMPLE
    source = next((f for f in (checkout, installed) if (f / "dbt_project.yml").is_file()), None)
    if source is None:
        raise ConfigurationError(
            "the example project is not part of this installation", code="demo-missing"
        )
    if into is None and source == checkout:
        return checkout
    return _copied(source, into or Path.cwd() / "tidemill-season")


def measure(project: OpenProject, result: RunResult) -> Measured:
    """Compare a build that went well with DuckDB running its compiled SQL in a database of its own."""
    return Measured(
        nodes=len(result.results),
        rows=_simulated_rows(project),
        build_seconds=result.seconds,
        alone_seconds=_seconds_alone(project, result),
    )


def statements_of(project: OpenProject, result: RunResult) -> Iterator[str]:
    """The SQL of the build in the order in which its nodes ended, one statement each."""
    manifest = project.manifest
    for node_result in result.results:
        node = manifest.nodes.get(node_result.unique_id)
        if node is None:  # an exposure: nothing is built for it
            continue
        if isinstance(node, Seed):
            file = str(seed_path(node, project.root)).replace("'", "''")
            yield f"create table {node.relation_name} as from read_csv('{file}', header = true)"
        elif node_result.compiled_code is not None and node.resource_type != "operation":
            yield _statement(node, node_result.compiled_code)


def _statement(node: Node, code: str) -> str:
    if node.resource_type == "test":
        return f"select count(*) from (\n{code}\n)"
    kind = "view" if node.materialized == "view" else "table"
    return f"create {kind} {node.relation_name} as (\n{code}\n)"


def _copied(source: Path, destination: Path) -> Path:
    if not (destination / "dbt_project.yml").is_file():
        try:
            ignored = shutil.ignore_patterns(*_MADE_HERE)
            shutil.copytree(source, destination, ignore=ignored, dirs_exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"the example cannot be copied to {destination}: {error.strerror or error}",
                code="demo-refused",
                hint="choose a folder with --into",
            ) from error
    return destination


def _simulated_rows(project: OpenProject) -> int:
    tables = [
        node.relation_name
        for node in project.manifest.nodes.values()
        if SIMULATED_TAG in node.tags and node.materialized == "table"
    ]
    if not tables:
        return 0
    counts = " + ".join(f"(select count(*) from {table})" for table in tables)
    with project.connection("demo") as connection:
        return int(connection.execute(f"select {counts}", fetch=True).rows[0][0])


def _seconds_alone(project: OpenProject, result: RunResult) -> float:
    """Run the statements in a new file; its name is the target's, since the SQL names the database."""
    import duckdb

    name = project.config.target.database or "memory"
    with tempfile.TemporaryDirectory(prefix="tidemill-demo-") as folder:
        connection = duckdb.connect(str(Path(folder) / f"{name}.duckdb"))
        try:
            _make_schemas(connection, project.manifest)
            started = time.perf_counter()
            for statement in statements_of(project, result):
                connection.execute(statement).fetchall()
            return time.perf_counter() - started
        finally:
            connection.close()


def _make_schemas(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    for schema in {node.schema for node in manifest.nodes.values() if node.is_relational}:
        connection.execute(f'create schema if not exists "{schema}"')
