"""The line for a node that starts, and for one that ends, by its type and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tidemill.cli.rendering.entry import Colour, Entry
from tidemill.cli.rendering.node_info import node_info
from tidemill.cli.rendering.phrases import progress_line
from tidemill.events import Level, NodeFinished, NodeStarted

if TYPE_CHECKING:
    from tidemill.engine.nodes import Resource

_DONE: dict[str, tuple[str, str, str]] = {
    "model": ("LogModelResult", "Q012", "created"),
    "seed": ("LogSeedResult", "Q016", "loaded"),
    "snapshot": ("LogSnapshotResult", "Q015", "snapshotted"),
    "function": ("LogFunctionResult", "Q047", "created"),
}
_FAILED: dict[str, str] = {
    "created": "creating",
    "loaded": "loading",
    "snapshotted": "snapshotting",
}
_TESTS = frozenset({"test", "unit_test"})


def started(event: NodeStarted, node: Resource | None, width: int) -> Entry:
    """``1 of 8 START sql table model main.orders .... [RUN]``."""
    text = progress_line(
        f"START {event.description}", "RUN", index=event.index, total=event.total, width=width
    )
    data = {
        "description": event.description,
        "index": event.index,
        "total": event.total,
        "node_info": node_info(node, status="started", started_at=event.at),
    }
    return _entry("LogStartLine", "Q011", "info", text, data, event, only_plain=True)


def finished(
    event: NodeFinished, node: Resource | None, started_at: float | None, width: int
) -> Entry:
    """The line for the end of a node, whatever came of it."""
    info = node_info(node, status=event.status, started_at=started_at, finished_at=event.at)
    if event.status == "skipped":
        return _skipped(event, node, info, width)
    if event.status == "cancelled":
        return _cancelled(event, width)
    if event.status == "no-op":
        return _nothing_done(event, info, width)
    if event.resource_type == "source":
        return _freshness(event, node, info, width)
    if event.resource_type in _TESTS:
        return _tested(event, node, info, width)
    return _built(event, info, width)


def _built(event: NodeFinished, info: dict[str, Any], width: int) -> Entry:
    fallback = ("LogNodeResult", "Q008", "created")
    name, code, verb = _DONE.get(event.resource_type, fallback)
    failed = event.status in {"error", "fail"}
    partly = event.status == "partial success"
    good = f"PARTIALLY {verb}" if partly else f"OK {verb}"
    words = f"ERROR {_FAILED[verb]}" if failed else good
    shown = "ERROR" if failed else _first_line(event.message) or "OK"
    text = _line(event, f"{words} {event.description}", shown, width)
    data = {
        "description": event.description,
        "execution_time": event.seconds,
        "index": event.index,
        "total": event.total,
        "status": event.status if failed or event.resource_type == "seed" else shown,
        "node_info": info,
    }
    if event.resource_type == "seed":
        schema, _, relation = event.description.rpartition(" ")[2].partition(".")
        del data["description"]
        data |= {"schema": schema, "relation": relation, "result_message": shown}
    level: Level = "error" if failed else "info"
    colour: Colour = "red" if failed else "yellow" if partly else "green"
    return _entry(name, code, level, text, data, event, colour, shown)


def _nothing_done(event: NodeFinished, info: dict[str, Any], width: int) -> Entry:
    """``1 of 8 NO-OP exposure weekly .... [NO-OP in 0.00s]``."""
    data = {
        "description": event.description,
        "execution_time": event.seconds,
        "index": event.index,
        "total": event.total,
        "status": event.status,
        "node_info": info,
    }
    text = _line(event, f"NO-OP {event.description}", "NO-OP", width)
    return _entry("LogNodeNoOpResult", "Q019", "info", text, data, event, "yellow", "NO-OP")


def _tested(event: NodeFinished, node: Resource | None, info: dict[str, Any], width: int) -> Entry:
    name = event.description.partition(" ")[2] or event.name
    shown, level, colour = _verdict(event)
    data = {
        "attached_node": getattr(node, "attached_node", "") or "",
        "execution_time": event.seconds,
        "index": event.index,
        "num_models": event.total,
        "num_failures": event.failures or 0,
        "name": name,
        "status": event.status,
        "node_info": info,
    }
    text = _line(event, f"{shown} {name}", shown, width)
    return _entry("LogTestResult", "Q007", level, text, data, event, colour, shown)


def _freshness(
    event: NodeFinished, node: Resource | None, info: dict[str, Any], width: int
) -> Entry:
    shown, level, colour = _staleness(event)
    stale = "error" if event.fault is None else "runtime error"
    data = {
        "execution_time": event.seconds,
        "index": event.index,
        "total": event.total,
        "source_name": getattr(node, "source_name", ""),
        "table_name": event.name,
        "status": stale if event.status == "error" else event.status,
        "node_info": info,
    }
    text = _line(event, f"{shown} {event.description}", shown, width)
    return _entry("LogFreshnessResult", "Q018", level, text, data, event, colour, shown)


def _staleness(event: NodeFinished) -> tuple[str, Level, Colour]:
    if event.status == "error":
        return "ERROR" if event.fault else "ERROR STALE", "error", "red"
    if event.status == "warn":
        return "WARN", "warn", "yellow"
    return "PASS", "info", "green"


def _verdict(event: NodeFinished) -> tuple[str, Level, Colour]:
    if event.status == "fail":
        return f"FAIL {event.failures or 0}", "error", "red"
    if event.status == "warn":
        return f"WARN {event.failures or 0}", "warn", "yellow"
    if event.status == "error":
        return "ERROR", "error", "red"
    return "PASS", "info", "green"


def _skipped(event: NodeFinished, node: Resource | None, info: dict[str, Any], width: int) -> Entry:
    relation = event.description.rpartition(" ")[2] or event.name
    is_relation = event.resource_type in _DONE
    what = (
        f"SKIP relation {relation}" if is_relation else f"SKIP {event.resource_type} {event.name}"
    )
    if event.message.startswith("Compilation Error in "):
        return _skipped_by_ephemeral(event, node, info, width)
    text = progress_line(what, "SKIP", index=event.index, total=event.total, width=width)
    data = {
        "resource_type": event.resource_type,
        "schema": getattr(node, "schema", "") or "",
        "node_name": event.name,
        "index": event.index,
        "total": event.total,
        "node_info": info,
    }
    return _entry("SkippingDetails", "Q034", "info", text, data, event, "yellow", "SKIP")


def _skipped_by_ephemeral(
    event: NodeFinished, node: Resource | None, info: dict[str, Any], width: int
) -> Entry:
    """dbt's line for what stands on an ephemeral model that does not compile: those have no line of their own."""
    schema = getattr(node, "schema", "") or ""
    text = progress_line(
        f"SKIP relation {schema}.{event.name} due to ephemeral model status 'error'",
        "ERROR SKIP",
        index=event.index,
        total=event.total,
        width=width,
    )
    data = {
        "schema": schema,
        "relation": event.name,
        "index": event.index,
        "total": event.total,
        "status": "error",
        "node_info": info,
    }
    return _entry("LogSkipBecauseError", "Z034", "error", text, data, event, "red", "ERROR SKIP")


def _cancelled(event: NodeFinished, width: int) -> Entry:
    text = progress_line(f"CANCEL query {event.unique_id}", "CANCEL", width=width)
    data = {"conn_name": event.unique_id}
    return _entry("LogCancelLine", "Q022", "error", text, data, event, "red", "CANCEL")


def _line(event: NodeFinished, text: str, status: str, width: int) -> str:
    return progress_line(
        text, status, index=event.index, total=event.total, seconds=event.seconds, width=width
    )


def _first_line(text: str) -> str:
    return text.partition("\n")[0].strip()


def _entry(
    name: str,
    code: str,
    level: Level,
    text: str,
    data: dict[str, Any],
    event: NodeStarted | NodeFinished,
    colour: Colour | None = None,
    accent: str | None = None,
    only_plain: bool = False,
) -> Entry:
    return Entry(
        name=name,
        code=code,
        level=level,
        text=text,
        data=data,
        at=event.at,
        thread=event.thread or "MainThread",
        colour=colour,
        accent=accent,
        only_plain=only_plain,
    )
