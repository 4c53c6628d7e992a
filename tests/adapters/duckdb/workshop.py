"""A small dbt project in a folder, built by the engine on a real DuckDB file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import yaml

from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.engine.graph import Dag
from tidemill.engine.jinja.session import Session
from tidemill.engine.parsing.parsed import ParsedProject
from tidemill.engine.parsing.project import parse_project
from tidemill.engine.project.loading import load_runtime
from tidemill.engine.running.execution import execute
from tidemill.engine.running.plan import Command, make_plan
from tidemill.events import Message, NodeFinished

NOT_BUILT = ("operation", "analysis")


class Built(msgspec.Struct, frozen=True):
    """What came of one command."""

    nodes: dict[str, NodeFinished]
    texts: tuple[str, ...]

    @property
    def statuses(self) -> dict[str, str]:
        return {name: node.status for name, node in self.nodes.items()}

    @property
    def failures(self) -> dict[str, str]:
        """Node to the text of its fault."""
        return {name: str(node.fault) for name, node in self.nodes.items() if node.fault}


class Workshop:
    """The project ``shop`` on ``shop.duckdb``; ``output`` adds entries to its profile."""

    def __init__(self, root: Path, project: str = "", **output: Any) -> None:
        self.root = root
        self._output = {"type": "duckdb", "path": "shop.duckdb", "threads": 2, **output}
        profile = {"shop": {"target": "dev", "outputs": {"dev": self._output}}}
        head = "name: shop\nversion: '1.0'\nprofile: shop\n"
        self.write({"dbt_project.yml": head + project, "profiles.yml": yaml.safe_dump(profile)})

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def models(self, **models: str) -> None:
        """Models by name. A text that begins with ``materialized`` is a config before its first newline."""
        for name, text in models.items():
            if text.startswith("materialized"):
                config, _, sql = text.partition("\n")
                text = f"{{{{ config({config}) }}}}\n{sql}"  # noqa: PLW2901
            self.write({f"models/{name}.sql": text})

    def seed(self, name: str, *rows: tuple[Any, ...]) -> None:
        path = self.root / "seeds" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows)

    @contextmanager
    def opened(self, **arguments: Any) -> Iterator[tuple[ParsedProject, DuckDBAdapter]]:
        variables = arguments.pop("variables", {})
        config = load_runtime(self.root, cli_vars=variables, arguments=arguments)
        adapter = DuckDBAdapter(config.target.credentials, self.root)
        parsed = parse_project(config, adapter)
        adapter.open()
        try:
            yield parsed, adapter
        finally:
            adapter.close()

    def build(self, *names: str, command: Command = "build", **arguments: Any) -> Built:
        """Run the command for the named nodes, or for all. ``variables`` and dbt's arguments by keyword."""
        with self.opened(which=command, **arguments) as (parsed, _):
            manifest = parsed.manifest
            selected = [
                unique_id
                for unique_id, node in manifest.nodes.items()
                if node.resource_type not in NOT_BUILT and (not names or node.name in names)
            ]
            plan = make_plan(command, selected, manifest, Dag.of(manifest))
            parsed.host.selected_resources = tuple(selected)
            events = list(execute(plan, parsed.host, manifest))
        nodes = {event.name: event for event in events if isinstance(event, NodeFinished)}
        return Built(nodes, tuple(event.text for event in events if isinstance(event, Message)))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Templates of the root project, with a connection."""
        with self.opened() as (parsed, adapter):
            connection = adapter.connection("session")
            yield parsed.host.session(None, parsed.manifest, phase="run", connection=connection)
            connection.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.root / "shop.duckdb")) as connection:
            return connection.execute(sql).fetchall()

    def relations(self, schema: str = "main") -> dict[str, str]:
        """Names to types."""
        return dict(
            self.rows(
                "select table_name, if(table_type = 'VIEW', 'view', 'table') "
                f"from information_schema.tables where table_schema = '{schema}'"
            )
        )
