"""The event log, for readers that follow it: everything after a place, and a cheap look for news.

All processes that run something in the project write to one log. Its numbers only grow.
"""

from __future__ import annotations

import sqlite3

import msgspec
from sqlalchemy import func, select

from tidemill.store.database import Store
from tidemill.store.schema import events
from tidemill.store.values import LoggedEvent
from tidemill.store.writing import newest_seq

PAGE = 2_000
"""Events that are read at a time."""


def last_seq(store: Store) -> int:
    """The place of the newest event."""
    with store.reading() as connection:
        return newest_seq(connection)


def can_replay(store: Store, after: int) -> bool:
    """Whether all that came after place ``after`` is still in the log, and ``after`` is of this log."""
    with store.reading() as connection:
        newest = newest_seq(connection)
        if after >= newest:
            return after == newest
        oldest = connection.execute(select(func.min(events.c.seq))).scalar()
        return oldest is not None and after >= oldest - 1


def events_after(store: Store, after: int, limit: int = PAGE) -> tuple[LoggedEvent, ...]:
    """Up to ``limit`` events that follow place ``after``, in order."""
    query = select(events.c.seq, events.c.run_id, events.c.body).where(events.c.seq > after)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(events.c.seq).limit(limit))
        return tuple(
            LoggedEvent(seq=row.seq, run_id=row.run_id, event=msgspec.Raw(row.body.encode()))
            for row in rows
        )


class NewsWatch:
    """Tells whether anybody wrote to the store since the last look, for microseconds a look.

    It owns one connection, on which nothing else happens; use it from one thread.
    """

    def __init__(self, store: Store) -> None:
        self._connection = sqlite3.connect(store.path, isolation_level=None)
        self._version = -1

    def changed(self) -> bool:
        """True on the first look, and when something was committed since the one before."""
        (version,) = self._connection.execute("pragma data_version").fetchone()
        changed: bool = version != self._version
        self._version = version
        return changed

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
