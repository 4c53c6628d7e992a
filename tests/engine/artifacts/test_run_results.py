from __future__ import annotations

import json
from pathlib import Path

from tidemill.engine.artifacts import run_results_json, write_run_results
from tidemill.engine.nodes import NodeResult, RunResult, Timing

RUN = RunResult(
    run_id="one",
    command="build",
    started_at=1_700_000_000.0,
    finished_at=1_700_000_002.5,
    arguments={"select": ["orders"], "invocation_command": "tidemill build"},
    results=(
        NodeResult(
            unique_id="model.shop.orders",
            status="success",
            seconds=1.5,
            message="OK",
            thread="Thread-1 (worker)",
            timings=(Timing("compile", 1_700_000_000.0, 1_700_000_000.25),),
            adapter_response={"_message": "OK"},
            relation_name='"db"."main"."orders"',
            compiled_code="select 1",
        ),
        NodeResult(unique_id="seed.shop.raw", status="success", relation_name="raw", message="OK"),
        NodeResult(unique_id="test.shop.unique", status="cancelled"),
        NodeResult(unique_id="unit_test.shop.orders.x", status="error"),
    ),
)


def test_results_have_dbts_keys_in_dbts_order() -> None:
    data = json.loads(run_results_json(RUN, environment={"DBT_ENV_CUSTOM_ENV_A": "b", "C": "d"}))
    assert data["metadata"] == {
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json",
        "dbt_version": "1.11.16",
        "generated_at": "2023-11-14T22:13:22.500000Z",
        "invocation_id": "one",
        "invocation_started_at": "2023-11-14T22:13:20Z",
        "env": {"A": "b"},
    }
    assert (data["elapsed_time"], data["args"]) == (2.5, {"which": "build", **RUN.arguments})
    assert list(data["results"][0].items()) == [
        ("status", "success"),
        (
            "timing",
            [
                {
                    "name": "compile",
                    "started_at": "2023-11-14T22:13:20Z",
                    "completed_at": "2023-11-14T22:13:20.250000Z",
                }
            ],
        ),
        ("thread_id", "Thread-1 (worker)"),
        ("execution_time", 1.5),
        ("adapter_response", {"_message": "OK"}),
        ("message", "OK"),
        ("failures", None),
        ("unique_id", "model.shop.orders"),
        ("compiled", True),
        ("compiled_code", "select 1"),
        ("relation_name", '"db"."main"."orders"'),
        ("batch_results", None),
    ]


def test_only_what_has_sql_counts_as_compiled() -> None:
    results = json.loads(run_results_json(RUN))["results"]
    found = [(r["status"], r["message"], r["compiled"], r["relation_name"]) for r in results]
    assert found[1:] == [
        ("success", "OK", None, None),
        ("skipped", None, False, None),
        ("error", None, None, None),
    ]


def test_the_file_is_written(tmp_path: Path) -> None:
    write_run_results(tmp_path / "run_results.json", RUN)
    assert (tmp_path / "run_results.json").read_bytes() == run_results_json(RUN)
