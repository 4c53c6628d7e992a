"""Ctrl-C, cancelling from another thread, readers that go away, and killed processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.engine.running.building import data_test, hook, manifest, model
from tests.engine.running.hosting import make_host, rows, run, start, statuses
from tidemill.events import NodeFinished, NodeStarted, RunFinished

ENDLESS = "select count(*) as n from range(1000000000000) t(i) where i % 7 = 3"


def test_cancelling_interrupts_what_runs_and_marks_the_rest(tmp_path: Path) -> None:
    host = make_host(tmp_path, threads=2)
    project = manifest(
        model("a", raw_code="select 1 as id"),
        model("slow", "a", raw_code=ENDLESS),
        model("slow_too", "a", raw_code=ENDLESS),
        model("after", "slow", raw_code="select * from {{ ref('slow') }}"),
        hook("create table main.ended (id int)", "on-run-end"),
    )
    cancel = threading.Event()
    execution = start("run", host, project, ["a", "slow", "slow_too", "after"], cancel=cancel)
    events = []
    started = 0
    for event in execution:
        events.append(event)
        started += isinstance(event, NodeStarted)
        if started == 3 and not cancel.is_set():
            threading.Timer(0.2, cancel.set).start()
            cancel_after = time.monotonic() + 0.2
            started += 1
    assert time.monotonic() - cancel_after < 5
    assert statuses(events) == {
        "a": "success",
        "slow": "cancelled",
        "slow_too": "cancelled",
        "after": "cancelled",
    }
    assert isinstance(events[-1], RunFinished)
    assert events[-1].status == "cancelled"
    assert execution.result.cancelled
    assert not execution.result.success
    assert rows(host, "select table_name from duckdb_tables() order by 1") == [("a",)]
    _, events = run("run", host, project, ["a"])
    assert statuses(events) == {"a": "success"}


def test_ctrl_c_ends_the_stream_cleanly(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(model("slow", raw_code=ENDLESS), model("z", raw_code="select 1 as id"))
    # Python drops an interrupt that meets a finalizer; then the run is ended here and tried again.
    for _ in range(3):
        execution = start("run", host, project)
        lost = threading.Event()
        timers = (
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)),
            threading.Timer(15, lambda lost=lost, run=execution: (lost.set(), run.cancel())),
        )
        events = []
        for event in execution:
            events.append(event)
            if isinstance(event, NodeStarted) and not timers[0].is_alive():
                for timer in timers:
                    timer.start()
        for timer in timers:
            timer.cancel()
        if not lost.is_set():
            break
    assert not lost.is_set()
    assert statuses(events) == {"slow": "cancelled", "z": "cancelled"}
    assert execution.result.cancelled


def test_a_reader_that_goes_away_cancels_the_run(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    cancel = threading.Event()
    execution = start("run", host, manifest(model("slow", raw_code=ENDLESS)), cancel=cancel)
    events = iter(execution)
    while not isinstance(next(events), NodeStarted):
        pass
    time.sleep(0.2)
    events.close()  # type: ignore[attr-defined]
    assert cancel.is_set()
    assert rows(host, "select 1") == [(1,)]


def test_fail_fast_lets_what_runs_come_to_its_end(tmp_path: Path) -> None:
    host = make_host(tmp_path, threads=2, fail_fast=True)
    started = threading.Event()
    host.environment.globals["wait_for_b"] = lambda: started.wait(20) and ""
    host.environment.globals["start_b"] = lambda: started.set() or ""
    project = manifest(
        model("a", raw_code="{{ wait_for_b() }} select nonsense"),
        model("b", raw_code="{{ start_b() }} select sum(i) as n from range(30000000) t(i)"),
        model("c", "b", raw_code="select * from b"),
    )
    _, events = run("run", host, project)
    assert statuses(events) == {"a": "error", "b": "success", "c": "skipped"}


def test_fail_fast_interrupts_what_runs(tmp_path: Path) -> None:
    host = make_host(tmp_path, threads=2, fail_fast=True)
    project = manifest(
        model("slow", raw_code=ENDLESS),
        model(
            "bad", raw_code="select error('no') as x from range(100000000) t(i) where i > 99999990"
        ),
    )
    execution, events = run("run", host, project)
    assert statuses(events) == {"bad": "error", "slow": "skipped"}
    assert {r.message for r in execution.result.results if r.status == "skipped"} == {
        "Skipping due to fail_fast"
    }


def test_stopping_while_a_hook_runs(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    project = manifest(model("a", raw_code="select 1 as id"), hook(ENDLESS, "on-run-start"))
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    events = list(start("run", host, project, ["a"], cancel=cancel))
    assert statuses(events) == {"a": "cancelled"}


KILLED = """
import sys
from pathlib import Path
from tests.engine.running.building import manifest, model
from tests.engine.running.hosting import make_host, start
from tidemill.events import NodeStarted

root = Path(sys.argv[1])
project = manifest(
    model("a", raw_code="select 2 as id"),
    model("b", "a", raw_code="select sum(i) as id from range(100000000000) t(i), {{ ref('a') }}"),
)
for event in start("run", make_host(root), project):
    if isinstance(event, NodeStarted):
        print(event.name, flush=True)
    elif getattr(event, "fault", None):
        print(event.fault, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills with a signal")
def test_a_killed_process_leaves_the_database_usable(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    old = manifest(model("a", raw_code="select 1 as id"), model("b", raw_code="select 1 as id"))
    run("run", host, old)
    host.adapter.close()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip()]
        while said[-1] not in {"b", ""}:
            said.append(process.stdout.readline().strip())
        assert said == ["a", "b"]
        time.sleep(0.3)
        process.kill()
    host = make_host(tmp_path)
    assert rows(host, "select (select id from a), (select id from b)") == [(2, 1)]
    _, events = run("run", host, manifest(model("b", raw_code="select 3 as id")))
    assert statuses(events) == {"b": "success"}
    assert rows(host, "select table_name from duckdb_tables() order by 1") == [("a",), ("b",)]


def test_many_nodes_on_many_threads_all_end(tmp_path: Path) -> None:
    host = make_host(tmp_path, threads=8)
    models = [
        model(
            f"m{i}",
            *([f"m{i - 7}"] if i >= 7 else []),
            materialized="view" if i % 3 else "table",
            raw_code=f"select {i} as id"
            + (f", * from {{{{ ref('m{i - 7}') }}}}" if i >= 7 else ""),
        )
        for i in range(40)
    ]
    tests = [
        data_test(f"t{i}", f"m{i}", raw_code=f"select * from {{{{ ref('m{i}') }}}} where false")
        for i in range(40)
    ]
    execution, events = run("build", host, manifest(*models, *tests))
    assert execution.result.success
    finished = [e for e in events if isinstance(e, NodeFinished)]
    assert sorted(e.index for e in finished) == list(range(1, 81))
