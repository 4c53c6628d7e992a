from __future__ import annotations

import datetime as dt

from tests.engine.running.building import hook, manifest, model
from tidemill.engine.nodes import NodeResult, Timing
from tidemill.engine.running.hooks import end_names, hooks_of
from tidemill.engine.running.views import result_view

RESULT = NodeResult(
    unique_id="model.shop.a",
    status="success",
    seconds=1.5,
    message="OK",
    thread="Thread-1 (worker)",
    timings=(Timing("execute", 0.0, 1.0),),
    adapter_response={"_message": "OK"},
)


def test_a_result_reads_as_dbts_does() -> None:
    view = result_view(RESULT, model("a", config={"materialized": "table", "meta": {"owner": "x"}}))
    assert view.node.unique_id == "model.shop.a"
    assert view.node.config.meta.owner == "x"
    assert view.node.config.materialized == "table"
    assert (view.status, view.message, view.execution_time) == ("success", "OK", 1.5)
    assert view.timing[0].started_at == dt.datetime.fromisoformat("1970-01-01")
    plain = view.to_dict()
    assert plain["timing"] == [
        {
            "name": "execute",
            "started_at": "1970-01-01T00:00:00",
            "completed_at": "1970-01-01T00:00:01",
        }
    ]
    assert type(plain["node"]) is dict
    assert "failures" not in view.to_dict(omit_none=True)


def test_end_hooks_get_schemas_of_what_was_built_well() -> None:
    nodes = manifest(model("a"), model("b", schema="marts"), hook("select 1", "on-run-start")).nodes
    failed = NodeResult(unique_id="model.shop.b", status="error", thread="Thread-2 (worker)")
    start = NodeResult(
        unique_id="operation.shop.shop-on-run-start-0", status="success", thread="main"
    )
    names = end_names([start, RESULT, failed], nodes)
    assert names["schemas"] == ["main"]
    assert names["database_schemas"] == [("shop", "main")]
    assert [r.node.name for r in names["results"]] == ["a", "b"]


def test_hooks_run_in_the_order_of_their_list() -> None:
    project = manifest(
        hook("1", "on-run-end", 1), hook("0", "on-run-end", 0), hook("s", "on-run-start")
    )
    assert [h.raw_code for h in hooks_of(project, "on-run-end", "shop")] == ["0", "1"]
