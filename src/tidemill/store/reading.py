"""Questions to the store: runs, one run, the newest state of every node. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import RowMapping, select

from tidemill.errors import Fault
from tidemill.store.database import Store
from tidemill.store.schema import messages, run_nodes, runs
from tidemill.store.schema import node_states as states_table
from tidemill.store.values import NodeState, RunDetail, RunMessage, RunNode, RunSummary


def list_runs(
    store: Store, *, limit: int = 50, before: str | None = None
) -> tuple[RunSummary, ...]:
    """The newest runs, newest first; with ``before``, those older than the run of that id.

    An unknown ``before`` gives nothing.
    """
    query = select(runs).order_by(runs.c.ordinal.desc()).limit(limit)
    if before is not None:
        place = select(runs.c.ordinal).where(runs.c.run_id == before).scalar_subquery()
        query = query.where(runs.c.ordinal < place)
    with store.reading() as connection:
        return tuple(RunSummary(**_summary(row)) for row in connection.execute(query).mappings())


def read_run(store: Store, run_id: str) -> RunDetail | None:
    """The run of that id with its nodes and messages, or None."""
    with store.reading() as connection:
        row = connection.execute(select(runs).where(runs.c.run_id == run_id)).mappings().first()
        if row is None:
            return None
        mine = run_nodes.c.run == row["ordinal"]
        nodes = connection.execute(select(run_nodes).where(mine).order_by(run_nodes.c.position))
        said = messages.c.run == row["ordinal"]
        lines = connection.execute(select(messages).where(said).order_by(messages.c.id))
        return RunDetail(
            **_summary(row),
            nodes=tuple(_run_node(node) for node in nodes.mappings()),
            messages=tuple(_message(line) for line in lines.mappings()),
        )


def active_run(store: Store) -> RunSummary | None:
    """The newest run that is said to be running, in whatever process; see also ``crashes``."""
    query = select(runs).where(runs.c.status == "running").order_by(runs.c.ordinal.desc())
    with store.reading() as connection:
        row = connection.execute(query.limit(1)).mappings().first()
        return None if row is None else RunSummary(**_summary(row))


def node_states(store: Store, target: str) -> dict[str, NodeState]:
    """The newest state on ``target`` of every node that ever ran there, by unique id."""
    return _states(store, target, None)


def node_states_of(store: Store, target: str, ids: Iterable[str]) -> dict[str, NodeState]:
    """As ``node_states``, for a few nodes."""
    return _states(store, target, tuple(ids))


def last_run_of(store: Store, unique_id: str, target: str) -> tuple[RunSummary, RunNode] | None:
    """The newest run on ``target`` that has this node, with what came of it there; or None."""
    mine = (run_nodes.c.unique_id == unique_id) & (run_nodes.c.run == runs.c.ordinal)
    where = mine & (runs.c.target == target) & (run_nodes.c.status != "pending")
    newest = select(runs.c.ordinal).where(where).order_by(runs.c.ordinal.desc()).limit(1)
    with store.reading() as connection:
        ordinal = connection.execute(newest).scalar()
        if ordinal is None:
            return None
        run = connection.execute(select(runs).where(runs.c.ordinal == ordinal)).mappings().one()
        its = (run_nodes.c.run == ordinal) & (run_nodes.c.unique_id == unique_id)
        node = connection.execute(select(run_nodes).where(its)).mappings().one()
        return RunSummary(**_summary(run)), _run_node(node)


_FEW = 500


def _states(store: Store, target: str, ids: tuple[str, ...] | None) -> dict[str, NodeState]:
    table = states_table
    query = select(table).where(table.c.target == target)
    if ids is not None and len(ids) <= _FEW:
        query = query.where(table.c.unique_id.in_(ids))
    names = NodeState.__struct_fields__
    with store.reading() as connection:
        rows = connection.execute(query).mappings()
        found = {row["unique_id"]: NodeState(**{n: row[n] for n in names}) for row in rows}
    return found if ids is None else {i: found[i] for i in ids if i in found}


def _summary(row: RowMapping) -> dict[str, Any]:
    counts = msgspec.json.decode(row["counts"], type=dict[str, int])
    return {
        "id": row["run_id"],
        "command": row["command"],
        "arguments": msgspec.json.decode(row["arguments"], type=dict[str, str]),
        "project": row["project"],
        "target": row["target"],
        "threads": row["threads"],
        "source": row["source"],
        "status": row["status"],
        "started_at": row["started_at"],
        "finished_at": row["finished_at"],
        "seconds": row["seconds"],
        "counts": counts,
        "total": row["total"],
        "done": sum(counts.values()),
    }


def _run_node(row: RowMapping) -> RunNode:
    return RunNode(
        id=row["unique_id"],
        name=row["name"],
        resource_type=row["resource_type"],
        index=row["position"],
        status=row["status"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        seconds=row["seconds"],
        description=row["description"],
        message=row["message"],
        rows_affected=row["rows_affected"],
        failures=row["failures"],
        relation=row["relation"],
        compiled_path=row["compiled_path"],
        depends_on=msgspec.json.decode(row["depends_on"], type=tuple[str, ...]),
        fault=_fault(row["fault"]),
    )


def _message(row: RowMapping) -> RunMessage:
    return RunMessage(
        at=row["at"],
        level=row["level"],
        text=row["text"],
        node=row["node"],
        code=row["code"],
        fault=_fault(row["fault"]),
    )


def _fault(text: str | None) -> Fault | None:
    return None if text is None else msgspec.json.decode(text, type=Fault)
