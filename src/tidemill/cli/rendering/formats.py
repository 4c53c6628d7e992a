"""An entry as a line: plain text, text with times and threads, or JSON in dbt's shape."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from tidemill.cli.rendering.entry import Entry

ANSI = {"red": "\x1b[31m", "green": "\x1b[32m", "yellow": "\x1b[33m"}
CUSTOM_PREFIX = "DBT_ENV_CUSTOM_ENV_"
RESET = "\x1b[0m"


def text_line(entry: Entry, *, colours: bool) -> str:
    """``21:32:31  1 of 5 OK created ...``; what was asked for stands bare."""
    text = coloured(entry) if colours else entry.text
    if entry.result:
        return text
    return f"{_clock(entry)}  {text}"


def debug_line(entry: Entry, *, colours: bool) -> str:
    """``21:32:31.676491 [info ] [Thread-1 (]: ...``, the form of logs/dbt.log."""
    text = coloured(entry) if colours else entry.text
    thread = entry.thread[:10].ljust(10)
    return f"{_clock_to_microseconds(entry)} [{entry.level:<5}] [{thread}]: {text}"


def opening_line(entry: Entry, invocation_id: str) -> str:
    """What stands in the log file before the first line of a command."""
    rule = "=" * 30
    return f"\n\n{rule} {_clock_to_microseconds(entry)} | {invocation_id} {rule}"


def json_line(entry: Entry, invocation_id: str) -> str:
    """One event as JSON."""
    found = record(entry, invocation_id)
    return msgspec.json.encode(found, enc_hook=str, order="sorted").decode()


def record(entry: Entry, invocation_id: str) -> dict[str, Any]:
    """dbt's structured form: ``info`` is the same for all events, ``data`` differs by name."""
    return {
        "data": entry.data or {"msg": entry.text},
        "info": {
            "category": "",
            "code": entry.code,
            "extra": _custom_variables(),
            "invocation_id": invocation_id,
            "level": entry.level,
            "msg": entry.text,
            "name": entry.name,
            "pid": os.getpid(),
            "thread": entry.thread,
            "ts": f"{_day(int(entry.at))}T{_clock_to_microseconds(entry)}Z",
        },
    }


def _custom_variables() -> dict[str, str]:
    """What people put into every line of the log: dbt's variables for it, without their prefix."""
    return {
        name.removeprefix(CUSTOM_PREFIX): value
        for name, value in os.environ.items()
        if name.startswith(CUSTOM_PREFIX)
    }


def coloured(entry: Entry) -> str:
    """The text with its accent in colour."""
    if entry.colour is None or not entry.text:
        return entry.text
    accent = entry.text if entry.accent is None else entry.accent
    before, found, after = entry.text.rpartition(accent)
    return f"{before}{ANSI[entry.colour]}{found}{RESET}{after}" if found else entry.text


def _clock(entry: Entry) -> str:
    return _second(int(entry.at))


def _clock_to_microseconds(entry: Entry) -> str:
    second, microseconds = divmod(int(entry.at * 1_000_000), 1_000_000)
    return f"{_second(second)}.{microseconds:06}"


# Many lines are written in one second, and formatting a time costs as much as the rest of a line.
@lru_cache(maxsize=8)
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, tz=UTC).strftime("%H:%M:%S")


@lru_cache(maxsize=2)
def _day(at: int) -> str:
    return datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%d")
