from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.server.conftest import Served
from tests.store.happenings import begins, started, whole_run
from tidemill.server.values import GraphChange
from tidemill.store.event_log import last_seq
from tidemill.store.recorder import Recorder, recorded

Serve = Callable[..., Served]


def test_a_stream_begins_with_its_place_and_goes_on_with_what_happens(serve: Serve) -> None:
    served = serve()
    place = last_seq(served.store)
    with _stream(served) as stream:
        assert _next(stream) == {"ready": True, "seq": place, "manifest_version": 1}
        events = whole_run("r1", ["a"])
        list(recorded(events, served.store))

        frames = [_next(stream) for _ in events]
    assert [f["seq"] for f in frames] == [place + i for i in range(1, 5)]
    assert {f["run_id"] for f in frames} == {"r1"}
    assert [f["event"]["type"] for f in frames] == [
        "run_started",
        "node_started",
        "node_finished",
        "run_finished",
    ]


def test_after_a_loss_only_what_was_missed_comes_again(serve: Serve) -> None:
    served = serve()
    with _stream(served) as stream:
        _next(stream)
        list(recorded(whole_run("r1", ["a"]), served.store))
        seen = [_next(stream) for _ in range(2)]
    list(recorded(whole_run("r2", ["a"]), served.store))

    with _stream(served, after=seen[-1]["seq"]) as stream:
        assert _next(stream)["ready"]
        frames = [_next(stream) for _ in range(6)]
    assert [f["run_id"] for f in frames] == ["r1"] * 2 + ["r2"] * 4
    assert frames[0]["seq"] == seen[-1]["seq"] + 1


@pytest.mark.parametrize("place", [5, 2**52])
def test_a_place_that_is_not_known_asks_for_a_fresh_start(serve: Serve, place: int) -> None:
    served = serve()
    list(recorded(whole_run("r1", ["a"]), served.store))

    with _stream(served, after=place) as stream:
        assert _next(stream)["ready"]
        assert _next(stream) == {"reset": True, "seq": last_seq(served.store)}
        list(recorded(whole_run("r2", ["a"]), served.store))
        assert _next(stream)["run_id"] == "r2"


@pytest.mark.parametrize("place", ["", "x", "-1", "9" * 30])
def test_a_place_that_is_no_number_is_none(serve: Serve, place: str) -> None:
    served = serve()
    list(recorded(whole_run("r1", ["a"]), served.store))
    with _stream(served, after=place) as stream:
        assert _next(stream)["ready"]
        list(recorded(whole_run("r2", ["a"]), served.store))
        assert _next(stream)["run_id"] == "r2"


def test_a_reload_is_told_to_all(serve: Serve) -> None:
    served = serve()
    with _stream(served) as one, _stream(served) as other:
        place = _next(one)["seq"]
        _next(other)
        served.post("/api/reload")
        change = {"type": "project_changed", "manifest_version": 2, "graph": None}
        frame = {"seq": place, "run_id": None, "event": change}
        assert _next(one) == _next(other) == frame


def test_a_change_of_the_files_is_told_to_who_looks(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidemill.server.watching.LOOK_SECONDS", 0.02)
    served = serve()
    with _stream(served) as stream:
        assert _next(stream)["manifest_version"] == 1
        served.project.files_changed = True
        assert _next(stream)["event"]["manifest_version"] == 2
    time.sleep(0.3)  # the server sees that the stream has ended
    served.project.files_changed = True
    time.sleep(0.2)
    assert served.project.manifest_version == 2


def test_a_change_of_the_graph_is_told_with_what_came_of_its_nodes(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve()
    drawn = served.project.graph()
    run = served.post("/api/runs", json={"command": "build"}).json()["run_id"]
    while served.get(f"/api/runs/{run}").json()["status"] == "running":
        time.sleep(0.05)
    change = GraphChange(before=1, nodes=drawn[:20], gone=(), touched=())
    monkeypatch.setattr(served.project, "graph_change", lambda before: change)
    with _stream(served) as stream:
        _next(stream)
        served.post("/api/reload")
        told = _next(stream)["event"]["graph"]
    fetched = served.get("/api/graph").json()["nodes"][:20]
    assert told == {"before": 1, "nodes": fetched, "gone": [], "touched": []}
    assert any(node["state"] for node in fetched)
    assert any(node["test_state"] for node in fetched)


def test_a_run_of_another_process_is_seen_live(serve: Serve) -> None:
    served = serve()
    program = """
        import sys
        from pathlib import Path
        from tests.store.happenings import whole_run
        from tidemill.store.opening import open_store
        from tidemill.store.recorder import recorded
        store = open_store(Path(sys.argv[1]))
        for event in recorded(whole_run("r1", ["a"]), store, source="cli"):
            if event.__struct_config__.tag == "node_started":
                sys.stdin.readline()
        store.close()
    """
    root = str(served.store.path.parents[1])
    command = [sys.executable, "-c", textwrap.dedent(program), root]
    with _stream(served) as stream:
        _next(stream)
        process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=Path(__file__).parents[2])
        assert process.stdin is not None
        assert [_next(stream)["event"]["type"] for _ in range(2)] == [
            "run_started",
            "node_started",
        ]
        assert served.get("/api/runs").json()["runs"][0]["status"] == "running"
        process.stdin.close()
        assert [_next(stream)["event"]["type"] for _ in range(2)] == [
            "node_finished",
            "run_finished",
        ]
        assert process.wait(10) == 0


def test_a_crash_is_told(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidemill.server.news.SETTLE_SECONDS", 0.1)
    served = serve()
    with Recorder(served.store) as recorder, _stream(served) as stream:
        _next(stream)
        recorder.record(started("r1", ["a"]))
        recorder.record(begins("a", 1, 1))
        assert [_next(stream)["run_id"] for _ in range(2)] == ["r1", "r1"]
        monkeypatch.setattr("tidemill.store.crashes.is_alive", lambda *_, **__: False)
        event = _next(stream)["event"]
    assert (event["type"], event["status"]) == ("run_finished", "crashed")
    assert event["counts"] == {"cancelled": 1}


def test_silence_is_broken_by_pings(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidemill.server.stream.PING_SECONDS", 0.05)
    with _stream(serve()) as stream:
        _next(stream)
        assert [_next(stream), _next(stream)] == [{"ping": True}] * 2


def test_a_slow_reader_delays_nobody_and_misses_nothing(serve: Serve) -> None:
    served = serve()
    names = [f"m{i}" for i in range(2500)]
    with _stream(served) as slow, _stream(served) as quick:
        _next(slow)
        _next(quick)
        writer = threading.Thread(
            target=lambda: list(recorded(whole_run("r1", names), served.store))
        )
        writer.start()
        assert [_next(quick)["seq"] for _ in range(5002)] == [
            _next(slow)["seq"] for _ in range(5002)
        ]
        writer.join()


def test_a_client_that_talks_is_not_minded_and_one_that_floods_is_shown_the_door(
    serve: Serve,
) -> None:
    with _stream(serve()) as stream:
        _next(stream)
        stream.send("hello")
        stream.send("x" * 1_000_000)
        with pytest.raises(ConnectionClosed):
            stream.recv(timeout=10)


def _stream(served: Served, after: Any = None) -> ClientConnection:
    query = "" if after is None else f"?after={after}"
    return connect(f"ws://{served.host}/api/stream{query}", origin=served.url, proxy=None)  # type: ignore[arg-type]


def _next(stream: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(stream.recv(timeout=20))
    return frame
