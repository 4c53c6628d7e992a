"""Where in the project a statement failed: from a line of executed SQL to a line that a person can edit."""

from __future__ import annotations

from tidemill.adapters.base import SQL_PLACE
from tidemill.engine.compiling.compiler import Compiled
from tidemill.engine.nodes import Node
from tidemill.errors import Place


def place_in_project(
    place: Place | None, sql: str | None, node: Node, compiled: Compiled | None
) -> Place:
    """``place`` with a file of the project in place of the statement ``sql`` that ran.

    A line of the compiled SQL that stands once in the model's own file is shown there; otherwise it is shown in
    the compiled file. What lies outside the node's SQL (in a hook, or in what a macro wraps around it) has no line.
    """
    if place is not None and place.file != SQL_PLACE:
        return place
    unknown = Place(file=node.original_file_path)
    if place is None or place.line is None or sql is None or compiled is None:
        return unknown
    line = _line_within(compiled.code, sql, place.line)
    if line is None:
        return unknown
    text = compiled.code.splitlines()[line - 1]
    in_source = _only_line(node.raw_code, text)
    if in_source is not None:
        source_line = node.line + in_source - 1
        return Place(file=node.original_file_path, line=source_line, column=place.column)
    if compiled.path is None:
        return unknown
    return Place(file=compiled.path, line=line, column=place.column)


def _line_within(code: str, sql: str, line: int) -> int | None:
    """The line of ``code`` that is line ``line`` of ``sql``, which contains it; None outside of it."""
    start = sql.find(code)
    if start < 0 or not code:
        return None
    within = line - sql.count("\n", 0, start)
    return within if 1 <= within <= code.count("\n") + 1 else None


def _only_line(text: str, wanted: str) -> int | None:
    """The number of the only line of ``text`` that reads like ``wanted``, blanks at its ends aside."""
    bare = wanted.strip()
    found = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == bare]
    return found[0] if bare and len(found) == 1 else None
