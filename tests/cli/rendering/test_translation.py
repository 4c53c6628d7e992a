"""Events in, dbt's log entries out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.rendering.events import (
    AT,
    BROKEN,
    NODES,
    finished,
    hook,
    run_started,
    started,
)
from tidemill.cli.rendering.entry import Entry
from tidemill.cli.rendering.translation import Translation
from tidemill.errors import Fault, Place, facts
from tidemill.events import (
    AnyEvent,
    FaultFound,
    HookStarted,
    Message,
    ParseFinished,
    ParseStarted,
    RunFinished,
    SqlExecuted,
)


def told(*events: AnyEvent, width: int = 80) -> list[Entry]:
    translation = Translation(NODES.get, width=width)
    return [entry for event in events for entry in translation.entries(event)]


def shown(*events: AnyEvent) -> list[str]:
    return [entry.text for entry in told(*events) if entry.level != "debug"]


def run_finished(status: Any = "success") -> RunFinished:
    return RunFinished(run_id="r", status=status, seconds=1.5, counts={}, at=AT)


@pytest.mark.parametrize(
    ("event", "text", "name", "code", "level", "status"),
    [
        (started(), "START sql table model main.orders", "LogStartLine", "Q011", "info", "RUN"),
        (
            finished(),
            "OK created sql table model main.orders",
            "LogModelResult",
            "Q012",
            "info",
            "OK in 0.50s",
        ),
        (
            finished(status="error", fault=BROKEN),
            "ERROR creating sql table model main.orders",
            "LogModelResult",
            "Q012",
            "error",
            "ERROR in 0.50s",
        ),
        (
            finished("seed.shop.raw", message="INSERT 3"),
            "OK loaded seed file main.raw",
            "LogSeedResult",
            "Q016",
            "info",
            "INSERT 3 in 0.50s",
        ),
        (
            finished("seed.shop.raw", status="error"),
            "ERROR loading seed file main.raw",
            "LogSeedResult",
            "Q016",
            "error",
            "ERROR in 0.50s",
        ),
        (
            finished("snapshot.shop.history"),
            "OK snapshotted snapshot main.history",
            "LogSnapshotResult",
            "Q015",
            "info",
            "OK in 0.50s",
        ),
        (
            finished("test.shop.positive", status="pass"),
            "PASS positive",
            "LogTestResult",
            "Q007",
            "info",
            "PASS in 0.50s",
        ),
        (
            finished("test.shop.positive", status="fail", failures=2),
            "FAIL 2 positive",
            "LogTestResult",
            "Q007",
            "error",
            "FAIL 2 in 0.50s",
        ),
        (
            finished("test.shop.positive", status="warn", failures=3),
            "WARN 3 positive",
            "LogTestResult",
            "Q007",
            "warn",
            "WARN 3 in 0.50s",
        ),
        (
            finished("test.shop.positive", status="error"),
            "ERROR positive",
            "LogTestResult",
            "Q007",
            "error",
            "ERROR in 0.50s",
        ),
        (
            finished(status="skipped"),
            "SKIP relation main.orders",
            "SkippingDetails",
            "Q034",
            "info",
            "SKIP",
        ),
        (
            finished("test.shop.positive", status="skipped"),
            "SKIP test positive",
            "SkippingDetails",
            "Q034",
            "info",
            "SKIP",
        ),
    ],
)
def test_nodes(event: AnyEvent, text: str, name: str, code: str, level: str, status: str) -> None:
    (entry,) = (entry for entry in told(event) if entry.level != "debug")
    line = f"1 of 8 {text} ".ljust(80, ".") + f" [{status}]"
    assert (entry.text, entry.name, entry.code, entry.level) == (line, name, code, level)


def test_what_the_log_says_of_a_node() -> None:
    entries = told(started(at=AT - 0.5), finished())
    assert entries[1].data == {
        "description": "sql table model main.orders",
        "execution_time": 0.5,
        "index": 1,
        "total": 8,
        "status": "OK",
        "node_info": {
            "materialized": "table",
            "meta": {"owner": "ada"},
            "node_checksum": "abc",
            "node_finished_at": "2027-01-15T08:00:00.250000",
            "node_name": "orders",
            "node_path": "marts/orders.sql",
            "node_relation": {
                "alias": "orders",
                "database": "shop",
                "relation_name": '"shop"."main"."orders"',
                "schema": "main",
            },
            "node_started_at": "2027-01-15T07:59:59.750000",
            "node_status": "success",
            "resource_type": "model",
            "unique_id": "model.shop.orders",
        },
    }


def test_a_node_that_nobody_knows_has_no_info() -> None:
    (entry,) = told(finished("model.shop.unknown"))
    assert entry.data["node_info"] == {}


def test_only_what_ran_is_said_to_be_cancelled() -> None:
    lines = shown(
        started("model.shop.a"),
        finished("model.shop.a", status="cancelled"),
        finished("model.shop.b", status="cancelled"),
    )
    assert lines[1].startswith("CANCEL query model.shop.a ....")
    assert len(lines) == 2


def test_a_whole_run() -> None:
    ids = ("model.shop.orders", "test.shop.positive", "model.shop.behind")
    entries = told(
        run_started(*ids),
        hook(),
        started(),
        finished(status="error", fault=BROKEN, compiled_path="target/compiled/orders.sql"),
        finished("test.shop.positive", status="warn", failures=1, message="Got 1 result"),
        finished("model.shop.behind", status="skipped"),
        hook(name="shop.on-run-end.0"),
        run_finished("failed"),
        width=58,
    )
    shown = (entry.text for entry in entries if entry.level != "debug")
    assert "\n".join(shown) == WHOLE_RUN.rstrip("\n")


WHOLE_RUN = """
Concurrency: 4 threads (target='dev')

1 of 1 OK hook: shop.on-run-start.0 ...................... [OK in 0.02s]

1 of 8 START sql table model main.orders ................. [RUN]
1 of 8 ERROR creating sql table model main.orders ........ [ERROR in 0.50s]
1 of 8 WARN 1 positive ................................... [WARN 1 in 0.50s]
1 of 8 SKIP relation main.behind ......................... [SKIP]

1 of 1 OK hook: shop.on-run-end.0 ........................ [OK in 0.02s]

Finished running 2 project hooks, 2 table models, 1 test in 0 hours 0 minutes and 1.50 seconds (1.50s).

Completed with 1 error, 0 partial successes, and 1 warning:

Failure in model orders (models/marts/orders.sql)
  Database Error in model orders (models/marts/orders.sql:3)
    Binder Error: Referenced column "x" not found

  compiled code at target/compiled/orders.sql

Warning in test positive (tests/positive.sql)
  Got 1 result

Done. PASS=2 WARN=1 ERROR=1 SKIP=1 NO-OP=0 TOTAL=5
"""


@pytest.mark.parametrize(
    ("status", "node_status", "text", "colour"),
    [
        ("success", "success", "Completed successfully", "green"),
        ("success", "warn", "Completed with 1 warning:", "yellow"),
        (
            "failed",
            "fail",
            "Completed with 1 error, 0 partial successes, and 0 warnings:",
            "red",
        ),
        ("cancelled", "cancelled", "Exited because of keyboard interrupt", "yellow"),
    ],
)
def test_the_verdict(status: str, node_status: str, text: str, colour: str) -> None:
    entries = told(
        run_started("test.shop.positive"),
        finished("test.shop.positive", status=node_status),
        run_finished(status),
    )
    verdict = next(entry for entry in entries if entry.name == "EndOfRunSummary")
    assert (verdict.text, verdict.colour) == (text, colour)


def test_where_stored_failures_are() -> None:
    relation = '"shop"."audit"."positive"'
    lines = shown(
        run_started("test.shop.positive"),
        finished("test.shop.positive", status="fail", failures=2, relation=relation),
        run_finished("failed"),
    )
    rule = "-" * 39
    assert f"  See test failures:\n  {rule}\n  select * from {relation}\n  {rule}" in lines


def test_a_failed_hook_is_explained() -> None:
    lines = shown(
        run_started("model.shop.orders"),
        hook(status="error", message="Catalog Error: no table t"),
        run_finished("failed"),
    )
    assert "Failure in hook shop.on-run-start.0" in lines
    assert "  shop.on-run-start.0 failed, error:\n   Catalog Error: no table t" in lines


def test_a_run_that_an_error_ended_is_not_called_a_success() -> None:
    assert shown(run_started("model.shop.orders"), run_finished("failed"))[3:] == []
    lines = shown(run_started("model.shop.orders"), finished(), run_finished("failed"))
    assert not any(line.startswith(("Completed", "Done.")) for line in lines)
    assert any(line.startswith("Finished running 1 ") for line in lines)


def test_a_run_of_nothing_has_no_summary() -> None:
    assert shown(run_started(), run_finished()) == []


def test_parsing() -> None:
    entries = told(
        ParseStarted(project="shop", root="/p"),
        ParseFinished(
            project="shop",
            seconds=0.25,
            counts={"unit_test": 1, "model": 2, "macro": 500, "operation": 1},
        ),
    )
    assert [(e.level, e.text) for e in entries] == [
        ("debug", "Parsing shop in /p"),
        ("debug", "Parsed shop in 0.25 seconds"),
        ("info", "Found 2 models, 1 operation, 500 macros, 1 unit test"),
    ]


@pytest.mark.parametrize(
    ("event", "name", "code", "level", "text"),
    [
        (Message(text="hi", code="I062"), "JinjaLogInfo", "I062", "info", "hi"),
        (Message(text="hi", level="debug", code="I063"), "JinjaLogDebug", "I063", "debug", "hi"),
        (Message(text="hi", level="warn", code="I061"), "JinjaLogWarning", "I061", "warn", "hi"),
        (Message(text="old", level="warn"), "Note", "Z050", "warn", "[WARNING]: old"),
        (
            Message(text="nope", level="warn", code="M030"),
            "NoNodesForSelectionCriteria",
            "M030",
            "warn",
            "nope",
        ),
    ],
)
def test_messages(event: Message, name: str, code: str, level: str, text: str) -> None:
    (entry,) = told(event)
    assert (entry.name, entry.code, entry.level, entry.text) == (name, code, level, text)
    assert entry.data == {"msg": event.text}


def test_messages_with_data() -> None:
    (entry,) = told(Message(text="hi", code="Q046", data={"batch_index": 2}))
    assert (entry.name, entry.data) == ("LogBatchResult", {"msg": "hi", "batch_index": 2})


def test_what_print_says_is_shown_even_when_the_rest_is_quiet() -> None:
    (entry,) = told(Message(text="rows: 3", code="Z052"))
    assert entry.result
    assert entry.is_shown_at("error")


def test_warnings_about_the_project() -> None:
    fault = Fault(code="c", label="Parsing Error", message="unused", hint="remove it")
    (entry,) = told(FaultFound(fault=fault, level="warn"))
    assert (entry.level, entry.text) == (
        "warn",
        "[WARNING]: Parsing Error\n  unused\n  Hint: remove it",
    )


def test_a_warning_is_not_called_one_twice() -> None:
    place = Place(file="models/a.yml", line=3)
    fault = Fault(code="c", label="Warning", message="unused", place=place)
    (entry,) = told(FaultFound(fault=fault, level="warn"))
    assert entry.text == "[WARNING]: models/a.yml:3\n  unused"


def test_a_warning_without_a_place() -> None:
    fault = Fault(code="c", label="Warning", message="unused")
    (entry,) = told(FaultFound(fault=fault, level="warn"))
    assert entry.text == "[WARNING]: unused"


def test_deprecations_are_named_where_somebody_wants_it() -> None:
    fault = Fault(
        code="deprecated-data-paths", label="Warning", message="old", facts=facts(exp_path="new")
    )
    translation = Translation(NODES.get)
    translation.names_deprecations = True
    (entry,) = translation.entries(FaultFound(fault=fault, level="warn"))
    assert entry.text == "[WARNING][ConfigDataPathDeprecation]: old"
    assert entry.data["exp_path"] == "new"


def test_statements_are_for_debugging() -> None:
    entries = told(SqlExecuted(connection="model.a", sql="select 1", seconds=0.002, status="OK"))
    assert [(e.name, e.code, e.level, e.text) for e in entries] == [
        ("SQLQuery", "E016", "debug", "On model.a: select 1"),
        ("SQLQueryStatus", "E017", "debug", "SQL status: OK in 0.002 seconds"),
    ]
    assert [e.data["node_info"] for e in entries] == [{}, {}]


def test_the_width_is_the_readers() -> None:
    (entry,) = told(started(), width=60)
    assert entry.text == "1 of 8 START sql table model main.orders ................... [RUN]"


def test_hooks_begin_before_they_end() -> None:
    [entry] = told(HookStarted(name="shop.on-run-start.0", index=1, total=2, at=AT))
    assert (entry.name, entry.code, entry.level) == ("LogHookStartLine", "Q032", "info")
    assert entry.text.startswith("1 of 2 START hook: shop.on-run-start.0 ..")
    assert entry.text.endswith("[RUN]")


def test_what_stands_on_a_broken_ephemeral_model_has_a_line_of_its_own() -> None:
    message = (
        "Compilation Error in model.shop.orders, caused by compilation error in referenced "
        "ephemeral model model.shop.inner"
    )
    [entry] = told(finished("model.shop.orders", status="skipped", message=message))
    assert (entry.name, entry.code, entry.level) == ("LogSkipBecauseError", "Z034", "error")
    assert "SKIP relation main.orders due to ephemeral model status 'error'" in entry.text
    assert entry.text.endswith("[ERROR SKIP]")
