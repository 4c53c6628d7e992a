"""Find runs whose process is gone, and write down what became of them: ``crashed``."""

from __future__ import annotations

import time
from collections import Counter

import msgspec
from sqlalchemy import Connection, RowMapping, select, update

from tidemill.events import RunFinished
from tidemill.store import faults
from tidemill.store.database import Store
from tidemill.store.liveness import Process, is_alive
from tidemill.store.schema import run_nodes, runs
from tidemill.store.writing import as_json, end_open_nodes, log

WHY = "the process of this run is gone"


def settle_crashes(store: Store) -> tuple[str, ...]:
    """End every run that is said to be running and whose process is gone; their ids.

    The end is written to the event log too, so that whoever watches sees it. A store that cannot
    be written is left as it is.
    """
    with store.reading() as connection:
        suspects = _gone(connection)
    if not suspects:
        return ()
    try:
        with store.writing() as connection:
            # Somebody else may have been first, or the run ended a moment ago.
            crashed = _gone(connection)
            for row in crashed:
                _settle(connection, row)
    except faults.ERRORS:
        return ()
    return tuple(row["run_id"] for row in crashed)


def _gone(connection: Connection) -> list[RowMapping]:
    rows = connection.execute(select(runs).where(runs.c.status == "running")).mappings().all()
    now = time.time()
    return [
        row
        for row in rows
        if not is_alive(_process(row), heartbeat_at=row["heartbeat_at"], now=now)
    ]


def _process(row: RowMapping) -> Process:
    return Process(host=row["host"], pid=row["pid"], started=row["process_started"])


def _settle(connection: Connection, row: RowMapping) -> None:
    # The last sign of life is the best guess of when it ended.
    at = max(row["heartbeat_at"], _last_step(connection, row["ordinal"]))
    seconds = max(0.0, at - row["started_at"])
    counts = Counter(msgspec.json.decode(row["counts"], type=dict[str, int]))
    counts += end_open_nodes(connection, row["ordinal"], row["run_id"], at, WHY)
    ended = RunFinished(
        at=at, run_id=row["run_id"], status="crashed", seconds=seconds, counts=dict(counts)
    )
    values = {"status": "crashed", "finished_at": at, "seconds": seconds}
    mine = runs.c.ordinal == row["ordinal"]
    connection.execute(update(runs).where(mine).values(**values, counts=as_json(counts)))
    log(connection, row["run_id"], [ended])


def _last_step(connection: Connection, ordinal: int) -> float:
    times = select(run_nodes.c.started_at, run_nodes.c.finished_at).where(
        run_nodes.c.run == ordinal
    )
    return max((t for row in connection.execute(times) for t in row if t is not None), default=0.0)
