"""Generated projects: the same bytes every time, and the shape they promise."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from benchmarks.generator.project import DATABASE, load_sources, write_project
from benchmarks.generator.shape import make_shape


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_size_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    write_project(tmp_path / "one", make_shape(60))
    write_project(tmp_path / "two", make_shape(60))
    write_project(tmp_path / "other", make_shape(60, seed=1))

    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


@pytest.mark.parametrize("size", [20, 100, 2500])
def test_layers_materialisations_and_parents_are_as_described(size: int) -> None:
    shape = make_shape(size)
    layers = Counter(model.layer for model in shape.models)
    kinds = Counter(model.materialized for model in shape.models)
    parents = [len(model.parents) + len(model.sources) for model in shape.models]

    assert layers == {
        "staging": size * 4 // 10,
        "intermediate": size * 3 // 10,
        "marts": size * 3 // 10,
    }
    assert kinds["ephemeral"] == pytest.approx(size * 0.03, abs=1)
    assert kinds["incremental"] == pytest.approx(size * 0.03, abs=1)
    assert set(parents) <= {1, 2, 3}
    assert 1.8 <= sum(parents) / size <= 2.5


def test_every_model_reads_only_what_comes_before_it() -> None:
    shape = make_shape(200)
    known = set(shape.seeds)
    for model in shape.models:
        assert set(model.parents) <= known
        assert model.name not in known
        known.add(model.name)


def test_source_tables_are_loaded_anew(tmp_path: Path) -> None:
    shape = make_shape(20)
    load_sources(tmp_path, shape)
    with duckdb.connect(tmp_path / DATABASE) as connection:
        connection.execute("create table left_over as select 1 as id")
    load_sources(tmp_path, shape)

    with duckdb.connect(tmp_path / DATABASE) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables"
        )
        assert sorted(tables.fetchall()) == sorted(("raw", name) for name in shape.sources)
        rows = connection.execute(
            f"select count(*), count(distinct id) from raw.{shape.sources[0]}"
        )
        assert rows.fetchone() == (200, 200)
