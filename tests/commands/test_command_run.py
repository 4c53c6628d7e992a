"""A run of a command: events, history, artifacts, and what happens when these cannot be written."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tidemill.commands.build import build
from tidemill.commands.compile import compile_selected
from tidemill.commands.opening import OpenProject
from tidemill.commands.run_operation import run_operation
from tidemill.commands.running_nodes import RunOptions
from tidemill.errors import CompilationError, ConfigurationError, UsageError
from tidemill.events import AnyEvent, FaultFound, Message, NodeFinished, RunFinished, RunStarted
from tidemill.store.opening import open_store
from tidemill.store.reading import list_runs
from tidemill.store.values import RunSummary

SLOW = (
    "select count(*) as n from range(100000) a, range(1000000) b where (a.range * b.range) % 7 = 3"
)


def recorded(root: Path) -> list[RunSummary]:
    store = open_store(root)
    try:
        return [*list_runs(store, limit=10)]
    finally:
        store.close()


def statuses(events: list[AnyEvent]) -> dict[str, str]:
    return {e.name: e.status for e in events if isinstance(e, NodeFinished)}


def test_a_run_from_begin_to_end(project: OpenProject, shop: Path) -> None:
    run = build(project, RunOptions(select=("raw_orders", "+stg_customers", "stg_orders")))
    with pytest.raises(RuntimeError, match="has not ended yet"):
        _ = run.result
    events = list(run)
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunFinished)
    assert run.result.success
    assert {r.unique_id for r in run.result.results} >= {"model.shop.stg_orders"}

    results = json.loads((shop / "target" / "run_results.json").read_text())
    assert results["metadata"]["invocation_id"] == run.run_id
    assert results["args"]["select"] == ["raw_orders", "+stg_customers", "stg_orders"]
    manifest = json.loads((shop / "target" / "manifest.json").read_text())
    assert manifest["nodes"]["model.shop.stg_orders"]["compiled"] is True
    assert manifest["nodes"]["model.shop.customers"].get("compiled_code") is None
    (summary,) = recorded(shop)
    assert (summary.id, summary.status, summary.source) == (run.run_id, "success", "python")


def test_finish_needs_no_loop(project: OpenProject) -> None:
    result = build(project, RunOptions(select=("raw_orders",))).finish()
    assert [each.status for each in result.results] == ["success"]


def test_every_run_has_an_id_of_its_own(project: OpenProject) -> None:
    first, second = build(project), build(project)
    assert first.run_id == project.config.invocation_id
    assert second.run_id != first.run_id


def test_without_artifacts(project: OpenProject, shop: Path) -> None:
    build(project, RunOptions(select=("raw_orders",), write_json=False)).finish()
    assert not (shop / "target" / "run_results.json").exists()
    assert len(recorded(shop)) == 1


def test_compiling_leaves_no_history(project: OpenProject, shop: Path) -> None:
    compile_selected(project).finish()
    assert not (shop / ".tidemill").exists()


def test_artifacts_that_cannot_be_written_come_after_the_end(
    project: OpenProject, shop: Path
) -> None:
    (shop / "target" / "run_results.json").mkdir(parents=True)
    run = build(project, RunOptions(select=("raw_orders",)))
    events: list[AnyEvent] = []
    with pytest.raises(ConfigurationError, match=r"run_results\.json cannot be written"):
        events.extend(run)
    assert run.result.success
    assert recorded(shop)[0].id == run.run_id


def test_a_history_that_cannot_be_kept_is_a_warning(project: OpenProject, shop: Path) -> None:
    (shop / ".tidemill").write_text("in the way")
    events = list(build(project, RunOptions(select=("raw_orders",))))
    warnings = [e for e in events if isinstance(e, Message) and e.level == "warn"]
    assert [w.code for w in warnings] == ["store-not-kept"]
    assert statuses(events) == {"raw_orders": "success"}


def test_what_stands_behind_a_failure_is_skipped(project: OpenProject, shop: Path) -> None:
    (shop / "models" / "staging" / "stg_orders.sql").write_text("select nope")
    events = list(build(project, RunOptions(select=("stg_orders", "customers"))))
    found = statuses(events)
    assert found.pop("stg_orders") == "error"
    assert set(found.values()) == {"skipped"}
    assert "customers" in found


def test_fail_fast(project: OpenProject, shop: Path) -> None:
    (shop / "models" / "first.sql").write_text("select nope")
    (shop / "models" / "second.sql").write_text(
        f"-- depends_on: {{{{ ref('raw_orders') }}}}\n{SLOW}"
    )
    options = RunOptions(select=("raw_orders", "first", "second"), fail_fast=True)
    result = build(project, options).finish()
    assert not result.success
    assert {r.unique_id: r.status for r in result.results}["model.shop.second"] == "skipped"


def test_cancelling(project: OpenProject, shop: Path) -> None:
    (shop / "models" / "slow.sql").write_text(f"{{{{ config(materialized='table') }}}} {SLOW}")
    (shop / "models" / "after.sql").write_text("select * from {{ ref('slow') }}")
    stop = threading.Event()
    run = build(project, RunOptions(select=("slow", "after")), cancel=stop)
    threading.Timer(0.5, stop.set).start()
    events = list(run)
    assert statuses(events) == {"slow": "cancelled", "after": "cancelled"}
    assert run.result.cancelled
    assert recorded(shop)[0].status == "cancelled"


def test_the_next_run_after_a_cancelled_one_is_right(project: OpenProject, shop: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert build(project, cancel=stop).finish().cancelled
    assert build(project).finish().success


def test_a_reader_that_goes_away_cancels(project: OpenProject, shop: Path) -> None:
    events: Iterator[AnyEvent] = iter(build(project))
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert recorded(shop)[0].status == "cancelled"


def test_words_that_match_nothing_are_told(project: OpenProject) -> None:
    events = list(build(project, RunOptions(select=("nothing",))))
    messages = [e.code for e in events if isinstance(e, Message)]
    assert messages == ["M030", "Q035"]


def test_words_that_cannot_be_read_are_raised(project: OpenProject) -> None:
    with pytest.raises(UsageError):
        build(project, RunOptions(select=("metod:x",))).finish()


UNIT_TEST = """
unit_tests:
  - name: counts
    model: stg_orders
    given: [{input: ref('raw_orders'), rows: [{order_id: 1}]}]
    expect: {rows: [{order_id: 1}]}
"""


def test_unit_tests_run_too(project: OpenProject, shop: Path) -> None:
    (shop / "models" / "unit.yml").write_text(UNIT_TEST)
    events = list(build(project, RunOptions(select=("raw_orders", "stg_orders"))))
    assert statuses(events)["counts"] == "pass"


OPERATION = """
{% macro make(name) %}
  {% do run_query('create table ' ~ name ~ ' as select 1 as id') %}
  {% do adapter.commit() if adapter.commit is defined %}
{% endmacro %}
{% macro boom() %}{% do exceptions.raise_compiler_error('no!') %}{% endmacro %}
"""


def test_operations(project: OpenProject, shop: Path) -> None:
    (shop / "macros").mkdir()
    (shop / "macros" / "m.sql").write_text(OPERATION)
    events = list(run_operation(project, "boom"))
    (fault,) = [e.fault for e in events if isinstance(e, FaultFound)]
    assert "no!" in fault.message
    assert [(r.command, r.status) for r in recorded(shop)] == [("run-operation", "failed")]
    with pytest.raises(CompilationError, match="boom"):
        list(run_operation(project, "bom"))
