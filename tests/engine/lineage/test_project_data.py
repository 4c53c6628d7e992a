"""A whole project on DuckDB as the judge: build it, change one column of one source, build again, and see what changed.

Whatever changed must be downstream of that column, through values or through rows.
"""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

import tidemill
from benchmarks.generator.project import DATABASE, load_sources, write_project
from benchmarks.generator.shape import make_shape

_CHANGES = {
    "customer_id": "(customer_id + 1) % 17",
    "amount_cents": "amount_cents + id",
    "quantity": "(quantity + id) % 5",
    "status": "case when id % 3 = 0 then 'other' else status end",
    "created_at": "created_at - to_days((id * 13 % 2000)::integer)",
    "is_active": "not is_active",
}
_MODELS = 20

Values = dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shape = make_shape(_MODELS, 0)
    folder = tmp_path_factory.mktemp("generated")
    write_project(folder, shape)
    load_sources(folder, shape)
    return folder


def test_what_changes_is_downstream(folder: Path) -> None:
    chosen = random.Random(1)
    before = _built(folder)
    count = 0
    with tidemill.Project(folder) as project:
        sources = sorted(project.manifest.sources)
        for column, expression in _CHANGES.items():
            source = chosen.choice(sources)
            table = project.manifest.sources[source].name
            _change(folder, table, column, expression)
            after = _built(folder)
            _change_back(folder, table)
            changed = {key for key, values in after.items() if values != before.get(key)}
            count += len(changed)
            trace = project.lineage(f"{source}.{column}", upstream=False, rows=True).columns[0]
            reached = {(step.result.node, step.result.column) for step in trace.downstream}
            lost = {gap.node for gap in trace.unknown}
            missing = {key for key in changed if key not in reached and key[0] not in lost}
            assert missing == set(), (source, column)
    assert count > 10


def _built(folder: Path) -> Values:
    """The values of every column of every model, sorted, after a full build."""
    with tidemill.Project(folder) as project:
        assert project.seed().finish().success
        assert project.run(full_refresh=True).finish().success
        project.disconnect()
        nodes = list(project.manifest.nodes.values())
    found: Values = {}
    with duckdb.connect(folder / DATABASE) as database:
        for node in nodes:
            if node.resource_type == "model" and not node.is_ephemeral:
                result = database.execute(f"select * from {node.relation_name}")
                names = [str(entry[0]) for entry in result.description or ()]
                rows = result.fetchall()
                for number, name in enumerate(names):
                    values = sorted(repr(row[number]) for row in rows)
                    found[node.unique_id, name] = values
    return found


def _change(folder: Path, table: str, column: str, expression: str) -> None:
    with duckdb.connect(folder / DATABASE) as database:
        database.execute(f"create or replace table raw.{table}_kept as from raw.{table}")
        database.execute(f"update raw.{table} set {column} = {expression}")


def _change_back(folder: Path, table: str) -> None:
    with duckdb.connect(folder / DATABASE) as database:
        database.execute(f"create or replace table raw.{table} as from raw.{table}_kept")
