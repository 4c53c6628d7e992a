"""The floor: runs a built project's compiled SQL through the duckdb module, with no tool around it.

    python -m benchmarks.season.alone MANIFEST DATABASE

Seeds are read from their files, models made as tables and views, tests counted: one connection, one after the
other, in the order of the graph.
"""

from __future__ import annotations

import json
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

Node = dict[str, Any]


def main(manifest_path: Path, database: Path) -> None:
    """Build everything that the manifest names into a new database."""
    manifest = json.loads(manifest_path.read_text())
    root = manifest_path.parent.parent
    nodes: dict[str, Node] = manifest["nodes"]
    with duckdb.connect(database) as connection:
        for name in _schemas(nodes):
            connection.execute(f"create schema if not exists {name}")
        for unique_id in _order(nodes):
            _build(connection, nodes[unique_id], root)


def _schemas(nodes: dict[str, Node]) -> list[str]:
    """Return the schemas that the project's relations stand in."""
    return sorted({node["schema"] for node in nodes.values() if node["resource_type"] != "test"})


def _order(nodes: dict[str, Node]) -> list[str]:
    """Return the nodes so that everything comes after what it reads."""
    graph = {
        unique_id: [parent for parent in node["depends_on"].get("nodes", ()) if parent in nodes]
        for unique_id, node in nodes.items()
    }
    return list(TopologicalSorter(graph).static_order())


def _build(connection: duckdb.DuckDBPyConnection, node: Node, root: Path) -> None:
    """Make the relation of one node, or count the failures of a test."""
    kind = node["resource_type"]
    if kind == "seed":
        path = root / node["original_file_path"]
        connection.execute(
            f"create table {_target(node)} as select * from read_csv('{path}', header = true)"
        )
    elif kind == "test":
        connection.execute(f"select count(*) from ({node['compiled_code']}) as failures").fetchall()
    elif kind == "model" and node["config"]["materialized"] in {"table", "view"}:
        made = node["config"]["materialized"]
        connection.execute(f"create {made} {_target(node)} as ({node['compiled_code']})")


def _target(node: Node) -> str:
    """Return the relation's name in whatever database is open."""
    return f'"{node["schema"]}"."{node["alias"]}"'


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
