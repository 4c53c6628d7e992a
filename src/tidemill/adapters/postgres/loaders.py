"""How values of Postgres become Python's and back, where psycopg's own choice would surprise dbt's macros.

UUIDs and addresses are text, as psycopg2 gives them to dbt, and endless dates are the first and last of Python.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import PyFormat
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.string import TextLoader

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_ENDLESS = {b"-infinity": _FIRST, b"infinity": _LAST}


class _EndlessDate(DateLoader):
    def load(self, data: Buffer) -> date:
        end = _ENDLESS.get(bytes(data))
        return super().load(data) if end is None else end.date()


class _EndlessTimestamp(TimestampLoader):
    def load(self, data: Buffer) -> datetime:
        end = _ENDLESS.get(bytes(data))
        return super().load(data) if end is None else end.replace(tzinfo=None)


class _EndlessTimestamptz(TimestamptzLoader):
    def load(self, data: Buffer) -> datetime:
        end = _ENDLESS.get(bytes(data))
        return super().load(data) if end is None else end


_LOADERS: dict[str, Any] = {
    "date": _EndlessDate,
    "timestamp": _EndlessTimestamp,
    "timestamptz": _EndlessTimestamptz,
    "uuid": TextLoader,
    "inet": TextLoader,
    "cidr": TextLoader,
}


def _know_dumpers() -> None:
    """psycopg knows some types by name until it first meets one, and two threads that meet it at once fail."""
    for kind in (Decimal, date, time, datetime, timedelta, UUID):
        for form in PyFormat:
            psycopg.adapters.get_dumper(kind, form)


_know_dumpers()


def register(connection: psycopg.Connection[Any]) -> None:
    """Make ``connection`` give these values as described above."""
    for name, loader in _LOADERS.items():
        connection.adapters.register_loader(name, loader)
