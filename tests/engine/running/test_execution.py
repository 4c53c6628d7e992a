from __future__ import annotations

from pathlib import Path

from tests.engine.running.building import manifest, model
from tests.engine.running.hosting import make_host, rows, run, statuses


def test_models_become_tables_and_views(tmp_path: Path) -> None:
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
