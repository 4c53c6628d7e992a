from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.engine.running.building import data_test, model
from tidemill.engine.jinja.tables import ResultTable
from tidemill.engine.running.data_tests import Measured, Verdict, judge, measure, stores_failures
from tidemill.errors import ExecutionError

NAMES = ("failures", "should_warn", "should_error")


@pytest.mark.parametrize(
    ("names", "row", "expected"),
    [
        (NAMES, (2, True, False), Measured(2, True, False)),
        (("FAILURES", "SHOULD_WARN", "SHOULD_ERROR"), (Decimal(2), 1, 0), Measured(2, True, False)),
        (NAMES, (0, "false", "t"), Measured(0, False, True)),
        (("should_error", "failures", "should_warn"), (True, 1, None), Measured(1, False, True)),
    ],
)
def test_the_row_of_a_test_is_read(
    names: tuple[str, ...], row: tuple[Any, ...], expected: Measured
) -> None:
    assert measure(ResultTable([row], names)) == expected


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (ResultTable([], NAMES), "0 rows and 3 columns"),
        (ResultTable([(1, 2)], ("a", "b")), "1 row and 2 columns"),
        (ResultTable([(None, True, True)], NAMES), "fail_calc gave None"),
        (ResultTable([(1, "maybe", True)], NAMES), "'maybe'"),
    ],
)
def test_a_row_of_another_form_is_an_error(table: ResultTable, message: str) -> None:
    with pytest.raises(ExecutionError, match=message):
        measure(table)


@pytest.mark.parametrize(
    ("config", "measured", "verdict"),
    [
        ({}, Measured(0, False, False), Verdict("pass", 0)),
        (
            {},
            Measured(1, True, True),
            Verdict("fail", 1, "Got 1 result, configured to fail if != 0"),
        ),
        (
            {"severity": "warn"},
            Measured(2, True, True),
            Verdict("warn", 2, "Got 2 results, configured to warn if != 0"),
        ),
        (
            {"warn_if": "> 1", "error_if": "> 10"},
            Measured(5, True, False),
            Verdict("warn", 5, "Got 5 results, configured to warn if > 1"),
        ),
        ({"severity": "Warn"}, Measured(5, False, True), Verdict("pass", 0)),
    ],
)
def test_the_verdict_follows_severity_and_limits(
    config: dict[str, Any], measured: Measured, verdict: Verdict
) -> None:
    assert judge(data_test("t", **config), measured) == verdict


def test_warnings_can_count_as_failures() -> None:
    verdict = judge(data_test("t", severity="warn"), Measured(1, True, True), warnings_fail=True)
    assert verdict == Verdict("fail", 1, "Got 1 result, configured to fail if != 0")


@pytest.mark.parametrize(
    ("configured", "flag", "expected"),
    [(None, False, False), (None, True, True), (True, False, True), (False, True, False)],
)
def test_a_test_stores_failures_as_configured_or_as_the_flag_says(
    configured: bool | None, flag: bool, expected: bool
) -> None:
    assert stores_failures(data_test("t", store_failures=configured), flag) is expected
    assert not stores_failures(model("m"), flag=True)
