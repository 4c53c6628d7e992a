"""sources.json, version 3: how fresh each source was when it was asked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tidemill.engine.artifacts.files import write_atomically
from tidemill.engine.artifacts.run_results import custom_environment
from tidemill.engine.artifacts.versions import DBT_VERSION, SOURCES_SCHEMA
from tidemill.engine.nodes import RunResult, SourceFreshness
from tidemill.engine.nodes.encoding import encode, utc


def write_sources(path: Path, run: RunResult, freshness: Iterable[SourceFreshness]) -> None:
    """Write ``sources_json`` to ``path``, atomically. Raises ConfigurationError when it cannot."""
    write_atomically(path, sources_json(run, freshness))


def sources_json(run: RunResult, freshness: Iterable[SourceFreshness]) -> bytes:
    """The check in dbt's schema v3. Sources that could not be asked are left out, as dbt leaves them."""
    return encode(
        {
            "metadata": {
                "dbt_schema_version": SOURCES_SCHEMA,
                "dbt_version": DBT_VERSION,
                "generated_at": utc(run.finished_at),
                "invocation_id": run.run_id,
                "invocation_started_at": utc(run.started_at),
                "env": custom_environment(os.environ),
            },
            "results": [_result(found) for found in freshness if found.max_loaded_at is not None],
            "elapsed_time": run.seconds,
        }
    )


def _result(found: SourceFreshness) -> dict[str, Any]:
    loaded, asked = found.max_loaded_at, found.snapshotted_at
    return {
        "unique_id": found.unique_id,
        "max_loaded_at": loaded and loaded.isoformat(),
        "snapshotted_at": asked and asked.isoformat(),
        "max_loaded_at_time_ago_in_s": found.age,
        "status": found.status,
        "criteria": found.criteria,
        "adapter_response": found.adapter_response,
        "timing": [
            {
                "name": timing.name,
                "started_at": utc(timing.started_at),
                "completed_at": utc(timing.completed_at),
            }
            for timing in found.timings
        ],
        "thread_id": found.thread,
        "execution_time": found.seconds,
    }
