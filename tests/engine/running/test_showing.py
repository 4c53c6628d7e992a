from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.running.building import manifest, model, seed, source
from tests.engine.running.hosting import make_host, rows, run
from tidemill.engine.running.showing import show, show_built
from tidemill.errors import CompilationError, DatabaseError, ExecutionError, Place


def test_a_models_query_is_run_with_a_limit_and_nothing_is_built(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    node = model("a", raw_code="select i as id, 'x' as word from range(10) t(i) order by i")
    shown = show(node, host, manifest(node), limit=2)
    assert (shown.result.columns, shown.result.rows) == (("id", "word"), [(0, "x"), (1, "x")])
    assert shown.sql == node.raw_code
    assert rows(host, "select table_name from duckdb_tables()") == []


@pytest.mark.parametrize("limit", [None, -1])
def test_without_a_limit_all_rows_come(tmp_path: Path, limit: int | None) -> None:
    node = model("e", materialized="ephemeral", raw_code="select i from range(10) t(i)")
    assert len(show(node, make_host(tmp_path), manifest(node), limit=limit).result.rows) == 10


def test_a_seed_is_shown_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "s.csv").write_text("a,b\n1,x\n2,y\n")
    shown = show(seed("s", tmp_path), make_host(tmp_path), manifest(), limit=1)
    assert shown.result.columns == ("a", "b")
    assert shown.result.rows == [(1, "x")]


def test_errors_are_placed_in_the_model(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    wrong_sql = model("a", raw_code="select\n  nonsense\nfrom (select 1)")
    with pytest.raises(DatabaseError) as caught:
        show(wrong_sql, host, manifest(wrong_sql))
    assert caught.value.fault.place == Place(file="models/a.sql", line=2, column=3)
    wrong_jinja = model("b", raw_code="select 1\n{{ nope() }}")
    with pytest.raises(CompilationError) as undefined:
        show(wrong_jinja, host, manifest(wrong_jinja))
    assert undefined.value.fault.place == Place(file="models/b.sql", line=2)


def test_what_was_built_is_shown(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    node = model("a", raw_code="select i from range(10) t(i) order by i")
    with pytest.raises(ExecutionError) as caught:
        show_built(node, host)
    assert (caught.value.fault.code, caught.value.fault.node) == ("not-built", "model.shop.a")
    run("run", host, manifest(node))
    assert show_built(node, host, limit=3).result.rows == [(0,), (1,), (2,)]


def test_a_source_is_shown_where_it_was_loaded(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    rows(host, "create schema raw")
    rows(host, "create table raw.events as select 1 as id")
    assert show_built(source("events"), host).result.rows == [(1,)]
