"""Entries that are the answer to a command: compiled SQL, rows, a listed name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.rows import json_rows, text_table


def compiled(name: str | None, sql: str, *, output: str, quiet: bool, unique_id: str) -> Entry:
    """The SQL of a node, or of an inline query when ``name`` is None."""
    if output == "json":
        text = _json({"node": name} if name else {}, "compiled", sql)
    elif quiet:
        text = sql
    else:
        text = f"Compiled node '{name}' is:\n{sql}" if name else f"Compiled inline node is:\n{sql}"
    data = {"compiled": sql, "node_name": name or "inline_query"}
    return _entry("CompiledNode", "Q042", text, data, name, output, quiet, unique_id)


def rows(
    name: str | None,
    columns: Sequence[str],
    values: Sequence[Sequence[Any]],
    *,
    output: str,
    quiet: bool,
    unique_id: str,
) -> Entry:
    """The rows of a node, or of an inline query when ``name`` is None."""
    if output == "json":
        shown = json_rows(columns, values)
        preview = msgspec.json.encode(shown).decode()
        text = _json({"node": name} if name else {}, "show", shown)
    else:
        preview = text_table(columns, values)
        heading = f"Previewing node '{name}':\n" if name else "Previewing inline node:\n"
        text = preview if quiet else heading + preview
    data = {"preview": preview, "node_name": name or "inline_query"}
    return _entry("ShowNode", "Q041", text, data, name, output, quiet, unique_id)


def _json(start: dict[str, Any], key: str, value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode({**start, key: value}), indent=2).decode()


def _entry(
    event: str,
    code: str,
    text: str,
    data: dict[str, Any],
    name: str | None,
    output: str,
    quiet: bool,
    unique_id: str,
) -> Entry:
    shared = {
        "is_inline": name is None,
        "output_format": output,
        "quiet": quiet,
        "unique_id": unique_id,
    }
    return Entry(name=event, code=code, level="info", text=text, data=data | shared, result=True)
