"""The statements of a build, sent again, make the same tables."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb

from benchmarks.floor import replay
from benchmarks.generator.project import DATABASE, load_sources, write_project
from benchmarks.generator.shape import make_shape

_RELATIONS = (
    "select table_schema, table_name, table_type from information_schema.tables order by 1, 2"
)


def test_kept_statements_build_the_project_again(tmp_path: Path) -> None:
    shape = make_shape(20)
    write_project(tmp_path / "project", shape)
    load_sources(tmp_path / "project", shape)
    kept = tmp_path / "kept.json"
    # In a process of its own: it puts itself between the adapter and the driver.
    command = [sys.executable, "-m", "benchmarks.floor.capture", tmp_path / "project", kept]
    subprocess.run(command, check=True, capture_output=True)
    with duckdb.connect(tmp_path / "project" / DATABASE) as connection:
        built = connection.execute(_RELATIONS).fetchall()
    load_sources(tmp_path / "project", shape)
    replay.replay(json.loads(kept.read_text()), str(tmp_path / "project" / DATABASE), 4)
    with duckdb.connect(tmp_path / "project" / DATABASE) as connection:
        assert connection.execute(_RELATIONS).fetchall() == built
