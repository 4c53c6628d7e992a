from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import msgspec
from sqlalchemy import update

from tests.store.happenings import begins, started, whole_run
from tidemill.store.crashes import WHY, settle_crashes
from tidemill.store.database import Store
from tidemill.store.event_log import events_after
from tidemill.store.liveness import SILENCE_SECONDS, Process, is_alive, this_process
from tidemill.store.reading import active_run, list_runs, node_states, read_run
from tidemill.store.recorder import Recorder, recorded
from tidemill.store.schema import runs

ROOT = Path(__file__).parents[2]

BUILD = """
    import sys, time
    from pathlib import Path
    from tests.store.happenings import begins, ends, started
    from tidemill.store.opening import open_store
    from tidemill.store.recorder import Recorder
    recorder = Recorder(open_store(Path(sys.argv[1])))
    names = [f"m{i}" for i in range(12)]
    recorder.record(started("r1", names))
    for index, name in enumerate(names[:10], start=1):
        recorder.record(begins(name, index, 12))
        recorder.record(ends(name, index, 12))
    recorder.record(begins("m10", 11, 12))
    time.sleep(60)
"""


def test_a_killed_build_is_told_as_crashed_with_all_that_had_ended(store: Store) -> None:
    command = [sys.executable, "-c", textwrap.dedent(BUILD), str(store.path.parents[1])]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_until(lambda: _status(store, "model.shop.m10") == "running")
        assert settle_crashes(store) == ()
        assert active_run(store) is not None
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    assert settle_crashes(store) == ("r1",)
    assert settle_crashes(store) == ()

    run = read_run(store, "r1")
    assert run is not None
    assert run.status == "crashed"
    assert run.counts == {"success": 10, "cancelled": 1, "skipped": 1}
    assert run.finished_at is not None
    assert run.finished_at >= run.started_at
    assert [n.status for n in run.nodes] == ["success"] * 10 + ["cancelled", "skipped"]
    assert run.nodes[10].message == f"Stopped in the middle: {WHY}"
    assert _status(store, "model.shop.m10") == "cancelled"
    assert _status(store, "model.shop.m9") == "success"
    last = msgspec.json.decode(events_after(store, 0)[-1].event)
    assert (last["type"], last["status"]) == ("run_finished", "crashed")
    with store.reading() as connection:
        assert connection.exec_driver_sql("pragma integrity_check").scalar() == "ok"
    # The next run is recorded as ever.
    list(recorded(whole_run("r2", ["m10"]), store))
    assert [(r.id, r.status) for r in list_runs(store)] == [("r2", "success"), ("r1", "crashed")]


def test_a_run_of_a_process_that_lives_is_left_alone_however_silent(store: Store) -> None:
    with Recorder(store) as recorder:
        recorder.record(started("r1", ["a"]))
        recorder.record(begins("a", 1, 1))
        recorder.flush()
        _set(store, heartbeat_at=time.time() - 3600)
        assert settle_crashes(store) == ()


def test_on_another_machine_silence_decides(store: Store) -> None:
    with Recorder(store) as recorder:
        recorder.record(started("r1", ["a"]))
        recorder.flush()
        _set(store, host="elsewhere")
        assert settle_crashes(store) == ()
        _set(store, heartbeat_at=time.time() - SILENCE_SECONDS - 1)
        assert settle_crashes(store) == ("r1",)


def test_a_process_id_that_is_used_again_is_another_process() -> None:
    me = this_process()
    now = time.time()
    assert is_alive(me, heartbeat_at=now, now=now)
    assert not is_alive(msgspec.structs.replace(me, started="12"), heartbeat_at=now, now=now)
    gone = Process(host=me.host, pid=2**22 + 7, started=me.started)
    assert not is_alive(gone, heartbeat_at=now, now=now)


def test_while_a_run_goes_on_it_shows_that_it_is_there(store: Store, monkeypatch) -> None:
    monkeypatch.setattr("tidemill.store.recorder.HEARTBEAT_SECONDS", 0.05)
    with Recorder(store) as recorder:
        recorder.record(started("r1", ["a"]))
        recorder.flush()
        _set(store, heartbeat_at=0.0)
        _wait_until(lambda: _heartbeat(store) > time.time() - 60)


def _heartbeat(store: Store) -> float:
    with store.reading() as connection:
        value = connection.execute(runs.select()).mappings().one()["heartbeat_at"]
        return float(value)


def _set(store: Store, **values: object) -> None:
    with store.writing() as connection:
        connection.execute(update(runs).values(**values))


def _status(store: Store, unique_id: str) -> str | None:
    state = node_states(store, "dev").get(unique_id)
    return state.status if state else None


def _wait_until(condition) -> None:
    until = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)
