"""One line to be told, in dbt's terms: its event name, code, level and fields, and its text."""

from __future__ import annotations

import time
from typing import Any, Literal

import msgspec

from tidemill.events import Level

Colour = Literal["red", "green", "yellow"]

SEVERITY: dict[str, int] = {"debug": 10, "info": 20, "warn": 30, "error": 40, "none": 100}
"""Levels in order; ``none`` is above all of them."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the console, the log file and ``--log-format json`` all show, each in its form."""

    name: str
    """dbt's event name, such as ``LogModelResult``."""
    code: str
    level: Level
    text: str
    data: dict[str, Any] = {}
    """dbt's fields of the event, beyond ``msg``."""
    at: float = msgspec.field(default_factory=time.time)
    thread: str = "MainThread"
    colour: Colour | None = None
    accent: str | None = None
    """The part of ``text`` that is coloured (its last occurrence); all of it when None."""
    result: bool = False
    """True for what the user asked to see: printed bare and at every level but ``none``."""
    only_plain: bool = False
    """True for lines that a live display shows in its own way."""

    def is_shown_at(self, level: str) -> bool:
        """Whether somebody who wants ``level`` and above sees it."""
        if level == "none":
            return False
        return self.result or SEVERITY[self.level] >= SEVERITY[level]


def blank(at: float | None = None) -> Entry:
    """An empty line."""
    return Entry(
        name="Formatting", code="Z017", level="info", text="", at=time.time() if at is None else at
    )


def note(text: str, level: Level = "info") -> Entry:
    """A line without a name of its own."""
    return Entry(name="Note", code="Z050", level=level, text=text)


def result(text: str) -> Entry:
    """What the user asked to see: a listed name, a table of rows."""
    return Entry(name="PrintEvent", code="Z052", level="info", text=text, result=True)
