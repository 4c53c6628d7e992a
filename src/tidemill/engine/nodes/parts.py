"""Small values that several kinds of node are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec


class Ref(msgspec.Struct, frozen=True, order=True):
    """The arguments of one ``ref()`` call."""

    name: str
    package: str | None = None
    version: str | int | float | None = None

    def __str__(self) -> str:
        words = [f"'{part}'" for part in (self.package, self.name) if part is not None]
        if self.version is not None:
            words.append(f"v={self.version}")
        return f"ref({', '.join(words)})"


class Batch(msgspec.Struct, frozen=True):
    """The batch of a microbatch model that is built now: dbt's ``model.batch``."""

    id: str
    event_time_start: dt.datetime
    event_time_end: dt.datetime


class DependsOn(msgspec.Struct, frozen=True):
    """Unique ids in the order they were first met, without repetition."""

    nodes: tuple[str, ...] = ()
    macros: tuple[str, ...] = ()


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A documented column. ``config`` holds at least ``meta`` and ``tags``."""

    name: str
    description: str = ""
    data_type: str | None = None
    quote: bool | None = None
    granularity: str | None = None
    constraints: tuple[dict[str, Any], ...] = ()
    config: dict[str, Any] = {}
    doc_blocks: tuple[str, ...] = ()
    extra: dict[str, Any] = {}
    """Keys of the YAML entry that dbt keeps without knowing them."""

    @property
    def meta(self) -> dict[str, Any]:
        return self.config.get("meta") or {}

    @property
    def tags(self) -> list[str]:
        return self.config.get("tags") or []
