from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event as engine_events

from tests.store.happenings import begins, ends, finished, started, whole_run
from tidemill.errors import DatabaseError, Fault
from tidemill.events import (
    AnyEvent,
    FaultFound,
    HookFinished,
    Message,
    NodeFinished,
    ParseFinished,
    SqlExecuted,
)
from tidemill.store.database import Store
from tidemill.store.event_log import events_after
from tidemill.store.opening import open_store
from tidemill.store.reading import list_runs, node_states, read_run
from tidemill.store.recorder import Recorder, recorded
from tidemill.store.values import NodeState, RunMessage, RunNode


def test_a_whole_run_is_kept(store: Store) -> None:
    fault = Fault(code="database", label="Database Error", message="no column x", hint="y?")
    events = [
        started("r1", ["a", "b", "c"], at=100.0, arguments={"select": "+c"}),
        begins("a", 1, 3),
        ends("a", 1, 3, at=105.0, message="OK", rows_affected=7, relation='"s"."a"'),
        begins("b", 2, 3),
        ends("b", 2, 3, "error", message="no column x", fault=fault),
        ends("c", 3, 3, "skipped", seconds=0.0),
        finished("r1", "failed", success=1, error=1, skipped=1),
    ]

    assert list(recorded(events, store, source="cli")) == events

    run = read_run(store, "r1")
    assert run is not None
    assert (run.status, run.source, run.total, run.done) == ("failed", "cli", 3, 3)
    assert (run.started_at, run.seconds) == (100.0, 1.5)
    assert run.arguments == {"select": "+c"}
    assert run.counts == {"success": 1, "error": 1, "skipped": 1}
    assert [(n.name, n.index, n.status) for n in run.nodes] == [
        ("a", 1, "success"),
        ("b", 2, "error"),
        ("c", 3, "skipped"),
    ]
    assert run.nodes[0] == RunNode(
        id="model.shop.a",
        name="a",
        resource_type="model",
        index=1,
        status="success",
        started_at=events[1].at,
        finished_at=105.0,
        seconds=0.5,
        description="sql table model main.a",
        message="OK",
        rows_affected=7,
        failures=None,
        relation='"s"."a"',
        compiled_path=None,
        depends_on=(),
        fault=None,
    )
    assert run.nodes[1].fault == fault
    assert run.nodes[2].started_at is None


def test_what_is_said_before_during_and_after_belongs_to_the_run(store: Store) -> None:
    fault = Fault(code="ref-not-found", label="Compilation Error", message="no such model")
    events: list[AnyEvent] = [
        ParseFinished(project="shop", seconds=0.1, counts={}),
        Message(text="before", level="warn", at=1.0),
        started("r1", []),
        Message(text="during", unique_id="model.shop.a", code="I062", at=2.0),
        FaultFound(fault=fault, at=3.0),
        HookFinished(name="on-run-end", index=1, total=1, status="error", seconds=0, at=4.0),
        SqlExecuted(connection="a", sql="select 1", seconds=0.0, status="OK"),
        finished("r1"),
        Message(text="after", at=5.0),
    ]

    list(recorded(events, store))

    run = read_run(store, "r1")
    assert run is not None
    lines = [
        ("warn", "before", None, None, None),
        ("info", "during", "model.shop.a", "I062", None),
        ("error", str(fault), None, "ref-not-found", fault),
        ("error", "on-run-end 1 of 1: error", None, None, None),
        ("info", "after", None, None, None),
    ]
    assert run.messages == tuple(
        RunMessage(at=float(i), level=level, text=text, node=node, code=code, fault=fault)  # type: ignore[arg-type]
        for i, (level, text, node, code, fault) in enumerate(lines, start=1)
    )


def test_what_never_becomes_a_run_is_not_kept(store: Store) -> None:
    list(recorded([Message(text="only parsed")], store))

    assert list_runs(store) == ()
    assert events_after(store, 0) == ()


def test_a_node_that_was_not_planned_is_kept_too(store: Store) -> None:
    list(recorded([started("r1", ["a"]), ends("hook", 2, 2), finished("r1")], store))

    run = read_run(store, "r1")
    assert run is not None
    assert [n.name for n in run.nodes] == ["a", "hook"]


def test_each_state_is_there_soon_while_the_run_goes_on(store: Store) -> None:
    with Recorder(store) as recorder:
        recorder.record(started("r1", ["a"]))
        recorder.record(begins("a", 1, 1))
        assert _soon(lambda: _status(store, "a") == "running")
        recorder.record(ends("a", 1, 1))
        assert _soon(lambda: _status(store, "a") == "success")
        assert list_runs(store)[0].status == "running"


def test_a_burst_is_written_in_pieces(store: Store) -> None:
    names = [f"m{i}" for i in range(3000)]
    with Recorder(store) as recorder:
        recorder.record(started("r1", names))
        for index, name in enumerate(names, start=1):
            recorder.record(begins(name, index, 3000))
            recorder.record(ends(name, index, 3000))
        assert recorder.flush()
        assert list_runs(store)[0].counts == {"success": 3000}


def test_the_newest_state_of_a_node_is_that_of_its_target(store: Store) -> None:
    list(recorded(whole_run("r1", ["a", "b"]), store))
    list(recorded(whole_run("r2", ["a"], target="prod"), store))
    failing = ends("b", 1, 1, "error", at=50.0, message="no")
    list(recorded([started("r3", ["b"]), failing, finished("r3", "failed", error=1)], store))

    assert {i: s.run_id for i, s in node_states(store, "dev").items()} == {
        "model.shop.a": "r1",
        "model.shop.b": "r3",
    }
    assert list(node_states(store, "prod")) == ["model.shop.a"]
    assert node_states(store, "dev")["model.shop.b"] == NodeState(
        status="error",
        run_id="r3",
        started_at=49.5,
        finished_at=50.0,
        seconds=0.5,
        message="no",
        rows_affected=None,
        failures=None,
    )


def test_left_in_the_middle_the_run_is_cancelled(store: Store) -> None:
    closed = threading.Event()

    def events():
        try:
            yield started("r1", ["a", "b"])
            yield begins("a", 1, 2)
            yield Message(text="never taken")
        finally:
            closed.set()

    iterator = recorded(events(), store)
    next(iterator)
    next(iterator)
    iterator.close()

    assert closed.is_set()
    run = read_run(store, "r1")
    assert run is not None
    assert (run.status, run.counts) == ("cancelled", {"cancelled": 1, "skipped": 1})
    assert [n.status for n in run.nodes] == ["cancelled", "skipped"]
    assert node_states(store, "dev")["model.shop.a"].status == "cancelled"


def test_an_error_that_passes_ends_the_run_as_failed(store: Store) -> None:
    def events():
        yield started("r1", ["a"])
        raise DatabaseError("the file is locked")

    with pytest.raises(DatabaseError, match="locked"):
        list(recorded(events(), store))

    run = read_run(store, "r1")
    assert run is not None
    assert run.status == "failed"
    assert [m.text for m in run.messages] == ["Database Error\n  the file is locked"]


def test_a_program_that_forgets_to_close_loses_nothing(tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from tests.store.happenings import whole_run
        from tidemill.store.opening import open_store
        from tidemill.store.recorder import Recorder
        recorder = Recorder(open_store(Path(sys.argv[1])))
        for event in whole_run("r1", [f"m{i}" for i in range(500)])[:-1]:
            recorder.record(event)
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])

    store = open_store(tmp_path)
    (run,) = list_runs(store)
    store.close()
    assert (run.status, run.counts) == ("cancelled", {"success": 500})


def test_a_full_disk_costs_one_warning_and_what_waits_is_written_later(store: Store) -> None:
    full = _Limit(store)
    names = [f"m{i}" for i in range(400)]
    events = whole_run("r1", names)
    recorder = Recorder(store)
    for event in events[:10]:
        recorder.record(event)
    recorder.flush()
    full.set(pages=1)
    for event in events[10:-1]:
        recorder.record(event)
    recorder.flush()
    recorder.record(events[-1])
    recorder.flush()

    warnings = list(recorder.take_warnings())
    assert [w.level for w in warnings] == ["warn"]
    assert "is full" in warnings[0].text
    assert list_runs(store)[0].done < 400

    full.set(pages=1_000_000)
    recorder.close()
    assert list(recorder.take_warnings()) == []
    assert (list_runs(store)[0].status, list_runs(store)[0].done) == ("success", 400)


def test_a_store_that_breaks_does_not_stop_the_run(store: Store) -> None:
    events = whole_run("r1", ["a", "b"])
    store.engine.dispose()
    store.path.write_bytes(b"no database " * 1000)
    store.path.with_name("store.db-wal").unlink(missing_ok=True)

    seen = list(recorded(events, store))

    assert [e for e in seen if not isinstance(e, Message)] == events
    assert [e.level for e in seen if isinstance(e, Message)] == ["warn"]


class _Limit:
    """A bound on the size of the store's file: SQLite then says that the disk is full."""

    def __init__(self, store: Store) -> None:
        self._store = store
        engine_events.listen(store.engine, "connect", self._apply)
        self._pages = 1_000_000

    def set(self, pages: int) -> None:
        self._pages = pages
        self._store.engine.dispose()

    def _apply(self, connection, _record) -> None:
        connection.execute(f"pragma max_page_count={self._pages}").close()


def _status(store: Store, name: str) -> str | None:
    state = node_states(store, "dev").get(f"model.shop.{name}")
    return state.status if state else None


def _soon(condition) -> bool:
    until = time.monotonic() + 5.0
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_events_are_logged_as_they_were(store: Store) -> None:
    events = whole_run("r1", ["a"])
    list(recorded(events, store))

    import msgspec

    logged = [msgspec.json.decode(e.event, type=AnyEvent) for e in events_after(store, 0)]
    assert logged == events
    assert isinstance(logged[2], NodeFinished)


def test_what_begins_and_ends_at_once_is_kept_as_if_written_between(tmp_path: Path) -> None:
    events = [
        started("r1", ["a", "b"], at=100.0),
        begins("a", 1, 3),
        begins("b", 2, 3),
        ends("b", 2, 3, "error", at=105.0, message="no"),
        ends("a", 1, 3, at=106.0, failures=1),
        begins("unplanned", 3, 3),
        ends("unplanned", 3, 3, at=107.0),
    ]
    found = []
    for folder, flushed in (("together", False), ("apart", True)):
        with closing(open_store(tmp_path / folder)) as store, Recorder(store) as recorder:
            for event in events:
                recorder.record(event)
                if flushed:
                    recorder.flush()
            recorder.flush()
            run = read_run(store, "r1")
            assert run is not None
            found.append((run.nodes, run.counts, node_states(store, "dev")))
    assert found[0] == found[1]


def test_what_macros_log_of_every_statement_is_not_kept(store: Store) -> None:
    events: list[AnyEvent] = whole_run("r1", ["a"])
    routine = Message(text='Writing runtime sql for node "model.shop.a"', level="debug")
    own = Message(text="what I wanted to know", level="debug")
    list(recorded([*events[:2], routine, own, *events[2:]], store))
    run = read_run(store, "r1")
    assert run is not None
    assert [message.text for message in run.messages] == ["what I wanted to know"]
