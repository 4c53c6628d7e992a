from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.engine.running.building import data_test, hook, manifest, model, seed
from tests.engine.running.hosting import make_host, rows, run, start, statuses
from tidemill.engine.nodes import NodeResult
from tidemill.errors import DatabaseError, Place
from tidemill.events import (
    FaultFound,
    HookFinished,
    Message,
    NodeFinished,
    NodePlan,
    NodeStarted,
    RunFinished,
    RunStarted,
)


def results(execution: object) -> dict[str, NodeResult]:
    return {r.unique_id.rpartition(".")[2]: r for r in execution.result.results}  # type: ignore[attr-defined]


def test_models_become_tables_and_views_with_ephemeral_ones_inside(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(
        model("a", raw_code="select 1 as id union all select 2"),
        model("e", "a", materialized="ephemeral", raw_code="select * from {{ ref('a') }}"),
        model("b", "e", materialized="view", raw_code="select id * 10 as id from {{ ref('e') }}"),
    )
    execution, events = run("run", host, project)
    assert statuses(events) == {"a": "success", "b": "success"}
    assert rows(host, "select id from main.b order by 1") == [(10,), (20,)]
    assert execution.result.success
    assert {p.name for p in (tmp_path / "target/run/shop/models").iterdir()} == {"a.sql", "b.sql"}
    assert (tmp_path / "target/compiled/shop/models/b.sql").read_text() == (
        'with __dbt__cte__e as (\nselect * from "shop"."main"."a"\n) '
        "select id * 10 as id from __dbt__cte__e"
    )


def test_the_stream_tells_everything_in_order(tmp_path: Path) -> None:
    host = make_host(tmp_path, select="a+")
    project = manifest(
        model("a", raw_code="{{ log('building', info=true) }}select 1 as id"),
        model("b", "a", materialized="view", raw_code="select * from {{ ref('a') }}"),
    )
    execution, events = run("run", host, project)
    shown = [
        (type(e).__name__, getattr(e, "name", ""), getattr(e, "index", None))
        for e in events
        if getattr(e, "level", "") != "debug"
    ]
    assert shown == [
        ("RunStarted", "", None),
        ("NodeStarted", "a", 1),
        ("Message", "", None),
        ("NodeFinished", "a", 1),
        ("NodeStarted", "b", 2),
        ("NodeFinished", "b", 2),
        ("RunFinished", "", None),
    ]
    assert msgspec.structs.replace(events[0], at=0.0) == RunStarted(
        at=0.0,
        run_id="run-1",
        command="run",
        project="shop",
        target="dev",
        threads=1,
        nodes=(
            NodePlan(unique_id="model.shop.a", name="a", resource_type="model"),
            NodePlan(
                unique_id="model.shop.b",
                name="b",
                resource_type="model",
                depends_on=("model.shop.a",),
            ),
        ),
        arguments={"select": "a+"},
    )
    finished = next(e for e in events if isinstance(e, NodeFinished))
    assert isinstance(finished, NodeFinished)
    assert msgspec.structs.replace(finished, at=0.0, seconds=0.0) == NodeFinished(
        at=0.0,
        unique_id="model.shop.a",
        name="a",
        resource_type="model",
        index=1,
        total=2,
        status="success",
        seconds=0.0,
        description="sql table model main.a",
        message="OK",
        rows_affected=1,
        relation=None,
        compiled_path="target/compiled/shop/models/a.sql",
        thread="Thread-1 (worker)",
    )
    ended = events[-1]
    assert isinstance(ended, RunFinished)
    assert (ended.status, ended.counts) == ("success", {"success": 2})
    assert [t.name for t in execution.result.results[0].timings] == ["compile", "execute"]


def test_a_failure_skips_what_stands_behind_it_and_nothing_else(tmp_path: Path) -> None:
    host = make_host(tmp_path, threads=4)
    project = manifest(
        model("bad", raw_code="select\n  1 as id,\n  nonsense\nfrom (select 1)"),
        model("child", "bad", raw_code="select * from {{ ref('bad') }}"),
        model("grandchild", "child", raw_code="select * from {{ ref('child') }}"),
        model("other", raw_code="select 1 as id"),
    )
    execution, events = run("run", host, project)
    assert statuses(events) | {} == {
        "bad": "error",
        "other": "success",
        "child": "skipped",
        "grandchild": "skipped",
    }
    fault = results(execution)["bad"].fault
    assert fault is not None
    assert (fault.label, fault.node) == ("Database Error", "model.shop.bad")
    assert fault.place == Place(file="models/bad.sql", line=3, column=3)
    assert not execution.result.success
    assert rows(host, "select table_name from duckdb_tables()") == [("other",)]


def test_a_failing_build_leaves_the_old_table_as_it_was(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    run("run", host, manifest(model("a", raw_code="select 1 as id")))
    _, events = run("run", host, manifest(model("a", raw_code="select error('no') as id")))
    assert statuses(events) == {"a": "error"}
    assert rows(host, "select table_name from duckdb_tables()") == [("a",)]
    assert rows(host, "select id from main.a") == [(1,)]


@pytest.mark.parametrize(
    ("code", "label", "message", "line"),
    [
        ("select 1\n{{ nope() }}", "Compilation Error", "'nope' is undefined", 2),
        ("\n\n{{ 1 / 0 }}", "Compilation Error", "division by zero", 3),
        ("{{ ref('gone') }}", "Compilation Error", "'gone' which was not found", 1),
        ("{{ breaks() }}", "Compilation Error", "broken on purpose", None),
        ("select {{ 1 +", "Compilation Error", "unexpected", 1),
    ],
)
def test_whatever_a_template_raises_is_the_error_of_its_node(
    tmp_path: Path, code: str, label: str, message: str, line: int | None
) -> None:
    own = "{% macro breaks() %}{% do exceptions.raise_compiler_error('broken on purpose') %}{% endmacro %}"
    host = make_host(tmp_path, macros=own)
    execution, events = run(
        "run", host, manifest(model("a", raw_code=code), model("b", raw_code="select 1 as x"))
    )
    assert statuses(events) == {"a": "error", "b": "success"}
    fault = results(execution)["a"].fault
    assert fault is not None
    assert (fault.label, fault.node) == (label, "model.shop.a")
    assert message in fault.message
    assert fault.place is not None
    if line is not None:
        assert (fault.place.file, fault.place.line) == ("models/a.sql", line)


def test_a_broken_ephemeral_model_is_told_and_skips_what_needs_it(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(
        model("e", materialized="ephemeral", raw_code="{{ nope() }}"),
        model("a", "e", raw_code="select * from {{ ref('e') }}"),
    )
    execution, events = run("run", host, project)
    assert [e.fault.node for e in events if isinstance(e, FaultFound)] == ["model.shop.e"]
    assert statuses(events) == {"a": "skipped"}
    assert results(execution)["a"].message == (
        "Compilation Error in model.shop.a, caused by compilation error in referenced "
        "ephemeral model model.shop.e"
    )
    assert not execution.result.success


def test_a_build_tests_before_it_goes_on(tmp_path: Path) -> None:
    host = make_host(tmp_path, threads=2)
    project = manifest(
        model("a", raw_code="select 1 as id union all select 1"),
        data_test(
            "a_unique", "a", raw_code="select id from {{ ref('a') }} group by 1 having count(*) > 1"
        ),
        data_test("a_warns", "a", severity="warn", raw_code="select id from {{ ref('a') }}"),
        data_test("a_passes", "a", raw_code="select id from {{ ref('a') }} where id is null"),
        model("b", "a", raw_code="select * from {{ ref('a') }}"),
        data_test("b_passes", "b", raw_code="select 1 from {{ ref('b') }} where false"),
    )
    execution, events = run("build", host, project)
    found = results(execution)
    assert statuses(events) == {
        "a": "success",
        "a_unique": "fail",
        "a_warns": "warn",
        "a_passes": "pass",
        "b": "skipped",
        "b_passes": "skipped",
    }
    assert (found["a_unique"].failures, found["a_unique"].message) == (
        1,
        "Got 1 result, configured to fail if != 0",
    )
    assert (found["a_warns"].failures, found["a_warns"].message) == (
        2,
        "Got 2 results, configured to warn if != 0",
    )
    assert (found["a_passes"].failures, found["a_passes"].message) == (0, "")


def test_failures_are_stored_where_a_test_asks_for_it(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(
        model("a", raw_code="select 1 as id union all select 2"),
        data_test(
            "bad_ids",
            "a",
            store_failures=True,
            raw_code="select * from {{ ref('a') }} where id > 1",
        ),
    )
    _, events = run("build", host, project)
    assert statuses(events) == {"a": "success", "bad_ids": "fail"}
    assert rows(host, "select id from main_dbt_test__audit.bad_ids") == [(2,)]


def test_hooks_of_a_model_run_in_and_outside_its_transaction(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    log = "insert into main.hooks values ('{word}', {{{{ model.config.materialized == 'table' }}}})"
    project = manifest(
        model(
            "a",
            raw_code="select 1 as id",
            config={
                "materialized": "table",
                "pre-hook": [
                    {"sql": log.format(word="before begin"), "transaction": False},
                    {"sql": log.format(word="in"), "transaction": True},
                ],
                "post-hook": [{"sql": log.format(word="after commit"), "transaction": False}],
            },
        ),
        hook("create table main.hooks (word text, flag bool)", "on-run-start"),
    )
    _, events = run("run", host, project, ["a"])
    assert statuses(events) == {"a": "success"}
    assert rows(host, "select * from main.hooks") == [
        ("before begin", True),
        ("in", True),
        ("after commit", True),
    ]


def test_a_failing_hook_in_the_transaction_undoes_the_model(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    hooks = [{"sql": "select error('after')", "transaction": True}]
    project = manifest(
        model("a", raw_code="select 1 as id", config={"materialized": "table", "post-hook": hooks})
    )
    execution, events = run("run", host, project)
    assert statuses(events) == {"a": "error"}
    assert rows(host, "select table_name from duckdb_tables()") == []
    fault = results(execution)["a"].fault
    assert fault is not None
    assert fault.place == Place(file="models/a.sql")


def test_hooks_around_the_run_see_its_results(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(
        model("a", raw_code="select 1 as id"),
        model("b", raw_code="select nonsense"),
        hook("create table main.log (node text, status text, kind text)", "on-run-start"),
        hook(
            "{% for r in results %}insert into main.log values "
            "('{{ r.node.name }}', '{{ r.status }}', '{{ r.node.config.materialized }}');"
            "{% endfor %}",
            "on-run-end",
        ),
        hook(
            "insert into main.log values ('{{ schemas }}', '{{ database_schemas }}', '')".replace(
                "'{{", "$${{"
            ).replace("}}'", "}}$$"),
            "on-run-end",
            index=1,
        ),
    )
    execution, events = run("run", host, project, ["a", "b"])
    assert [
        (e.name, e.index, e.total, e.status) for e in events if isinstance(e, HookFinished)
    ] == [
        ("shop.on-run-start.0", 1, 1, "success"),
        ("shop.on-run-end.0", 1, 2, "success"),
        ("shop.on-run-end.1", 2, 2, "success"),
    ]
    assert rows(host, "select * from main.log") == [
        ("a", "success", "table"),
        ("b", "error", "table"),
        ("['main']", "[('shop', 'main')]", ""),
    ]
    assert [(r.unique_id, r.thread) for r in execution.result.results][0][1] == "main"


@pytest.mark.parametrize(("skip", "status"), [(False, "success"), (True, "skipped")])
def test_a_failing_start_hook_fails_the_run(tmp_path: Path, skip: bool, status: str) -> None:
    host = make_host(tmp_path, flags={"skip_nodes_if_on_run_start_fails": skip})
    project = manifest(
        model("a", raw_code="select 1 as id"),
        hook("select nonsense", "on-run-start"),
        hook("select 1", "on-run-start", index=1),
    )
    execution, events = run("run", host, project, ["a"])
    hooks = [
        (e.status, e.message.startswith("Binder Error"))
        for e in events
        if isinstance(e, HookFinished)
    ]
    assert hooks == [("error", True), ("skipped", False)]
    assert statuses(events) == {"a": status}
    assert not execution.result.success


def test_seeds_are_loaded_and_loaded_again(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    file = tmp_path / "seeds" / "zips.csv"
    file.write_text("zip,n,at\n00501,1.5,2020-01-01 10:00:00\n,2,\n")
    host = make_host(tmp_path)
    project = manifest(seed("zips", tmp_path, column_types={"zip": "varchar(5)"}))
    execution, events = run("seed", host, project)
    assert statuses(events) == {"zips": "success"}
    assert results(execution)["zips"].message == "INSERT 2"
    described = rows(
        host, "select column_name, data_type from duckdb_columns() where table_name = 'zips'"
    )
    assert described[0] == ("zip", "VARCHAR")
    assert described[2] == ("at", "TIMESTAMP")
    file.write_text("zip,n,at\n1,2,\n")
    run("seed", host, project)
    assert rows(host, "select zip, n::int from main.zips") == [("1", 2)]


def test_full_refresh_makes_a_seed_anew(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "s.csv").write_text("a\n1\n")
    project = manifest(seed("s", tmp_path))
    run("seed", make_host(tmp_path), project)
    (tmp_path / "seeds" / "s.csv").write_text("a,b\n1,x\n")
    host = make_host(tmp_path, full_refresh=True)
    execution, _ = run("seed", host, project)
    assert results(execution)["s"].message == "CREATE 1"
    assert rows(host, "select * from main.s") == [(1, "x")]


def test_a_broken_seed_file_is_the_seeds_error(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "s.csv").write_text("a\n1,2\n")
    execution, _ = run("seed", make_host(tmp_path), manifest(seed("s", tmp_path)))
    fault = results(execution)["s"].fault
    assert fault is not None
    assert (fault.code, fault.place) == ("seed-row", Place(file="seeds/s.csv", line=2))


def test_an_incremental_model_adds_to_what_is_there(tmp_path: Path) -> None:
    code = (
        "select {{ var('n', 1) }} as id, 'x' as word"
        "{% if is_incremental() %} where {{ var('n', 1) }} > (select max(id) from {{ this }}){% endif %}"
    )
    config = {"materialized": "incremental", "incremental_strategy": "append"}
    for n in (1, 2):
        host = make_host(tmp_path)
        project = manifest(model("a", raw_code=code.replace("var('n', 1)", str(n)), config=config))
        _, events = run("run", host, project)
        assert statuses(events) == {"a": "success"}
        host.adapter.close()
    assert rows(make_host(tmp_path), "select id from main.a order by 1") == [(1,), (2,)]


def test_schemas_are_made_before_the_nodes(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(model("a", raw_code="select 1 as id", schema="Marts"))
    run("run", host, project)
    assert rows(host, "select id from shop.marts.a") == [(1,)]


def test_fail_fast_starts_nothing_more(tmp_path: Path) -> None:
    host = make_host(tmp_path, fail_fast=True)
    project = manifest(
        model("a", raw_code="select nonsense"),
        model("b", raw_code="select 1 as id"),
        hook("create table main.ended (id int)", "on-run-end"),
    )
    execution, events = run("run", host, project, ["a", "b"])
    assert statuses(events) == {"a": "error", "b": "skipped"}
    assert results(execution)["b"].message == "Skipping due to fail_fast"
    assert rows(host, "select count(*) from main.ended") == [(0,)]


def test_compiling_writes_files_and_touches_no_relation(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(
        model("a", raw_code="select {{ 1 + 1 }} as id"),
        model("e", "a", materialized="ephemeral", raw_code="select * from {{ ref('a') }}"),
        hook("create table main.hooked (id int)", "on-run-start"),
    )
    execution, _ = run("compile", host, project)
    found = results(execution)
    assert found["a"].compiled_code == "select 2 as id"
    assert found["e"].compiled_code == 'select * from "shop"."main"."a"'
    assert (tmp_path / "target/compiled/shop/models/a.sql").read_text() == "select 2 as id"
    assert rows(host, "select table_name from duckdb_tables()") == []


def test_nothing_selected_is_said_and_nothing_happens(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(hook("create table main.hooked (id int)", "on-run-start"))
    execution, events = run("run", host, project)
    assert [e.text for e in events if isinstance(e, Message)][0].startswith("Nothing to do.")
    assert execution.result.success
    assert rows(host, "select table_name from duckdb_tables()") == []


def test_what_keeps_a_run_from_its_nodes_is_raised_after_the_stream_has_told(
    tmp_path: Path,
) -> None:
    own = "{% macro create_schema(relation) %}{% do run_query('select nonsense') %}{% endmacro %}"
    host = make_host(tmp_path, macros=own)
    project = manifest(model("a", raw_code="select 1", schema="marts"))
    execution = start("run", host, project)
    events = []
    with pytest.raises(DatabaseError, match="nonsense"):
        events.extend(execution)
        for event in execution:
            events.append(event)


def test_a_run_has_no_result_before_its_end_and_runs_once(tmp_path: Path) -> None:
    execution = start("run", make_host(tmp_path), manifest(model("a", raw_code="select 1")))
    with pytest.raises(RuntimeError, match="not ended"):
        _ = execution.result
    assert isinstance(list(execution)[1], NodeStarted)
    with pytest.raises(RuntimeError, match="only once"):
        list(execution)
