"""What dbt asks of the configuration of microbatch models, and their ``begin`` as a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from tidemill.engine.jinja.periods import GRAINS
from tidemill.engine.nodes import Manifest, Model, Node
from tidemill.errors import Fault, ParsingError, Place


class Batched(msgspec.Struct, frozen=True):
    """The manifest with times where text stood, and what is wrong."""

    manifest: Manifest
    faults: tuple[Fault, ...]


def with_batch_configs(manifest: Manifest) -> Batched:
    """Check every microbatch model, and write its ``begin`` as dbt keeps it: ``2024-01-01T00:00:00``."""
    nodes = dict(manifest.nodes)
    faults: list[Fault] = []
    for key, node in manifest.nodes.items():
        if not is_microbatch(node):
            continue
        found = [_fault(node, message) for message in _messages(node)]
        faults += found
        if not found:
            begin = _time(node.config["begin"])
            config = {**node.config, "begin": begin.isoformat()}
            nodes[key] = msgspec.structs.replace(node, config=config)
    return Batched(msgspec.structs.replace(manifest, nodes=nodes), tuple(faults))


def batch_notices(
    manifest: Manifest, *, runs_batches: bool, concurrent: bool, adapter: str
) -> Iterator[Fault]:
    """Warnings of batches that cannot run as it was asked for.

    ``runs_batches``: whether the project's strategy runs in batches at all; ``concurrent``: whether the adapter
    runs several at once.
    """
    if not runs_batches:
        if any(is_microbatch(node) for node in manifest.nodes.values()):
            yield Fault(
                code="deprecated-microbatch-macro",
                label="Warning",
                message="The use of a custom microbatch macro outside of batched execution is deprecated",
                hint="set the flag require_batched_execution_for_custom_microbatch_strategy to true in "
                "dbt_project.yml",
            )
    elif not concurrent:
        forced = [n for n in manifest.nodes.values() if n.config.get("concurrent_batches") is True]
        if forced:
            models = "microbatch model" if len(forced) == 1 else "microbatch models"
            yield Fault(
                code="microbatch-concurrency",
                label="Warning",
                message=f"Found {len(forced)} {models} with the `concurrent_batches` config set to true, "
                f"but the {adapter} adapter does not support running batches concurrently. Batches will "
                "be run sequentially.",
                place=Place(file=forced[0].original_file_path),
            )


def is_microbatch(node: Node) -> bool:
    """Whether the model is configured to run in batches."""
    strategy = node.config.get("incremental_strategy")
    is_incremental = isinstance(node, Model) and node.materialized == "incremental"
    return is_incremental and strategy == "microbatch"


def _messages(node: Node) -> Iterator[str]:
    config, name = node.config, f"Microbatch model '{node.name}'"
    event_time, begin = config.get("event_time"), config.get("begin")
    if event_time is None:
        yield (
            f"{name} must provide an 'event_time' (string) config that indicates the name of the "
            "event time column."
        )
    elif not isinstance(event_time, str):
        yield f"{name} must provide an 'event_time' config of type string, but got: {_kind(event_time)}."
    if begin is None:
        yield (
            f"{name} must provide a 'begin' (datetime) config that indicates the earliest timestamp "
            "the microbatch model should be built from."
        )
    elif isinstance(begin, str) and not _is_time(begin):
        yield f"{name} must provide a 'begin' config of valid datetime (ISO format), but got: {begin}."
    elif not isinstance(begin, str | dt.datetime):
        yield f"{name} must provide a 'begin' config of type datetime, but got: {_kind(begin)}."
    yield from _optional(config, name)


def _optional(config: dict[str, Any], name: str) -> Iterator[str]:
    size, lookback = config.get("batch_size"), config.get("lookback")
    concurrent = config.get("concurrent_batches")
    if size not in GRAINS:
        yield f"{name} must provide a 'batch_size' config that is one of {list(GRAINS)}, but got: {size}."
    if lookback is not None and not isinstance(lookback, int):
        yield (
            f"{name} must provide the optional 'lookback' config as type int, but got: "
            f"{_kind(lookback)})."
        )
    if concurrent is not None and not isinstance(concurrent, bool):
        yield (
            f"{name} optional 'concurrent_batches' config must be of type `bool` if specified, but "
            f"got: {_kind(concurrent)})."
        )


def _kind(value: Any) -> str:
    return f"<class '{type(value).__name__}'>"


def _is_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _time(value: Any) -> dt.datetime:
    return dt.datetime.fromisoformat(value) if isinstance(value, str) else value


def _fault(node: Node, message: str) -> Fault:
    place = Place(file=node.original_file_path, line=node.line)
    return ParsingError(message, code="microbatch", node=node.unique_id, place=place).fault
