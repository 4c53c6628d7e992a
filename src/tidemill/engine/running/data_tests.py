"""Verdicts of data tests: from the one row that the test's materialisation asks for to pass, warn or fail."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from tidemill.engine.jinja.tables import ResultTable
from tidemill.engine.nodes import Node
from tidemill.engine.running.describing import count_of
from tidemill.errors import ExecutionError
from tidemill.events import NodeStatus

_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_FALSE = frozenset({"n", "no", "f", "false", "off", "0"})


class Verdict(msgspec.Struct, frozen=True):
    """What a data test says."""

    status: NodeStatus
    failures: int
    """Zero for a test that passes, as dbt reports it."""
    message: str = ""


class Measured(msgspec.Struct, frozen=True):
    """The row of ``get_test_sql``."""

    failures: int
    should_warn: bool
    should_error: bool


def measure(table: ResultTable) -> Measured:
    """Read the row that a test's query returned. Raises ExecutionError when it has another form."""
    if len(table.rows) != 1 or len(table.column_names) != 3:
        raise ExecutionError(
            f"the test's query returned {count_of(len(table.rows), 'row')} and "
            f"{count_of(len(table.column_names), 'column')}, but 1 row and 3 columns are needed",
            code="test-result",
            hint="is get_test_sql or the test materialization overridden?",
        )
    row = dict(zip((name.lower() for name in table.column_names), table.rows[0], strict=True))
    return Measured(
        failures=_number(row.get("failures")),
        should_warn=_truth(row.get("should_warn")),
        should_error=_truth(row.get("should_error")),
    )


def judge(node: Node, measured: Measured, *, warnings_fail: bool = False) -> Verdict:
    """The verdict by the test's ``severity``, in dbt's words."""
    results = f"Got {count_of(measured.failures, 'result')}"
    config: Mapping[str, Any] = node.config
    severity = str(config.get("severity") or "error").lower()
    if severity == "error" and measured.should_error:
        limit = config.get("error_if")
        return Verdict("fail", measured.failures, f"{results}, configured to fail if {limit}")
    if measured.should_warn:
        limit = config.get("warn_if")
        verb: str = "fail" if warnings_fail else "warn"
        status: NodeStatus = "fail" if warnings_fail else "warn"
        return Verdict(status, measured.failures, f"{results}, configured to {verb} if {limit}")
    return Verdict("pass", 0)


def stores_failures(node: Node, flag: Any) -> bool:
    """Whether the test keeps its failing rows in a relation; ``flag`` is ``--store-failures``."""
    if node.resource_type != "test":
        return False
    configured = node.config.get("store_failures")
    return bool(flag if configured is None else configured)


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ExecutionError(
            f"the test's fail_calc gave {value!r}, but a number is needed",
            code="test-fail-calc",
            hint="a sum over no rows is null: use coalesce(sum(...), 0)",
        )
    return int(value)


def _truth(value: Any) -> bool:
    """Warehouses answer with booleans, numbers or words."""
    if not isinstance(value, str):
        return bool(value)
    word = value.strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ExecutionError(
        f"'get_test_sql' returns {value!r} where true or false is needed",
        code="test-result",
        hint="check warn_if and error_if of the test: they must be comparisons, such as '> 10'",
    )
