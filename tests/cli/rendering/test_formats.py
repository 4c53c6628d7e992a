"""Entries as lines."""

from __future__ import annotations

import json
import os

import pytest

from tests.cli.rendering.events import AT
from tidemill.cli.rendering.entry import Entry, result
from tidemill.cli.rendering.formats import debug_line, json_line, opening_line, text_line

LINE = Entry(
    name="LogModelResult",
    code="Q012",
    level="info",
    text="1 of 2 OK created OK [OK in 0.05s]",
    data={"index": 1, "total": 2},
    at=AT,
    thread="Thread-1 (worker)",
    colour="green",
    accent="OK",
)


def test_text() -> None:
    assert text_line(LINE, colours=False) == "08:00:00  1 of 2 OK created OK [OK in 0.05s]"


def test_the_last_occurrence_is_coloured() -> None:
    assert text_line(LINE, colours=True) == (
        "08:00:00  1 of 2 OK created OK [\x1b[32mOK\x1b[0m in 0.05s]"
    )


def test_a_whole_line_in_colour() -> None:
    entry = Entry(name="X", code="X", level="error", text="Failure", at=AT, colour="red")
    assert text_line(entry, colours=True) == "08:00:00  \x1b[31mFailure\x1b[0m"


def test_results_stand_bare() -> None:
    assert text_line(result("orders"), colours=True) == "orders"


def test_debug() -> None:
    assert debug_line(LINE, colours=False) == (
        "08:00:00.250000 [info ] [Thread-1 (]: 1 of 2 OK created OK [OK in 0.05s]"
    )


def test_opening() -> None:
    rule = "=" * 30
    assert opening_line(LINE, "some-id") == f"\n\n{rule} 08:00:00.250000 | some-id {rule}"


def test_json() -> None:
    line = json_line(LINE, "some-id")
    assert json.loads(line) == {
        "data": {"index": 1, "total": 2},
        "info": {
            "category": "",
            "code": "Q012",
            "extra": {},
            "invocation_id": "some-id",
            "level": "info",
            "msg": "1 of 2 OK created OK [OK in 0.05s]",
            "name": "LogModelResult",
            "pid": os.getpid(),
            "thread": "Thread-1 (worker)",
            "ts": "2027-01-15T08:00:00.250000Z",
        },
    }
    assert "\n" not in line


def test_json_of_an_event_without_fields_has_its_message() -> None:
    entry = Entry(name="Note", code="Z050", level="info", text="hello", at=AT)
    assert json.loads(json_line(entry, ""))["data"] == {"msg": "hello"}


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("debug", ["debug", "info", "warn", "error"]),
        ("info", ["info", "warn", "error"]),
        ("warn", ["warn", "error"]),
        ("error", ["error"]),
        ("none", []),
    ],
)
def test_levels(wanted: str, shown: list[str]) -> None:
    entries = [
        Entry(name="N", code="N", level=level, text="")
        for level in ("debug", "info", "warn", "error")
    ]
    assert [entry.level for entry in entries if entry.is_shown_at(wanted)] == shown


def test_results_are_shown_at_every_level_but_none() -> None:
    assert result("x").is_shown_at("error")
    assert not result("x").is_shown_at("none")
