"""``retry``: what an earlier command left undone, from its run_results.json.

Here is only what is read of that file; whoever calls runs the command anew with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.artifacts.state import read_artifact
from tidemill.engine.jinja.periods import Period
from tidemill.engine.nodes import BatchResults
from tidemill.errors import UsageError

RUN_RESULTS = "run_results.json"

COMMANDS: Mapping[str, str] = {
    "build": "build",
    "compile": "compile",
    "clone": "clone",
    "generate": "docs generate",
    "seed": "seed",
    "snapshot": "snapshot",
    "test": "test",
    "run": "run",
    "run-operation": "run-operation",
}
"""Commands that can be retried: dbt's word in the file, and the verb."""

_UNDONE = frozenset({"error", "fail", "skipped", "runtime error", "partial success"})


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier command, and what of it is to be done again."""

    verb: str
    arguments: dict[str, Any]
    """Its flags by dbt's names."""
    unique_ids: tuple[str, ...]
    batches: dict[str, BatchResults] = {}
    """Of microbatch models of which a part is done already."""
    began: float | None = None
    """When it began, in Unix seconds."""

    @property
    def is_operation(self) -> bool:
        return self.verb == "run-operation"


def read_retry(folder: Path, *, with_warnings: bool = False, shown: str | None = None) -> Retry:
    """What ``run_results.json`` in ``folder`` leaves to do; ``with_warnings`` counts those as undone.

    ``shown`` is how messages call the folder.

    Raises UsageError when there is none or its command cannot be retried, and ConfigurationError when it
    cannot be read.
    """
    results = read_artifact(folder / RUN_RESULTS)
    if results is None:
        raise UsageError(
            f"Could not find previous run in '{shown or folder}' target directory",
            code="retry-nothing",
            hint="run a command first, or name the folder of its artifacts with --state",
        )
    arguments = dict(results.get("args") or {})
    which = str(arguments.get("which"))
    if which not in COMMANDS:
        raise UsageError(
            f"the previous command was '{which}', which cannot be retried",
            code="retry-command",
            hint=f"commands that can be: {', '.join(COMMANDS.values())}",
        )
    undone = _UNDONE | {"warn"} if with_warnings else _UNDONE
    left = [
        entry
        for entry in results.get("results") or ()
        if entry["status"] in undone and _counts(entry["unique_id"], which)
    ]
    return Retry(
        verb=COMMANDS[which],
        arguments=arguments,
        unique_ids=tuple(entry["unique_id"] for entry in left),
        batches={e["unique_id"]: b for e in left if (b := _batches(e)) is not None},
        began=_began(results.get("metadata") or {}),
    )


def _began(metadata: Mapping[str, Any]) -> float | None:
    """Files of older versions say only when they were written."""
    at = metadata.get("invocation_started_at") or metadata.get("generated_at")
    return dt.datetime.fromisoformat(str(at)).timestamp() if at else None


def _counts(unique_id: str, which: str) -> bool:
    """Hooks run with every command anyway; only the macro of ``run-operation`` is an operation to repeat."""
    return which == "run-operation" or not unique_id.startswith("operation.")


def _batches(entry: Mapping[str, Any]) -> BatchResults | None:
    """None unless some were built and some were not: then the model is not to begin anew."""
    found = entry.get("batch_results")
    if not found or not found["successful"] or not found["failed"]:
        return None
    return BatchResults(
        successful=tuple(_period(pair) for pair in found["successful"]),
        failed=tuple(_period(pair) for pair in found["failed"]),
    )


def _period(pair: list[str]) -> Period:
    return Period.of({"start": pair[0], "end": pair[1]})
