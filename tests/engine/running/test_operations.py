from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.engine.running.building import manifest, model
from tests.engine.running.hosting import make_host, rows
from tidemill.engine.running.operations import run_operation
from tidemill.errors import CompilationError, UsageError
from tidemill.events import FaultFound, Message, RunFinished, RunStarted

MACROS = """
{% macro make(name, value=1) %}
  {% do run_query("create table " ~ name ~ " as select " ~ value ~ " as id") %}
  {{ log("made " ~ name, info=true) }}
  {% do return(name) %}
{% endmacro %}
{% macro breaks() %}{% do run_query("select\\n nonsense") %}{% endmacro %}
{% macro uncommitted() %}{% call statement() %}create table gone (id int){% endcall %}{% endmacro %}
{% macro endless() %}{% do run_query("select count(*) from range(1000000000000)") %}{% endmacro %}
{% macro reads() %}{% do return(ref('a') ~ '') %}{% endmacro %}
"""


def operation(
    tmp_path: Path, name: str, arguments: dict[str, Any] | None = None, **options: Any
) -> Any:
    host = make_host(tmp_path, macros=MACROS)
    return run_operation(name, arguments or {}, host, manifest(model("a")), **options), host


def test_a_macro_is_called_with_its_arguments(tmp_path: Path) -> None:
    call, host = operation(tmp_path, "make", {"name": "t", "value": 5})
    events = [e for e in call if getattr(e, "level", "") != "debug"]
    assert [type(e) for e in events] == [RunStarted, Message, RunFinished]
    assert events[1].text == "made t"
    assert call.value == "t"
    assert rows(host, "select id from t") == [(5,)]
    [result] = call.result.results
    assert (result.unique_id, result.status, result.failures) == ("macro.shop.make", "success", 0)
    assert call.result.success


def test_a_macro_of_a_package_is_called_by_its_full_name(tmp_path: Path) -> None:
    call, _ = operation(
        tmp_path, "dbt.dateadd", {"datepart": "day", "interval": 1, "from_date_or_timestamp": "x"}
    )
    list(call)
    assert call.result.success
    assert "day" in call.value


def test_operations_may_refer_to_any_model(tmp_path: Path) -> None:
    call, _ = operation(tmp_path, "shop.reads")
    list(call)
    assert call.value == '"shop"."main"."a"'


def test_a_failing_macro_is_a_fault_of_the_run(tmp_path: Path) -> None:
    call, _ = operation(tmp_path, "breaks")
    events = list(call)
    [fault] = [e.fault for e in events if isinstance(e, FaultFound)]
    assert fault.label == "Database Error"
    assert "macro breaks (macros/own.sql" in fault.stack[-1]
    assert events[-1].status == "failed"
    assert not call.result.success


def test_what_was_not_committed_is_rolled_back_as_in_dbt(tmp_path: Path) -> None:
    call, host = operation(tmp_path, "uncommitted")
    list(call)
    assert call.result.success
    assert rows(host, "select table_name from duckdb_tables()") == []


def test_an_operation_can_be_cancelled(tmp_path: Path) -> None:
    cancel = threading.Event()
    call, _ = operation(tmp_path, "endless", cancel=cancel)
    threading.Timer(0.2, cancel.set).start()
    assert list(call)[-1].status == "cancelled"
    assert call.result.cancelled


def test_a_macro_that_does_not_exist_is_an_error_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(CompilationError) as caught:
        operation(tmp_path, "mak")
    assert caught.value.fault.hint == "did you mean 'make'?" or "'make'" in str(
        caught.value.fault.hint
    )


def test_arguments_must_be_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        operation(tmp_path, "make", ["t"])  # type: ignore[arg-type]
