"""run_results.json, version 6: what came of each node of a run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tidemill.engine.artifacts.files import write_atomically
from tidemill.engine.artifacts.versions import DBT_VERSION, RUN_RESULTS_SCHEMA
from tidemill.engine.nodes import BatchResults, NodeResult, RunResult, Timing
from tidemill.engine.nodes.encoding import encode, utc
from tidemill.keys import resource_type_of

_COMPILED_TYPES = frozenset(
    {"model", "snapshot", "test", "analysis", "operation", "function", "macro"}
)
"""Resource types that have SQL of their own; for others dbt leaves the compiled keys null,
and for unit tests until they have any."""

_SECRET_PREFIX = "DBT_ENV_SECRET"
_HIDDEN = "*****"
_ENVIRONMENT_PREFIX = "DBT_ENV_CUSTOM_ENV_"


def write_run_results(path: Path, run: RunResult) -> None:
    """Write ``run_results_json`` to ``path``, atomically. Raises ConfigurationError when it cannot."""
    write_atomically(path, run_results_json(run))


def run_results_json(run: RunResult, *, environment: Mapping[str, str] | None = None) -> bytes:
    """The run in dbt's schema v6. Results keep the order in which the nodes ended."""
    return encode(
        {
            "metadata": {
                "dbt_schema_version": RUN_RESULTS_SCHEMA,
                "dbt_version": DBT_VERSION,
                "generated_at": utc(run.finished_at),
                "invocation_id": run.run_id,
                "invocation_started_at": utc(run.started_at),
                "env": custom_environment(os.environ if environment is None else environment),
            },
            "results": [_result(result) for result in run.results],
            "elapsed_time": run.seconds,
            "args": {"which": run.command, **_without_secrets(run.arguments)},
        }
    )


def _without_secrets(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with the values of secret vars hidden, as dbt writes them."""
    values = arguments.get("vars")
    if not isinstance(values, Mapping):
        return dict(arguments)
    shown = {key: _HIDDEN if _is_secret(key) else value for key, value in values.items()}
    return {**arguments, "vars": shown}


def _is_secret(name: Any) -> bool:
    return isinstance(name, str) and name.startswith(_SECRET_PREFIX)


def custom_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that dbt copies into artifacts, by their names without the prefix."""
    return {
        name.removeprefix(_ENVIRONMENT_PREFIX): value
        for name, value in environment.items()
        if name.startswith(_ENVIRONMENT_PREFIX)
    }


def _result(result: NodeResult) -> dict[str, Any]:
    kind = resource_type_of(result.unique_id)
    has_code = kind in _COMPILED_TYPES or (kind == "unit_test" and result.compiled_code is not None)
    return {
        "status": "skipped" if result.status == "cancelled" else result.status,
        "timing": [_timing(timing) for timing in result.timings],
        "thread_id": result.thread,
        "execution_time": result.seconds,
        "adapter_response": result.adapter_response,
        "message": result.message or None,
        "failures": result.failures,
        "unique_id": result.unique_id,
        "compiled": result.compiled_code is not None if has_code else None,
        "compiled_code": result.compiled_code if has_code else None,
        "relation_name": result.relation_name if has_code else None,
        "batch_results": _batches(result.batch_results),
    }


def _batches(results: BatchResults | None) -> dict[str, Any] | None:
    if results is None:
        return None
    return {
        "successful": [_period(period) for period in results.successful],
        "failed": [_period(period) for period in results.failed],
    }


def _period(period: Any) -> list[str]:
    return [period.start.isoformat(), period.end.isoformat()]


def _timing(timing: Timing) -> dict[str, str]:
    return {
        "name": timing.name,
        "started_at": utc(timing.started_at),
        "completed_at": utc(timing.completed_at),
    }
