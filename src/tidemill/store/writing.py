"""Events into rows. Each function writes on a connection inside the caller's transaction.

What is known of the open run between two batches is a frozen value that is handed in and out, so
that a transaction that failed can be tried again from where it began.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from tidemill.errors import render_fault
from tidemill.events import (
    AnyEvent,
    Event,
    FaultFound,
    HookFinished,
    Message,
    NodeFinished,
    NodeStarted,
    RunFinished,
    RunStarted,
)
from tidemill.store.liveness import Process
from tidemill.store.schema import events, messages, node_states, run_nodes, runs

KEPT_LOGS = 50
"""Runs whose events are kept for replay. Runs, nodes and messages are kept for ever."""

Row = dict[str, Any]


class OpenRun(msgspec.Struct, frozen=True, kw_only=True):
    """The run that events belong to. It stays after its end, for messages that come late."""

    ordinal: int
    run_id: str
    target: str
    counts: dict[str, int] = {}
    finished: bool = False


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes: the process, and whether for the command line, the server or a Python program."""

    process: Process
    source: str


def write_events(
    connection: Connection, run: OpenRun | None, batch: Iterable[AnyEvent], author: Author
) -> OpenRun | None:
    """Write ``batch`` in order, and return the run that comes after it.

    Events before the first RunStarted belong to no run and are left out; the recorder holds them back.
    """
    waiting: list[AnyEvent] = []
    for event in batch:
        if isinstance(event, RunStarted):
            _write_middle(connection, run, waiting)
            waiting = []
            run = _begin_run(connection, event, author)
        elif isinstance(event, RunFinished):
            run = _write_middle(connection, run, waiting)
            waiting = []
            run = _finish_run(connection, run, event)
        else:
            waiting.append(event)
    return _write_middle(connection, run, waiting)


def beat(connection: Connection, run: OpenRun, now: float) -> None:
    """Say that the process of ``run`` is still there."""
    connection.execute(update(runs).where(runs.c.ordinal == run.ordinal), {"heartbeat_at": now})


def log(connection: Connection, run_id: str | None, batch: Sequence[Event]) -> None:
    """Append ``batch`` to the event log."""
    rows = [
        {
            "run_id": run_id,
            "at": event.at,
            "type": event.__struct_config__.tag,
            "body": as_json(event),
        }
        for event in batch
    ]
    if rows:
        connection.execute(insert(events), rows)


def end_open_nodes(
    connection: Connection, ordinal: int, run_id: str, at: float, why: str
) -> Counter[str]:
    """End what is still open in a run that is over, and return how many nodes got which status.

    What ran becomes ``cancelled``, what had not begun ``skipped``.
    """
    ended: Counter[str] = Counter()
    for before, after, message in (
        ("running", "cancelled", f"Stopped in the middle: {why}"),
        ("pending", "skipped", f"Not started: {why}"),
    ):
        values = {"status": after, "message": message, "finished_at": at}
        left = (run_nodes.c.run == ordinal) & (run_nodes.c.status == before)
        changed = connection.execute(update(run_nodes).where(left).values(values))
        ended[after] += changed.rowcount
    mine = (node_states.c.run_id == run_id) & (node_states.c.status == "running")
    stopped = {"status": "cancelled", "message": f"Stopped: {why}", "finished_at": at}
    connection.execute(update(node_states).where(mine).values(stopped))
    return +ended


def as_json(value: object) -> str:
    """``value`` as JSON text."""
    return msgspec.json.encode(value).decode()


def _begin_run(connection: Connection, event: RunStarted, author: Author) -> OpenRun:
    row = {
        "run_id": event.run_id,
        "command": event.command,
        "arguments": as_json(event.arguments),
        "project": event.project,
        "target": event.target,
        "threads": event.threads,
        "source": author.source,
        "status": "running",
        "started_at": event.at,
        "total": len(event.nodes),
        "counts": "{}",
        "host": author.process.host,
        "pid": author.process.pid,
        "process_started": author.process.started,
        "heartbeat_at": event.at,
    }
    ordinal: int = connection.execute(insert(runs).returning(runs.c.ordinal), row).scalar_one()
    _plan_nodes(connection, ordinal, event)
    _forget_old_logs(connection, ordinal)
    log(connection, event.run_id, [event])
    return OpenRun(ordinal=ordinal, run_id=event.run_id, target=event.target)


def _plan_nodes(connection: Connection, ordinal: int, event: RunStarted) -> None:
    rows = [
        {
            "run": ordinal,
            "unique_id": node.unique_id,
            "position": position,
            "name": node.name,
            "resource_type": node.resource_type,
            "depends_on": as_json(node.depends_on),
            "status": "pending",
        }
        for position, node in enumerate(event.nodes, start=1)
    ]
    if rows:
        connection.execute(insert(run_nodes), rows)


def _forget_old_logs(connection: Connection, ordinal: int) -> None:
    old = select(runs.c.run_id).where(runs.c.ordinal <= ordinal - KEPT_LOGS)
    connection.execute(delete(events).where(events.c.run_id.in_(old)))


def _write_middle(
    connection: Connection, run: OpenRun | None, batch: Sequence[AnyEvent]
) -> OpenRun | None:
    """Everything that happens between the start and the end of a run."""
    if run is None or not batch:
        return run
    log(connection, run.run_id, batch)
    finished = [e for e in batch if isinstance(e, NodeFinished)]
    _write_nodes(connection, run, [e for e in batch if isinstance(e, NodeStarted)], finished)
    lines = [row for event in batch for row in _message_rows(run, event)]
    if lines:
        connection.execute(insert(messages), lines)
    counts = Counter(run.counts)
    counts.update(event.status for event in finished)
    values = {"counts": as_json(counts), "heartbeat_at": max(event.at for event in batch)}
    connection.execute(update(runs).where(runs.c.ordinal == run.ordinal).values(values))
    return msgspec.structs.replace(run, counts=dict(counts))


def _write_nodes(
    connection: Connection,
    run: OpenRun,
    started: Sequence[NodeStarted],
    finished: Sequence[NodeFinished],
) -> None:
    """What began and what ended; the rows of what did both are written once."""
    begun = {event.unique_id: event for event in started}
    ended = {event.unique_id for event in finished}
    _write_started(connection, run, [e for e in started if e.unique_id not in ended])
    _write_finished(connection, run, [e for e in finished if e.unique_id not in begun])
    whole = {e.unique_id: begun[e.unique_id].at for e in finished if e.unique_id in begun}
    _write_finished(connection, run, [e for e in finished if e.unique_id in begun], whole)


def _write_started(connection: Connection, run: OpenRun, batch: Sequence[NodeStarted]) -> None:
    if not batch:
        return
    rows = [
        {**_identity(run, event), "status": "running", "started_at": event.at} for event in batch
    ]
    _upsert_nodes(connection, rows, ("status", "started_at", "description", "thread"))
    states = [
        {
            **_state_identity(run, event),
            "status": "running",
            "started_at": event.at,
            "finished_at": None,
            "seconds": None,
            "message": "",
            "rows_affected": None,
            "failures": None,
        }
        for event in batch
    ]
    _upsert_states(connection, states)


def _write_finished(
    connection: Connection,
    run: OpenRun,
    batch: Sequence[NodeFinished],
    begun: Mapping[str, float] | None = None,
) -> None:
    """``begun`` says when they began, where that is not written yet."""
    if not batch:
        return
    rows = [{**_identity(run, event), **_outcome(event), **_extras(event)} for event in batch]
    changed = (*_outcome(batch[0]), *_extras(batch[0]), "description", "thread")
    if begun is not None:
        rows = [{**row, "started_at": begun[row["unique_id"]]} for row in rows]
        changed = (*changed, "started_at")
    _upsert_nodes(connection, rows, changed)
    states = [
        {
            **_state_identity(run, event),
            **_outcome(event),
            "started_at": None if event.status == "skipped" else event.at - event.seconds,
        }
        for event in batch
    ]
    _upsert_states(connection, states)


def _identity(run: OpenRun, event: NodeStarted | NodeFinished) -> Row:
    """The columns of a node of a run that are known of every event about it."""
    return {
        "run": run.ordinal,
        "unique_id": event.unique_id,
        "position": event.index,
        "name": event.name,
        "resource_type": event.resource_type,
        "depends_on": "[]",
        "description": event.description,
        "thread": event.thread,
    }


def _state_identity(run: OpenRun, event: NodeStarted | NodeFinished) -> Row:
    return {"target": run.target, "unique_id": event.unique_id, "run_id": run.run_id}


def _outcome(event: NodeFinished) -> Row:
    return {
        "status": event.status,
        "finished_at": event.at,
        "seconds": event.seconds,
        "message": event.message,
        "rows_affected": event.rows_affected,
        "failures": event.failures,
    }


def _extras(event: NodeFinished) -> Row:
    return {
        "relation": event.relation,
        "compiled_path": event.compiled_path,
        "fault": None if event.fault is None else as_json(event.fault),
    }


def _upsert_nodes(connection: Connection, rows: Sequence[Row], changed: Sequence[str]) -> None:
    """Nodes are planned ahead; one that was not (a hook, say) gets its row here."""
    statement = _upsert(run_nodes, ("run", "unique_id"), tuple(rows[0]), tuple(changed))
    connection.execute(statement, list(rows))


def _upsert_states(connection: Connection, rows: Sequence[Row]) -> None:
    key = ("target", "unique_id")
    changed = tuple(name for name in rows[0] if name not in key)
    connection.execute(_upsert(node_states, key, tuple(rows[0]), changed), list(rows))


@lru_cache(maxsize=16)
def _upsert(
    table: Table, key: tuple[str, ...], names: tuple[str, ...], changed: tuple[str, ...]
) -> Insert:
    """The statement, made once for each shape of rows: making it costs more than a batch of rows does."""
    statement = upsert(table).values({name: bindparam(name) for name in names})
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in changed}
    )


def _message_rows(run: OpenRun, event: AnyEvent) -> list[Row]:
    row: Row = {"run": run.ordinal, "at": event.at, "node": None, "code": None, "fault": None}
    match event:
        case Message():
            said = {"level": event.level, "text": event.text, "code": event.code}
            return [{**row, **said, "node": event.unique_id}]
        case FaultFound(fault=fault):
            said = {"level": event.level, "text": render_fault(fault), "code": fault.code}
            return [{**row, **said, "node": fault.node, "fault": as_json(fault)}]
        case HookFinished():
            level = "error" if event.status == "error" else "info"
            text = f"{event.name} {event.index} of {event.total}: {event.status}"
            return [{**row, "level": level, "text": f"{text} {event.message}".rstrip()}]
        case _:
            return []


def _finish_run(connection: Connection, run: OpenRun | None, event: RunFinished) -> OpenRun | None:
    if run is None or run.finished:
        return run
    left = end_open_nodes(connection, run.ordinal, run.run_id, event.at, "the run ended")
    counts = event.counts or dict(Counter(run.counts) + left)
    values = {
        "status": event.status,
        "finished_at": event.at,
        "seconds": event.seconds,
        "counts": as_json(counts),
        "heartbeat_at": event.at,
    }
    connection.execute(update(runs).where(runs.c.ordinal == run.ordinal).values(values))
    log(connection, run.run_id, [event])
    return msgspec.structs.replace(run, counts=counts, finished=True)


def newest_seq(connection: Connection) -> int:
    """The place of the last event ever written to the log, 0 in an empty store."""
    counter = connection.exec_driver_sql("select seq from sqlite_sequence where name = 'events'")
    return counter.scalar() or connection.execute(select(func.max(events.c.seq))).scalar() or 0
