"""Rows as text and as JSON."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tidemill.cli.rendering.answers import compiled, rows
from tidemill.cli.rendering.rows import cell_text, json_rows, json_value, text_table


def test_table() -> None:
    table = text_table(
        ("id", "name", "share", "nothing"),
        [(1, "Ada", 0.5, None), (20, "Ben\nof Porto", 12.25, None)],
    )
    assert table == (
        "| id | name         | share | nothing |\n"
        "| -- | ------------ | ----- | ------- |\n"
        "|  1 | Ada          |   0.5 |         |\n"
        "| 20 | Ben of Porto | 12.25 |         |\n"
    )


def test_table_without_rows() -> None:
    assert text_table(("id", "name"), []) == "| id | name |\n| -- | ---- |\n"


def test_booleans_are_no_numbers() -> None:
    assert text_table(("b",), [(True,), (False,)]) == "| b     |\n| ----- |\n| True  |\n| False |\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (3, "3"),
        (Decimal("1.50"), "1.50"),
        (dt.date(2024, 1, 31), "2024-01-31"),
        ([1, {"a": dt.date(2024, 1, 1)}], '[1,{"a":"2024-01-01"}]'),
        ("x" * 70, "x" * 57 + "..."),
    ],
)
def test_cells(value: Any, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (Decimal("2.00"), 2.0),
        (Decimal("NaN"), None),
        (Decimal("2.5"), 2.5),
        (float("nan"), None),
        (float("inf"), None),
        (dt.datetime(2024, 1, 31, 12, 30, tzinfo=dt.UTC), "2024-01-31T12:30:00+00:00"),
        (dt.time(12, 30), "12:30:00"),
        (dt.timedelta(days=1), "1 day, 0:00:00"),
        (b"\x01\xff", "01ff"),
        ((1, True, None), [1, True, None]),
    ],
)
def test_json_values(value: Any, json: Any) -> None:
    assert json_value(value) == json


def test_json_rows() -> None:
    assert json_rows(("a", "b"), [(1, None), (2, "x")]) == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]


@pytest.mark.parametrize(
    ("name", "output", "quiet", "text"),
    [
        ("orders", "text", False, "Compiled node 'orders' is:\nselect 1"),
        (None, "text", False, "Compiled inline node is:\nselect 1"),
        ("orders", "text", True, "select 1"),
        ("orders", "json", False, '{\n  "node": "orders",\n  "compiled": "select 1"\n}'),
        (None, "json", True, '{\n  "compiled": "select 1"\n}'),
    ],
)
def test_compiled(name: str | None, output: str, quiet: bool, text: str) -> None:
    entry = compiled(name, "select 1", output=output, quiet=quiet, unique_id="u")
    assert (entry.text, entry.name, entry.code, entry.result) == (
        text,
        "CompiledNode",
        "Q042",
        True,
    )


@pytest.mark.parametrize(
    ("name", "output", "quiet", "text"),
    [
        ("orders", "text", False, "Previewing node 'orders':\n| a |\n| - |\n| 1 |\n"),
        (None, "text", False, "Previewing inline node:\n| a |\n| - |\n| 1 |\n"),
        (None, "text", True, "| a |\n| - |\n| 1 |\n"),
        (
            "orders",
            "json",
            False,
            '{\n  "node": "orders",\n  "show": [\n    {\n      "a": 1\n    }\n  ]\n}',
        ),
    ],
)
def test_rows(name: str | None, output: str, quiet: bool, text: str) -> None:
    entry = rows(name, ("a",), [(1,)], output=output, quiet=quiet, unique_id="u")
    assert (entry.text, entry.name, entry.code) == (text, "ShowNode", "Q041")
