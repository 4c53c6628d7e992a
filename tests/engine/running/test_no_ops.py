"""Exposures in a build: told as NO-OP, skipped behind a failure."""

from __future__ import annotations

from pathlib import Path

from tests.engine.running.projects import run, run_results, write
from tidemill.events import NodeStarted

FILES = {
    "models/good.sql": "select 1 as id",
    "models/bad.sql": "select nope as id",
    "models/e.yml": """
        exposures:
          - {name: weekly, type: dashboard, owner: {name: me}, depends_on: [ref('good')]}
          - {name: daily, type: dashboard, owner: {name: me}, depends_on: [ref('bad')]}
    """,
}


def test_exposures_have_results(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    outcome = run(root, "build")
    assert outcome.statuses == {
        "good": "success", "bad": "error", "weekly": "no-op", "daily": "skipped",
    }  # fmt: skip
    started = {event.name for event in outcome.events if isinstance(event, NodeStarted)}
    assert started == {"good", "bad"}
    result = run_results(root)["exposure.shop.weekly"]
    kept = {k: v for k, v in result.items() if k not in {"timing", "thread_id", "execution_time"}}
    assert kept == {
        "status": "no-op",
        "adapter_response": {},
        "message": "NO-OP",
        "failures": 0,
        "unique_id": "exposure.shop.weekly",
        "compiled": None,
        "compiled_code": None,
        "relation_name": None,
        "batch_results": None,
    }
