"""Verdicts of unit tests: the rows that the model gave beside the rows that were expected.

The difference is shown as dbt shows it, by the same library (daff). Order of rows does not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from tidemill.engine.jinja.tables import ResultTable
from tidemill.errors import ExecutionError, TidemillError, render_fault
from tidemill.events import NodeStatus

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SIDE = "actual_or_expected"
Rows = list[list[Any]]
"""A header, then rows."""


class UnitVerdict(msgspec.Struct, frozen=True):
    """What a unit test says."""

    status: NodeStatus
    failures: int
    message: str = ""


def judge_unit_test(table: ResultTable) -> UnitVerdict:
    """The verdict on the answer of the ``unit`` materialisation.

    ``table`` has the rows of both sides, told apart by the column ``actual_or_expected``.
    """
    expected, actual = _side(table, "expected"), _side(table, "actual")
    if expected == actual:
        return UnitVerdict("pass", 0)
    shown = _difference(expected, actual)
    if shown is None:
        return UnitVerdict("pass", 0)
    return UnitVerdict("fail", 1, f"\n\nactual differs from expected:\n\n{shown}\n")


def while_executing(error: TidemillError, name: str) -> TidemillError:
    """``error`` of a unit test's query, with dbt's advice in front."""
    fault = error.fault
    inner = render_fault(msgspec.structs.replace(fault, node=None, place=None, hint=None, stack=()))
    return ExecutionError(
        f"An error occurred during execution of unit test '{name}'. There may be an error in the "
        f"unit test definition: check the data types.\n{inner}",
        code="unit-test-execution",
        place=fault.place,
        hint=fault.hint,
        node=fault.node,
        stack=fault.stack,
    )


def _side(table: ResultTable, side: str) -> Rows:
    names = [name.lower() for name in table.column_names]
    marked = names.index(_SIDE)
    rows = [_without(list(row), marked) for row in table.rows if row[marked] == side]
    return [_without(names, marked), *sorted(rows, key=_sort_key)]


def _without(values: list[Any], index: int) -> list[Any]:
    return values[:index] + values[index + 1 :]


def _sort_key(row: Sequence[Any]) -> list[tuple[bool, Any]]:
    """Nulls last; what has no order of its own (structs, lists) is ordered by its text."""
    return [(value is None, _ordered(value)) for value in row]


def _ordered(value: Any) -> Any:
    return str(value) if isinstance(value, dict | list | bytes) else value


def _difference(expected: Rows, actual: Rows) -> str | None:
    """The rows that differ, cell by cell; None where they read the same."""
    import daff

    flags = daff.CompareFlags()
    flags.ordered = False
    tables = (daff.PythonTableView(expected), daff.PythonTableView(actual))
    alignment = daff.Coopy.compareTables(*tables, flags).align()
    difference = daff.TableDiff(alignment, flags)
    shown = daff.PythonTableView([])
    difference.hilite(shown)
    if not difference.hasDifference():
        return None
    return _COLOUR.sub("", str(daff.TerminalDiffRender().render(shown)))
